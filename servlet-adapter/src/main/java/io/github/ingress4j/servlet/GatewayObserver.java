package io.github.ingress4j.servlet;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Watches the requests of a filter or servlet: for an access log, for metrics, for traces.
 *
 * <pre>{@code
 * IngressProxyServlet servlet =
 *     IngressProxyServlet.builder()
 *         .router(router)
 *         .observer(AccessLog.toLogger())
 *         .observer((request, facts) -> slow.record(facts.nanos()))
 *         .build();
 * }</pre>
 *
 * <p>Without an observer nothing is measured. Calls come from the threads that serve the requests,
 * many at once, so that whoever takes long holds a request up. What an observer throws is logged,
 * and the request goes on.
 *
 * <p>Whoever counts must not use what clients choose as a label: neither a path, nor a host, nor a
 * header value has a bound. The names of {@link RequestFacts#ingress} and {@link
 * RequestFacts#rulePath} have one.
 */
@FunctionalInterface
public interface GatewayObserver {

  /**
   * Called when a request comes in, before anything is decided about it.
   *
   * @param request the request of the container; what is kept as its attribute is there at the end
   */
  default void began(HttpServletRequest request) {}

  /**
   * Called when a request has been served or has failed, once for each that began.
   *
   * @param request the request of the container
   * @param facts what became of it; valid beyond the call
   */
  void ended(HttpServletRequest request, RequestFacts facts);
}
