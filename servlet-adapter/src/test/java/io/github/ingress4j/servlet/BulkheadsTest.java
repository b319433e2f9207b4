package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** REL-25: how many requests are at back ends. */
final class BulkheadsTest {

  @Test
  void countsAtEachBackEndAndInAll() {
    Bulkheads bulkheads = new Bulkheads(3, 2);
    Bulkheads.Place first = bulkheads.enter("a");
    assertThat(first).isNotNull();
    assertThat(bulkheads.enter("a")).isNotNull();
    assertThat(bulkheads.enter("a")).isNull();
    assertThat(bulkheads.enter("b")).isNotNull();
    assertThat(bulkheads.enter("c")).isNull();
    assertThat(bulkheads.entered()).isEqualTo(3);

    if (first != null) {
      first.close();
    }
    assertThat(bulkheads.entered()).isEqualTo(2);
    assertThat(bulkheads.enter("b")).isNotNull();
    assertThat(bulkheads.enter("b")).isNull();
  }

  /** Back ends come and go with the rules for as long as a process runs. */
  @Test
  void forgetsBackEndsThatNobodyIsAt() {
    Bulkheads bulkheads = new Bulkheads(10, 1);
    Bulkheads.Place held = bulkheads.enter("held");
    List<Integer> refused = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      try (Bulkheads.Place place = bulkheads.enter(i)) {
        if (place == null) {
          refused.add(i);
        }
      }
    }
    assertThat(refused).isEmpty();
    assertThat(bulkheads.known()).isLessThan(5_000);
    assertThat(bulkheads.enter("held")).isNull();
    if (held != null) {
      held.close();
    }
    assertThat(bulkheads.entered()).isZero();
  }
}
