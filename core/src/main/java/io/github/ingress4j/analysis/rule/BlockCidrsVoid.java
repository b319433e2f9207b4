package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.List;

/** {@code block-cidrs} is void on paths with a list of their own. */
final class BlockCidrsVoid extends LintRule.OfIngress {

  BlockCidrsVoid() {
    super(
        "block-cidrs-void",
        Severity.WARNING,
        "the blocked addresses of the settings do not count here",
        "ingress-nginx v1.15.1, ConfigMap block-cidrs");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    List<Cidr> blocked = input.model().settings().get(Settings.BLOCK_CIDRS);
    if (blocked == null || blocked.isEmpty()) {
      return;
    }
    for (String name : List.of("allowlist-source-range", "denylist-source-range")) {
      if (ingress.isGiven(name)) {
        findings.annotation(
            ingress,
            name,
            "the list takes the place of the setting block-cidrs, so the addresses blocked there are"
                + " not blocked on these paths",
            "repeat the blocks in the annotation denylist-source-range");
        return;
      }
    }
  }
}
