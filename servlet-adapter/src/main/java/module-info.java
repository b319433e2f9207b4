/**
 * Kubernetes Ingress manifests inside a servlet container.
 *
 * <p>Starting points: {@link io.github.ingress4j.servlet.IngressFilter} decides and passes on,
 * dispatches or proxies; {@link io.github.ingress4j.servlet.IngressProxyServlet} proxies.
 */
// The client library and Micrometer name their modules in their manifests only.
@SuppressWarnings("requires-automatic")
module io.github.ingress4j.servlet {
  requires transitive io.github.ingress4j.core;
  requires static transitive jakarta.servlet;
  requires static transitive org.jspecify;
  requires static micrometer.core;
  requires com.fasterxml.jackson.core;
  requires org.apache.httpcomponents.client5.httpclient5;
  requires org.apache.httpcomponents.core5.httpcore5;

  exports io.github.ingress4j.servlet;
  exports io.github.ingress4j.servlet.micrometer;
}
