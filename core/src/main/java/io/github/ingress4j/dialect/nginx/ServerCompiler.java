package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.FixedRedirect;
import io.github.ingress4j.policy.HttpsRedirect;
import io.github.ingress4j.policy.Rewrite;
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

  /** The port of the controller's HTTPS listener, which use-port-in-redirects shows. */
  private static final int HTTPS_PORT = 443;

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

  /** What was said already of a location, of which there may be two for one path. */
  private record Reported(String what, LocationDraft draft) {}

  private final ServerPlan plan;
  private final ServerDraft server;
  private final Context context;
  private final Map<PathPattern, Route> routes = new LinkedHashMap<>();
  private final Map<PathPattern, ServerPlan.Location> places = new HashMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private final Set<Backend.ServicePort> used = new LinkedHashSet<>();
  private final Set<Reported> reported = new LinkedHashSet<>();
  private final @Nullable AppRoot appRoot;
  private final AccessPolicies hostAccess;
  private final BackEndTls backEndTls;

  private ServerCompiler(ServerPlan plan, Context context) {
    this.plan = plan;
    this.server = plan.server();
    this.context = context;
    this.appRoot = appRoot();
    this.hostAccess =
        AccessPolicies.NONE.withClientCertificate(
            ClientCertificates.compile(server.claimants, context.references(), findings::add));
    this.backEndTls = new BackEndTls(server.claimants, context.settings(), context.references());
  }

  static Compiled compile(ServerPlan plan, Context context) {
    ServerCompiler compiler = new ServerCompiler(plan, context);
    if (plan.isRegex()) {
      compiler.addPatterns();
    } else {
      compiler.addTexts();
    }
    return new Compiled(compiler.routes, List.copyOf(compiler.findings), compiler.used);
  }

  // ---- hosts whose paths are texts

  private void addTexts() {
    Route before = null;
    LocationDraft draftBefore = null;
    for (ServerPlan.Location location : plan.locations()) {
      PathPattern pattern = pattern(location);
      ServerPlan.Location other = places.get(pattern);
      if (other != null) {
        reportDuplicate(location, other);
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
                    new SlashRedirect(
                        chosen.path(),
                        isRelative,
                        values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS)))
                .build()));
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
        new Route(null, null, null, null, null, null, ownPolicies().localAnswer(answer).build()));
  }

  /** Why the settings close paths in which no Ingress has a say; null if they do not. */
  private @Nullable String closedEverywhere() {
    List<Setting<?>> closing = context.settings().closingEverywhere();
    return closing.isEmpty() || context.ignoresProtection()
        ? null
        : "not enforced: the setting " + closing.get(0).key();
  }

  /** What is done on paths in which no Ingress has a say. */
  private RoutePolicies.Builder ownPolicies() {
    return RoutePolicies.builder()
        .appRoot(appRoot)
        .access(AccessCompiler.ofSettings(context.settings(), hostAccess))
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
      if (reported.add(new Reported("pattern", location.draft()))) {
        reportPattern(location, fault, isRefused, closes);
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
    return route.closed() != null || !route.policies().access().equals(hostAccess);
  }

  private void reportPattern(
      ServerPlan.Location location, PcrePattern.Fault fault, boolean isRefused, boolean closes) {
    String begin = LiteralBegin.of(location.path());
    String closed =
        (begin.isEmpty()
                ? "all paths that no longer path takes"
                : "all paths that begin with " + PrintableText.quote(begin))
            + " answer 503";
    report(
        isRefused ? ModelRules.PATH_PATTERN_INVALID : ModelRules.PATH_PATTERN_UNSUPPORTED,
        "the path "
            + PrintableText.quote(location.draft().path)
            + " is read as a regular expression because of "
            + whyRegex()
            + (isRefused ? ", and is none: " : ", and cannot be used here: ")
            + PatternCache.inWords(fault)
            + (closes ? "; " + closed : "; it takes no request")
            + (isRefused
                ? ", and the controller would keep its last good configuration of all hosts"
                : ""),
        location,
        ".path",
        isRefused
            ? "correct the path, or put a backslash before characters that stand for themselves"
            : "write the path without that");
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
      reportFault(location, draft.upstream);
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
    String denied = values.denied();
    if (denied != null) {
      closures.add(denied);
    }
    String unavailable = values.closed();
    if (unavailable != null) {
      closures.add(unavailable);
    }
    RoutePolicies.Builder policies =
        RoutePolicies.builder().appRoot(appRoot).retries(Retries.of(context.settings(), values));
    Map<String, String> constants = constants(location, owner);
    if (!draft.isPlain) {
      policies
          .redirect(fixedRedirect(values))
          .rewrite(rewrite(location, constants, closures))
          .httpsRedirect(httpsRedirect(location, values));
    }
    policies
        .upstreamHost(upstreamHost(location, values, constants, closures))
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
            findings::add,
            closures);
    reportHashKey(owner, constants);
    policies.access(
        AccessCompiler.compile(compiler).withClientCertificate(hostAccess.clientCertificate()));
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

  /** What nginx variables of the location stand for. */
  private Map<String, String> constants(ServerPlan.Location location, ServedIngress owner) {
    Map<String, String> constants = new HashMap<>();
    HttpIngressPath written = location.draft().written();
    UpstreamDraft upstream = location.draft().upstream;
    constants.put("namespace", owner.namespace());
    constants.put("ingress_name", owner.ingress().metadata().name());
    constants.put("location_path", written == null ? "/" : location.draft().path);
    constants.put("service_name", upstream == null ? "" : upstream.port.service());
    constants.put("service_port", upstream == null ? "" : upstream.port.port());
    if (!server.isWildcard()) {
      constants.put("server_name", server.name);
    }
    return constants;
  }

  private @Nullable AppRoot appRoot() {
    for (ServerPlan.Location location : plan.locations()) {
      ServedIngress owner = location.draft().owner;
      if (owner == null || location.draft().isPlain) {
        continue;
      }
      String value = owner.annotations().get(RewriteAnnotations.APP_ROOT);
      if (value == null || value.isEmpty()) {
        continue;
      }
      Template.Result result =
          Template.parse(value, context.groupNames(), constants(location, owner));
      if (result instanceof Template.Parsed parsed) {
        return new AppRoot(parsed.template());
      }
      reportVariable(
          location, RewriteAnnotations.APP_ROOT, (Template.Fault) result, "it has no effect");
      return null;
    }
    return null;
  }

  private @Nullable FixedRedirect fixedRedirect(AnnotationValues values) {
    String temporal = values.get(RedirectAnnotations.TEMPORAL_REDIRECT);
    String permanent = values.get(RedirectAnnotations.PERMANENT_REDIRECT);
    boolean isTemporal = temporal != null && !temporal.isEmpty();
    String value = isTemporal ? temporal : permanent;
    if (value == null || value.isEmpty()) {
      return null;
    }
    Integer code =
        values.get(
            isTemporal
                ? RedirectAnnotations.TEMPORAL_REDIRECT_CODE
                : RedirectAnnotations.PERMANENT_REDIRECT_CODE);
    int status = code != null ? code : isTemporal ? 302 : 301;
    boolean isRelative =
        context.settings().flag(Settings.RELATIVE_REDIRECTS)
            || values.flag(RedirectAnnotations.RELATIVE_REDIRECTS);
    return new FixedRedirect(
        value, status, isRelative, values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS));
  }

  private @Nullable Rewrite rewrite(
      ServerPlan.Location location, Map<String, String> constants, List<String> closures) {
    String target = location.rewriteTarget();
    ServedIngress owner = location.draft().owner;
    if (target == null || owner == null) {
      return null;
    }
    PcrePattern.Result pattern = context.patterns().unanchored(location.path());
    if (!(pattern instanceof PcrePattern.Compiled compiled)) {
      // The location itself is reported.
      return null;
    }
    Template parsed =
        template(location, RewriteAnnotations.REWRITE_TARGET, target, constants, closures);
    String prefixText = owner.annotations().get(UpstreamAnnotations.X_FORWARDED_PREFIX);
    Template prefix =
        prefixText == null || prefixText.isEmpty()
            ? null
            : template(
                location, UpstreamAnnotations.X_FORWARDED_PREFIX, prefixText, constants, closures);
    if (parsed == null) {
      return null;
    }
    reportCaptures(location, RewriteAnnotations.REWRITE_TARGET, parsed, compiled.pattern());
    if (prefix != null) {
      reportCaptures(location, UpstreamAnnotations.X_FORWARDED_PREFIX, prefix, compiled.pattern());
    }
    return new Rewrite(compiled.pattern(), parsed, prefix, context.policy());
  }

  /** SEC-20; nginx takes such a group for an empty one, which STRICT does as well. */
  private void reportCaptures(
      ServerPlan.Location location,
      Annotation<String> annotation,
      Template template,
      PcrePattern pattern) {
    ServedIngress owner = location.draft().owner;
    // The root that nobody asked for inherits the target, and never has groups.
    if (owner == null
        || location.draft().written() == null
        || template.highestGroup() <= pattern.groupCount()
        || !reported.add(new Reported(annotation.name() + " groups", location.draft()))) {
      return;
    }
    int count = pattern.groupCount();
    Diagnostic finding =
        Diagnostic.of(
                ModelRules.CAPTURE_MISSING,
                annotation.name()
                    + " asks for $"
                    + template.highestGroup()
                    + ", but the path "
                    + PrintableText.quote(location.draft().path)
                    + " has "
                    + (count == 0 ? "no group" : count == 1 ? "one group" : count + " groups")
                    + " in parentheses, so $"
                    + template.highestGroup()
                    + " stands for nothing")
            .withSource(owner.span(annotation))
            .withObject(owner.ingress().label())
            .withField("metadata.annotations")
            .withHelp(
                "put what is meant into parentheses, as in the path /x(/|$)(.*) with the target /$2");
    findings.add(
        context.policy() == PathPolicy.NGINX ? finding.withSeverity(Severity.WARNING) : finding);
  }

  private @Nullable HttpsRedirect httpsRedirect(
      ServerPlan.Location location, AnnotationValues values) {
    boolean isForced = values.flag(RewriteAnnotations.FORCE_SSL_REDIRECT);
    if (!isForced && !values.flag(RewriteAnnotations.SSL_REDIRECT)) {
      return null;
    }
    for (String entry :
        Objects.requireNonNullElse(
            context.settings().get(Settings.NO_TLS_REDIRECT_LOCATIONS), List.<String>of())) {
      if (!entry.isEmpty() && location.path().startsWith(entry)) {
        return null;
      }
    }
    Integer code = context.settings().get(Settings.HTTP_REDIRECT_CODE);
    return new HttpsRedirect(
        isForced,
        values.flag(RewriteAnnotations.PRESERVE_TRAILING_SLASH),
        values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS) ? HTTPS_PORT : 0,
        code == null ? 308 : code);
  }

  private @Nullable Template upstreamHost(
      ServerPlan.Location location,
      AnnotationValues values,
      Map<String, String> constants,
      List<String> closures) {
    String value = values.get(UpstreamAnnotations.UPSTREAM_VHOST);
    return value == null || value.isEmpty()
        ? null
        : template(location, UpstreamAnnotations.UPSTREAM_VHOST, value, constants, closures);
  }

  private @Nullable Template template(
      ServerPlan.Location location,
      Annotation<String> annotation,
      String text,
      Map<String, String> constants,
      List<String> closures) {
    Template.Result result = Template.parse(text, context.groupNames(), constants);
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    reportVariable(
        location, annotation, (Template.Fault) result, "the paths of the Ingress answer 503");
    closures.add(annotation.name() + " cannot be carried out");
    return null;
  }

  private RoutePolicies.@Nullable StandIn standIn(
      ServerPlan.Location location, ServedIngress owner) {
    String service = owner.defaultBackend();
    if (service == null) {
      return null;
    }
    if (!context.upstreams().hasDefaultBackend(owner)) {
      if (context.upstreams().hasServices()
          && reported.add(new Reported("default-backend", location.draft()))) {
        report(
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

  // ---- findings

  private void reportFault(ServerPlan.Location location, UpstreamDraft upstream) {
    UpstreamResolver.Fault fault = context.upstreams().fault(upstream);
    ServedIngress owner = location.draft().owner;
    if (fault == null
        || owner == null
        || !reported.add(new Reported("back end", location.draft()))) {
      return;
    }
    HttpIngressPath written = location.draft().written();
    findings.add(
        fault
            .diagnostic()
            .withSource(
                written == null
                    ? owner.ingress().spec().origin().of("defaultBackend")
                    : written.backend().origin().of("name"))
            .withObject(owner.ingress().label())
            .withField(
                (written == null
                        ? "spec.defaultBackend"
                        : ServedIngress.field(location.draft().rule, location.draft().item)
                            + ".backend")
                    + ".service"));
  }

  private static String inWords(ServerPlan.Location location) {
    HttpIngressPath written = location.draft().written();
    return PrintableText.quote(location.draft().path)
        + (written == null ? "" : " (" + written.pathType().text() + ")");
  }

  private void reportDuplicate(ServerPlan.Location location, ServerPlan.Location other) {
    ServedIngress owner = other.draft().owner;
    HttpIngressPath written = other.draft().written();
    String otherText =
        inWords(other)
            + (owner == null
                ? ""
                : " of "
                    + owner.ingress().label()
                    + (written == null || owner.pathSpan(written) == null
                        ? ""
                        : " at " + owner.pathSpan(written)));
    report(
        ModelRules.LOCATION_TWICE,
        "the path "
            + inWords(location)
            + " is the same to nginx as "
            + otherText
            + "; the controller would keep its last good configuration of all hosts, and here the"
            + " latter takes the requests that both match",
        location,
        ".path",
        location.draft().path.equals(other.draft().path)
            ? "remove one of the two"
            : "remove the one with the slash at its end; the other one takes its requests, too");
  }

  private void reportVariable(
      ServerPlan.Location location,
      Annotation<String> annotation,
      Template.Fault fault,
      String consequence) {
    ServedIngress owner = location.draft().owner;
    if (owner == null || !reported.add(new Reported(annotation.name(), location.draft()))) {
      return;
    }
    boolean isUnavailable = fault.kind() == Template.Kind.UNAVAILABLE;
    report(
        isUnavailable ? ModelRules.VARIABLE_UNAVAILABLE : ModelRules.VARIABLE_UNKNOWN,
        annotation.name()
            + ": "
            + fault.message().substring(0, fault.message().length() - 1)
            + ", so "
            + consequence
            + (isUnavailable
                ? ""
                : "; the controller would keep its last good configuration of all hosts"),
        owner,
        owner.span(annotation),
        "metadata.annotations",
        isUnavailable
            ? "use $host, $uri, $request_uri, $scheme, $args, a header as $http_NAME, a cookie as"
                + " $cookie_NAME or a capture such as $1"
            : "write $1 to $9 for the groups of the path, or the name of a variable of nginx");
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
    findings.add(
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

  private void report(
      Rule rule, String message, ServerPlan.Location location, String member, String help) {
    ServedIngress owner = location.draft().owner;
    HttpIngressPath written = location.draft().written();
    if (owner == null || written == null) {
      return;
    }
    report(
        rule,
        message,
        owner,
        written.origin().of(member.substring(1)),
        ServedIngress.field(location.draft().rule, location.draft().item) + member,
        help);
  }

  private void report(
      Rule rule,
      String message,
      ServedIngress ingress,
      @Nullable SourceSpan span,
      String field,
      String help) {
    findings.add(
        Diagnostic.of(rule, message)
            .withSource(span == null ? ingress.ingress().origin().span() : span)
            .withObject(ingress.ingress().label())
            .withField(field)
            .withHelp(help));
  }
}
