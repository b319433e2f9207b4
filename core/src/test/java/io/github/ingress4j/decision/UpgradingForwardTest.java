package io.github.ingress4j.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.policy.Upgrade;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ingress-nginx, section 10, row Upgrade; hardening, SEC-34. */
class UpgradingForwardTest {

  private static final RequestView REQUEST =
      SimpleRequest.builder()
          .url("http://a.shop/")
          .header("Connection", "Upgrade, X-Hop")
          .header("Upgrade", "tcp")
          .header("X-Hop", "1")
          .build();

  private static TransportSettings transport(
      TransportSettings.Protocol protocol,
      TransportSettings.Version version,
      @Nullable String connection) {
    return new TransportSettings(
        protocol,
        version,
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        connection,
        false,
        false,
        TransportSettings.Rate.UNLIMITED,
        null);
  }

  private static Exchange exchange(TransportSettings transport, Exchange.Reading reading) {
    Route route =
        Route.of(
            "default/web",
            null,
            null,
            new Backend.ServicePort("default", "web", "80", true),
            Upstream.of(
                "default/web:80",
                EndpointPicker.roundRobin(List.of(new Endpoint("10.1.0.1", 8080))),
                null,
                transport),
            null);
    return new Exchange(
        new Exchange.Snapshot(
            RoutingTable.<Route>builder().build(),
            route,
            PathPolicy.STRICT,
            reading,
            new BalancerState(new Random(0), InstantSource.system()),
            new Counters(),
            new ClientState(InstantSource.system())),
        REQUEST);
  }

  private static Forward forward(TransportSettings transport) {
    return (Forward) exchange(transport, Exchange.Reading.kubernetes(List.of())).first();
  }

  @ParameterizedTest
  @EnumSource
  void asksForAnUpgradeOverHttp1Only(TransportSettings.Protocol protocol) {
    Forward forward = forward(transport(protocol, TransportSettings.Version.HTTP_1_1, null));
    assertThat(forward.upgrade())
        .isEqualTo(
            switch (protocol) {
              case HTTP, HTTPS -> new Upgrade(List.of("tcp"));
              case H2C, H2 -> null;
            });
  }

  @Test
  void asksForNoUpgradeOverHttp10() {
    assertThat(
            forward(
                    transport(
                        TransportSettings.Protocol.HTTP, TransportSettings.Version.HTTP_1_0, null))
                .upgrade())
        .isNull();
  }

  /** ingress-nginx: connection-proxy-header takes the place of the upgrade logic. */
  @Test
  void asksForNoUpgradeIfConnectionIsSetByTheRules() {
    assertThat(
            forward(
                    transport(
                        TransportSettings.Protocol.HTTP,
                        TransportSettings.Version.HTTP_1_1,
                        "keep-alive"))
                .upgrade())
        .isNull();
  }

  @Test
  void leavesTheFieldsToTheSender() {
    List<String> names = new ArrayList<>();
    forward(TransportSettings.DEFAULT).eachHeader((name, value) -> names.add(name));
    assertThat(names).doesNotContain("Upgrade", "Connection", "X-Hop").contains("X-Forwarded-For");
  }

  @Test
  void passesOnThatABackEndSwitches() {
    Exchange exchange = exchange(TransportSettings.DEFAULT, Exchange.Reading.kubernetes(List.of()));
    Forward forward = (Forward) exchange.first();
    Step step = exchange.replied(forward, new Exchange.ReplyHead(101, Map.of("X", List.of("1"))));
    assertThat(step).isInstanceOf(Relay.class);
    assertThat(((Relay) step).status()).isEqualTo(101);
  }
}
