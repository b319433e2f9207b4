package io.github.ingress4j.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The path patterns of one host as a compressed trie in one block of bytes. */
final class PathTrie {

  /*
   * The idea: all paths of a host share what they have in common, and a look-up walks the request
   * path once. In a trie of node objects every step is a cache miss; here the nodes lie in one array
   * of bytes, each right before one of its children, so that the walk runs through memory front to
   * back and a host with ten paths takes a few cache lines.
   *
   *   Exact /pay is rule 1, Prefix /pay/in rule 2, Prefix /pay/out rule 3:
   *
   *      "/pay" 1,0 ──'/'──► "" 0,0 ──'i'──► "n" 2,2
   *                                 └─'o'──► "ut" 3,3
   *
   *   a node:
   *      ┌──────────────┬───────────┬─────────┬─────────┬──────┬──────┬─────────────┐
   *      │ count of     │ length of │ rule at │ rule at │ stem │ keys │ offsets     │
   *      │ keys, 2 byte │ stem, 1   │ the end │ a slash │      │      │ (one a key) │
   *      └──────────────┴───────────┴─────────┴─────────┴──────┴──────┴─────────────┘
   *
   * The stem is the path from the node above to here, but for its first byte, which is the key that
   * led here. "Rule at the end" takes the path that ends behind the stem: an exact rule, or else a
   * prefix; "rule at a slash" takes the paths that go on with a slash there: a prefix. The walk
   * remembers the last prefix it passed: the deepest has the longest text. Of "/foo" and "/foo/",
   * which match the same paths, only the longer is in the trie. A number is 0 for none.
   *
   * If there are patterns of the kind "start", each node has a third rule behind the two: for all
   * paths that go on in any way, or end. It is passed on every way down, so that the walk remembers
   * it first and a prefix of the node, whose text is as long or longer, goes before it.
   *
   * Rules and offsets take two bytes, or four if the block is too large; its last byte says which.
   * A stem of more than 255 bytes goes on in an only child. Because a rule stands at fixed places of
   * its node, answers that depend on each other are settled when the trie is built and the walk has
   * few branches; keys are compared eight at a time, see keyAt. The oracle is the naive table in the
   * tests.
   */

  private static final int MAX_STEM = 255;

  /** Of the last byte: numbers take four bytes. */
  private static final int WIDE = 1;

  /** Of the last byte: nodes have a third rule, and {@link #findStart} reads them. */
  private static final int STARTS = 2;

  private static final long EVERY_BYTE = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private PathTrie() {}

  /**
   * Returns the index of the rule that takes a path, or 0 for none. Allocates nothing.
   *
   * @param block what {@link #freeze} made
   */
  static int find(byte[] block, String path, int start, int end) {
    int form = block[block.length - 1];
    if (form >= STARTS) {
      return findStart(block, path, start, end, false);
    }
    boolean wide = form != 0;
    int width = wide ? 4 : 2;
    int best = 0;
    int i = start;
    int node = 0;
    while (true) {
      int keys = (short) SHORT.get(block, node);
      int rules = node + 3;
      int pos = rules + 2 * width;
      int stemEnd = pos + (block[node + 2] & 0xFF);
      if (end - i < stemEnd - pos) {
        return best;
      }
      while (pos < stemEnd) {
        if ((block[pos++] & 0xFF) != path.charAt(i++)) {
          return best;
        }
      }
      if (i == end) {
        int rule = number(block, rules, wide);
        return rule != 0 ? rule : best;
      }
      char next = path.charAt(i++);
      if (next == '/') {
        int rule = number(block, rules + width, wide);
        best = rule != 0 ? rule : best;
      }
      int key = keyAt(block, pos, keys, next);
      if (key < 0) {
        return best;
      }
      node = number(block, pos + keys + key * width, wide);
    }
  }

  /**
   * Returns the index of the rule that takes a path, or 0 for none, in a trie with starts.
   * Allocates nothing.
   *
   * @param folds whether the path is read as if its ASCII letters were in lower case
   */
  static int findStart(byte[] block, String path, int start, int end, boolean folds) {
    boolean wide = (block[block.length - 1] & WIDE) != 0;
    int width = wide ? 4 : 2;
    int best = 0;
    int i = start;
    int node = 0;
    while (true) {
      int keys = (short) SHORT.get(block, node);
      int rules = node + 3;
      int pos = rules + 3 * width;
      int stemEnd = pos + (block[node + 2] & 0xFF);
      if (end - i < stemEnd - pos) {
        return best;
      }
      while (pos < stemEnd) {
        char c = path.charAt(i++);
        if ((block[pos++] & 0xFF) != (folds ? Octets.lower(c) : c)) {
          return best;
        }
      }
      int rule = number(block, rules + 2 * width, wide);
      best = rule != 0 ? rule : best;
      if (i == end) {
        rule = number(block, rules, wide);
        return rule != 0 ? rule : best;
      }
      char next = path.charAt(i++);
      if (next == '/') {
        rule = number(block, rules + width, wide);
        best = rule != 0 ? rule : best;
      }
      int key = keyAt(block, pos, keys, folds ? Octets.lower(next) : next);
      if (key < 0) {
        return best;
      }
      node = number(block, pos + keys + key * width, wide);
    }
  }

  /**
   * Returns the position of a byte among the keys, or -1. Eight keys are compared by a handful of
   * instructions without a branch that the processor could guess wrongly: a byte of {@code
   * difference} is zero where the key is the one looked for, and the lowest high bit that the
   * subtraction leaves stands in the first of them. What is read beyond the keys are offsets and
   * the first child, at least seven bytes, so that no read leaves the block.
   */
  private static int keyAt(byte[] block, int pos, int keys, char next) {
    if (next > 0xFF) {
      return -1;
    }
    long wanted = next * EVERY_BYTE;
    for (int first = 0; first < keys; first += 8) {
      long difference = (long) LONG.get(block, pos + first) ^ wanted;
      long zero = (difference - EVERY_BYTE) & ~difference & HIGH_BITS;
      int key = first + (Long.numberOfTrailingZeros(zero) >>> 3);
      if (zero != 0) {
        return key < keys ? key : -1;
      }
    }
    return -1;
  }

  private static int number(byte[] block, int pos, boolean wide) {
    return wide ? (int) INT.get(block, pos) : (short) SHORT.get(block, pos) & 0xFFFF;
  }

  /** Whether the trie of these rules may need four bytes an index or offset. */
  private static boolean isWide(List<? extends Match<?>> rules) {
    long chars = 0;
    for (Match<?> rule : rules) {
      chars += rule.path().text().length();
    }
    return isWide(rules.size(), chars);
  }

  private static boolean isWide(int rules, long chars) {
    // A key adds at most a leaf and the node that branches off to it; a long stem adds one more
    // node every 255 bytes. A node has 3 bytes, three indexes at most, and a key and an offset
    // above it.
    long nodes = 2L * rules + 1 + chars / MAX_STEM;
    return 1 + chars + nodes * (4 + 4 * 2) > 0xFFFF;
  }

  /**
   * Returns the trie of some rules.
   *
   * @param rules the rules, none with {@link PathPattern.Rest}; the index of a rule is its place
   *     here plus 1
   */
  static byte[] freeze(List<? extends Match<?>> rules) {
    Set<String> slashed = new HashSet<>();
    boolean starts = false;
    for (Match<?> rule : rules) {
      PathPattern path = rule.path();
      starts |= path instanceof PathPattern.Start;
      if (path instanceof PathPattern.Prefix && path.text().endsWith("/")) {
        slashed.add(path.text());
      }
    }
    List<Key> keys = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      PathPattern path = rules.get(i).path();
      // The prefix of the same text covers the same paths and goes first.
      if (!(path instanceof PathPattern.Start) || !slashed.contains(path.text())) {
        keys.add(Key.of(path, i + 1));
      }
    }
    return freeze(keys.toArray(Key[]::new), starts, isWide(rules));
  }

  private static byte[] freeze(Key[] keys, boolean starts, boolean wide) {
    Arrays.sort(keys);
    return new Writer(wide, starts, keys).write();
  }

  /**
   * Returns a trie of starts, to be asked with {@link #findStart}.
   *
   * @param texts the texts, each once; the index of one is its place here plus 1
   */
  static byte[] freezeStarts(List<String> texts) {
    Key[] keys = new Key[texts.size()];
    long chars = 0;
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Key(texts.get(i), Key.START, false, i + 1);
      chars += texts.get(i).length();
    }
    return freeze(keys, true, isWide(keys.length, chars));
  }

  /**
   * What stands in the trie for a rule.
   *
   * @param text where the rule stands: its path, for a prefix without the trailing slash
   * @param slash whether it is a prefix with a trailing slash, which outranks the one without
   */
  private record Key(String text, int kind, boolean slash, int index) implements Comparable<Key> {

    static final int EXACT = 0;
    static final int PREFIX = 1;
    static final int START = 2;

    static Key of(PathPattern pattern, int index) {
      String text = pattern.text();
      if (pattern instanceof PathPattern.Prefix prefix) {
        int stem = prefix.stemLength();
        return new Key(text.substring(0, stem), PREFIX, stem < text.length(), index);
      }
      return new Key(text, pattern instanceof PathPattern.Start ? START : EXACT, false, index);
    }

    /** Orders by text alone: keys of one text meet in one node, where their order is no matter. */
    @Override
    public int compareTo(Key other) {
      return text.compareTo(other.text);
    }
  }

  /** Writes the nodes depth first, so that each stands right before one of its children. */
  private static final class Writer {

    private final Key[] keys;
    private final boolean wide;
    private final boolean starts;
    private byte[] block;
    private int size;

    /**
     * Nodes still to be written, four numbers each: the first of the keys below it, the end of the
     * keys, how many characters lead to it, and where its parent wants its position, or -1. A stack
     * instead of recursion, because the depth is that of the paths, which others choose.
     */
    private int[] open = new int[64];

    private int openSize;

    Writer(boolean wide, boolean starts, Key[] keys) {
      this.keys = keys;
      this.wide = wide;
      this.starts = starts;
      this.block = new byte[24 * keys.length + 16];
    }

    byte[] write() {
      if (keys.length == 0) {
        // A node without anything.
        return freezeNothing();
      }
      push(0, keys.length, 0, -1);
      while (openSize > 0) {
        openSize -= 4;
        int offsetAt = open[openSize + 3];
        if (offsetAt >= 0) {
          setNumber(offsetAt, size);
        }
        writeNode(open[openSize], open[openSize + 1], open[openSize + 2]);
      }
      appendByte((wide ? WIDE : 0) | (starts ? STARTS : 0));
      return Arrays.copyOf(block, size);
    }

    private byte[] freezeNothing() {
      byte[] nothing = new byte[3 + 3 * 2 + 1];
      nothing[nothing.length - 1] = (byte) (starts ? STARTS : 0);
      return nothing;
    }

    private void push(int from, int to, int depth, int offsetAt) {
      if (openSize + 4 > open.length) {
        open = Arrays.copyOf(open, 2 * open.length);
      }
      open[openSize++] = from;
      open[openSize++] = to;
      open[openSize++] = depth;
      open[openSize++] = offsetAt;
    }

    private void writeNode(int from, int to, int depth) {
      String first = keys[from].text();
      int stemEnd = commonEnd(first, keys[to - 1].text(), depth);
      int node = size;
      appendByte(0);
      appendByte(0);
      appendByte(stemEnd - depth);
      int next = writeRules(from, to, stemEnd);
      for (int i = depth; i < stemEnd; i++) {
        appendByte(first.charAt(i));
      }
      if (next < to) {
        int count = writeKeys(next, to, stemEnd);
        SHORT.set(block, node, (short) count);
      }
    }

    /** Where two keys part, but not so far that the stem becomes too long. */
    private static int commonEnd(String a, String b, int from) {
      int end = Math.min(Math.min(a.length(), b.length()), from + MAX_STEM);
      int i = from;
      while (i < end && a.charAt(i) == b.charAt(i)) {
        i++;
      }
      return i;
    }

    /** Writes the rules that stand at the node and returns the first key that goes on. */
    private int writeRules(int from, int to, int stemEnd) {
      Key exact = null;
      Key prefix = null;
      Key start = null;
      int i = from;
      for (; i < to && keys[i].text().length() == stemEnd; i++) {
        Key key = keys[i];
        if (key.kind() == Key.EXACT) {
          exact = key;
        } else if (key.kind() == Key.START) {
          start = key;
        } else if (prefix == null || key.slash()) {
          prefix = key;
        }
      }
      // A prefix whose last element is empty does not take the path that ends here: of that path
      // the element is a trailing slash, which does not count. See PathPattern.Prefix.
      boolean atEnd = stemEnd > 0 && keys[from].text().charAt(stemEnd - 1) != '/';
      int index = prefix == null ? 0 : prefix.index();
      appendNumber(exact != null ? exact.index() : atEnd ? index : 0);
      appendNumber(index);
      if (starts) {
        appendNumber(start == null ? 0 : start.index());
      }
      return i;
    }

    /** Writes the keys of a node and returns how many they are; the children are left open. */
    private int writeKeys(int from, int to, int depth) {
      int children = openSize;
      for (int i = from; i < to; ) {
        int next = endOfGroup(i, to, depth);
        appendByte(keys[i].text().charAt(depth));
        push(i, next, depth + 1, -1);
        i = next;
      }
      for (int child = children; child < openSize; child += 4) {
        open[child + 3] = size;
        appendNumber(0);
      }
      return (openSize - children) / 4;
    }

    /**
     * Where the keys end that go on with the same character. Doubles its steps, then halves them:
     * looking at every key would make a chain of nested prefixes cost the square of its length.
     */
    private int endOfGroup(int from, int to, int depth) {
      char c = keys[from].text().charAt(depth);
      int low = from;
      int step = 1;
      while (low + step < to && keys[low + step].text().charAt(depth) == c) {
        low += step;
        step *= 2;
      }
      int high = Math.min(low + step, to);
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (keys[middle].text().charAt(depth) == c) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return high;
    }

    private void appendByte(int value) {
      room(1);
      block[size++] = (byte) value;
    }

    private void appendNumber(int value) {
      int width = wide ? 4 : 2;
      room(width);
      size += width;
      setNumber(size - width, value);
    }

    private void setNumber(int pos, int value) {
      if (wide) {
        INT.set(block, pos, value);
      } else {
        SHORT.set(block, pos, (short) value);
      }
    }

    private void room(int bytes) {
      if (size + bytes > block.length) {
        block = Arrays.copyOf(block, block.length + (block.length >> 1) + bytes);
      }
    }
  }
}
