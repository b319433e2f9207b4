package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.Mirror;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the router's own, to a service that a URL names: a question who may pass, or the
 * copy of a request. It holds everything that is sent but a body, and nothing of the request that
 * it is about.
 *
 * <p>Immutable and thread-safe.
 *
 * @param method the method
 * @param isTls whether the service is spoken to over TLS
 * @param name the host of the URL, without brackets
 * @param port the port
 * @param target the request target
 * @param host the Host to send
 * @param headers the header lines, each a name and a value; none of them frames a body
 * @param connectTimeout how long connecting may take
 * @param idleTimeout how long the service may be silent
 */
record ServiceCall(
    String method,
    boolean isTls,
    String name,
    int port,
    String target,
    String host,
    List<Line> headers,
    Duration connectTimeout,
    Duration idleTimeout) {

  /** A header line. */
  record Line(String name, String value) {}

  private static final Duration COPY_CONNECT = Duration.ofSeconds(5);
  private static final Duration COPY_IDLE = Duration.ofSeconds(10);

  /**
   * Returns the question who may pass.
   *
   * @param via what marks it as sent from here, or {@code null} for nothing
   */
  static ServiceCall of(AskAuth ask, @Nullable String via) {
    List<Line> lines = new ArrayList<>();
    ask.eachHeader((name, value) -> lines.add(new Line(name, value)));
    mark(lines, via);
    return of(ask.method(), ask.url(), ask.host(), lines, ask.connectTimeout(), ask.readTimeout());
  }

  /**
   * Returns the copy of a request, without its body.
   *
   * @param via what marks it as sent from here, or {@code null} for nothing
   */
  static ServiceCall of(Forward forward, Mirror.Copy copy, @Nullable String via) {
    List<Line> lines = new ArrayList<>();
    forward.eachHeader(copy, (name, value) -> lines.add(new Line(name, value)));
    mark(lines, via);
    return of(copy.method(), copy.url(), copy.host(), lines, COPY_CONNECT, COPY_IDLE);
  }

  /** A question or a copy that comes back here must be known again as much as a request. */
  private static void mark(List<Line> lines, @Nullable String via) {
    if (via != null) {
      lines.add(new Line("Via", via));
    }
  }

  /** Takes a URL apart that the router has put together: a scheme, an authority, and a target. */
  private static ServiceCall of(
      String method,
      String url,
      String host,
      List<Line> headers,
      Duration connectTimeout,
      Duration idleTimeout) {
    boolean isTls = url.startsWith("https://");
    int start = url.indexOf("://") + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']') && colon < authority.length() - 1;
    String name = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    int fragment = url.indexOf('#', end);
    String target = fragment < 0 ? url.substring(end) : url.substring(end, fragment);
    return new ServiceCall(
        method,
        isTls,
        name.startsWith("[") ? name.substring(1, name.length() - 1) : name,
        hasPort ? Integer.parseInt(authority.substring(colon + 1)) : isTls ? 443 : 80,
        target.startsWith("/") ? target : "/" + target,
        host,
        List.copyOf(headers),
        connectTimeout,
        idleTimeout);
  }

  /** Returns about how many bytes it has without a body. */
  int length() {
    int length = target.length() + host.length();
    for (Line line : headers) {
      length += line.name.length() + line.value.length() + 4;
    }
    return length;
  }

  /** Names the service, without what is asked: that may be secret. */
  @Override
  public String toString() {
    return (isTls ? "https://" : "http://")
        + (name.indexOf(':') < 0 ? name : "[" + name + "]")
        + ":"
        + port;
  }
}
