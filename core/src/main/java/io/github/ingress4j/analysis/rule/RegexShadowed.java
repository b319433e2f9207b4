package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestTarget;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Expressions are tried in the order of their length, so a specific path can lose to a long
 * pattern.
 */
final class RegexShadowed extends LintRule.OfPath {

  RegexShadowed() {
    super(
        "regex-shadowed",
        Severity.WARNING,
        "a longer regular expression takes the requests of a path",
        "ingress-nginx v1.15.1, order of locations");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String sample = path.host().isRegex() ? sample(path.text()) : null;
    String host = LintInput.example(path.host());
    String octets = sample == null ? null : RequestTarget.ruleForm(sample, PathPolicy.NGINX);
    Route route = octets == null ? null : input.route(host, octets);
    Route.Rule rule = route == null ? null : route.rule();
    if (route == null
        || rule == null
        || !rule.host().equals(path.host().name())
        || (rule.path().equals(path.item().path())
            && path.owner().ingress().metadata().key().equals(route.ingress()))) {
      return;
    }
    if (rule.path().equals(path.item().path()) || rule.path().length() < path.text().length()) {
      // The same path twice is another finding.
      return;
    }
    findings.path(
        path,
        "a request for "
            + PrintableText.quote(Objects.requireNonNull(sample))
            + " does not get here: "
            + PrintableText.quote(rule.path())
            + " of Ingress "
            + route.ingress()
            + Findings.at(route.source())
            + " takes it, because regular expressions are tried in the order of their length, the"
            + " longest first",
        "make the other path narrower, or this one longer without changing what it means, by \"(?:)\""
            + " at its end, as often as it takes; only the length counts");
  }

  private static final List<String> TAILS = List.of("(/|$)(.*)", "/(.*)", "(/.*)?", "/.*", "(.*)");

  /** A request that the path is certainly meant for, or null if that is not plain. */
  private static @Nullable String sample(String pattern) {
    if (PathText.isPlain(pattern)) {
      return pattern;
    }
    for (String tail : TAILS) {
      if (pattern.endsWith(tail)) {
        String head = pattern.substring(0, pattern.length() - tail.length());
        return head.isEmpty() || !PathText.isPlain(head) ? null : head + "/x";
      }
    }
    return null;
  }
}
