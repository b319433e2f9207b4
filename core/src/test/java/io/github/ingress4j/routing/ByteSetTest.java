package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ByteSetTest {

  @Property
  void isASetOfBytes(
      @ForAll @IntRange(max = 255) int first, @ForAll @IntRange(max = 255) int last) {
    BitSet expected = new BitSet(256);
    expected.set(Math.min(first, last), Math.max(first, last) + 1);
    ByteSet set = ByteSet.range(Math.min(first, last), Math.max(first, last));

    assertThat(set.size()).isEqualTo(expected.cardinality());
    assertThat(set.complement().size()).isEqualTo(256 - expected.cardinality());
    for (int c = 0; c < 256; c++) {
      assertThat(set.contains(c)).isEqualTo(expected.get(c));
      int other = Octets.isLetter(c) ? c ^ 0x20 : c;
      assertThat(set.folded().contains(c)).isEqualTo(expected.get(c) || expected.get(other));
    }
    assertThat(set.contains(256 + first)).isFalse();
    assertThat(set.contains(-1)).isFalse();
    int next = expected.nextSetBit(first);
    assertThat(set.next(first)).isEqualTo(next < 0 ? 256 : next);
    assertThat(ByteSet.ALL.containsAll(set)).isTrue();
    assertThat(set.containsAll(ByteSet.ALL)).isEqualTo(set.size() == 256);
    assertThat(set.folded().isFolded()).isTrue();
  }
}
