package io.github.ingress4j.decision;

import io.github.ingress4j.balance.StickySessions;
import io.github.ingress4j.policy.SessionCookie;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the requests of a session find their endpoint again.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, annotation affinity.
 *
 * @param sessions from the key of a session to its endpoint
 * @param cookie the cookie that carries the key
 * @param movesOnFailure whether a session may change its endpoint when that has failed
 * @param cookiePaths the paths on which the cookie may be set, as their rules write them, by host:
 *     a name, a wildcard, or {@code _} for every host
 */
public record SessionAffinity(
    StickySessions sessions,
    SessionCookie cookie,
    boolean movesOnFailure,
    Map<String, Set<String>> cookiePaths) {

  /** Copies the paths. */
  public SessionAffinity {
    cookiePaths = Collections.unmodifiableMap(new LinkedHashMap<>(cookiePaths));
  }

  /**
   * Returns whether the cookie may be set.
   *
   * @param host the host of the request in lower case; {@code _} if no rule names it
   * @param path the path of the rule that takes the request
   * @return {@code true} if the rule asks for affinity
   */
  boolean setsCookie(String host, String path) {
    Set<String> paths = cookiePaths.get(host);
    if (paths == null) {
      int dot = host.indexOf('.');
      paths = dot > 0 ? cookiePaths.get("*" + host.substring(dot)) : null;
    }
    return paths != null && paths.contains(path);
  }
}
