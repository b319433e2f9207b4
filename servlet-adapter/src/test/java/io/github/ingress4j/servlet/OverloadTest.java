package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.dialect.Dialect;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** REL-25: slow back ends never hold all threads of the container. */
final class OverloadTest {

  private static String rules(String annotations, String... paths) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, annotations: {%s}}
            spec:
              rules:
                - host: a.test
                  http:
                    paths:
            """
                .formatted(annotations));
    for (String path : paths) {
      text.append("          - {path: /").append(path).append(", pathType: Prefix, backend:");
      text.append(" {service: {name: ").append(path).append(", port: {number: 80}}}}\n");
    }
    return text.toString();
  }

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private RecordingUpstream slow;
  private RecordingUpstream fast;

  @BeforeEach
  void start() throws Exception {
    slow = new RecordingUpstream();
    resources.add(slow);
    fast = new RecordingUpstream();
    resources.add(fast);
    slow.script(
        exchange -> {
          exchange.receive();
          try {
            over.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private int start(IngressProxyServlet.Builder builder, int threads) throws Exception {
    Container container =
        TomcatContainer.start(
            context -> context.addServlet("proxy", builder.build()).addMapping("/*"), threads);
    resources.add(container);
    return container.port();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n";
  }

  private Socket send(int port, String request) throws Exception {
    Socket socket = RawReply.connect(port);
    resources.add(socket);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  private void awaitHeads(RecordingUpstream upstream, int count) {
    while (upstream.heads.get() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void servesOtherRoutesWhile200CallsOfASlowBackEndAreUnderWay() throws Exception {
    int port =
        start(
            IngressProxyServlet.builder()
                .router(
                    IngressRouter.builder()
                        .manifests("rules.yaml", rules("", "slow", "fast"))
                        .build())
                .backend("default/slow:80", "127.0.0.1:" + slow.port())
                .backend("default/fast:80", "127.0.0.1:" + fast.port())
                .maxRequests(14)
                .maxRequestsPerBackend(10),
            16);
    List<Socket> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(send(port, get("/slow")));
    }
    awaitHeads(slow, 10);

    for (int i = 0; i < 50; i++) {
      RawReply reply = RawReply.exchange(port, get("/fast"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).isEqualTo("ok");
    }

    over.countDown();
    int served = 0;
    for (Socket call : calls) {
      RawReply reply = RawReply.read(call, false);
      if (reply.status() == 200) {
        served++;
      } else {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text()).isEqualTo("The gateway is busy; try again later.\n");
      }
    }
    assertThat(served).isEqualTo(10);
    assertThat(slow.heads.get()).isEqualTo(10);
    assertThat(RawReply.exchange(port, get("/slow")).status()).isEqualTo(200);
  }

  @Test
  void keepsThreadsFreeIfAllBackEndsAreSlow() throws Exception {
    int port =
        start(
            IngressProxyServlet.builder()
                .router(
                    IngressRouter.builder()
                        .manifests("rules.yaml", rules("", "slow", "other", "third"))
                        .build())
                .backend("default/slow:80", "127.0.0.1:" + slow.port())
                .backend("default/other:80", "127.0.0.1:" + slow.port())
                .backend("default/third:80", "127.0.0.1:" + fast.port())
                .maxRequests(4)
                .maxRequestsPerBackend(3),
            16);
    for (int i = 0; i < 3; i++) {
      send(port, get("/slow"));
    }
    awaitHeads(slow, 3);
    assertThat(RawReply.exchange(port, get("/slow")).status()).isEqualTo(503);
    send(port, get("/other"));
    awaitHeads(slow, 4);

    assertThat(RawReply.exchange(port, get("/third")).status()).isEqualTo(503);
    // What needs no back end is still answered.
    assertThat(RawReply.exchange(port, get("/nobody")).status()).isEqualTo(404);
  }

  @Test
  void asksForAnErrorPageInPlaceOfTheRefusal() throws Exception {
    String annotations =
        "nginx.ingress.kubernetes.io/custom-http-errors: \"503\","
            + " nginx.ingress.kubernetes.io/default-backend: fast";
    int port =
        start(
            IngressProxyServlet.builder()
                .router(
                    IngressRouter.builder()
                        .dialect(Dialect.INGRESS_NGINX)
                        .manifests(
                            "rules.yaml",
                            rules(annotations, "slow")
                                + """
                                ---
                                apiVersion: v1
                                kind: Service
                                metadata: {name: fast}
                                spec:
                                  ports: [{port: 80}]
                                """)
                        .build())
                .backend("default/slow:80", "127.0.0.1:" + slow.port())
                .backend("default/fast:80", "127.0.0.1:" + fast.port())
                .maxRequestsPerBackend(1),
            16);
    send(port, get("/slow"));
    awaitHeads(slow, 1);

    RawReply reply = RawReply.exchange(port, get("/slow"));

    assertThat(reply.text()).isEqualTo("ok");
    assertThat(fast.next().header("x-code")).containsExactly("503");
  }

  @Test
  void boundsTheQuestionsToAServiceThatDecides() throws Exception {
    String annotations =
        "nginx.ingress.kubernetes.io/auth-url: \"http://127.0.0.1:" + slow.port() + "/auth\"";
    int port =
        start(
            IngressProxyServlet.builder()
                .router(
                    IngressRouter.builder()
                        .dialect(Dialect.INGRESS_NGINX)
                        .manifests("rules.yaml", rules(annotations, "fast"))
                        .build())
                .addressPolicy(AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8"))))
                .backend("default/fast:80", "127.0.0.1:" + fast.port())
                .maxRequestsPerBackend(2),
            16);
    Socket first = send(port, get("/fast"));
    send(port, get("/fast"));
    awaitHeads(slow, 2);

    assertThat(RawReply.exchange(port, get("/fast")).status()).isEqualTo(503);

    over.countDown();
    assertThat(RawReply.read(first, false).text()).isEqualTo("ok");
  }

  @Test
  void answers503WhenThereIsNoRoomForAConnection() throws Exception {
    int port =
        start(
            IngressProxyServlet.builder()
                .router(IngressRouter.builder().manifests("rules.yaml", rules("", "slow")).build())
                .backend("default/slow:80", "127.0.0.1:" + slow.port())
                .maxConnections(10, 1)
                .maxPending(0, Duration.ofSeconds(20)),
            16);
    Socket first = send(port, get("/slow"));
    awaitHeads(slow, 1);

    assertThat(RawReply.exchange(port, get("/slow")).text())
        .isEqualTo("The gateway is busy; try again later.\n");

    over.countDown();
    assertThat(RawReply.read(first, false).text()).isEqualTo("slow");
  }
}
