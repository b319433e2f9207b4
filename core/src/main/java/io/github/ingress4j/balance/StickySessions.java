package io.github.ingress4j.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint of an upstream a session belongs to, by the key that its cookie carries.
 *
 * <table>
 *   <caption>What a key is</caption>
 *   <tr><th>Mode</th><th>New key</th><th>Finds</th><th>If endpoints come or go</th></tr>
 *   <tr><td>{@code BALANCED}</td><td>time and chance</td><td>any text finds an endpoint</td>
 *       <td>about 1/N of the sessions move, with the cookie they have</td></tr>
 *   <tr><td>{@code PERSISTENT}</td><td>the digest of an endpoint</td><td>that endpoint</td>
 *       <td>sessions of those that left get a new one</td></tr>
 * </table>
 *
 * <p>A key is a hint from outside: it may have any length and hold anything, and leads to one of
 * the endpoints in use or nowhere. It carries no address.
 *
 * <p>Cheap to make; the tables are made by the first request that needs them. Immutable and
 * thread-safe. Two are equal if mode, name and endpoints are. Source: ingress-nginx 1.15,
 * annotations affinity and affinity-mode.
 */
public final class StickySessions {

  /** How a session is bound to an endpoint. */
  public enum Mode {
    /** By the place of its key on a hash ring. */
    BALANCED,
    /** By the name of its endpoint. */
    PERSISTENT
  }

  /**
   * Where a request goes.
   *
   * @param endpoint the endpoint
   * @param newKey the key to set a cookie for, or {@code null} if the session keeps the one it has
   */
  public record Choice(Endpoint endpoint, @Nullable String newKey) {}

  /**
   * The value of an affinity cookie: {@code KEY|BACKEND}, of which both are untrusted.
   *
   * @param key what leads to an endpoint
   * @param backendTag what names the upstream that set the cookie, to be compared with {@link
   *     StickySessions#backendTag}; {@code null} if the value has one part only
   */
  public record CookieValue(String key, @Nullable String backendTag) {

    /**
     * Reads the value of a cookie.
     *
     * <table>
     *   <caption>Values and what they hold</caption>
     *   <tr><th>Value</th><th>Key</th><th>Tag</th></tr>
     *   <tr><td>{@code a|b}</td><td>{@code a}</td><td>{@code b}</td></tr>
     *   <tr><td>{@code a}</td><td>{@code a}</td><td>none</td></tr>
     *   <tr><td>{@code a||b|c}</td><td>{@code a}</td><td>{@code b}: empty parts do not count</td>
     *       </tr>
     * </table>
     *
     * @param text any text
     * @return the value, or {@code null} if it holds no key: it is empty, or bars only
     */
    public static @Nullable CookieValue parse(String text) {
      int start = skipBars(text, 0);
      if (start == text.length()) {
        return null;
      }
      int end = endOfPart(text, start);
      int tagStart = skipBars(text, end);
      String tag =
          tagStart == text.length() ? null : text.substring(tagStart, endOfPart(text, tagStart));
      return new CookieValue(text.substring(start, end), tag);
    }

    private static int skipBars(String text, int from) {
      int i = from;
      while (i < text.length() && text.charAt(i) == '|') {
        i++;
      }
      return i;
    }

    private static int endOfPart(String text, int from) {
      int bar = text.indexOf('|', from);
      return bar < 0 ? text.length() : bar;
    }
  }

  /** How often a new balanced key is drawn to get away from endpoints that failed. */
  private static final int TRIALS = 20;

  private static final int DIGEST_LENGTH = 32;

  private final Mode mode;
  private final String upstreamName;
  private final HashRing<Endpoint> ring;

  // Made when first needed, at a microsecond an endpoint. Threads that race may make them twice;
  // the values are equal, and both kinds of object are safe to publish without a lock.
  private @Nullable Map<String, Endpoint> byDigest;
  private @Nullable String backendTag;

  private StickySessions(Mode mode, String upstreamName, List<Endpoint> endpoints) {
    this.mode = Objects.requireNonNull(mode, "mode");
    this.upstreamName = Objects.requireNonNull(upstreamName, "upstreamName");
    this.ring = new HashRing<>(endpoints);
  }

  /**
   * Returns the sessions of an upstream.
   *
   * @param mode how sessions are bound
   * @param upstreamName the controller's name of the upstream: namespace, Service and port, joined
   *     by {@code -}
   * @param endpoints the usable endpoints
   * @return the sessions
   */
  public static StickySessions of(Mode mode, String upstreamName, List<Endpoint> endpoints) {
    return new StickySessions(mode, upstreamName, endpoints);
  }

  /**
   * Returns the endpoints that sessions may belong to.
   *
   * @return the endpoints as they were given
   */
  public List<Endpoint> endpoints() {
    return ring.members();
  }

  /**
   * Returns the endpoint that a key leads to.
   *
   * @param key any text
   * @return the endpoint, or {@code null} if there is none for it
   */
  public @Nullable Endpoint find(String key) {
    if (endpoints().isEmpty()) {
      return null;
    }
    if (mode == Mode.BALANCED) {
      return endpoints().get(ring.indexOf(key));
    }
    // Only a text that can be a digest is hashed, so a huge one costs nothing.
    return key.length() == DIGEST_LENGTH ? byDigest().get(key) : null;
  }

  /**
   * Chooses the endpoint of a request among all.
   *
   * @param key the key of its cookie, or {@code null} if it has none
   * @param failed the endpoints that failed already for this request
   * @param mayMove whether a failure moves the session; if not, it stays with an endpoint that
   *     fails
   * @param state chance and time for new keys
   * @return the endpoint, with a new key if the old one found nothing or the session moves. If
   *     every endpoint failed, a session stays where it is
   * @throws IllegalStateException if there are no endpoints
   */
  public Choice choose(
      @Nullable String key, Collection<Endpoint> failed, boolean mayMove, BalancerState state) {
    return choose(key, failed, Set.of(), mayMove, state);
  }

  /**
   * Chooses the endpoint of a request.
   *
   * @param key the key of its cookie, or {@code null} if it has none
   * @param failed the endpoints that failed already for this request
   * @param avoided the endpoints that requests are to avoid; sessions that may not move stay with
   *     theirs
   * @param mayMove whether a failure moves the session; if not, it stays with an endpoint that
   *     fails
   * @param state chance and time for new keys
   * @return the endpoint, with a new key if the old one found nothing or the session moves. If
   *     every endpoint failed, a session stays where it is
   * @throws IllegalStateException if there are no endpoints
   */
  public Choice choose(
      @Nullable String key,
      Collection<Endpoint> failed,
      Set<Endpoint> avoided,
      boolean mayMove,
      BalancerState state) {
    if (endpoints().isEmpty()) {
      throw new IllegalStateException("upstream " + upstreamName + " has no endpoint to pick");
    }
    Endpoint found = key == null ? null : find(key);
    boolean hasNowhereElse = !failed.isEmpty() && failed.containsAll(endpoints());
    if (found != null
        && (!mayMove || hasNowhereElse || (failed.isEmpty() && !avoided.contains(found)))) {
      return new Choice(found, null);
    }
    Collection<Endpoint> excluded = Exclusion.of(endpoints(), failed, avoided);
    return mode == Mode.BALANCED ? drawKey(excluded, state) : drawEndpoint(excluded, state);
  }

  private Choice drawKey(Collection<Endpoint> excluded, BalancerState state) {
    RandomGenerator random = state.random();
    long now = state.clock().millis();
    int trial = 1;
    while (true) {
      // The original's second part is the number of a process. Here it is drawn as well: it makes
      // keys as unlike each other and tells nothing about the host.
      String key =
          now / 1000
              + trial
              + "."
              + (now % 1000)
              + "."
              + random.nextInt(1_000_000)
              + "."
              + random.nextInt(1_000_000);
      Endpoint endpoint = endpoints().get(ring.indexOf(key));
      if (trial == TRIALS || excluded.isEmpty() || !excluded.contains(endpoint)) {
        return new Choice(endpoint, key);
      }
      trial++;
    }
  }

  private Choice drawEndpoint(Collection<Endpoint> excluded, BalancerState state) {
    List<Endpoint> eligible =
        excluded.isEmpty()
            ? endpoints()
            : endpoints().stream().filter(endpoint -> !excluded.contains(endpoint)).toList();
    Endpoint endpoint = eligible.get(state.random().nextInt(eligible.size()));
    return new Choice(endpoint, digest(upstreamName + endpoint));
  }

  /**
   * Returns what names the upstream in cookies, so that a canary can tell its sessions from those
   * of the main upstream.
   *
   * @return 32 hexadecimal digits
   */
  public String backendTag() {
    String tag = backendTag;
    if (tag == null) {
      tag = digest(digest(upstreamName) + upstreamName);
      backendTag = tag;
    }
    return tag;
  }

  private Map<String, Endpoint> byDigest() {
    Map<String, Endpoint> table = byDigest;
    if (table == null) {
      Map<String, Endpoint> made = new HashMap<>();
      for (Endpoint endpoint : endpoints()) {
        made.put(digest(upstreamName + endpoint), endpoint);
      }
      table = Map.copyOf(made);
      byDigest = table;
    }
    return table;
  }

  private static String digest(String text) {
    try {
      // MD5 names things here, as in the cookies that clients hold already; it protects nothing.
      byte[] bytes = MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform has no MD5", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StickySessions sessions
        && sessions.mode == mode
        && sessions.upstreamName.equals(upstreamName)
        && sessions.ring.equals(ring);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, upstreamName, ring);
  }

  @Override
  public String toString() {
    return mode + " " + upstreamName + " " + ring;
  }
}
