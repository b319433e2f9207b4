package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.policy.RetryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which failed attempts are repeated, by annotations and settings.
 *
 * <p>Source: ingress-nginx, annotations proxy-next-upstream*.
 */
final class Retries {

  private static final int DEFAULT_TRIES = 3;

  private Retries() {}

  /**
   * Returns the policy of a location.
   *
   * @param values the annotations of its Ingress; null if it has none, and the settings alone count
   */
  static RetryPolicy of(ControllerSettings settings, @Nullable AnnotationValues values) {
    List<String> words =
        values == null
            ? settings.get(Settings.PROXY_NEXT_UPSTREAM)
            : values.get(ProxyAnnotations.NEXT_UPSTREAM);
    Integer tries =
        values == null
            ? settings.get(Settings.PROXY_NEXT_UPSTREAM_TRIES)
            : values.get(ProxyAnnotations.NEXT_UPSTREAM_TRIES);
    Integer timeout =
        values == null
            ? settings.get(Settings.PROXY_NEXT_UPSTREAM_TIMEOUT)
            : values.get(ProxyAnnotations.NEXT_UPSTREAM_TIMEOUT);
    boolean retriesNonIdempotent = settings.flag(Settings.RETRY_NON_IDEMPOTENT);
    EnumSet<RetryPolicy.Condition> conditions = EnumSet.noneOf(RetryPolicy.Condition.class);
    for (String word : Objects.requireNonNullElse(words, List.of("error", "timeout"))) {
      if (word.equals("off")) {
        return RetryPolicy.NEVER;
      }
      retriesNonIdempotent |= word.equals("non_idempotent");
      for (RetryPolicy.Condition condition : RetryPolicy.Condition.values()) {
        if (condition.name().toLowerCase(Locale.ROOT).equals(word)) {
          conditions.add(condition);
        }
      }
    }
    return new RetryPolicy(
        conditions,
        tries == null || tries < 0 ? DEFAULT_TRIES : tries,
        Duration.ofSeconds(timeout == null || timeout < 0 ? 0 : timeout),
        retriesNonIdempotent);
  }
}
