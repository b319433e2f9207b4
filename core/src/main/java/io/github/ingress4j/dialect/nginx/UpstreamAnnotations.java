package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Group.UPSTREAM_HASH_BY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Outcome.IGNORE_GROUP;
import static io.github.ingress4j.dialect.nginx.Scope.UPSTREAM;

import java.util.List;

/** How an endpoint is chosen, and what the upstream request is told. */
final class UpstreamAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  /** What the controller can be told to balance by; all but two lack their configuration then. */
  static final Annotation<String> LOAD_BALANCE =
      CATALOG
          .text(
              Group.LOAD_BALANCING,
              "load-balance",
              Allowed.oneOf(Settings.ALGORITHMS.toArray(String[]::new))
                  .described(Settings.USABLE_ALGORITHMS))
          .written("round_robin|ewma")
          .byDefault(Settings.LOAD_BALANCE)
          .on(UPSTREAM)
          .onInvalid(DROP)
          .does("names the algorithm that chooses endpoints")
          .enforced();

  static final Annotation<String> HASH_BY =
      CATALOG
          .text(UPSTREAM_HASH_BY, "upstream-hash-by", Allowed.charsAndBlanks(CharSet.VARIABLE))
          .on(UPSTREAM)
          .risk(Risk.HIGH)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .does("chooses endpoints by a consistent hash of this text with variables")
          .enforced();

  static final Annotation<Boolean> HASH_BY_SUBSET =
      CATALOG
          .bool(UPSTREAM_HASH_BY, "upstream-hash-by-subset")
          .byDefault(false)
          .on(UPSTREAM)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .idleWithout(HASH_BY)
          .does("hashes to a group of endpoints and chooses at random inside it")
          .enforced();

  static final Annotation<Integer> HASH_BY_SUBSET_SIZE =
      CATALOG
          .integer(UPSTREAM_HASH_BY, "upstream-hash-by-subset-size", Allowed.POSITIVE)
          .byDefault(3)
          .on(UPSTREAM)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .idleWithout(HASH_BY)
          .check(
              "0",
              Outcome.DEFAULT,
              size -> size == 0 ? "is 0, which means 3" : null,
              "write 3, or another number")
          .remark(
              "below 0: no size of a group",
              false,
              size -> size < 0 ? "is no size of a group" : null,
              "write 3, or another number above 0")
          .does("is the size of such a group")
          .enforced();

  static final Annotation<Boolean> SERVICE_UPSTREAM =
      CATALOG
          .bool(Group.SERVICE_UPSTREAM, "service-upstream")
          .byDefault(Settings.SERVICE_UPSTREAM)
          .orElse(false)
          .on(UPSTREAM)
          .does("sends requests to the Service's own address instead of its endpoints")
          .enforced();

  static final Annotation<String> X_FORWARDED_PREFIX =
      CATALOG
          .text(
              Group.X_FORWARDED_PREFIX,
              "x-forwarded-prefix",
              Allowed.charsAndBlanks(CharSet.REWRITE))
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .idleWithout(RewriteAnnotations.REWRITE_TARGET)
          .does("sends the header X-Forwarded-Prefix, captures allowed, where a path is rewritten")
          .enforced();

  static final Annotation<String> UPSTREAM_VHOST =
      CATALOG
          .text(Group.UPSTREAM_VHOST, "upstream-vhost", Allowed.REGEX_SAFE)
          .byDefaultText("the Host of the request")
          .onInvalid(DROP)
          .does("is the Host that is sent upstream; it may hold variables")
          .enforced();

  private UpstreamAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
