package io.github.ingress4j.servlet;

/** Upgrades in Tomcat. */
final class TomcatUpgradeTest extends UpgradeContract {

  TomcatUpgradeTest() {
    super(TomcatContainer::start, false, true);
  }
}
