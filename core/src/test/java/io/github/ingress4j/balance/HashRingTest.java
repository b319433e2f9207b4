package io.github.ingress4j.balance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ring of ingress-nginx.md §8.3, and REL-27: one of N members moves about 1/N of the keys. */
class HashRingTest {

  /** The formula of §8.3, word by word. */
  private static final class NaiveRing {
    private final TreeMap<Long, String> points = new TreeMap<>();

    NaiveRing(List<String> names) {
      for (String name : names) {
        long point = 0;
        for (int i = 0; i < 160; i++) {
          CRC32 crc = new CRC32();
          crc.update(name.getBytes(ISO_8859_1));
          crc.update(
              ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) point).array());
          point = crc.getValue();
          // Equal points: the lesser name.
          points.merge(point, name, (one, other) -> one.compareTo(other) <= 0 ? one : other);
        }
      }
    }

    String find(String key) {
      CRC32 crc = new CRC32();
      crc.update(key.getBytes(ISO_8859_1));
      Map.Entry<Long, String> next = points.ceilingEntry(crc.getValue());
      return next == null ? points.firstEntry().getValue() : next.getValue();
    }
  }

  private static List<String> names(int count, long seed) {
    Random random = new Random(seed);
    List<String> names = new ArrayList<>();
    while (names.size() < count) {
      String name = "10." + random.nextInt(256) + "." + random.nextInt(256) + ".7:8080";
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static String find(HashRing<String> ring, String key) {
    return ring.members().get(ring.indexOf(key));
  }

  @Property
  void findsWhatTheFormulaFinds(
      @ForAll @IntRange(min = 1, max = 12) int count,
      @ForAll long seed,
      @ForAll List<@CharRange(from = '\0', to = '\u00FF') String> keys) {
    List<String> names = names(count, seed);
    HashRing<String> ring = new HashRing<>(names);
    NaiveRing naive = new NaiveRing(names);

    assertThat(keys).allSatisfy(key -> assertThat(find(ring, key)).isEqualTo(naive.find(key)));
    for (int i = 0; i < 200; i++) {
      assertThat(find(ring, "/item/" + i)).isEqualTo(naive.find("/item/" + i));
    }
  }

  @ParameterizedTest(name = "\"{0}\" belongs to {1}")
  @CsvSource(
      textBlock =
          """
          '',             10.0.0.1:8080
          a,              10.0.0.3:8080
          /,              10.0.0.1:8080
          /pay?x=1,       10.0.0.4:8080
          abc.sample.com, 10.0.0.3:8080
          é,              10.0.0.1:8080
          user-42,        10.0.0.3:8080
          """)
  void findsWhatWasComputedElsewhere(String key, String name) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      endpoints.add(new Endpoint("10.0.0." + i, 8080));
    }
    HashRing<Endpoint> ring = new HashRing<>(endpoints);

    assertThat(endpoints.get(ring.indexOf(key))).hasToString(name);
  }

  @Test
  void wrapsBehindTheLastPointToTheFirst() {
    List<String> names = names(2, 1);
    HashRing<String> ring = new HashRing<>(names);
    NaiveRing naive = new NaiveRing(names);
    long last = naive.points.lastKey();
    String behind = null;
    for (int i = 0; behind == null; i++) {
      CRC32 crc = new CRC32();
      crc.update(("k" + i).getBytes(ISO_8859_1));
      behind = crc.getValue() > last ? "k" + i : null;
    }

    assertThat(find(ring, behind)).isEqualTo(naive.points.firstEntry().getValue());
  }

  @Property
  void movesOnlyTheKeysOfAMemberThatLeaves(
      @ForAll @IntRange(min = 2, max = 12) int count, @ForAll long seed) {
    List<String> names = names(count, seed);
    String leaving = names.get(new Random(seed).nextInt(count));
    List<String> left = new ArrayList<>(names);
    left.remove(leaving);
    HashRing<String> before = new HashRing<>(names);
    HashRing<String> after = new HashRing<>(left);
    int keys = 3000;
    int moved = 0;
    for (int i = 0; i < keys; i++) {
      String key = "session-" + i;
      if (!find(before, key).equals(find(after, key))) {
        moved++;
        assertThat(find(before, key)).isEqualTo(leaving);
      }
    }

    // A share of 160 points deviates by about 8 % of itself; half of it is never reached.
    assertThat(moved).isBetween(keys / count / 2, keys * 3 / count / 2);
  }

  @Test
  void givesMembersNearlyEqualShares() {
    HashRing<String> ring = new HashRing<>(names(10, 4));
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      shares.merge(find(ring, "/item/" + i), 1, Integer::sum);
    }

    assertThat(shares).hasSize(10);
    assertThat(shares.values()).allMatch(share -> share > 7_000 && share < 13_000);
  }

  @Property(tries = 50)
  void doesNotDependOnTheOrderOfMembers(
      @ForAll @IntRange(min = 2, max = 20) int count, @ForAll long seed) {
    List<String> names = names(count, seed);
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(seed));
    HashRing<String> one = new HashRing<>(names);
    HashRing<String> other = new HashRing<>(shuffled);

    for (int i = 0; i < 500; i++) {
      assertThat(find(one, "k" + i)).isEqualTo(find(other, "k" + i));
    }
  }

  @Test
  void givesAPointOfTwoMembersToTheLesserName() {
    List<String> names = List.of("10.0.0.206:80", "10.0.1.11:80");
    long common = 0x1641ED2DL;
    NaiveRing naive = new NaiveRing(names);
    assertThat(naive.points).hasSize(2 * 160 - 1).containsKey(common);
    String key = null;
    for (int i = 0; key == null; i++) {
      CRC32 crc = new CRC32();
      crc.update(("k" + i).getBytes(ISO_8859_1));
      Long next = naive.points.ceilingKey(crc.getValue());
      key = next != null && next == common ? "k" + i : null;
    }

    assertThat(find(new HashRing<>(names), key)).isEqualTo("10.0.0.206:80");
    assertThat(find(new HashRing<>(List.of(names.get(1), names.get(0))), key))
        .isEqualTo("10.0.0.206:80");
  }

  @Property
  void computesTheChecksumOfTheJdk(@ForAll @CharRange(from = '\0', to = '\u00FF') String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(ISO_8859_1));

    assertThat(HashRing.crc(text)).isEqualTo((int) crc.getValue());
  }

  @Test
  void countsACharacterBeyondLatin1AsTwoBytes() {
    assertThat(HashRing.crc("\u0142")).isEqualTo(HashRing.crc("B\u0001"));
  }

  @Test
  void takesAKeyOfAnyLength() {
    List<String> names = names(5, 9);
    String huge = "x".repeat(1_000_000);

    assertThat(find(new HashRing<>(names), huge)).isEqualTo(new NaiveRing(names).find(huge));
  }

  @Test
  void hasNothingToFindWithoutMembers() {
    HashRing<String> ring = new HashRing<>(List.of());

    assertThatThrownBy(() -> ring.indexOf("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there is no endpoint to pick");
  }

  @Test
  void answersThreadsThatComeTogether() throws Exception {
    List<String> names = names(50, 3);
    NaiveRing naive = new NaiveRing(names);
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 20; round++) {
        HashRing<String> ring = new HashRing<>(names);
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Callable<String>> calls =
            Collections.nCopies(
                threads,
                () -> {
                  barrier.await();
                  return find(ring, "a key");
                });
        for (Future<String> answer : executor.invokeAll(calls)) {
          assertThat(answer.get()).isEqualTo(naive.find("a key"));
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void isEqualByItsMembers() {
    HashRing<String> ring = new HashRing<>(List.of("a", "b"));
    ring.indexOf("made");

    assertThat(ring).isEqualTo(new HashRing<>(List.of("a", "b"))).hasToString("[a, b]");
    assertThat(ring).hasSameHashCodeAs(new HashRing<>(List.of("a", "b")));
    assertThat(ring).isNotEqualTo(new HashRing<>(List.of("b", "a"))).isNotEqualTo("[a, b]");
  }
}
