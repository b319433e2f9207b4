package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** SEC-49: one event is one line, and nothing of it is raw. */
class LogOutputTest {

  @Test
  void printsOneLineForAnEvent() {
    StringWriter text = new StringWriter();
    LogOutput.install(new PrintWriter(text, true), List.of());
    Logger logger = Logger.getLogger("io.github.ingress4j.cli.test");

    logger.log(Level.WARNING, "odd \u001b[31m\nline");
    logger.log(Level.SEVERE, "failed", new IllegalStateException("a\nb"));
    logger.log(Level.SEVERE, "failed", new IllegalStateException());
    logger.log(Level.INFO, "not shown");

    assertThat(text)
        .hasToString(
            """
            warning: odd \\u001b[31m\\nline
            severe: failed (IllegalStateException: a\\nb)
            severe: failed (IllegalStateException)
            """);
  }
}
