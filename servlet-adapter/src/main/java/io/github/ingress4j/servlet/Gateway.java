package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.servlet.GatewayBuilder.ResourceKind;
import io.github.ingress4j.servlet.GatewayBuilder.Settings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests by the decisions of a router: what the filter and the servlet have in common.
 *
 * <p>Thread-safe.
 */
final class Gateway implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

  private final Settings settings;
  private final ServletContext context;
  private final RareLog log = new RareLog(LOG);
  private final ServiceDns dns;
  private final EndpointResolver resolver;
  private final HttpProxy proxy = new HttpProxy();

  /**
   * Makes ready to serve.
   *
   * @throws ServletException if nothing in the router's manifests could be read: every request
   *     would be answered 404 for the wrong reason
   */
  Gateway(Settings settings, ServletContext context) throws ServletException {
    IngressRouter router = settings.router().get();
    if (!router.isUsable()) {
      throw new ServletException(
          "nothing can be read from the manifests: "
              + router.diagnostics().stream()
                  .limit(5)
                  .map(Diagnostic::toString)
                  .map(PrintableText::escape)
                  .collect(Collectors.joining("; ")));
    }
    this.settings = settings;
    this.context = context;
    dns = new ServiceDns(settings.router(), settings.addressPolicy(), log);
    resolver = settings.resolver() == null ? dns : settings.resolver();
    for (Diagnostic diagnostic : router.diagnostics()) {
      if (diagnostic.isError()) {
        LOG.log(System.Logger.Level.ERROR, PrintableText.escape(diagnostic.toString()));
      }
    }
    Set<String> backends = router.translation().upstreamKeys();
    for (String backend : settings.mappings().keySet()) {
      if (!backends.contains(backend)) {
        LOG.log(
            System.Logger.Level.WARNING,
            PrintableText.escape(
                "no rule names the back end "
                    + backend
                    + " that a setting maps; rules name "
                    + (backends.isEmpty() ? "none" : String.join(", ", backends))));
      }
    }
  }

  /** Serves a request; without a chain, a request that no rule takes is answered 404. */
  void serve(HttpServletRequest request, HttpServletResponse response, @Nullable FilterChain chain)
      throws IOException, ServletException {
    ServletRequestView view = new ServletRequestView(request);
    Answer refusal = FrontDoor.refusal(view);
    if (refusal != null) {
      Answers.write(refusal, view, response, hasBody(view));
      return;
    }
    Exchange exchange = settings.exchanges().apply(view);
    try {
      Decision decision = exchange.first();
      if (decision instanceof Forward forward) {
        expose(forward, request);
        forward(exchange, forward, view, request, response, chain);
      } else if (chain != null
          && settings.passesUnmatched()
          && decision instanceof Answer answer
          && answer.reason() == Answer.Reason.NO_ROUTE) {
        chain.doFilter(request, response);
      } else {
        Answers.write(decision, view, response, hasBody(view));
      }
    } finally {
      exchange.end();
    }
  }

  private static boolean hasBody(ServletRequestView view) {
    return view.bodyLength() != 0 || !view.headers("Transfer-Encoding").isEmpty();
  }

  private static void expose(Forward forward, HttpServletRequest request) {
    Route route = forward.route();
    Route.Rule rule = route.rule();
    request.setAttribute(IngressAttributes.DECISION, forward);
    request.setAttribute(IngressAttributes.ROUTE, route);
    request.setAttribute(IngressAttributes.TARGET, forward.target());
    request.setAttribute(IngressAttributes.PATH_INSIDE, ContainerPath.inside(forward));
    if (route.ingress() != null) {
      request.setAttribute(IngressAttributes.INGRESS, route.ingress());
    }
    if (rule != null) {
      request.setAttribute(IngressAttributes.RULE_PATH, rule.path());
    }
  }

  private void forward(
      Exchange exchange,
      Forward forward,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable FilterChain chain)
      throws IOException, ServletException {
    BackendMapping mapping = settings.mappings().get(forward.backend().toString());
    if (mapping instanceof BackendMapping.Context inside) {
      dispatch(exchange, forward, inside, view, request, response);
      return;
    }
    if (forward.backend() instanceof Backend.Resource resource) {
      ResourceBackendHandler handler = settings.resources().get(ResourceKind.of(resource));
      if (handler != null) {
        here(
            exchange,
            forward,
            response,
            () -> handler.handle(resource, forward, request, response));
        return;
      }
      if (chain == null || settings.mode() != IngressFilter.Mode.ATTRIBUTES) {
        answerNoEndpoint(exchange, forward, view, response);
        return;
      }
    }
    if (mapping == null && chain != null && settings.mode() == IngressFilter.Mode.ATTRIBUTES) {
      here(exchange, forward, response, () -> chain.doFilter(request, response));
      return;
    }
    if (mapping == null && settings.mode() == IngressFilter.Mode.FORWARD) {
      answerNoEndpoint(exchange, forward, view, response);
      return;
    }
    proxy(exchange, forward, mapping, view, request, response);
  }

  private void proxy(
      Exchange exchange,
      Forward first,
      @Nullable BackendMapping mapping,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    HttpProxy.Delivery delivery = proxy.delivery(exchange, view, request, response);
    Forward forward = first;
    while (forward != null) {
      List<InetSocketAddress> addresses = List.of();
      Exchange.Failure failure = null;
      if (forward.transport().protocol() != TransportSettings.Protocol.HTTP) {
        log.warn(
            RareLog.Kind.PROTOCOL,
            forward.backend()
                + " wants "
                + forward.transport().protocol()
                + ", and this version speaks only plain HTTP/1.1 to back ends");
        failure = Exchange.Failure.CONNECT;
      } else {
        try {
          addresses = addresses(forward, mapping);
          failure = addresses.isEmpty() ? Exchange.Failure.NO_ENDPOINT : null;
        } catch (IOException e) {
          log.warn(
              RareLog.Kind.RESOLVER,
              PrintableText.escape("no address of " + forward.backend() + ": " + e.getMessage()));
          failure = Exchange.Failure.CONNECT;
        }
      }
      forward =
          failure == null
              ? delivery.send(forward, addresses)
              : fail(exchange, forward, failure, view, response);
    }
  }

  private List<InetSocketAddress> addresses(Forward forward, @Nullable BackendMapping mapping)
      throws IOException {
    if (mapping instanceof BackendMapping.Addresses listed) {
      return listed.resolve();
    }
    Endpoint endpoint = forward.endpoint();
    if (endpoint == null) {
      return resolver.resolve(forward);
    }
    Endpoint reached = settings.reached().apply(endpoint);
    return dns.resolve(reached, Cidr.isAddress(reached.host()));
  }

  /**
   * Gives up an attempt of which nothing was sent.
   *
   * @return another attempt to make; null if the client has its answer
   */
  private static @Nullable Forward fail(
      Exchange exchange,
      Forward forward,
      Exchange.Failure why,
      ServletRequestView view,
      HttpServletResponse response)
      throws IOException {
    Step step = exchange.failed(forward, why, 0);
    exchange.closed(forward, -1, -1, false);
    if (step instanceof Forward next) {
      return next;
    }
    if (step instanceof Decision decision) {
      Answers.write(decision, view, response, hasBody(view));
    }
    return null;
  }

  private static void answerNoEndpoint(
      Exchange exchange, Forward forward, ServletRequestView view, HttpServletResponse response)
      throws IOException {
    if (fail(exchange, forward, Exchange.Failure.NO_ENDPOINT, view, response) != null) {
      throw new IllegalStateException("there is no other endpoint where there is none");
    }
  }

  private void dispatch(
      Exchange exchange,
      Forward forward,
      BackendMapping.Context mapping,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    String inside = ContainerPath.inside(forward);
    String path = mapping.path() + inside;
    if (path.isEmpty()) {
      path = "/";
    }
    boolean isPath = inside.isEmpty() || inside.startsWith("/");
    if (!isPath || ContainerPath.isUnsafe(path)) {
      exchange.failed(forward, Exchange.Failure.NO_ENDPOINT, 0);
      exchange.closed(forward, -1, -1, false);
      Answers.write(
          new Answer(
              forward.route(),
              400,
              Answer.Reason.AMBIGUOUS_PATH,
              "This path must not be reached through the router.",
              HeaderEdits.NONE),
          view,
          response,
          hasBody(view));
      return;
    }
    RequestDispatcher dispatcher = dispatcher(path);
    if (dispatcher == null) {
      log.warn(
          RareLog.Kind.DISPATCH,
          "no application of this container answers for context:"
              + mapping.path()
              + "; if there is one, allow dispatching to other contexts");
      answerNoEndpoint(exchange, forward, view, response);
      return;
    }
    here(exchange, forward, response, () -> dispatcher.forward(request, response));
  }

  private @Nullable RequestDispatcher dispatcher(String path) {
    ServletContext other = context.getContext(path);
    ServletContext target = other == null ? context : other;
    String prefix = target.getContextPath();
    if (!path.startsWith(prefix)
        || (path.length() > prefix.length() && path.charAt(prefix.length()) != '/')) {
      return null;
    }
    String rest = path.substring(prefix.length());
    return target.getRequestDispatcher(rest.isEmpty() ? "/" : rest);
  }

  /** Has something in this container answer, once: what it did cannot be taken back. */
  private static void here(
      Exchange exchange, Forward forward, HttpServletResponse response, Action action)
      throws IOException, ServletException {
    boolean isClean = false;
    Answers.apply(forward.responseHeaders(), response);
    try {
      action.run();
      isClean = true;
    } finally {
      if (isClean) {
        int status = response.getStatus();
        exchange.replied(
            forward, new Exchange.ReplyHead(status >= 200 && status <= 599 ? status : 500), 1);
      } else {
        exchange.failed(forward, Exchange.Failure.RESET, 1);
      }
      exchange.closed(forward, -1, -1, isClean);
    }
  }

  @Override
  public void close() {
    proxy.close();
  }

  private interface Action {
    void run() throws IOException, ServletException;
  }
}
