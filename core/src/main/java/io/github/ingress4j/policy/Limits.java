package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many requests and connections a client may have on the paths of an Ingress.
 *
 * <p>Requests are counted in leaky buckets, one for each limit and client: a bucket loses its rate
 * all the time, each request adds one, and a request that would bring it above its burst is turned
 * away without being added. The first one of a client is not added either. None is delayed.
 *
 * <pre>
 *   perSecond("z", 2, 3): eight requests at once, then one every 250 ms
 *
 *   bucket with it   0 1 2 3 | 4 4 4 4 | 3.5 | 3 | 3.5 | 3
 *   passes           y y y y | n n n n |  n  | y |  n  | y
 * </pre>
 *
 * <p>Immutable and thread-safe; the buckets are in {@link LimiterState}. Source: the annotations
 * {@code limit-rps}, {@code limit-rpm} and {@code limit-connections} of ingress-nginx.
 *
 * @param requests the limits of requests, in the order in which they are asked
 * @param connections the limit of connections, or {@code null}
 * @param exempt the addresses that are never limited
 * @param key what makes two requests those of one client: {@link #BY_ADDRESS}, or another text; an
 *     empty one is never limited
 * @param requestStatus the status of the answer beyond a limit of requests, 400 to 599
 * @param connectionStatus the status of the answer beyond the limit of connections, 400 to 599
 */
public record Limits(
    List<RequestLimit> requests,
    @Nullable ConnectionLimit connections,
    List<Cidr> exempt,
    Template key,
    int requestStatus,
    int connectionStatus) {

  /** Each client address for itself. */
  public static final Template BY_ADDRESS = byAddress();

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a status is none of an error
   */
  public Limits {
    requests = List.copyOf(requests);
    exempt = List.copyOf(exempt);
    Objects.requireNonNull(key, "key");
    requireError(requestStatus);
    requireError(connectionStatus);
  }

  private static void requireError(int status) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not an error, 400 to 599");
    }
  }

  private static Template byAddress() {
    if (Template.parse("$binary_remote_addr", Set.of(), Map.of())
        instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    throw new IllegalStateException("the variable of the client address is unknown");
  }

  /**
   * A limit of requests.
   *
   * @param zone the name of its buckets, one for all paths that share them
   * @param rate thousandths of a request that leak away in a second, 1 or more
   * @param burst the requests that may pile up beyond the first, 0 or more
   */
  public record RequestLimit(String zone, long rate, int burst) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public RequestLimit {
      Objects.requireNonNull(zone, "zone");
      if (rate < 1 || burst < 0) {
        throw new IllegalArgumentException(
            "rate " + rate + " must be 1 or more and burst " + burst + " 0 or more");
      }
    }

    /**
     * Returns a limit of requests a second.
     *
     * @param zone the name of its buckets
     * @param requests how many a second, 1 or more
     * @param burst how many may pile up, 0 or more
     * @return the limit
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static RequestLimit perSecond(String zone, int requests, int burst) {
      return new RequestLimit(zone, requests * 1000L, burst);
    }

    /**
     * Returns a limit of requests a minute. As in nginx the rate is cut to whole thousandths of a
     * request a second: 1 a minute is 0.016 a second, which is one in 62.5 s.
     *
     * @param zone the name of its buckets
     * @param requests how many a minute, 1 or more
     * @param burst how many may pile up, 0 or more
     * @return the limit
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static RequestLimit perMinute(String zone, int requests, int burst) {
      return new RequestLimit(zone, requests * 1000L / 60, burst);
    }
  }

  /**
   * A limit of requests under way at once; nginx calls them connections.
   *
   * @param zone the name of its counters, one for all paths that share them
   * @param count how many, 1 or more
   */
  public record ConnectionLimit(String zone, int count) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectionLimit {
      Objects.requireNonNull(zone, "zone");
      if (count < 1) {
        throw new IllegalArgumentException("count " + count + " must be 1 or more");
      }
    }
  }

  /**
   * Returns whose requests this one is counted with.
   *
   * @param request the request
   * @return a text that is the same for all requests of a client; empty if it is not limited
   */
  public String client(CanonicalRequest request) {
    return Cidr.anyContains(exempt, request.client().clientAddress()) ? "" : key.expand(request);
  }
}
