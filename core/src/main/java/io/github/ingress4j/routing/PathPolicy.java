package io.github.ingress4j.routing;

/**
 * How a request target becomes the path that is matched and the target that is forwarded.
 *
 * <table>
 *   <caption>The same request under both policies</caption>
 *   <tr><th>Target</th><th>{@link #STRICT}</th><th>{@link #NGINX}</th></tr>
 *   <tr><td>{@code /a/../b//c}</td><td>matches and forwards {@code /b/c}</td><td>matches {@code
 *       /b/c}, forwards {@code /a/../b//c}</td></tr>
 *   <tr><td>{@code /%7Eme}</td><td>matches and forwards {@code /~me}</td><td>matches {@code /~me},
 *       forwards {@code /%7Eme}</td></tr>
 *   <tr><td>{@code /a%2Fb}</td><td>matches and forwards {@code /a%2Fb}, if {@code /a/b} has the
 *       same route</td><td>matches {@code /a/b}, forwards {@code /a%2Fb}</td></tr>
 *   <tr><td>{@code /p/%2e%2e/b}</td><td>refused</td><td>matches {@code /b}, forwards {@code
 *       /p/%2e%2e/b}</td></tr>
 *   <tr><td>{@code /a#b}</td><td>refused</td><td>matches {@code /a}, forwards {@code
 *       /a#b}</td></tr>
 * </table>
 */
public enum PathPolicy {
  /**
   * One canonical form is matched and forwarded, and a path that a back end could read as another
   * one is refused. The default.
   */
  STRICT,

  /**
   * As nginx does: rules are matched on the decoded and normalised path, the back end receives the
   * bytes of the client. What is matched and what is forwarded can differ, so a back end that
   * normalises in another way can be reached around the rules; for migration only.
   */
  NGINX
}
