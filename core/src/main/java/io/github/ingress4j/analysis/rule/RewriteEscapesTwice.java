package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** {@code $request_uri} and {@code $args} are escaped again by a rewrite. */
final class RewriteEscapesTwice extends LintRule.OfIngress {

  RewriteEscapesTwice() {
    super(
        "rewrite-escapes-twice",
        Severity.WARNING,
        "a rewrite target holds text that is escaped already",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String target = ingress.text("rewrite-target");
    if (PathText.isAbsolute(target)) {
      return;
    }
    for (String name : List.of("request_uri", "args", "query_string")) {
      if (PathText.hasVariable(target, name)) {
        findings.annotation(
            ingress,
            "rewrite-target",
            "the target holds $"
                + name
                + ", whose escapes are escaped once more: %20 becomes %2520, and ? becomes %3F",
            "use a capture of the path; the query is appended by itself");
        return;
      }
    }
  }
}
