package io.github.ingress4j.balance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Members on a ring of hash values. A key belongs to the member whose point comes next.
 *
 * <p>Immutable and thread-safe. Equal to a ring with equal members in the same order.
 *
 * @param <M> the members; their printed form is their name
 */
final class HashRing<M> {

  /*
   * Every member has 160 points, so that members get nearly equal shares, and a member that comes
   * or goes takes or leaves its share only:
   *
   *      0                      h(key)                                   2^32 - 1
   *      |----a-----b--c----------x------b-----a--c------------b-----c---------|
   *                               '------^                    a key behind the last
   *                                this is b's                point belongs to the first
   *
   * The points of a member are a chain: each is the CRC-32 of the name and the point before it, as
   * four bytes in little-endian order; the first has zero before it. This is the ring that
   * ingress-nginx asks, so a request goes to the same endpoint as it did there. As CRC-32 works
   * byte by byte, the state after the name is computed once for all points of a member. Four bytes
   * are taken in one step, by four tables: the n-th says what a byte has become n bytes later. So
   * a point costs one step, and a key a quarter of the steps, without copying its bytes as
   * java.util.zip.CRC32 would need (EndpointPickerBenchmark, TREE_MAP).
   *
   * The points lie sorted in one array, the members they belong to in another, and the search is
   * for the first point that is not less than the key. Points are stored with the sign bit flipped,
   * so that signed comparison orders them as unsigned numbers. Where two members have the same
   * point, which the original leaves open, the lesser name comes first: so the ring does not
   * depend on the order in which endpoints were listed.
   *
   * Most upstreams of a snapshot are never hashed, so the arrays are made by the first look-up.
   * Others that come meanwhile wait for it: each would need as long to make its own, and at a
   * thousand endpoints that is milliseconds of every thread at once.
   */

  static final int POINTS_A_MEMBER = 160;

  private static final int[][] CRC_TABLES = crcTables();

  /** The points in ascending order, sign bit flipped, and the index of the member of each. */
  private static final class Points {
    private final int[] values;
    private final int[] owners;

    Points(int[] values, int[] owners) {
      this.values = values;
      this.owners = owners;
    }
  }

  private final List<M> members;
  private volatile @Nullable Points points;

  HashRing(List<M> members) {
    this.members = List.copyOf(members);
  }

  List<M> members() {
    return members;
  }

  /**
   * Returns the member that a key belongs to.
   *
   * @param key any text; a character is a byte, one above U+00FF is two
   * @return the member's index in {@link #members}
   * @throws IllegalStateException if there are no members
   */
  int indexOf(String key) {
    return indexOf(key, Set.of());
  }

  /**
   * Returns the member that a key belongs to if some members are left out: that of the next point
   * that is none of theirs.
   *
   * @param key any text; a character is a byte, one above U+00FF is two
   * @param left the members to leave out; if that is all of them, none is
   * @return the member's index in {@link #members}
   * @throws IllegalStateException if there are no members
   */
  int indexOf(String key, Set<M> left) {
    if (members.size() <= 1) {
      if (members.isEmpty()) {
        throw new IllegalStateException("there is no endpoint to pick");
      }
      return 0;
    }
    Points found = points;
    if (found == null) {
      found = makePoints();
    }
    int[] values = found.values;
    int hash = crc(key) ^ Integer.MIN_VALUE;
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int owner = found.owners[low == values.length ? 0 : low];
    return left.isEmpty() ? owner : next(found.owners, low, left);
  }

  private int next(int[] owners, int from, Set<M> left) {
    for (int i = 0; i < owners.length; i++) {
      int owner = owners[(from + i) % owners.length];
      if (!left.contains(members.get(owner))) {
        return owner;
      }
    }
    return owners[from % owners.length];
  }

  private synchronized Points makePoints() {
    Points made = points;
    if (made == null) {
      made = points(members);
      points = made;
    }
    return made;
  }

  private static Points points(List<?> members) {
    List<String> names = members.stream().map(Object::toString).toList();
    int[] byName =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparing(names::get))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sorted = new long[names.size() * POINTS_A_MEMBER];
    int next = 0;
    for (int rank = 0; rank < byName.length; rank++) {
      int state = crcState(names.get(byName[rank]));
      int point = 0;
      for (int i = 0; i < POINTS_A_MEMBER; i++) {
        point = ~fourSteps(state ^ point);
        sorted[next++] = (long) (point ^ Integer.MIN_VALUE) << 32 | rank;
      }
    }
    Arrays.sort(sorted);
    int[] values = new int[sorted.length];
    int[] owners = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      values[i] = (int) (sorted[i] >> 32);
      owners[i] = byName[(int) sorted[i]];
    }
    return new Points(values, owners);
  }

  /** The CRC-32 of IEEE 802.3, as in {@link java.util.zip.CRC32}, without copying the text. */
  static int crc(String text) {
    return ~crcState(text);
  }

  private static int crcState(String text) {
    int state = -1;
    int length = text.length();
    int i = 0;
    while (i + 4 <= length) {
      char first = text.charAt(i);
      char second = text.charAt(i + 1);
      char third = text.charAt(i + 2);
      char fourth = text.charAt(i + 3);
      if ((first | second | third | fourth) > 0xFF) {
        break;
      }
      state = fourSteps(state ^ (first | second << 8 | third << 16 | fourth << 24));
      i += 4;
    }
    for (; i < length; i++) {
      char c = text.charAt(i);
      state = step(state ^ (c & 0xFF));
      if (c > 0xFF) {
        state = step(state ^ (c >>> 8));
      }
    }
    return state;
  }

  /** The state after one byte, with which {@code state} was combined. */
  private static int step(int state) {
    return state >>> 8 ^ CRC_TABLES[0][state & 0xFF];
  }

  /** The state after four bytes, with which {@code state} was combined. */
  private static int fourSteps(int state) {
    return CRC_TABLES[3][state & 0xFF]
        ^ CRC_TABLES[2][state >>> 8 & 0xFF]
        ^ CRC_TABLES[1][state >>> 16 & 0xFF]
        ^ CRC_TABLES[0][state >>> 24];
  }

  private static int[][] crcTables() {
    int[][] tables = new int[4][256];
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ 0xEDB88320;
      }
      tables[0][i] = value;
    }
    for (int later = 1; later < 4; later++) {
      for (int i = 0; i < 256; i++) {
        int value = tables[later - 1][i];
        tables[later][i] = value >>> 8 ^ tables[0][value & 0xFF];
      }
    }
    return tables;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HashRing<?> ring && ring.members.equals(members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return members.toString();
  }
}
