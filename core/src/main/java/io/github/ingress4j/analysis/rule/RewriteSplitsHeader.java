package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** {@code $uri} is never escaped in an absolute target, so {@code %0d%0a} splits the header. */
final class RewriteSplitsHeader extends LintRule.OfIngress {

  RewriteSplitsHeader() {
    super(
        "rewrite-splits-header",
        Severity.WARNING,
        "a redirect repeats the decoded path of the request",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String target = ingress.text("rewrite-target");
    if (PathText.isAbsolute(target)
        && (PathText.hasVariable(target, "uri") || PathText.hasVariable(target, "document_uri"))) {
      findings.annotation(
          ingress,
          "rewrite-target",
          "the redirect holds $uri, the decoded path: in the controller a request for /%0d%0aX:y adds"
              + " a header of its own to the answer",
          "use $request_uri, or a capture of the path");
    }
  }
}
