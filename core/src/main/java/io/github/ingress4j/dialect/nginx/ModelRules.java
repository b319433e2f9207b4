package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.diagnostic.Severity.ERROR;
import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Rule;
import java.util.List;

/** The findings about what all Ingresses together make of hosts, paths and upstreams. */
final class ModelRules {

  static final Rule PATH_SHADOWED_BY_OLDER =
      new Rule(
          "nginx-path-shadowed",
          WARNING,
          "a path takes no request, because another one is the same and comes first",
          "ingress-nginx v1.15.1, model builder");

  static final Rule LOCATION_TWICE =
      new Rule(
          "nginx-location-twice",
          ERROR,
          "two paths of a host are the same to nginx, which refuses both",
          "ingress-nginx v1.15.1, issue 10090");

  static final Rule PATH_PATTERN_INVALID =
      new Rule(
          "nginx-path-pattern-invalid",
          ERROR,
          "a path is read as a regular expression and is none",
          "ingress-nginx v1.15.1, annotation use-regex");

  static final Rule PATH_PATTERN_UNSUPPORTED =
      new Rule(
          "nginx-path-pattern-unsupported",
          ERROR,
          "a path is read as a regular expression that cannot be carried out exactly",
          "ingress-nginx v1.15.1, annotation use-regex");

  static final Rule VARIABLE_UNKNOWN =
      new Rule(
          "nginx-variable-unknown",
          ERROR,
          "an annotation asks for a variable that nothing defines",
          "ingress-nginx v1.15.1, annotation rewrite-target");

  static final Rule VARIABLE_UNAVAILABLE =
      new Rule(
          "nginx-variable-unavailable",
          ERROR,
          "an annotation asks for a variable that only nginx has",
          "ingress-nginx v1.15.1, annotation rewrite-target");

  static final Rule CAPTURE_MISSING =
      new Rule(
          "nginx-capture-missing",
          ERROR,
          "an annotation asks for a group that the pattern of the path does not have",
          "ingress-nginx v1.15.1, annotation rewrite-target");

  static final Rule RESOURCE_BACKEND_SKIPPED =
      new Rule(
          "nginx-resource-backend",
          WARNING,
          "a back end is no Service, so the controller skips it",
          "ingress-nginx v1.15.1, model builder");

  static final Rule DEFAULT_BACKEND_UNUSED =
      new Rule(
          "nginx-default-backend-unused",
          WARNING,
          "a default back end takes no request",
          "ingress-nginx v1.15.1, model builder");

  static final Rule DEFAULT_BACKEND_MISSING =
      new Rule(
          "nginx-default-backend-missing",
          WARNING,
          "the Service of the annotation default-backend is not in the input",
          "ingress-nginx v1.15.1, annotation default-backend");

  static final Rule ALIAS_IGNORED =
      new Rule(
          "nginx-alias-ignored",
          WARNING,
          "another name of a host has no effect",
          "ingress-nginx v1.15.1, annotation server-alias");

  static final Rule ALIAS_INVALID =
      new Rule(
          "nginx-alias-invalid",
          ERROR,
          "another name of a host is one that nginx refuses",
          "ingress-nginx v1.15.1, annotation server-alias");

  static final Rule ALIAS_TAKES_HOST =
      new Rule(
          "nginx-alias-takes-host",
          ERROR,
          "another name of a host is the name of a host with rules of its own",
          "ingress-nginx v1.15.1, annotation server-alias");

  static final Rule SITE_REDIRECT_WILDCARD =
      new Rule(
          "nginx-www-redirect-wildcard",
          ERROR,
          "a wildcard host has no other name with or without www",
          "ingress-nginx v1.15.1, annotation from-to-www-redirect");

  static final Rule ALGORITHM_INCOMPLETE =
      new Rule(
          "nginx-load-balance-incomplete",
          ERROR,
          "the value of load-balance cannot be used by itself",
          "ingress-nginx v1.15.1, annotation load-balance");

  static final Rule SERVICE_ADDRESS_MISSING =
      new Rule(
          "nginx-service-address-missing",
          WARNING,
          "a Service whose own address is to be used has none",
          "ingress-nginx v1.15.1, annotation service-upstream");

  static final Rule SESSION_COOKIE_ILLEGAL =
      new Rule(
          "nginx-session-cookie-illegal",
          WARNING,
          "the name of the session cookie is none",
          "RFC 6265, section 4.1");

  static final Rule CANARY_UNMATCHED =
      new Rule(
          "nginx-canary-unmatched",
          WARNING,
          "a canary shares no path of another Ingress",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_SECOND =
      new Rule(
          "nginx-canary-second",
          WARNING,
          "a back end has another canary already",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_WITHOUT_RULES =
      new Rule(
          "nginx-canary-without-rules",
          WARNING,
          "the rules of a canary do not count, because its Service is used elsewhere",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_IS_MAIN =
      new Rule(
          "nginx-canary-is-main",
          WARNING,
          "the Service of a canary is the one whose requests it is to share",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_OWNS_SERVICE =
      new Rule(
          "nginx-canary-owns-service",
          ERROR,
          "a path is lost, because its Service belongs to an older canary",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_WITHOUT_PATHS =
      new Rule(
          "nginx-canary-without-paths",
          ERROR,
          "a rule of a canary has no paths",
          "ingress-nginx v1.15.1, annotation canary");

  static final Rule CANARY_PATTERN_INVALID =
      new Rule(
          "nginx-canary-pattern-invalid",
          ERROR,
          "the pattern of a canary is no regular expression",
          "ingress-nginx v1.15.1, annotation canary-by-header-pattern");

  static final Rule PASSWORD_UNUSABLE =
      new Rule(
          "nginx-password-unusable",
          WARNING,
          "a line of a file of passwords lets nobody in",
          "ingress-nginx v1.15.1, annotation auth-secret");

  static final Rule REPLY_REWRITE_INVALID =
      new Rule(
          "nginx-reply-rewrite-invalid",
          ERROR,
          "a rewriting of answers, or a mirror, is one that nginx refuses",
          "ingress-nginx v1.15.1, annotation proxy-redirect-from");

  static final List<Rule> ALL =
      List.of(
          PATH_SHADOWED_BY_OLDER,
          LOCATION_TWICE,
          PATH_PATTERN_INVALID,
          PATH_PATTERN_UNSUPPORTED,
          VARIABLE_UNKNOWN,
          VARIABLE_UNAVAILABLE,
          CAPTURE_MISSING,
          RESOURCE_BACKEND_SKIPPED,
          DEFAULT_BACKEND_UNUSED,
          DEFAULT_BACKEND_MISSING,
          ALIAS_IGNORED,
          ALIAS_INVALID,
          ALIAS_TAKES_HOST,
          SITE_REDIRECT_WILDCARD,
          ALGORITHM_INCOMPLETE,
          SERVICE_ADDRESS_MISSING,
          SESSION_COOKIE_ILLEGAL,
          CANARY_UNMATCHED,
          CANARY_SECOND,
          CANARY_WITHOUT_RULES,
          CANARY_IS_MAIN,
          CANARY_OWNS_SERVICE,
          CANARY_WITHOUT_PATHS,
          CANARY_PATTERN_INVALID,
          PASSWORD_UNUSABLE,
          REPLY_REWRITE_INVALID);

  private ModelRules() {}

  /** A sentence as a part of another: without its full stop. */
  static String clause(String sentence) {
    String text = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    boolean isWord =
        text.length() > 1 && Character.isUpperCase(text.charAt(0)) && !isCapital(text.charAt(1));
    return isWord ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
  }

  private static boolean isCapital(char c) {
    return Character.isUpperCase(c) || Character.isDigit(c);
  }
}
