package io.github.ingress4j.servlet;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.UpstreamTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway in Tomcat with one back end that speaks HTTP/2. */
abstract class H2Test {

  final List<AutoCloseable> resources = new ArrayList<>();
  H2Upstream upstream;

  @BeforeEach
  void startUpstream() throws Exception {
    upstream = new H2Upstream();
    resources.add(upstream);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  /** Settings of which a test changes one. */
  static final class Changed {
    TransportSettings.Protocol protocol = TransportSettings.Protocol.H2C;
    Duration connect = Duration.ofSeconds(5);
    Duration send = Duration.ofSeconds(10);
    Duration read = Duration.ofSeconds(10);
    boolean buffersRequest;
    @Nullable UpstreamTls tls;

    TransportSettings settings() {
      return new TransportSettings(
          protocol,
          TransportSettings.Version.HTTP_1_1,
          connect,
          send,
          read,
          "close",
          buffersRequest,
          false,
          TransportSettings.Rate.UNLIMITED,
          tls);
    }
  }

  int gateway() throws Exception {
    return gateway(new Changed());
  }

  int gateway(Changed changed) throws Exception {
    return gateway(changed, RoutePolicies.NONE);
  }

  int gateway(Changed changed, RoutePolicies policies) throws Exception {
    return start(servlet(changed, policies));
  }

  /** Two endpoints, so that there is a next one to ask; both are the same. */
  IngressProxyServlet.Builder servlet(Changed changed, RoutePolicies policies) {
    Endpoint here = new Endpoint("127.0.0.1", upstream.port());
    return OneRoute.servlet(
            List.of(here, new Endpoint("127.0.0.2", upstream.port())), changed.settings(), policies)
        .reaching(endpoint -> here);
  }

  int start(IngressProxyServlet.Builder builder) throws Exception {
    Container container =
        TomcatContainer.start(
            context -> context.addServlet("proxy", builder.build()).addMapping("/*"));
    resources.add(container);
    return container.port();
  }

  static String get(String... lines) {
    return request("GET", lines);
  }

  static String request(String method, String... lines) {
    StringBuilder text = new StringBuilder(method).append(" / HTTP/1.1\r\nHost: a.test\r\n");
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  static String post(String body) {
    return request("POST", "Content-Length: " + body.length()) + body;
  }

  static String chunked(String body) {
    return request("POST", "Transfer-Encoding: chunked")
        + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
        + "0\r\nX-Sum: 1\r\n\r\n";
  }

  static String text(int length) {
    return "0123456789abcde\n".repeat(length / 16 + 1).substring(0, length);
  }
}
