package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The truth that the table is compared with: every rule is tried, by the words of the
 * specification. Written from networking.k8s.io/v1 (IngressRule.host, HTTPIngressPath) alone and
 * without the patterns' own {@code matches}.
 *
 * <p>Host: "the host is precise or a wildcard; the star stands for a single label"; precise before
 * wildcard before none, decided once. Path: split at the slash; exact is the same string; a prefix
 * matches if its elements are the first elements of the request's, a trailing slash ignored on both
 * sides; exact first, then the longest text.
 */
final class NaiveTable<T> {

  private record Rule<T>(HostPattern host, PathPattern path, T target) {}

  private final List<Rule<T>> rules = new ArrayList<>();

  void add(HostPattern host, PathPattern path, T target) {
    rules.add(new Rule<>(host, path, target));
  }

  void remove(HostPattern host) {
    rules.removeIf(rule -> rule.host().equals(host));
  }

  @Nullable T match(String host, String path) {
    HostPattern chosen = null;
    for (Rule<T> rule : rules) {
      if (takesHost(rule.host(), host)
          && (chosen == null || hostRank(rule.host()) > hostRank(chosen))) {
        chosen = rule.host();
      }
    }
    Rule<T> best = null;
    for (Rule<T> rule : rules) {
      if (rule.host().equals(chosen)
          && takesPath(rule.path(), path)
          && (best == null || isBetter(rule.path(), best.path()))) {
        best = rule;
      }
    }
    return best == null ? null : best.target();
  }

  private static boolean takesHost(HostPattern pattern, String host) {
    if (pattern.text().isEmpty()) {
      return true;
    }
    List<String> wanted = List.of(pattern.text().split("\\.", -1));
    List<String> given = List.of(lowerCase(host).split("\\.", -1));
    if (wanted.size() != given.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      boolean star = i == 0 && wanted.get(0).equals("*") && pattern instanceof HostPattern.Wildcard;
      if (star ? given.get(i).isEmpty() : !wanted.get(i).equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** ASCII only: the Kelvin sign is no k. */
  private static String lowerCase(String host) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < host.length(); i++) {
      String c = host.substring(i, i + 1);
      out.append(c.charAt(0) < 0x80 ? c.toLowerCase(Locale.ROOT) : c);
    }
    return out.toString();
  }

  private static int hostRank(HostPattern pattern) {
    if (pattern.text().isEmpty()) {
      return 0;
    }
    return pattern.text().startsWith("*") ? 1 : 2;
  }

  private static boolean takesPath(PathPattern pattern, String path) {
    if (pattern instanceof PathPattern.Rest) {
      return true;
    }
    if (pattern instanceof PathPattern.Exact) {
      return path.equals(pattern.text());
    }
    if (!path.startsWith("/")) {
      return false;
    }
    List<String> wanted = elements(pattern.text());
    List<String> given = elements(path);
    return given.size() >= wanted.size() && given.subList(0, wanted.size()).equals(wanted);
  }

  private static List<String> elements(String path) {
    List<String> elements = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
    if (elements.get(elements.size() - 1).isEmpty()) {
      elements.remove(elements.size() - 1);
    }
    return elements;
  }

  private static boolean isBetter(PathPattern path, PathPattern than) {
    if (pathRank(path) != pathRank(than)) {
      return pathRank(path) > pathRank(than);
    }
    return path.text().length() > than.text().length();
  }

  private static int pathRank(PathPattern pattern) {
    if (pattern instanceof PathPattern.Rest) {
      return 0;
    }
    return pattern instanceof PathPattern.Prefix ? 1 : 2;
  }
}
