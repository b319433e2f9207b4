package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TomcatFilterExampleTest {

  private final HttpServer elsewhere;
  private final Tomcat tomcat;

  TomcatFilterExampleTest() throws IOException, LifecycleException {
    elsewhere = Wire.echo("elsewhere");
    tomcat =
        TomcatFilterExample.start(
            Path.of("manifests/hello-ingress.yaml"),
            "127.0.0.1:" + elsewhere.getAddress().getPort(),
            0);
  }

  @AfterAll
  void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    elsewhere.stop(0);
  }

  private int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @ParameterizedTest(name = "{0} is for: {1}")
  @CsvSource(
      textBlock =
          """
          # target,      answer
          /pay,          pay got / by the rule /pay
          /pay/now?x=1,  pay got /now by the rule /pay
          /payment,      hello got /payment by the rule /
          /,             hello got / by the rule /
          /greeting,     hello got /greeting by the rule /
          # Tomcat gives this one to the application hello at once; the rules say the same path.
          /hello/you,    hello got /hello/you by the rule /
          """)
  void dispatchesToTheApplicationThatTheRulesName(String target, String answer) throws IOException {
    Wire.Reply reply = Wire.get(port(), "abc.sample.com", target);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualToIgnoringNewLines(answer);
  }

  @Test
  void proxiesToAnotherServerEvenWhereAnApplicationHasThatPath() throws IOException {
    Wire.Reply reply = Wire.get(port(), "xyz.sample.com", "/pay/now?x=1");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith("elsewhere GET /pay/now?x=1\n")
        .contains("Host: xyz.sample.com\n", "X-forwarded-for: 127.0.0.1\n");
  }

  @ParameterizedTest
  @CsvSource({"/", "/pay", "/hello"})
  void noApplicationAnswersForAHostWithoutRules(String target) throws IOException {
    assertThat(Wire.get(port(), "localhost", target).status()).isEqualTo(404);
  }
}
