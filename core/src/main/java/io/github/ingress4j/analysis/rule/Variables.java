package io.github.ingress4j.analysis.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The variables that a text asks for. */
final class Variables {

  private Variables() {}

  /** Their names in lower case, in the order of the text. */
  static List<String> of(String text) {
    List<String> names = new ArrayList<>();
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      int start = text.startsWith("{", at + 1) ? at + 2 : at + 1;
      int end = start;
      while (end < text.length()
          && (PathText.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      if (end > start) {
        names.add(text.substring(start, end).toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
