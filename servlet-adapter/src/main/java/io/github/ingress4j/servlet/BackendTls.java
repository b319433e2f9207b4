package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.CanaryAlternative;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.policy.UpstreamTls;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how TLS is spoken to somebody, and remembers it: making ready to speak by settings
 * means to take keys and authorities apart, and connections are to be shared by all routes that ask
 * for the same.
 *
 * <p>Settings are the same object as long as the rules do not change, so an object that was seen
 * before is found without comparing certificates and lists of revoked ones byte by byte.
 *
 * <p>What the rules do not ask for any more is forgotten when they change, and with it the key of a
 * Secret that was replaced. Requests that are still served by the rules of before make ready anew.
 *
 * <p>Thread-safe.
 */
final class BackendTls {

  /** What an upstream is called as long as no name is set, which is also what it is asked for. */
  private static final String NAME_OF_NONE = "upstream_balancer";

  private static final int REMEMBERED = 256;
  private static final int RECENT = 64;

  private record Recent(UpstreamTls settings, TlsClient client) {}

  private final AtomicReferenceArray<@Nullable Recent> recent = new AtomicReferenceArray<>(RECENT);
  private final Map<UpstreamTls, TlsClient> clients =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UpstreamTls, TlsClient> eldest) {
          return size() > REMEMBERED;
        }
      };
  private @Nullable SSLContext own;
  private long made;

  /** What the rules in force ask for, worked out when it is needed; null before the first. */
  private @Nullable Supplier<Set<UpstreamTls>> inForce;

  /**
   * Remembers nothing yet.
   *
   * @param own whom to trust where settings do not say it, or {@code null} for whom the JVM trusts
   */
  BackendTls(@Nullable SSLContext own) {
    this.own = own;
  }

  /** Returns how TLS is spoken to whoever proves to have a name. */
  TlsClient named(String name) {
    return TlsClient.named(name, own().getSocketFactory());
  }

  private synchronized SSLContext own() {
    SSLContext context = own;
    if (context == null) {
      try {
        context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JVM cannot speak TLS", e);
      }
      own = context;
    }
    return context;
  }

  /** Returns how TLS is spoken by settings. */
  TlsClient of(UpstreamTls settings) {
    int slot = System.identityHashCode(settings) & (RECENT - 1);
    Recent last = recent.get(slot);
    if (last != null && isSame(last.settings, settings)) {
      return last.client;
    }
    TlsClient client;
    synchronized (clients) {
      client = clients.get(settings);
      if (client == null) {
        // No host has such a name.
        client = make("#" + ++made, settings);
        if (inForce != null && !inForce.get().contains(settings)) {
          return client;
        }
        clients.put(settings, client);
      }
      recent.set(slot, new Recent(settings, client));
    }
    return client;
  }

  /**
   * Forgets what other rules do not ask for.
   *
   * @param router the rules
   * @return whether there was anything to forget
   */
  boolean retain(IngressRouter router) {
    synchronized (clients) {
      inForce = new Lazy(router);
      if (clients.isEmpty() || !clients.keySet().retainAll(inForce.get())) {
        return false;
      }
      for (int i = 0; i < RECENT; i++) {
        Recent last = recent.get(i);
        if (last != null && !clients.containsKey(last.settings)) {
          recent.set(i, null);
        }
      }
      return true;
    }
  }

  /** Returns how many settings are remembered. */
  int size() {
    synchronized (clients) {
      return clients.size();
    }
  }

  /** The settings of some rules. */
  private static final class Lazy implements Supplier<Set<UpstreamTls>> {

    private @Nullable IngressRouter router;
    private Set<UpstreamTls> settings = Set.of();

    Lazy(IngressRouter router) {
      this.router = router;
    }

    @Override
    public synchronized Set<UpstreamTls> get() {
      IngressRouter rules = router;
      if (rules != null) {
        router = null;
        settings = settings(rules);
      }
      return settings;
    }
  }

  private static Set<UpstreamTls> settings(IngressRouter router) {
    // Most routes share theirs, and hashing one means to hash certificates.
    Set<UpstreamTls> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Map<?, Route> routes : router.translation().routes().values()) {
      routes.values().forEach(route -> add(route, distinct));
    }
    Route fallback = router.translation().fallback();
    if (fallback != null) {
      add(fallback, distinct);
    }
    return new HashSet<>(distinct);
  }

  private static void add(Route route, Collection<UpstreamTls> all) {
    add(route.policies().transport(), all);
    add(route.policies().secureTransport(), all);
    add(route.upstream(), all);
    RoutePolicies.StandIn standIn = route.policies().standIn();
    Upstream instead = standIn == null ? null : standIn.upstream();
    add(instead, all);
    RoutePolicies.ErrorBackend page = route.policies().errorBackend();
    Upstream ofPage = page == null ? null : page.upstream();
    add(ofPage, all);
  }

  private static void add(@Nullable TransportSettings transport, Collection<UpstreamTls> all) {
    UpstreamTls tls = transport == null ? null : transport.tls();
    if (tls != null) {
      all.add(tls);
    }
  }

  private static void add(@Nullable Upstream upstream, Collection<UpstreamTls> all) {
    if (upstream == null) {
      return;
    }
    add(upstream.transport(), all);
    CanaryAlternative canary = upstream.canary();
    Upstream other = canary == null ? null : canary.upstream();
    add(other, all);
  }

  // Equal settings that are not the same are found in the map; that is the point of not asking
  // here.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(UpstreamTls one, UpstreamTls other) {
    return one == other;
  }

  private static TlsClient make(String id, UpstreamTls settings) {
    String name = settings.name() == null ? NAME_OF_NONE : settings.name();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          settings.identity() == null
              ? new KeyManager[0]
              : new KeyManager[] {new ClientIdentity(settings.identity())},
          new TrustManager[] {new ServerCheck(settings, name)},
          null);
      String[] protocols =
          known(settings.protocols(), context.getSupportedSSLParameters().getProtocols());
      if (protocols.length == 0) {
        return TlsClient.impossible(
            id, "this JVM has none of the protocols " + settings.protocols());
      }
      String[] suites =
          known(settings.cipherSuites(), context.getSupportedSSLParameters().getCipherSuites());
      if (suites.length == 0 && !settings.cipherSuites().isEmpty()) {
        return TlsClient.impossible(
            id, "this JVM has none of the cipher suites " + settings.cipherSuites());
      }
      List<SNIServerName> names =
          settings.sendsName() && !Cidr.isAddress(name)
              // RFC 6066 knows no addresses there. The bytes, because as text a name with an
              // underscore would be refused.
              ? List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII)))
              : List.of();
      return TlsClient.of(id, context.getSocketFactory(), name, names, protocols, suites);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return TlsClient.impossible(id, "TLS cannot be set up: " + e.getMessage());
    }
  }

  /** Leaves out what the JVM does not know. */
  private static String[] known(List<String> wanted, String[] supported) {
    Set<String> all = Set.copyOf(Arrays.asList(supported));
    List<String> known = new ArrayList<>(wanted);
    known.retainAll(all);
    return known.toArray(new String[0]);
  }
}
