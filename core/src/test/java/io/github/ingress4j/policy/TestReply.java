package io.github.ingress4j.policy;

import java.util.ArrayList;
import java.util.List;

/** An answer made of a status and lines such as {@code Name: value}. */
record TestReply(int status, List<String> lines) implements ReplyView {

  static TestReply of(int status, String... lines) {
    return new TestReply(status, List.of(lines));
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (line.substring(0, colon).equalsIgnoreCase(name)) {
        values.add(line.substring(colon + 2));
      }
    }
    return values;
  }
}
