package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Forward;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers the requests of one kind of resource back end. Without a handler for its kind, a resource
 * back end answers 503.
 *
 * <p>Implementations must be thread-safe. Source: networking.k8s.io/v1, IngressBackend.resource.
 */
@FunctionalInterface
public interface ResourceBackendHandler {

  /**
   * Answers a request.
   *
   * @param resource the object that the rule names
   * @param forward the decision
   * @param request the request, with the attributes of {@link IngressAttributes}
   * @param response the response, to be completed before the method returns
   * @throws ServletException as a servlet would
   * @throws IOException if reading the request or writing the response fails
   */
  void handle(
      Backend.Resource resource,
      Forward forward,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException;
}
