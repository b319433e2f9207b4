package io.github.ingress4j.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request target in the form that is matched and in the form that is forwarded.
 *
 * <table>
 *   <caption>What becomes of a target under {@link PathPolicy#STRICT}</caption>
 *   <tr><th>Target</th><th>Path</th><th>Why</th></tr>
 *   <tr><td>{@code /a/./b/../c//d}</td><td>{@code /a/c/d}</td><td>literal dot segments and empty
 *       segments are honest</td></tr>
 *   <tr><td>{@code /%61%2f%7e}</td><td>{@code /a%2F~}</td><td>an escaped slash is data; the views
 *       include {@code /a/~}</td></tr>
 *   <tr><td>{@code /100%25}</td><td>{@code /100%25}</td><td>no view differs</td></tr>
 *   <tr><td>{@code /a/%2e%2e/b}, {@code /a/..;/b}, {@code /a/%252e%252e}</td><td>refused</td>
 *       <td>a dot segment in disguise</td></tr>
 *   <tr><td>{@code /../a}</td><td>refused</td><td>above the root</td></tr>
 *   <tr><td>{@code /a#b}, {@code /a\b}, {@code /%zz}, {@code /%00}, {@code /%ff}</td>
 *       <td>refused</td><td>no legal path</td></tr>
 *   <tr><td>{@code http://a.shop?q}</td><td>{@code /}</td><td>with the query {@code q}</td></tr>
 * </table>
 *
 * <p>The query takes no part in routing and is forwarded byte for byte; STRICT refuses controls,
 * blanks and {@code #} in it, because with them the forwarded request line would not be one, and
 * lets other bytes pass, legal or not.
 *
 * <p>Under {@link PathPolicy#NGINX} the path is the text that nginx compares with locations:
 * decoded once, dot segments resolved, slashes merged, cut at {@code #}; and what is forwarded is
 * what was received.
 *
 * <p>Immutable and thread-safe. Parsing a target that is canonical already reads it once and
 * allocates this object only. Sources: RFC 9112 section 3.2, RFC 3986 sections 3.3 and 6.2.2.
 */
public final class RequestTarget {

  /**
   * The view of a back end that would climb above the root: the empty text. No path is empty, so no
   * rule matches it; a path that has this view has no safe reading.
   */
  public static final String NOWHERE = "";

  /** The characters of a target that are accepted at most. */
  public static final int MAX_LENGTH = 8192;

  /** The forms of RFC 9112, section 3.2. */
  public enum Form {
    /** A path with or without a query. */
    ORIGIN,
    /** A whole URL, as clients send it to a proxy. */
    ABSOLUTE,
    /** {@code *}: the server as a whole, with the method OPTIONS only. */
    ASTERISK,
    /** A host and a port, with the method CONNECT only; always refused. */
    AUTHORITY
  }

  /**
   * What an absolute form has before its path.
   *
   * @param scheme in lower case
   * @param host the authority
   * @param end where the authority ends in the target
   */
  record Prefix(String scheme, RequestHost host, int end) {}

  private final String raw;
  private final PathPolicy policy;
  private final Form form;
  private final @Nullable Prefix prefix;
  private final @Nullable Refusal refusal;

  /** The text that holds the path: the target itself, or a path made from it. */
  private final String pathText;

  private final int pathStart;
  private final int pathEnd;

  /** Behind the question mark; -1 if there is none. */
  private final int queryStart;

  private final boolean views;

  /** Made on demand; threads that race for it make equal strings. */
  private @Nullable String path;

  private RequestTarget(
      String raw,
      PathPolicy policy,
      Form form,
      @Nullable Prefix prefix,
      @Nullable Refusal refusal,
      String pathText,
      int pathStart,
      int pathEnd,
      int queryStart,
      boolean views) {
    this.raw = raw;
    this.policy = policy;
    this.form = form;
    this.prefix = prefix;
    this.refusal = refusal;
    this.pathText = pathText;
    this.pathStart = pathStart;
    this.pathEnd = pathEnd;
    this.queryStart = queryStart;
    this.views = views;
  }

  /**
   * Parses a request target. Never throws. What depends on the method and on the Host header is
   * told by {@link #refusalFor(String)} and {@link #refusalFor(RequestHost)}.
   *
   * @param rawTarget the target as received; one character is one byte
   * @param policy whose rules apply
   * @return the target; ask {@link #refusal()} first
   */
  public static RequestTarget parse(String rawTarget, PathPolicy policy) {
    return policy == PathPolicy.STRICT
        ? StrictTargetParser.parse(rawTarget)
        : NginxTargetParser.parse(rawTarget);
  }

  /**
   * A target whose path is a span of a text; behind a prefix it is an absolute form.
   *
   * @param views whether some back end may read another path
   */
  static RequestTarget accepted(
      String raw,
      PathPolicy policy,
      @Nullable Prefix prefix,
      String pathText,
      int pathStart,
      int pathEnd,
      int queryStart,
      boolean views) {
    return new RequestTarget(
        raw, policy, formOf(prefix), prefix, null, pathText, pathStart, pathEnd, queryStart, views);
  }

  /** The target {@code *}. */
  static RequestTarget asterisk(String raw, PathPolicy policy) {
    return new RequestTarget(raw, policy, Form.ASTERISK, null, null, raw, 0, 1, -1, false);
  }

  static RequestTarget refused(String raw, PathPolicy policy, Form form, Refusal refusal) {
    return new RequestTarget(raw, policy, form, null, refusal, NOWHERE, 0, 0, -1, false);
  }

  static Form formOf(@Nullable Prefix prefix) {
    return prefix == null ? Form.ORIGIN : Form.ABSOLUTE;
  }

  /**
   * Returns the canonical form of the path of a rule, with which the path of a request is compared.
   *
   * <table>
   *   <caption>Paths of rules</caption>
   *   <tr><th>Rule</th><th>{@link PathPolicy#STRICT}</th><th>{@link PathPolicy#NGINX}</th></tr>
   *   <tr><td>{@code /café?}</td><td>{@code /caf%C3%A9%3F}</td><td>{@code /café?}, one character
   *       a byte</td></tr>
   *   <tr><td>{@code /%7Eme/a b}</td><td>{@code /~me/a%20b}</td><td>as written</td></tr>
   *   <tr><td>{@code /a//b/../c}</td><td>{@code /a/c}</td><td>as written; matches nothing</td></tr>
   *   <tr><td>{@code /%2e%2e}, {@code /%zz}</td><td>none</td><td>as written</td></tr>
   *   <tr><td>empty</td><td>{@code /}</td><td>empty</td></tr>
   * </table>
   *
   * @param rulePath the path of a rule as written in a manifest
   * @param policy the policy of the requests
   * @return the form, or null if no request can ever have it
   */
  public static @Nullable String ruleForm(String rulePath, PathPolicy policy) {
    String octets = utf8(rulePath);
    if (octets == null || policy == PathPolicy.NGINX) {
      return octets;
    }
    if (octets.isEmpty()) {
      return "/";
    }
    if (octets.charAt(0) != '/') {
      return null;
    }
    StringBuilder encoded = new StringBuilder(octets.length());
    for (int i = 0; i < octets.length(); i++) {
      char c = octets.charAt(i);
      if (c == '/' || c == '%' || Octets.isPchar(c)) {
        encoded.append(c);
      } else {
        // A control becomes an escape that no request may have.
        Octets.appendEscape(encoded, c);
      }
    }
    String form = CanonicalPath.of(encoded.toString(), 0, encoded.length()).path();
    return form == null || form.length() > MAX_LENGTH ? null : form;
  }

  /** The bytes of the text in UTF-8, a character each; null if half a surrogate pair is in it. */
  static @Nullable String utf8(String text) {
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii &= c < 128;
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return null;
        }
        i++;
      }
    }
    return ascii
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns why the target is refused whatever else the request holds. A refused target has an
   * empty path, which no rule matches.
   *
   * @return the refusal, or null if the target is accepted
   */
  public @Nullable Refusal refusal() {
    return refusal;
  }

  /**
   * Returns why the target is refused in a request with this method: {@link #refusal()}, {@code *}
   * with another method than OPTIONS, or under NGINX a request line above 8 KiB.
   *
   * @param method the method as sent
   * @return the refusal, or null if target and method go together
   */
  public @Nullable Refusal refusalFor(String method) {
    if (refusal != null) {
      return refusal;
    }
    if (form == Form.ASTERISK && !method.equals("OPTIONS")) {
      return Refusal.malformed(
          "The request target \"*\" stands for the whole server and goes with OPTIONS only, not"
              + " with "
              + Octets.quote(method)
              + "; send a path that begins with \"/\".");
    }
    return policy == PathPolicy.NGINX
            && method.length() + raw.length() + NginxTargetParser.LINE_REST > MAX_LENGTH
        ? TargetSyntax.tooLong(raw, policy)
        : null;
  }

  /**
   * Returns why the target is refused in a request with this Host header: under STRICT an absolute
   * form has to name the same host. Under NGINX it alone selects the rule and the header may
   * differ.
   *
   * @param header the Host header
   * @return the refusal, or null if target and header go together
   */
  public @Nullable Refusal refusalFor(RequestHost header) {
    if (refusal != null) {
      return refusal;
    }
    if (prefix == null || policy == PathPolicy.NGINX || prefix.host.sameAuthority(header)) {
      return null;
    }
    return Refusal.malformed(
        "The request target names the host "
            + Octets.quote(prefix.host.text())
            + " and the Host header says "
            + Octets.quote(header.text())
            + "; send the same host in both.");
  }

  /**
   * Returns the target as received.
   *
   * @return the target
   */
  public String raw() {
    return raw;
  }

  /**
   * Returns which of the forms of a target this is. A text of no form counts as ORIGIN; it is
   * refused.
   *
   * @return the form
   */
  public Form form() {
    return form;
  }

  /**
   * Returns the scheme of an absolute form.
   *
   * @return the scheme in lower case, or null in other forms
   */
  public @Nullable String scheme() {
    return prefix == null ? null : prefix.scheme;
  }

  /**
   * Returns the authority of an absolute form as written.
   *
   * @return a host with or without a port, or null in other forms
   */
  public @Nullable String authority() {
    return prefix == null ? null : prefix.host.text();
  }

  /**
   * Returns the host of an absolute form, which selects the rule in place of the Host header.
   *
   * @return an accepted host, or null in other forms
   */
  public @Nullable RequestHost authorityHost() {
    return prefix == null ? null : prefix.host;
  }

  /**
   * Returns the path to match: under STRICT the canonical path, under NGINX the decoded and
   * normalised path with one character a byte. In the form ASTERISK it is {@code *}.
   *
   * @return a path that begins with one slash; empty if the target is refused
   */
  public String path() {
    String made = path;
    if (made == null) {
      made = pathText.substring(pathStart, pathEnd);
      path = made;
    }
    return made;
  }

  /**
   * Returns the path as regular expressions see it: decoded, one character a byte.
   *
   * @return under STRICT the decoded {@link #path()}; under NGINX the path as it is, since it was
   *     decoded before it was matched
   */
  public DecodedPath decoded() {
    return policy == PathPolicy.NGINX ? DecodedPath.identity(path()) : DecodedPath.of(path());
  }

  /**
   * Returns a text that holds the path, from {@link #pathStart()} to {@link #pathEnd()}; it spares
   * the copy that {@link #path()} makes if there is a query.
   *
   * @return the text
   */
  public String pathText() {
    return pathText;
  }

  /**
   * Returns where the path begins.
   *
   * @return an index into {@link #pathText()}
   */
  public int pathStart() {
    return pathStart;
  }

  /**
   * Returns where the path ends.
   *
   * @return an index into {@link #pathText()}
   */
  public int pathEnd() {
    return pathEnd;
  }

  /**
   * Returns the query as sent, without its question mark. Under NGINX a {@code #} ends it.
   *
   * @return the query, empty behind a bare question mark, or null if there is none
   */
  public @Nullable String query() {
    if (queryStart < 0) {
      return null;
    }
    int fragment = policy == PathPolicy.NGINX ? raw.indexOf('#', queryStart) : -1;
    return raw.substring(queryStart, fragment < 0 ? raw.length() : fragment);
  }

  /**
   * Returns the target to send to a back end if nothing rewrites it: under STRICT the canonical
   * path and the query as sent, under NGINX what was received. It is the received string itself if
   * nothing had to change. An absolute form is forwarded as if its path and query had been sent
   * alone.
   *
   * @return the target; empty if the target is refused
   */
  public String forwardTarget() {
    if (refusal != null) {
      return NOWHERE;
    }
    int start = prefix == null ? 0 : prefix.end;
    if (policy == PathPolicy.NGINX) {
      boolean empty = start == raw.length() || raw.charAt(start) == '?';
      return empty ? "/" + raw.substring(start) : raw.substring(start);
    }
    if (raw.equals(pathText)) {
      return raw.substring(start);
    }
    return queryStart < 0 ? path() : path() + raw.substring(queryStart - 1);
  }

  /**
   * Returns whether {@link #views()} has to be asked: the path holds an escape or parameters.
   * Always false under NGINX.
   *
   * @return {@code false} for most paths
   */
  public boolean hasViews() {
    return views;
  }

  /**
   * Returns the other paths that a plausible back end could read in this one: decoded one to three
   * times, path parameters dropped before and after decoding or not, backslashes taken for slashes
   * or not, cut at a NUL or not, each brought to the canonical form again. If one of them selects
   * another route than the path, or none, the request is ambiguous.
   *
   * <p>A view that climbs above the root is {@link #NOWHERE}. It selects nothing, so no look-up is
   * needed to refuse the request.
   *
   * @return canonical paths other than {@link #path()}, each once, most often none; a new list
   */
  public List<String> views() {
    return views ? PathViews.of(path()) : List.of();
  }

  /**
   * Returns the target as received in quotes, or the refusal, for logs and debuggers.
   *
   * @return one line of printable ASCII
   */
  @Override
  public String toString() {
    return refusal == null ? Octets.quote(raw) : refusal.explanation();
  }
}
