package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The locations of a host as they are written to the configuration, in its order, and whether they
 * are regular expressions.
 *
 * <p>Source: ingress-nginx, locations of a non-regex host and regex hosts.
 *
 * @param server the host
 * @param locations the locations, in the order in which regular expressions are tried
 * @param isRegex whether every path of the host is a regular expression
 */
record ServerPlan(ServerDraft server, List<Location> locations, boolean isRegex) {

  /** The longest path comes first; of two of one length the one that sorts last. */
  private static final Comparator<Location> LONGEST_FIRST =
      Comparator.comparingInt((Location location) -> location.octets.length())
          .thenComparing(location -> location.octets)
          .reversed();

  /**
   * One location.
   *
   * @param draft what it comes from
   * @param path its text, which is not always the path as written
   * @param octets the bytes of the text in UTF-8, a character each
   * @param isExact whether it takes this path only, unless the host has regular expressions
   */
  record Location(LocationDraft draft, String path, String octets, boolean isExact) {

    /** The rewrite target, if it has an effect here, else null. */
    @Nullable String rewriteTarget() {
      ServedIngress owner = draft.owner;
      if (owner == null || draft.isPlain) {
        return null;
      }
      String target = owner.annotations().get(RewriteAnnotations.REWRITE_TARGET);
      return target == null || target.isEmpty() || target.equals(path) ? null : target;
    }

    boolean usesRegex() {
      ServedIngress owner = draft.owner;
      return owner != null
          && !draft.isPlain
          && owner.annotations().flag(RewriteAnnotations.USE_REGEX);
    }
  }

  /** Lays out the locations of a host. */
  static ServerPlan of(ServerDraft server) {
    List<Location> sorted = new ArrayList<>();
    Set<String> exact = new HashSet<>();
    for (LocationDraft draft : server.locations) {
      // A text that is no Unicode has no bytes, so no request can have it.
      String octets = RequestTarget.ruleForm(draft.path, PathPolicy.NGINX);
      if (octets == null) {
        continue;
      }
      sorted.add(new Location(draft, draft.path, octets, draft.isExact));
      if (draft.isExact) {
        exact.add(draft.path);
      }
    }
    sorted.sort(LONGEST_FIRST);
    List<Location> locations = new ArrayList<>(2 * sorted.size());
    for (Location location : sorted) {
      boolean isPair =
          !location.isExact
              && !location.path.equals("/")
              && location.rewriteTarget() == null
              && !location.usesRegex();
      if (!isPair) {
        locations.add(location);
        continue;
      }
      // A prefix stands for itself and for everything behind a slash.
      boolean hasSlash = location.path.endsWith("/");
      locations.add(
          new Location(
              location.draft,
              hasSlash ? location.path : location.path + "/",
              hasSlash ? location.octets : location.octets + "/",
              false));
      if (!exact.contains(location.path)) {
        locations.add(new Location(location.draft, location.path, location.octets, true));
      }
    }
    boolean isRegex =
        locations.stream()
            .anyMatch(location -> location.usesRegex() || location.rewriteTarget() != null);
    return new ServerPlan(server, List.copyOf(locations), isRegex);
  }
}
