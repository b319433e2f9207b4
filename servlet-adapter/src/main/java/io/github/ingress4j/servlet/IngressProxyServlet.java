package io.github.ingress4j.servlet;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gateway: sends each request to the back end that Ingress manifests name, and answers 404 if
 * they name none. Map it to {@code /*}.
 *
 * <p>Declared in a deployment descriptor, the servlet is configured by init-parameters; made by
 * {@link #builder} it takes none. They are those of {@link IngressFilter} without {@code mode}.
 * Thread-safe once the container has initialised it.
 */
public final class IngressProxyServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient @Nullable Builder builder;
  private transient @Nullable Gateway gateway;

  /** Makes a servlet that is configured by init-parameters. */
  public IngressProxyServlet() {
    builder = null;
  }

  private IngressProxyServlet(Builder builder) {
    this.builder = builder;
  }

  /**
   * Returns a builder of a servlet without mappings.
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
  public void init(ServletConfig config) throws ServletException {
    super.init(config);
    InitParameters parameters =
        InitParameters.of(
            "servlet " + config.getServletName(),
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
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Gateway serving = gateway;
    if (serving == null) {
      throw new ServletException("the servlet is not initialised");
    }
    serving.serve(request, response, null);
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

  /** Collects the settings of a servlet. Not thread-safe. */
  public static final class Builder extends GatewayBuilder<Builder> {

    private Builder() {
      super(IngressFilter.Mode.PROXY, false);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Makes the servlet.
     *
     * @return a servlet that takes no init-parameters
     * @throws IllegalStateException if there is no router
     */
    public IngressProxyServlet build() {
      settings();
      return new IngressProxyServlet(this);
    }
  }
}
