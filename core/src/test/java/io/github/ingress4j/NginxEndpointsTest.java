package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.dialect.Translation.EndpointKnowledge;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints stand behind a port: ingress-nginx, section 2.4; DESIGN decision 10. */
class NginxEndpointsTest {

  /** All endpoints that requests for the one rule reach, or the status. */
  private static String reached(IngressRouter router) {
    Set<String> reached = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      String place = NginxInput.place(router.route(NginxInput.request("http://a.shop/")));
      reached.add(place.replaceFirst("^\\S+:\\S+ ", ""));
    }
    return String.join(" ", reached);
  }

  private static NginxInput input(
      String port, String service, String slicePorts, String endpoints) {
    return new NginxInput()
        .ingress("web", "a.shop / web:" + port)
        .service("web", service)
        .slice("web", slicePorts, endpoints);
  }

  private static final String POD = "[{addresses: [10.1.0.1]}]";

  /** The Service's port is the first whose number, target port or name is what the rule says. */
  @ParameterizedTest(name = "port {0} of {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # rule | Service                                                            | reached
          80     | {ports: [{name: a, port: 80, targetPort: 1}]}                      | 10.1.0.1:8001
          81     | {ports: [{name: a, port: 80, targetPort: 81}]}                     | 10.1.0.1:8001
          a      | {ports: [{name: a, port: 80}]}                                     | 10.1.0.1:8001
          web    | {ports: [{name: a, port: 80, targetPort: web}]}                    | 10.1.0.1:8001
          81     | {ports: [{name: b, port: 80, targetPort: 81}, {name: a, port: 81}]} | 10.1.0.1:8002
          82     | {ports: [{name: a, port: 80}]}                                     | 503 no-endpoints
          b      | {ports: [{name: a, port: 80}]}                                     | 503 no-endpoints
          """)
  void findsThePortByNumberTargetOrName(String port, String service, String reached) {
    // A target port that is a number stands in for each port of a slice that is not meant.
    String ports =
        service.contains("name: b") ? "[{name: b, port: 8002}]" : "[{name: a, port: 8001}]";

    assertThat(reached(input(port, service, ports, POD).router())).isEqualTo(reached);
  }

  /** The ports of a slice: by name, all of an unnamed one, else a numeric target port; TCP only. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # port of the Service             | ports of the slice                       | reached
          name: a, port: 80                 | [{name: a, port: 1}, {name: b, port: 2}] | 10.1.0.1:1 10.1.0.1:80
          name: a, port: 80, targetPort: x  | [{name: a, port: 1}, {name: b, port: 2}] | 10.1.0.1:1
          name: a, port: 80                 | [{name: b, port: 2}]                     | 10.1.0.1:80
          name: a, port: 80, targetPort: 8  | [{name: b, port: 2}]                     | 10.1.0.1:8
          name: a, port: 80, targetPort: x  | [{name: b, port: 2}]                     | 503 no-endpoints
          name: a, port: 80, targetPort: 8  | [{name: a, port: 1}, {name: b, port: 2}] | 10.1.0.1:1 10.1.0.1:8
          port: 80                          | [{name: b, port: 2}]                     | 10.1.0.1:2
          port: 80                          | [{name: a, port: 1}, {name: b, port: 2}] | 10.1.0.1:1 10.1.0.1:2
          port: 80                          | [{port: 1, protocol: UDP}]               | 503 no-endpoints
          port: 80, targetPort: 8           | []                                       | 10.1.0.1:8
          port: 80, targetPort: x           | []                                       | 503 no-endpoints
          """)
  void findsThePortsOfASlice(String port, String ports, String reached) {
    String service = "{ports: [{" + port + "}]}";

    assertThat(reached(input("80", service, ports, POD).router())).isEqualTo(reached);
  }

  /** Ready is null or true; serving and terminating are not looked at; duplicates count once. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # endpoints                                                                    | reached
          [{addresses: [10.1.0.1]}, {addresses: [10.1.0.2]}]                             | 10.1.0.1:80 10.1.0.2:80
          [{addresses: [10.1.0.1, 10.1.0.3]}]                                            | 10.1.0.1:80 10.1.0.3:80
          [{addresses: [10.1.0.1]}, {addresses: [10.1.0.1]}]                             | 10.1.0.1:80
          [{addresses: [10.1.0.1], conditions: {ready: true, terminating: true}}]        | 10.1.0.1:80
          [{addresses: [10.1.0.1], conditions: {serving: false}}]                        | 10.1.0.1:80
          [{addresses: [10.1.0.1], conditions: {ready: false}}, {addresses: [10.1.0.2]}] | 10.1.0.2:80
          [{addresses: [10.1.0.1], conditions: {ready: false}}]                          | 503 no-endpoints
          [{addresses: [10.1.0.1], conditions: {ready: false, serving: true, terminating: true}}] | 503 no-endpoints
          []                                                                             | 503 no-endpoints
          """)
  void takesReadyEndpoints(String endpoints, String reached) {
    assertThat(reached(input("80", "{ports: [{port: 80}]}", "[{port: 80}]", endpoints).router()))
        .isEqualTo(reached);
  }

  @Test
  void joinsTheSlicesOfAService() {
    IngressRouter router =
        input("80", "{ports: [{port: 80}]}", "[{port: 80}]", POD)
            .slice("web", "[{port: 80}]", "[{addresses: [10.1.0.1]}, {addresses: [10.1.0.2]}]")
            .slice("other", "[{port: 80}]", "[{addresses: [10.9.0.1]}]")
            .slice("b/web", "[{port: 80}]", "[{addresses: [10.9.0.2]}]")
            .router();

    assertThat(reached(router)).isEqualTo("10.1.0.1:80 10.1.0.2:80");
  }

  @Test
  void answers503WithoutTheService() {
    IngressRouter router =
        new NginxInput().ingress("web", "a.shop / web:80").backend("other", "10.1.0.1").router();

    assertThat(reached(router)).isEqualTo("503 no-endpoints");
    assertThat(NginxInput.findings(router)).containsExactly("service-missing");
  }

  /** An alias has a port rule of its own, and must be allowed by name (hardening). */
  @ParameterizedTest(name = "port {0} of {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # rule | ports                                        | reached
          80     | [{name: a, port: 80, targetPort: 8080}]      | shop.example:8080
          80     | [{name: a, port: 80, targetPort: web}]       | shop.example:80
          80     | [{name: a, port: 80}]                        | shop.example:80
          a      | [{name: a, port: 80, targetPort: 8080}]      | shop.example:8080
          a      | [{name: a, port: 80, targetPort: web}]       | shop.example:80
          8080   | [{name: a, port: 80, targetPort: 8080}]      | shop.example:8080
          9090   | [{name: a, port: 80, targetPort: 8080}]      | shop.example:9090
          9090   | []                                           | shop.example:9090
          b      | [{name: a, port: 80, targetPort: 8080}]      | 503 no-endpoints
          web    | [{name: a, port: 80, targetPort: web}]       | 503 no-endpoints
          """)
  void dialsTheNameOfAnAlias(String port, String ports, String reached) {
    NginxInput input =
        new NginxInput()
            .ingress("web", "a.shop / web:" + port)
            .service(
                "web", "{type: ExternalName, externalName: shop.example., ports: " + ports + "}");

    assertThat(reached(input.builder().allowExternalNames(true).build())).isEqualTo(reached);
    assertThat(reached(input.router())).isEqualTo("503 no-endpoints");
    assertThat(NginxInput.findings(input.router())).contains("external-name-refused");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost",
    "127.0.0.1",
    "web.default.svc.cluster.local",
    "169.254.169.254",
    "127.1"
  })
  void neverDialsNamesOfTheHostItself(String name) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80")
            .service("web", "{type: ExternalName, externalName: '" + name + "'}")
            .builder()
            .allowExternalNames(true)
            .build();

    assertThat(reached(router)).isEqualTo("503 no-endpoints");
  }

  /** service-upstream: the virtual address and the Service's own port; none if headless. */
  @ParameterizedTest(name = "port {0} of {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # rule | Service                                                                | reached
          80     | {clusterIP: 10.7.0.1, ports: [{name: a, port: 80, targetPort: 81}]}    | 10.7.0.1:80
          a      | {clusterIP: 10.7.0.1, ports: [{name: a, port: 80, targetPort: 81}]}    | 10.7.0.1:80
          99     | {clusterIP: 10.7.0.1, ports: [{name: a, port: 80}]}                    | 10.7.0.1:99
          80     | {clusterIP: None, ports: [{name: a, port: 80, targetPort: 81}]}        | 10.1.0.1:8001
          a      | {ports: [{name: a, port: 80, targetPort: 81}]}                         | 10.1.0.1:8001
          81     | {clusterIP: None, ports: [{name: a, port: 80, targetPort: 81}]}        | 10.1.0.1:8001
          web    | {clusterIP: 10.7.0.1, ports: [{name: a, port: 80, targetPort: web}]}   | 10.1.0.1:8001
          b      | {clusterIP: 10.7.0.1, ports: [{name: a, port: 80}]}                    | 503 no-endpoints
          """)
  void sendsToTheVirtualAddressIfAsked(String port, String service, String reached) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:" + port, "service-upstream: true")
            .service("web", service)
            .slice("web", "[{name: a, port: 8001}]", POD)
            .router();

    assertThat(reached(router)).isEqualTo(reached);
    if (reached.startsWith("10.1")) {
      assertThat(NginxInput.findings(router)).containsExactly("nginx-service-address-missing");
    }
  }

  /** The ConfigMap decides for those without the annotation; what is no boolean is false. */
  @ParameterizedTest(name = "setting {0}, annotation {1}: {2}")
  @CsvSource({
    "true,  '',    10.7.0.1:80",
    "true,  false, 10.1.0.1:8080",
    "true,  x,     10.1.0.1:8080",
    "false, '',    10.1.0.1:8080",
    "false, true,  10.7.0.1:80",
    "false, t,     10.7.0.1:80",
    "false, yes,   10.1.0.1:8080",
  })
  void takesTheVirtualAddressBySetting(String setting, String annotation, String reached) {
    String[] annotations =
        annotation.isEmpty() ? new String[0] : new String[] {"service-upstream: " + annotation};
    IngressRouter router =
        new NginxInput()
            .settings("service-upstream: " + setting)
            .ingress("web", "a.shop / web:80", annotations)
            .service("web", "{clusterIP: 10.7.0.1, ports: [{port: 80}]}")
            .slice("web", "[{port: 8080}]", POD)
            .router();

    assertThat(reached(router)).isEqualTo(reached);
  }

  /** Decision 10: without a slice in the input endpoints are not known and count as there. */
  @Test
  void leavesTheEndpointOpenIfTheInputHoldsNoSlice() {
    NginxInput input =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "affinity: cookie", "default-backend: spare")
            .ingress("alias", "a.shop /alias alias:80")
            .ingress("virtual", "a.shop /virtual virtual:80", "service-upstream: true")
            .ingress("canary", "a.shop / new:80", "canary: true", "canary-by-header: X-Canary")
            .service("web", "{ports: [{port: 80}]}")
            .service("spare", "{ports: [{port: 80}]}")
            .service("new", "{ports: [{port: 80}]}")
            .service("alias", "{type: ExternalName, externalName: shop.example}")
            .service("virtual", "{clusterIP: 10.7.0.1, ports: [{port: 80}]}");
    IngressRouter router = input.builder().allowExternalNames(true).build();
    Forward forward = NginxInput.forward(router, "http://a.shop/");

    assertThat(forward.endpoint()).isNull();
    assertThat(NginxInput.cookie(forward)).isEmpty();
    assertThat(forward.requestHeaders().asMap()).doesNotContainKey("X-Code");
    assertThat(NginxInput.service(router, "http://a.shop/", "X-Canary: always")).isEqualTo("new");
    assertThat(NginxInput.forward(router, "http://a.shop/alias").endpoint())
        .isEqualTo(new Endpoint("shop.example", 80));
    assertThat(NginxInput.forward(router, "http://a.shop/virtual").endpoint())
        .isEqualTo(new Endpoint("10.7.0.1", 80));
    IngressRouter complete = input.builder().endpoints(EndpointKnowledge.COMPLETE).build();
    assertThat(NginxInput.service(complete, "http://a.shop/")).isEqualTo("503 no-endpoints");
  }

  @Test
  void neverSendsToSpecialAddresses() {
    IngressRouter router =
        input("80", "{ports: [{port: 80}]}", "[{port: 80}]", "[{addresses: [169.254.169.254]}]")
            .router();

    assertThat(reached(router)).isEqualTo("503 no-endpoints");
    assertThat(NginxInput.findings(router)).contains("address-special");
  }
}
