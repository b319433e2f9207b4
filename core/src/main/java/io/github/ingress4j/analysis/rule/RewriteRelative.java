package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** What does not begin with a slash is no request target, and back ends answer 400. */
final class RewriteRelative extends LintRule.OfIngress {

  RewriteRelative() {
    super(
        "rewrite-relative",
        Severity.WARNING,
        "a rewrite target has no leading slash",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String target = ingress.text("rewrite-target");
    if (target.startsWith("$")) {
      checkCapture(ingress, target, input, findings);
      return;
    }
    if (!target.isEmpty() && !target.startsWith("/") && !PathText.isAbsolute(target)) {
      findings.annotation(
          ingress,
          "rewrite-target",
          "the target "
              + PrintableText.quote(target)
              + " has no leading slash, so no request can be"
              + " sent on with it",
          "write " + PrintableText.quote("/" + target));
    }
  }

  /** A target that begins with a group needs one that begins with a slash. */
  private static void checkCapture(
      NginxModel.Owner ingress, String target, LintInput input, Findings findings) {
    int group =
        target.length() > 1 && target.charAt(1) >= '1' && target.charAt(1) <= '9'
            ? target.charAt(1) - '0'
            : 0;
    if (group == 0) {
      return;
    }
    for (NginxModel.Host host : input.model().hosts()) {
      for (NginxModel.Location location : host.writtenPaths()) {
        WrittenPath path = WrittenPath.of(location);
        if (path != null
            && path.owner() == ingress
            && location.rewriteTarget() != null
            && isWithoutSlash(path.text(), group)) {
          findings.annotation(
              ingress,
              "rewrite-target",
              "the target "
                  + PrintableText.quote(target)
                  + " has no leading slash, and $"
                  + group
                  + " of the path "
                  + path.quoted()
                  + " gives it none, so no request can be sent on with it",
              "write " + PrintableText.quote("/" + target));
          return;
        }
      }
    }
  }

  /**
   * Whether what a group takes begins with no slash. Behind a letter it may, as of {@code
   * /foo(.*)}, which is another finding.
   */
  private static boolean isWithoutSlash(String pattern, int group) {
    String rest = Captures.from(pattern, group);
    if (rest == null) {
      return false;
    }
    int open = pattern.length() - rest.length();
    boolean isBehindSegment =
        open > 0 && (pattern.charAt(open - 1) == '/' || pattern.charAt(open - 1) == ')');
    return isBehindSegment
        && (rest.startsWith("(.")
            || rest.startsWith("([")
            || PathText.isLetterOrDigit(rest.charAt(1)));
  }
}
