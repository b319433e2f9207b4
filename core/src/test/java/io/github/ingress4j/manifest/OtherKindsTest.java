package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Service, EndpointSlice, Secret and ConfigMap: ingress-v1 7 and 8. */
class OtherKindsTest {

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # spec                                              | findings, P is spec.ports
          {ports: [{port: 80}]}                               | ok
          {ports: [{port: 80, name: a}, {port: 81, name: b}]} | ok
          {ports: [{port: 80, name: a}, {port: 80, name: b, protocol: UDP}]} | ok
          {}                                                  | service-invalid P
          {clusterIP: None}                                   | ok
          {clusterIP: 10.0.0.1, ports: [{port: 80}]}          | ok
          {clusterIP: none, ports: [{port: 80}]}              | service-invalid spec.clusterIP
          {type: ExternalName, externalName: a.b}             | ok
          {type: ExternalName, externalName: a.b.}            | ok
          {type: ExternalName}                                | external-name-invalid spec.externalName
          {type: ExternalName, externalName: a_b}             | external-name-invalid spec.externalName
          {type: ExternalName, externalName: a, clusterIP: None} | service-invalid spec.clusterIP
          {type: Loadbalancer, ports: [{port: 80}]}           | service-invalid spec.type
          {ports: [{}]}                                       | service-port-invalid P[0].port
          {ports: [{port: 0}]}                                | service-port-invalid P[0].port
          {ports: [{port: 65536}]}                            | service-port-invalid P[0].port
          {ports: [{port: "80"}]}                             | wrong-type P[0].port
          {ports: [{port: 80}, {port: 81, name: b}]}          | service-port-invalid P[0].name
          {ports: [{port: 80, name: a}, {port: 81, name: a}]} | service-port-invalid P[1].name
          {ports: [{port: 80, name: A}]}                      | service-port-invalid P[0].name
          {ports: [{port: 80, name: a}, {port: 80, name: b}]} | service-port-invalid P[1]
          {ports: [{port: 80, protocol: HTTP}]}               | service-port-invalid P[0].protocol
          {ports: [{port: 80, targetPort: 8080}]}             | ok
          {ports: [{port: 80, targetPort: http}]}             | ok
          {ports: [{port: 80, targetPort: 8e3}]}              | ok
          {ports: [{port: 80, targetPort: "8080"}]}           | port-name-invalid P[0].targetPort
          {ports: [{port: 80, targetPort: 70000}]}            | service-port-invalid P[0].targetPort
          {ports: [{port: 80, targetPort: -1}]}               | service-port-invalid P[0].targetPort
          {ports: [{port: 80, targetPort: yes}]}              | wrong-type P[0].targetPort
          {ports: [{port: 80, appProtocol: kubernetes.io/h2c}]} | ok
          {ports: [{port: 80, appProtocol: a b}]}             | service-port-invalid P[0].appProtocol
          {ports: [{port: 80, nodePort: 30080}], selector: {a: b}, publishNotReadyAddresses: true} | ok
          {ports: [{port: 80}], publishNotReadyAddresses: "x"} | wrong-type spec.publishNotReadyAddresses
          {ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86400}}} | ok
          {ports: [{port: 80}], sessionAffinity: Cookie}      | service-invalid spec.sessionAffinity
          {ports: [{port: 80}], sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}} | service-invalid spec.sessionAffinityConfig.clientIP.timeoutSeconds
          {ports: [{prot: 80}]}                               | service-port-invalid P[0].port, unknown-field P[0].prot
          """)
  void checksServices(String spec, String findings) {
    // ingress-v1 7.2
    ManifestSet set = Reading.strict(Reading.object("v1", "Service", "{name: a}", "spec: " + spec));
    assertThat(Reading.found(set)).isEqualTo(findings.replaceAll("\\bP\\b", "spec.ports"));
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource({
    "a, ok",
    "9a, ok",
    "a.b, name-invalid metadata.name",
    "A, name-invalid metadata.name"
  })
  void checksTheNameOfAService(String name, String findings) {
    ManifestSet set =
        Reading.strict(
            Reading.object("v1", "Service", "{name: " + name + "}", "spec: {clusterIP: None}"));
    assertThat(Reading.found(set)).isEqualTo(findings);
  }

  @Test
  void refusesASelectorThatIsNoText() {
    // ingress-v1 1.2: `version: 2` without quotes is a number.
    String spec = "spec: {selector: {version: 2}, ports: [{port: 80}]}";
    ManifestSet set = Reading.strict(Reading.object("v1", "Service", "{name: a}", spec));
    assertThat(Reading.found(set)).isEqualTo("wrong-type spec.selector[version]");
  }

  @Test
  void prefersThePortOfTcpAmongThoseOfOneNumber() {
    // ingress-v1 7.1; HTTP/3 and HTTPS share a number.
    ManifestSet set =
        Reading.strict(
            Reading.object(
                "v1",
                "Service",
                "{name: a}",
                "spec: {ports: [{name: h3, port: 443, protocol: UDP}, {name: https, port: 443},"
                    + " {name: dns, port: 53, protocol: UDP}]}"));
    Service service = Objects.requireNonNull(set.service("default", "a"));
    assertThat(service.port(new IngressBackend.Port("", 443))).isSameAs(service.ports().get(1));
    assertThat(service.port(new IngressBackend.Port("h3", 0))).isSameAs(service.ports().get(0));
    assertThat(service.port(new IngressBackend.Port("", 53))).isSameAs(service.ports().get(2));
  }

  @Test
  void findsThePortThatABackEndNames() {
    // ingress-v1 7.1
    ManifestSet set =
        Reading.strict(
            Reading.object(
                "v1",
                "Service",
                "{name: a}",
                "spec: {ports: [{name: web, port: 80, targetPort: 8080}, {name: x, port: 81}]}"));
    Service service = Objects.requireNonNull(set.service("default", "a"));
    assertThat(service.port(new IngressBackend.Port("web", 0)))
        .isSameAs(service.ports().get(0))
        .isSameAs(service.port(new IngressBackend.Port("", 80)));
    assertThat(service.port(new IngressBackend.Port("", 8080))).isNull();
    assertThat(service.ports()).extracting(Service.Port::targetPort).containsExactly("8080", "81");
    assertThat(service.type()).isEqualTo("ClusterIP");
    assertThat(service.isExternalName()).isFalse();
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # slice                                             | findings, E is endpoints[0]
          {addressType: IPv4}                                 | ok
          {addressType: IPv4, endpoints: [{addresses: [10.0.0.1]}], ports: [{name: "", port: 80}]} | ok
          {addressType: IPv4, endpoints: [{addresses: [10.0.0.1]}], ports: null} | ok
          {addressType: IPv6, endpoints: [{addresses: ["fd00::1", "fe00::1.2.3.4"]}]} | ok
          {addressType: FQDN, endpoints: [{addresses: [a.b]}]} | ok
          {addressType: FQDN, endpoints: [{addresses: [a_b]}]} | address-invalid E.addresses[0]
          {}                                                  | slice-invalid addressType
          {addressType: ipv4}                                 | slice-invalid addressType
          {addressType: IPv4, endpoints: [{}]}                | slice-invalid E.addresses
          {addressType: IPv4, endpoints: [{addresses: []}]}   | slice-invalid E.addresses
          {addressType: IPv4, endpoints: [{addresses: [10.0.0.1, x]}]} | address-invalid E.addresses[1]
          {addressType: IPv4, endpoints: [{addresses: ["fd00::1"]}]} | address-invalid E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: [10.0.0.1]}]} | address-invalid E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [010.0.0.1]}]} | address-invalid E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [0.0.0.0]}]} | address-special E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [127.1.2.3]}]} | address-special E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [169.254.169.254]}]} | address-special E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [224.0.0.1]}]} | address-special E.addresses[0]
          {addressType: IPv4, endpoints: [{addresses: [224.0.1.1]}]} | ok
          {addressType: IPv6, endpoints: [{addresses: ["::"]}]} | address-special E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["::1"]}]} | address-special E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["fe80::1"]}]} | address-special E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["ff02::1"]}]} | address-special E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["::ffff:127.0.0.1"]}]} | address-special E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["1:2:3:4:5:6:7:8:9"]}]} | address-invalid E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["1::2::3"]}]} | address-invalid E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["fe80::1%eth0"]}]} | address-invalid E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["12345::"]}]} | address-invalid E.addresses[0]
          {addressType: IPv6, endpoints: [{addresses: ["1:2:3:4:5:6:7:"]}]} | address-invalid E.addresses[0]
          {addressType: IPv4, ports: [{name: a}, {name: a}]}  | slice-port-invalid ports[1].name
          {addressType: IPv4, ports: [{}, {}]}                | slice-port-invalid ports[1].name
          {addressType: IPv4, ports: [{name: A}]}             | slice-port-invalid ports[0].name
          {addressType: IPv4, ports: [{port: 0}]}             | slice-port-invalid ports[0].port
          {addressType: IPv4, ports: [{port: 65536}]}         | slice-port-invalid ports[0].port
          {addressType: IPv4, ports: [{protocol: tcp}]}       | slice-port-invalid ports[0].protocol
          {addressType: IPv4, ports: [{appProtocol: a b}]}    | slice-port-invalid ports[0].appProtocol
          {addressType: IPv4, endpoints: [{addresses: [10.0.0.1], conditions: {ready: "true"}}]} | wrong-type E.conditions.ready
          {addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hostname: h, nodeName: m, zone: z, targetRef: {}, hints: {}, deprecatedTopology: {}}]} | ok
          """)
  void checksEndpointSlices(String slice, String findings) {
    // ingress-v1 7.3
    String body = slice.substring(1, slice.length() - 1);
    ManifestSet set =
        Reading.strict(
            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}"
                + (body.isEmpty() ? "" : ", " + body)
                + "}");
    assertThat(Reading.found(set)).isEqualTo(findings.replaceAll("\\bE\\b", "endpoints[0]"));
  }

  @Test
  void limitsTheSizeOfASlice() {
    String start =
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, addressType:"
            + " IPv4, ";
    assertThat(
            Reading.found(
                Reading.strict(
                    start + "endpoints: [" + "{addresses: [10.0.0.1]}, ".repeat(1001) + "]}")))
        .isEqualTo("slice-invalid endpoints");
    assertThat(
            Reading.found(
                Reading.strict(
                    start + "endpoints: [{addresses: [" + "10.0.0.1, ".repeat(101) + "]}]}")))
        .isEqualTo("slice-invalid endpoints[0].addresses");
    assertThat(Reading.found(Reading.strict(start + "ports: [" + "{}, ".repeat(101) + "]}")))
        .isEqualTo("slice-port-invalid ports");
  }

  @Test
  void joinsTheSlicesOfAService() {
    // ingress-v1 7.3, membership and conditions
    String slice =
        Reading.object(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            "{name: %s, labels: {kubernetes.io/service-name: web}}",
            """
            addressType: IPv4
            endpoints:
            - addresses: [10.0.0.1]
              conditions: {ready: %s, serving: %s, terminating: %s}
            """);
    ManifestSet set =
        Reading.strict(
            slice.formatted("a", "true", "null", "null")
                + "---\n"
                + slice.formatted("b", "false", "true", "true"));
    List<EndpointSlice> slices = set.endpointSlices("default", "web");
    assertThat(slices).extracting(s -> s.metadata().name()).containsExactly("a", "b");
    assertThat(set.hasEndpointSlices()).isTrue();
    assertThat(set.endpointSlices("default", "other")).isEmpty();
    assertThat(slices.get(0).endpoints().get(0).isReady()).isTrue();
    assertThat(slices.get(1).endpoints().get(0).isReady()).isFalse();
    assertThat(slices.get(1).endpoints().get(0).isServingWhileTerminating()).isTrue();
    assertThat(slices.get(0).ports()).isNull();
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # members                                          | findings
          data: {a: aGVsbG8=}                                | ok
          data: {a: ""}                                      | ok
          data: {a: }                                        | ok
          data: {a: hello}                                   | data-not-base64 data
          data: {a: aGVsbG8}                                 | data-not-base64 data
          data: {a: "aGVs\\nbG8="}                           | ok
          data: {"a b": ""}                                  | data-key-invalid data
          data: {..a: ""}                                    | data-key-invalid data
          data: {.: ""}                                      | data-key-invalid data
          stringData: {a: hello}                             | ok
          stringData: {a: 5}                                 | wrong-type stringData
          type: kubernetes.io/tls                            | tls-secret-incomplete data[tls.crt], tls-secret-incomplete data[tls.key]
          type: kubernetes.io/tls\\ndata: {tls.crt: ""}      | tls-secret-incomplete data[tls.key]
          type: kubernetes.io/tls\\nstringData: {tls.crt: "", tls.key: ""} | ok
          type: kubernetes.io/tls\\nimmutable: true\\ndata: {tls.crt: "", tls.key: ""} | ok
          dta: {a: aGVsbG8=}                                 | unknown-field
          """)
  void checksSecrets(String members, String findings) {
    // ingress-v1 8
    String rest = members.contains("aGVs\\n") ? members : Reading.unescape(members);
    ManifestSet set = Reading.strict(Reading.object("v1", "Secret", "{name: a}", rest));
    assertThat(Reading.found(set)).isEqualTo(findings);
  }

  @Test
  void letsStringDataOverrideData() {
    ManifestSet set =
        Reading.strict(
            Reading.object(
                "v1", "Secret", "{name: a}", "data: {a: eA==, b: eA==}\nstringData: {a: new}"));
    Secret secret = Objects.requireNonNull(set.secret("default", "a"));
    assertThat(secret.copyOf("a")).asString().isEqualTo("new");
    assertThat(secret.copyOf("b")).asString().isEqualTo("x");
    assertThat(secret.copyOf("c")).isNull();
    assertThat(secret.type()).isEqualTo("Opaque");
    assertThat(secret).hasToString("Secret default/a [a, b]");
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # members                                          | findings
          data: {a: x}                                       | ok
          data: {a: }                                        | ok
          data: {a: 5}                                       | wrong-type data[a]
          data: {"a b": x}                                   | data-key-invalid data[a b]
          data: {..a: x}                                     | data-key-invalid data[..a]
          data: {"": x}                                      | data-key-invalid data[]
          binaryData: {a: aGVsbG8=}                          | ok
          binaryData: {a: "%"}                               | data-not-base64 binaryData[a]
          binaryData: {"a b": ""}                            | data-key-invalid binaryData[a b]
          data: {a: x}\\nbinaryData: {a: ""}                 | data-key-twice binaryData[a]
          immutable: 5                                       | wrong-type immutable
          """)
  void checksConfigMaps(String members, String findings) {
    // ingress-v1 8
    ManifestSet set =
        Reading.strict(Reading.object("v1", "ConfigMap", "{name: a}", Reading.unescape(members)));
    assertThat(Reading.found(set)).isEqualTo(findings);
  }

  @Test
  void limitsTheSizeOfValues() {
    String half = "x".repeat(1 << 19);
    String data = "data: {a: " + half + ", b: " + half;
    assertThat(Reading.strict(Reading.object("v1", "ConfigMap", "{name: a}", data + "}")).objects())
        .hasSize(1);
    assertThat(
            Reading.found(
                Reading.strict(Reading.object("v1", "ConfigMap", "{name: a}", data + ", c: x}"))))
        .isEqualTo("data-too-big");
    assertThat(
            Reading.found(
                Reading.strict(
                    Reading.object(
                        "v1", "ConfigMap", "{name: a}", data + "}\nbinaryData: {c: eA==}"))))
        .isEqualTo("data-too-big");
    assertThat(
            Reading.found(
                Reading.strict(
                    Reading.object(
                        "v1",
                        "Secret",
                        "{name: a}",
                        "string" + "Data: {a: " + half + ", b: " + half + ", c: x}"))))
        .isEqualTo("data-too-big data");
  }
}
