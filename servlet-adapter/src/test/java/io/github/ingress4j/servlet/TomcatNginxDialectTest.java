package io.github.ingress4j.servlet;

/** The dialect ingress-nginx in Tomcat. */
final class TomcatNginxDialectTest extends NginxDialectContract {

  TomcatNginxDialectTest() {
    super(TomcatContainer::start);
  }
}
