package io.github.ingress4j.servlet;

import org.apache.catalina.util.ServerInfo;

/** The policies of routes in Tomcat: the build runs it twice, with 10.1 and with 11. */
final class TomcatPoliciesTest extends PoliciesContract {

  TomcatPoliciesTest() {
    super(TomcatContainer::start);
  }

  @Override
  boolean canRemoveFields() {
    // Since Servlet 6.1.
    return !ServerInfo.getServerNumber().startsWith("10.");
  }
}
