package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonToken;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody wants to know the fate of.
 *
 * @param id what the answer repeats
 * @param request the request
 * @param backendStatus the status that the back end would answer
 * @param auth what an external auth service would answer, or null if nothing is said about it
 * @param at when it arrives, or null if no time has passed since the one before
 */
record Question(
    Id id, SimpleRequest request, int backendStatus, @Nullable Auth auth, @Nullable Instant at) {

  /** The status of a back end about which nothing is said. */
  static final int DEFAULT_BACKEND_STATUS = 200;

  /**
   * What an external auth service would answer.
   *
   * @param status the status, 100 to 599
   * @param headers the values of the header fields by name, one value a line
   */
  record Auth(int status, Map<String, List<String>> headers) {

    Auth {
      headers = Map.copyOf(headers);
    }
  }

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
