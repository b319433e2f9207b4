package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every text. */
class ManifestPropertyTest {

  private static final String SEED =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: &m
        name: web
        annotations: {a.b/c: "x", "d": 'y'}
      spec:
        tls: [{hosts: ["*.shop"], secretName: t}]
        rules:
        - host: a.shop # note
          http:
            paths:
            - path: /api
              pathType: Prefix
              backend: &b {service: {name: s, port: {number: 80}}}
            - {path: |-
                /x
              , pathType: Exact, backend: *b}
      --- # next
      {"apiVersion": "v1", "kind": "List", "items": [
       {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
        "spec": {"ports": [{"port": 80, "targetPort": "http"}]}}]}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {<<: {name: t}}
      data: {tls.crt: eA==}
      """;

  private static final String SPICE =
      "\n\r\t :-?{}[]#&*!|>'\"%@`,.<=~\\/\u0000\u0001\u0085\u00A0\u2028\uFEFF\uD83D\uDE00é0x9eyn";

  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<Integer> place = Arbitraries.integers().between(0, SEED.length());
    Arbitrary<String> insert =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars(SPICE).ofMaxLength(4),
            Arbitraries.of("---\n", "...\n", "<<: ", "*b", "&m ", "!!int ", "null", "- ", ": "));
    Arbitrary<int[]> edit =
        Combinators.combine(place, Arbitraries.integers().between(0, 12), place)
            .as((at, cut, from) -> new int[] {at, cut, from});
    return Combinators.combine(
            edit.list().ofMinSize(1).ofMaxSize(6),
            insert.list().ofSize(6),
            Arbitraries.of(true, false))
        .as(
            (edits, inserts, isCopied) -> {
              StringBuilder text = new StringBuilder(SEED);
              for (int i = 0; i < edits.size(); i++) {
                int[] e = edits.get(i);
                int at = Math.min(e[0], text.length());
                text.delete(at, Math.min(text.length(), at + e[1]));
                int from = Math.min(e[2], text.length());
                String copied = text.substring(from, Math.min(text.length(), from + 30));
                text.insert(at, isCopied && i % 2 == 0 ? copied : inserts.get(i));
              }
              return text.toString();
            });
  }

  private static void assertSound(String text) {
    String[] lines = text.split("\r\n|\r|\n", -1);
    for (ManifestParser.FieldValidation mode : ManifestParser.FieldValidation.values()) {
      ManifestSet set = ManifestParser.create().withFieldValidation(mode).parse("t.yaml", text);
      for (Diagnostic finding : set.diagnostics()) {
        assertThat(finding.message()).isNotBlank().doesNotContain("\n");
        SourceSpan span = finding.source();
        assertThat(span).as(finding.toString()).isNotNull();
        if (span != null) {
          assertThat(span.line()).as(finding.toString()).isLessThanOrEqualTo(lines.length);
          String line = lines[span.line() - 1];
          assertThat(span.column() + span.length() - 2)
              .as(finding.toString())
              .isLessThanOrEqualTo(line.length());
        }
      }
      // What the set holds stands the same check again.
      assertThat(ManifestSet.of(set.objects()).objects()).isEqualTo(set.objects());
    }
  }

  @Property(tries = 3000)
  void aMutatedManifestEndsInFindingsInsideTheText(@ForAll("mutated") String text) {
    assertSound(text);
  }

  @Property(tries = 1000)
  void anyTextEndsInFindingsInsideTheText(@ForAll String text) {
    assertSound(text);
  }

  @Property(tries = 1000)
  void anyBytesEndInFindings(@ForAll byte[] bytes) {
    assertThat(ManifestParser.create().parse("t.yaml", bytes).objects()).isEmpty();
  }

  @Provide
  Arbitrary<Ingress> ingresses() {
    Arbitrary<String> label =
        Arbitraries.strings().withChars("abyn01").ofMinLength(1).ofMaxLength(4);
    Arbitrary<String> host =
        Arbitraries.oneOf(
            Arbitraries.just(""), label.map(l -> "h" + l + ".shop"), label.map(l -> "*.h" + l));
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("ab \n\t'\"\\#:{}é&*~%").ofMaxLength(6),
            Arbitraries.just("a😀b"));
    Arbitrary<IngressBackend> backend =
        Arbitraries.oneOf(
            Combinators.combine(label, Arbitraries.integers().between(1, 65535))
                .as((n, p) -> IngressBackend.service(n, p)),
            label.map(n -> IngressBackend.service(n, "p" + n)),
            label.map(n -> new IngressBackend.Resource("a.b", "K" + n, n, Origin.NONE)),
            label.map(n -> new IngressBackend.Resource(null, "K", n, Origin.NONE)));
    Arbitrary<HttpIngressPath> path =
        Combinators.combine(
                Arbitraries.strings().withChars("ab0 #:?é*(.)").ofMaxLength(5),
                Arbitraries.of(PathType.values()),
                backend)
            .as((p, t, b) -> new HttpIngressPath("/" + p + "z", t, b, Origin.NONE));
    Arbitrary<IngressRule> rule =
        Combinators.combine(host, path.list().ofMinSize(1).ofMaxSize(3).injectNull(0.1))
            .as((h, p) -> new IngressRule(h, p, Origin.NONE));
    Arbitrary<IngressSpec.Tls> tls =
        Combinators.combine(label.list().ofMaxSize(2), label)
            .as((h, s) -> new IngressSpec.Tls(h, s, Origin.NONE));
    Arbitrary<IngressSpec> spec =
        Combinators.combine(
                label.injectNull(0.5),
                backend.injectNull(0.5),
                tls.list().ofMaxSize(2),
                rule.list().ofMinSize(1).ofMaxSize(3))
            .as((c, b, t, r) -> new IngressSpec(c, b, t, r, Origin.NONE));
    return Combinators.combine(label, text.list().ofMaxSize(3), spec)
        .as(
            (name, values, s) -> {
              Map<String, String> annotations = new LinkedHashMap<>();
              for (int i = 0; i < values.size(); i++) {
                annotations.put("a.b/k" + i, values.get(i));
              }
              return new Ingress(ObjectMeta.of("default", name).withAnnotations(annotations), s);
            });
  }

  /** Writes JSON, which is YAML too if a border stands before it and a comment in it. */
  private static final class Json {
    private final StringBuilder out = new StringBuilder();

    static String of(Object value) {
      Json json = new Json();
      json.write(value);
      return json.out.toString();
    }

    private void write(Object value) {
      if (value instanceof Map<?, ?> map) {
        out.append('{');
        boolean isFirst = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(isFirst ? "" : ", ");
          isFirst = false;
          write(entry.getKey());
          out.append(": ");
          write(entry.getValue());
        }
        out.append('}');
      } else if (value instanceof List<?> list) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ", ");
          write(list.get(i));
        }
        out.append(']');
      } else if (value instanceof Integer) {
        out.append(value);
      } else {
        out.append('"');
        for (char c : value.toString().toCharArray()) {
          if (c < ' ' || c == '"' || c == '\\') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
        out.append('"');
      }
    }
  }

  private static Map<String, Object> tree(IngressBackend backend) {
    Map<String, Object> inner = new LinkedHashMap<>();
    if (backend instanceof IngressBackend.Service service) {
      inner.put("name", service.name());
      inner.put(
          "port",
          service.port().name().isEmpty()
              ? Map.of("number", service.port().number())
              : Map.of("name", service.port().name()));
      return Map.of("service", inner);
    }
    IngressBackend.Resource resource = (IngressBackend.Resource) backend;
    if (resource.apiGroup() != null) {
      inner.put("apiGroup", resource.apiGroup());
    }
    inner.put("kind", resource.kind());
    inner.put("name", resource.name());
    return Map.of("resource", inner);
  }

  private static Map<String, Object> tree(Ingress ingress) {
    Map<String, Object> spec = new LinkedHashMap<>();
    IngressSpec s = ingress.spec();
    if (s.ingressClassName() != null) {
      spec.put("ingressClassName", s.ingressClassName());
    }
    if (s.defaultBackend() != null) {
      spec.put("defaultBackend", tree(s.defaultBackend()));
    }
    List<Object> tls = new ArrayList<>();
    s.tls().forEach(t -> tls.add(Map.of("hosts", t.hosts(), "secretName", t.secretName())));
    spec.put("tls", tls);
    List<Object> rules = new ArrayList<>();
    for (IngressRule rule : s.rules()) {
      Map<String, Object> r = new LinkedHashMap<>();
      r.put("host", rule.host());
      if (rule.paths() != null) {
        List<Object> paths = new ArrayList<>();
        for (HttpIngressPath p : rule.paths()) {
          paths.add(
              Map.of(
                  "path", p.path(), "pathType", p.pathType().text(), "backend", tree(p.backend())));
        }
        r.put("http", Map.of("paths", paths));
      }
      rules.add(r);
    }
    spec.put("rules", rules);
    return Map.of(
        "apiVersion",
        "networking.k8s.io/v1",
        "kind",
        "Ingress",
        "metadata",
        Map.of("name", ingress.metadata().name(), "annotations", ingress.metadata().annotations()),
        "spec",
        spec);
  }

  private static Ingress withoutOrigins(Ingress ingress) {
    ObjectMeta m = ingress.metadata();
    IngressSpec s = ingress.spec();
    List<IngressRule> rules = new ArrayList<>();
    for (IngressRule rule : s.rules()) {
      List<HttpIngressPath> paths = null;
      if (rule.paths() != null) {
        paths = new ArrayList<>();
        for (HttpIngressPath p : rule.paths()) {
          paths.add(new HttpIngressPath(p.path(), p.pathType(), bare(p.backend()), Origin.NONE));
        }
      }
      rules.add(new IngressRule(rule.host(), paths, Origin.NONE));
    }
    List<IngressSpec.Tls> tls = new ArrayList<>();
    s.tls().forEach(t -> tls.add(new IngressSpec.Tls(t.hosts(), t.secretName(), Origin.NONE)));
    return new Ingress(
        ObjectMeta.of(m.namespace(), m.name()).withAnnotations(m.annotations()),
        new IngressSpec(
            s.ingressClassName(),
            s.defaultBackend() == null ? null : bare(s.defaultBackend()),
            tls,
            rules,
            Origin.NONE));
  }

  private static IngressBackend bare(IngressBackend backend) {
    if (backend instanceof IngressBackend.Service service) {
      return new IngressBackend.Service(service.name(), service.port(), Origin.NONE);
    }
    IngressBackend.Resource r = (IngressBackend.Resource) backend;
    return new IngressBackend.Resource(r.apiGroup(), r.kind(), r.name(), Origin.NONE);
  }

  @Property(tries = 500)
  void whatIsWrittenIsReadAgain(@ForAll("ingresses") Ingress ingress) {
    String json = Json.of(tree(ingress));
    // The comment makes it YAML and no JSON.
    String yaml = json.substring(0, json.length() - 1) + " # end\n}";
    for (String text : List.of(json, yaml)) {
      ManifestSet set = Reading.strict(text);
      assertThat(set.diagnostics()).as(text).isEmpty();
      assertThat(withoutOrigins(set.ingresses().get(0))).isEqualTo(ingress);
    }
  }
}
