package io.github.ingress4j.servlet;

/** TLS in Jetty. */
final class JettyTlsTest extends TlsContract {

  JettyTlsTest() throws Exception {
    super(JettyContainer::start);
  }
}
