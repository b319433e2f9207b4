package io.github.ingress4j.dialect.nginx;

import java.util.List;

/**
 * The characters that every text begins with that a pattern takes, of a pattern that cannot be
 * compiled. In doubt they are too few, never too many: what they begin is closed.
 *
 * <pre>
 *   /admin[          /admin
 *   /api(?|a|b)      /api
 *   /ab?(?|a|b)      /a, for a quantifier belongs to the character before it
 *   /api(?|a)|/x     nothing: only the first branch is anchored
 *   /api(|/x         nothing: nobody knows which groups hold what
 * </pre>
 *
 * <p>Stateless and thread-safe. Source: ingress-nginx, regex hosts.
 */
final class LiteralBegin {

  /** More says no more, and a pattern that is too long must not have a beginning that is. */
  private static final int MAX_LENGTH = 64;

  /** Quantifiers, and what is nothing itself and may have one behind it. */
  private static final List<String> MAY_QUANTIFY = List.of("?", "*", "+", "{", "\\E", "\\Q", "(?#");

  private final String pattern;
  private int depth;
  private boolean hasBranches;
  private boolean hasBranchesOutside;
  private boolean isBroken;

  private LiteralBegin(String pattern) {
    this.pattern = pattern;
  }

  static String of(String pattern) {
    return new LiteralBegin(pattern).hasBranchesOutside() ? "" : ofFirstBranch(pattern);
  }

  private static String ofFirstBranch(String pattern) {
    int end = 0;
    while (end < pattern.length() && "\\^$.[|()?*+{".indexOf(pattern.charAt(end)) < 0) {
      end++;
    }
    int stop = end;
    boolean isQuantified = MAY_QUANTIFY.stream().anyMatch(text -> pattern.startsWith(text, stop));
    // All paths begin with a slash, even if the pattern does not insist on it.
    boolean isRoot = end == 1 && pattern.charAt(0) == '/';
    end = Math.min(isQuantified && end > 0 && !isRoot ? end - 1 : end, MAX_LENGTH);
    // No half character: it has no bytes.
    boolean isHalf = end > 0 && Character.isHighSurrogate(pattern.charAt(end - 1));
    return pattern.substring(0, isHalf ? end - 1 : end);
  }

  /** Whether the pattern has branches outside of all groups, or may have. */
  private boolean hasBranchesOutside() {
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      switch (c) {
        case '\\' -> at = escapeEnd(at);
        case '[' -> at = classEnd(at);
        case '(' -> at = groupBegin(at);
        case ')' -> {
          depth--;
          isBroken |= depth < 0;
          at++;
        }
        case '|' -> {
          hasBranches = true;
          hasBranchesOutside |= depth <= 0;
          at++;
        }
        default -> at++;
      }
    }
    return hasBranchesOutside || (hasBranches && (isBroken || depth != 0));
  }

  /** Where an escape ends: that of one character, of a control character, or a quotation. */
  private int escapeEnd(int start) {
    if (!pattern.startsWith("\\Q", start)) {
      return start + (pattern.startsWith("\\c", start) ? 3 : 2);
    }
    int end = pattern.indexOf("\\E", start + 2);
    return end < 0 ? pattern.length() : end + 2;
  }

  /** Where the text of a group begins, or a comment ends. */
  private int groupBegin(int start) {
    if (!pattern.startsWith("(?#", start)) {
      depth++;
      return start + 1;
    }
    int end = pattern.indexOf(')', start);
    isBroken |= end < 0;
    hasBranches |= end < 0 && pattern.indexOf('|', start) >= 0;
    return end < 0 ? pattern.length() : end + 1;
  }

  /** Where the class of characters ends that begins there. */
  private int classEnd(int start) {
    int at = start + 1;
    if (pattern.startsWith("^", at)) {
      at++;
    }
    // A bracket that comes first stands for itself.
    if (pattern.startsWith("]", at)) {
      at++;
    }
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      int named = pattern.startsWith("[:", at) ? pattern.indexOf(']', at + 3) : -1;
      if (named >= 0 && pattern.charAt(named - 1) == ':') {
        at = named + 1;
      } else {
        at = pattern.charAt(at) == '\\' ? escapeEnd(at) : at + 1;
      }
    }
    if (at >= pattern.length()) {
      // Without an end it is no class, and nobody knows what was meant.
      isBroken = true;
      hasBranches |= pattern.indexOf('|', start) >= 0;
      return pattern.length();
    }
    return at + 1;
  }
}
