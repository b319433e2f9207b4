package io.github.ingress4j.servlet;

/** The policies of routes in Undertow. */
final class UndertowPoliciesTest extends PoliciesContract {

  UndertowPoliciesTest() {
    super(UndertowContainer::start);
  }
}
