package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JettyGatewayExampleTest {

  private final HttpServer storefront;
  private final HttpServer archive;
  private final Server gateway;

  JettyGatewayExampleTest() throws Exception {
    storefront = Wire.echo("storefront");
    archive = Wire.echo("archive");
    gateway =
        JettyGatewayExample.start(
            Path.of("manifests/shop.yaml"),
            Map.of(
                "shop/storefront:http", "127.0.0.1:" + storefront.getAddress().getPort(),
                "shop/archive:http", "127.0.0.1:" + archive.getAddress().getPort()),
            0);
  }

  @AfterAll
  void stop() throws Exception {
    gateway.stop();
    storefront.stop(0);
    archive.stop(0);
  }

  private int port() {
    return gateway.getURI().getPort();
  }

  @ParameterizedTest(name = "{0}{1} is for {2}")
  @CsvSource(
      textBlock =
          """
          # host,            target,              back end
          www.shop.example,  /sofas?page=2,       storefront
          www.shop.example,  /cart/,              storefront
          api.shop.example,  /orders/archive/7,   archive
          api.shop.example,  /elsewhere,          storefront
          unknown.example,   /,                   storefront
          # Every server would give this to the storefront, however it reads the %2F.
          www.shop.example,  /sofas%2Fred,        storefront
          """)
  void sendsTheRequestToTheBackEndAsItCame(String host, String target, String backEnd)
      throws Exception {
    Wire.Reply reply = Wire.get(port(), host, target, "X-Forwarded-For: 6.6.6.6");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith(backEnd + " GET " + target + "\n")
        .contains("Host: " + host + "\n", "X-forwarded-for: 127.0.0.1\n")
        .doesNotContain("6.6.6.6");
  }

  @Test
  void answers503WhereTheEndpointSlicesHaveNoReadyEndpoint() throws Exception {
    Wire.Reply reply = Wire.get(port(), "api.shop.example", "/returns");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).contains("The back end has no usable endpoint.");
  }

  @Test
  void theRouterRefusesAnAmbiguousPathAndSaysWhy() throws Exception {
    Wire.Reply reply = Wire.get(port(), "api.shop.example", "/orders%2Farchive");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("Some servers read this path as \"/orders/archive\"");
  }
}
