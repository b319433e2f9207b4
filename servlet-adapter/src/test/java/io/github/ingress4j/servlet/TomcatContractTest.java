package io.github.ingress4j.servlet;

/** The contract in Tomcat. */
final class TomcatContractTest extends ContainerContract {

  TomcatContractTest() {
    super(TomcatContainer::start);
  }
}
