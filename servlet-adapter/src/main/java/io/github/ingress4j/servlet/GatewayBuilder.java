package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.policy.RequestView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings that {@link IngressFilter} and {@link IngressProxyServlet} share.
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class GatewayBuilder<B extends GatewayBuilder<B>>
    permits IngressFilter.Builder, IngressProxyServlet.Builder {

  private @Nullable Supplier<IngressRouter> router;
  private @Nullable Function<RequestView, Exchange> exchanges;
  private UnaryOperator<Endpoint> reached = UnaryOperator.identity();
  private IngressFilter.Mode mode;
  private boolean passesUnmatched;
  private final Map<String, BackendMapping> mappings = new HashMap<>();
  private @Nullable EndpointResolver resolver;
  private AddressPolicy addressPolicy = AddressPolicy.strict();
  private @Nullable SSLContext sslContext;
  private long maxBufferedBytes = BodyBuffers.DEFAULT_LIMIT;
  private boolean marksRequests = true;
  private final List<GatewayObserver> observers = new ArrayList<>();
  private Limits limits = Limits.DEFAULT;
  private final Map<ResourceKind, ResourceBackendHandler> resources = new HashMap<>();

  GatewayBuilder(IngressFilter.Mode mode, boolean passesUnmatched) {
    this.mode = mode;
    this.passesUnmatched = passesUnmatched;
  }

  abstract B self();

  /**
   * Sets the rules, for good.
   *
   * @param value the router
   * @return this builder
   */
  public B router(IngressRouter value) {
    Objects.requireNonNull(value, "router");
    router = () -> value;
    return self();
  }

  /**
   * Sets rules that change while requests run.
   *
   * @param value the router; each request is served by the rules that are in force when it arrives
   * @return this builder
   */
  public B router(LiveRouter value) {
    router = Objects.requireNonNull(value, "router")::current;
    return self();
  }

  /**
   * Says where the requests of a back end go, whatever the manifests know of its endpoints.
   *
   * <table>
   *   <caption>Targets</caption>
   *   <tr><th>Target</th><th>Meaning</th></tr>
   *   <tr><td>{@code context:/pay}</td><td>inside this container: the rule's path is replaced by
   *       {@code /pay}, a path from the root of the server</td></tr>
   *   <tr><td>{@code 127.0.0.1:8081,app.local:8082}</td><td>proxied to these addresses in turn; as
   *       the operator lists them, loopback is allowed</td></tr>
   * </table>
   *
   * @param backend the Service's port as the rules write it: namespace, slash, Service, colon,
   *     number or name of the port
   * @param target where its requests go
   * @return this builder
   * @throws IllegalArgumentException if one of them has another form; the message quotes it
   */
  public B backend(String backend, String target) {
    mappings.put(BackendMapping.requireBackend(backend), BackendMapping.parse(target));
    return self();
  }

  /**
   * Finds the addresses of back ends in another way than by DNS.
   *
   * @param value the resolver
   * @return this builder
   */
  public B endpointResolver(EndpointResolver value) {
    resolver = Objects.requireNonNull(value, "endpointResolver");
    return self();
  }

  /**
   * Sets which resolved addresses may be connected to, be they those of back ends or those of
   * services that rules name by a URL.
   *
   * @param value the policy; by default special addresses are refused
   * @return this builder
   */
  public B addressPolicy(AddressPolicy value) {
    addressPolicy = Objects.requireNonNull(value, "addressPolicy");
    return self();
  }

  /**
   * Sets who answers for a kind of resource back ends.
   *
   * @param apiGroup the API group, {@code null} for the core group
   * @param kind the kind
   * @param handler who answers
   * @return this builder
   */
  public B resourceBackend(@Nullable String apiGroup, String kind, ResourceBackendHandler handler) {
    resources.put(new ResourceKind(apiGroup, kind), Objects.requireNonNull(handler, "handler"));
    return self();
  }

  /**
   * Sets whom to trust, and what to show, where no rule says how TLS is spoken: to a Service whose
   * {@code appProtocol} is {@code https}, and to a service that a rule names by a URL, because it
   * decides about clients or wants copies of requests. Names are always verified; a Service's is
   * {@code service.namespace.svc}, or the external one.
   *
   * @param value the context; by default whom the JVM trusts
   * @return this builder
   */
  public B sslContext(SSLContext value) {
    sslContext = Objects.requireNonNull(value, "sslContext");
    return self();
  }

  /**
   * Sets how many bytes of request bodies may be kept in files at a time, because their routes want
   * them whole before any of them is sent. A request for whose body there is no room is answered
   * 503.
   *
   * @param value the bytes, 0 or more; 1 GiB if it is not set
   * @return this builder
   * @throws IllegalArgumentException if it is negative
   */
  public B maxBufferedBytes(long value) {
    if (value < 0) {
      throw new IllegalArgumentException(value + " bytes must be 0 or more");
    }
    maxBufferedBytes = value;
    return self();
  }

  /**
   * Sets whether requests that come back to a gateway are known again by the field {@code Via} and,
   * after a few rounds, answered 508. Without it a circle of gateways ends only when threads or
   * time run out; back ends that treat requests with a {@code Via} in another way, such as an nginx
   * that compresses nothing for them, are a reason to do without.
   *
   * @param value {@code true}, as by default, to mark requests and to count the marks
   * @return this builder
   */
  public B loopProtection(boolean value) {
    marksRequests = value;
    return self();
  }

  /**
   * Adds somebody who watches the requests; without one, nothing is measured.
   *
   * @param value the observer, such as an {@link AccessLog}
   * @return this builder
   */
  public B observer(GatewayObserver value) {
    observers.add(Objects.requireNonNull(value, "observer"));
    return self();
  }

  /**
   * Sets how many requests may be at back ends, or at services that decide about clients, at a
   * time. Each of them holds a thread of the container, which has others to serve. One too many is
   * answered 503 at once. A number below that of the container's threads keeps some of them free;
   * with virtual threads it may be as large as memory allows.
   *
   * @param value the requests, 1 or more; 190 if it is not set
   * @return this builder
   * @throws IllegalArgumentException if it is less than 1
   */
  public B maxRequests(int value) {
    limits = limits.withRequests(value);
    return self();
  }

  /**
   * Sets how many requests may be at one back end at a time, so that one that is slow does not keep
   * the others from being asked. One too many is answered 503 at once.
   *
   * @param value the requests, 1 or more; 150 if it is not set
   * @return this builder
   * @throws IllegalArgumentException if it is less than 1
   */
  public B maxRequestsPerBackend(int value) {
    limits = limits.withRequestsPerBackend(value);
    return self();
  }

  /**
   * Sets how many connections to back ends and other services there may be.
   *
   * @param inAll the connections in all, those included that are kept for another request; 2000 if
   *     it is not set
   * @param perEndpoint the connections to one address that may be in use; 500 if it is not set
   * @return this builder
   * @throws IllegalArgumentException if one of them is less than 1
   */
  public B maxConnections(int inAll, int perEndpoint) {
    limits = limits.withConnections(inAll, perEndpoint);
    return self();
  }

  /**
   * Sets how many requests may wait for a connection to one address if as many as there may be are
   * in use. The others are answered 503 at once.
   *
   * @param requests the requests, 0 or more; 50 if it is not set
   * @param time how long each of them may wait; 1 second if it is not set
   * @return this builder
   * @throws IllegalArgumentException if one of them is negative
   */
  public B maxPending(int requests, Duration time) {
    limits = limits.withPending(requests, time);
    return self();
  }

  /**
   * Sets how long a connection is kept that nobody uses. It should be less than back ends keep
   * theirs; one that says so in the field {@code Keep-Alive} is believed.
   *
   * @param value the time; 30 seconds if it is not set, zero to keep none
   * @return this builder
   * @throws IllegalArgumentException if it is negative
   */
  public B idleConnectionTime(Duration value) {
    limits = limits.withIdleTime(value);
    return self();
  }

  /**
   * Sets how long requests under way may take when the container takes the filter or servlet out of
   * service. Then their connections to back ends are broken.
   *
   * @param value the time; 20 seconds if it is not set
   * @return this builder
   * @throws IllegalArgumentException if it is negative
   */
  public B drainTime(Duration value) {
    limits = limits.withDrainTime(value);
    return self();
  }

  /** Begins exchanges in another way than the router does. */
  final B exchanges(Function<RequestView, Exchange> value) {
    exchanges = value;
    return self();
  }

  /** Connects to other addresses than those of the endpoints, which tests cannot have. */
  final B reaching(UnaryOperator<Endpoint> value) {
    reached = value;
    return self();
  }

  final B serving(IngressFilter.Mode value) {
    mode = value;
    return self();
  }

  final B passesUnmatched(boolean value) {
    passesUnmatched = value;
    return self();
  }

  final Limits limits() {
    return limits;
  }

  final Settings settings() {
    Supplier<IngressRouter> rules = router;
    if (rules == null) {
      throw new IllegalStateException("a router is needed: call router() before build()");
    }
    return new Settings(
        rules,
        exchanges == null ? request -> rules.get().exchange(request) : exchanges,
        reached,
        mode,
        passesUnmatched,
        Map.copyOf(mappings),
        resolver,
        addressPolicy,
        sslContext,
        maxBufferedBytes,
        marksRequests,
        List.copyOf(observers),
        limits,
        Map.copyOf(resources));
  }

  /** A kind of object, in an API group or in the core group. */
  record ResourceKind(@Nullable String apiGroup, String kind) {
    static ResourceKind of(Backend.Resource resource) {
      return new ResourceKind(resource.apiGroup(), resource.kind());
    }
  }

  /** All of it, complete and fixed. */
  record Settings(
      Supplier<IngressRouter> router,
      Function<RequestView, Exchange> exchanges,
      UnaryOperator<Endpoint> reached,
      IngressFilter.Mode mode,
      boolean passesUnmatched,
      Map<String, BackendMapping> mappings,
      @Nullable EndpointResolver resolver,
      AddressPolicy addressPolicy,
      @Nullable SSLContext sslContext,
      long maxBufferedBytes,
      boolean marksRequests,
      List<GatewayObserver> observers,
      Limits limits,
      Map<ResourceKind, ResourceBackendHandler> resources) {}
}
