package io.github.ingress4j.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.RequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line for each request, a JSON object of printable ASCII:
 *
 * <pre>{@code
 * {"time":"2026-11-24T21:10:00.123Z","client":"192.0.2.7","method":"GET","scheme":"http",
 *  "host":"abc.sample.com","path":"/pay/now","http":"1.1","status":200,"end":"complete","ms":12.3,
 *  "requestBytes":0,"responseBytes":5120,"reason":null,"ingress":"default/hello-ingress",
 *  "rule":"/pay","backend":"default/nginx-svc:9080","endpoint":"10.1.2.3:8080","attempts":1,
 *  "failure":null,"backendStatus":200,"connectMs":0.4,"headMs":11.7,"requestId":null}
 * }</pre>
 *
 * <p>All members are always there, {@code null} where there is nothing to say. {@code client} is
 * the address that was derived from trusted proxies. {@code endpoint} to {@code headMs} are of the
 * last attempt. Queries and header values are not written, because they may hold what nobody should
 * read, but for the request's id; texts of the client are cut at {@value #LONGEST} characters.
 *
 * <p>Immutable and thread-safe if what takes the lines is.
 */
public final class AccessLog implements GatewayObserver {

  /** The longest text of a client that is written. */
  static final int LONGEST = 1024;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Consumer<String> lines;

  private AccessLog(Consumer<String> lines) {
    this.lines = lines;
  }

  /**
   * Returns a log.
   *
   * @param lines takes each line, without an end of line
   * @return the log
   */
  public static AccessLog to(Consumer<String> lines) {
    return new AccessLog(Objects.requireNonNull(lines, "lines"));
  }

  /**
   * Returns a log that goes where the logger with the name of this class writes, at level INFO.
   *
   * @return the log
   */
  public static AccessLog toLogger() {
    System.Logger logger = System.getLogger(AccessLog.class.getName());
    return to(line -> logger.log(System.Logger.Level.INFO, line));
  }

  @Override
  public void ended(HttpServletRequest request, RequestFacts facts) {
    lines.accept(line(facts));
  }

  static String line(RequestFacts facts) {
    StringWriter line = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      writeRequest(json, facts);
      writeEnd(json, facts);
      writeAttempt(json, facts.attempts());
      json.writeStringField("requestId", id(facts));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail", e);
    }
    // JSON allows DEL as it is, and terminals take it for a control.
    return line.toString().replace("\u007f", "\\u007f");
  }

  private static void writeRequest(JsonGenerator json, RequestFacts facts) throws IOException {
    RequestView request = facts.request();
    json.writeStringField("time", facts.started().toString());
    json.writeStringField("client", client(facts));
    json.writeStringField("method", cut(request.method()));
    json.writeStringField("scheme", request.scheme());
    List<String> hosts = request.hosts();
    json.writeStringField("host", hosts.isEmpty() ? null : cut(hosts.get(0)));
    String target = request.target();
    int query = target.indexOf('?');
    json.writeStringField("path", cut(query < 0 ? target : target.substring(0, query)));
    json.writeStringField("http", cut(request.httpVersion()));
  }

  private static void writeEnd(JsonGenerator json, RequestFacts facts) throws IOException {
    json.writeNumberField("status", facts.status());
    json.writeStringField("end", facts.end().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.writeNumberField("ms", facts.nanos() / 1e6);
    count(json, "requestBytes", facts.requestBytes());
    count(json, "responseBytes", facts.responseBytes());
    Answer.Reason reason = facts.reason();
    json.writeStringField("reason", reason == null ? null : reason.text());
    json.writeStringField("ingress", facts.ingress());
    json.writeStringField("rule", facts.rulePath());
    json.writeStringField("backend", facts.backend() == null ? null : facts.backend().toString());
  }

  private static void writeAttempt(JsonGenerator json, List<RequestFacts.Attempt> attempts)
      throws IOException {
    RequestFacts.Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    Endpoint endpoint = last == null ? null : last.forward().endpoint();
    Exchange.Failure failure = last == null ? null : last.failure();
    json.writeStringField("endpoint", endpoint == null ? null : endpoint.toString());
    json.writeNumberField("attempts", attempts.size());
    json.writeStringField(
        "failure",
        failure == null ? null : failure.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    count(json, "backendStatus", last == null || last.status() == 0 ? -1 : last.status());
    millis(json, "connectMs", last == null ? -1 : last.connectNanos());
    millis(json, "headMs", last == null ? -1 : last.headNanos());
  }

  private static String client(RequestFacts facts) {
    Decision decision = facts.decision();
    if (decision instanceof Forward forward) {
      return forward.clientIp();
    }
    List<RequestFacts.Attempt> attempts = facts.attempts();
    return attempts.isEmpty()
        ? facts.request().clientAddress()
        : attempts.get(0).forward().clientIp();
  }

  /** The id that was sent on, which is the client's if it sent a proper one. */
  private static @Nullable String id(RequestFacts facts) {
    if (facts.attempts().isEmpty()) {
      return null;
    }
    Forward forward = facts.attempts().get(0).forward();
    List<String> sent = forward.requestHeaders().asMap().get("X-Request-ID");
    return sent == null || sent.isEmpty() ? null : cut(sent.get(0));
  }

  private static void count(JsonGenerator json, String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private static void millis(JsonGenerator json, String name, long nanos) throws IOException {
    if (nanos < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, nanos / 1e6);
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
