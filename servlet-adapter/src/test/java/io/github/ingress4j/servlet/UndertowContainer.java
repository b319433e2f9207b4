package io.github.ingress4j.servlet;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Undertow 2.3. */
final class UndertowContainer implements Container {

  private final Undertow undertow;
  private final DeploymentManager deployment;

  private UndertowContainer(Undertow undertow, DeploymentManager deployment) {
    this.undertow = undertow;
    this.deployment = deployment;
  }

  static Container start(Application application) throws Exception {
    return start(application, null);
  }

  /** Starts it so that it takes HTTP/2 from clients that know it. */
  static Container startHttp2(Application application) throws Exception {
    return start(application, null, true);
  }

  /** Starts it with TLS, if there is a context. */
  static Container start(Application application, @Nullable SSLContext tls) throws Exception {
    return start(application, tls, false);
  }

  private static Container start(
      Application application, @Nullable SSLContext tls, boolean speaksHttp2) throws Exception {
    ServletContainerInitializer initializer =
        (classes, servletContext) -> application.accept(servletContext);
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(UndertowContainer.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("test")
            .addServletContainerInitializer(
                new ServletContainerInitializerInfo(
                    initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
    DeploymentManager deployment = Servlets.defaultContainer().addDeployment(info);
    deployment.deploy();
    Undertow.Builder builder = Undertow.builder();
    if (tls == null) {
      builder.addHttpListener(0, "127.0.0.1");
    } else {
      builder.addHttpsListener(0, "127.0.0.1", tls);
    }
    Undertow undertow =
        builder
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 131_072)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, 30_000)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, speaksHttp2)
            .setHandler(deployment.start())
            .build();
    undertow.start();
    return new UndertowContainer(undertow, deployment);
  }

  @Override
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public void close() throws IOException {
    try {
      deployment.stop();
    } catch (ServletException e) {
      throw new IOException(e);
    }
    undertow.stop();
    deployment.undeploy();
  }
}
