package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.SECURITY;
import static io.github.ingress4j.dialect.nginx.Group.MOD_SECURITY;

import java.util.List;

/** The web application firewall. */
final class FirewallAnnotations {

  private static final Catalog CATALOG = new Catalog(SECURITY);

  private static final String NONE =
      "there is no firewall here; use one in front of the application";

  static final Annotation<Boolean> ENABLE_MODSECURITY =
      CATALOG
          .bool(MOD_SECURITY, "enable-modsecurity")
          .byDefault(Settings.ENABLE_MODSECURITY)
          .protects(isOn -> isOn)
          .does("runs the web application firewall")
          .refused(NONE);

  static final Annotation<Boolean> ENABLE_OWASP_CORE_RULES =
      CATALOG
          .bool(MOD_SECURITY, "enable-owasp-core-rules")
          .byDefault(false)
          .protects(isOn -> isOn)
          .does("runs the OWASP rules in it")
          .refused(NONE);

  static final Annotation<String> MODSECURITY_TRANSACTION_ID =
      CATALOG
          .text(
              MOD_SECURITY, "modsecurity-transaction-id", Allowed.charsAndBlanks(CharSet.VARIABLE))
          .risk(Risk.HIGH)
          .idleWithout(ENABLE_MODSECURITY)
          .does("is the id of a transaction of the firewall")
          .withoutEffect(NONE);

  private FirewallAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
