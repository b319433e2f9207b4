package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;

/** Under the nginx path policy what is forwarded is not what was matched. */
final class RawPathBypass extends LintRule.OfPath {

  RawPathBypass() {
    super(
        "raw-path-bypass",
        Severity.WARNING,
        "another path leads around the protection of this one",
        "RFC 3986, sections 3.3 and 5.2.4");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    List<String> guards = LintInput.protections(path.owner());
    NginxModel.Upstream upstream = path.location().upstream();
    if (input.settings().pathPolicy() != PathPolicy.NGINX || guards.isEmpty() || upstream == null) {
      return;
    }
    for (NginxModel.Location location : path.host().writtenPaths()) {
      WrittenPath other = WrittenPath.of(location);
      if (other == null
          || !upstream.equals(location.upstream())
          || location.rewriteTarget() != null
          || LintInput.protections(other.owner()).containsAll(guards)) {
        continue;
      }
      String open = other.text().endsWith("/") ? other.text() : other.text() + "/";
      findings.path(
          path,
          "the protection by "
              + String.join(", ", guards)
              + " can be passed: "
              + other.quoted()
              + Findings.at(location.span())
              + " leads to the same Service without it, and "
              + PrintableText.quote(open + "..;" + path.text())
              + " is sent there as it is, for the back end to resolve",
          "use --path-policy strict, or protect every path of the Service");
      return;
    }
  }
}
