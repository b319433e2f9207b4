package io.github.ingress4j.servlet;

/** Upgrades in Jetty. */
final class JettyUpgradeTest extends UpgradeContract {

  JettyUpgradeTest() {
    super(JettyContainer::start, true, false);
  }
}
