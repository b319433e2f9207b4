package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    List<Cidr> denied = blocks(ingress, "denylist-source-range");
    List<Cidr> allowed = blocks(ingress, "allowlist-source-range");
    List<Cidr> open =
        blocked.stream()
            .filter(block -> denied.stream().noneMatch(deny -> deny.contains(block)))
            .filter(block -> allowed.isEmpty() || allowed.stream().anyMatch(meeting(block)))
            .toList();
    if (open.isEmpty()) {
      return;
    }
    for (String name : List.of("allowlist-source-range", "denylist-source-range")) {
      if (ingress.isGiven(name)) {
        findings.annotation(
            ingress,
            name,
            "the list takes the place of the setting block-cidrs, so "
                + open.get(0)
                + ", which is blocked there, is not blocked on these paths",
            "add "
                + open.stream().map(Cidr::toString).collect(Collectors.joining(","))
                + " to the annotation denylist-source-range");
        return;
      }
    }
  }

  /** The list of an annotation, or of the setting that stands in for it. */
  private static List<Cidr> blocks(NginxModel.Owner ingress, String name) {
    return ingress.items(name).stream().map(Cidr::parse).toList();
  }

  private static Predicate<Cidr> meeting(Cidr block) {
    return other -> other.contains(block) || block.contains(other);
  }
}
