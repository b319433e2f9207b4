package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.TransportSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What gRPC needs of a gateway, in every container, between a client and a back end that both speak
 * HTTP/2 without TLS: ingress-nginx, backend-protocol GRPC; REL-11, REL-12.
 */
abstract class GrpcContract {

  private static final String[] CALL = {
    ":method: POST",
    ":scheme: http",
    ":path: /shop.Cart/Add",
    ":authority: a.test",
    "content-type: application/grpc",
    "te: trailers",
    "grpc-timeout: 1S"
  };

  private final Container.Starter starter;
  private H2Upstream upstream;
  private Container container;
  private H2Wire client;

  GrpcContract(Container.Starter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void start() throws Exception {
    upstream = new H2Upstream();
    IngressProxyServlet servlet =
        OneRoute.servlet(
                new Endpoint("127.0.0.1", upstream.port()),
                TransportSettings.DEFAULT.withProtocol(TransportSettings.Protocol.H2C))
            .build();
    container =
        starter.start(
            context -> {
              var registration = context.addServlet("proxy", servlet);
              registration.addMapping("/*");
              registration.setAsyncSupported(true);
            });
    client = H2Wire.connect(container.port());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    container.close();
    upstream.close();
  }

  private static String message(String text) {
    return "\0\0\0\0" + (char) text.length() + text;
  }

  @Test
  void passesACallAndItsStatusOn() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(head.id(), false, ":status: 200", "content-type: application/grpc");
              wire.data(head.id(), false, message("world"));
              wire.headers(head.id(), true, "grpc-status: 0", "grpc-message: fine");
            }));
    for (int id = 1; id < 6; id += 2) {
      client.headers(id, false, CALL);
      client.data(id, true, message("hello"));
      H2Wire.Message answer = client.answer(id);
      assertThat(answer.head().value(":status")).isEqualTo("200");
      assertThat(answer.head().value("content-type")).isEqualTo("application/grpc");
      assertThat(answer.body()).isEqualTo(message("world"));
      assertThat(answer.trailers().lines())
          .containsExactlyInAnyOrder("grpc-status: 0", "grpc-message: fine");
      H2Wire.Message received = upstream.next();
      assertThat(received.body()).isEqualTo(message("hello"));
      assertThat(received.head().lines())
          .contains(
              ":method: POST",
              ":path: /shop.Cart/Add",
              ":authority: a.test",
              "te: trailers",
              "content-type: application/grpc",
              "grpc-timeout: 1S");
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void passesAStatusOnThatComesAlone() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(
                  head.id(),
                  true,
                  ":status: 200",
                  "content-type: application/grpc",
                  "grpc-status: 5");
            }));
    client.headers(1, false, CALL);
    client.data(1, true, message("hello"));
    H2Wire.Message answer = client.answer(1);
    assertThat(answer.head().value("grpc-status")).isEqualTo("5");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void passesAStatusOnThatComesAfterAHeadWithoutMessages() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(head.id(), false, ":status: 200");
              wire.headers(head.id(), true, "grpc-status: 7");
            }));
    client.headers(1, false, CALL);
    client.data(1, true, message("hello"));
    H2Wire.Message answer = client.answer(1);
    assertThat(answer.trailers().lines()).containsExactly("grpc-status: 7");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void passesMessagesOnInBothDirectionsAsTheyCome() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              // Before the client has said anything but what it wants.
              wire.headers(head.id(), false, ":status: 200", "x-begun: 1");
              for (int i = 0; i < 3; i++) {
                wire.data(head.id(), false, "<" + wire.data(head.id(), 3) + ">");
              }
              wire.rest(head);
              wire.headers(head.id(), true, "grpc-status: 0");
            }));
    client.headers(1, false, CALL);
    assertThat(((H2Wire.Fields) client.part(1)).value("x-begun")).isEqualTo("1");
    for (String part : List.of("one", "two", "six")) {
      client.data(1, false, part);
      assertThat(client.data(1, 5)).isEqualTo("<" + part + ">");
    }
    client.data(1, true, "");
    H2Wire.Message end = client.rest(new H2Wire.Fields(1, List.of(), false));
    assertThat(end.trailers().lines()).containsExactly("grpc-status: 0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neverEndsACallProperlyThatBreaksOff(boolean takesTrailers) throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(head.id(), false, ":status: 200");
              wire.data(head.id(), false, message("half"));
              wire.reset(head.id(), 2);
            }));
    client.headers(1, false, takesTrailers ? CALL : Arrays.copyOf(CALL, 5));
    client.data(1, true, message("hello"));
    boolean isBroken;
    try {
      H2Wire.Message answer = client.answer(1);
      isBroken = answer.resetCode() >= 0;
    } catch (IOException e) {
      // The whole connection is gone.
      isBroken = true;
    }
    assertThat(isBroken).isTrue();
  }

  @Test
  void endsTheStreamOfACallThatTheClientCancels() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    upstream.script(
        upstream.each(
            (wire, head) -> {
              wire.headers(head.id(), false, ":status: 200");
              wire.data(head.id(), false, "x");
              // The body that the client breaks off, or the next message that it does not take.
              Thread more =
                  new Thread(
                      () -> {
                        try {
                          while (!cancelled.await(50, TimeUnit.MILLISECONDS)) {
                            wire.data(head.id(), false, "x");
                          }
                        } catch (IOException | InterruptedException e) {
                          // It is over.
                        }
                      });
              more.start();
              int code = wire.rest(head).resetCode();
              if (code < 0 && wire.part(head.id()) instanceof H2Wire.Frame frame) {
                // Tomcat may show what a client broke off as a body that has ended.
                code = frame.number(0);
              }
              if (code == 8) {
                cancelled.countDown();
              }
            }));
    client.headers(1, false, CALL);
    client.data(1, false, message("hello"));
    assertThat(client.part(1)).isInstanceOf(H2Wire.Fields.class);
    client.reset(1, 8);
    assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void answersACallThatNobodyTakesWithAStatusOfHttp() throws Exception {
    upstream.close();
    client.headers(1, false, CALL);
    client.data(1, true, message("hello"));
    assertThat(client.answer(1).head().value(":status")).isEqualTo("502");
  }
}
