package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendMappingTest {

  @Test
  void readsAddresses() {
    BackendMapping mapping =
        BackendMapping.parse("default/web:80=localhost:3000,[::1]:3001,1.2.3.4:5");

    assertThat(mapping.backend()).isEqualTo(new Backend.ServicePort("default", "web", "80", true));
    assertThat(mapping.endpoints())
        .containsExactly(
            new Endpoint("localhost", 3000), new Endpoint("::1", 3001), new Endpoint("1.2.3.4", 5));
    assertThat(BackendMapping.parse("a/b:http=c:1").backend())
        .isEqualTo(new Backend.ServicePort("a", "b", "http", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "=",
        "a/b:1",
        "a/b:1=",
        "a/b=c:1",
        "a:1=c:1",
        "a/b:1=c:0",
        "a/b:1=c:65536",
        "a/b:1=c:01",
        "a/b:1=::1:80",
        "a/b:1=[c]:80",
        "a/b:1=c:1,",
        "a/b:1=c d:1",
        "a/b:0=c:1",
        "a/B:1=c:1",
        "a/b:1=:1",
        "a/b:1=256.1.1.1:80",
        "a/b:1=1.2:80",
        "a/b:1=..:80",
        "a/b:1=[::g]:80",
        "a/b:1=[]:1",
        "a/b:1=c:1x"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> BackendMapping.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(" is not ");
  }
}
