package io.github.ingress4j.servlet;

import java.time.Duration;

/**
 * How much of a gateway there is, so that a slow back end holds no more than its share.
 *
 * <p>Immutable and thread-safe.
 *
 * @param requests how many requests may be at back ends at a time, each of which holds a thread
 * @param requestsPerBackend how many of them at one back end
 * @param connections how many connections there may be in all, kept ones included
 * @param connectionsPerEndpoint how many connections to one address may be in use
 * @param pending how many requests may wait for a connection to one address
 * @param pendingTime how long each of them may wait
 * @param idleTime how long a connection that nobody uses is kept; back ends may say less
 * @param drainTime how long requests under way may take once the gateway is to end
 */
record Limits(
    int requests,
    int requestsPerBackend,
    int connections,
    int connectionsPerEndpoint,
    int pending,
    Duration pendingTime,
    Duration idleTime,
    Duration drainTime) {

  /** Made for containers with 200 threads, which is what Tomcat and Jetty have by themselves. */
  static final Limits DEFAULT =
      new Limits(
          190,
          150,
          2_000,
          500,
          50,
          Duration.ofSeconds(1),
          Duration.ofSeconds(Replies.KEEP_ALIVE_SECONDS),
          Duration.ofSeconds(20));

  Limits withRequests(int value) {
    return new Limits(
        atLeast(value, 1),
        requestsPerBackend,
        connections,
        connectionsPerEndpoint,
        pending,
        pendingTime,
        idleTime,
        drainTime);
  }

  Limits withRequestsPerBackend(int value) {
    return new Limits(
        requests,
        atLeast(value, 1),
        connections,
        connectionsPerEndpoint,
        pending,
        pendingTime,
        idleTime,
        drainTime);
  }

  Limits withConnections(int inAll, int perEndpoint) {
    return new Limits(
        requests,
        requestsPerBackend,
        atLeast(inAll, 1),
        atLeast(perEndpoint, 1),
        pending,
        pendingTime,
        idleTime,
        drainTime);
  }

  Limits withPending(int most, Duration time) {
    return new Limits(
        requests,
        requestsPerBackend,
        connections,
        connectionsPerEndpoint,
        atLeast(most, 0),
        notNegative(time),
        idleTime,
        drainTime);
  }

  Limits withIdleTime(Duration value) {
    return new Limits(
        requests,
        requestsPerBackend,
        connections,
        connectionsPerEndpoint,
        pending,
        pendingTime,
        notNegative(value),
        drainTime);
  }

  Limits withDrainTime(Duration value) {
    return new Limits(
        requests,
        requestsPerBackend,
        connections,
        connectionsPerEndpoint,
        pending,
        pendingTime,
        idleTime,
        notNegative(value));
  }

  private static int atLeast(int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(value + " must be " + least + " or more");
    }
    return value;
  }

  private static Duration notNegative(Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("a time of " + value + " is negative");
    }
    return value;
  }
}
