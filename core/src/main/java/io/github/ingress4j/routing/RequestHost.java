package io.github.ingress4j.routing;

import org.jspecify.annotations.Nullable;

/**
 * The host that a request asks for: its Host header, {@code :authority} or the authority of an
 * absolute-form target.
 *
 * <table>
 *   <caption>What is accepted under {@link PathPolicy#STRICT}</caption>
 *   <tr><th>Text</th><th>{@link #name()}</th><th>{@link #port()}</th></tr>
 *   <tr><td>{@code A.shop}</td><td>{@code a.shop}</td><td>-1</td></tr>
 *   <tr><td>{@code a.shop.:8080}</td><td>{@code a.shop}</td><td>8080</td></tr>
 *   <tr><td>{@code my_app}</td><td>{@code my_app}</td><td>-1</td></tr>
 *   <tr><td>{@code 10.0.0.1:80}</td><td>{@code 10.0.0.1}, an address</td><td>80</td></tr>
 *   <tr><td>{@code [::1]:80}</td><td>{@code [::1]}, an address</td><td>80</td></tr>
 *   <tr><td>{@code a..shop}, {@code -a.shop}, {@code h:}, {@code h:0}, {@code h:080}, {@code
 *       u@h}, {@code h,i}, {@code %68}, {@code [fe80::1%25eth0]}</td><td>refused</td><td></td></tr>
 * </table>
 *
 * <p>STRICT accepts labels of 1 to 63 letters, digits, {@code -} and {@code _} that neither begin
 * nor end with {@code -}, 253 characters in all, then one dot at most and a port from 1 to 65535
 * without leading zeros; four decimal numbers up to 255 without leading zeros (other numbers are
 * names, as they are for the API server); and an IPv6 address in brackets without a zone.
 *
 * <p>{@link PathPolicy#NGINX} refuses an empty name, {@code /}, blanks, controls and two dots in a
 * row, cuts at the first {@code :}, drops one trailing dot, and takes everything else for a name.
 *
 * <p>Immutable and thread-safe. Parsing an accepted host allocates this object only. Sources: RFC
 * 9110 section 7.2, RFC 3986 section 3.2.2, RFC 5890 section 2.3.1.
 */
public final class RequestHost {

  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;
  private static final int MAX_PORT = 65535;

  private static final RequestHost ABSENT = new RequestHost("", 0, -1, false, null);

  private final String text;
  private final int end;
  private final int port;
  private final boolean address;
  private final @Nullable Refusal refusal;

  /** Made on demand; threads that race for it make equal strings. */
  private @Nullable String name;

  private RequestHost(String text, int end, int port, boolean address, @Nullable Refusal refusal) {
    this.text = text;
    this.end = end;
    this.port = port;
    this.address = address;
    this.refusal = refusal;
  }

  /**
   * Returns the host of a request that names none, as HTTP/1.0 allows. Its name is empty, so only
   * rules for every host apply.
   *
   * @return the host without a name
   */
  public static RequestHost absent() {
    return ABSENT;
  }

  /**
   * Parses the value of a Host header or an authority. Never throws.
   *
   * @param text the value without surrounding blanks; one character is one byte
   * @param policy whose grammar applies
   * @return the host; ask {@link #refusal()} first
   */
  public static RequestHost parse(String text, PathPolicy policy) {
    return policy == PathPolicy.STRICT ? strict(text) : nginx(text);
  }

  private static RequestHost strict(String text) {
    if (text.isEmpty()) {
      return refused(
          text, "The host is empty; send the name of the site, as in \"Host: a.example\".");
    }
    if (text.charAt(0) == '[') {
      return bracketed(text);
    }
    int length = text.length();
    int label = 0;
    int at = 0;
    for (; at < length; at++) {
      char c = text.charAt(at);
      if (Octets.isLabel(c)) {
        continue;
      }
      if (c != '.' && text.indexOf('@', at) >= 0) {
        // Not quoted: there may be a password in it.
        return refused(
            text,
            "The host holds a user name or password before an \"@\"; send the name of the site"
                + " alone, and credentials in the Authorization header.");
      }
      if (c == ':') {
        break;
      }
      if (c != '.') {
        return refused(
            text,
            "The host "
                + Octets.quote(text)
                + " holds "
                + Octets.describe(c)
                + "; send a DNS name (international names in their xn-- form) or an address, with"
                + " or without a port.");
      }
      String fault = faultOfLabel(text, label, at);
      if (fault != null) {
        return refused(text, fault);
      }
      label = at + 1;
    }
    int end = at;
    if (label == at && at > 0) {
      end--; // The dot at the end names the root of DNS; the name is the same without it.
    } else {
      String fault = faultOfLabel(text, label, at);
      if (fault != null) {
        return refused(text, fault);
      }
    }
    if (end > MAX_NAME) {
      return refused(
          text,
          "The host "
              + Octets.quote(text)
              + " has "
              + end
              + " characters; a DNS name has at most 253.");
    }
    return withPort(text, end, at, isDottedQuad(text, end));
  }

  private static @Nullable String faultOfLabel(String text, int start, int end) {
    if (end == start) {
      return "The host "
          + Octets.quote(text)
          + " has an empty label; send a DNS name with one dot between labels.";
    }
    if (end - start > MAX_LABEL) {
      return "The host "
          + Octets.quote(text)
          + " has a label of "
          + (end - start)
          + " characters; a label of a DNS name has at most 63.";
    }
    if (text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
      return "The host "
          + Octets.quote(text)
          + " has a label that begins or ends with \"-\"; send a DNS name, whose labels do not.";
    }
    return null;
  }

  private static RequestHost bracketed(String text) {
    int close = text.indexOf(']');
    if (close < 0 || !isIpv6(text, 1, close)) {
      return refused(
          text,
          "The host "
              + Octets.quote(text)
              + " is not an IPv6 address in brackets; send one such as [2001:db8::1], without a"
              + " zone.");
    }
    return withPort(text, close + 1, close + 1, true);
  }

  /** Reads what follows the name: nothing, or a colon and a port. */
  private static RequestHost withPort(String text, int end, int at, boolean address) {
    int length = text.length();
    if (at == length) {
      return new RequestHost(text, end, -1, address, null);
    }
    int port = 0;
    boolean valid = text.charAt(at) == ':' && at + 1 < length && text.charAt(at + 1) != '0';
    for (int i = at + 1; valid && i < length; i++) {
      char c = text.charAt(i);
      port = port * 10 + (c - '0');
      valid = Octets.isDigit(c) && port <= MAX_PORT;
    }
    if (!valid) {
      return refused(
          text,
          "The host "
              + Octets.quote(text)
              + " has something other than a port from 1 to 65535 behind its name; send the name"
              + " alone, or a colon and the port without leading zeros.");
    }
    return new RequestHost(text, end, port, address, null);
  }

  /** Whether the name is four numbers up to 255, written without leading zeros. */
  private static boolean isDottedQuad(String text, int end) {
    return Octets.isDigit(text.charAt(0)) && quadEnds(text, 0, end);
  }

  private static boolean quadEnds(String text, int start, int end) {
    int numbers = 0;
    int at = start;
    while (true) {
      int first = at;
      int value = 0;
      while (at < end && at - first < 3 && Octets.isDigit(text.charAt(at))) {
        value = value * 10 + (text.charAt(at++) - '0');
      }
      if (at == first || value > 255 || (text.charAt(first) == '0' && at - first > 1)) {
        return false;
      }
      if (++numbers == 4) {
        return at == end;
      }
      if (at == end || text.charAt(at++) != '.') {
        return false;
      }
    }
  }

  /** RFC 4291 section 2.2: eight groups, one run of zero groups as {@code ::}, an IPv4 tail. */
  private static boolean isIpv6(String text, int start, int end) {
    int groups = 0;
    boolean gap = false;
    int at = start;
    if (text.startsWith("::", at) && at + 2 <= end) {
      gap = true;
      at += 2;
    }
    while (at < end) {
      int first = at;
      while (at < end && at - first < 4 && Octets.hexValue(text.charAt(at)) >= 0) {
        at++;
      }
      if (at < end && text.charAt(at) == '.') {
        groups += 2;
        return quadEnds(text, first, end) && (gap ? groups < 8 : groups == 8);
      }
      if (at == first) {
        return false;
      }
      groups++;
      if (at == end) {
        break;
      }
      if (text.charAt(at++) != ':') {
        return false;
      }
      if (at == end) {
        return false; // A single colon at the end.
      }
      if (text.charAt(at) == ':') {
        if (gap) {
          return false;
        }
        gap = true;
        at++;
      }
    }
    return gap ? groups < 8 : groups == 8;
  }

  /** Sees a host as nginx 1.27 does, down to the dot behind the colon that keeps the one before. */
  private static RequestHost nginx(String text) {
    int length = text.length();
    int end = length;
    int dot = -1;
    boolean open = false;
    boolean rest = false;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == 0x7F || c == '/' || c > 0xFF) {
        return refused(
            text,
            "The host "
                + Octets.quote(text)
                + " holds "
                + Octets.describe(c)
                + "; send the name of the site and nothing else.");
      }
      if (c == '.') {
        if (dot >= 0 && dot == i - 1) {
          return refused(
              text,
              "The host "
                  + Octets.quote(text)
                  + " holds two dots in a row; send a DNS name with one dot between labels.");
        }
        dot = i;
      } else if (c == '[' && i == 0) {
        open = true;
      } else if (c == ']' && open && !rest) {
        end = i + 1;
        rest = true;
      } else if (c == ':' && !open && !rest) {
        end = i;
        rest = true;
      }
    }
    if (dot >= 0 && dot == end - 1) {
      end--;
    }
    if (end == 0) {
      return refused(
          text,
          "The host "
              + Octets.quote(text)
              + " has no name; send the name of the site, as in \"Host: a.example\".");
    }
    return new RequestHost(text, end, nginxPort(text, end), false, null);
  }

  /** The port if there is one; nginx does not look at it. */
  private static int nginxPort(String text, int end) {
    int colon = text.indexOf(':', end);
    int digits = text.length() - colon - 1;
    if (colon < 0 || digits < 1 || digits > 5) {
      return -1;
    }
    int port = 0;
    for (int i = colon + 1; i < text.length(); i++) {
      if (!Octets.isDigit(text.charAt(i))) {
        return -1;
      }
      port = port * 10 + (text.charAt(i) - '0');
    }
    return port >= 1 && port <= MAX_PORT ? port : -1;
  }

  private static RequestHost refused(String text, String explanation) {
    return new RequestHost(text, 0, -1, false, Refusal.malformed(explanation));
  }

  /**
   * Returns why the text is no host, if it is none. The other methods then describe no host: the
   * name is empty.
   *
   * @return the refusal, or null if the host was accepted
   */
  public @Nullable Refusal refusal() {
    return refusal;
  }

  /**
   * Returns the text as sent, port included.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  /**
   * Returns where the name begins that selects a rule. Together with {@link #end()} it spares a
   * copy; letters there can be of either case.
   *
   * @return an index into {@link #text()}
   */
  public int start() {
    return 0;
  }

  /**
   * Returns where the name ends that selects a rule: before a trailing dot and the port.
   *
   * @return an index into {@link #text()}
   */
  public int end() {
    return end;
  }

  /**
   * Returns the name that selects a rule: ASCII letters in lower case, no port, no trailing dot.
   *
   * @return the name, empty if the request names no host
   */
  public String name() {
    String made = name;
    if (made == null) {
      made = lowerCase(text, end);
      name = made;
    }
    return made;
  }

  private static String lowerCase(String text, int end) {
    for (int i = 0; i < end; i++) {
      if (Octets.lower(text.charAt(i)) != text.charAt(i)) {
        StringBuilder out = new StringBuilder(end).append(text, 0, i);
        for (int j = i; j < end; j++) {
          out.append(Octets.lower(text.charAt(j)));
        }
        return out.toString();
      }
    }
    return text.substring(0, end);
  }

  /**
   * Returns whether the name is an address. No rule can be written for one, so it has to be routed
   * like a request without a host. Always false under {@link PathPolicy#NGINX}, which takes an
   * address for a name.
   *
   * @return {@code true} for four decimal numbers and for an IPv6 address in brackets
   */
  public boolean isAddress() {
    return address;
  }

  /**
   * Returns the port.
   *
   * @return 1 to 65535, or -1 if there is none (or, under NGINX, none that makes sense)
   */
  public int port() {
    return port;
  }

  /**
   * Returns whether two texts name the same place: the names are equal but for the case of ASCII
   * letters and a trailing dot, and so are the ports. A port that is left out equals 80 and 443,
   * the two that a client may leave out; the port never selects a rule. Addresses are compared as
   * written.
   *
   * @param other the other host
   * @return {@code true} if both are accepted hosts and the same
   */
  public boolean sameAuthority(RequestHost other) {
    if (refusal != null || other.refusal != null || end != other.end) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      if (Octets.lower(text.charAt(i)) != Octets.lower(other.text.charAt(i))) {
        return false;
      }
    }
    return port == other.port
        || (port == -1 && isDefaultPort(other.port))
        || (other.port == -1 && isDefaultPort(port));
  }

  private static boolean isDefaultPort(int port) {
    return port == 80 || port == 443;
  }

  /**
   * Returns the text as sent in quotes, or the refusal, for logs and debuggers.
   *
   * @return one line of printable ASCII
   */
  @Override
  public String toString() {
    return refusal == null ? Octets.quote(text) : refusal.explanation();
  }
}
