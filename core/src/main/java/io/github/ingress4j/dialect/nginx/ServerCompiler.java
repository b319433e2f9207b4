package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.SlashRedirect;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the locations of one host to routes.
 *
 * <p>Source: ingress-nginx, path matching, rewriting and redirects.
 */
final class ServerCompiler {

  /**
   * What compiling a host depends on besides its locations.
   *
   * @param settings the controller's settings
   * @param policy how paths are read
   * @param patterns the compiled regular expressions
   * @param groupNames the names of all groups of all patterns in force, which are variables
   * @param upstreams the upstreams
   * @param references where Secrets and ConfigMaps come from
   * @param fallback who takes what nobody asked for; null for a plain 404
   */
  record Context(
      ControllerSettings settings,
      PathPolicy policy,
      PatternCache patterns,
      Set<String> groupNames,
      UpstreamTable upstreams,
      References references,
      UpstreamTable.@Nullable Fallback fallback,
      boolean ignoresProtection) {}

  /**
   * What was compiled.
   *
   * @param routes the routes by their pattern
   * @param findings what was found
   * @param upstreams the ports that routes refer to
   */
  record Compiled(
      Map<PathPattern, Route> routes,
      List<Diagnostic> findings,
      Set<Backend.ServicePort> upstreams) {}

  private final ServerPlan plan;
  private final ServerDraft server;
  private final ServerReport report = new ServerReport();
  private final PathPolicies paths;
  private final Context context;
  private final Map<PathPattern, Route> routes = new LinkedHashMap<>();
  private final Map<PathPattern, ServerPlan.Location> places = new HashMap<>();
  private final Set<Backend.ServicePort> used = new LinkedHashSet<>();
  private final @Nullable AppRoot appRoot;
  private final HostAccess hostAccess;
  private final BackEndTls backEndTls;

  private ServerCompiler(ServerPlan plan, Context context) {
    this.plan = plan;
    this.server = plan.server();
    this.context = context;
    this.paths = new PathPolicies(plan, context, report);
    this.appRoot = paths.appRoot();
    this.hostAccess = HostAccess.compile(server.claimants, context.references(), report::add);
    this.backEndTls = new BackEndTls(server.claimants, context.settings(), context.references());
  }

  static Compiled compile(ServerPlan plan, Context context) {
    ServerCompiler compiler = new ServerCompiler(plan, context);
    if (plan.isRegex()) {
      compiler.addPatterns();
    } else {
      compiler.addTexts();
    }
    return new Compiled(compiler.routes, compiler.report.findings(), compiler.used);
  }

  // ---- hosts whose paths are texts

  private void addTexts() {
    Route before = null;
    LocationDraft draftBefore = null;
    for (ServerPlan.Location location : plan.locations()) {
      PathPattern pattern = pattern(location);
      ServerPlan.Location other = places.get(pattern);
      if (other != null) {
        report.duplicate(location, other);
        continue;
      }
      Route route = route(location);
      // What differs in the text of the location only is one route.
      Route shared =
          before != null && location.draft().equals(draftBefore) && before.equals(route)
              ? before
              : route;
      before = shared;
      draftBefore = location.draft();
      routes.put(pattern, shared);
      places.put(pattern, location);
    }
    if (server.isDefault()) {
      addOwnPaths();
    }
    for (ServerPlan.Location location : plan.locations()) {
      addSlashRedirect(location);
    }
  }

  /**
   * A request that lacks the last slash of a location only is sent to the location. For that it is
   * enough if one of the two of one text may redirect, the prefix or the exact one, of which the
   * exact one says how.
   */
  private void addSlashRedirect(ServerPlan.Location location) {
    String octets = location.octets();
    if (!octets.endsWith("/") || octets.length() == 1) {
      return;
    }
    String asked = octets.substring(0, octets.length() - 1);
    PathPattern pattern = PathPattern.exact(asked);
    if (routes.containsKey(pattern) || routes.containsKey(PathPattern.start(asked))) {
      return;
    }
    ServerPlan.Location exact = places.get(PathPattern.exact(octets));
    ServerPlan.Location prefix = places.get(PathPattern.start(octets));
    ServerPlan.Location chosen = exact == null ? prefix : exact;
    if (chosen == null || !(redirectsToSlash(exact) || redirectsToSlash(prefix))) {
      return;
    }
    Route target = routes.get(pattern(chosen));
    ServedIngress owner = chosen.draft().owner;
    if (target == null || owner == null) {
      return;
    }
    AnnotationValues values = owner.annotations();
    boolean isRelative =
        context.settings().flag(Settings.RELATIVE_REDIRECTS)
            || values.flag(RedirectAnnotations.RELATIVE_REDIRECTS);
    routes.put(
        pattern,
        new Route(
            target.ingress(),
            target.rule(),
            target.source(),
            target.backend(),
            target.upstream(),
            target.closed(),
            target.policies().toBuilder()
                .slashRedirect(
                    // What is closed here leads nowhere, and says so at once.
                    !(isOpen(exact) || isOpen(prefix))
                        ? null
                        : new SlashRedirect(
                            chosen.path(),
                            isRelative,
                            values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS)))
                .build()));
  }

  private boolean isOpen(ServerPlan.@Nullable Location location) {
    Route route = location == null ? null : routes.get(pattern(location));
    return redirectsToSlash(location) && route != null && route.closed() == null;
  }

  private static PathPattern pattern(ServerPlan.Location location) {
    return location.isExact()
        ? PathPattern.exact(location.octets())
        : PathPattern.start(location.octets());
  }

  /** A denied location has no back end, and only those with one redirect. */
  private static boolean redirectsToSlash(ServerPlan.@Nullable Location location) {
    ServedIngress owner = location == null ? null : location.draft().owner;
    return owner != null && owner.annotations().denied() == null;
  }

  /** The paths that the controller keeps for itself on the default host. */
  private void addOwnPaths() {
    addOwnPath(
        "/healthz",
        new RoutePolicies.LocalAnswer(
            200, Answer.Reason.HEALTH, "The router is up; this path is its own."));
    addOwnPath(
        "/nginx_status",
        new RoutePolicies.LocalAnswer(
            403, Answer.Reason.DENIED, "The state of the proxy is not for clients."));
  }

  private void addOwnPath(String path, RoutePolicies.LocalAnswer answer) {
    routes.putIfAbsent(
        PathPattern.start(path),
        new Route(
            null,
            null,
            null,
            null,
            null,
            hostAccess.closed(),
            ownPolicies().localAnswer(answer).build()));
  }

  /** Why paths are closed in which no Ingress has a say of its own; null if they are not. */
  private @Nullable String closedEverywhere() {
    List<Setting<?>> closing = context.settings().closingEverywhere();
    if (closing.isEmpty() || context.ignoresProtection()) {
      return hostAccess.closed();
    }
    String reason = "not enforced: the setting " + closing.get(0).key();
    return hostAccess.closed() == null ? reason : hostAccess.closed() + "; " + reason;
  }

  /** What is done on paths in which no Ingress has a say. */
  private RoutePolicies.Builder ownPolicies() {
    return RoutePolicies.builder()
        .hostAnswer(hostAccess.answer())
        .appRoot(appRoot)
        .access(
            AccessCompiler.ofSettings(
                context.settings(),
                AccessPolicies.NONE.withClientCertificate(hostAccess.certificates())))
        .bodyLimit(
            BodyLimit.parse(
                Objects.requireNonNull(context.settings().get(Settings.PROXY_BODY_SIZE))))
        .reply(
            ReplyCompiler.ofSettings(
                context.settings(), context.references(), context.groupNames()))
        .errorBackend(ReplyCompiler.errorBackendOf(context.settings(), context.fallback()));
  }

  // ---- hosts whose paths are regular expressions

  private void addPatterns() {
    int order = 0;
    for (ServerPlan.Location location : plan.locations()) {
      PcrePattern.Result result = context.patterns().anchored(location.path());
      if (result instanceof PcrePattern.Compiled compiled) {
        PathPattern pattern = PathPattern.regex(compiled.pattern(), order++);
        routes.put(pattern, route(location));
        continue;
      }
      PcrePattern.Fault fault = (PcrePattern.Fault) result;
      Route route = route(location);
      // Others must not get what was meant for this one, and may be less protected. What nginx
      // refuses, too, was served to nobody: without protection it may go to others.
      boolean isRefused = fault.kind() == PcrePattern.Fault.Kind.INVALID;
      boolean closes = !isRefused || isProtected(route);
      if (report.isFirst("pattern", location)) {
        report.pattern(location, whyRegex(), fault, isRefused, closes);
      }
      PcrePattern.Result begin = context.patterns().anchored(LiteralBegin.of(location.path()));
      if (closes && begin instanceof PcrePattern.Compiled compiled) {
        routes.put(
            PathPattern.regex(compiled.pattern(), order++),
            close(route, "its pattern cannot be carried out"));
      }
    }
  }

  /** Whether a route keeps anybody out whom the host lets in. */
  private boolean isProtected(Route route) {
    return route.closed() != null
        || !route
            .policies()
            .access()
            .equals(AccessPolicies.NONE.withClientCertificate(hostAccess.certificates()));
  }

  private String whyRegex() {
    for (ServerPlan.Location location : plan.locations()) {
      ServedIngress owner = location.draft().owner;
      if (owner != null && (location.usesRegex() || location.rewriteTarget() != null)) {
        return (location.usesRegex() ? "use-regex" : "rewrite-target")
            + " in "
            + owner.ingress().label();
      }
    }
    throw new IllegalStateException("no location makes " + server.name + " a host of patterns");
  }

  // ---- routes

  private Route route(ServerPlan.Location location) {
    LocationDraft draft = location.draft();
    ServedIngress owner = draft.owner;
    HttpIngressPath written = draft.written();
    Backend.ServicePort backend;
    Upstream upstream;
    if (draft.upstream == null) {
      UpstreamTable.Fallback fallback = context.fallback();
      backend = fallback == null ? null : fallback.backend();
      upstream = fallback == null ? null : fallback.upstream();
    } else {
      backend = draft.upstream.port;
      upstream = context.upstreams().upstream(draft.upstream);
      used.add(backend);
      report.fault(location, context.upstreams().fault(draft.upstream));
    }
    if (owner == null) {
      return new Route(
          null,
          null,
          null,
          backend,
          upstream,
          closedEverywhere(),
          ownPolicies().retries(Retries.of(context.settings(), null)).build());
    }
    AnnotationValues values = owner.annotations();
    List<String> closures = new ArrayList<>();
    if (hostAccess.closed() != null) {
      closures.add(hostAccess.closed());
    }
    String denied = values.denied();
    if (denied != null) {
      closures.add(denied);
    }
    String unavailable = values.closed();
    if (unavailable != null) {
      closures.add(unavailable);
    }
    RoutePolicies.Builder policies =
        RoutePolicies.builder()
            .hostAnswer(hostAccess.answer())
            .appRoot(appRoot)
            .retries(Retries.of(context.settings(), values));
    Map<String, String> constants = paths.constants(location, owner);
    if (!draft.isPlain) {
      policies
          .redirect(paths.fixedRedirect(values))
          .rewrite(paths.rewrite(location, constants, closures))
          .httpsRedirect(paths.httpsRedirect(location, values));
    }
    policies
        .upstreamHost(paths.upstreamHost(location, values, constants, closures))
        .standIn(standIn(location, owner));
    LocationCompiler compiler =
        new LocationCompiler(
            owner,
            location.path(),
            server.ruleHost(),
            written == null ? "Prefix" : written.pathType().text(),
            context.settings(),
            context.references(),
            context.groupNames(),
            constants,
            report::add,
            closures);
    reportHashKey(owner, constants);
    policies.access(
        AccessCompiler.compile(compiler).withClientCertificate(hostAccess.certificates()));
    ReplyCompiler.compile(compiler, policies, draft.upstream, errorBackend(owner));
    TransportCompiler.compile(
        compiler,
        policies,
        backEndTls,
        upstream == null ? TransportSettings.DEFAULT : upstream.transport());
    String closed = closures.isEmpty() ? null : String.join("; ", closures);
    return new Route(
        owner.key(),
        written == null
            ? null
            : new Route.Rule(server.ruleHost(), written.path(), written.pathType().text()),
        written == null ? hostSpan(owner) : owner.pathSpan(written),
        backend,
        upstream,
        closed,
        policies.build());
  }

  /**
   * Who answers in place of errors: the Service of default-backend, else everybody's, else the
   * controller itself.
   */
  private UpstreamTable.@Nullable Fallback errorBackend(ServedIngress owner) {
    UpstreamTable.Fallback own = errorBackendOf(owner, context.upstreams());
    return own == null ? context.fallback() : own;
  }

  /** The Service of default-backend, if the Ingress asks for error pages, else null. */
  static UpstreamTable.@Nullable Fallback errorBackendOf(
      ServedIngress owner, UpstreamTable upstreams) {
    List<Integer> statuses = owner.annotations().get(ResponseAnnotations.CUSTOM_HTTP_ERRORS);
    return statuses == null || statuses.isEmpty() ? null : upstreams.defaultBackend(owner);
  }

  private static Route close(Route route, String why) {
    return new Route(
        route.ingress(),
        route.rule(),
        route.source(),
        route.backend(),
        route.upstream(),
        route.closed() == null ? why : route.closed() + "; " + why,
        route.policies());
  }

  /** Where an Ingress names the host, or its default back end if it has no rules. */
  private @Nullable SourceSpan hostSpan(ServedIngress owner) {
    for (var rule : owner.ingress().spec().rules()) {
      if (rule.host().equals(server.ruleHost())) {
        SourceSpan span = rule.origin().of("host");
        return span == null ? owner.ingress().origin().span() : span;
      }
    }
    SourceSpan span = owner.ingress().spec().origin().of("defaultBackend");
    return span == null ? owner.ingress().origin().span() : span;
  }

  private RoutePolicies.@Nullable StandIn standIn(
      ServerPlan.Location location, ServedIngress owner) {
    String service = owner.defaultBackend();
    if (service == null) {
      return null;
    }
    if (!context.upstreams().hasDefaultBackend(owner)) {
      if (context.upstreams().hasServices() && report.isFirst("default-backend", location)) {
        report.add(
            ModelRules.DEFAULT_BACKEND_MISSING,
            "default-backend has no effect: there is no Service "
                + service
                + " in the namespace "
                + owner.namespace(),
            owner,
            owner.span(HostAnnotations.DEFAULT_BACKEND),
            "metadata.annotations",
            "add the Service to the namespace of the Ingress, or correct the name");
      }
      return null;
    }
    UpstreamDraft missing = location.draft().upstream;
    UpstreamTable.Fallback standIn = standInOf(location, context.upstreams());
    if (standIn == null || missing == null) {
      return null;
    }
    used.add(standIn.backend());
    return new RoutePolicies.StandIn(
        standIn.backend(),
        standIn.upstream(),
        owner.namespace(),
        owner.ingress().metadata().name(),
        missing.port.service(),
        missing.port.port());
  }

  /** Who stands in for the back end of a location if that has no endpoints, or null. */
  static UpstreamTable.@Nullable Fallback standInOf(
      ServerPlan.Location location, UpstreamTable upstreams) {
    ServedIngress owner = location.draft().owner;
    UpstreamDraft missing = location.draft().upstream;
    if (owner == null || missing == null) {
      return null;
    }
    return upstreams.upstream(missing).unavailable() == null
        ? null
        : upstreams.defaultBackend(owner);
  }

  /** A key with an unknown variable is no fault there, and sends many requests to one endpoint. */
  private void reportHashKey(ServedIngress owner, Map<String, String> constants) {
    AnnotationValues values = owner.annotations();
    String key = values.given(UpstreamAnnotations.HASH_BY);
    if (key == null
        || "cookie".equals(values.get(AffinityAnnotations.AFFINITY))
        || !(Template.parse(key, context.groupNames(), constants) instanceof Template.Fault fault)
        || fault.kind() == Template.Kind.NO_NAME) {
      return;
    }
    report.add(
        values
            .finding(
                UpstreamAnnotations.HASH_BY,
                fault.kind() == Template.Kind.UNAVAILABLE
                    ? ModelRules.VARIABLE_UNAVAILABLE
                    : ModelRules.VARIABLE_UNKNOWN,
                UpstreamAnnotations.HASH_BY.name()
                    + ": "
                    + ModelRules.clause(fault.message())
                    + ", so it is empty, and requests that differ in nothing else go to one"
                    + " endpoint")
            .withSeverity(Severity.WARNING)
            .withHelp(LocationCompiler.VARIABLES));
  }
}
