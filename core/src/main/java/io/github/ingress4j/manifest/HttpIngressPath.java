package io.github.ingress4j.manifest;

/**
 * A path and the back end of the requests it matches.
 *
 * <p>Source: networking.k8s.io/v1, HTTPIngressPath. Immutable and thread-safe.
 *
 * @param path the path as written; empty only with {@link PathType#IMPLEMENTATION_SPECIFIC}
 * @param pathType how the path is compared
 * @param backend the back end
 * @param origin where the item stands
 */
public record HttpIngressPath(
    String path, PathType pathType, IngressBackend backend, Origin origin) {

  /**
   * Makes an item of type Prefix in code.
   *
   * @param path the path
   * @param backend the back end
   * @return the item
   */
  public static HttpIngressPath prefix(String path, IngressBackend backend) {
    return new HttpIngressPath(path, PathType.PREFIX, backend, Origin.NONE);
  }

  /**
   * Makes an item of type Exact in code.
   *
   * @param path the path
   * @param backend the back end
   * @return the item
   */
  public static HttpIngressPath exact(String path, IngressBackend backend) {
    return new HttpIngressPath(path, PathType.EXACT, backend, Origin.NONE);
  }
}
