package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is and what the back end is told about it.
 *
 * <p>The peer of the connection is the client, unless it lies in a trusted block; then the
 * rightmost element of {@code X-Forwarded-For} that is not itself trusted is. An element that is no
 * IP address ends the search, and the hop that sent it is the client. At most {@value #MAX_HOPS}
 * elements are looked at.
 *
 * <p>The back end receives {@code X-Forwarded-For}, {@code -Host}, {@code -Proto} and {@code
 * -Port}, one line each. Everything else of the family is removed, whoever sent it: {@code
 * Forwarded}, {@code X-Forwarded-*}, {@code X-Real-IP}, {@code X-Original-Forwarded-For}, {@code
 * X-Scheme} and {@code Ssl-Client-*}. So is every name with an underscore: many back ends read it
 * as if it were written with dashes.
 *
 * <p>Immutable and thread-safe if the request is.
 */
public final class ForwardedHeaders {

  private static final int MAX_HOPS = 64;

  private final RequestView request;
  private final boolean isTrusted;
  private final String clientAddress;

  private ForwardedHeaders(RequestView request, boolean isTrusted, String clientAddress) {
    this.request = request;
    this.isTrusted = isTrusted;
    this.clientAddress = clientAddress;
  }

  /**
   * Finds out who sent a request.
   *
   * @param request the request
   * @param trusted the blocks whose addresses may speak for a client; by default none should
   * @return what is known of the client
   */
  public static ForwardedHeaders of(RequestView request, List<Cidr> trusted) {
    String peer = request.clientAddress();
    if (!isIn(trusted, peer)) {
      return new ForwardedHeaders(request, false, peer);
    }
    return new ForwardedHeaders(request, true, walk(request, trusted, peer));
  }

  private static String walk(RequestView request, List<Cidr> trusted, String peer) {
    List<String> chain = elements(request.headers("X-Forwarded-For"));
    String client = peer;
    int last = Math.max(0, chain.size() - MAX_HOPS);
    for (int i = chain.size() - 1; i >= last; i--) {
      String element = chain.get(i);
      if (!Cidr.isAddress(element)) {
        break;
      }
      client = element;
      if (!isIn(trusted, element)) {
        break;
      }
    }
    return client;
  }

  private static List<String> elements(List<String> lines) {
    List<String> elements = new ArrayList<>();
    for (String line : lines) {
      int start = 0;
      while (start <= line.length()) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        elements.add(line.substring(start, end).trim());
        start = end + 1;
      }
    }
    return elements;
  }

  private static boolean isIn(List<Cidr> blocks, String address) {
    for (Cidr block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the client's address.
   *
   * @return an IP address, as the peer or a trusted hop wrote it
   */
  public String clientAddress() {
    return clientAddress;
  }

  /**
   * Returns the scheme the client used.
   *
   * @return {@code http} or {@code https}: that of the connection, or what a trusted peer says
   */
  public String scheme() {
    String said = saidByTrusted("X-Forwarded-Proto");
    if (said != null) {
      String lower = said.toLowerCase(Locale.ROOT);
      if (lower.equals("http") || lower.equals("https")) {
        return lower;
      }
    }
    return request.scheme();
  }

  /**
   * Returns what the upstream request's header fields become.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @return the edits
   */
  public HeaderEdits edits(@Nullable String host) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    edits.set("X-Forwarded-For", clientAddress);
    String forwardedHost = forwardedHost(host);
    if (forwardedHost != null) {
      edits.set("X-Forwarded-Host", forwardedHost);
    }
    edits.set("X-Forwarded-Proto", scheme());
    edits.set("X-Forwarded-Port", Integer.toString(forwardedPort()));
    for (String name : request.headerNames()) {
      if (isManaged(name) || name.indexOf('_') >= 0) {
        edits.remove(name);
      }
    }
    return edits.build();
  }

  /**
   * Names every header line to send upstream, in the client's order with the router's own at the
   * end. Left out are the fields that end at this hop, {@code Host}, {@code Content-Length} and
   * {@code Expect}: the sender knows the host, frames the body it really has, and has answered the
   * expectation.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @param line takes name and value of each line
   */
  public void eachHeader(@Nullable String host, BiConsumer<String, String> line) {
    HeaderEdits edits = edits(host);
    List<String> connection = request.headers("Connection");
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : request.headerNames()) {
      if (!seen.add(name)
          || edits.covers(name)
          || HeaderName.isHopByHop(name)
          || HeaderName.isConnectionOption(name, connection)
          || name.equalsIgnoreCase("Host")
          || name.equalsIgnoreCase("Content-Length")
          || name.equalsIgnoreCase("Expect")) {
        continue;
      }
      for (String value : request.headers(name)) {
        line.accept(name, value);
      }
    }
    edits.asMap().forEach((name, values) -> values.forEach(value -> line.accept(name, value)));
  }

  private @Nullable String forwardedHost(@Nullable String host) {
    String said = saidByTrusted("X-Forwarded-Host");
    return said != null && RequestHost.parse(said, PathPolicy.STRICT).refusal() == null
        ? said
        : host;
  }

  private int forwardedPort() {
    String said = saidByTrusted("X-Forwarded-Port");
    if (said != null && said.length() <= 5) {
      int port = 0;
      for (int i = 0; i < said.length(); i++) {
        char c = said.charAt(i);
        port = c >= '0' && c <= '9' ? port * 10 + (c - '0') : 100_000;
      }
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    return request.localPort();
  }

  private @Nullable String saidByTrusted(String name) {
    if (!isTrusted) {
      return null;
    }
    List<String> values = request.headers(name);
    // Two lines mean that somebody in front added one: nobody can say which of them to believe.
    return values.size() == 1 ? values.get(0).trim() : null;
  }

  /**
   * Returns whether a field belongs to those that only the router may write: the forwarded family
   * and the client certificate headers, also spelt with underscores.
   *
   * @param name the field's name
   * @return {@code true} if what a client sends under that name never passes
   */
  public static boolean isManaged(String name) {
    String dashed = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return dashed.startsWith("x-forwarded-")
        || dashed.startsWith("ssl-client-")
        || dashed.equals("x-forwarded")
        || dashed.equals("forwarded")
        || dashed.equals("x-real-ip")
        || dashed.equals("x-original-forwarded-for")
        || dashed.equals("x-scheme");
  }
}
