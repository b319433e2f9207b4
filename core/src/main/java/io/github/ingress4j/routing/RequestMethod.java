package io.github.ingress4j.routing;

import org.jspecify.annotations.Nullable;

/**
 * Which methods a request may have. Methods are case-sensitive, and an unknown one is routed like
 * any other.
 *
 * <table>
 *   <caption>What becomes of a method</caption>
 *   <tr><th>Method</th><th>{@link PathPolicy#STRICT}</th><th>{@link PathPolicy#NGINX}</th></tr>
 *   <tr><td>{@code GET}, {@code PURGE}, {@code M-SEARCH}</td><td>routed</td><td>routed</td></tr>
 *   <tr><td>{@code get}, {@code G1}</td><td>routed</td><td>400</td></tr>
 *   <tr><td>empty, {@code G T}, {@code G/T}</td><td>400</td><td>400</td></tr>
 *   <tr><td>{@code CONNECT}</td><td>501</td><td>405</td></tr>
 *   <tr><td>{@code TRACE}</td><td>405</td><td>405</td></tr>
 *   <tr><td>{@code TRACK}</td><td>405</td><td>routed</td></tr>
 * </table>
 *
 * <p>{@code CONNECT} would make a tunnel, which nobody here digs. {@code TRACE} and {@code TRACK}
 * would send credentials back to the script that must not see them.
 *
 * <p>Stateless and thread-safe. Sources: RFC 9110, sections 5.6.2 and 9.
 */
public final class RequestMethod {

  private RequestMethod() {}

  /**
   * Returns why requests with the method are refused. Allocates nothing if they are not.
   *
   * <p>A malformed target or host is reported first: nginx answers 400 to {@code TRACE} with one.
   *
   * @param method the method as sent
   * @param policy whose rules apply
   * @return the refusal, or null if the method is accepted
   */
  public static @Nullable Refusal refusal(String method, PathPolicy policy) {
    boolean strict = policy == PathPolicy.STRICT;
    if (method.isEmpty()) {
      return Refusal.malformed(
          "The request has an empty method; a request begins with a method such as GET.");
    }
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (!(strict ? Octets.isToken(c) : (c >= 'A' && c <= 'Z') || c == '-' || c == '_')) {
        return Refusal.malformed(
            "The method "
                + Octets.quote(method)
                + " holds "
                + Octets.describe(c)
                + (strict
                    ? ", which no method can; send a method such as GET."
                    : "; methods are upper-case letters, \"-\" and \"_\", such as GET."));
      }
    }
    // Looking at one character spares ordinary methods three comparisons.
    char first = method.charAt(0);
    if (first == 'C' && method.equals("CONNECT")) {
      return strict
          ? new Refusal(
              Refusal.Kind.NOT_IMPLEMENTED,
              "CONNECT asks for a tunnel, which this router does not make; send the request itself"
                  + " with a path.")
          : notAllowed(method);
    }
    if (first == 'T' && (method.equals("TRACE") || (strict && method.equals("TRACK")))) {
      return notAllowed(method);
    }
    return null;
  }

  private static Refusal notAllowed(String method) {
    return new Refusal(
        Refusal.Kind.METHOD_NOT_ALLOWED,
        method + " is not allowed on any path; use GET or another method of the application.");
  }
}
