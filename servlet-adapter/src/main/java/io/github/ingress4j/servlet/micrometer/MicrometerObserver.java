package io.github.ingress4j.servlet.micrometer;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.servlet.GatewayObserver;
import io.github.ingress4j.servlet.RequestFacts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times requests, under the names of OpenTelemetry's semantic conventions.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>Name</th><th>Kind</th><th>Tags</th></tr>
 *   <tr><td>{@code http.server.request.duration}</td><td>timer, one record a request</td>
 *       <td>{@code http.request.method}, {@code url.scheme}, {@code http.route}, {@code
 *       http.response.status_code}, {@code error.type}, {@code ingress4j.ingress}</td></tr>
 *   <tr><td>{@code http.client.request.duration}</td><td>timer, one record an attempt at a back
 *       end</td><td>{@code http.request.method}, {@code http.response.status_code}, {@code
 *       error.type}, {@code ingress4j.backend}</td></tr>
 *   <tr><td>{@code http.server.active_requests}</td><td>gauge</td><td>none</td></tr>
 * </table>
 *
 * <p>Clients choose none of the tags' values: {@code http.route} is the path of a rule, as {@code
 * ingress4j.ingress} and {@code ingress4j.backend} are names of the manifests; a method that HTTP
 * does not define is {@code _OTHER}. What there is not is {@code none}. {@code error.type} is the
 * router's reason or the kind of failure, {@code broken} for a response that broke off, else a
 * status of 500 and above.
 *
 * <p>Thread-safe.
 */
public final class MicrometerObserver implements GatewayObserver {

  private static final String NONE = "none";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();

  private MicrometerObserver(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("http.server.active_requests", active, AtomicInteger::get)
        .description("Requests that are being served.")
        .register(registry);
  }

  /**
   * Returns an observer.
   *
   * @param registry where the meters are registered; use one observer for each
   * @return the observer
   */
  @SuppressWarnings("exports") // Who has no Micrometer has no use for this class, and needs none.
  public static MicrometerObserver of(MeterRegistry registry) {
    return new MicrometerObserver(registry);
  }

  @Override
  public void began(HttpServletRequest request) {
    active.incrementAndGet();
  }

  @Override
  public void ended(HttpServletRequest request, RequestFacts facts) {
    active.decrementAndGet();
    String method = facts.request().method();
    String known = METHODS.contains(method) ? method : "_OTHER";
    Timer.builder("http.server.request.duration")
        .description("How long requests took, from their head to the end of the response.")
        .tag("http.request.method", known)
        .tag("url.scheme", facts.request().scheme())
        .tag("http.route", orNone(facts.rulePath()))
        .tag("http.response.status_code", status(facts.status()))
        .tag("error.type", errorType(facts))
        .tag("ingress4j.ingress", orNone(facts.ingress()))
        .register(registry)
        .record(Duration.ofNanos(facts.nanos()));
    for (RequestFacts.Attempt attempt : facts.attempts()) {
      Timer.builder("http.client.request.duration")
          .description("How long attempts at back ends took.")
          .tag("http.request.method", known)
          .tag("http.response.status_code", status(attempt.status()))
          .tag("error.type", errorType(attempt))
          .tag("ingress4j.backend", attempt.forward().backend().toString())
          .register(registry)
          .record(Duration.ofNanos(attempt.nanos()));
    }
  }

  private static String errorType(RequestFacts facts) {
    if (facts.end() == RequestFacts.End.BROKEN) {
      return "broken";
    }
    Answer.Reason reason = facts.reason();
    if (facts.status() >= 500) {
      return reason == null ? status(facts.status()) : reason.text();
    }
    return NONE;
  }

  private static String errorType(RequestFacts.Attempt attempt) {
    Exchange.Failure failure = attempt.failure();
    if (failure != null) {
      return failure.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (!attempt.isClean()) {
      return "broken";
    }
    return attempt.status() >= 500 ? status(attempt.status()) : NONE;
  }

  private static String status(int status) {
    return status >= 100 && status <= 599 ? Integer.toString(status) : NONE;
  }

  private static String orNone(@Nullable String name) {
    return name == null ? NONE : name;
  }
}
