package io.github.ingress4j.policy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What requests that the router makes besides the one it forwards have in common: which header
 * fields of the client go along.
 *
 * <p>Stateless and thread-safe. Sources: hardening SEC-30, SEC-31, SEC-36.
 */
final class SideRequests {

  private SideRequests() {}

  /** Takes away what only the router may write, and what does not pass at all. */
  static HeaderEdits.Builder withoutForgeries(CanonicalRequest request) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    for (String name : request.view().headerNames()) {
      if (!request.client().passes(name)) {
        edits.clear(name);
      }
    }
    return edits;
  }

  /**
   * Makes the changes, without fields of the client whose names are other spellings of those that
   * are written here: many servers read a name with underscores as if it were written with dashes.
   */
  static HeaderEdits build(HeaderEdits.Builder edits, RequestView request) {
    HeaderEdits built = edits.build();
    boolean isComplete = true;
    for (String name : request.headerNames()) {
      if (name.indexOf('_') >= 0 && built.asMap().containsKey(name.replace('_', '-'))) {
        edits.clear(name);
        isComplete = false;
      }
    }
    return isComplete ? built : edits.build();
  }

  /** Takes away what was meant for the service that the request is routed to. */
  static void withoutCredentials(HeaderEdits.Builder edits) {
    edits.clear("Authorization").clear("Cookie");
  }

  /**
   * Sets a field, or removes it if there is nothing to say; what could split a message is nothing.
   */
  static void setOrClear(HeaderEdits.Builder edits, String name, @Nullable String value) {
    if (value == null || value.isEmpty() || !HeaderValue.isLegal(value)) {
      edits.clear(name);
    } else {
      edits.set(name, value);
    }
  }

  /**
   * The path under which ingress-nginx asks about a location, which a service sees if its URL has
   * no path of its own.
   */
  static String authLocation(String path, String pathType) {
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(path.getBytes(StandardCharsets.UTF_8));
    return "/_external-auth-" + encoded + "-" + pathType;
  }
}
