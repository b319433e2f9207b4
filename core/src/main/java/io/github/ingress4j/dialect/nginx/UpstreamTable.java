package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.balance.StickySessions;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.CanaryAlternative;
import io.github.ingress4j.decision.SessionAffinity;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.policy.CanaryPolicy;
import io.github.ingress4j.policy.SessionCookie;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PcrePattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of one translation, each compiled once: endpoints, how one is chosen, sessions,
 * canaries. What did not change is the object of the translation before.
 *
 * <p>Source: ingress-nginx, upstreams, session affinity and upstream choice.
 */
final class UpstreamTable {

  private static final int DEFAULT_SUBSET = 3;

  /**
   * A Service's port that stands in for another back end.
   *
   * @param backend the port
   * @param upstream its endpoints
   */
  record Fallback(Backend.ServicePort backend, Upstream upstream) {}

  private final UpstreamResolver resolver;

  /** How back ends are spoken to where no Ingress has a say. */
  private final TransportSettings transport;

  private final Map<Backend.ServicePort, Upstream> before;
  private final Map<Backend.ServicePort, Upstream> now = new LinkedHashMap<>();
  private final Map<Backend.ServicePort, Upstream> plain = new HashMap<>();

  /** Ports that stand in for others: the same endpoints, but nothing that an Ingress asks for. */
  private final Map<Backend.ServicePort, Upstream> fallbacksBefore;

  private final Map<Backend.ServicePort, Upstream> fallbacks = new LinkedHashMap<>();
  private final Map<Backend.ServicePort, CanaryPolicy> canaryPolicies = new HashMap<>();
  private final Map<Backend.ServicePort, UpstreamResolver.Fault> faults = new HashMap<>();
  private final Map<Backend.ServicePort, List<Diagnostic>> findings = new LinkedHashMap<>();

  /**
   * @param before the table of the translation before, or null
   */
  UpstreamTable(
      UpstreamResolver resolver, ControllerSettings settings, @Nullable UpstreamTable before) {
    this.resolver = resolver;
    this.transport = TransportCompiler.ofSettings(settings);
    // Its maps and not the table itself, which would keep all tables there ever were.
    this.before = before == null ? Map.of() : before.now;
    this.fallbacksBefore = before == null ? Map.of() : before.fallbacks;
  }

  Upstream upstream(UpstreamDraft draft) {
    Upstream known = now.get(draft.port);
    if (known != null) {
      return known;
    }
    Upstream plain = plain(draft);
    UpstreamDraft alternative = draft.alternatives.isEmpty() ? null : draft.alternatives.get(0);
    Upstream whole =
        alternative == null || alternative.isDeleted
            ? plain
            : plain.withCanary(
                new CanaryAlternative(
                    alternative.port, plain(alternative), canaryPolicy(alternative)));
    Upstream kept = kept(before.get(draft.port), whole);
    now.put(draft.port, kept);
    return kept;
  }

  /** The upstream without its canary: a canary's own canary is never asked. */
  private Upstream plain(UpstreamDraft draft) {
    Upstream known = plain.get(draft.port);
    if (known == null) {
      known = compile(draft);
      plain.put(draft.port, known);
    }
    return known;
  }

  private static Upstream kept(@Nullable Upstream old, Upstream fresh) {
    return old != null && old.equals(fresh) ? old : fresh;
  }

  UpstreamResolver.@Nullable Fault fault(UpstreamDraft draft) {
    return faults.get(draft.port);
  }

  boolean hasServices() {
    return resolver.hasServices() || resolver.areEndpointsKnown();
  }

  private boolean hasService(String namespace, String name) {
    return resolver.hasService(namespace, name) || !hasServices();
  }

  /** Whether the Service of default-backend is in the input, if the Ingress names one. */
  boolean hasDefaultBackend(ServedIngress ingress) {
    String service = ingress.defaultBackend();
    return service != null && hasService(ingress.namespace(), service);
  }

  /** The first port of the Service of default-backend, if that has endpoints, else null. */
  @Nullable Fallback defaultBackend(ServedIngress ingress) {
    String service = ingress.defaultBackend();
    Backend.ServicePort port =
        service == null ? null : resolver.firstPort(ingress.namespace(), service);
    Fallback fallback = port == null ? null : port(port);
    return fallback == null || fallback.upstream().unavailable() != null ? null : fallback;
  }

  /**
   * A port without what Ingresses ask for that name it as a back end: it is another upstream, with
   * a rotation of its own.
   */
  Fallback port(Backend.ServicePort port) {
    Upstream known = fallbacks.get(port);
    if (known == null) {
      UpstreamResolver.Resolved resolved = resolver.resolve(port);
      known =
          kept(
              fallbacksBefore.get(port),
              Upstream.of(
                  "default-backend " + port,
                  EndpointPicker.roundRobin(resolved.endpoints()),
                  resolved.unavailable(),
                  transport));
      fallbacks.put(port, known);
      findings.putIfAbsent(port, resolved.findings());
    }
    return new Fallback(port, known);
  }

  /** The upstreams that requests go to, canaries included. */
  List<Upstream> all() {
    List<Upstream> all = new ArrayList<>(now.size() + fallbacks.size());
    for (Upstream upstream : now.values()) {
      all.add(upstream);
      CanaryAlternative canary = upstream.canary();
      if (canary != null) {
        all.add(canary.upstream());
      }
    }
    all.addAll(fallbacks.values());
    return all;
  }

  /** The ports behind {@link #all}. */
  Set<Backend.ServicePort> servicePorts() {
    Set<Backend.ServicePort> ports = new LinkedHashSet<>(now.keySet());
    for (Upstream upstream : now.values()) {
      CanaryAlternative canary = upstream.canary();
      if (canary != null) {
        ports.add(canary.backend());
      }
    }
    ports.addAll(fallbacks.keySet());
    return ports;
  }

  List<Diagnostic> findings() {
    List<Diagnostic> all = new ArrayList<>();
    findings.values().forEach(all::addAll);
    return all;
  }

  private Upstream compile(UpstreamDraft draft) {
    List<Diagnostic> found = new ArrayList<>();
    UpstreamResolver.Resolved resolved = resolve(draft, found);
    if (resolved.fault() != null) {
      faults.put(draft.port, resolved.fault());
    }
    List<Endpoint> endpoints = resolved.endpoints();
    AnnotationValues values = draft.first.annotations();
    EndpointPicker picker = EndpointPicker.roundRobin(endpoints);
    Template hashKey = null;
    SessionAffinity affinity = null;
    String unavailable = resolved.unavailable();
    String hashBy = values.get(UpstreamAnnotations.HASH_BY);
    if (draft.affinity.equals("cookie") && draft.cookieOwner != null) {
      affinity = affinity(draft, endpoints, found);
    } else if (hashBy != null && !hashBy.isEmpty()) {
      hashKey = Template.hashKey(hashBy);
      Integer size = values.get(UpstreamAnnotations.HASH_BY_SUBSET_SIZE);
      picker =
          values.flag(UpstreamAnnotations.HASH_BY_SUBSET)
              ? EndpointPicker.subsetHash(
                  endpoints, size == null || size <= 0 ? DEFAULT_SUBSET : size)
              : EndpointPicker.consistentHash(endpoints);
    } else {
      String algorithm = values.text(UpstreamAnnotations.LOAD_BALANCE);
      switch (algorithm) {
        case "ewma" -> picker = EndpointPicker.peakEwma(endpoints);
        case "chash", "chashsubset", "sticky_balanced", "sticky_persistent" -> {
          unavailable = "load-balance " + algorithm + " needs what only other annotations give it";
          picker = EndpointPicker.roundRobin(List.of());
          report(
              found,
              ModelRules.ALGORITHM_INCOMPLETE,
              "load-balance: "
                  + PrintableText.escape(algorithm)
                  + " cannot be used by itself, so "
                  + draft.port
                  + " answers 503",
              draft.first,
              UpstreamAnnotations.LOAD_BALANCE,
              algorithm.startsWith("sticky")
                  ? "remove it, and write affinity: cookie and affinity-mode: "
                      + algorithm.substring("sticky_".length())
                  : "remove it, and write upstream-hash-by: $request_uri or another variable"
                      + (algorithm.equals("chashsubset")
                          ? ", and upstream-hash-by-subset: \"true\""
                          : ""));
        }
        default -> {
          // round_robin, which is chosen already
        }
      }
    }
    if (!found.isEmpty()) {
      findings.put(draft.port, found);
    }
    return new Upstream(
        draft.port.toString(), picker, unavailable, transport, hashKey, affinity, null);
  }

  /** The endpoints of the Service, or its own address if the Ingress asks for that. */
  private UpstreamResolver.Resolved resolve(UpstreamDraft draft, List<Diagnostic> found) {
    AnnotationValues values = draft.first.annotations();
    boolean asksForAddress = values.flag(UpstreamAnnotations.SERVICE_UPSTREAM);
    UpstreamResolver.Resolved virtual = asksForAddress ? resolver.resolveVirtual(draft.port) : null;
    UpstreamResolver.Resolved resolved = virtual == null ? resolver.resolve(draft.port) : virtual;
    found.addAll(resolved.findings());
    if (asksForAddress
        && virtual == null
        && values.isGiven(UpstreamAnnotations.SERVICE_UPSTREAM)
        && resolver.hasService(draft.port.namespace(), draft.port.service())) {
      found.add(addressMissing(draft));
    }
    return resolved;
  }

  /** A cluster gives every Service an address, unless it is to have none. */
  private Diagnostic addressMissing(UpstreamDraft draft) {
    String address = resolver.clusterIp(draft.port.namespace(), draft.port.service());
    boolean isOpen = address.isEmpty();
    String reason =
        isOpen
            ? "the Service has no clusterIP in the input; in a cluster it gets one"
            : address.equals("None")
                ? "the Service is headless: its clusterIP is None"
                : "the Service has no such port";
    String help =
        isOpen
            ? "nothing to do for a cluster; to see the same here, write the clusterIP of the Service"
            : address.equals("None")
                ? "remove the annotation, or let the Service have a clusterIP"
                : "correct the port of the back end";
    return draft
        .first
        .annotations()
        .finding(
            UpstreamAnnotations.SERVICE_UPSTREAM,
            ModelRules.SERVICE_ADDRESS_MISSING,
            "requests for "
                + draft.port
                + " go to its endpoints in spite of service-upstream, because "
                + reason)
        .withSeverity(isOpen ? Severity.INFO : ModelRules.SERVICE_ADDRESS_MISSING.severity())
        .withHelp(help);
  }

  private SessionAffinity affinity(
      UpstreamDraft draft, List<Endpoint> endpoints, List<Diagnostic> found) {
    ServedIngress owner = draft.cookieOwner == null ? draft.first : draft.cookieOwner;
    AnnotationValues values = owner.annotations();
    String written = values.text(AffinityAnnotations.COOKIE_NAME);
    String name = written;
    if (!SessionCookie.isName(name)) {
      name = AffinityAnnotations.COOKIE_NAME.defaultValue();
      report(
          found,
          ModelRules.SESSION_COOKIE_ILLEGAL,
          "session-cookie-name "
              + PrintableText.quote(written)
              + " is no name of a cookie, so the cookie is called "
              + name,
          owner,
          AffinityAnnotations.COOKIE_NAME,
          "use letters, digits, - and _, without blanks");
    }
    String path = values.get(AffinityAnnotations.COOKIE_PATH);
    String domain = values.get(AffinityAnnotations.COOKIE_DOMAIN);
    Integer expires = values.get(AffinityAnnotations.COOKIE_EXPIRES);
    Integer maxAge = values.get(AffinityAnnotations.COOKIE_MAX_AGE);
    String sameSite = values.get(AffinityAnnotations.COOKIE_SAMESITE);
    SessionCookie cookie =
        new SessionCookie(
            name == null ? "INGRESSCOOKIE" : name,
            path == null || !SessionCookie.isAttributeValue(path) ? "" : path,
            domain == null || domain.isEmpty() || !SessionCookie.isAttributeValue(domain)
                ? null
                : domain,
            expires == null ? null : Long.valueOf(expires),
            maxAge == null ? null : Long.valueOf(maxAge),
            values.flag(AffinityAnnotations.COOKIE_SECURE),
            sameSite == null ? null : SessionCookie.SameSite.of(sameSite),
            values.flag(AffinityAnnotations.COOKIE_CONDITIONAL_SAMESITE_NONE));
    StickySessions.Mode mode =
        draft.affinityMode.equals("persistent")
            ? StickySessions.Mode.PERSISTENT
            : StickySessions.Mode.BALANCED;
    Map<String, Set<String>> paths = new TreeMap<>();
    draft.cookiePaths.forEach(
        (host, texts) -> paths.put(host, Collections.unmodifiableSet(new LinkedHashSet<>(texts))));
    return new SessionAffinity(
        StickySessions.of(mode, draft.name(), endpoints),
        cookie,
        values.flag(AffinityAnnotations.COOKIE_CHANGE_ON_FAILURE),
        paths);
  }

  /** The rules of a canary, made and reported once, however many upstreams share it. */
  private CanaryPolicy canaryPolicy(UpstreamDraft draft) {
    CanaryPolicy known = canaryPolicies.get(draft.port);
    if (known == null) {
      known = draft.first.isCanary() ? readCanaryPolicy(draft) : CanaryPolicy.NONE;
      canaryPolicies.put(draft.port, known);
    }
    return known;
  }

  private CanaryPolicy readCanaryPolicy(UpstreamDraft draft) {
    AnnotationValues values = draft.first.annotations();
    String patternText = values.get(CanaryAnnotations.BY_HEADER_PATTERN);
    String value = values.get(CanaryAnnotations.BY_HEADER_VALUE);
    PcrePattern pattern = null;
    boolean isBroken = false;
    if (patternText != null && !patternText.isEmpty() && (value == null || value.isEmpty())) {
      PcrePattern.Result result = PcrePattern.compile(patternText, false, false);
      if (result instanceof PcrePattern.Compiled compiled) {
        pattern = compiled.pattern();
      } else {
        isBroken = true;
        List<Diagnostic> found = new ArrayList<>(findings.getOrDefault(draft.port, List.of()));
        report(
            found,
            ModelRules.CANARY_PATTERN_INVALID,
            "canary-by-header-pattern "
                + PrintableText.quote(patternText)
                + " is no regular expression that can be used: "
                + PatternCache.inWords((PcrePattern.Fault) result)
                + "; requests with the header never reach the canary",
            draft.first,
            CanaryAnnotations.BY_HEADER_PATTERN,
            "correct the pattern, or write canary-by-header-value for one exact value");
        findings.put(draft.port, found);
      }
    }
    return new CanaryPolicy(
        values.get(CanaryAnnotations.BY_HEADER),
        value,
        pattern,
        isBroken,
        values.get(CanaryAnnotations.BY_COOKIE),
        orZero(values.get(CanaryAnnotations.WEIGHT)),
        orZero(values.get(CanaryAnnotations.WEIGHT_TOTAL)));
  }

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static void report(
      List<Diagnostic> findings,
      Rule rule,
      String message,
      ServedIngress ingress,
      Annotation<?> annotation,
      String help) {
    findings.add(
        Diagnostic.of(rule, message)
            .withSource(ingress.span(annotation))
            .withObject(ingress.ingress().label())
            .withField("metadata.annotations")
            .withHelp(help));
  }
}
