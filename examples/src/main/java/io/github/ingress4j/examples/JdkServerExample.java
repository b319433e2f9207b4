package io.github.ingress4j.examples;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A gateway on the JDK's own HTTP server, with nothing but {@code ingress4j-core}, in under 120
 * lines: how a server that has no adapter drives an {@link Exchange}.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=JdkServerExample
 *
 * curl -H 'Host: abc.sample.com' localhost:8080/pay
 *   # what listens on port 8081 says; if nothing does, 502
 * curl localhost:8080/
 *   # 404: no rule is for the host localhost
 * }</pre>
 *
 * <p>A proxy this small leaves much out: every method but GET, bodies of requests, and what the
 * dialect Kubernetes has none of: redirects, copies of requests, and services that decide about
 * clients, whose routes answer 500; fields named by the {@code Connection} of an answer, upgrades,
 * trailers, TLS and HTTP/2, DNS, other failures than two, and limits on how slow a client and how
 * large an answer's head may be. The JDK's server refuses by itself what {@link java.net.URI}
 * cannot read. The JDK's client adds {@code Accept} and {@code User-Agent} where they are missing,
 * and hands several lines of one name over in reverse. For real traffic there is {@code
 * ingress4j-servlet}.
 *
 * @param router the rules
 * @param locate says where the back end of a request is
 */
public record JdkServerExample(IngressRouter router, Function<Forward, InetSocketAddress> locate) {

  /**
   * Serves {@code hello-ingress.yaml} on port 8080, and sends all of it to port 8081.
   *
   * @param args not used
   * @throws IOException if the port cannot be had
   */
  public static void main(String[] args) throws IOException {
    Path manifests = Path.of("examples/manifests/hello-ingress.yaml");
    IngressRouter router = IngressRouter.builder().manifests(manifests).build();
    router.diagnostics().forEach(System.err::println);
    InetSocketAddress backEnd = new InetSocketAddress(getLoopbackAddress(), 8081);
    new JdkServerExample(router, forward -> backEnd).start(8080);
  }

  HttpServer start(int port) throws IOException {
    // Without this the JDK's client sends the back end's address as Host, whatever it is told.
    System.setProperty("sun.net.http.allowRestrictedHeaders", "true");
    HttpServer server = HttpServer.create(new InetSocketAddress(getLoopbackAddress(), port), 0);
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    return server;
  }

  private void serve(HttpExchange http) throws IOException {
    if (!http.getRequestMethod().equals("GET")) {
      http.sendResponseHeaders(501, -1);
      return;
    }
    Exchange exchange = router.exchange(request(http));
    try {
      Step step = exchange.first();
      while (!(step instanceof Answer || step instanceof Relay)) {
        if (step instanceof Forward forward) {
          step = attempt(exchange, forward, http); // One that failed may lead to another one.
        } else if (step instanceof CheckPassword check) {
          step = exchange.passwordChecked(check.verify());
        } else {
          step = exchange.authenticated(null); // Asks nobody, so nobody passes who has to be asked.
        }
      }
      if (step instanceof Answer answer) {
        answer.responseHeaders().asMap().forEach(http.getResponseHeaders()::put);
        http.sendResponseHeaders(answer.status(), 0);
        http.getResponseBody().write(answer.explanation().getBytes(UTF_8));
      }
      http.close(); // Not after an exception: the server then breaks the connection, as it must.
    } finally {
      exchange.end();
    }
  }

  private Step attempt(Exchange exchange, Forward forward, HttpExchange http) throws IOException {
    long start = System.nanoTime();
    long headNanos = -1;
    boolean isClean = false;
    try {
      HttpURLConnection call = prepare(forward);
      int status = call.getResponseCode();
      Headers fields = fields(call);
      Step step = exchange.replied(forward, new Exchange.ReplyHead(status, fields));
      headNanos = System.nanoTime() - start;
      if (step instanceof Relay relay) {
        http.getResponseHeaders().putAll(fields);
        edit(http.getResponseHeaders(), relay.responseHeaders());
        long length = call.getContentLengthLong();
        http.sendResponseHeaders(relay.status(), length == 0 ? -1 : Math.max(length, 0));
        InputStream error = call.getErrorStream();
        try (InputStream body = error == null ? call.getInputStream() : error) {
          isClean = body.transferTo(http.getResponseBody()) >= length;
        }
      }
      return step;
    } catch (IOException | IllegalArgumentException e) {
      if (headNanos >= 0) {
        throw e;
      }
      boolean isLate = e instanceof SocketTimeoutException;
      return exchange.failed(
          forward, isLate ? Exchange.Failure.RESPONSE_TIMEOUT : Exchange.Failure.CONNECT, 0);
    } finally {
      exchange.closed(forward, -1, headNanos, isClean);
    }
  }

  private HttpURLConnection prepare(Forward forward) throws IOException {
    InetSocketAddress to = locate.apply(forward);
    URL url = new URL("http", to.getHostString(), to.getPort(), forward.target());
    HttpURLConnection call = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    call.setInstanceFollowRedirects(false);
    call.setConnectTimeout((int) forward.transport().connectTimeout().toMillis());
    call.setReadTimeout((int) forward.transport().readTimeout().toMillis());
    forward.eachHeader(call::addRequestProperty);
    call.setRequestProperty("Host", Objects.requireNonNullElse(forward.host(), ""));
    return call;
  }

  /** The fields that are not about one connection only, under one spelling of each name. */
  private static Headers fields(HttpURLConnection call) {
    Headers fields = new Headers();
    for (Map.Entry<String, List<String>> field : call.getHeaderFields().entrySet()) {
      String name = field.getKey();
      boolean isStatusLine = name == null;
      if (!isStatusLine && HeaderName.isToken(name) && !HeaderName.isHopByHop(name)) {
        field.getValue().forEach(value -> fields.add(name, value));
      }
    }
    fields.remove("Content-Length"); // Each connection has a framing of its own.
    return fields;
  }

  private static void edit(Headers fields, HeaderEdits edits) {
    fields.keySet().removeIf(edits::covers);
    edits.asMap().forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
  }

  private static RequestView request(HttpExchange http) {
    SimpleRequest.Builder view = SimpleRequest.builder();
    view.httpVersion(http.getProtocol().substring("HTTP/".length()));
    view.localPort(http.getLocalAddress().getPort());
    view.hosts(http.getRequestHeaders().getOrDefault("Host", List.of()));
    view.target(http.getRequestURI().toString());
    view.clientAddress(http.getRemoteAddress().getAddress().getHostAddress());
    http.getRequestHeaders().forEach((name, values) -> values.forEach(v -> view.header(name, v)));
    return view.build();
  }
}
