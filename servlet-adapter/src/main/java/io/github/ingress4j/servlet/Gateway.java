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
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests by the decisions of a router: what the filter and the servlet have in common.
 *
 * <p>Thread-safe.
 */
final class Gateway implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

  /** How long requests have to notice that their connections were broken. */
  private static final Duration ABORT = Duration.ofSeconds(5);

  private static final Answer GONE =
      new Answer(
          null,
          503,
          Answer.Reason.OVERLOADED,
          "The gateway has been taken out of service.",
          HeaderEdits.NONE);

  private final Settings settings;
  private final ServletContext context;
  private final RareLog log = new RareLog(LOG);
  private final ServiceDns dns;
  private final EndpointResolver resolver;
  private final Watchdog watchdog = new Watchdog();
  private final BackendConnections connections;
  private final BackendTls tls;
  private final HttpProxy proxy;
  private final Mirrors mirrors;
  private final Doorkeeper doorkeeper;
  private final Bulkheads bulkheads;
  private final HealthLog health = new HealthLog(log);
  private final Drain drain = new Drain();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private volatile IngressRouter known;

  /**
   * Makes ready to serve.
   *
   * @throws ServletException if nothing in the router's manifests could be read: every request
   *     would be answered 404 for the wrong reason; or if the router is one for tests only
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
    if (router.assumesSecrets()) {
      throw new ServletException(
          "the router assumes Secrets that it has not seen, which is for tests of rules only");
    }
    this.settings = settings;
    this.context = context;
    dns = new ServiceDns(settings.router(), settings.addressPolicy(), log);
    resolver = settings.resolver() == null ? dns : settings.resolver();
    known = router;
    Limits limits = settings.limits();
    bulkheads = new Bulkheads(limits.requests(), limits.requestsPerBackend());
    connections = new BackendConnections(watchdog, limits);
    tls = new BackendTls(settings.sslContext());
    proxy =
        new HttpProxy(
            connections,
            tls,
            new BodyBuffers(temporary(context), settings.maxBufferedBytes()),
            watchdog,
            drain,
            new HttpProxy.Settings(settings.marksRequests(), Pace.Time.SYSTEM),
            log);
    ServiceClient client = new ServiceClient(connections, tls, dns, watchdog);
    mirrors = new Mirrors(client, settings.marksRequests(), log);
    doorkeeper =
        new Doorkeeper(client, new PasswordChecks(), bulkheads, settings.marksRequests(), log);
    for (Diagnostic diagnostic : router.diagnostics()) {
      if (diagnostic.isError()) {
        LOG.log(System.Logger.Level.ERROR, PrintableText.escape(diagnostic.toString()));
      }
    }
    Set<String> backends = new TreeSet<>();
    router.translation().servicePorts().forEach(port -> backends.add(port.toString()));
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
    Observed observed =
        settings.observers().isEmpty()
            ? null
            : Observed.begin(settings.observers(), request, view, log);
    boolean isComplete = false;
    try {
      serve(view, request, response, chain, observed);
      isComplete = observed == null || !observed.isBroken();
    } finally {
      if (observed != null) {
        // What has failed before its head was out gets a page of the container's.
        boolean hasHead = isComplete || response.isCommitted();
        observed.end(hasHead ? response.getStatus() : 0, isComplete);
      }
    }
  }

  private void serve(
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable FilterChain chain,
      @Nullable Observed observed)
      throws IOException, ServletException {
    if (!drain.enter()) {
      answer(GONE, view, response, true, observed);
      return;
    }
    Exchange exchange = settings.exchanges().apply(view);
    try {
      if (observed != null) {
        exchange.observe(observed);
      }
      noticeRules();
      if (drain.isBegun()) {
        Answers.closeConnection(view, response);
      }
      serve(exchange, view, request, response, chain, observed);
    } finally {
      RequestEnd.of(
          request,
          () -> {
            exchange.end();
            drain.leave();
          });
    }
  }

  private void serve(
      Exchange exchange,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable FilterChain chain,
      @Nullable Observed observed)
      throws IOException, ServletException {
    Answer refusal = FrontDoor.refusal(view);
    if (refusal == null && settings.marksRequests()) {
      refusal = Loops.refusal(view);
    }
    if (refusal != null) {
      answer(refusal, view, response, hasBody(view), observed);
      return;
    }
    Decision decision = doorkeeper.decide(exchange, view);
    if (decision instanceof Forward forward) {
      try (Serving serving =
          new Serving(exchange, forward, view, request, response, chain, observed)) {
        serving.run(forward);
      }
    } else if (chain != null
        && settings.passesUnmatched()
        && decision instanceof Answer answer
        && answer.reason() == Answer.Reason.NO_ROUTE) {
      if (observed != null) {
        observed.passedOn();
      }
      chain.doFilter(request, response);
    } else {
      answer(decision, view, response, hasBody(view), observed);
    }
  }

  /** Lets go of what was kept for rules of before, such as the key of a Secret. */
  @SuppressWarnings("ReferenceEquality") // A router is equal to itself only.
  private void noticeRules() {
    IngressRouter current = settings.router().get();
    if (current != known) {
      known = current;
      if (tls.retain(current)) {
        connections.closeIdle();
      }
    }
  }

  private static void answer(
      Decision decision,
      ServletRequestView view,
      HttpServletResponse response,
      boolean isBodyUnread,
      @Nullable Observed observed)
      throws IOException {
    int bytes = Answers.write(decision, view, response, isBodyUnread);
    if (observed != null) {
      observed.answered(decision, bytes);
    }
  }

  /** Where an application of this container keeps what is of no use after it. */
  private static @Nullable Path temporary(ServletContext context) {
    return context.getAttribute(ServletContext.TEMPDIR) instanceof File directory
        ? directory.toPath()
        : null;
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

  private List<InetSocketAddress> addresses(Forward forward, @Nullable BackendMapping mapping)
      throws UnresolvedException {
    try {
      if (mapping instanceof BackendMapping.Addresses listed) {
        return listed.resolve();
      }
      Endpoint endpoint = forward.endpoint();
      if (endpoint == null) {
        return resolver.resolve(forward);
      }
      Endpoint reached = settings.reached().apply(endpoint);
      return dns.resolve(reached, Cidr.isAddress(reached.host()));
    } catch (IOException e) {
      throw new UnresolvedException(e);
    }
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

  /** Whether a back end is reached by a mapping, or in general. */
  private boolean isReachable(Forward forward) {
    return settings.mode() == IngressFilter.Mode.PROXY
        || settings.mappings().containsKey(forward.backend().toString());
  }

  /** From now on every answer closes the connection of its client; returns at once. */
  void beginDrain() {
    drain.begin();
  }

  /**
   * Ends: what is under way has its time, then its connections to back ends are broken. A second
   * call has no effect.
   */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    drain.begin();
    long end = System.nanoTime() + settings.limits().drainTime().toNanos();
    drain.await(end - System.nanoTime());
    drain.end();
    boolean isDone = drain.await(end - System.nanoTime());
    connections.close();
    if (!isDone && !drain.await(ABORT.toNanos())) {
      LOG.log(System.Logger.Level.WARNING, "requests are still under way at the end");
    }
    mirrors.close();
    proxy.close();
    watchdog.close();
  }

  /** Nobody can say now where a back end is. */
  private static final class UnresolvedException extends Exception {

    private static final long serialVersionUID = 1;

    UnresolvedException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** One request that goes to a back end, and from there to another one if need be. */
  private final class Serving implements AutoCloseable {

    private final Exchange exchange;
    private final ServletRequestView view;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final @Nullable FilterChain chain;
    private final @Nullable Observed observed;
    private final BodyWatch watch;
    private final Delivery delivery;

    Serving(
        Exchange exchange,
        Forward first,
        ServletRequestView view,
        HttpServletRequest request,
        HttpServletResponse response,
        @Nullable FilterChain chain,
        @Nullable Observed observed) {
      this.exchange = exchange;
      this.view = view;
      this.request = request;
      this.response = response;
      this.chain = chain;
      this.observed = observed;
      watch = new BodyWatch(first.bodyLimit(), mirrors.begin(first, view));
      delivery = proxy.delivery(exchange, view, request, response, watch);
    }

    void run(Forward first) throws IOException, ServletException {
      Forward forward = first;
      while (forward != null) {
        expose(forward, request);
        Forward next = attempt(forward);
        health.look(known.endpointHealth(), forward);
        forward = next;
      }
    }

    /** Makes one attempt, and returns the next one to make, null if the client has its answer. */
    private @Nullable Forward attempt(Forward forward) throws IOException, ServletException {
      BackendMapping mapping = settings.mappings().get(forward.backend().toString());
      if (mapping instanceof BackendMapping.Context inside) {
        return dispatch(forward, inside);
      }
      boolean isPassedOn = chain != null && settings.mode() == IngressFilter.Mode.ATTRIBUTES;
      if (forward.backend() instanceof Backend.Resource resource) {
        ResourceBackendHandler handler = settings.resources().get(ResourceKind.of(resource));
        if (handler != null) {
          return here(forward, (inner, outer) -> handler.handle(resource, forward, inner, outer));
        }
        if (!isPassedOn) {
          return fail(forward, Exchange.Failure.NO_ENDPOINT);
        }
      }
      // In place of an error page the application would serve the request itself, refused or not.
      if (mapping == null && isPassedOn && chain != null && !forward.isErrorPage()) {
        return here(forward, chain::doFilter);
      }
      return mapping == null && settings.mode() != IngressFilter.Mode.PROXY
          ? fail(forward, Exchange.Failure.NO_ENDPOINT)
          : proxy(forward, mapping);
    }

    private @Nullable Forward proxy(Forward forward, @Nullable BackendMapping mapping)
        throws IOException {
      if (!HttpProxy.speaks(forward.transport().protocol())) {
        log.warn(
            RareLog.Kind.PROTOCOL,
            forward.backend()
                + " wants "
                + forward.transport().protocol()
                + ", and this version speaks only HTTP/1 to back ends");
        return fail(forward, Exchange.Failure.CONNECT);
      }
      try (Bulkheads.Place place = bulkheads.enter(forward.backend())) {
        if (place == null) {
          log.warn(
              RareLog.Kind.OVERLOAD,
              PrintableText.escape(
                  "as many requests as may be at a time are at "
                      + forward.backend()
                      + ", or at all back ends"));
          return fail(forward, Exchange.Failure.OVERLOADED);
        }
        List<InetSocketAddress> addresses = addresses(forward, mapping);
        return addresses.isEmpty()
            ? fail(forward, Exchange.Failure.NO_ENDPOINT)
            : delivery.send(forward, addresses);
      } catch (UnresolvedException e) {
        log.warn(
            RareLog.Kind.RESOLVER,
            PrintableText.escape("no address of " + forward.backend() + ": " + e.getMessage()));
        return fail(forward, Exchange.Failure.CONNECT);
      }
    }

    /** Gives up an attempt of which nothing was sent. */
    private @Nullable Forward fail(Forward forward, Exchange.Failure why) throws IOException {
      Step step = exchange.failed(forward, why, 0);
      exchange.closed(forward, -1, -1, false);
      return answer(step);
    }

    /** Writes the answer that a step is, or returns the attempt that it is. */
    private @Nullable Forward answer(@Nullable Step step) throws IOException {
      if (step instanceof Forward next) {
        return next;
      }
      if (step instanceof Decision decision) {
        delivery.passed(Answers.write(decision, view, response, delivery.closesConnection()));
      }
      return null;
    }

    private @Nullable Forward dispatch(Forward forward, BackendMapping.Context mapping)
        throws IOException, ServletException {
      String inside = ContainerPath.inside(forward);
      String path = mapping.path() + inside;
      if (path.isEmpty()) {
        path = "/";
      }
      boolean isPath = inside.isEmpty() || inside.startsWith("/");
      if (!isPath || ContainerPath.isUnsafe(path)) {
        Step step = exchange.failed(forward, Exchange.Failure.NO_ENDPOINT, 0);
        exchange.closed(forward, -1, -1, false);
        return answer(
            new Answer(
                forward.route(),
                400,
                Answer.Reason.AMBIGUOUS_PATH,
                "This path must not be reached through the router.",
                step instanceof Answer answer ? answer.responseHeaders() : HeaderEdits.NONE));
      }
      RequestDispatcher dispatcher = dispatcher(path);
      if (dispatcher == null) {
        log.warn(
            RareLog.Kind.DISPATCH,
            "no application of this container answers for context:"
                + mapping.path()
                + "; if there is one, allow dispatching to other contexts");
        return fail(forward, Exchange.Failure.NO_ENDPOINT);
      }
      return here(forward, dispatcher::forward);
    }

    private @Nullable Forward here(Forward forward, LocalDelivery.Action action)
        throws IOException, ServletException {
      if (observed != null) {
        observed.passedOn();
      }
      return answer(
          new LocalDelivery(exchange, view, request, response, watch, Gateway.this::isReachable)
              .run(forward, action));
    }

    @Override
    public void close() throws IOException {
      try {
        delivery.close();
      } finally {
        watch.close();
        if (observed != null) {
          observed.carried(delivery);
        }
      }
    }
  }
}
