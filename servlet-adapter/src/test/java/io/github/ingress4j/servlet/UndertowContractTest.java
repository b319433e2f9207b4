package io.github.ingress4j.servlet;

/** The contract in Undertow. */
final class UndertowContractTest extends ContainerContract {

  UndertowContractTest() {
    super(UndertowContainer::start, Quirk.READS_QUERIES, Quirk.JOINS_COOKIES, Quirk.HIDES_VERSIONS);
  }
}
