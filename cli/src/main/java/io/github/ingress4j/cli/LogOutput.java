package io.github.ingress4j.cli;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Prints warnings and errors of the running gateway to standard error: one event, one line. */
final class LogOutput extends Handler {

  private static final Logger ROOT = Logger.getLogger("");

  /** What is wrong with a request is said in its answer; clients must not fill the log with it. */
  private static final List<Logger> ABOUT_REQUESTS =
      List.of(
          Logger.getLogger("org.eclipse.jetty.http"),
          Logger.getLogger("org.eclipse.jetty.util.HostPort"));

  private final PrintWriter err;
  private final Set<String> told;

  private LogOutput(PrintWriter err, List<Diagnostic> told) {
    this.err = err;
    this.told =
        told.stream()
            .filter(Diagnostic::isError)
            .map(finding -> PrintableText.escape(finding.toString()))
            .collect(Collectors.toSet());
    setLevel(Level.WARNING);
    setFormatter(new OneLine());
  }

  /**
   * Makes this the only output of the process's loggers.
   *
   * @param err where to
   * @param told the findings that were printed before, so that the gateway need not repeat them
   */
  static void install(PrintWriter err, List<Diagnostic> told) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.setLevel(Level.WARNING);
    ABOUT_REQUESTS.forEach(logger -> logger.setLevel(Level.OFF));
    ROOT.addHandler(new LogOutput(err, told));
  }

  @Override
  public void publish(LogRecord record) {
    if (isLoggable(record) && !told.contains(record.getMessage())) {
      err.println(getFormatter().format(record));
    }
  }

  @Override
  public void flush() {
    err.flush();
  }

  @Override
  public void close() {
    flush();
  }

  /** The event on one line; what it quotes is escaped, and of an exception the type is named. */
  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      Throwable thrown = record.getThrown();
      String text =
          record.getLevel().getName().toLowerCase(Locale.ROOT)
              + ": "
              + PrintableText.escape(formatMessage(record), 500);
      return thrown == null
          ? text
          : text
              + " ("
              + thrown.getClass().getSimpleName()
              + (thrown.getMessage() == null
                  ? ""
                  : ": " + PrintableText.escape(thrown.getMessage()))
              + ")";
    }
  }
}
