package io.github.ingress4j.benchmarks;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take from Ingresses that were read to routes, in the dialect ingress-nginx?
 *
 * <p>The Ingresses have annotations of all kinds: rewrites with expressions, redirects, sessions,
 * hashes, canaries, aliases. Two or three share a host; each has Services with endpoints. {@link
 * #start} is the first translation of a fresh virtual machine, as a start does it, {@link #compile}
 * that of a warm one, and {@link #change} the publication of a set in which one Ingress differs.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TranslationBenchmark {

  /** What the Ingresses ask for, one after the other. */
  private static final List<List<String>> ANNOTATIONS =
      List.of(
          List.of("rewrite-target: /$2", "x-forwarded-prefix: /svc"),
          List.of("ssl-redirect: 'false'"),
          List.of("affinity: cookie", "session-cookie-name: SID", "session-cookie-max-age: '3600'"),
          List.of("upstream-hash-by: $request_uri", "upstream-hash-by-subset: 'true'"),
          List.of("force-ssl-redirect: 'true'", "preserve-trailing-slash: 'true'"),
          List.of("use-regex: 'true'"),
          List.of("permanent-redirect: https://new.example/", "permanent-redirect-code: '308'"),
          List.of("load-balance: ewma", "proxy-next-upstream: error timeout http_503"),
          List.of("app-root: /home", "upstream-vhost: inner.example"),
          List.of());

  /** The number of Ingresses. */
  @Param({"1000", "10000"})
  int ingresses = 1000;

  private @Nullable ManifestSet input;

  /** Reads the manifests. */
  @Setup(Level.Trial)
  public void setUp() {
    input = read(manifests(ingresses), ingresses);
  }

  private static ManifestSet read(String text, int count) {
    ManifestSet read = ManifestParser.create().parse("shop.yaml", text);
    if (read.ingresses().size() != count) {
      throw new IllegalStateException(read.diagnostics().toString());
    }
    return read;
  }

  /** A router that changes; {@link #start} must not have one, for it is to be the first. */
  @State(Scope.Thread)
  public static class Running {

    private @Nullable LiveRouter live;
    private List<ManifestSet> inputs = List.of();
    private int turn;

    /**
     * Translates once, and makes sure that the manifests mean what they should.
     *
     * @param benchmark how many Ingresses there are
     */
    @Setup(Level.Trial)
    public void setUp(TranslationBenchmark benchmark) {
      int count = benchmark.ingresses;
      String text = manifests(count);
      ManifestSet first = read(text, count);
      inputs = List.of(first, read(text.replace("path: /last", "path: /new"), count));
      IngressRouter router = router(first);
      List<Diagnostic> errors = router.diagnostics().stream().filter(Diagnostic::isError).toList();
      if (!errors.isEmpty()) {
        throw new IllegalStateException(errors.size() + " errors, such as " + errors.get(0));
      }
      live = LiveRouter.of(router);
    }

    private LiveRouter.Publication change() {
      LiveRouter router = live;
      if (router == null) {
        throw new IllegalStateException("not set up");
      }
      turn = 1 - turn;
      return router.replace(inputs.get(turn));
    }
  }

  private static String manifests(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String service = "web" + i;
      List<String> annotations = ANNOTATIONS.get(i % ANNOTATIONS.size());
      boolean isCanary = i % 20 == 19;
      // A canary shares the paths of the Ingress before it.
      int number = isCanary ? i - 1 : i;
      out.append("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ingress");
      out.append(i).append("\n  annotations:\n");
      line(out, "use-port-in-redirects: 'false'");
      annotations.forEach(annotation -> line(out, annotation));
      if (isCanary) {
        line(out, "canary: 'true'");
        line(out, "canary-weight: '10'");
      } else if (i % 5 == 0) {
        line(out, "server-alias: alias" + i + ".example");
      }
      out.append("spec:\n  rules:\n  - host: host").append(number * 2 / 5).append(".example\n");
      out.append("    http:\n      paths:\n");
      String last = number == count - 2 ? "/last" : "/app" + number;
      boolean isRewritten = i % 10 == 0;
      path(out, isRewritten ? "/svc" + number + "(/|$)(.*)" : last, service);
      path(out, "/api" + number + (isRewritten ? "(/|$)(v1.*)" : "/v1"), service);
      out.append("---\napiVersion: v1\nkind: Service\nmetadata: {name: ").append(service);
      out.append("}\nspec: {ports: [{name: http, port: 80}]}\n---\n");
      out.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ");
      out.append(service).append("-1, labels: {kubernetes.io/service-name: ").append(service);
      out.append("}}\naddressType: IPv4\nports: [{name: http, port: 8080}]\nendpoints:\n");
      for (int pod = 1; pod <= 3; pod++) {
        out.append("- addresses: [10.").append(i / 250 % 250).append('.').append(i % 250);
        out.append('.').append(pod).append("]\n");
      }
      out.append("---\n");
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String annotation) {
    out.append("    nginx.ingress.kubernetes.io/").append(annotation).append('\n');
  }

  private static void path(StringBuilder out, String path, String service) {
    out.append("      - path: ")
        .append(path)
        .append("\n        pathType: ImplementationSpecific\n");
    out.append("        backend: {service: {name: ").append(service);
    out.append(", port: {name: http}}}\n");
  }

  private static IngressRouter router(@Nullable ManifestSet manifests) {
    if (manifests == null) {
      throw new IllegalStateException("not set up");
    }
    return IngressRouter.builder().dialect(Dialect.INGRESS_NGINX).manifests(manifests).build();
  }

  /**
   * Translates for the first time.
   *
   * @return the router
   */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(5)
  public IngressRouter start() {
    return router(input);
  }

  /**
   * Translates again.
   *
   * @param running a router, so that the virtual machine is warm
   * @return the router
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 4, time = 1)
  @Measurement(iterations = 4, time = 1)
  @Fork(2)
  public IngressRouter compile(Running running) {
    return router(input);
  }

  /**
   * Publishes a set in which one Ingress differs.
   *
   * @param running the router that changes
   * @return the difference
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 4, time = 1)
  @Measurement(iterations = 4, time = 1)
  @Fork(2)
  public LiveRouter.Publication change(Running running) {
    return running.change();
  }
}
