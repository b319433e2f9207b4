package io.github.ingress4j.policy;

import io.github.ingress4j.diagnostic.PrintableText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text with references to what a pattern captured and to what is known of a request.
 *
 * <table>
 *   <caption>How a text is read</caption>
 *   <tr><th>Text</th><th>Meaning</th></tr>
 *   <tr><td>{@code $1} to {@code $9}</td><td>a group; {@code $10} is the first one and a
 *       zero</td></tr>
 *   <tr><td>{@code $host}, the same in braces</td><td>a named group or a variable; letter case does not
 *       matter</td></tr>
 *   <tr><td>{@code $0}, {@code $nosuch}</td><td>a fault: unknown</td></tr>
 *   <tr><td>{@code $pid}</td><td>a fault: nginx knows it, this router does not have it</td></tr>
 *   <tr><td>{@code $}, {@code $/}, a brace that nothing closes</td><td>a fault: no name</td></tr>
 * </table>
 *
 * <p>References are replaced in one pass: what looks like one in a value stays text.
 *
 * <p>Immutable and thread-safe.
 */
public final class Template {

  /** A template, or why a text is none. */
  public sealed interface Result {}

  /**
   * What became of a text without faults.
   *
   * <p>Immutable and thread-safe.
   *
   * @param template the template
   */
  public record Parsed(Template template) implements Result {}

  /** The classes of faults. */
  public enum Kind {
    /** A dollar sign without a name, or a brace that nothing closes; nginx refuses it. */
    NO_NAME,
    /** A name that nobody defines; nginx refuses it. */
    UNKNOWN,
    /** A variable that nginx defines and this router cannot provide. */
    UNAVAILABLE
  }

  /**
   * Why a text is no template.
   *
   * <p>Immutable and thread-safe.
   *
   * @param kind the class of the fault
   * @param position the index of the dollar sign
   * @param name the name that was asked for, empty if there is none
   * @param message one sentence that quotes the text, on one line of printable characters
   */
  public record Fault(Kind kind, int position, String name, String message) implements Result {}

  /** A part of a template. */
  sealed interface Piece permits Literal, Group, Variable {}

  /** Text, one character a byte. */
  record Literal(String text) implements Piece {}

  record Group(int number) implements Piece {}

  /** A named group or a variable, in lower case. */
  record Variable(String name) implements Piece {}

  /** Takes the parts of a template one after the other. */
  interface Sink {
    void literal(String text);

    void group(int number);

    void variable(String name);
  }

  /**
   * What {@link CanonicalRequest#variable} knows, and what is always empty before a back end has
   * answered.
   */
  private static final Set<String> AVAILABLE =
      Set.of(
          "args",
          "best_http_host",
          "binary_remote_addr",
          "connection_upgrade",
          "content_length",
          "content_type",
          "document_uri",
          "escaped_request_uri",
          "host",
          "https",
          "is_args",
          "literal_dollar",
          "pass_access_scheme",
          "pass_port",
          "pass_server_port",
          "proxy_add_x_forwarded_for",
          "query_string",
          "realip_remote_addr",
          "remote_addr",
          "req_id",
          "request",
          "request_id",
          "request_method",
          "request_uri",
          "scheme",
          "server_port",
          "server_protocol",
          "ssl_server_name",
          "uri");

  private static final List<String> AVAILABLE_PREFIXES =
      List.of(
          "arg_",
          "cookie_",
          "http_",
          "sent_http_",
          "sent_trailer_",
          "upstream_cookie_",
          "upstream_http_",
          "upstream_trailer_");

  /** What nginx 1.27 or the configuration of ingress-nginx 1.15 defines besides. */
  private static final Set<String> DEFINED_ELSEWHERE =
      Set.of(
          // core
          "body_bytes_sent",
          "bytes_sent",
          "connection",
          "connection_requests",
          "connection_time",
          "document_root",
          "hostname",
          "limit_rate",
          "msec",
          "nginx_version",
          "pid",
          "pipe",
          "proxy_protocol_addr",
          "proxy_protocol_port",
          "proxy_protocol_server_addr",
          "proxy_protocol_server_port",
          "realpath_root",
          "remote_port",
          "remote_user",
          "request_body",
          "request_body_file",
          "request_completion",
          "request_filename",
          "request_length",
          "request_time",
          "server_addr",
          "server_name",
          "status",
          "tcpinfo_rcv_space",
          "tcpinfo_rtt",
          "tcpinfo_rttvar",
          "tcpinfo_snd_cwnd",
          "time_iso8601",
          "time_local",
          // modules
          "ancient_browser",
          "connections_active",
          "connections_reading",
          "connections_waiting",
          "connections_writing",
          "fastcgi_path_info",
          "fastcgi_script_name",
          "gzip_ratio",
          "http2",
          "http3",
          "invalid_referer",
          "limit_conn_status",
          "limit_req_status",
          "modern_browser",
          "msie",
          "proxy_host",
          "proxy_internal_body_length",
          "proxy_port",
          "realip_remote_port",
          "secure_link",
          "secure_link_expires",
          "slice_range",
          "ssl_alpn_protocol",
          "ssl_cipher",
          "ssl_ciphers",
          "ssl_client_cert",
          "ssl_client_escaped_cert",
          "ssl_client_fingerprint",
          "ssl_client_i_dn",
          "ssl_client_i_dn_legacy",
          "ssl_client_raw_cert",
          "ssl_client_s_dn",
          "ssl_client_s_dn_legacy",
          "ssl_client_serial",
          "ssl_client_v_end",
          "ssl_client_v_remain",
          "ssl_client_v_start",
          "ssl_client_verify",
          "ssl_curve",
          "ssl_curves",
          "ssl_early_data",
          "ssl_protocol",
          "ssl_session_id",
          "ssl_session_reused",
          "uid_got",
          "uid_reset",
          "uid_set",
          "upstream_addr",
          "upstream_bytes_received",
          "upstream_bytes_sent",
          "upstream_cache_status",
          "upstream_connect_time",
          "upstream_header_time",
          "upstream_queue_time",
          "upstream_response_length",
          "upstream_response_time",
          "upstream_status",
          // the controller's configuration
          "balancer_ewma_score",
          "cache_key",
          "full_x_forwarded_for",
          "ingress_name",
          "location_path",
          "loggable",
          "namespace",
          "proxy_alternative_upstream_name",
          "proxy_upstream_name",
          "redirect_to",
          "service_name",
          "service_port",
          "target",
          "tmp_cache_key");

  private final String text;
  private final List<Piece> pieces;

  private Template(String text, List<Piece> pieces) {
    this.text = text;
    this.pieces = pieces;
  }

  /**
   * Reads a text as nginx does.
   *
   * @param text the text as in a manifest
   * @param groupNames the names of all groups of all patterns in force; of one that takes no part
   *     in a request the value is empty
   * @return a template or a fault
   */
  public static Result parse(String text, Set<String> groupNames) {
    return parse(text, groupNames, Map.of());
  }

  /**
   * Reads a text as nginx does.
   *
   * @param text the text as in a manifest
   * @param groupNames the names of all groups of all patterns in force; of one that takes no part
   *     in a request the value is empty
   * @param constants variables whose values are known with the route, such as {@code namespace} or
   *     {@code server_name}, in lower case
   * @return a template or a fault
   */
  public static Result parse(String text, Set<String> groupNames, Map<String, String> constants) {
    Set<String> groups = new HashSet<>();
    for (String name : groupNames) {
      groups.add(lowerCase(name));
    }
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$') {
        literal.append(c);
        i++;
        continue;
      }
      int start = i++;
      if (i < text.length() && text.charAt(i) >= '1' && text.charAt(i) <= '9') {
        flush(literal, pieces);
        pieces.add(new Group(text.charAt(i++) - '0'));
        continue;
      }
      boolean isBraced = i < text.length() && text.charAt(i) == '{';
      i += isBraced ? 1 : 0;
      int end = nameEnd(text, i);
      String name = lowerCase(text.substring(i, end));
      if (name.isEmpty() || (isBraced && (end == text.length() || text.charAt(end) != '}'))) {
        return new Fault(
            Kind.NO_NAME,
            start,
            name,
            PrintableText.quote(text)
                + " holds a \"$\" that no variable's name follows, at index "
                + start
                + ".");
      }
      i = end + (isBraced ? 1 : 0);
      String constant = constants.get(name);
      if (constant != null) {
        literal.append(constant);
        continue;
      }
      if (!groups.contains(name) && !isAvailable(name)) {
        return unknown(text, start, name);
      }
      flush(literal, pieces);
      pieces.add(new Variable(name));
    }
    flush(literal, pieces);
    return new Parsed(new Template(text, List.copyOf(pieces)));
  }

  /**
   * Reads the text of {@code upstream-hash-by}. It has its own grammar: what is unknown is empty, a
   * dollar sign without a name is one, and so nothing is a fault.
   *
   * @param text the text as in a manifest
   * @return the template
   */
  public static Template hashKey(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean isBraced = c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{';
      int start = i + (isBraced ? 2 : 1);
      int end = c == '$' ? nameEnd(text, start) : start;
      if (end == start || (isBraced && (end == text.length() || text.charAt(end) != '}'))) {
        literal.append(c);
        i++;
        continue;
      }
      flush(literal, pieces);
      pieces.add(new Variable(lowerCase(text.substring(start, end))));
      i = end + (isBraced ? 1 : 0);
    }
    flush(literal, pieces);
    return new Template(text, List.copyOf(pieces));
  }

  /**
   * Returns a template that stands for itself.
   *
   * @param text any text; dollar signs mean nothing
   * @return the template
   */
  public static Template literal(String text) {
    return new Template(
        text, text.isEmpty() ? List.of() : List.of(new Literal(UrlText.octets(text))));
  }

  private static void flush(StringBuilder literal, List<Piece> pieces) {
    if (literal.length() > 0) {
      pieces.add(new Literal(UrlText.octets(literal.toString())));
      literal.setLength(0);
    }
  }

  private static int nameEnd(String text, int start) {
    int end = start;
    while (end < text.length() && isNameCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  static String lowerCase(String name) {
    StringBuilder lower = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
    }
    return lower.toString();
  }

  private static boolean isAvailable(String name) {
    return AVAILABLE.contains(name) || availablePrefix(name) != null;
  }

  /** The prefix that makes a family of variables, such as {@code http_}; null if none does. */
  static @Nullable String availablePrefix(String name) {
    for (String prefix : AVAILABLE_PREFIXES) {
      if (name.startsWith(prefix)) {
        return prefix;
      }
    }
    return null;
  }

  private static Fault unknown(String text, int position, String name) {
    boolean isDefined = DEFINED_ELSEWHERE.contains(name) || name.startsWith("proxy_protocol_tlv_");
    return new Fault(
        isDefined ? Kind.UNAVAILABLE : Kind.UNKNOWN,
        position,
        name,
        PrintableText.quote(text)
            + " asks for "
            + PrintableText.quote("$" + name)
            + (isDefined
                ? ", which nginx has and this router does not."
                : ", which nothing defines."));
  }

  /**
   * Returns the text as in the manifest.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  /**
   * Returns whether the text stands for itself.
   *
   * @return {@code true} if it holds no reference
   */
  public boolean isConstant() {
    return constant() != null;
  }

  /** The text if it holds no reference, one character a byte, else null. */
  @Nullable String constant() {
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      if (!(piece instanceof Literal literal)) {
        return null;
      }
      out.append(literal.text());
    }
    return out.toString();
  }

  /**
   * Returns the highest number of a group that is asked for.
   *
   * @return 1 to 9, or 0 if none is
   */
  public int highestGroup() {
    int highest = 0;
    for (Piece piece : pieces) {
      if (piece instanceof Group group) {
        highest = Math.max(highest, group.number());
      }
    }
    return highest;
  }

  /**
   * Returns the text for a request, nothing escaped. Groups are empty, and so is a variable that
   * the request does not have.
   *
   * @param request the request
   * @return the text, one character a byte; where it can hold controls is said at {@link
   *     CanonicalRequest#variable}
   */
  public String expand(CanonicalRequest request) {
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece instanceof Literal literal) {
        out.append(literal.text());
      } else if (piece instanceof Variable variable) {
        String value = request.variable(variable.name());
        out.append(value == null ? "" : value);
      }
    }
    return out.toString();
  }

  void each(Sink sink) {
    for (Piece piece : pieces) {
      if (piece instanceof Literal literal) {
        sink.literal(literal.text());
      } else if (piece instanceof Group group) {
        sink.group(group.number());
      } else if (piece instanceof Variable variable) {
        sink.variable(variable.name());
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template template && pieces.equals(template.pieces);
  }

  @Override
  public int hashCode() {
    return pieces.hashCode();
  }

  /**
   * Returns the text as in the manifest.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return text;
  }
}
