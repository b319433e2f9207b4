package io.github.ingress4j.servlet;

/** The dialect ingress-nginx in Jetty. */
final class JettyNginxDialectTest extends NginxDialectContract {

  JettyNginxDialectTest() {
    super(JettyContainer::start);
  }
}
