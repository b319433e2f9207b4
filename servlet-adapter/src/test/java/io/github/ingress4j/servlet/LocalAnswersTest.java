package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.dialect.Dialect;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications behind the filter answer, in three containers. */
final class LocalAnswersTest {

  /** The containers. */
  enum Server {
    TOMCAT,
    JETTY,
    UNDERTOW;

    Container start(Container.Application application) throws Exception {
      return switch (this) {
        case TOMCAT -> TomcatContainer.start(application);
        case JETTY -> JettyContainer.start(application);
        case UNDERTOW -> UndertowContainer.start(application);
      };
    }
  }

  private static Container start(Server server, String annotations, HttpServlet application)
      throws Exception {
    IngressFilter filter =
        IngressFilter.builder()
            .router(
                IngressRouter.builder()
                    .dialect(Dialect.INGRESS_NGINX)
                    .manifests(
                        "rules.yaml",
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: web, annotations: {%s}}
                        spec:
                          rules:
                            - host: a.test
                              http:
                                paths:
                                  - path: /
                                    pathType: Prefix
                                    backend: {service: {name: web, port: {number: 80}}}
                        """
                            .formatted(annotations))
                    .build())
            .build();
    return server.start(
        context -> {
          FilterRegistration.Dynamic rules = context.addFilter("ingress", filter);
          rules.setAsyncSupported(true);
          rules.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
          ServletRegistration.Dynamic web = context.addServlet("web", application);
          web.setAsyncSupported(true);
          web.addMapping("/*");
        });
  }

  private static final String REQUEST = "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n";

  /** ingress-nginx.md, proxy-redirect: a Location of a back end is rewritten. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "TOMCAT,   http://inner.test/a, http://outer.test/a",
    "JETTY,    http://inner.test/a, http://outer.test/a",
    "UNDERTOW, http://inner.test/a, http://outer.test/a",
    "TOMCAT,   http://other.test/a, http://other.test/a",
    "TOMCAT,   http://inner.test/\u00e4 b, http://outer.test/%C3%A4%20b",
    "JETTY,    /login,              /login",
  })
  void rewritesTheLocationOfARedirect(Server server, String location, String expected)
      throws Exception {
    HttpServlet application =
        new HttpServlet() {
          private static final long serialVersionUID = 1;

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getOutputStream().print("a page that nobody will see");
            response.sendRedirect(location);
            response.getOutputStream().print("nor this");
          }
        };
    try (Container container =
        start(
            server,
            "nginx.ingress.kubernetes.io/proxy-redirect-from: http://inner.test/,"
                + " nginx.ingress.kubernetes.io/proxy-redirect-to: http://outer.test/",
            application)) {
      RawReply reply = RawReply.exchange(container.port(), REQUEST);

      assertThat(reply.status()).isEqualTo(302);
      assertThat(reply.header("location")).containsExactly(expected);
      assertThat(reply.text()).isEmpty();
      assertThat(reply.isComplete()).isTrue();
    }
  }

  /** A request counts against limit-connections until its asynchronous end. */
  @ParameterizedTest
  @EnumSource(Server.class)
  void countsARequestUntilItsAsynchronousEnd(Server server) throws Exception {
    BlockingQueue<AsyncContext> open = new LinkedBlockingQueue<>();
    HttpServlet application =
        new HttpServlet() {
          private static final long serialVersionUID = 1;

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            open.add(async);
          }
        };
    try (Container container =
        start(server, "nginx.ingress.kubernetes.io/limit-connections: \"1\"", application)) {
      try (Socket first = RawReply.connect(container.port())) {
        first.getOutputStream().write(REQUEST.getBytes(StandardCharsets.ISO_8859_1));
        AsyncContext async = open.poll(20, TimeUnit.SECONDS);
        assertThat(async).isNotNull();

        // The thread may return a little later than the application has said that it goes on.
        assertThat(RawReply.exchange(container.port(), REQUEST).status()).isEqualTo(503);
        assertThat(RawReply.exchange(container.port(), REQUEST).status()).isEqualTo(503);

        if (async != null) {
          ((HttpServletResponse) async.getResponse()).setStatus(204);
          async.complete();
        }
        assertThat(RawReply.read(first, false).status()).isEqualTo(204);
      }
      // The end comes after the answer.
      int status = 503;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (status == 503 && System.nanoTime() < end) {
        Socket next = RawReply.connect(container.port());
        try (next) {
          next.getOutputStream().write(REQUEST.getBytes(StandardCharsets.ISO_8859_1));
          AsyncContext async = open.poll(200, TimeUnit.MILLISECONDS);
          if (async != null) {
            ((HttpServletResponse) async.getResponse()).setStatus(204);
            async.complete();
          }
          status = RawReply.read(next, false).status();
        }
      }
      assertThat(status).as(server.name().toLowerCase(Locale.ROOT)).isEqualTo(204);
    }
  }
}
