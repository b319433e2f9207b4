package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.RequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request as the container hands it over, brought back to what was on the wire as far as the
 * container tells.
 *
 * <p>All containers keep the target's bytes in {@code getRequestURI}, without scheme and authority
 * of an absolute target. Jetty decodes bytes above 0x7F as UTF-8, which is undone. No container
 * tells the name that was asked for in the TLS handshake through the Servlet API, but all of them
 * show the id of the session, and that of {@link IngressTls} holds the name.
 *
 * <p>Not thread-safe.
 */
final class ServletRequestView implements RequestView {

  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private static final String SESSION_ID = "jakarta.servlet.request.ssl_session_id";

  private final HttpServletRequest request;
  private final String httpVersion;
  private final String target;
  private final List<String> headerNames;
  private final List<String> hosts;
  private final long bodyLength;

  ServletRequestView(HttpServletRequest request) {
    this.request = request;
    httpVersion = version(request.getProtocol());
    String query = request.getQueryString();
    String uri = request.getRequestURI();
    target = origin(request) + bytes(query == null ? uri : uri + "?" + query);
    headerNames = names(request);
    hosts = hosts(request, httpVersion);
    bodyLength = bodyLength(request, httpVersion);
  }

  /**
   * Returns what stood before the path of an absolute target, if it is not HTTP's: a container that
   * takes it off would show the router a path that nobody has asked for.
   */
  private static String origin(HttpServletRequest request) {
    String scheme = request.getScheme();
    return scheme == null || scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https")
        ? ""
        : scheme + "://" + request.getServerName();
  }

  private static String version(@Nullable String protocol) {
    if (protocol == null) {
      return "";
    }
    return switch (protocol) {
      case "HTTP/1.1" -> "1.1";
      case "HTTP/1.0" -> "1.0";
      case "HTTP/2.0", "HTTP/2" -> "2";
      case "HTTP/3.0", "HTTP/3" -> "3";
      default -> protocol;
    };
  }

  private static List<String> names(HttpServletRequest request) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    List<String> names = new ArrayList<>();
    Enumeration<String> all = request.getHeaderNames();
    while (all.hasMoreElements()) {
      String name = all.nextElement();
      if (seen.add(name)) {
        names.add(name);
      }
    }
    return Collections.unmodifiableList(names);
  }

  private static List<String> values(HttpServletRequest request, String name) {
    Enumeration<String> all = request.getHeaders(name);
    if (!all.hasMoreElements()) {
      return List.of();
    }
    String first = bytes(all.nextElement());
    if (!all.hasMoreElements()) {
      return List.of(first);
    }
    List<String> values = new ArrayList<>();
    values.add(first);
    while (all.hasMoreElements()) {
      values.add(bytes(all.nextElement()));
    }
    return values;
  }

  private static List<String> hosts(HttpServletRequest request, String version) {
    List<String> lines = values(request, "Host");
    if (!lines.isEmpty() || !(version.equals("2") || version.equals("3"))) {
      return lines;
    }
    // Some containers show :authority only in its parts.
    String name = request.getServerName();
    if (name == null || name.isEmpty()) {
      return List.of();
    }
    int port = request.getServerPort();
    boolean isDefault = port <= 0 || port == (request.isSecure() ? 443 : 80);
    String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
    return List.of(isDefault ? host : host + ":" + port);
  }

  private static long bodyLength(HttpServletRequest request, String version) {
    if (request.getHeader("Transfer-Encoding") != null) {
      return -1;
    }
    long length = request.getContentLengthLong();
    if (length >= 0) {
      return length;
    }
    // Without either field, a body of HTTP/1 does not exist and one of HTTP/2 has no known length.
    return version.equals("2") || version.equals("3") ? -1 : 0;
  }

  /** Returns a text of one character a byte; a container that decoded UTF-8 shows it. */
  static String bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  @Override
  public String httpVersion() {
    return httpVersion;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String scheme() {
    return request.isSecure() ? "https" : "http";
  }

  @Override
  public int localPort() {
    int port = request.getLocalPort();
    return port > 0 ? port : request.isSecure() ? 443 : 80;
  }

  @Override
  public List<String> hosts() {
    return hosts;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public List<String> headerNames() {
    return headerNames;
  }

  @Override
  public List<String> headers(String name) {
    return values(request, name);
  }

  @Override
  public long bodyLength() {
    return bodyLength;
  }

  @Override
  public String clientAddress() {
    String address = request.getRemoteAddr();
    if (address == null) {
      // A connection without addresses, such as one over a file.
      return "0.0.0.0";
    }
    int start = address.startsWith("[") ? 1 : 0;
    int end = address.length();
    int bracket = address.indexOf(']');
    if (bracket > 0) {
      end = bracket;
    }
    int zone = address.indexOf('%');
    if (zone > 0) {
      end = Math.min(end, zone);
    }
    return address.substring(start, end);
  }

  @Override
  public @Nullable String tlsServerName() {
    Object id = request.getAttribute(SESSION_ID);
    if (id instanceof byte[] bytes) {
      return SniSession.serverName(bytes);
    }
    return id instanceof String text ? SniSession.serverName(ofHex(text)) : null;
  }

  private static byte[] ofHex(String text) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      // An id that is written in another way is not one that holds a name.
      return new byte[0];
    }
  }

  @Override
  public @Nullable X509Certificate clientCertificate() {
    List<X509Certificate> chain = clientCertificateChain();
    return chain.isEmpty() ? null : chain.get(0);
  }

  @Override
  public List<X509Certificate> clientCertificateChain() {
    return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
        ? List.of(chain)
        : List.of();
  }
}
