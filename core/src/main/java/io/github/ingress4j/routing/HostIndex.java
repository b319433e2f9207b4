package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a table by name, each with its block of paths and its rules.
 *
 * @param <T> what rules lead to
 */
final class HostIndex<T> {

  /*
   * The idea: an open-addressing hash table, at most half full, of two arrays. The hashes lie
   * together, so that a probe of several steps stays in one cache line; block and rules of a host
   * lie side by side, and because their place follows from the hash alone, the processor fetches
   * both arrays at the same time. The host's name is not in the table but at the head of its block,
   * which the look-up reads next anyway.
   *
   *    hash("shop.example") ──► slot 5
   *
   *    hashes  │ ·  │ ·  │ 3e │ ·  │ ·  │ 91 │ 40 │ ·  │ ·  │
   *    cells   │    │    │ b r│    │    │ b r│ b r│    │ b r│ ◄── the last: rules of every host
   *                                       │ └──► Match[]: 0 is the rest, then the rules
   *                                       ▼
   *    block   │ 12 │ flags │ shop.example │ trie of the paths …  (PathTrie)
   *
   * A wildcard stands under what follows its star, ".example" for "*.example", with another hash so
   * that it is no name. A look-up tries the whole host; only if that fails, the part from the first
   * dot on. So the cost is that of one or two hashes, whatever the number of hosts.
   *
   * Names are chosen by others, so that the hash takes a random seed. Should names still crowd, by
   * bad luck or because the seed leaked, an insertion that would have to probe further than LIMIT
   * makes the table choose another seed: no look-up ever takes more steps, found or not. Answers
   * never depend on the seed, because the name is compared in the end.
   */

  /** The steps beyond the first that a probe takes at most. Luck alone needs about 70 for 10^6. */
  static final int LIMIT = 128;

  /** How often to try another seed before a longer probe is accepted, which no luck explains. */
  private static final int SEEDS_TO_TRY = 16;

  private static final int WILDCARD = 1;
  private static final int WIDE = 2;
  private static final int HEAD = 2;

  private static final long WILDCARD_SALT = 0x9E3779B97F4A7C15L;

  private final LongSupplier seeds;
  private final long seed;
  private final int[] hashes;
  private final @Nullable Object[] cells;
  private final int size;
  private final int wildcards;
  private final int longestProbe;

  private HostIndex(Editor<T> editor) {
    this.seeds = editor.seeds;
    this.seed = editor.seed;
    this.hashes = editor.hashes;
    this.cells = editor.cells;
    this.size = editor.size;
    this.wildcards = editor.wildcards;
    this.longestProbe = editor.longestProbe;
  }

  /**
   * Returns an index without hosts.
   *
   * @param seeds where seeds come from, now and if names crowd
   */
  static <T> HostIndex<T> empty(LongSupplier seeds) {
    return new Editor<T>(seeds).freeze();
  }

  /** The number of hosts, rules of every host included. */
  int size() {
    return size + (cells[cells.length - 2] == null ? 0 : 1);
  }

  /** The steps beyond the first that a look-up of a host in this index takes at most. */
  int longestProbe() {
    return longestProbe;
  }

  /**
   * Returns the rule that takes a request, or null for none. Allocates nothing.
   *
   * @param host where the host is, between the positions; the empty host has rules of every host
   */
  @Nullable Match<T> match(
      String host, int hostStart, int hostEnd, String path, int pathStart, int pathEnd) {
    int cell = find(host, hostStart, hostEnd);
    byte[] block = (byte[]) cells[cell];
    if (block == null) {
      return null;
    }
    @SuppressWarnings("unchecked") // Only put writes cells.
    @Nullable Match<T>[] rules = (@Nullable Match<T>[]) cells[cell + 1];
    int root = HEAD + (block[0] & 0xFF);
    return rules[PathTrie.find(block, root, (block[1] & WIDE) != 0, path, pathStart, pathEnd)];
  }

  /** Returns the rules of a host as they were put, or null if it has none. */
  @SuppressWarnings("unchecked") // Only put writes cells.
  @Nullable Match<T> @Nullable [] rules(HostPattern host) {
    int cell = cellOf(hashes, cells, longestProbe, seed, host);
    return cell < 0 ? null : (@Nullable Match<T>[]) cells[cell + 1];
  }

  private int find(String host, int start, int end) {
    int cell = probe(hash(seed, host, start, end), 0, host, start, end);
    if (cell >= 0) {
      return cell;
    }
    if (wildcards > 0) {
      int dot = start;
      while (dot < end && host.charAt(dot) != '.') {
        dot++;
      }
      if (dot > start && dot < end) {
        cell = probe(hash(seed ^ WILDCARD_SALT, host, dot, end), WILDCARD, host, dot, end);
        if (cell >= 0) {
          return cell;
        }
      }
    }
    return cells.length - 2;
  }

  private int probe(int hash, int kind, String host, int start, int end) {
    return probe(hashes, cells, longestProbe, hash, kind, host, start, end);
  }

  private static int probe(
      int[] hashes,
      @Nullable Object[] cells,
      int longestProbe,
      int hash,
      int kind,
      String host,
      int start,
      int end) {
    int mask = hashes.length - 1;
    int slot = hash & mask;
    for (int steps = 0; steps <= longestProbe; steps++) {
      int found = hashes[slot];
      if (found == hash && isNamed((byte[]) cells[2 * slot], kind, host, start, end)) {
        return 2 * slot;
      }
      if (found == 0) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private static boolean isNamed(
      byte @Nullable [] block, int kind, String host, int start, int end) {
    if (block == null || (block[0] & 0xFF) != end - start || (block[1] & WILDCARD) != kind) {
      return false;
    }
    for (int i = start, pos = HEAD; i < end; i++, pos++) {
      char c = host.charAt(i);
      byte b = block[pos];
      if (c != b && (c < 'A' || c > 'Z' || c + 32 != b)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The hash of a name, the same for both cases of a letter, never 0. Takes four characters a step:
   * a multiplication for each would cost more than all else. The multiplier is secret and the high
   * half comes back into the low one, so that names which collide cannot be made without the seed.
   */
  private static int hash(long seed, String name, int start, int end) {
    long factor = (seed * 0xD1342543DE82EF95L) | 1;
    int length = end - start;
    long h = seed + length;
    int i = start;
    for (; i <= end - 4; i += 4) {
      h = step(h, factor, four(name, i));
    }
    if (i < end) {
      if (length >= 4) {
        h = step(h, factor, four(name, end - 4));
      } else {
        for (; i < end; i++) {
          h = step(h, factor, name.charAt(i));
        }
      }
    }
    int folded = (int) (h ^ (h >>> 15));
    return folded == 0 ? 1 : folded;
  }

  private static long step(long h, long factor, int chars) {
    // The bit that makes a letter lower case; the other characters of names have it anyway.
    long mixed = (h ^ ((chars | 0x20202020) & 0xFFFFFFFFL)) * factor;
    return mixed ^ (mixed >>> 32);
  }

  private static int four(String name, int i) {
    return name.charAt(i)
        | name.charAt(i + 1) << 8
        | name.charAt(i + 2) << 16
        | name.charAt(i + 3) << 24;
  }

  private static int hash(long seed, HostPattern host) {
    String text = host.text();
    return host instanceof HostPattern.Wildcard
        ? hash(seed ^ WILDCARD_SALT, text, 1, text.length())
        : hash(seed, text, 0, text.length());
  }

  private static int cellOf(
      int[] hashes, @Nullable Object[] cells, int longestProbe, long seed, HostPattern host) {
    if (host instanceof HostPattern.Any) {
      return cells[cells.length - 2] == null ? -1 : cells.length - 2;
    }
    String text = host.text();
    boolean wildcard = host instanceof HostPattern.Wildcard;
    return probe(
        hashes,
        cells,
        longestProbe,
        hash(seed, host),
        wildcard ? WILDCARD : 0,
        text,
        wildcard ? 1 : 0,
        text.length());
  }

  /** Starts a changed copy. Blocks and rules of hosts that are not touched are shared. */
  Editor<T> edit() {
    return new Editor<>(this);
  }

  /** An index being made. Not thread-safe; used once. */
  static final class Editor<T> {

    private final LongSupplier seeds;
    private long seed;
    private int[] hashes;
    private @Nullable Object[] cells;
    private int size;
    private int wildcards;
    private int longestProbe;

    private Editor(LongSupplier seeds) {
      this.seeds = seeds;
      this.seed = seeds.getAsLong();
      this.hashes = new int[2];
      this.cells = new Object[2 * 2 + 2];
    }

    private Editor(HostIndex<T> index) {
      this.seeds = index.seeds;
      this.seed = index.seed;
      this.hashes = index.hashes.clone();
      this.cells = index.cells.clone();
      this.size = index.size;
      this.wildcards = index.wildcards;
      this.longestProbe = index.longestProbe;
    }

    HostIndex<T> freeze() {
      return new HostIndex<>(this);
    }

    /** Makes room for so many more hosts at once. */
    void reserve(int more) {
      int capacity = hashes.length;
      while (capacity / 2 < size + more) {
        capacity = Math.multiplyExact(capacity, 2);
      }
      if (capacity > hashes.length) {
        rehash(capacity);
      }
    }

    /**
     * Puts a host, in place of what it had.
     *
     * @param rules the rules of the host, all with this pattern; their order does not matter
     */
    void put(HostPattern host, List<Match<T>> rules) {
      @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a parameterised type.
      @Nullable Match<T>[] cell = (@Nullable Match<T>[]) new Match[rules.size() + 1];
      List<Match<T>> inTrie = new ArrayList<>(rules.size());
      for (Match<T> rule : rules) {
        if (rule.path() instanceof PathPattern.Rest) {
          cell[0] = rule;
        } else {
          inTrie.add(rule);
          cell[inTrie.size()] = rule;
        }
      }
      @Nullable Match<T>[] all =
          inTrie.size() == rules.size() ? cell : Arrays.copyOf(cell, rules.size());
      put(host, block(host, inTrie), all);
    }

    private static byte[] block(HostPattern host, List<? extends Match<?>> rules) {
      boolean wildcard = host instanceof HostPattern.Wildcard;
      String name = wildcard ? host.text().substring(1) : host.text();
      byte[] head = new byte[HEAD + name.length()];
      boolean wide = PathTrie.isWide(head.length, rules);
      head[0] = (byte) name.length();
      head[1] = (byte) ((wildcard ? WILDCARD : 0) | (wide ? WIDE : 0));
      for (int i = 0; i < name.length(); i++) {
        head[HEAD + i] = (byte) name.charAt(i);
      }
      return PathTrie.freeze(head, wide, rules);
    }

    private void put(HostPattern host, byte[] block, Object rules) {
      int cell = cellOf(hashes, cells, longestProbe, seed, host);
      if (cell >= 0 || host instanceof HostPattern.Any) {
        cell = cell >= 0 ? cell : cells.length - 2;
        cells[cell] = block;
        cells[cell + 1] = rules;
        return;
      }
      reserve(1);
      insert(hash(seed, host), block, rules);
      size++;
      if (host instanceof HostPattern.Wildcard) {
        wildcards++;
      }
      for (int i = 0; i < SEEDS_TO_TRY && longestProbe > LIMIT; i++) {
        reseed();
      }
    }

    private void insert(int hash, Object block, Object rules) {
      int mask = hashes.length - 1;
      int slot = hash & mask;
      int steps = 0;
      while (hashes[slot] != 0) {
        slot = (slot + 1) & mask;
        steps++;
      }
      hashes[slot] = hash;
      cells[2 * slot] = block;
      cells[2 * slot + 1] = rules;
      longestProbe = Math.max(longestProbe, steps);
    }

    /** Takes a host out, if it is there. */
    void remove(HostPattern host) {
      int cell = cellOf(hashes, cells, longestProbe, seed, host);
      if (cell < 0) {
        return;
      }
      cells[cell] = null;
      cells[cell + 1] = null;
      if (host instanceof HostPattern.Any) {
        return;
      }
      size--;
      if (host instanceof HostPattern.Wildcard) {
        wildcards--;
      }
      closeGap(cell / 2);
    }

    /**
     * Empties a slot and moves what was pushed past it back, so that probes need no tombstones: a
     * later entry of the run may fill the gap unless its home lies behind the gap.
     */
    private void closeGap(int gap) {
      int mask = hashes.length - 1;
      hashes[gap] = 0;
      for (int slot = (gap + 1) & mask; hashes[slot] != 0; slot = (slot + 1) & mask) {
        int home = hashes[slot] & mask;
        if (((slot - home) & mask) >= ((slot - gap) & mask)) {
          hashes[gap] = hashes[slot];
          cells[2 * gap] = cells[2 * slot];
          cells[2 * gap + 1] = cells[2 * slot + 1];
          hashes[slot] = 0;
          cells[2 * slot] = null;
          cells[2 * slot + 1] = null;
          gap = slot;
        }
      }
    }

    /** Moves all hosts to tables of another size; their hashes stay. */
    private void rehash(int capacity) {
      int[] oldHashes = hashes;
      @Nullable Object[] oldCells = cells;
      clear(capacity);
      for (int slot = 0; slot < oldHashes.length; slot++) {
        Object block = oldCells[2 * slot];
        Object rules = oldCells[2 * slot + 1];
        if (block != null && rules != null) {
          insert(oldHashes[slot], block, rules);
        }
      }
    }

    private void reseed() {
      seed = seeds.getAsLong();
      int[] oldHashes = hashes;
      @Nullable Object[] oldCells = cells;
      clear(oldHashes.length);
      for (int slot = 0; slot < oldHashes.length; slot++) {
        Object block = oldCells[2 * slot];
        Object rules = oldCells[2 * slot + 1];
        if (block != null && rules != null) {
          insert(hash(seed, hostOf(rules)), block, rules);
        }
      }
    }

    private void clear(int capacity) {
      Object everyBlock = cells[cells.length - 2];
      Object everyRules = cells[cells.length - 1];
      hashes = new int[capacity];
      cells = new Object[2 * capacity + 2];
      cells[2 * capacity] = everyBlock;
      cells[2 * capacity + 1] = everyRules;
      longestProbe = 0;
    }

    private static HostPattern hostOf(Object rules) {
      for (Match<?> rule : (@Nullable Match<?>[]) rules) {
        if (rule != null) {
          return rule.host();
        }
      }
      throw new IllegalStateException("a host without rules");
    }
  }
}
