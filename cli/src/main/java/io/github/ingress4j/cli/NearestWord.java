package io.github.ingress4j.cli;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody may have meant. */
final class NearestWord {

  private NearestWord() {}

  /**
   * Returns the word that takes the fewest changes of one character.
   *
   * @param wrong what was written
   * @param words what could have been meant, in the order of preference
   * @return {@code null} if every word is too far away
   */
  static @Nullable String of(String wrong, Collection<String> words) {
    String nearest = null;
    // A third of the characters: beyond that the suggestion is more likely a guess.
    int least = Math.max(2, wrong.length() / 3) + 1;
    for (String word : words) {
      int distance = distance(wrong, word);
      if (distance < least) {
        least = distance;
        nearest = word;
      }
    }
    return nearest;
  }

  /** The distance of Levenshtein, row by row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
