package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.SECURITY;
import static io.github.ingress4j.dialect.nginx.Group.BASIC_DIGEST_AUTH;
import static io.github.ingress4j.dialect.nginx.Outcome.DENY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;

import io.github.ingress4j.balance.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses and passwords. */
final class AccessAnnotations {

  private static final Catalog CATALOG = new Catalog(SECURITY);

  private static final String ADD_TYPE =
      "add auth-type: basic, without which nobody is asked for a password; or remove it";

  static final Annotation<List<Cidr>> ALLOWLIST_SOURCE_RANGE =
      CATALOG
          .cidrs(Group.ALLOWLIST, "allowlist-source-range")
          .alias("whitelist-source-range")
          .byDefault(Settings.WHITELIST_SOURCE_RANGE)
          .risk(Risk.MEDIUM)
          .onInvalid(DENY)
          .onBlank(DENY)
          .protects(list -> true)
          .does("answers 403 to every other address")
          .enforced();

  static final Annotation<List<Cidr>> DENYLIST_SOURCE_RANGE =
      CATALOG
          .cidrs(Group.DENYLIST, "denylist-source-range")
          .byDefault(Settings.DENYLIST_SOURCE_RANGE)
          .risk(Risk.MEDIUM)
          .onInvalid(DENY)
          .onBlank(DENY)
          .protects(list -> true)
          .does("answers 403 to these addresses")
          .enforced();

  static final Annotation<String> AUTH_TYPE =
      CATALOG
          .text(BASIC_DIGEST_AUTH, "auth-type", Allowed.containing("basic", "digest"))
          .onInvalid(DROP)
          .protects(text -> true)
          .does("asks for a user and a password")
          .enforced();

  static final Annotation<String> AUTH_SECRET_TYPE =
      CATALOG
          .text(BASIC_DIGEST_AUTH, "auth-secret-type", Allowed.containing("auth-file", "auth-map"))
          .byDefault("auth-file")
          .onInvalid(DROP)
          .needs(AUTH_TYPE, ADD_TYPE)
          .check(
              "neither auth-file nor auth-map",
              DENY,
              text ->
                  text.equals("auth-file") || text.equals("auth-map")
                      ? null
                      : "is neither auth-file nor auth-map",
              "write auth-file or auth-map")
          .does("says whether the Secret holds one file or a key for each user")
          .enforced();

  static final Annotation<String> AUTH_SECRET =
      CATALOG
          .text(BASIC_DIGEST_AUTH, "auth-secret", Allowed.BASIC)
          .risk(Risk.MEDIUM)
          .onInvalid(DENY)
          .onBlank(DENY)
          .needs(AUTH_TYPE, ADD_TYPE)
          .required()
          .outcome("no such Secret, one without the key auth, or one of another namespace", DENY)
          .does("names the Secret that holds users and passwords")
          .enforced();

  static final Annotation<String> AUTH_REALM =
      CATALOG
          .text(BASIC_DIGEST_AUTH, "auth-realm", Allowed.chars(CharSet.BASIC_AND_BLANK))
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .needs(AUTH_TYPE, ADD_TYPE)
          .does("is the realm of the challenge; the word off switches the check off")
          .enforced();

  static final Annotation<String> SATISFY =
      CATALOG
          .text(Group.SATISFY, "satisfy", Allowed.oneOf("any", "all"))
          .byDefault("all")
          .idleWithout(
              "two of an address list, auth-type and auth-url",
              AccessAnnotations::hasChoice,
              values -> "where there are not two of an address list, auth-type and auth-url",
              values -> "add what may suffice instead, or remove it")
          .does("says whether one of list, password and auth-url suffices, or all are needed")
          .enforced();

  private AccessAnnotations() {}

  /** Whether there is more than one check, or all of them are needed in any case. */
  private static boolean hasChoice(AnnotationValues values) {
    int checks =
        (isList(values.get(ALLOWLIST_SOURCE_RANGE)) || isList(values.get(DENYLIST_SOURCE_RANGE))
                ? 1
                : 0)
            + (values.isWritten(AUTH_TYPE) ? 1 : 0)
            // Not read yet.
            + (values.isWritten(ExternalAuthAnnotations.AUTH_URL)
                    || values.settings().isGiven(Settings.GLOBAL_AUTH_URL)
                ? 1
                : 0);
    return checks > 1 || !values.text(AccessAnnotations.SATISFY).equals("any");
  }

  private static boolean isList(@Nullable List<Cidr> blocks) {
    return blocks != null && !blocks.isEmpty();
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
