package io.github.ingress4j.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The path patterns of one host as a compressed trie in one block of bytes. */
final class PathTrie {

  /*
   * The idea: all paths of a host share what they have in common, and a look-up walks the request
   * path once. A trie of node objects costs a cache miss a step; here the nodes lie in one array of
   * bytes, each before its first child, so that the walk runs through memory front to back and a
   * host with ten paths takes three or four cache lines.
   *
   *   Exact /pay, Prefix /pay/in, Prefix /pay/out:
   *
   *      "/pay" exact 1 ──'/'──► "" ──'i'──► "n"  prefix 2
   *                                └──'o'──► "ut" prefix 3
   *
   *   one node:
   *      ┌──────┬───────┬──────────────┬──────┬─────────┬──────────┬──────┬─────────────┐
   *      │ stem │ flags │ children - 1 │ stem │ exact?  │ prefix?  │ keys │ offsets     │
   *      │ size │       │              │      │ (index) │ (index)  │      │ (one a key) │
   *      └──────┴───────┴──────────────┴──────┴─────────┴──────────┴──────┴─────────────┘
   *
   * A key is the byte of the path that leads to the child; it is not part of the child's stem. Indexes and
   * offsets take two bytes, or four where the block is too large. A stem of more than 255 bytes goes
   * on in an only child.
   *
   * A prefix stands where its text without the trailing slash ends. It counts if the path ends there
   * or goes on with a slash. The walk remembers the last prefix that it passed: the deepest is the
   * longest. Of "/foo" and "/foo/", which match the same paths, only the longer is in the trie.
   *
   * Keys are compared eight at a time: see keyAt. The naive matcher in the tests is the oracle.
   */

  /** Before the root one byte says whether indexes and offsets take four bytes. */
  private static final int HEAD = 1;

  private static final int EXACT = 1;
  private static final int PREFIX = 2;

  /** The prefix also takes the path that ends here; see PathPattern.Prefix. */
  private static final int PREFIX_AT_END = 4;

  private static final int CHILDREN = 8;
  private static final int MAX_STEM = 255;

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
    boolean wide = block[0] != 0;
    int best = 0;
    int i = start;
    int at = HEAD;
    int width = wide ? 4 : 2;
    while (true) {
      int flags = block[at + 1];
      int keys = (block[at + 2] & 0xFF) + 1;
      int stemEnd = at + 3 + (block[at] & 0xFF);
      int pos = at + 3;
      if (end - i < stemEnd - pos) {
        return best;
      }
      while (pos < stemEnd) {
        if ((block[pos++] & 0xFF) != path.charAt(i++)) {
          return best;
        }
      }
      if (i == end) {
        if ((flags & EXACT) != 0) {
          return number(block, pos, wide);
        }
        return (flags & PREFIX_AT_END) != 0 ? number(block, pos, wide) : best;
      }
      char next = path.charAt(i++);
      if ((flags & (EXACT | PREFIX)) != 0) {
        if ((flags & EXACT) != 0) {
          pos += width;
        }
        if ((flags & PREFIX) != 0) {
          if (next == '/') {
            best = number(block, pos, wide);
          }
          pos += width;
        }
      }
      if ((flags & CHILDREN) == 0 || next > 0xFF) {
        return best;
      }
      int key = keyAt(block, pos, keys, next);
      if (key < 0) {
        return best;
      }
      at = number(block, pos + keys + key * width, wide);
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
    // A key adds at most a leaf and the node that branches off to it; a long stem adds one more
    // node every 255 bytes. A node has 3 bytes, two indexes, and a key and an offset above it.
    long nodes = 2L * rules.size() + 1 + chars / MAX_STEM;
    return HEAD + chars + nodes * (4 + 3 * 2) > 0xFFFF;
  }

  /**
   * Returns the trie of some rules.
   *
   * @param rules the rules, none with {@link PathPattern.Rest}; the index of a rule is its place
   *     here plus 1
   */
  static byte[] freeze(List<? extends Match<?>> rules) {
    Key[] keys = new Key[rules.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Key.of(rules.get(i).path(), i + 1);
    }
    Arrays.sort(keys);
    return new Writer(isWide(rules), keys).write();
  }

  /**
   * What stands in the trie for a rule.
   *
   * @param text where the rule stands: its path, for a prefix without the trailing slash
   * @param slash whether it is a prefix with a trailing slash, which outranks the one without
   */
  private record Key(String text, boolean exact, boolean slash, int index)
      implements Comparable<Key> {

    static Key of(PathPattern pattern, int index) {
      String text = pattern.text();
      if (pattern instanceof PathPattern.Prefix prefix) {
        int stem = prefix.stemLength();
        return new Key(text.substring(0, stem), false, stem < text.length(), index);
      }
      return new Key(text, true, false, index);
    }

    /** Orders by text alone: keys of one text meet in one node, where their order is no matter. */
    @Override
    public int compareTo(Key other) {
      return text.compareTo(other.text);
    }
  }

  /**
   * Some keys that have a node to themselves.
   *
   * @param depth how many characters lead to the node
   * @param offsetAt where the parent wants to know the position of the node; 0 for the root
   */
  private record Branch(int from, int to, int depth, int offsetAt) {}

  /** Writes the nodes depth first, so that each stands right before its first child. */
  private static final class Writer {

    private final Key[] keys;
    private final boolean wide;
    private byte[] block;
    private int size;

    Writer(boolean wide, Key[] keys) {
      this.keys = keys;
      this.wide = wide;
      this.block = new byte[24 * keys.length + 16];
    }

    byte[] write() {
      appendByte(wide ? 1 : 0);
      if (keys.length == 0) {
        return new byte[HEAD + 3];
      }
      // A stack instead of recursion: the depth is that of the paths, which others choose.
      Deque<Branch> open = new ArrayDeque<>();
      open.push(new Branch(0, keys.length, 0, 0));
      while (!open.isEmpty()) {
        writeNode(open.pop(), open);
      }
      return Arrays.copyOf(block, size);
    }

    private void writeNode(Branch branch, Deque<Branch> open) {
      if (branch.offsetAt() > 0) {
        setNumber(branch.offsetAt(), size);
      }
      String first = keys[branch.from()].text();
      int stemEnd = commonEnd(first, keys[branch.to() - 1].text(), branch.depth());
      int node = size;
      appendByte(stemEnd - branch.depth());
      appendByte(0);
      appendByte(0);
      for (int i = branch.depth(); i < stemEnd; i++) {
        appendByte(first.charAt(i));
      }
      int from = writeRules(branch, stemEnd, node);
      if (from < branch.to()) {
        writeKeys(from, branch.to(), stemEnd, node, open);
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
    private int writeRules(Branch branch, int stemEnd, int node) {
      Key exact = null;
      Key prefix = null;
      int i = branch.from();
      for (; i < branch.to() && keys[i].text().length() == stemEnd; i++) {
        Key key = keys[i];
        if (key.exact()) {
          exact = key;
        } else if (prefix == null || key.slash()) {
          prefix = key;
        }
      }
      int flags = 0;
      if (exact != null) {
        flags |= EXACT;
        appendNumber(exact.index());
      }
      if (prefix != null) {
        boolean atEnd = stemEnd > 0 && prefix.text().charAt(stemEnd - 1) != '/';
        flags |= atEnd ? PREFIX | PREFIX_AT_END : PREFIX;
        appendNumber(prefix.index());
      }
      block[node + 1] = (byte) flags;
      return i;
    }

    private void writeKeys(int from, int to, int depth, int node, Deque<Branch> open) {
      Deque<Branch> children = new ArrayDeque<>();
      for (int i = from; i < to; ) {
        int next = endOfGroup(i, to, depth);
        appendByte(keys[i].text().charAt(depth));
        children.push(new Branch(i, next, depth + 1, 0));
        i = next;
      }
      int count = children.size();
      block[node + 1] |= CHILDREN;
      block[node + 2] = (byte) (count - 1);
      int offsets = size;
      for (int i = 0; i < count; i++) {
        appendNumber(0);
      }
      int width = wide ? 4 : 2;
      for (int i = count - 1; i >= 0; i--) {
        Branch child = children.pop();
        open.push(new Branch(child.from(), child.to(), child.depth(), offsets + i * width));
      }
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
