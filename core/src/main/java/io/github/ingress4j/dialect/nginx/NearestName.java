package io.github.ingress4j.dialect.nginx;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known name that somebody may have meant. */
final class NearestName {

  private static final int LONGEST = 100;

  private static final String[][] OPPOSITES = {{"enable", "disable"}, {"disable", "enable"}};

  private NearestName() {}

  /** Returns the known name with the fewest differing letters, or {@code null} if all are far. */
  static @Nullable String of(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return null;
    }
    int best = Math.max(1, name.length() / 3) + 1;
    String nearest = null;
    for (String candidate : known) {
      int distance = distance(name, candidate, best);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /**
   * Returns the known name that somebody meant, or {@code null} if none is near. A name that says
   * the opposite is none that was meant.
   */
  static @Nullable String meant(String name, Collection<String> known) {
    // What was called a blacklist elsewhere is called a denylist here.
    boolean isList = name.startsWith("blacklist") || name.startsWith("blocklist");
    int side = side(name);
    boolean isNo = name.startsWith("no-");
    return of(
        isList ? "deny" + name.substring("black".length()) : name,
        known.stream()
            .filter(other -> side(other) * side >= 0 && other.startsWith("no-") == isNo)
            .toList());
  }

  /** Returns what to write in place of an unknown name, or {@code null} if nothing is near. */
  static @Nullable String advice(String name, Collection<String> known) {
    String near = meant(name, known);
    if (near != null) {
      return "did you mean `" + near + "`?";
    }
    for (String[] words : OPPOSITES) {
      if (!name.startsWith(words[0] + "-")) {
        continue;
      }
      String switched = of(words[1] + name.substring(words[0].length()), known);
      if (switched != null && switched.startsWith(words[1])) {
        return "write `" + switched + "`, which says the opposite, with the opposite value";
      }
    }
    return null;
  }

  /** 1 for a name that lets in or switches on, -1 for one that does the opposite, 0 for others. */
  private static int side(String name) {
    for (String word : name.split("-", -1)) {
      if (word.equals("enable") || word.startsWith("allow") || word.startsWith("white")) {
        return 1;
      }
      if (word.equals("disable")
          || word.startsWith("deny")
          || word.startsWith("black")
          || word.startsWith("block")) {
        return -1;
      }
    }
    return 0;
  }

  /** Whether a long name is another one with a slip of the pen or two. */
  static boolean isSlip(String name, String meant) {
    return name.length() <= LONGEST
        && meant.length() > 12
        && !name.equals(meant)
        && distance(name, meant, 3) < 3;
  }

  /** The letters to insert, remove, replace or swap with their neighbour; the limit if more. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
