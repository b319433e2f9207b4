package io.github.ingress4j.servlet;

/** The dialect ingress-nginx in Undertow. */
final class UndertowNginxDialectTest extends NginxDialectContract {

  UndertowNginxDialectTest() {
    super(UndertowContainer::start);
  }
}
