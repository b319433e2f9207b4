package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server refuses in an Ingress or IngressClass: ingress-v1 1.2, 1.3, 1.4 and 2. */
class IngressValidationTest {

  private static final String RULE = "rules: [{http: {paths: [{path: /, pathType: Prefix, B}]}}]";

  /** Writes out what the tables abbreviate. */
  private static String spec(String text) {
    return text.replace("RULE", RULE).replaceAll("\\bB\\b(?!:)", Reading.BACKEND);
  }

  private static String repeat(String text) {
    int at = text.indexOf('×');
    if (at < 0) {
      return text;
    }
    int end = at + 1;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    int count = Integer.parseInt(text.substring(at + 1, end));
    return text.substring(0, at - 1)
        + text.substring(at - 1, at).repeat(count)
        + repeat(text.substring(end));
  }

  // x×300 stands for 300 times x.
  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # metadata                                     | findings
          {name: web}                                    | ok
          {name: a.b-c.9}                                | ok
          {}                                             | name-missing metadata.name
          {name: }                                       | name-missing metadata.name
          {name: ""}                                     | name-missing metadata.name
          {name: Web}                                    | name-invalid metadata.name
          {name: a_b}                                    | name-invalid metadata.name
          {name: a..b}                                   | name-invalid metadata.name
          {name: "a\\nb"}                                | name-invalid metadata.name
          {name: "web\\n"}                               | name-invalid metadata.name
          {name: a×253}                                  | ok
          {name: a×254}                                  | name-invalid metadata.name
          {name: 123}                                    | wrong-type metadata.name
          {name: [a]}                                    | wrong-type metadata.name
          {generateName: web-}                           | generate-name metadata.generateName
          {generateName: Web-}                           | name-invalid metadata.generateName
          {name: a, generateName: Web-}                  | name-invalid metadata.generateName
          {name: a, generateName: web-}                  | ok
          {name: a, namespace: shop}                     | ok
          {name: a, namespace: }                         | ok
          {name: a, namespace: a.b}                      | namespace-invalid metadata.namespace
          {name: a, namespace: a×64}                     | namespace-invalid metadata.namespace
          {name: a, annotations: {A.b/c: x}}             | ok
          {name: a, annotations: {a b: x}}               | annotation-key-invalid metadata.annotations
          {name: a, annotations: {/b: x}}                | annotation-key-invalid metadata.annotations
          {name: a, annotations: {a/: x}}                | annotation-key-invalid metadata.annotations
          {name: a, annotations: {a/b/c: x}}             | annotation-key-invalid metadata.annotations
          {name: a, annotations: {a_b/c: x}}             | annotation-key-invalid metadata.annotations
          {name: a, annotations: {a: x×262143}}          | ok
          {name: a, annotations: {a: x×262144}}          | annotations-too-big metadata.annotations
          {name: a, annotations: {a: é×131072}}          | annotations-too-big metadata.annotations
          {name: a, annotations: {a: }}                  | ok
          {name: a, annotations: {a: true}}              | wrong-type metadata.annotations[a]
          {name: a, annotations: {a: 60, b: off}}        | wrong-type metadata.annotations[a], wrong-type metadata.annotations[b]
          {name: a, annotations: []}                     | wrong-type metadata.annotations
          {name: a, labels: {a.b/C: x_y.Z}}              | ok
          {name: a, labels: {A.b/c: x}}                  | label-invalid metadata.labels
          {name: a, labels: {a: ""}}                     | ok
          {name: a, labels: {a: -x}}                     | label-invalid metadata.labels
          {name: a, labels: {a: x×64}}                   | label-invalid metadata.labels
          {name: a, labels: {version: 2}}                | wrong-type metadata.labels[version]
          {name: a, finalizers: [a.b/c]}                 | ok
          {name: a, finalizers: [a b]}                   | finalizer-invalid metadata.finalizers
          {name: a, generation: -1}                      | generation-invalid metadata.generation
          {name: a, generation: 7}                       | ok
          {name: a, generation: x}                       | wrong-type metadata.generation
          {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: nn, uid: u}]} | ok
          {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: nn}]} | owner-reference-invalid metadata.ownerReferences[0].uid
          {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: nn, uid: u, controller: true}, {apiVersion: v1, kind: A, name: m, uid: w, controller: true}]} | owner-reference-invalid metadata.ownerReferences
          {name: a, creationTimestamp: 2024-01-31T10:00:00Z} | ok
          {name: a, creationTimestamp: "2024-01-31T10:00:00.5+02:00"} | ok
          {name: a, creationTimestamp: null}             | ok
          {name: a, creationTimestamp: 2024-01-31}       | timestamp-invalid metadata.creationTimestamp
          {name: a, creationTimestamp: ""}               | timestamp-invalid metadata.creationTimestamp
          {name: a, creationTimestamp: 5}                | wrong-type metadata.creationTimestamp
          {name: a, creationTimestamp: "2024-01-31T10:00+02:00"} | timestamp-invalid metadata.creationTimestamp
          {name: a, creationTimestamp: "2024-01-31T10:00:00z"} | timestamp-invalid metadata.creationTimestamp
          {name: a, creationTimestamp: "2024-01-31T10:00:00+02:00:30"} | timestamp-invalid metadata.creationTimestamp
          {name: a, uid: 5, resourceVersion: 5}          | wrong-type metadata.uid, wrong-type metadata.resourceVersion
          {name: a, selfLink: [], deletionGracePeriodSeconds: x} | wrong-type metadata.selfLink, wrong-type metadata.deletionGracePeriodSeconds
          {name: a, uid: u, resourceVersion: "1", selfLink: x, managedFields: [{a: b}], deletionTimestamp: 2024-01-31T10:00:00Z, deletionGracePeriodSeconds: 3} | ok
          {name: a, nam: b}                              | unknown-field metadata.nam
          """)
  void checksMetadata(String metadata, String findings) {
    // ingress-v1 2.1 and 1.5
    String text =
        Reading.object(
            "networking.k8s.io/v1",
            "Ingress",
            repeat(metadata),
            "spec: {" + spec(RULE) + "}\nstatus: {loadBalancer: {ingress: [{ip: 5}]}}");
    assertThat(Reading.found(Reading.strict(text))).isEqualTo(findings);
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # spec                                         | findings
          {RULE}                                         | ok
          {defaultBackend: {service: {name: s, port: {number: 80}}}} | ok
          {}                                             | rules-missing spec
          {tls: [{hosts: [a]}]}                          | rules-missing spec
          {rules: []}                                    | rules-missing spec
          {rules: null}                                  | rules-missing spec
          {rules: [{}]}                                  | ok
          {rules: [null]}                                | ok
          {rules: {host: a}}                             | wrong-type spec.rules
          {rules: [5]}                                   | wrong-type spec.rules[0]
          []                                             | wrong-type spec
          {rules: [{http: null}]}                        | ok
          {rules: [{host: a.shop}]}                      | ok
          {rules: [{http: {}}]}                          | paths-missing spec.rules[0].http.paths
          {rules: [{http: {paths: null}}]}               | paths-missing spec.rules[0].http.paths
          {rules: [{http: {paths: []}}]}                 | paths-missing spec.rules[0].http.paths
          {RULE, ingressClassName: nginx}                | ok
          {RULE, ingressClassName: null}                 | ok
          {RULE, ingressClassName: ""}                   | class-name-invalid spec.ingressClassName
          {RULE, ingressClassName: A}                    | class-name-invalid spec.ingressClassName
          {RULE, ingressClassName: 5}                    | wrong-type spec.ingressClassName
          {RULE, tls: [null]}                            | ok
          {RULE, tls: [{}]}                              | ok
          {RULE, tls: [{hosts: [a.shop, a.shop, "*.shop", 1.2.3.4]}]} | ok
          {RULE, tls: [{hosts: [null]}]}                 | tls-host-invalid spec.tls[0].hosts[0]
          {RULE, tls: [{hosts: [a, ""]}]}                | tls-host-invalid spec.tls[0].hosts[1]
          {RULE, tls: [{hosts: ["*"]}]}                  | tls-host-invalid spec.tls[0].hosts[0]
          {RULE, tls: [{hosts: ["a.*"]}]}                | tls-host-invalid spec.tls[0].hosts[0]
          {RULE, tls: [{hosts: ["::1"]}]}                | tls-host-invalid spec.tls[0].hosts[0]
          {RULE, tls: [{hosts: [A.shop]}]}               | tls-host-invalid spec.tls[0].hosts[0]
          {RULE, tls: [{secretName: a.b}]}               | ok
          {RULE, tls: [{secretName: ""}]}                | ok
          {RULE, tls: [{secretName: ns/a}]}              | secret-name-invalid spec.tls[0].secretName
          {RULE, tls: [{serviceName: a}]}                | unknown-field spec.tls[0].serviceName
          {RULE, Rules: []}                              | unknown-field spec.Rules
          {RULE, rules: [{host: a}]}                     | duplicate-field spec.rules
          {RULE, defaultBackend: {}}                     | backend-missing spec.defaultBackend
          {RULE, defaultBackend: null}                   | ok
          {rules: [{Host: a}]}                           | unknown-field spec.rules[0].Host
          {rules: [{host: 1.5}]}                         | wrong-type spec.rules[0].host
          {rules: [{http: {paths: [null]}}]}             | path-type-missing spec.rules[0].http.paths[0].pathType
          """)
  void checksSpec(String spec, String findings) {
    // ingress-v1 2.2, 2.7 and 1.3
    ManifestSet set = Reading.strict(Reading.ingress(spec(spec)));
    assertThat(Reading.found(set)).isEqualTo(findings);
    assertThat(set.isEmpty()).isEqualTo(!findings.equals("ok"));
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          # host,                accepted
          ``,                    true
          a,                     true
          a.shop,                true
          *.shop,                true
          *.com,                 true
          xn--bcher-kva.example, true
          256.1.1.1,             true
          1.2.3,                 true
          1.2.3.4.5,             true
          a×64.b,                true
          a×253,                 true
          a×254,                 false
          *.a×251,               true
          *.a×252,               false
          10.0.0.1,              false
          010.0.0.1,             false
          00000000000000000000000000000000000000000000000000010.0.0.1, false
          ::1,                   false
          2001:db8::1,           false
          ::ffff:1.2.3.4,        false
          A.shop,                false
          a_b.shop,              false
          a.shop.,               false
          a.shop:80,             false
          http://a.shop,         false
          a.shop/x,              false
          *,                     false
          *.,                    false
          *.*.x,                 false
          a.*.x,                 false
          *a.x,                  false
          a*.x,                  false
          -a.x,                  false
          a-.x,                  false
          a..x,                  false
          bücher.example,        false
          "a.shop\\n",           false
          """)
  void checksHosts(String host, boolean isAccepted) {
    // ingress-v1 2.3
    String value = host.startsWith("\"") ? host : '"' + repeat(host) + '"';
    ManifestSet set = Reading.strict(Reading.ingress("{rules: [{host: " + value + "}]}"));
    assertThat(Reading.found(set)).isEqualTo(isAccepted ? "ok" : "host-invalid spec.rules[0].host");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1      | host "10.0.0.1" is an IP address, not a DNS name | leave `host` out to serve every host, addresses included
          A.Shop        | host "A.Shop" must be lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part | write "a.shop"
          https://a.b:8/x | host "https://a.b:8/x" must be lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part | write "a.b"
          *             | host "*" must have its star alone in front, as in *.example.com, and lower-case letters, digits, '-' and '.' after it | leave `host` out to serve every host
          """)
  void saysHowAHostIsWritten(String host, String message, String help) {
    Diagnostic finding =
        Reading.only(Reading.strict(Reading.ingress("{rules: [{host: \"" + host + "\"}]}")));
    assertThat(finding.message()).isEqualTo(message.replace("''", "'"));
    assertThat(finding.help()).isEqualTo(help);
  }

  @ParameterizedTest(name = "[{index}] {0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # type                 | path        | number of errors
          Exact                  | /           | 0
          Prefix                 | /a/b        | 0
          Prefix                 | ``          | 1
          Exact                  | a           | 1
          Exact                  | /a//b       | 1
          Prefix                 | /a/./b      | 1
          Prefix                 | /a/../b     | 1
          Prefix                 | /a%2fb      | 1
          Prefix                 | /a%2Fb      | 1
          Prefix                 | /a/.        | 1
          Prefix                 | /a/..       | 1
          Prefix                 | //./../%2f%2F/.. | 6
          Prefix                 | /...        | 0
          Prefix                 | /..a        | 0
          Prefix                 | /a..        | 0
          Prefix                 | /a b        | 0
          Prefix                 | /bücher     | 0
          Prefix                 | /a?b        | 0
          Prefix                 | /a#b        | 0
          Prefix                 | /a\\\\b     | 0
          Prefix                 | /%zz        | 0
          Prefix                 | /%2e%2e     | 0
          Prefix                 | /(.*)$      | 0
          Prefix                 | /*          | 0
          Prefix                 | /{id}       | 0
          ImplementationSpecific | ``          | 0
          ImplementationSpecific | /a//b       | 0
          ImplementationSpecific | /(.*)$      | 0
          ImplementationSpecific | /a%2Fb      | 0
          ImplementationSpecific | a           | 1
          """)
  void checksPaths(String type, String path, int errors) {
    // ingress-v1 2.4
    String item = "{path: \"%s\", pathType: %s, %s}".formatted(path, type, Reading.BACKEND);
    ManifestSet set = Reading.strict(Reading.ingress("{rules: [{http: {paths: [" + item + "]}}]}"));
    assertThat(set.diagnostics())
        .hasSize(errors)
        .allMatch(d -> d.rule().id().equals("path-invalid"))
        .allMatch(d -> "spec.rules[0].http.paths[0].path".equals(d.field()));
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # item                              | findings, P is the field of the item
          {path: /, B}                        | path-type-missing P.pathType
          {path: //}                          | path-type-missing P.pathType
          {path: /, pathType: null, B}        | path-type-missing P.pathType
          {path: //, pathType: prefix, B}     | path-type-invalid P.pathType
          {path: /, pathType: "", B}          | path-type-invalid P.pathType
          {path: //, pathType: exact}         | backend-missing P.backend, path-type-invalid P.pathType
          {path: /, pathType: 5, B}           | wrong-type P.pathType
          {pathType: Prefix, B}               | path-invalid P.path
          {path: 5, pathType: Prefix, B}      | wrong-type P.path
          {path: "/a\\n", pathType: Prefix, B} | path-line-break P.path
          {path: /, pathtype: Prefix, B}      | path-type-missing P.pathType, unknown-field P.pathtype
          {path: /, pathType: Prefix}         | backend-missing P.backend
          {path: /, pathType: Prefix, backend: {}} | backend-missing P.backend
          {path: /, pathType: Prefix, backend: {service: null}} | backend-missing P.backend
          {path: /, pathType: Prefix, backend: {service: {}, resource: {}}} | backend-ambiguous P.backend
          """)
  void checksItems(String item, String findings) {
    // ingress-v1 2.4 and 2.5
    String spec = "{rules: [{http: {paths: [" + spec(item) + "]}}]}";
    assertThat(Reading.found(Reading.strict(Reading.ingress(spec))))
        .isEqualTo(findings.replace("P.", "spec.rules[0].http.paths[0]."));
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # back end                                     | findings, D is spec.defaultBackend
          {service: {name: s, port: {number: 65535}}}    | ok
          {service: {name: 9s, port: {name: http}}}      | ok
          {service: {name: s, port: {number: 80, name: ""}}} | ok
          {service: {name: s, port: {number: 0, name: a}}} | ok
          {service: {port: {number: 80}}}                | service-name-invalid D.service.name
          {service: {name: S, port: {number: 80}}}       | service-name-invalid D.service.name
          {service: {name: a.b, port: {number: 80}}}     | service-name-invalid D.service.name
          {service: {name: a×64, port: {number: 80}}}    | service-name-invalid D.service.name
          {service: {name: s}}                           | backend-port-missing D
          {service: {name: s, port: null}}               | backend-port-missing D
          {service: {name: s, port: {}}}                 | backend-port-missing D
          {service: {name: s, port: {number: null}}}     | backend-port-missing D
          {service: {}}                                  | service-name-invalid D.service.name, backend-port-missing D
          {service: {name: s, port: {number: 80, name: a}}} | backend-port-ambiguous D
          {service: {name: s, port: {number: 65536}}}    | port-number-invalid D.service.port.number
          {service: {name: s, port: {number: -1}}}       | port-number-invalid D.service.port.number
          {service: {name: s, port: {number: 80.0}}}     | ok
          {service: {name: s, port: {number: 080}}}      | ok
          {service: {name: s, port: {number: 0x50}}}     | ok
          {service: {name: s, port: {number: 80e0}}}     | ok
          {service: {name: s, port: {number: 1e2}}}      | ok
          {service: {name: s, port: {number: 80.5}}}     | wrong-type D.service.port.number
          {service: {name: s, port: {number: 2147483648}}} | wrong-type D.service.port.number
          {service: {name: s, port: {number: 4294967376}}} | wrong-type D.service.port.number
          {service: {name: s, port: {number: "80"}}}     | wrong-type D.service.port.number
          {service: {name: s, port: {number: yes}}}      | wrong-type D.service.port.number
          {service: {name: s, port: {number: NaN}}}      | wrong-type D.service.port.number
          {service: {name: s, port: {number: 12:30}}}    | wrong-type D.service.port.number
          {service: {name: s, port: {name: 80}}}         | wrong-type D.service.port.name
          {service: {name: s, port: {name: yes}}}        | wrong-type D.service.port.name
          {service: {name: s, port: 80}}                 | wrong-type D.service.port
          {service: {name: s, port: {name: a-1}}}        | ok
          {service: {name: s, port: {name: "80"}}}       | port-name-invalid D.service.port.name
          {service: {name: s, port: {name: a×16}}}       | port-name-invalid D.service.port.name
          {service: {name: s, port: {name: A}}}          | port-name-invalid D.service.port.name
          {service: {name: s, port: {name: -a}}}         | port-name-invalid D.service.port.name
          {service: {name: s, port: {name: a--b}}}       | port-name-invalid D.service.port.name
          {serviceName: s, servicePort: 80}              | unknown-field D.serviceName, unknown-field D.servicePort
          {resource: {kind: K, name: nn}}                 | ok
          {resource: {apiGroup: a.b, kind: K, name: nn}}  | ok
          {resource: {apiGroup: "", kind: K, name: nn}}   | resource-invalid D.resource.apiGroup
          {resource: {apiGroup: a/v1, kind: K, name: nn}} | resource-invalid D.resource.apiGroup
          {resource: {name: nn}}                          | resource-invalid D.resource.kind
          {resource: {kind: K}}                          | resource-invalid D.resource.name
          {resource: {kind: .., name: a/b}}              | resource-invalid D.resource.kind, resource-invalid D.resource.name
          {resource: {kind: K, name: a%b}}               | resource-invalid D.resource.name
          """)
  void checksBackends(String backend, String findings) {
    // ingress-v1 2.5, 2.6 and the last two columns of 1.2
    ManifestSet set = Reading.strict(Reading.ingress("{defaultBackend: " + repeat(backend) + "}"));
    assertThat(Reading.found(set)).isEqualTo(findings.replaceAll("D\\b", "spec.defaultBackend"));
  }

  @ParameterizedTest(name = "[{index}] {0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # annotation | member | findings
          nginx        | nginx  | ok
          nginx        | other  | class-conflict annotations.kubernetes.io/ingress.class
          ""           | nginx  | class-conflict annotations.kubernetes.io/ingress.class
          A b          | ``     | class-annotation metadata.annotations[kubernetes.io/ingress.class]
          """)
  void comparesTheClassWithItsAnnotation(String annotation, String member, String findings) {
    // ingress-v1 2.2 and the end of 2.9
    String text =
        Reading.object(
            "networking.k8s.io/v1",
            "Ingress",
            "{name: a, annotations: {kubernetes.io/ingress.class: " + annotation + "}}",
            "spec: {"
                + spec(RULE)
                + (member.isEmpty() ? "" : ", ingressClassName: " + member)
                + "}");
    assertThat(Reading.found(Reading.strict(text))).isEqualTo(findings);
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # spec                                                   | findings
          {controller: a.b/c}                                      | ok
          {controller: a.b/c/%2F:d}                                | ok
          {}                                                       | controller-invalid spec.controller
          {controller: ""}                                         | controller-invalid spec.controller
          {controller: a}                                          | controller-invalid spec.controller
          {controller: /a}                                         | controller-invalid spec.controller
          {controller: a/}                                         | controller-invalid spec.controller
          {controller: A/b}                                        | controller-invalid spec.controller
          {controller: a/b c}                                      | controller-invalid spec.controller
          {controller: a/b×248}                                    | ok
          {controller: a/b×249}                                    | controller-invalid spec.controller
          {controller: a/b, parameters: {kind: K, name: nn}}        | ok
          {controller: a/b, parameters: {name: nn}}                 | parameters-invalid spec.parameters.kind
          {controller: a/b, parameters: {kind: K}}                 | parameters-invalid spec.parameters.name
          {controller: a/b, parameters: {apiGroup: "", kind: K, name: nn}} | parameters-invalid spec.parameters.apiGroup
          {controller: a/b, parameters: {kind: K, name: nn, scope: Namespace, namespace: x}} | ok
          {controller: a/b, parameters: {kind: K, name: nn, scope: Cluster}} | ok
          {controller: a/b, parameters: {kind: K, name: nn, scope: cluster}} | parameters-invalid spec.parameters.scope
          {controller: a/b, parameters: {kind: K, name: nn, scope: Namespace}} | parameters-invalid spec.parameters.namespace
          {controller: a/b, parameters: {kind: K, name: nn, namespace: x}} | parameters-invalid spec.parameters.namespace
          {controller: a/b, parameters: {kind: K, name: nn, namespace: ""}} | parameters-invalid spec.parameters.namespace
          {controller: a/b, parameters: {kind: K, name: nn, scope: Namespace, namespace: A}} | parameters-invalid spec.parameters.namespace
          """)
  void checksIngressClasses(String spec, String findings) {
    // ingress-v1 2.8
    ManifestSet set =
        Reading.strict(
            Reading.object(
                "networking.k8s.io/v1", "IngressClass", "{name: a}", "spec: " + repeat(spec)));
    assertThat(Reading.found(set)).isEqualTo(findings);
  }

  @Test
  void forbidsTheNamespaceOfAnIngressClass() {
    // ingress-v1 2.1
    ManifestSet set =
        Reading.strict(
            Reading.object(
                "networking.k8s.io/v1",
                "IngressClass",
                "{name: a, namespace: b}",
                "spec: {controller: a/b}"));
    assertThat(Reading.only(set))
        .hasToString(
            "t.yaml:3:32: error[namespace-forbidden]: an IngressClass belongs to the whole cluster and"
                + " has no namespace (IngressClass b/a, metadata.namespace)");
  }

  @Test
  void reportsEveryFaultOfAnObjectInTheOrderOfTheText() {
    // ingress-v1 2: nothing stops early
    ManifestSet set =
        Reading.strict(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: Web, labels: {a: 5}}
            spec:
              ingressClassName: A
              tls: [{secretName: x/y}]
              rules:
              - host: A
                http:
                  paths:
                  - {path: a, pathType: Exact}
                  - {path: /}
              - hots: b
            """);
    assertThat(Reading.found(set))
        .isEqualTo(
            "name-invalid metadata.name, wrong-type metadata.labels[a],"
                + " class-name-invalid spec.ingressClassName,"
                + " secret-name-invalid spec.tls[0].secretName, host-invalid spec.rules[0].host,"
                + " backend-missing spec.rules[0].http.paths[0].backend,"
                + " path-invalid spec.rules[0].http.paths[0].path,"
                + " path-type-missing spec.rules[0].http.paths[1].pathType,"
                + " unknown-field spec.rules[1].hots");
    assertThat(set.diagnostics()).allMatch(d -> "Ingress default/Web".equals(d.object()));
  }

  @Test
  void showsHowToQuoteAnAnnotation() {
    // ingress-v1 1.2
    Diagnostic finding =
        Reading.only(
            Reading.strict(
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n"
                    + "  annotations:\n    nginx.ingress.kubernetes.io/ssl-redirect: false\nspec: {"
                    + spec(RULE)
                    + "}\n"));
    assertThat(finding)
        .hasToString(
            "t.yaml:6:47: error[wrong-type]: the value is the boolean false, but must be a string"
                + " (Ingress default/web,"
                + " metadata.annotations[nginx.ingress.kubernetes.io/ssl-redirect])");
    assertThat(finding.source()).isEqualTo(new SourceSpan("t.yaml", 6, 47, 5));
    assertThat(finding.excerpt()).isEqualTo("    nginx.ingress.kubernetes.io/ssl-redirect: false");
    assertThat(finding.label()).isEqualTo("must be a string");
    assertThat(finding.help()).isEqualTo("put the value in quotes: \"false\"");
  }

  @Test
  void namesTheNearestMember() {
    // Decision 8 and ingress-v1 1.3
    Diagnostic finding =
        Reading.only(Reading.strict(Reading.ingress(spec("{RULE, tls: [{serviceName: a}]}"))));
    assertThat(finding.message()).isEqualTo("unknown member \"serviceName\"");
    assertThat(finding.help()).isEqualTo("did you mean `secretName`?");
    assertThat(Reading.only(Reading.strict(Reading.ingress("{rules: [{paths: []}]}"))).help())
        .isEqualTo("put it under `http:`");
    assertThat(Reading.only(Reading.strict(Reading.ingress("{rules: [{xyzzy: []}]}"))).help())
        .isEqualTo("the members here are host, http");
  }

  @Test
  void warnsOnlyIfUnknownMembersAreIgnored() {
    // ingress-v1 1.3: unknown is dropped, the last of two counts, a repeated spec replaces whole
    ManifestSet set =
        Reading.lenient(
            Reading.ingress("{rules: [{host: a, http: null}]}")
                + "\nspec: {rules: [{Host: b, host: c, host: d}]}\n");
    assertThat(Reading.found(set))
        .isEqualTo(
            "duplicate-field spec, unknown-field spec.rules[0].Host, duplicate-field spec.rules[0].host");
    assertThat(set.diagnostics()).allMatch(d -> d.severity() == Severity.WARNING);
    assertThat(set.diagnostics().get(2).message())
        .isEqualTo("member \"host\" is already written in line 5");
    assertThat(set.ingresses().get(0).spec().rules())
        .extracting(IngressRule::host)
        .containsExactly("d");
  }

  @Test
  void refusesAPathInABlockThatKeepsItsLineBreak() {
    // ingress-v1 1.1 and 11.13
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec:
          rules:
          - http:
              paths:
              - pathType: Prefix
                backend: {service: {name: s, port: {number: 80}}}
                path: |
                  /app
        """;
    Diagnostic finding = Reading.only(Reading.strict(text));
    assertThat(finding)
        .hasToString(
            "t.yaml:10:15: error[path-line-break]: path \"/app\\n\" holds a line break and would match"
                + " no request (Ingress default/web, spec.rules[0].http.paths[0].path)");
    assertThat(Reading.strict(text.replace("|", "|-")).diagnostics()).isEmpty();
    assertThat(Reading.strict(text.replace("|", ">-")).diagnostics()).isEmpty();
  }

  @Test
  void takesNoDecimalsFromJson() {
    // The server reads JSON by type; only what comes from YAML has been through a conversion.
    String json =
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"},
         "spec": {"defaultBackend": {"service": {"name": "s", "port": {"number": 80.0}}}}}
        """;
    assertThat(Reading.found(Reading.strict(json)))
        .isEqualTo("wrong-type spec.defaultBackend.service.port.number");
    assertThat(Reading.strict(json.replace("80.0", "80")).diagnostics()).isEmpty();
  }

  @Test
  void showsHowARemovedVersionIsWrittenToday() {
    // ingress-v1 1.4
    Diagnostic finding =
        Reading.only(
            Reading.strict(
                """
                apiVersion: extensions/v1beta1
                kind: Ingress
                metadata:
                  name: old
                  annotations: {kubernetes.io/ingress.class: nginx}
                spec:
                  backend: {serviceName: d, servicePort: http}
                  rules:
                  - http:
                      paths:
                      - backend: {serviceName: web, servicePort: 80}
                """));
    assertThat(finding)
        .hasToString(
            "t.yaml:1:13: error[api-version-removed]: Ingress of extensions/v1beta1 is not served any"
                + " more (Ingress default/old, apiVersion)");
    assertThat(finding.help())
        .isEqualTo(
            "write `apiVersion: networking.k8s.io/v1`; `spec.ingressClassName: nginx` in place of the"
                + " annotation, if there is an IngressClass of that name; `spec.defaultBackend` in"
                + " place of `spec.backend`; `service: {name: d, port: {name: http}}` in place of"
                + " `serviceName` and `servicePort`; `service: {name: web, port: {number: 80}}` in"
                + " place of `serviceName` and `servicePort`; `pathType: Prefix` for each path, or"
                + " ImplementationSpecific to keep the behaviour; `path: /` where there is no path");
  }

  @ParameterizedTest(name = "[{index}] {0} {1}: {2}")
  @CsvSource(
      textBlock =
          """
          extensions/v1beta1,        Ingress,       api-version-removed apiVersion
          networking.k8s.io/v1beta1, Ingress,       api-version-removed apiVersion
          networking.k8s.io/v1beta1, IngressClass,  api-version-removed apiVersion
          discovery.k8s.io/v1beta1,  EndpointSlice, api-version-removed apiVersion
          networking.k8s.io/v2,      Ingress,       api-version-unknown apiVersion
          v1,                        Ingress,       api-version-unknown apiVersion
          networking.k8s.io/v1,      Service,       api-version-unknown apiVersion
          networking.istio.io/v1,    Ingress,       kind-skipped
          serving.knative.dev/v1,    Service,       kind-skipped
          networking.k8s.io/v1,      Ingres,        kind-skipped
          v1,                        Endpoints,     kind-skipped
          apps/v1,                   Deployment,    kind-skipped
          """)
  void knowsVersionsAndGroups(String version, String kind, String findings) {
    // ingress-v1 1.4, 11.12
    ManifestSet set = Reading.strict(Reading.object(version, kind, "{name: a}", "spec: {}"));
    assertThat(Reading.found(set)).isEqualTo(findings);
    Severity severity =
        !findings.equals("kind-skipped")
            ? Severity.ERROR
            : kind.equals("Ingres") ? Severity.WARNING : Severity.INFO;
    assertThat(Reading.only(set).severity()).isEqualTo(severity);
  }

  @Test
  void checksRecordsMadeInCodeAlike() {
    Ingress bad =
        new Ingress(
            ObjectMeta.of("default", "web"),
            IngressSpec.of(
                IngressRule.of("A", HttpIngressPath.exact("a", IngressBackend.service("s", 0)))));
    Ingress good =
        new Ingress(
            ObjectMeta.of("default", "good"),
            IngressSpec.of(
                IngressRule.of("a", HttpIngressPath.prefix("/", IngressBackend.service("s", 80)))));
    ManifestSet set = ManifestSet.of(bad, good, good);
    assertThat(set.ingresses()).containsExactly(good);
    assertThat(Reading.found(set))
        .isEqualTo(
            "host-invalid spec.rules[0].host, path-invalid spec.rules[0].http.paths[0].path,"
                + " backend-port-missing spec.rules[0].http.paths[0].backend, object-replaced");
    assertThat(set.diagnostics()).allMatch(d -> d.source() == null);
    assertThat(set.isReadable()).isTrue();
    assertThat(
            Reading.found(ManifestSet.of(List.of(new Ingress(ObjectMeta.of("", ""), good.spec())))))
        .isEqualTo("name-missing metadata.name, namespace-invalid metadata.namespace");
  }

  @Test
  void pointsAtThePartOfAClassThatLacksAMember() {
    String head = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: a}\n";
    assertThat(Reading.only(Reading.strict(head + "spec: {parameters: null}")).source())
        .hasToString("t.yaml:4:7");
    assertThat(
            Reading.only(Reading.strict(head + "spec: {controller: a/b, parameters: {name: nn}}"))
                .source())
        .hasToString("t.yaml:4:37");
  }
}
