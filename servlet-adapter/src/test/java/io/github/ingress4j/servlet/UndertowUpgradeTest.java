package io.github.ingress4j.servlet;

/** Upgrades in Undertow. */
final class UndertowUpgradeTest extends UpgradeContract {

  UndertowUpgradeTest() {
    super(UndertowContainer::start, true, true);
  }
}
