package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a table by name, each with its paths and its rules.
 *
 * @param <T> what rules lead to
 */
final class HostIndex<T> {

  /*
   * The idea: an open-addressing hash table, at most half full, of two arrays. The hashes lie
   * together, so that a probe of several steps stays in one cache line; name, paths and rules of a
   * host lie side by side. The place in both arrays follows from the hash alone, and no object
   * stands between the table and the three, so that the processor fetches all of them at once
   * instead of one after the other, which is what a map of maps costs when caches are cold.
   *
   *    hash("shop.example") ──► slot 1
   *
   *    slot            0          1          2                   the last cell
   *    hashes      │   ·    │  3e…77   │  91…05  │ …
   *    cells       │        │ n  p  r  │ n  p  r │ …           │ ·  p  r │ rules for every host
   *                           │  │  └──► Match[]: the rest, or null, then the rules in any order
   *                           │  └─────► byte[]: the trie of the paths (PathTrie)
   *                           └────────► "shop.example"
   *
   * A wildcard stands under what follows its star, with a hash that says so by its sign. A look-up
   * tries the whole host; only if that fails, what follows the first label. So it costs one hash or
   * two, whatever the number of hosts.
   *
   * Names are chosen by others, so that the hash takes a random seed. Should names still crowd, by
   * bad luck or because a seed leaked, an insertion that would have to probe further than LIMIT
   * makes the table choose another seed: no look-up ever takes more steps, found or not. Answers do
   * not depend on the seed, because names are compared in the end: by String.equals, which looks at
   * many characters at once, unless the host is part of a longer text or not in lower case.
   */

  /** The steps beyond the first that a probe takes at most. Luck alone needs about 70 for 10^6. */
  static final int LIMIT = 128;

  /** How often to try another seed before a longer probe is accepted, which no luck explains. */
  private static final int SEEDS_TO_TRY = 16;

  private static final int STRIDE = 3;
  private static final int NAME = 0;
  private static final int PATHS = 1;
  private static final int RULES = 2;

  private static final int WILDCARD = 1 << 31;

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

  /** The number of host patterns, the one for every host included. */
  int size() {
    return size + (cells[everyHost(cells) + PATHS] == null ? 0 : 1);
  }

  /** The steps beyond the first that a look-up takes at most. */
  int longestProbe() {
    return longestProbe;
  }

  /** Returns the rule that takes a request, or null for none. Allocates nothing. */
  @Nullable Match<T> match(
      String host, int hostStart, int hostEnd, String path, int pathStart, int pathEnd) {
    int cell = find(host, hostStart, hostEnd);
    byte[] paths = (byte[]) cells[cell + PATHS];
    if (paths == null) {
      return null;
    }
    return rulesAt(cell)[PathTrie.find(paths, path, pathStart, pathEnd)];
  }

  /** Returns the rules of a cell that has paths. */
  // Only put writes cells, and it never writes paths without rules.
  @SuppressWarnings({"unchecked", "NullAway"})
  private @Nullable Match<T>[] rulesAt(int cell) {
    return (Match<T>[]) cells[cell + RULES];
  }

  /** Returns the rules of a host, among them null if it has none for the rest. */
  @SuppressWarnings("unchecked") // Only put writes cells.
  @Nullable Match<T> @Nullable [] rules(HostPattern host) {
    int cell = cellOf(hashes, cells, longestProbe, seed, host);
    return cell < 0 ? null : (Match<T>[]) cells[cell + RULES];
  }

  /** Starts a changed copy. Paths and rules of hosts that are not touched are shared. */
  Editor<T> edit() {
    return new Editor<>(this);
  }

  private int find(String host, int start, int end) {
    int cell = probe(hashes, cells, longestProbe, hash(seed, host, start, end), host, start, end);
    if (cell < 0 && wildcards > 0) {
      int dot = start;
      while (dot < end && host.charAt(dot) != '.') {
        dot++;
      }
      if (dot > start && dot < end) {
        int hash = hash(seed, host, dot, end) | WILDCARD;
        cell = probe(hashes, cells, longestProbe, hash, host, dot, end);
      }
    }
    return cell < 0 ? everyHost(cells) : cell;
  }

  /** Returns the cell of a host pattern, or -1 if it has none. */
  private static int cellOf(
      int[] hashes, @Nullable Object[] cells, int longestProbe, long seed, HostPattern host) {
    if (host instanceof HostPattern.Any) {
      return cells[everyHost(cells) + PATHS] == null ? -1 : everyHost(cells);
    }
    String text = host.text();
    int start = host instanceof HostPattern.Wildcard ? 1 : 0;
    return probe(hashes, cells, longestProbe, hash(seed, host), text, start, text.length());
  }

  private static int everyHost(@Nullable Object[] cells) {
    return cells.length - STRIDE;
  }

  private static int probe(
      int[] hashes,
      @Nullable Object[] cells,
      int longestProbe,
      int hash,
      String host,
      int start,
      int end) {
    int mask = hashes.length - 1;
    int slot = hash & mask;
    for (int steps = 0; steps <= longestProbe; steps++) {
      int found = hashes[slot];
      if (found == hash && isNamed(cells[STRIDE * slot + NAME], hash >>> 31, host, start, end)) {
        return STRIDE * slot;
      }
      if (found == 0) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private static boolean isNamed(
      @Nullable Object cell, int nameStart, String host, int start, int end) {
    String name = (String) cell;
    if (name == null) {
      return false;
    }
    boolean whole = nameStart == 0 && end - start == host.length();
    return (whole && name.equals(host)) || HostGrammar.sameName(name, nameStart, host, start, end);
  }

  /**
   * The hash of a name, the same for both cases of a letter, 1 or more. Takes eight characters a
   * step, because a multiplication for each would cost more than all else; the last step may take
   * some again. The multiplier is secret and both halves of the product count, so that names which
   * collide cannot be made without the seed.
   */
  static int hash(long seed, String name, int start, int end) {
    long factor = (seed * 0xD1342543DE82EF95L) | 1;
    int length = end - start;
    long h = seed + length;
    if (length >= 8) {
      for (int i = start; i < end - 8; i += 8) {
        h = step(h, factor, four(name, i), four(name, i + 4));
      }
      h = step(h, factor, four(name, end - 8), four(name, end - 4));
    } else if (length >= 4) {
      h = step(h, factor, four(name, start), four(name, end - 4));
    } else {
      for (int i = start; i < end; i++) {
        h = step(h, factor, name.charAt(i), 0);
      }
    }
    int folded = (int) (h ^ (h >>> 32)) & ~WILDCARD;
    return folded == 0 ? 1 : folded;
  }

  private static long step(long h, long factor, int low, int high) {
    long chars = (low & 0xFFFFFFFFL) | (long) high << 32;
    // The bit that makes a letter lower case; the other characters of names have it anyway.
    long mixed = h ^ (chars | 0x2020202020202020L);
    return (mixed * factor) ^ Math.multiplyHigh(mixed, factor);
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
        ? hash(seed, text, 1, text.length()) | WILDCARD
        : hash(seed, text, 0, text.length());
  }

  /** An index being made. Not thread-safe; not to be used after {@link #freeze}. */
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
      this.cells = new Object[2 * STRIDE + STRIDE];
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
        rebuild(capacity, seed);
      }
    }

    /**
     * Puts a host, in place of what it had.
     *
     * @param rules the rules of the host, all with this pattern; their order does not matter
     */
    void put(HostPattern host, List<Match<T>> rules) {
      List<Match<T>> inTrie = new ArrayList<>(rules.size());
      Match<T> rest = null;
      for (Match<T> rule : rules) {
        if (rule.path() instanceof PathPattern.Rest) {
          rest = rule;
        } else {
          inTrie.add(rule);
        }
      }
      @Nullable Match<?>[] all = new Match<?>[inTrie.size() + 1];
      all[0] = rest;
      for (int i = 1; i < all.length; i++) {
        all[i] = inTrie.get(i - 1);
      }
      put(host, PathTrie.freeze(inTrie), all);
    }

    private void put(HostPattern host, byte[] paths, @Nullable Match<?>[] rules) {
      int cell =
          host instanceof HostPattern.Any
              ? everyHost(cells)
              : cellOf(hashes, cells, longestProbe, seed, host);
      if (cell >= 0) {
        cells[cell + PATHS] = paths;
        cells[cell + RULES] = rules;
        return;
      }
      reserve(1);
      size++;
      if (host instanceof HostPattern.Wildcard) {
        wildcards++;
      }
      int slot = freeSlot(hash(seed, host));
      cells[STRIDE * slot + NAME] = host.text();
      cells[STRIDE * slot + PATHS] = paths;
      cells[STRIDE * slot + RULES] = rules;
      for (int i = 0; i < SEEDS_TO_TRY && longestProbe > LIMIT; i++) {
        rebuild(hashes.length, seeds.getAsLong());
      }
    }

    /** Takes the first free slot for a hash. */
    private int freeSlot(int hash) {
      int mask = hashes.length - 1;
      int slot = hash & mask;
      int steps = 0;
      while (hashes[slot] != 0) {
        slot = (slot + 1) & mask;
        steps++;
      }
      hashes[slot] = hash;
      longestProbe = Math.max(longestProbe, steps);
      return slot;
    }

    /** Takes a host out, if it is there. */
    void remove(HostPattern host) {
      int cell = cellOf(hashes, cells, longestProbe, seed, host);
      if (cell < 0) {
        return;
      }
      Arrays.fill(cells, cell, cell + STRIDE, null);
      if (host instanceof HostPattern.Any) {
        return;
      }
      size--;
      if (host instanceof HostPattern.Wildcard) {
        wildcards--;
      }
      closeGap(cell / STRIDE);
    }

    /**
     * Empties a slot and moves back what was pushed past it, so that probes need no tombstones: a
     * later entry of the run fills the gap unless its home lies behind the gap.
     */
    private void closeGap(int gap) {
      int mask = hashes.length - 1;
      hashes[gap] = 0;
      for (int slot = (gap + 1) & mask; hashes[slot] != 0; slot = (slot + 1) & mask) {
        int home = hashes[slot] & mask;
        if (((slot - home) & mask) >= ((slot - gap) & mask)) {
          hashes[gap] = hashes[slot];
          hashes[slot] = 0;
          System.arraycopy(cells, STRIDE * slot, cells, STRIDE * gap, STRIDE);
          Arrays.fill(cells, STRIDE * slot, STRIDE * slot + STRIDE, null);
          gap = slot;
        }
      }
    }

    /** Moves all hosts to tables of another size or seed. */
    private void rebuild(int capacity, long newSeed) {
      int[] oldHashes = hashes;
      @Nullable Object[] oldCells = cells;
      hashes = new int[capacity];
      cells = new Object[STRIDE * capacity + STRIDE];
      longestProbe = 0;
      for (int slot = 0; slot < oldHashes.length; slot++) {
        int hash = oldHashes[slot];
        if (hash != 0) {
          int moved =
              newSeed == seed ? hash : rehash(newSeed, oldCells[STRIDE * slot + NAME], hash);
          System.arraycopy(oldCells, STRIDE * slot, cells, STRIDE * freeSlot(moved), STRIDE);
        }
      }
      System.arraycopy(oldCells, everyHost(oldCells), cells, everyHost(cells), STRIDE);
      seed = newSeed;
    }

    private static int rehash(long newSeed, @Nullable Object name, int oldHash) {
      String text = String.valueOf(name);
      int kind = oldHash & WILDCARD;
      return hash(newSeed, text, kind >>> 31, text.length()) | kind;
    }
  }
}
