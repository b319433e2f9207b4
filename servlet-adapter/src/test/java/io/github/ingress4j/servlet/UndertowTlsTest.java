package io.github.ingress4j.servlet;

/** TLS in Undertow. */
final class UndertowTlsTest extends TlsContract {

  UndertowTlsTest() throws Exception {
    super(UndertowContainer::start);
  }
}
