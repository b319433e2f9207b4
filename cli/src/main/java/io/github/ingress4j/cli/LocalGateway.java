package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.servlet.IngressProxyServlet;
import io.github.ingress4j.servlet.IngressTls;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in this process: the servlet adapter in an embedded Jetty, back ends that echo if they
 * are wanted, and a server that tells how all of it is.
 *
 * <p>Thread-safe.
 */
final class LocalGateway implements AutoCloseable {

  /**
   * How to run it.
   *
   * @param bind the address to listen on
   * @param port the port, 0 to pick one
   * @param httpsPort the port for TLS, 0 to pick one; null for none
   * @param healthPort the port of the health checks, 0 to pick one
   * @param isEchoWanted whether every back end is one that echoes
   * @param backends where the requests of some back ends go
   */
  record Settings(
      String bind,
      int port,
      @Nullable Integer httpsPort,
      int healthPort,
      boolean isEchoWanted,
      List<BackendMapping> backends) {

    Settings {
      backends = List.copyOf(backends);
    }
  }

  /** A port that cannot be had. */
  static final class PortException extends IOException {

    private static final long serialVersionUID = 1L;

    PortException(String message) {
      super(message);
    }

    /** Returns what is wrong. */
    String text() {
      return String.valueOf(getMessage());
    }
  }

  private static final int MAX_THREADS = 200;
  private static final long DRAIN_MILLIS = 20_000;

  /**
   * How long nothing must arrive before connections are no longer accepted. Those who watch whether
   * it is ready need a moment, and whoever has connected by then is served.
   */
  private static final long QUIET_MILLIS = 300;

  private static final long MOST_NOTICE_MILLIS = 5_000;

  private final HealthServer health;
  private final @Nullable EchoBackends echo;
  private final Server server;
  private final IngressProxyServlet servlet;
  private final Arrivals arrivals;
  private final String readyLine;
  private boolean isClosed;

  private LocalGateway(
      HealthServer health,
      @Nullable EchoBackends echo,
      Server server,
      IngressProxyServlet servlet,
      Arrivals arrivals,
      String readyLine) {
    this.health = health;
    this.echo = echo;
    this.server = server;
    this.servlet = servlet;
    this.arrivals = arrivals;
    this.readyLine = readyLine;
  }

  /**
   * Starts a gateway.
   *
   * @param settings how to run it
   * @param router the rules
   * @return the running gateway
   * @throws PortException if a port cannot be had; nothing is left running
   */
  static LocalGateway start(Settings settings, IngressRouter router) throws PortException {
    String bind = settings.bind();
    HealthServer health = listen(bind, settings.healthPort(), HealthServer::start);
    EchoBackends echo = null;
    try {
      IngressProxyServlet.Builder builder = IngressProxyServlet.builder().router(router);
      if (settings.isEchoWanted()) {
        echo = listen("", 0, (host, port) -> EchoBackends.start(servicePorts(router)));
        echo.endpoints()
            .forEach((backend, where) -> builder.backend(backend.toString(), where.toString()));
      }
      for (BackendMapping mapping : settings.backends()) {
        builder.backend(
            mapping.backend().toString(),
            mapping.endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
      }
      IngressProxyServlet servlet = builder.build();
      Arrivals arrivals = new Arrivals(handler(servlet, router));
      Server server = serve(settings, arrivals, router);
      health.ready(true);
      return new LocalGateway(
          health, echo, server, servlet, arrivals, readyLine(bind, server, health, router));
    } catch (PortException | RuntimeException e) {
      if (echo != null) {
        echo.close();
      }
      health.close();
      throw e;
    }
  }

  private interface Starter<T> {
    T start(String host, int port) throws IOException;
  }

  private static <T> T listen(String bind, int port, Starter<T> starter) throws PortException {
    String where = bind.isEmpty() ? "a port of the loopback interface" : authority(bind, port);
    try {
      if (!bind.isEmpty()) {
        InetAddress.getByName(bind);
      }
      return starter.start(bind, port);
    } catch (UnknownHostException e) {
      throw new PortException("cannot listen on " + where + ": there is no such address");
    } catch (IOException e) {
      throw new PortException("cannot listen on " + where + ": " + reason(e));
    }
  }

  private static String reason(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return Words.lowerFirst(String.valueOf(cause.getMessage()));
      }
    }
    return String.valueOf(e.getMessage());
  }

  private static UnservedTargets handler(IngressProxyServlet servlet, IngressRouter router) {
    ServletContextHandler context = new ServletContextHandler("/", false, false);
    // Without this, Jetty refuses paths that the router may well allow.
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    ServletHolder holder = new ServletHolder("ingress4j", servlet);
    holder.setAsyncSupported(true);
    holder.setInitOrder(0);
    context.addServlet(holder, "/*");
    return new UnservedTargets(context, router);
  }

  private static Server serve(Settings settings, Arrivals arrivals, IngressRouter router)
      throws PortException {
    Server server = JettyServers.server(new GracefulHandler(arrivals), MAX_THREADS);
    if (arrivals.getHandler() instanceof UnservedTargets targets) {
      server.setErrorHandler(targets::explain);
    }
    server.setStopTimeout(DRAIN_MILLIS);
    try {
      open(settings.bind(), settings.port(), JettyServers.plain(server));
      if (settings.httpsPort() != null) {
        SSLContext tls = IngressTls.of(router).sslContext();
        open(settings.bind(), settings.httpsPort(), JettyServers.secure(server, tls));
      }
      listen(
          settings.bind(),
          settings.port(),
          (host, port) -> {
            JettyServers.start(server);
            return server;
          });
    } catch (PortException | RuntimeException e) {
      JettyServers.stop(server);
      for (Connector connector : server.getConnectors()) {
        JettyServers.close((ServerConnector) connector);
      }
      throw e;
    }
    return server;
  }

  /** Takes a port, so that it is known which one cannot be had. */
  private static void open(String bind, int at, ServerConnector connector) throws PortException {
    listen(
        bind,
        at,
        (host, port) -> {
          connector.setHost(host);
          connector.setPort(port);
          connector.open();
          return connector;
        });
  }

  /** The ports of Services that a request can go to, in the order of their texts. */
  static Set<Backend.ServicePort> servicePorts(IngressRouter router) {
    Set<Backend.ServicePort> ports =
        new TreeSet<>(Comparator.comparing(Backend.ServicePort::toString));
    ports.addAll(router.translation().servicePorts());
    return ports;
  }

  private static String readyLine(
      String bind, Server server, HealthServer health, IngressRouter router) {
    int routes = 0;
    int hosts = 0;
    for (Map<PathPattern, Route> ofHost : router.translation().routes().values()) {
      // A rule may need several patterns, and what no Ingress asks for is not worth a word.
      Set<Route.Rule> rules = new HashSet<>();
      boolean isAskedFor = false;
      boolean hasDefault = false;
      for (Route route : ofHost.values()) {
        isAskedFor |= route.ingress() != null;
        if (route.rule() != null) {
          rules.add(route.rule());
        } else {
          hasDefault |= route.ingress() != null && route.backend() != null;
        }
      }
      routes += rules.size() + (hasDefault ? 1 : 0);
      hosts += isAskedFor ? 1 : 0;
    }
    int httpsPort = port(server, 1);
    return "ingress4j ready: http://"
        + authority(bind, port(server, 0))
        + (httpsPort < 0 ? "" : ", https://" + authority(bind, httpsPort))
        + " (health http://"
        + authority(bind, health.port())
        + "), "
        + Words.count(routes, "route")
        + " on "
        + Words.count(hosts, "host");
  }

  private static String authority(String host, int port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  /** The port of a connector, -1 if there are not so many. */
  private static int port(Server server, int connector) {
    Connector[] all = server.getConnectors();
    return connector < all.length ? ((ServerConnector) all[connector]).getLocalPort() : -1;
  }

  /** Returns the port that takes requests. */
  int port() {
    return port(server, 0);
  }

  /** Returns the port that takes requests over TLS, -1 if there is none. */
  int httpsPort() {
    return port(server, 1);
  }

  /** Returns the port of the health checks. */
  int healthPort() {
    return health.port();
  }

  /** Returns the line that says that the gateway is ready. */
  String readyLine() {
    return readyLine;
  }

  /**
   * Ends the gateway: it is no longer ready, tells its clients to go elsewhere and gives them a
   * moment to do so, accepts no more connections, finishes the requests under way as long as there
   * is time, and then stops.
   */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    health.ready(false);
    servlet.beginDrain();
    arrivals.awaitQuiet(QUIET_MILLIS, MOST_NOTICE_MILLIS);
    JettyServers.stop(server);
    if (echo != null) {
      echo.close();
    }
    health.close();
  }
}
