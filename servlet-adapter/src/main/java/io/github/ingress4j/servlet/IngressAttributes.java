package io.github.ingress4j.servlet;

/**
 * The names of the request attributes that say which rule took a request. They are set before a
 * request that a rule or a default back end takes goes anywhere: down the filter chain, to another
 * path of the container, to a {@link ResourceBackendHandler} or to a back end.
 *
 * <table>
 *   <caption>Attributes of {@code GET /pay/now?x=1} under the rule {@code Prefix /pay}</caption>
 *   <tr><th>Constant</th><th>Type</th><th>Value</th></tr>
 *   <tr><td>{@link #DECISION}</td><td>{@link io.github.ingress4j.decision.Forward}</td>
 *       <td>the decision</td></tr>
 *   <tr><td>{@link #ROUTE}</td><td>{@link io.github.ingress4j.decision.Route}</td>
 *       <td>the route</td></tr>
 *   <tr><td>{@link #INGRESS}</td><td>{@link String}</td><td>{@code default/hello-ingress}</td></tr>
 *   <tr><td>{@link #RULE_PATH}</td><td>{@link String}</td><td>{@code /pay}</td></tr>
 *   <tr><td>{@link #PATH_INSIDE}</td><td>{@link String}</td><td>{@code /now}</td></tr>
 *   <tr><td>{@link #TARGET}</td><td>{@link String}</td><td>{@code /pay/now?x=1}</td></tr>
 * </table>
 */
public final class IngressAttributes {

  /** The {@link io.github.ingress4j.decision.Forward}. */
  public static final String DECISION = "io.github.ingress4j.servlet.decision";

  /** The {@link io.github.ingress4j.decision.Route}. */
  public static final String ROUTE = "io.github.ingress4j.servlet.route";

  /** The Ingress, {@code namespace/name}; absent for the default back end of the settings. */
  public static final String INGRESS = "io.github.ingress4j.servlet.ingress";

  /** The path of the rule as the manifest writes it; absent for a default back end. */
  public static final String RULE_PATH = "io.github.ingress4j.servlet.rulePath";

  /**
   * The part of the path behind the rule's path, encoded: empty, or beginning with {@code /}. The
   * whole path for a default back end.
   */
  public static final String PATH_INSIDE = "io.github.ingress4j.servlet.pathInside";

  /** The request target that a back end receives, path and query, encoded. */
  public static final String TARGET = "io.github.ingress4j.servlet.target";

  private IngressAttributes() {}
}
