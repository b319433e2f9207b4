package io.github.ingress4j;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.TlsServer;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A router whose manifests change while requests run.
 *
 * <p>A change compiles only what it touches and is published whole, by one write: a request sees
 * the old manifests or the new ones, from start to end. Endpoints that stay keep their turns. A
 * good table is never replaced by an empty one.
 *
 * <p>Thread-safe: any number of threads route while others replace; replacements happen one after
 * the other.
 */
public final class LiveRouter {

  private final ReentrantLock replacing = new ReentrantLock();
  private volatile IngressRouter current;
  private long generation = 1;

  private LiveRouter(IngressRouter first) {
    current = first;
  }

  /**
   * Returns a router that begins with given manifests and keeps its settings.
   *
   * @param first the first router
   * @return the live router
   */
  public static LiveRouter of(IngressRouter first) {
    return new LiveRouter(Objects.requireNonNull(first, "first"));
  }

  /**
   * Returns the router in force.
   *
   * @return the router; it does not change any more
   */
  public IngressRouter current() {
    return current;
  }

  /**
   * Decides what becomes of a request, for those who will not send it anywhere.
   *
   * @param request the request
   * @return the first decision
   */
  public Decision route(RequestView request) {
    return current.route(request);
  }

  /**
   * Begins to serve a request by the manifests in force, to its end.
   *
   * @param request the request
   * @return the exchange, to be driven and ended by the caller
   */
  public Exchange exchange(RequestView request) {
    return current.exchange(request);
  }

  /**
   * Says what a server does in the handshake with a client by the manifests in force.
   *
   * @param serverName the name that the client asks for; {@code null} if it asks for none
   * @return the certificate to show, and whether to ask for one
   */
  public TlsServer tlsServer(@Nullable String serverName) {
    return current.tlsServer(serverName);
  }

  /**
   * Puts other manifests in force.
   *
   * @param manifests the complete new input
   * @return what was published, or why nothing was
   */
  public Publication replace(ManifestSet manifests) {
    replacing.lock();
    try {
      IngressRouter before = current;
      IngressRouter after = before.with(manifests);
      if (after.translation().ingresses().isEmpty()
          && !before.translation().ingresses().isEmpty()) {
        return new Publication(
            false,
            generation,
            "the new manifests hold no Ingress that can be served",
            List.of(),
            List.of(),
            List.of(),
            after.diagnostics());
      }
      Publication publication = difference(before.translation(), after);
      current = after;
      after.balancer().retain(after.translation().endpoints());
      return publication;
    } finally {
      replacing.unlock();
    }
  }

  private Publication difference(Translation before, IngressRouter after) {
    generation++;
    Map<String, Map<PathPattern, Route>> old = before.routes();
    Map<String, Map<PathPattern, Route>> now = after.translation().routes();
    Set<String> added = new TreeSet<>();
    Set<String> removed = new TreeSet<>();
    Set<String> changed = new TreeSet<>();
    for (String host : after.translation().changedHosts()) {
      Map<PathPattern, Route> oldRoutes = old.getOrDefault(host, Map.of());
      Map<PathPattern, Route> newRoutes = now.getOrDefault(host, Map.of());
      newRoutes.forEach(
          (path, route) -> {
            Route oldRoute = oldRoutes.get(path);
            if (oldRoute == null) {
              added.add(name(host, path));
            } else if (!leadsTheSame(route, oldRoute)) {
              changed.add(name(host, path));
            }
          });
      oldRoutes.forEach(
          (path, route) -> {
            if (!newRoutes.containsKey(path)) {
              removed.add(name(host, path));
            }
          });
    }
    Route oldFallback = before.fallback();
    Route newFallback = after.translation().fallback();
    if (oldFallback == null && newFallback != null) {
      added.add("default backend");
    } else if (oldFallback != null && newFallback == null) {
      removed.add("default backend");
    } else if (oldFallback != null
        && newFallback != null
        && !leadsTheSame(newFallback, oldFallback)) {
      changed.add("default backend");
    }
    return new Publication(
        true,
        generation,
        "",
        new ArrayList<>(added),
        new ArrayList<>(removed),
        new ArrayList<>(changed),
        after.diagnostics());
  }

  /** A rule that only moved within its file is not a change worth reporting. */
  private static boolean leadsTheSame(Route one, Route other) {
    return Objects.equals(one.ingress(), other.ingress())
        && Objects.equals(one.backend(), other.backend())
        && Objects.equals(one.upstream(), other.upstream())
        && Objects.equals(one.closed(), other.closed())
        && one.policies().equals(other.policies());
  }

  private static String name(String host, PathPattern path) {
    String kind =
        path instanceof PathPattern.Exact
            ? "Exact"
            : path instanceof PathPattern.Rest
                ? "default backend"
                : path instanceof PathPattern.Regex ? "regex" : "Prefix";
    return PrintableText.escape(
        (host.isEmpty() ? "*" : host)
            + (path instanceof PathPattern.Rest ? " " : " " + path.text() + " ")
            + kind);
  }

  /**
   * What a replacement did.
   *
   * <p>Immutable and thread-safe.
   *
   * @param isPublished whether the new manifests are in force
   * @param generation the number of the manifests in force, 1 for the first
   * @param refusal why they are not; empty if they are
   * @param added the routes that were not there before, as host, path and type
   * @param removed the routes that are no longer there
   * @param changed the routes that lead elsewhere now
   * @param diagnostics what was found in the new manifests
   */
  public record Publication(
      boolean isPublished,
      long generation,
      String refusal,
      List<String> added,
      List<String> removed,
      List<String> changed,
      List<Diagnostic> diagnostics) {

    /** Copies the lists. */
    public Publication {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      changed = List.copyOf(changed);
      diagnostics = List.copyOf(diagnostics);
    }
  }
}
