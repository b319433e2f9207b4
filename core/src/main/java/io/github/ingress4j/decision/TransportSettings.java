package io.github.ingress4j.decision;

import java.time.Duration;

/**
 * How an adapter talks to an endpoint.
 *
 * <p>Immutable and thread-safe.
 *
 * @param protocol what is spoken
 * @param connectTimeout how long to wait for a connection
 * @param idleTimeout how long to wait for the next bytes of the answer, or for room to send more
 */
public record TransportSettings(Protocol protocol, Duration connectTimeout, Duration idleTimeout) {

  /** Plain HTTP/1.1, 5 seconds to connect, 60 seconds of silence. */
  public static final TransportSettings DEFAULT =
      new TransportSettings(Protocol.HTTP, Duration.ofSeconds(5), Duration.ofSeconds(60));

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a timeout is not positive
   */
  public TransportSettings {
    if (connectTimeout.isZero()
        || connectTimeout.isNegative()
        || idleTimeout.isZero()
        || idleTimeout.isNegative()) {
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
    return new TransportSettings(value, connectTimeout, idleTimeout);
  }

  /**
   * What is spoken to an endpoint.
   *
   * <p>Source: core/v1, ServicePort.appProtocol.
   */
  public enum Protocol {
    /** HTTP/1.1 without TLS. */
    HTTP,
    /** HTTP over TLS: {@code https} and {@code kubernetes.io/wss}. */
    HTTPS,
    /** HTTP/2 without TLS, from the first byte: {@code kubernetes.io/h2c} and {@code grpc}. */
    H2C
  }
}
