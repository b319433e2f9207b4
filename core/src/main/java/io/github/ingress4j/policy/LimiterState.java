package io.github.ingress4j.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What the limits of requests and connections have counted. It is kept apart from the snapshots and
 * handed on from one to the next.
 *
 * <pre>
 *   excess   thousandths of a request that are in the bucket
 *   request  excess' = max(0, excess − rate · ms / 1000 + 1000)     ms since the last one that passed
 *            excess' &gt; burst · 1000: turned away, the bucket stays as it was
 *            else: passes, excess = excess'
 *   the first request of a client finds excess' = 0
 * </pre>
 *
 * <p>With several limits a request counts in none unless it passes all. When the clock is set back
 * by up to a minute, no time has passed; by more, one millisecond.
 *
 * <p>Thread-safe. It holds a fixed number of buckets: beyond it those of clients that come seldom
 * are forgotten, and such a client begins with an empty bucket. Counters of connections exist while
 * requests are under way and are never forgotten; if there are as many as buckets, further clients
 * are turned away. So whoever floods the router from many addresses gains nothing and costs no
 * memory.
 */
public final class LimiterState {

  /** The buckets that are held unless another number is given. */
  public static final int DEFAULT_ENTRIES = 100_000;

  private static final long ONE = 1000;
  private static final long LARGEST_STEP_BACK = 60_000;

  /** Longer names of clients are replaced by their hash, so that the memory has a bound. */
  private static final int LONGEST_CLIENT = 64;

  private final Cache<Key, Bucket> buckets;
  private final ConcurrentMap<Key, Integer> connections = new ConcurrentHashMap<>();
  private final int maximum;
  private final InstantSource clock;

  /** A limit's zone and the client. */
  private record Key(String zone, String client) {}

  /** The bucket of a client. Its fields are guarded by itself. */
  private static final class Bucket {
    private boolean isNew = true;
    private long excess;
    private long last;

    /** What the bucket would hold with one more request. */
    long withOneMore(long rate, long now) {
      return isNew ? 0 : Math.max(0, excess - leaked(rate, elapsed(now)) + ONE);
    }

    void put(long held, long now) {
      if (isNew || elapsed(now) != 0) {
        last = now;
      }
      excess = held;
      isNew = false;
    }

    private long elapsed(long now) {
      long ms = now - last;
      if (ms >= 0) {
        return ms;
      }
      return ms < -LARGEST_STEP_BACK ? 1 : 0;
    }

    /** Saturates: after a very long time everything has leaked away. */
    private static long leaked(long rate, long ms) {
      return ms > Long.MAX_VALUE / rate ? Long.MAX_VALUE / ONE : rate * ms / 1000;
    }
  }

  /**
   * Makes a state that has counted nothing and holds {@link #DEFAULT_ENTRIES} buckets.
   *
   * @param clock what leaking is told by
   */
  public LimiterState(InstantSource clock) {
    this(clock, DEFAULT_ENTRIES);
  }

  /**
   * Makes a state that has counted nothing.
   *
   * @param clock what leaking is told by
   * @param maximum the buckets that are held, and the counters of connections, 1 or more
   * @throws IllegalArgumentException if {@code maximum} is less than 1
   */
  public LimiterState(InstantSource clock, int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximum " + maximum + " must be 1 or more");
    }
    this.clock = Objects.requireNonNull(clock, "clock");
    this.maximum = maximum;
    // Upkeep is done by the calling threads: no threads of its own, and no backlog in a flood.
    this.buckets = Caffeine.newBuilder().maximumSize(maximum).executor(Runnable::run).build();
  }

  /**
   * Counts a request if it passes all limits of requests.
   *
   * @param limits the limits
   * @param client whose request it is, see {@link Limits#client}; an empty text passes always
   * @return {@code false} if the request is to be turned away
   */
  public boolean tryRequest(Limits limits, String client) {
    List<Limits.RequestLimit> requests = limits.requests();
    if (client.isEmpty() || requests.isEmpty()) {
      return true;
    }
    String name = bounded(client);
    long now = clock.millis();
    int last = requests.size() - 1;
    for (int i = 0; i < last; i++) {
      Limits.RequestLimit limit = requests.get(i);
      Bucket bucket = buckets.getIfPresent(new Key(limit.zone(), name));
      if (bucket != null && !hasRoom(bucket, limit, now)) {
        return false;
      }
    }
    if (!count(requests.get(last), name, now, false)) {
      return false;
    }
    for (int i = 0; i < last; i++) {
      count(requests.get(i), name, now, true);
    }
    return true;
  }

  private static boolean hasRoom(Bucket bucket, Limits.RequestLimit limit, long now) {
    synchronized (bucket) {
      return bucket.withOneMore(limit.rate(), now) <= limit.burst() * ONE;
    }
  }

  /** Adds a request to its bucket, if there is room or it was seen before that there is. */
  private boolean count(Limits.RequestLimit limit, String client, long now, boolean isCertain) {
    Bucket bucket = buckets.get(new Key(limit.zone(), client), key -> new Bucket());
    synchronized (bucket) {
      long held = bucket.withOneMore(limit.rate(), now);
      if (!isCertain && held > limit.burst() * ONE) {
        return false;
      }
      bucket.put(held, now);
      return true;
    }
  }

  /**
   * Counts a connection if it passes the limit of connections. If it does, {@link
   * #releaseConnection} must be called once, with the same arguments, when the request has ended.
   *
   * @param limits the limits
   * @param client whose connection it is, see {@link Limits#client}; an empty text passes always
   * @return {@code false} if the request is to be turned away; then nothing was counted
   */
  public boolean tryConnection(Limits limits, String client) {
    Limits.ConnectionLimit limit = limits.connections();
    if (client.isEmpty() || limit == null) {
      return true;
    }
    Key key = new Key(limit.zone(), bounded(client));
    if (connections.size() >= maximum && !connections.containsKey(key)) {
      return false;
    }
    boolean[] passes = new boolean[1];
    connections.compute(
        key,
        (k, open) -> {
          int count = open == null ? 0 : open;
          passes[0] = count < limit.count();
          return passes[0] ? Integer.valueOf(count + 1) : open;
        });
    return passes[0];
  }

  /**
   * Ends a connection that was counted.
   *
   * @param limits the limits it was counted by
   * @param client whose connection it is
   */
  public void releaseConnection(Limits limits, String client) {
    Limits.ConnectionLimit limit = limits.connections();
    if (client.isEmpty() || limit == null) {
      return;
    }
    connections.computeIfPresent(
        new Key(limit.zone(), bounded(client)), (key, open) -> oneLess(open));
  }

  private static @Nullable Integer oneLess(int open) {
    return open > 1 ? open - 1 : null;
  }

  /** The buckets that are held, for tests. */
  long buckets() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  /** The counters of connections that are held, for tests. */
  int connections() {
    return connections.size();
  }

  private static String bounded(String client) {
    if (client.length() <= LONGEST_CLIENT) {
      return client;
    }
    try {
      // Sixty-four digits behind a letter: no text that is kept as it is can look the same.
      byte[] bytes = client.getBytes(StandardCharsets.UTF_8);
      return "h" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
