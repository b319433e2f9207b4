package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PathPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request for the root of a host to the place where an application begins.
 *
 * <p>The Location is the scheme of the connection, the Host as sent and the path; the query of the
 * request is lost unless the path asks for it by {@code $is_args$args}. A request without a Host
 * gets {@code http:///app} by NGINX and {@code /app} by STRICT.
 *
 * <p>Immutable and thread-safe. Source: the annotation {@code app-root} of ingress-nginx.
 *
 * @param path the path, which begins with a slash
 */
public record AppRoot(Template path) {

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if {@code path} does not begin with a slash
   */
  public AppRoot {
    if (!path.text().startsWith("/")) {
      throw new IllegalArgumentException("the path must begin with a slash");
    }
  }

  /**
   * Decides about a request.
   *
   * @param request the request
   * @return the redirect, or {@code null} if the request is for another path
   */
  public @Nullable Redirection apply(CanonicalRequest request) {
    if (!request.target().path().equals("/")) {
      return null;
    }
    String scheme = request.view().scheme() + "://";
    if (request.policy() == PathPolicy.STRICT) {
      StringBuilder out = new StringBuilder();
      path.each(new StrictPath(request, out));
      return new Redirection(
          302,
          request.sent() == null
              ? Locations.onePath(out.toString())
              : scheme + request.sent().text() + out);
    }
    String host = request.view().hosts().isEmpty() ? "" : request.view().hosts().get(0);
    return new Redirection(302, UrlText.withoutControls(scheme + host + path.expand(request)));
  }

  /** What may come from the request is escaped, but for the query, which was accepted as it is. */
  private record StrictPath(CanonicalRequest request, StringBuilder out) implements Template.Sink {

    @Override
    public void literal(String text) {
      UrlText.appendStrict(out, text);
    }

    @Override
    public void group(int number) {
      // No pattern is searched for here, so there is nothing a group could hold.
    }

    @Override
    public void variable(String name) {
      String value = request.variable(name);
      if (value == null) {
        return;
      }
      switch (name) {
        case "is_args", "args", "query_string", "uri", "document_uri", "request_uri" ->
            out.append(value);
        default -> UrlText.appendStrict(out, value);
      }
    }
  }
}
