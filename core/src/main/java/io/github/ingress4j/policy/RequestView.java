package io.github.ingress4j.policy;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as an adapter presents it: what came over the wire, before anybody interpreted it.
 *
 * <p>In {@link #target}, {@link #hosts} and header values one character is one byte, as ISO-8859-1
 * reads it. Nothing here is taken on trust: the router validates all of it.
 *
 * <p>Implementations answer the same every time while a request is decided; they need not be
 * thread-safe.
 */
public interface RequestView {

  /**
   * Returns the version of HTTP.
   *
   * @return {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}
   */
  String httpVersion();

  /**
   * Returns the method as sent.
   *
   * @return such as {@code GET}; case matters
   */
  String method();

  /**
   * Returns the scheme of the connection, whatever the request says.
   *
   * @return {@code http} or {@code https}
   */
  String scheme();

  /**
   * Returns the port the connection came in on.
   *
   * @return 1 to 65535
   */
  int localPort();

  /**
   * Returns the values of the {@code Host} lines, or {@code :authority} with HTTP/2 and 3.
   *
   * @return one value a line; empty if there is none
   */
  List<String> hosts();

  /**
   * Returns the request target as sent: in origin form the path and the query, undecoded.
   *
   * @return such as {@code /pay?x=1}
   */
  String target();

  /**
   * Returns the names of the header fields.
   *
   * @return one name a line, as spelt, in order; a name may occur more than once; {@code Host} may
   *     be among them
   */
  List<String> headerNames();

  /**
   * Returns the values of a header field.
   *
   * @param name the name; case does not matter
   * @return one value a line, in order; empty if there is none
   */
  List<String> headers(String name);

  /**
   * Returns the length of the body.
   *
   * @return the bytes, 0 if there is no body, -1 if the length is not known in advance
   */
  long bodyLength();

  /**
   * Returns the address of the peer of the connection.
   *
   * @return an IP address without brackets, zone and port
   */
  String clientAddress();

  /**
   * Returns the name the client asked for in the TLS handshake.
   *
   * @return the name, or {@code null} without TLS or without the extension
   */
  default @Nullable String tlsServerName() {
    return null;
  }

  /**
   * Returns the certificate the client has proved to own.
   *
   * @return the certificate, or {@code null} if there is none
   */
  default @Nullable X509Certificate clientCertificate() {
    return null;
  }

  /**
   * Returns the certificate the client has proved to own, and those it sent along to say who signed
   * it.
   *
   * @return the client's certificate first; empty if there is none
   */
  default List<X509Certificate> clientCertificateChain() {
    X509Certificate certificate = clientCertificate();
    return certificate == null ? List.of() : List.of(certificate);
  }

  /**
   * Returns a GET request for a URL, for tests and look-ups.
   *
   * @param url {@code http://} or {@code https://}, an authority, and what follows it verbatim
   * @return the request
   * @throws IllegalArgumentException if {@code url} begins otherwise; the message quotes it
   */
  static RequestView get(String url) {
    return SimpleRequest.builder().url(url).build();
  }
}
