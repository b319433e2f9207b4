package io.github.ingress4j.servlet;

/** TLS in Tomcat. */
final class TomcatTlsTest extends TlsContract {

  TomcatTlsTest() throws Exception {
    super(TomcatContainer::start);
  }
}
