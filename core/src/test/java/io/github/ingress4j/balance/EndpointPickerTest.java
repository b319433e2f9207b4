package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointPickerTest {

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new Endpoint("10.0.0." + (i + 1), 8080));
    }
    return endpoints;
  }

  @Property
  void givesEveryEndpointItsTurn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int count,
      @ForAll @IntRange(min = 1, max = 5) int rounds) {
    BalancerState state = new BalancerState(new Random(seed));
    Map<Endpoint, Integer> turns = new HashMap<>();
    for (int i = 0; i < count * rounds; i++) {
      turns.merge(EndpointPicker.ROUND_ROBIN.pick("a", endpoints(count), state), 1, Integer::sum);
    }

    // Unsigned turns wrap once in 2^32: a start just below that may move one request.
    assertThat(turns.values()).allMatch(n -> Math.abs(n - rounds) <= 1);
    assertThat(turns).hasSize(count);
  }

  @Test
  void startsUpstreamsAtDifferentPlaces() {
    Set<Endpoint> first = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      BalancerState state = new BalancerState(new Random(seed));
      first.add(EndpointPicker.ROUND_ROBIN.pick("a", endpoints(5), state));
    }

    assertThat(first).hasSize(5);
  }

  @Test
  void keepsTheTurnOfEachUpstreamApart() {
    BalancerState state = new BalancerState(new Random(1));
    Endpoint a1 = EndpointPicker.ROUND_ROBIN.pick("a", endpoints(3), state);
    EndpointPicker.ROUND_ROBIN.pick("b", endpoints(3), state);
    EndpointPicker.ROUND_ROBIN.pick("b", endpoints(3), state);
    Endpoint a2 = EndpointPicker.ROUND_ROBIN.pick("a", endpoints(3), state);

    int step = endpoints(3).indexOf(a2) - endpoints(3).indexOf(a1);
    assertThat(Math.floorMod(step, 3)).isEqualTo(1);
  }

  @Test
  void goesOnWhereItWasUnlessTheUpstreamIsGone() {
    // Zero as every start makes the turns visible.
    Random zero =
        new Random() {
          private static final long serialVersionUID = 1;

          @Override
          public int nextInt() {
            return 0;
          }
        };
    BalancerState state = new BalancerState(zero);
    assertThat(state.nextTurn("a", 10)).isZero();
    assertThat(state.nextTurn("b", 10)).isZero();
    state.retain(List.of("a"));

    assertThat(state.nextTurn("a", 10)).isEqualTo(1);
    assertThat(state.nextTurn("b", 10)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 10.0.0.1:80", "fd00::1, [fd00::1]:80", "a.shop, a.shop:80"})
  void printsEndpointsAsAuthorities(String host, String printed) {
    assertThat(new Endpoint(host, 80)).hasToString(printed);
  }

  @Test
  void refusesImpossibleEndpoints() {
    assertThatThrownBy(() -> new Endpoint("", 80)).hasMessage("an endpoint needs a host");
    assertThatThrownBy(() -> new Endpoint("a", 0)).hasMessage("port 0 is not between 1 and 65535");
    assertThatThrownBy(() -> new Endpoint("a", 65536))
        .hasMessage("port 65536 is not between 1 and 65535");
  }
}
