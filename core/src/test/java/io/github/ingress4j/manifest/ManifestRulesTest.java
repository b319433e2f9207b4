package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.source.ManifestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ManifestRulesTest {

  @Test
  void haveAnIdOfTheirOwn() {
    List<Rule> rules = new ArrayList<>(ManifestParser.rules());
    rules.addAll(ManifestFiles.rules());
    assertThat(rules).extracting(Rule::id).doesNotHaveDuplicates().contains("path-type-missing");
    assertThat(rules).allMatch(rule -> !rule.reference().isBlank());
  }

  @Test
  void readAlikeInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(new Locale.Builder().setLanguage("tr").setRegion("TR").build());
      ManifestSet set =
          Reading.strict(
              Reading.object(
                  "networking.k8s.io/v1",
                  "Ingress",
                  "{name: I, annotations: {I.x/I: x, NGINX.IO/I: x}}",
                  "spec: {rules: [{host: INFO.X, HTTP: x}]}"));
      assertThat(Reading.found(set))
          .isEqualTo(
              "name-invalid metadata.name, host-invalid spec.rules[0].host,"
                  + " unknown-field spec.rules[0].HTTP");
      assertThat(set.diagnostics().get(1).help()).isEqualTo("write \"info.x\"");
      assertThat(set.diagnostics().get(2).help()).isEqualTo("did you mean `http`?");
      assertThat(Scalars.kindOf("TRUE")).isEqualTo(Node.Kind.BOOLEAN);
    } finally {
      Locale.setDefault(before);
    }
  }
}
