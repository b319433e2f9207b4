package io.github.ingress4j.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each request by Ingress manifests, in front of an application.
 *
 * <table>
 *   <caption>What becomes of a request</caption>
 *   <tr><th>Decision</th><th>The filter</th></tr>
 *   <tr><td>no rule takes it</td><td>passes it on, or answers 404: {@code unmatched}</td></tr>
 *   <tr><td>it is refused</td><td>answers 400, 405, 503 and so on, with a reason in words</td></tr>
 *   <tr><td>it goes to a Service that is mapped</td><td>dispatches it inside the container, or
 *       proxies it: {@code backend.NAMESPACE/SERVICE:PORT}</td></tr>
 *   <tr><td>it goes to another Service</td><td>passes it on, answers 503, or proxies it: {@code
 *       mode}</td></tr>
 *   <tr><td>it goes to a resource</td><td>hands it to the {@link ResourceBackendHandler} of its
 *       kind; without one it is passed on in the mode {@code attributes} and answered 503
 *       otherwise</td></tr>
 * </table>
 *
 * <p>Whatever a rule takes carries the {@link IngressAttributes}. Requests that come from a
 * dispatcher, of this filter or another, are passed on without a second decision.
 *
 * <p>Declared in a deployment descriptor, the filter is configured by init-parameters; made by
 * {@link #builder} it takes none. The manual lists them. Thread-safe once the container has
 * initialised it.
 */
public final class IngressFilter extends HttpFilter {

  private static final long serialVersionUID = 1;

  private final transient @Nullable Builder builder;
  private transient @Nullable Gateway gateway;

  /** Makes a filter that is configured by init-parameters. */
  public IngressFilter() {
    builder = null;
  }

  private IngressFilter(Builder builder) {
    this.builder = builder;
  }

  /**
   * Returns a builder of a filter without mappings in the mode {@link Mode#ATTRIBUTES}, that passes
   * on what no rule takes.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to serve.
   *
   * @param config the init-parameters
   * @throws ServletException if a parameter is unknown, missing or has a bad value, or if nothing
   *     in the manifests can be read; the message names the parameter
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    super.init(config);
    InitParameters parameters =
        InitParameters.of(
            "filter " + config.getFilterName(),
            Collections.list(config.getInitParameterNames()),
            name -> Objects.toString(config.getInitParameter(name), ""));
    Builder settings = builder;
    if (settings == null) {
      settings = new Builder();
      parameters.configure(settings);
    } else {
      parameters.requireNone();
    }
    gateway = new Gateway(settings.settings(), config.getServletContext());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST) {
      chain.doFilter(request, response);
      return;
    }
    Gateway serving = gateway;
    if (serving == null) {
      throw new ServletException("the filter is not initialised");
    }
    serving.serve(request, response, chain);
  }

  /**
   * Says that the end is near: from now on every answer closes the connection of its client, so
   * that its next request goes elsewhere. Everything is still served, and this returns at once. The
   * end itself is the container's to bring, by {@link #destroy}.
   */
  public void beginDrain() {
    Gateway serving = gateway;
    if (serving != null) {
      serving.beginDrain();
    }
  }

  /**
   * Ends: requests under way are finished as long as the {@linkplain GatewayBuilder#drainTime time}
   * allows, then their connections to back ends are broken. Later ones are answered 503. A second
   * call has no effect.
   */
  @Override
  public void destroy() {
    Gateway serving = gateway;
    if (serving != null) {
      serving.close();
    }
  }

  /** What becomes of a request for a Service that no mapping names. */
  public enum Mode {
    /** It goes down the filter chain, with the {@link IngressAttributes}. */
    ATTRIBUTES,
    /** Only mapped back ends are served; it is answered 503. */
    FORWARD,
    /** It is sent to the Service's endpoint over HTTP. */
    PROXY
  }

  /** What becomes of a request that no rule and no default back end takes. */
  public enum Unmatched {
    /** It goes down the filter chain. */
    CHAIN,
    /** It is answered 404. */
    NOT_FOUND
  }

  /** Collects the settings of a filter. Not thread-safe. */
  public static final class Builder extends GatewayBuilder<Builder> {

    private Builder() {
      super(Mode.ATTRIBUTES, true);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets what becomes of a request for a Service that no mapping names.
     *
     * @param value the mode
     * @return this builder
     */
    public Builder mode(Mode value) {
      return serving(value);
    }

    /**
     * Sets what becomes of a request that no rule and no default back end takes.
     *
     * @param value what to do
     * @return this builder
     */
    public Builder unmatched(Unmatched value) {
      return passesUnmatched(value == Unmatched.CHAIN);
    }

    /**
     * Makes the filter.
     *
     * @return a filter that takes no init-parameters
     * @throws IllegalStateException if there is no router
     */
    public IngressFilter build() {
      settings();
      return new IngressFilter(this);
    }
  }
}
