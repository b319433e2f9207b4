package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Test;

/** The contract in Tomcat: the build runs it twice, with 10.1 and with 11 on the class path. */
final class TomcatContractTest extends ContainerContract {

  TomcatContractTest() {
    super(TomcatContainer::start);
  }

  @Test
  void runsInTheTomcatThatTheBuildNames() {
    assertThat(ServerInfo.getServerNumber())
        .startsWith(System.getProperty("ingress4j.tomcat", "10.1") + ".");
  }
}
