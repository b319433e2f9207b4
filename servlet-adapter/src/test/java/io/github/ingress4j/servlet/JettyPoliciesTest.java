package io.github.ingress4j.servlet;

/** The policies of routes in Jetty. */
final class JettyPoliciesTest extends PoliciesContract {

  JettyPoliciesTest() {
    super(JettyContainer::start);
  }
}
