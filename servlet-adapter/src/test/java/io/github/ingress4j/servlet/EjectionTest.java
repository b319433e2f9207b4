package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** REL-15 and REL-16 with real back ends: requests go where somebody answers. */
final class EjectionTest {

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(Gateway.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @AfterEach
  void stop() throws Exception {
    logger.removeHandler(handler);
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private static ManifestSet rules(int endpoints) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
                - host: a.test
                  http:
                    paths:
                      - path: /
                        pathType: Prefix
                        backend: {service: {name: web, port: {number: 80}}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              ports: [{port: 80}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: "", port: 80}]
            endpoints:
            """);
    for (int i = 1; i <= endpoints; i++) {
      text.append("  - {addresses: [10.0.0.").append(i).append("]}\n");
    }
    return ManifestParser.create().parse("rules.yaml", text.toString());
  }

  private static int send(int port) throws Exception {
    return RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").status();
  }

  @Test
  void sparesABackEndThatIsGone() throws Exception {
    logger.addHandler(handler);
    RecordingUpstream good = new RecordingUpstream();
    resources.add(good);
    RecordingUpstream gone = new RecordingUpstream();
    gone.close();
    LiveRouter router = LiveRouter.of(IngressRouter.builder().manifests(rules(2)).build());
    IngressProxyServlet servlet =
        IngressProxyServlet.builder()
            .router(router)
            .reaching(
                endpoint ->
                    new Endpoint(
                        "127.0.0.1",
                        endpoint.host().equals("10.0.0.1") ? gone.port() : good.port()))
            .build();
    Container container =
        TomcatContainer.start(context -> context.addServlet("proxy", servlet).addMapping("/*"));
    resources.add(container);
    int failures = 0;
    for (int i = 0; i < 10; i++) {
      failures += send(container.port()) == 502 ? 1 : 0;
    }
    assertThat(failures).isEqualTo(5);

    for (int i = 0; i < 20; i++) {
      assertThat(send(container.port())).isEqualTo(200);
    }
    assertThat(router.current().endpointHealth().ejections()).isEqualTo(1);
    assertThat(lines)
        .containsExactly(
            "an endpoint of default/web:80 fails and is spared for a while, such as 10.0.0.1:80");

    // It stays so with other rules; a new endpoint is used.
    router.replace(rules(3));
    for (int i = 0; i < 20; i++) {
      assertThat(send(container.port())).isEqualTo(200);
    }
  }

  @Test
  void usesAllBackEndsIfMostAreGone() throws Exception {
    logger.addHandler(handler);
    RecordingUpstream gone = new RecordingUpstream();
    gone.close();
    IngressRouter router = IngressRouter.builder().manifests(rules(2)).build();
    IngressProxyServlet servlet =
        IngressProxyServlet.builder()
            .router(router)
            .reaching(endpoint -> new Endpoint("127.0.0.1", gone.port()))
            .build();
    Container container =
        TomcatContainer.start(context -> context.addServlet("proxy", servlet).addMapping("/*"));
    resources.add(container);
    for (int i = 0; i < 30; i++) {
      assertThat(send(container.port())).isEqualTo(502);
    }

    assertThat(router.endpointHealth().panics()).isEqualTo(1);
    assertThat(lines)
        .contains("so many endpoints of default/web:80 fail that all of them are used");
  }
}
