package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Group.RATE_LIMIT;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Scope.INGRESS;

import io.github.ingress4j.balance.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits of requests, connections and bandwidth. */
final class LimitAnnotations {

  private static final Catalog CATALOG = new Catalog(PROXY);

  static final Annotation<Integer> RATE =
      CATALOG
          .integer(RATE_LIMIT, "limit-rate", Allowed.NOT_NEGATIVE)
          .byDefault(Settings.LIMIT_RATE)
          .remark(
              "below 0: no limit",
              false,
              value -> value < 0 ? "is below 0, so there is no limit" : null,
              "write a number above 0, or 0 for no limit")
          .does("limits the kB a second of a response; 0 is no limit")
          .enforced();

  static final Annotation<Integer> RATE_AFTER =
      CATALOG
          .integer(RATE_LIMIT, "limit-rate-after", Allowed.NOT_NEGATIVE)
          .byDefault(Settings.LIMIT_RATE_AFTER)
          .remark(
              "below 0: counts as 0",
              false,
              value -> value < 0 ? "is below 0, so the limit counts from the first byte" : null,
              "write a number above 0, or remove it")
          .does("is the kB that pass before limit-rate counts")
          .enforced();

  static final Annotation<Integer> RPM =
      limit("limit-rpm", "limits the requests a minute of a client address, 503 beyond");

  static final Annotation<Integer> RPS =
      limit("limit-rps", "limits the requests a second of a client address, 503 beyond");

  static final Annotation<Integer> CONNECTIONS =
      limit("limit-connections", "limits the connections of a client address, 503 beyond");

  static final Annotation<Integer> BURST_MULTIPLIER =
      CATALOG
          .integer(RATE_LIMIT, "limit-burst-multiplier", Allowed.NOT_NEGATIVE)
          .byDefault(5)
          .on(INGRESS)
          .check("below 0", Outcome.DEFAULT, LimitAnnotations::negativeFault)
          .remark(
              "0: nginx refuses its whole configuration",
              true,
              value ->
                  value == 0
                      ? Draft.REFUSED + "here no request passes at once beyond the limit"
                      : null,
              "write 1 or more")
          .idleWithout("limit-rps, limit-rpm or limit-connections", LimitAnnotations::isLimited)
          .does("is how many times the limit may pass at once")
          .enforced();

  static final Annotation<List<Cidr>> ALLOWLIST =
      CATALOG
          .cidrs(RATE_LIMIT, "limit-allowlist")
          .alias("limit-whitelist")
          .on(INGRESS)
          .onInvalid(DROP)
          .idleWithout("limit-rps, limit-rpm or limit-connections", LimitAnnotations::isLimited)
          .does("lists the addresses that are never limited")
          .enforced();

  private LimitAnnotations() {}

  private static Annotation<Integer> limit(String name, String purpose) {
    return CATALOG
        .integer(RATE_LIMIT, name, Allowed.NOT_NEGATIVE)
        .byDefault(0)
        .on(INGRESS)
        .onInvalid(DROP)
        .check("below 0", Outcome.DEFAULT, LimitAnnotations::negativeFault)
        .protects(value -> value > 0)
        .does(purpose)
        .enforced();
  }

  /** The controller takes a number below 0 for no limit at all. */
  private static @Nullable String negativeFault(int value) {
    return value < 0 ? "is below 0" : null;
  }

  private static boolean isLimited(AnnotationValues values) {
    return values.number(RPS) != 0 || values.number(RPM) != 0 || values.number(CONNECTIONS) != 0;
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
