package io.github.ingress4j.routing;

import java.util.Arrays;
import java.util.Objects;
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
   *                           │  └─────► byte[]: the trie of the paths (PathTrie), or RegexLocations
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

  /** Stands for the star of a wildcard whose label has to be a word. */
  private static final char WORD = '+';

  private final LongSupplier seeds;
  private final long seed;
  private final int[] hashes;
  private final @Nullable Object[] cells;
  private final int size;
  private final int wildcards;
  private final int wordWildcards;
  private final int longestName;
  private final int longestProbe;

  private HostIndex(Editor<T> editor) {
    this.seeds = editor.seeds;
    this.seed = editor.seed;
    this.hashes = editor.hashes;
    this.cells = editor.cells;
    this.size = editor.size;
    this.wildcards = editor.wildcards;
    this.wordWildcards = editor.wordWildcards;
    this.longestName = editor.longestName;
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

  /** Whether there are wildcards whose label has to be a word. */
  boolean hasWordWildcards() {
    return wordWildcards > 0;
  }

  /** The characters of the longest name there ever was. */
  int longestName() {
    return longestName;
  }

  /**
   * Returns the rule that takes a request, or null for none. Allocates nothing unless the host has
   * regular expressions.
   *
   * @param budget what expressions may cost, or null for a new one if one is met
   */
  @Nullable Match<T> match(
      String host,
      int hostStart,
      int hostEnd,
      String path,
      int pathStart,
      int pathEnd,
      @Nullable RegexBudget budget) {
    return matchAt(find(host, hostStart, hostEnd), path, pathStart, pathEnd, budget);
  }

  /** Returns the rule of a cell that takes a path, or null for none. */
  @Nullable Match<T> matchAt(
      int cell, String path, int pathStart, int pathEnd, @Nullable RegexBudget budget) {
    Object paths = cells[cell + PATHS];
    if (paths == null) {
      return null;
    }
    return answer(paths, rulesAt(cells, cell), path, pathStart, pathEnd, budget);
  }

  /** Returns the rule that takes a path, or null for none; paths and rules are those of a cell. */
  static <T> @Nullable Match<T> answer(
      Object paths,
      @Nullable Match<T>[] rules,
      String path,
      int pathStart,
      int pathEnd,
      @Nullable RegexBudget budget) {
    if (paths instanceof byte[] block) {
      return rules[PathTrie.find(block, path, pathStart, pathEnd)];
    }
    int rule = ((RegexLocations) paths).find(path, pathStart, pathEnd, budget);
    return rule < 0 ? null : rules[rule];
  }

  /** Returns the rules of a cell that has paths. */
  // Only put writes cells, and it never writes paths without rules.
  @SuppressWarnings({"unchecked", "NullAway"})
  private static <T> @Nullable Match<T>[] rulesAt(@Nullable Object[] cells, int cell) {
    return (Match<T>[]) cells[cell + RULES];
  }

  /** Returns the cell of the pattern that is this name, or -1. */
  int exact(String host, int start, int end) {
    return probe(hashes, cells, longestProbe, hash(seed, host, start, end), host, start, end);
  }

  /** Returns the cell of the wildcard that takes a name, or -1. */
  int wildcard(String host, int start, int end) {
    if (wildcards == 0) {
      return -1;
    }
    int dot = start;
    while (dot < end && host.charAt(dot) != '.') {
      dot++;
    }
    if (dot == start || dot == end) {
      return -1;
    }
    int hash = hash(seed, host, dot, end) | WILDCARD;
    int cell = probe(hashes, cells, longestProbe, hash, host, dot, end);
    boolean taken =
        cell >= 0
            && (nameAt(cells, cell).charAt(0) != WORD || HostGrammar.isWord(host, start, dot));
    return taken ? cell : -1;
  }

  /** Compares the text of a wildcard with another text. */
  int compareWildcard(int cell, String text) {
    return ("*" + nameAt(cells, cell).substring(1)).compareTo(text);
  }

  /** Returns the cell of the rules for every host. */
  int everyHost() {
    return everyHost(cells);
  }

  private static String nameAt(@Nullable Object[] cells, int cell) {
    return String.valueOf(cells[cell + NAME]);
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
    int cell = exact(host, start, end);
    if (cell < 0) {
      cell = wildcard(host, start, end);
    }
    return cell < 0 ? everyHost(cells) : cell;
  }

  /** Returns the cell of a host pattern, or -1 if it has none. */
  private static int cellOf(
      int[] hashes, @Nullable Object[] cells, int longestProbe, long seed, HostPattern host) {
    if (host instanceof HostPattern.Any) {
      return cells[everyHost(cells) + PATHS] == null ? -1 : everyHost(cells);
    }
    String name = nameOf(host);
    int start = host instanceof HostPattern.Wildcard ? 1 : 0;
    return probe(hashes, cells, longestProbe, hash(seed, host), name, start, name.length());
  }

  /** What stands in a cell for a pattern. The first character of a wildcard tells its kind. */
  private static String nameOf(HostPattern host) {
    if (host instanceof HostPattern.Wildcard wildcard) {
      return wildcard.wordsOnly() ? WORD + wildcard.text().substring(1) : wildcard.text();
    }
    if (host instanceof HostPattern.Suffix suffix) {
      return suffix.name();
    }
    return host instanceof HostPattern.Leading leading ? leading.name() : host.text();
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
    String name = nameOf(host);
    return host instanceof HostPattern.Wildcard
        ? hash(seed, name, 1, name.length()) | WILDCARD
        : hash(seed, name, 0, name.length());
  }

  /** An index being made. Not thread-safe; not to be used after {@link #freeze}. */
  static final class Editor<T> {

    private final LongSupplier seeds;
    private long seed;
    private int[] hashes;
    private @Nullable Object[] cells;
    private int size;
    private int wildcards;
    private int wordWildcards;
    private int longestName;
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
      this.wordWildcards = index.wordWildcards;
      this.longestName = index.longestName;
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

    int cellOf(HostPattern host) {
      return HostIndex.cellOf(hashes, cells, longestProbe, seed, host);
    }

    /** What {@link #put} was given for a cell that {@link #cellOf} found. */
    Object pathsAt(int cell) {
      return Objects.requireNonNull(cells[cell + PATHS]);
    }

    /** What {@link #put} was given for a cell that {@link #cellOf} found. */
    @Nullable Match<T>[] rulesAt(int cell) {
      return HostIndex.rulesAt(cells, cell);
    }

    /**
     * Puts a host, in place of what it had.
     *
     * @param paths the block of a {@link PathTrie}, or {@link RegexLocations}
     * @param rules what their answers point at, all with this pattern or one that it is an alias of
     * @throws IllegalArgumentException if there is a wildcard of this text and of the other kind
     */
    void put(HostPattern host, Object paths, @Nullable Match<T>[] rules) {
      int cell = host instanceof HostPattern.Any ? everyHost(cells) : cellOf(host);
      if (cell >= 0) {
        if (!(host instanceof HostPattern.Any) && !nameAt(cells, cell).equals(nameOf(host))) {
          throw new IllegalArgumentException(
              "host " + QuotedText.of(host.text()) + " is there with both kinds of labels");
        }
        cells[cell + PATHS] = paths;
        cells[cell + RULES] = rules;
        return;
      }
      reserve(1);
      size++;
      String name = nameOf(host);
      longestName = Math.max(longestName, name.length());
      if (host instanceof HostPattern.Wildcard wildcard) {
        wildcards++;
        wordWildcards += wildcard.wordsOnly() ? 1 : 0;
      }
      int slot = freeSlot(hash(seed, host));
      cells[STRIDE * slot + NAME] = name;
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
      int cell = cellOf(host);
      if (cell < 0) {
        return;
      }
      boolean words = host instanceof HostPattern.Wildcard && nameAt(cells, cell).charAt(0) == WORD;
      Arrays.fill(cells, cell, cell + STRIDE, null);
      if (host instanceof HostPattern.Any) {
        return;
      }
      size--;
      if (host instanceof HostPattern.Wildcard) {
        wildcards--;
        wordWildcards -= words ? 1 : 0;
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
