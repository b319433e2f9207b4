package io.github.ingress4j.decision;

import io.github.ingress4j.policy.CookieRewrite;
import io.github.ingress4j.policy.LocationRewrite;
import io.github.ingress4j.policy.ResponseHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What changes in the header fields of answers.
 *
 * <p>Immutable and thread-safe.
 *
 * @param headers the fields that every answer gets or loses
 * @param locations how the back end's {@code Location} and {@code Refresh} change, or {@code null}
 * @param cookies how the back end's {@code Set-Cookie} changes, or {@code null}
 */
public record ReplyPolicies(
    ResponseHeaders headers, @Nullable LocationRewrite locations, @Nullable CookieRewrite cookies) {

  /** Nothing changes. */
  public static final ReplyPolicies NONE = new ReplyPolicies(ResponseHeaders.NONE, null, null);

  /** Checks what is required. */
  public ReplyPolicies {
    Objects.requireNonNull(headers, "headers");
  }
}
