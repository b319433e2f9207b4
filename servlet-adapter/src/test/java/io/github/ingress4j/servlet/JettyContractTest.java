package io.github.ingress4j.servlet;

/** The contract in Jetty. */
final class JettyContractTest extends ContainerContract {

  JettyContractTest() {
    super(JettyContainer::start);
  }
}
