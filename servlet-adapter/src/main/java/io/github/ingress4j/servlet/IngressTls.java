package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.decision.TlsServer;
import io.github.ingress4j.routing.HostPattern;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of TLS by the rules of a router: certificates from Secrets, chosen by the name
 * that a client asks for, and client certificates where a host wants them.
 *
 * <pre>{@code
 * SSLContext context = IngressTls.of(router).sslContext();
 * }</pre>
 *
 * <table>
 *   <caption>What a client meets</caption>
 *   <tr><th>It asks for</th><th>It is shown</th></tr>
 *   <tr><td>a host with a Secret</td><td>the certificate of the Secret</td></tr>
 *   <tr><td>a host under a wildcard with a Secret</td><td>that of the wildcard</td></tr>
 *   <tr><td>another name, or none</td><td>the default certificate of the rules, else one that is
 *       signed by itself and made at start; or the handshake fails: {@link
 *       Builder#rejectsUnknownNames}</td></tr>
 * </table>
 *
 * <p>With a {@link LiveRouter} each handshake goes by the rules in force at its beginning, and
 * connections that are open stay open.
 *
 * <p>Client certificates are asked for where the rules of the host want them, and nowhere else. The
 * handshake takes any that the client proves to own, or none; the rules judge it with each request.
 * Connections of such hosts are not resumed, so that a client owns its certificate each time.
 *
 * <p>Knows nothing of servlets and may serve anything that takes an {@link SSLContext} and works
 * with engines. Thread-safe.
 */
public final class IngressTls {

  private final SSLContext context;
  private final ServerKeys keys;

  private IngressTls(Function<@Nullable String, TlsServer> servers, boolean rejectsUnknownNames) {
    DefaultCertificate certificate = DefaultCertificate.make(Instant.now());
    keys = new ServerKeys(name -> servers.apply(name).identity(), certificate);
    context = SniContext.make(servers, keys, rejectsUnknownNames);
  }

  /**
   * Returns the TLS of rules that do not change.
   *
   * @param router the rules
   * @return their TLS
   */
  public static IngressTls of(IngressRouter router) {
    return builder().router(router).build();
  }

  /**
   * Returns the TLS of rules that change while connections are open.
   *
   * @param router the rules
   * @return their TLS
   */
  public static IngressTls of(LiveRouter router) {
    return builder().router(router).build();
  }

  /**
   * Returns a builder of TLS that takes clients with unknown names.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the context for a server, which does all that is said above. Only its engines can be
   * used, as servers do that serve many connections at a time; it has no socket factories.
   *
   * @return the context; the same with every call
   */
  public SSLContext sslContext() {
    return context;
  }

  /**
   * Returns what chooses the certificates, for a server that must make its context itself. Such a
   * server does not ask for client certificates by host, has to be told so and whom it trusts, and
   * does not tell a router which name was asked for; {@link #sslContext} does all of it.
   *
   * @return the key manager; the same with every call
   */
  public X509ExtendedKeyManager keyManager() {
    return keys;
  }

  /**
   * Returns the name that a client asked for, for adapters that see the session of a connection.
   *
   * @param session the session of an engine of {@link #sslContext}
   * @return the name as sent, or {@code null} if the client asked for none
   */
  public static @Nullable String serverName(SSLSession session) {
    return ServerKeys.serverName(session);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {

    private @Nullable Function<@Nullable String, TlsServer> servers;
    private boolean rejectsUnknownNames;

    private Builder() {}

    /**
     * Sets the rules, for good.
     *
     * @param value the router
     * @return this builder
     */
    public Builder router(IngressRouter value) {
      servers = Objects.requireNonNull(value, "router")::tlsServer;
      return this;
    }

    /**
     * Sets rules that change while connections are open.
     *
     * @param value the router
     * @return this builder
     */
    public Builder router(LiveRouter value) {
      servers = Objects.requireNonNull(value, "router")::tlsServer;
      return this;
    }

    /**
     * Sets whether a handshake fails if no rule names the host that the client asks for, be it by
     * itself or by a wildcard, or if the client asks for none.
     *
     * @param value {@code true} to let it fail; by default such a client is shown the default
     *     certificate
     * @return this builder
     */
    public Builder rejectsUnknownNames(boolean value) {
      rejectsUnknownNames = value;
      return this;
    }

    /**
     * Makes the TLS.
     *
     * @return the TLS
     * @throws IllegalStateException if there is no router
     */
    public IngressTls build() {
      if (servers == null) {
        throw new IllegalStateException("a router is needed: call router() before build()");
      }
      return new IngressTls(servers, rejectsUnknownNames);
    }
  }

  /** Whether rules name a host, other than by standing for all of them. */
  static boolean isNamed(TlsServer server) {
    return server.host() != null && !(server.host() instanceof HostPattern.Any);
  }
}
