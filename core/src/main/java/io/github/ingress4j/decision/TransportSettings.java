package io.github.ingress4j.decision;

import io.github.ingress4j.policy.UpstreamTls;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an adapter talks to an endpoint.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, the annotations {@code proxy-*} and {@code
 * limit-rate}.
 *
 * @param protocol what is spoken
 * @param version the version of HTTP without TLS or with it; has no meaning for {@link
 *     Protocol#H2C} and {@link Protocol#H2}
 * @param connectTimeout how long to wait for a connection
 * @param sendTimeout how long to wait for room to send more of a request
 * @param readTimeout how long to wait for the next bytes of the answer
 * @param connection the value of the field {@code Connection} to send, or {@code null} for none;
 *     with one, no request is upgraded
 * @param buffersRequest whether the whole body of a request is read before any of it is sent
 * @param buffersResponse whether an answer is read as fast as the back end sends it, so that a slow
 *     client does not hold the back end
 * @param rate how fast an answer is passed on
 * @param tls how TLS is spoken, or {@code null} to leave it to the adapter, which checks the back
 *     end's certificate against its own authorities
 */
public record TransportSettings(
    Protocol protocol,
    Version version,
    Duration connectTimeout,
    Duration sendTimeout,
    Duration readTimeout,
    @Nullable String connection,
    boolean buffersRequest,
    boolean buffersResponse,
    Rate rate,
    @Nullable UpstreamTls tls) {

  /** Plain HTTP/1.1, 5 seconds to connect, 60 seconds of silence, everything streamed. */
  public static final TransportSettings DEFAULT =
      new TransportSettings(
          Protocol.HTTP,
          Version.HTTP_1_1,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          null,
          false,
          false,
          Rate.UNLIMITED,
          null);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a timeout is not positive
   */
  public TransportSettings {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(rate, "rate");
    requirePositive(connectTimeout);
    requirePositive(sendTimeout);
    requirePositive(readTimeout);
  }

  private static void requirePositive(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout must be positive");
    }
  }

  /**
   * Returns these settings with another protocol.
   *
   * @param value what is spoken
   * @return the changed settings
   */
  public TransportSettings withProtocol(Protocol value) {
    return value == protocol
        ? this
        : new TransportSettings(
            value,
            version,
            connectTimeout,
            sendTimeout,
            readTimeout,
            connection,
            buffersRequest,
            buffersResponse,
            rate,
            tls);
  }

  /**
   * Returns these settings with another way to speak TLS.
   *
   * @param value how TLS is spoken, or {@code null} to leave it to the adapter
   * @return the changed settings
   */
  public TransportSettings withTls(@Nullable UpstreamTls value) {
    return Objects.equals(value, tls)
        ? this
        : new TransportSettings(
            protocol,
            version,
            connectTimeout,
            sendTimeout,
            readTimeout,
            connection,
            buffersRequest,
            buffersResponse,
            rate,
            value);
  }

  /**
   * Returns these settings with other timeouts.
   *
   * @param connect how long to wait for a connection
   * @param send how long to wait for room to send more
   * @param read how long to wait for the next bytes of the answer
   * @return the changed settings
   * @throws IllegalArgumentException if a timeout is not positive
   */
  public TransportSettings withTimeouts(Duration connect, Duration send, Duration read) {
    return new TransportSettings(
        protocol,
        version,
        connect,
        send,
        read,
        connection,
        buffersRequest,
        buffersResponse,
        rate,
        tls);
  }

  /**
   * What is spoken to an endpoint.
   *
   * <p>Source: core/v1, ServicePort.appProtocol; ingress-nginx, {@code backend-protocol}.
   */
  public enum Protocol {
    /** HTTP/1 without TLS. */
    HTTP(false),
    /** HTTP/1 over TLS: {@code https} and {@code kubernetes.io/wss}. */
    HTTPS(true),
    /** HTTP/2 without TLS, from the first byte: {@code kubernetes.io/h2c} and {@code grpc}. */
    H2C(false),
    /** HTTP/2 over TLS: {@code GRPCS}. */
    H2(true);

    private final boolean isTls;

    Protocol(boolean isTls) {
      this.isTls = isTls;
    }

    /**
     * Returns whether TLS is spoken.
     *
     * @return whether it is
     */
    public boolean isTls() {
      return isTls;
    }
  }

  /** The version of HTTP/1. */
  public enum Version {
    /** HTTP/1.0: one request a connection, no chunks. */
    HTTP_1_0,
    /** HTTP/1.1. */
    HTTP_1_1
  }

  /**
   * How fast an answer is passed on.
   *
   * @param bytesPerSecond the bytes a second; 0 for as fast as they come
   * @param freeBytes the bytes that pass before the limit counts
   */
  public record Rate(long bytesPerSecond, long freeBytes) {

    /** As fast as they come. */
    public static final Rate UNLIMITED = new Rate(0, 0);

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Rate {
      if (bytesPerSecond < 0 || freeBytes < 0) {
        throw new IllegalArgumentException("a rate must be 0 or more");
      }
    }
  }
}
