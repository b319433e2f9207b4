package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.routing.PcrePattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The regular expressions of one translation, each compiled once; those of the one before are taken
 * over. Not thread-safe while a translation is made, and not used afterwards.
 */
final class PatternCache {

  private record Key(String text, boolean isAnchored) {}

  private final Map<Key, PcrePattern.Result> before;
  private final Map<Key, PcrePattern.Result> now = new HashMap<>();

  private PatternCache(Map<Key, PcrePattern.Result> before) {
    this.before = before;
  }

  static PatternCache empty() {
    return new PatternCache(Map.of());
  }

  /** Returns an empty cache that knows what this one holds. */
  PatternCache next() {
    return new PatternCache(now);
  }

  /** The pattern of a location: from the start of the path. */
  PcrePattern.Result anchored(String text) {
    return get(new Key(text, true));
  }

  /** The pattern of a rewrite: anywhere in the path. */
  PcrePattern.Result unanchored(String text) {
    return get(new Key(text, false));
  }

  private PcrePattern.Result get(Key key) {
    return now.computeIfAbsent(
        key,
        missing -> {
          PcrePattern.Result known = before.get(missing);
          return known != null
              ? known
              : PcrePattern.compile(missing.text, true, missing.isAnchored);
        });
  }

  /** Says what is wrong with a text, as the end of a sentence. */
  static String inWords(PcrePattern.Fault fault) {
    String sentence = fault.message();
    String clause = sentence.substring(1, sentence.length() - (sentence.endsWith(".") ? 1 : 0));
    boolean isName = sentence.startsWith("PCRE") || sentence.startsWith("POSIX");
    char first = sentence.charAt(0);
    return (isName ? first : Character.toLowerCase(first))
        + clause
        + " (at character "
        + (fault.position() + 1)
        + ")";
  }

  /** Adds the names of the groups of a pattern, if it is one. */
  static void addGroupNames(PcrePattern.Result result, Set<String> names) {
    if (result instanceof PcrePattern.Compiled compiled) {
      names.addAll(compiled.pattern().groupNames());
    }
  }
}
