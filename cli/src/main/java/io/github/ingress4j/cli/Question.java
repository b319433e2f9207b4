package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonToken;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody wants to know the fate of.
 *
 * @param id what the answer repeats
 * @param request the request
 * @param backendStatus the status that the back end would answer
 * @param at when it arrives, or null if no time has passed since the one before
 */
record Question(Id id, SimpleRequest request, int backendStatus, @Nullable Instant at) {

  /** The status of a back end about which nothing is said. */
  static final int DEFAULT_BACKEND_STATUS = 200;

  /**
   * A scalar of JSON, repeated as it was written.
   *
   * @param token the type
   * @param text the text of the string or number
   */
  record Id(JsonToken token, String text) {

    /** The identity of a request that has none. */
    static final Id NONE = new Id(JsonToken.VALUE_NULL, "");

    /** Returns whether the request has none. */
    boolean isNone() {
      return token == JsonToken.VALUE_NULL;
    }
  }
}
