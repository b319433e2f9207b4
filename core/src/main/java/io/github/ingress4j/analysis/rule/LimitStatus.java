package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Setting;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.List;

/** The default status beyond a limit is 503, which clients take for an outage. */
final class LimitStatus extends LintRule.OfIngress {

  LimitStatus() {
    super(
        "limit-status",
        Severity.INFO,
        "requests over a limit are answered 503",
        "RFC 6585, section 4");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    ControllerSettings settings = input.model().settings();
    for (String name : List.of("limit-rps", "limit-rpm", "limit-connections")) {
      Setting<Integer> status =
          name.equals("limit-connections")
              ? Settings.LIMIT_CONN_STATUS_CODE
              : Settings.LIMIT_REQ_STATUS_CODE;
      if (ingress.number(name) > 0 && !settings.isGiven(status)) {
        findings.annotation(
            ingress,
            name,
            "requests over the limit are answered 503, which clients and monitors take for an outage",
            "set " + status.key() + ": \"429\" in the ConfigMap of the controller");
        return;
      }
    }
  }
}
