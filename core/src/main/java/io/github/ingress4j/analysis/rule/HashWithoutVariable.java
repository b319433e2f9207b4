package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key of a consistent hash that is the same for every request sends all to one endpoint. */
final class HashWithoutVariable extends LintRule.OfIngress {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z0-9_]+)");

  /** What a location has one value of. */
  private static final Set<String> CONSTANT =
      Set.of("namespace", "ingress_name", "service_name", "service_port", "location_path");

  HashWithoutVariable() {
    super(
        "hash-without-variable",
        Severity.WARNING,
        "all requests go to one endpoint, because they are hashed by the same text",
        "ingress-nginx v1.15.1, annotation upstream-hash-by");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String key = ingress.text("upstream-hash-by");
    // Sessions come before the hash, which then chooses nothing.
    if (key.isEmpty() || varies(key) || ingress.text("affinity").equals("cookie")) {
      return;
    }
    findings.annotation(
        ingress,
        "upstream-hash-by",
        "the text "
            + PrintableText.quote(key)
            + " is the same for every request, so "
            + (ingress.flag("upstream-hash-by-subset")
                ? "one group of endpoints gets all of them"
                : "one endpoint gets all of them"),
        "write a variable that differs from client to client or from resource to resource, such as"
            + " $remote_addr, $request_uri or $http_x_user");
  }

  private static boolean varies(String key) {
    Matcher variable = VARIABLE.matcher(key);
    while (variable.find()) {
      if (!CONSTANT.contains(variable.group(1))) {
        return true;
      }
    }
    return false;
  }
}
