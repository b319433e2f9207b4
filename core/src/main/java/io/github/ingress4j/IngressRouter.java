package io.github.ingress4j;

import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.EndpointHealth;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.ClientState;
import io.github.ingress4j.decision.Counters;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TlsServer;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.source.ManifestFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers, for any request, who gets it and why, by the rules of one input.
 *
 * <pre>{@code
 * IngressRouter router = IngressRouter.builder()
 *     .manifests(Path.of("k8s"))
 *     .build();
 * Decision decision = router.route(RequestView.get("http://abc.sample.com/pay?x=1"));
 * }</pre>
 *
 * <p>Bad input does not stop a router from being built: what is wrong is in {@link #diagnostics},
 * and everything else works. Whoever puts a router in front of users asks {@link #isUsable} first.
 *
 * <p>Immutable but for the turns of the endpoints; thread-safe.
 */
public final class IngressRouter {

  private final ManifestSet manifests;
  private final Translation translation;
  private final Exchange.Snapshot snapshot;

  private IngressRouter(
      ManifestSet manifests,
      Translation translation,
      PathPolicy pathPolicy,
      BalancerState balancer,
      Counters counters,
      ClientState clients) {
    this.manifests = manifests;
    this.translation = translation;
    this.snapshot =
        new Exchange.Snapshot(
            translation.table(),
            translation.fallback(),
            pathPolicy,
            translation.reading(),
            balancer,
            counters,
            clients);
  }

  /**
   * Returns a builder of a router without manifests, in the dialect {@link Dialect#KUBERNETES},
   * that serves every class and trusts nobody.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Decides what becomes of a request, for those who will not send it anywhere. Where another
   * service or a password decides who may pass, nobody is asked: the answer is 503, so that a route
   * is never taken for open by accident.
   *
   * @param request the request
   * @return the first decision
   */
  public Decision route(RequestView request) {
    return route(request, Assume.NOTHING);
  }

  /**
   * Decides what becomes of a request as {@link #route(RequestView)} does, with an assumption about
   * the service or the password that decides who may pass.
   *
   * @param request the request
   * @param assume what they are taken to say
   * @return the first decision
   */
  public Decision route(RequestView request, Assume assume) {
    Exchange exchange = exchange(request);
    try {
      Step step = exchange.first();
      while (!(step instanceof Decision)) {
        if (assume == Assume.NOTHING) {
          return new Answer(
              step instanceof AskAuth ask
                  ? ask.route()
                  : step instanceof CheckPassword check ? check.route() : null,
              503,
              Answer.Reason.ROUTE_CLOSED,
              "Somebody has to be asked whether the request may pass, and nobody was.",
              HeaderEdits.NONE);
        }
        boolean passes = assume == Assume.ALLOWED;
        step =
            step instanceof CheckPassword
                ? exchange.passwordChecked(passes)
                : exchange.authenticated(new Exchange.ReplyHead(passes ? 200 : 401));
      }
      return (Decision) step;
    } finally {
      exchange.end();
    }
  }

  /** What services and passwords that decide who may pass are taken to say. */
  public enum Assume {
    /** Nothing: routes that ask them count as closed. */
    NOTHING,
    /** Everybody may pass. */
    ALLOWED,
    /** Nobody may pass without proof, and no proof is right. */
    DENIED
  }

  /**
   * Begins to serve a request.
   *
   * @param request the request
   * @return the exchange, to be driven and ended by the caller
   */
  public Exchange exchange(RequestView request) {
    return new Exchange(snapshot, request);
  }

  /**
   * Says what a server does in the handshake with a client, before there is a request.
   *
   * @param serverName the name that the client asks for; {@code null} if it asks for none
   * @return the certificate to show, and whether to ask for one
   */
  public TlsServer tlsServer(@Nullable String serverName) {
    return TlsServer.of(snapshot, translation.identities(), serverName);
  }

  /**
   * Returns what was found while reading and translating the manifests.
   *
   * @return the findings, those of reading first
   */
  public List<Diagnostic> diagnostics() {
    List<Diagnostic> all = new ArrayList<>(manifests.diagnostics());
    all.addAll(translation.diagnostics());
    return List.copyOf(all);
  }

  /**
   * Returns whether there is anything to route by.
   *
   * @return {@code false} if nothing in the input could be read, so that every request would be
   *     answered 404 for the wrong reason
   */
  public boolean isUsable() {
    return manifests.isReadable();
  }

  /**
   * Returns the input.
   *
   * @return the objects the router was made of
   */
  public ManifestSet manifests() {
    return manifests;
  }

  /**
   * Returns what the input means.
   *
   * @return the routes by host and path
   */
  public Translation translation() {
    return translation;
  }

  /**
   * Returns whether Secrets that are not in the input count as if they were.
   *
   * @return {@code true} if this router is for tests of rules only, and must not serve anybody
   */
  public boolean assumesSecrets() {
    return translation.assumesSecrets();
  }

  /**
   * Returns how often something happened that an operator should know of, since the first of the
   * routers that follow each other was built.
   *
   * @return the counters, which go on counting
   */
  public Counters counters() {
    return snapshot.counters();
  }

  /**
   * Returns which endpoints fail, and how often some were spared for it, as with the counters.
   *
   * @return the health of the endpoints, which changes with the requests
   */
  public EndpointHealth endpointHealth() {
    return snapshot.balancer().health();
  }

  /** Returns a router for other manifests that shares everything that did not change. */
  IngressRouter with(ManifestSet next) {
    Translation updated = translation.update(next);
    return new IngressRouter(
        next,
        updated,
        snapshot.pathPolicy(),
        snapshot.balancer(),
        snapshot.counters(),
        snapshot.clients());
  }

  BalancerState balancer() {
    return snapshot.balancer();
  }

  /** Collects the settings of a router. Not thread-safe; can be used again after {@link #build}. */
  public static final class Builder {

    private final List<Function<ManifestParser, ManifestSet>> inputs = new ArrayList<>();
    private String namespace = "default";
    private ManifestParser.FieldValidation fieldValidation = ManifestParser.FieldValidation.STRICT;
    private Dialect dialect = Dialect.KUBERNETES;
    private @Nullable String ingressClass;
    private PathPolicy pathPolicy = PathPolicy.STRICT;
    private Translation.EndpointKnowledge endpointKnowledge = Translation.EndpointKnowledge.AUTO;
    private Backend.@Nullable ServicePort defaultBackend;
    private String annotationsPrefix = Translation.Settings.DEFAULT_ANNOTATIONS_PREFIX;
    private boolean ignoreProtectingAnnotations;
    private boolean allowExternalNames;
    private AddressPolicy addressPolicy = AddressPolicy.strict();
    private List<Cidr> trustedProxies = List.of();
    private @Nullable String configMap;
    private boolean assumeSecrets;
    private @Nullable RandomGenerator random;
    private InstantSource clock = InstantSource.system();
    private LongSupplier ticker = System::nanoTime;
    private @Nullable Boolean ejectFailingEndpoints;

    private Builder() {}

    /**
     * Adds files and directories. They are read when the router is built; what cannot be read is
     * among the router's findings.
     *
     * @param paths files, and directories whose files {@code *.yaml}, {@code *.yml} and {@code
     *     *.json} are read with those below
     * @return this builder
     */
    public Builder manifests(Path... paths) {
      List<Path> copy = List.of(paths);
      inputs.add(parser -> ManifestFiles.read(parser, copy));
      return this;
    }

    /**
     * Adds a text.
     *
     * @param name how findings name the text
     * @param text YAML or JSON, any number of documents
     * @return this builder
     */
    public Builder manifests(String name, String text) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(text, "text");
      inputs.add(parser -> parser.parse(name, text));
      return this;
    }

    /**
     * Adds objects.
     *
     * @param set objects read before or made in code
     * @return this builder
     */
    public Builder manifests(ManifestSet set) {
      Objects.requireNonNull(set, "set");
      inputs.add(parser -> set);
      return this;
    }

    /**
     * Sets the namespace of objects without one.
     *
     * @param value the namespace; by default {@code default}
     * @return this builder
     */
    public Builder namespace(String value) {
      namespace = Objects.requireNonNull(value, "namespace");
      return this;
    }

    /**
     * Sets what becomes of objects with unknown or duplicate members.
     *
     * @param value how strict reading is; by default {@link ManifestParser.FieldValidation#STRICT}
     * @return this builder
     */
    public Builder fieldValidation(ManifestParser.FieldValidation value) {
      fieldValidation = Objects.requireNonNull(value, "fieldValidation");
      return this;
    }

    /**
     * Sets the dialect.
     *
     * @param value what an Ingress means
     * @return this builder
     */
    public Builder dialect(Dialect value) {
      dialect = Objects.requireNonNull(value, "dialect");
      return this;
    }

    /**
     * Serves one class only.
     *
     * @param value the name of the class, or of a controller if it holds a {@code /}; {@code null}
     *     to serve every Ingress
     * @return this builder
     */
    public Builder ingressClass(@Nullable String value) {
      ingressClass = value;
      return this;
    }

    /**
     * Sets how paths are read.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder pathPolicy(PathPolicy value) {
      pathPolicy = Objects.requireNonNull(value, "pathPolicy");
      return this;
    }

    /**
     * Sets whether the manifests say everything about endpoints.
     *
     * @param value what a missing endpoint means
     * @return this builder
     */
    public Builder endpoints(Translation.EndpointKnowledge value) {
      endpointKnowledge = Objects.requireNonNull(value, "endpoints");
      return this;
    }

    /**
     * Sets who gets the requests that no rule and no default back end of the manifests takes.
     *
     * @param value a Service's port, or {@code null} to answer 404
     * @return this builder
     */
    public Builder defaultBackend(Backend.@Nullable ServicePort value) {
      defaultBackend = value;
      return this;
    }

    /**
     * Sets the prefix of the controller's annotations.
     *
     * @param value the prefix without the slash; by default that of ingress-nginx
     * @return this builder
     */
    public Builder annotationsPrefix(String value) {
      annotationsPrefix = Objects.requireNonNull(value, "annotationsPrefix");
      return this;
    }

    /**
     * Leaves routes open although annotations ask for a protection that the dialect does not know.
     * By default they are closed and answer 503.
     *
     * @param value whether something else protects these routes
     * @return this builder
     */
    public Builder ignoreProtectingAnnotations(boolean value) {
      ignoreProtectingAnnotations = value;
      return this;
    }

    /**
     * Lets Services be aliases of DNS names outside the cluster. By default they are refused,
     * because whoever may write a Service could send requests anywhere.
     *
     * @param value whether the type ExternalName is allowed
     * @return this builder
     */
    public Builder allowExternalNames(boolean value) {
      allowExternalNames = value;
      return this;
    }

    /**
     * Takes every Secret that the manifests name for one that exists and says what it should, so
     * that rules can be tested where no Secrets are kept. Never for real traffic: adapters refuse
     * such a router.
     *
     * @param value whether Secrets are assumed
     * @return this builder
     */
    public Builder assumeSecrets(boolean value) {
      assumeSecrets = value;
      return this;
    }

    /**
     * Sets which addresses may be endpoints.
     *
     * @param value the policy; by default special addresses are refused
     * @return this builder
     */
    public Builder addressPolicy(AddressPolicy value) {
      addressPolicy = Objects.requireNonNull(value, "addressPolicy");
      return this;
    }

    /**
     * Sets whether an endpoint that failed five times in a row is spared for a while, as {@link
     * EndpointHealth} says in detail. No connection, a broken one, no answer in time and an answer
     * that is not HTTP count as failures, and a status from 429 on if the route repeats requests
     * for it.
     *
     * @param value whether to spare them; by default {@code true} in {@link Dialect#KUBERNETES} and
     *     {@code false} in {@link Dialect#INGRESS_NGINX}, whose original does not
     * @return this builder
     */
    public Builder ejectFailingEndpoints(boolean value) {
      ejectFailingEndpoints = value;
      return this;
    }

    /**
     * Sets who may speak for a client in {@code X-Forwarded-} headers.
     *
     * @param values the blocks of the proxies in front; by default nobody is trusted
     * @return this builder
     */
    public Builder trustedProxies(List<Cidr> values) {
      trustedProxies = List.copyOf(values);
      return this;
    }

    /**
     * Sets which ConfigMap of the input holds the controller's settings, for dialects that have
     * some.
     *
     * @param value namespace, slash and name; by default {@code
     *     ingress-nginx/ingress-nginx-controller}, which may be absent
     * @return this builder
     * @throws IllegalArgumentException if there is not exactly one slash with a name on each side
     */
    public Builder configMap(String value) {
      int slash = value.indexOf('/');
      if (slash < 1 || slash == value.length() - 1 || value.indexOf('/', slash + 1) >= 0) {
        throw new IllegalArgumentException(
            "the ConfigMap " + PrintableText.quote(value) + " is not written namespace/name");
      }
      configMap = value;
      return this;
    }

    /**
     * Sets the clock, for cookies that expire and for estimates that age.
     *
     * @param value the clock; thread-safe if the router is shared. By default that of the system
     * @return this builder
     */
    public Builder clock(InstantSource value) {
      clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * Sets what tells how long endpoints that fail are spared.
     *
     * @param value nanoseconds from any point in time on, which never go back; thread-safe if the
     *     router is shared. By default {@link System#nanoTime}
     * @return this builder
     */
    public Builder ticker(LongSupplier value) {
      ticker = Objects.requireNonNull(value, "ticker");
      return this;
    }

    /**
     * Sets where randomness comes from.
     *
     * @param value the source; thread-safe if the router is shared. By default a fresh one for each
     *     router
     * @return this builder
     */
    public Builder random(RandomGenerator value) {
      random = Objects.requireNonNull(value, "random");
      return this;
    }

    /**
     * Reads and compiles the manifests. Of two objects of the same kind, namespace and name the one
     * added later counts.
     *
     * @return the router
     * @throws IllegalArgumentException if the namespace is not a DNS label
     */
    public IngressRouter build() {
      ManifestParser parser =
          ManifestParser.create().withNamespace(namespace).withFieldValidation(fieldValidation);
      List<ManifestSet> sets = new ArrayList<>();
      for (Function<ManifestParser, ManifestSet> input : inputs) {
        sets.add(input.apply(parser));
      }
      ManifestSet manifests = together(sets);
      Translation.Settings settings =
          new Translation.Settings(
              dialect,
              ingressClass,
              pathPolicy,
              endpointKnowledge,
              defaultBackend,
              annotationsPrefix,
              ignoreProtectingAnnotations,
              allowExternalNames,
              addressPolicy,
              trustedProxies,
              configMap,
              assumeSecrets);
      return new IngressRouter(
          manifests,
          Translation.of(manifests, settings),
          pathPolicy,
          balancer(),
          new Counters(),
          new ClientState(clock));
    }

    private BalancerState balancer() {
      RandomGenerator chance = random == null ? new Random() : random;
      boolean isEjecting =
          ejectFailingEndpoints == null ? dialect == Dialect.KUBERNETES : ejectFailingEndpoints;
      return isEjecting
          ? BalancerState.ejecting(chance, clock, ticker)
          : new BalancerState(chance, clock);
    }

    private static ManifestSet together(List<ManifestSet> sets) {
      if (sets.isEmpty()) {
        // No input is not an input of which nothing can be read.
        return ManifestSet.of();
      }
      // Joining says it if nothing at all could be read; one readable set is the input as it is.
      boolean isWhole = sets.size() == 1 && sets.get(0).isReadable();
      return isWhole ? sets.get(0) : ManifestSet.join(sets);
    }
  }
}
