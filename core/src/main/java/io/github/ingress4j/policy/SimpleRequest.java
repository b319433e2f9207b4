package io.github.ingress4j.policy;

import io.github.ingress4j.diagnostic.PrintableText;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request made in code: for tests, look-ups and the command line.
 *
 * <p>Immutable and thread-safe.
 */
public final class SimpleRequest implements RequestView {

  private record Line(String name, String value) {}

  private final String httpVersion;
  private final String method;
  private final String scheme;
  private final int localPort;
  private final List<String> hosts;
  private final String target;
  private final List<Line> lines;
  private final long bodyLength;
  private final String clientAddress;
  private final @Nullable String tlsServerName;
  private final List<X509Certificate> clientCertificateChain;

  private SimpleRequest(Builder builder) {
    httpVersion = builder.httpVersion;
    method = builder.method;
    scheme = builder.scheme;
    localPort =
        builder.localPort > 0 ? builder.localPort : builder.scheme.equals("https") ? 443 : 80;
    hosts = List.copyOf(builder.hosts);
    target = builder.target;
    lines = List.copyOf(builder.lines);
    bodyLength = builder.bodyLength;
    clientAddress = builder.clientAddress;
    tlsServerName = builder.tlsServerName;
    clientCertificateChain = builder.clientCertificateChain;
  }

  /**
   * Returns a builder of a {@code GET /} over HTTP/1.1 from {@code 127.0.0.1}, without a Host.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String httpVersion() {
    return httpVersion;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public int localPort() {
    return localPort;
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
    List<String> names = new ArrayList<>(lines.size());
    for (Line line : lines) {
      names.add(line.name);
    }
    return names;
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>(1);
    for (Line line : lines) {
      if (line.name.equalsIgnoreCase(name)) {
        values.add(line.value);
      }
    }
    return values;
  }

  @Override
  public long bodyLength() {
    return bodyLength;
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public @Nullable String tlsServerName() {
    return tlsServerName;
  }

  @Override
  public @Nullable X509Certificate clientCertificate() {
    return clientCertificateChain.isEmpty() ? null : clientCertificateChain.get(0);
  }

  @Override
  public List<X509Certificate> clientCertificateChain() {
    return clientCertificateChain;
  }

  /**
   * Returns the request line, escaped.
   *
   * @return such as {@code GET http://a.shop/pay}
   */
  @Override
  public String toString() {
    String host = hosts.isEmpty() ? "" : hosts.get(0);
    return PrintableText.escape(method + " " + scheme + "://" + host + target);
  }

  /** Collects the parts of a request. Not thread-safe; can be used again after {@link #build}. */
  public static final class Builder {

    private String httpVersion = "1.1";
    private String method = "GET";
    private String scheme = "http";
    private int localPort;
    private List<String> hosts = List.of();
    private String target = "/";
    private final List<Line> lines = new ArrayList<>();
    private long bodyLength;
    private String clientAddress = "127.0.0.1";
    private @Nullable String tlsServerName;
    private List<X509Certificate> clientCertificateChain = List.of();

    private Builder() {}

    /**
     * Sets scheme, Host and target from a URL.
     *
     * @param url {@code http://} or {@code https://}, an authority, and the request target as it is
     *     to be sent; a character above U+007F in the target stands for its UTF-8 bytes, and a
     *     target that is empty or begins with {@code ?} gets a {@code /} in front
     * @return this builder
     * @throws IllegalArgumentException if {@code url} begins otherwise or has no authority; the
     *     message quotes it
     */
    public Builder url(String url) {
      int start =
          url.regionMatches(true, 0, "http://", 0, 7)
              ? 7
              : url.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
      int end = start;
      while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
        end++;
      }
      if (start == 0 || end == start) {
        throw new IllegalArgumentException(
            PrintableText.quote(url) + " is not a URL such as http://shop.example/cart");
      }
      scheme = start == 7 ? "http" : "https";
      String authority = url.substring(start, end);
      hosts = List.of(bytes(authority));
      localPort = portOf(authority);
      String rest = url.substring(end);
      target = bytes(rest.isEmpty() || rest.charAt(0) == '?' ? "/" + rest : rest);
      return this;
    }

    /**
     * Sets the version of HTTP.
     *
     * @param value {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}
     * @return this builder
     */
    public Builder httpVersion(String value) {
      httpVersion = Objects.requireNonNull(value, "httpVersion");
      return this;
    }

    /**
     * Sets the method.
     *
     * @param value such as {@code POST}
     * @return this builder
     */
    public Builder method(String value) {
      method = Objects.requireNonNull(value, "method");
      return this;
    }

    /**
     * Sets the scheme of the connection.
     *
     * @param value {@code http} or {@code https}
     * @return this builder
     */
    public Builder scheme(String value) {
      scheme = Objects.requireNonNull(value, "scheme");
      return this;
    }

    /**
     * Sets the port the connection came in on.
     *
     * @param value 1 to 65535; 0 for the scheme's default
     * @return this builder
     */
    public Builder localPort(int value) {
      localPort = value;
      return this;
    }

    /**
     * Sets the Host lines.
     *
     * @param values one value a line, as on the wire
     * @return this builder
     */
    public Builder hosts(List<String> values) {
      hosts = List.copyOf(values);
      return this;
    }

    /**
     * Sets the request target.
     *
     * @param value the target exactly as on the wire; one character is one byte
     * @return this builder
     */
    public Builder target(String value) {
      target = Objects.requireNonNull(value, "target");
      return this;
    }

    /**
     * Adds a header line.
     *
     * @param name the name
     * @param value the value; one character is one byte
     * @return this builder
     */
    public Builder header(String name, String value) {
      lines.add(new Line(name, value));
      return this;
    }

    /**
     * Sets the length of the body.
     *
     * @param value the bytes; -1 if unknown
     * @return this builder
     */
    public Builder bodyLength(long value) {
      bodyLength = value;
      return this;
    }

    /**
     * Sets the address of the peer.
     *
     * @param value an IP address
     * @return this builder
     */
    public Builder clientAddress(String value) {
      clientAddress = Objects.requireNonNull(value, "clientAddress");
      return this;
    }

    /**
     * Sets the name asked for in the TLS handshake.
     *
     * @param value the name, or {@code null}
     * @return this builder
     */
    public Builder tlsServerName(@Nullable String value) {
      tlsServerName = value;
      return this;
    }

    /**
     * Sets the certificate that the client has proved to own, and those it sent along.
     *
     * @param values the client's certificate first; by default there is none
     * @return this builder
     */
    public Builder clientCertificateChain(List<X509Certificate> values) {
      clientCertificateChain = List.copyOf(values);
      return this;
    }

    /**
     * Makes the request.
     *
     * @return the request
     */
    public SimpleRequest build() {
      return new SimpleRequest(this);
    }

    private static String bytes(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) > 0x7F) {
          return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
      }
      return text;
    }

    private static int portOf(String authority) {
      int colon = authority.lastIndexOf(':');
      if (colon < 0 || authority.length() - colon > 6) {
        return 0;
      }
      int port = 0;
      for (int i = colon + 1; i < authority.length(); i++) {
        char c = authority.charAt(i);
        if (c < '0' || c > '9') {
          return 0;
        }
        port = port * 10 + (c - '0');
      }
      return port <= 65535 ? port : 0;
    }
  }
}
