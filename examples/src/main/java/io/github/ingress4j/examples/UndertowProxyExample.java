package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientRequest;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in an Undertow handler, without servlets: the router decides, and Undertow's own {@link
 * ProxyHandler} carries the bytes, on threads that never wait.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=UndertowProxyExample
 *
 * curl -H 'Host: abc.sample.com' localhost:8080/pay
 *   # what listens on port 8081 says; if nothing does, 502
 * curl localhost:8080/
 *   # 404: no rule is for the host localhost
 * }</pre>
 *
 * <p>What the handler of Undertow has no place for is left out: another attempt once the request
 * was sent (one that could not connect is made again), error pages, copies of requests, time-outs
 * of a single route, and back ends that speak anything but plain HTTP/1.1. Services that decide
 * about clients are not asked, so nobody passes who depends on them. For all of that there is
 * {@code ingress4j-servlet}, which runs in Undertow too.
 */
public final class UndertowProxyExample implements HttpHandler, ProxyClient {

  private static final AttachmentKey<Serving> SERVING = AttachmentKey.create(Serving.class);

  private static final int LONGEST_MILLIS = 60_000;

  private final IngressRouter router;
  private final Function<Forward, InetSocketAddress> locate;
  private final HttpHandler proxy;
  private final Map<InetSocketAddress, ProxyClient> connections = new ConcurrentHashMap<>();

  /**
   * Makes a handler.
   *
   * @param router the rules
   * @param locate says where the back end of a request is
   */
  public UndertowProxyExample(IngressRouter router, Function<Forward, InetSocketAddress> locate) {
    this.router = router;
    this.locate = locate;
    proxy =
        ProxyHandler.builder()
            .setProxyClient(this)
            .setMaxRequestTime(LONGEST_MILLIS)
            .setMaxConnectionRetries(0)
            .build();
  }

  /**
   * Serves {@code hello-ingress.yaml} on port 8080, and sends all of it to port 8081.
   *
   * @param args not used
   */
  public static void main(String[] args) {
    Path manifests = Path.of("examples/manifests/hello-ingress.yaml");
    IngressRouter router = IngressRouter.builder().manifests(manifests).build();
    router.diagnostics().forEach(System.err::println);
    InetSocketAddress backEnd = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081);
    start(new UndertowProxyExample(router, forward -> backEnd), 8080);
  }

  static Undertow start(HttpHandler handler, int port) {
    Undertow server =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            // The router reads the target, and nobody before it.
            .setServerOption(UndertowOptions.DECODE_URL, false)
            .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
            .setHandler(handler)
            .build();
    server.start();
    return server;
  }

  // ---- from the request to a decision

  @Override
  public void handleRequest(HttpServerExchange http) throws Exception {
    Serving serving = new Serving(router.exchange(request(http)));
    http.putAttachment(SERVING, serving);
    http.addExchangeCompleteListener(
        (ended, next) -> {
          serving.close(ended);
          next.proceed();
        });
    follow(http, serving.exchange.first());
  }

  private void follow(HttpServerExchange http, Step step) throws Exception {
    Serving serving = http.getAttachment(SERVING);
    if (step instanceof Forward forward) {
      serving.begin(forward);
      http.addResponseCommitListener(serving);
      if (forward.bodyLimit().bytes() > 0) {
        http.setMaxEntitySize(forward.bodyLimit().bytes());
      }
      proxy.handleRequest(http);
    } else if (step instanceof CheckPassword check) {
      // That takes its time, which the threads that read and write have not got.
      http.dispatch(
          (HttpHandler) worker -> follow(worker, serving.exchange.passwordChecked(check.verify())));
    } else if (step instanceof Answer || step instanceof Redirect) {
      answer(http, step);
    } else {
      follow(http, serving.exchange.authenticated(null)); // Nobody passes who has to be asked for.
    }
  }

  private static void answer(HttpServerExchange http, Step step) {
    if (step instanceof Redirect redirect) {
      http.setStatusCode(redirect.status());
      if (redirect.location() != null) {
        http.getResponseHeaders().put(Headers.LOCATION, redirect.location());
      }
      edit(http.getResponseHeaders(), redirect.responseHeaders());
      http.endExchange();
    } else if (step instanceof Answer answer) {
      http.setStatusCode(answer.status());
      http.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain;charset=utf-8");
      edit(http.getResponseHeaders(), answer.responseHeaders());
      http.getResponseSender().send(answer.explanation() + "\n");
    }
  }

  private static RequestView request(HttpServerExchange http) {
    SimpleRequest.Builder view = SimpleRequest.builder();
    view.httpVersion(http.getProtocol().toString().substring("HTTP/".length()));
    view.method(http.getRequestMethod().toString());
    view.scheme(http.getConnection().getSslSessionInfo() == null ? "http" : "https");
    view.localPort(http.getConnection().getLocalAddress(InetSocketAddress.class).getPort());
    String query = http.getQueryString();
    view.target(query.isEmpty() ? http.getRequestURI() : http.getRequestURI() + "?" + query);
    for (HeaderValues values : http.getRequestHeaders()) {
      values.forEach(value -> view.header(values.getHeaderName().toString(), value));
    }
    HeaderValues hosts = http.getRequestHeaders().get(Headers.HOST);
    view.hosts(hosts == null ? List.of() : List.copyOf(hosts));
    view.bodyLength(http.isRequestComplete() ? 0 : http.getRequestContentLength());
    view.clientAddress(http.getSourceAddress().getAddress().getHostAddress());
    return view.build();
  }

  private static void edit(HeaderMap fields, HeaderEdits edits) {
    edits.asMap().keySet().stream().filter(edits::covers).forEach(fields::remove);
    edits
        .asMap()
        .forEach((name, values) -> values.forEach(v -> fields.add(new HttpString(name), v)));
  }

  // ---- from the decision to a connection

  @Override
  public ProxyTarget findTarget(HttpServerExchange http) {
    return new ProxyTarget() {};
  }

  @Override
  public void getConnection(
      ProxyTarget target,
      HttpServerExchange http,
      ProxyCallback<ProxyConnection> callback,
      long timeout,
      TimeUnit unit) {
    Forward forward = http.getAttachment(SERVING).forward();
    // One for each address: who of several gets a request is the router's to decide.
    ProxyClient client =
        connections.computeIfAbsent(locate.apply(forward), UndertowProxyExample::connections);
    long millis = forward.transport().connectTimeout().toMillis();
    client.getConnection(
        client.findTarget(http), http, new Connected(callback), millis, TimeUnit.MILLISECONDS);
  }

  private static ProxyClient connections(InetSocketAddress address) {
    return new LoadBalancingProxyClient()
        .setConnectionsPerThread(100)
        .setTtl(10_000)
        .addHost(
            URI.create(
                "http://" + address.getAddress().getHostAddress() + ":" + address.getPort()));
  }

  /** Makes another attempt if the router says so, and writes its answer if not. */
  private final class Connected implements ProxyCallback<ProxyConnection> {

    private final ProxyCallback<ProxyConnection> callback;

    Connected(ProxyCallback<ProxyConnection> callback) {
      this.callback = callback;
    }

    @Override
    public void completed(HttpServerExchange http, ProxyConnection found) {
      Serving serving = http.getAttachment(SERVING);
      callback.completed(http, new ProxyConnection(serving.dictating(found.getConnection()), "/"));
    }

    @Override
    public void failed(HttpServerExchange http) {
      Serving serving = http.getAttachment(SERVING);
      Step step = serving.fail(Exchange.Failure.CONNECT, 0);
      if (step instanceof Forward next) {
        serving.begin(next);
        getConnection(findTarget(http), http, callback, -1, TimeUnit.MILLISECONDS);
      } else {
        answer(http, step);
      }
    }

    @Override
    public void couldNotResolveBackend(HttpServerExchange http) {
      failed(http);
    }

    @Override
    public void queuedRequestFailed(HttpServerExchange http) {
      failed(http);
    }
  }

  // ---- one request

  private static final class Serving implements ResponseCommitListener {

    private final Exchange exchange;
    private @Nullable Forward forward;
    private @Nullable ClientExchange sent;
    private long startNanos;
    private long headNanos = -1;

    Serving(Exchange exchange) {
      this.exchange = exchange;
    }

    void begin(Forward next) {
      forward = next;
      startNanos = System.nanoTime();
    }

    Forward forward() {
      if (forward == null) {
        throw new IllegalStateException("the router has not decided yet, or the attempt is over");
      }
      return forward;
    }

    /** Gives an attempt up. */
    Step fail(Exchange.Failure why, long bodyBytesSent) {
      Forward attempt = forward();
      Step step = exchange.failed(attempt, why, bodyBytesSent);
      exchange.closed(attempt, -1, -1, false);
      forward = null;
      return step;
    }

    /** A connection that sends the target and the header lines of the router, not Undertow's. */
    ClientConnection dictating(ClientConnection to) {
      return (ClientConnection)
          Proxy.newProxyInstance(
              ClientConnection.class.getClassLoader(),
              new Class<?>[] {ClientConnection.class},
              (self, method, arguments) -> {
                if (method.getName().equals("sendRequest")) {
                  @SuppressWarnings("unchecked") // It is the only method of this name.
                  ClientCallback<ClientExchange> told =
                      (ClientCallback<ClientExchange>) arguments[1];
                  to.sendRequest(dictate((ClientRequest) arguments[0]), noting(told));
                  return null;
                }
                try {
                  return method.invoke(to, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private ClientRequest dictate(ClientRequest request) {
      Forward attempt = forward();
      HeaderMap fields = request.getRequestHeaders();
      String length = fields.getFirst(Headers.CONTENT_LENGTH);
      String coding = fields.getFirst(Headers.TRANSFER_ENCODING);
      fields.clear();
      if (attempt.host() != null) {
        fields.put(Headers.HOST, attempt.host());
      }
      attempt.eachHeader((name, value) -> fields.add(new HttpString(name), value));
      if (coding != null) {
        fields.put(Headers.TRANSFER_ENCODING, coding);
      } else if (length != null) {
        fields.put(Headers.CONTENT_LENGTH, length);
      }
      return request.setPath(attempt.target());
    }

    private ClientCallback<ClientExchange> noting(ClientCallback<ClientExchange> told) {
      return new ClientCallback<>() {
        @Override
        public void completed(ClientExchange result) {
          sent = result;
          told.completed(result);
        }

        @Override
        public void failed(IOException e) {
          told.failed(e);
        }
      };
    }

    /** The head is about to go to the client: the back end's, or one that Undertow made up. */
    @Override
    public void beforeCommit(HttpServerExchange http) {
      Forward attempt = forward;
      if (attempt == null) {
        return;
      }
      HeaderMap fields = http.getResponseHeaders();
      if (sent == null || sent.getResponse() == null) {
        boolean isLate = http.getStatusCode() == 504;
        Step step = fail(isLate ? Exchange.Failure.RESPONSE_TIMEOUT : Exchange.Failure.RESET, 1);
        if (step instanceof Answer answer) {
          http.setStatusCode(answer.status());
          edit(fields, answer.responseHeaders());
        }
        return;
      }
      headNanos = System.nanoTime() - startNanos;
      Map<String, List<String>> said = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (HeaderValues values : fields) {
        said.put(values.getHeaderName().toString(), List.copyOf(values));
      }
      Step step = exchange.replied(attempt, new Exchange.ReplyHead(http.getStatusCode(), said));
      said.keySet().stream()
          .filter(
              name -> HeaderName.isHopByHop(name) && !name.equalsIgnoreCase("Transfer-Encoding"))
          .forEach(fields::remove);
      if (step instanceof Relay relay) {
        http.setStatusCode(relay.status());
        edit(fields, relay.responseHeaders());
      }
    }

    void close(HttpServerExchange http) {
      if (forward != null) {
        exchange.closed(forward, -1, headNanos, http.isResponseComplete());
      }
      exchange.end();
    }
  }
}
