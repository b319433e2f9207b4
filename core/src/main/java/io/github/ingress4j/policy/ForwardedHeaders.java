package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is and what the back end is told about it.
 *
 * <p>The peer of the connection is the client, unless it lies in a trusted block; then the
 * rightmost element of {@code X-Forwarded-For} that is not itself trusted is. An element that is no
 * IP address ends the search, and the hop that sent it is the client. At most {@value #MAX_HOPS}
 * elements are looked at.
 *
 * <table>
 *   <caption>What the back end receives, one line each</caption>
 *   <tr><th>Field</th><th>KUBERNETES</th><th>NGINX</th></tr>
 *   <tr><td>{@code X-Forwarded-For}</td><td>the client</td><td>the client; if so configured the
 *       chain received and the peer</td></tr>
 *   <tr><td>{@code X-Forwarded-Host}, {@code -Port}, {@code -Proto}</td><td>of the request, or as a
 *       trusted peer says</td><td>the same</td></tr>
 *   <tr><td>{@code X-Forwarded-Scheme}, {@code X-Scheme}</td><td></td><td>as {@code
 *       X-Forwarded-Proto}</td></tr>
 *   <tr><td>{@code X-Real-IP}</td><td></td><td>the client</td></tr>
 *   <tr><td>{@code X-Request-ID}</td><td>as sent if it is 1 to 128 of {@code A-Za-z0-9._-}, else
 *       none</td><td>as sent if it is that, else 32 random hex digits</td></tr>
 *   <tr><td>{@code X-Original-Forwarded-For}, {@code -Host}</td><td></td><td>what the client sent
 *       as {@code X-Forwarded-For} and {@code -Host}, believed or not</td></tr>
 *   <tr><td>{@code X-Original-URI}</td><td>as sent</td><td>the target as received, if so
 *       configured</td></tr>
 * </table>
 *
 * <p>Everything else of the family is removed, whoever sent it: {@code Forwarded}, {@code
 * X-Forwarded-*}, {@code X-Real-IP}, {@code X-Original-Forwarded-*}, {@code X-Scheme} and {@code
 * Ssl-Client-*}. So is, unless that is allowed, every name with an underscore: many back ends read
 * it as if it were written with dashes. NGINX also removes names of other characters than letters,
 * digits, {@code -} and {@code _}.
 *
 * <p>Immutable and thread-safe if the request is.
 */
public final class ForwardedHeaders {

  private static final int MAX_HOPS = 64;
  private static final int MAX_REQUEST_ID = 128;

  private final RequestView request;
  private final ForwardingRules rules;
  private final RandomGenerator random;
  private final boolean isTrusted;
  private final String clientAddress;

  /** Made on demand, once. */
  private @Nullable String generatedId;

  private ForwardedHeaders(
      RequestView request,
      ForwardingRules rules,
      RandomGenerator random,
      boolean isTrusted,
      String clientAddress) {
    this.request = request;
    this.rules = rules;
    this.random = random;
    this.isTrusted = isTrusted;
    this.clientAddress = clientAddress;
  }

  /**
   * Finds out who sent a request, by the rules of the KUBERNETES dialect.
   *
   * @param request the request
   * @param trusted the blocks whose addresses may speak for a client; by default none should
   * @return what is known of the client
   */
  public static ForwardedHeaders of(RequestView request, List<Cidr> trusted) {
    return of(request, ForwardingRules.kubernetes(trusted));
  }

  /**
   * Finds out who sent a request. An identifier that has to be made is random.
   *
   * @param request the request
   * @param rules who is believed and what is told
   * @return what is known of the client
   */
  public static ForwardedHeaders of(RequestView request, ForwardingRules rules) {
    return of(request, rules, () -> ThreadLocalRandom.current().nextLong());
  }

  /**
   * Finds out who sent a request.
   *
   * @param request the request
   * @param rules who is believed and what is told
   * @param random makes the identifier of a request that has none; not used before it is asked for
   * @return what is known of the client
   */
  public static ForwardedHeaders of(
      RequestView request, ForwardingRules rules, RandomGenerator random) {
    String peer = request.clientAddress();
    boolean believes = rules.usesForwardedHeaders() || rules.usesRealIp();
    if (!believes || !isIn(rules.trusted(), peer)) {
      return new ForwardedHeaders(request, rules, random, false, peer);
    }
    return new ForwardedHeaders(request, rules, random, true, walk(request, rules, peer));
  }

  private static String walk(RequestView request, ForwardingRules rules, String peer) {
    List<String> chain = elements(request.headers(rules.forwardedForHeader()));
    String client = peer;
    int last = Math.max(0, chain.size() - MAX_HOPS);
    for (int i = chain.size() - 1; i >= last; i--) {
      String element = chain.get(i);
      if (!Cidr.isAddress(element)) {
        break;
      }
      client = element;
      if (!isIn(rules.trusted(), element)) {
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
   * @return that of the connection, or what a trusted peer says; {@code http} or {@code https}, but
   *     with the rules of NGINX the peer's text as it is, which may be {@code HTTPS} or a list
   */
  public String scheme() {
    String said = saidByTrusted("X-Forwarded-Proto");
    if (said == null) {
      return request.scheme();
    }
    if (isNginx()) {
      return said;
    }
    String lower = said.toLowerCase(Locale.ROOT);
    return lower.equals("http") || lower.equals("https") ? lower : request.scheme();
  }

  /**
   * Returns the port the client sent its request to.
   *
   * @return 1 to 65535: that of the connection, or what a trusted peer says
   */
  public int port() {
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

  /**
   * Returns the host the client asked for, port included.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @return what a trusted peer says if it is a host by {@link PathPolicy#STRICT}, of a list its
   *     first element with the rules of NGINX; else {@code host}
   */
  public @Nullable String bestHost(@Nullable String host) {
    String said = saidByTrusted("X-Forwarded-Host");
    if (said == null) {
      return host;
    }
    int comma = isNginx() ? said.indexOf(',') : -1;
    String first = comma < 0 ? said : said.substring(0, comma).trim();
    return RequestHost.parse(first, PathPolicy.STRICT).refusal() == null ? first : host;
  }

  /**
   * Returns the identifier of the request, which is the same however often it is asked for.
   *
   * @return what the client sent, if it is harmless; else 32 random hex digits if the rules say
   *     that they are made; else {@code null}
   */
  public @Nullable String requestId() {
    List<String> sent = request.headers("X-Request-ID");
    if (sent.size() == 1 && isRequestId(sent.get(0))) {
      return sent.get(0);
    }
    return rules.generatesRequestId() ? generatedId() : null;
  }

  /** 32 hex digits that this router gave the request, whatever the client sent. */
  synchronized String generatedId() {
    String id = generatedId;
    if (id == null) {
      id = hex(random.nextLong()) + hex(random.nextLong());
      generatedId = id;
    }
    return id;
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }

  private static boolean isRequestId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_REQUEST_ID;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /**
   * Returns what the upstream request's header fields become.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @return the edits
   */
  public HeaderEdits edits(@Nullable String host) {
    return edits(host, Map.of());
  }

  /**
   * Returns what the upstream request's header fields become on a certain route.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @param additions fields that the route sets, by name; one with an empty value is removed, and
   *     so is one whose value no header may hold
   * @return the edits
   */
  public HeaderEdits edits(@Nullable String host, Map<String, String> additions) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    String bestHost = bestHost(host);
    String scheme = scheme();
    if (bestHost != null) {
      edits.set("X-Forwarded-Host", bestHost);
    }
    edits.set("X-Forwarded-Proto", scheme);
    edits.set("X-Forwarded-Port", Integer.toString(port()));
    edits.set("X-Forwarded-For", clientAddress);
    if (isNginx()) {
      addNginxFields(edits, scheme);
    }
    additions.forEach((name, value) -> SideRequests.setOrClear(edits, name, value));
    for (String name : request.headerNames()) {
      // An identifier that would not be safe in somebody's log is none.
      if (!passes(name) || (name.equalsIgnoreCase("X-Request-ID") && requestId() == null)) {
        edits.remove(name);
      }
    }
    rules.setHeaders().forEach((name, value) -> SideRequests.setOrClear(edits, name, value));
    return SideRequests.build(edits, request);
  }

  private void addNginxFields(HeaderEdits.Builder edits, String scheme) {
    String chain = joined(rules.forwardedForHeader());
    if (isTrusted && rules.usesForwardedHeaders() && rules.computesFullForwardedFor()) {
      String peer = request.clientAddress();
      edits.set("X-Forwarded-For", chain.isEmpty() ? peer : chain + ", " + peer);
    }
    edits.set("X-Forwarded-Scheme", scheme);
    edits.set("X-Scheme", scheme);
    edits.set("X-Real-IP", clientAddress);
    String id = requestId();
    if (id == null) {
      edits.remove("X-Request-ID");
    } else {
      edits.set("X-Request-ID", id);
    }
    if (!chain.isEmpty()) {
      edits.set("X-Original-Forwarded-For", chain);
    }
    String forwardedHost = joined("X-Forwarded-Host");
    if (!forwardedHost.isEmpty()) {
      edits.set("X-Original-Forwarded-Host", forwardedHost);
    }
    if (rules.addsOriginalUri() && HeaderValue.isLegal(request.target())) {
      edits.set("X-Original-URI", request.target());
    }
  }

  /** Whether the router itself reads a field that a client sent under this name. */
  boolean isReadable(String name) {
    return rules.allowsUnderscores() || name.indexOf('_') < 0;
  }

  /** The lines of a field as one, as nginx joins them; empty if one could not be sent on. */
  private String joined(String name) {
    String value = String.join(", ", request.headers(name));
    return HeaderValue.isLegal(value) ? value : "";
  }

  /**
   * Returns whether a client's field may reach a back end, as far as its name is concerned.
   *
   * @param name the field's name
   * @return {@code false} for the names that {@link #edits} removes
   */
  boolean passes(String name) {
    if (isManaged(name) || (!rules.allowsUnderscores() && name.indexOf('_') >= 0)) {
      return false;
    }
    if (isNginx()) {
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (!isLetterOrDigit(c) && c != '-' && c != '_') {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Names every header line to send upstream, in the client's order with the router's own at the
   * end. Left out, whoever set them, are the fields that end at this hop, {@code Host}, {@code
   * Content-Length} and {@code Expect}: the sender knows the host, frames the body it really has,
   * and has answered the expectation.
   *
   * @param host the Host that was validated, or {@code null} if the request has none
   * @param line takes name and value of each line
   */
  public void eachHeader(@Nullable String host, BiConsumer<String, String> line) {
    eachHeader(edits(host), line);
  }

  /**
   * Names every header line to send upstream as {@link #eachHeader(String, BiConsumer)} does.
   *
   * @param edits what the header fields become
   * @param line takes name and value of each line
   */
  public void eachHeader(HeaderEdits edits, BiConsumer<String, String> line) {
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
    edits
        .asMap()
        .forEach(
            (name, values) -> {
              // Whoever made the edits, nobody but the sender frames and addresses the message.
              if (HeaderName.isSettable(name)) {
                values.forEach(value -> line.accept(name, value));
              }
            });
  }

  private boolean isNginx() {
    return rules.family() == ForwardingRules.Family.NGINX;
  }

  private @Nullable String saidByTrusted(String name) {
    if (!isTrusted || !rules.usesForwardedHeaders()) {
      return null;
    }
    List<String> values = request.headers(name);
    if (isNginx()) {
      String value = joined(name).trim();
      return value.isEmpty() ? null : value;
    }
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
        || dashed.startsWith("x-original-forwarded-")
        || dashed.equals("x-scheme");
  }
}
