package io.github.ingress4j.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * What a command reads from and writes to. Text is UTF-8 whatever the terminal's settings are.
 *
 * @param in standard input
 * @param out standard output, buffered
 * @param err standard error, buffered
 * @param isColoured whether text on {@code out} may hold the colour codes of terminals
 */
record Streams(InputStream in, OutputStream out, OutputStream err, boolean isColoured) {

  /** The streams of the process. */
  static Streams ofProcess() {
    // The print streams of System lock and flush with every line; 10,000 answers would show it.
    return new Streams(
        // Reading all of a bare file stream asks for its position, which a pipe does not have.
        new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)),
        CommandLine.Help.Ansi.AUTO.enabled());
  }

  /** Returns these streams with another standard input. */
  Streams withIn(InputStream other) {
    return new Streams(other, out, err, isColoured);
  }

  /** Writes text to standard output. The caller flushes what it gets. */
  Writer outWriter() {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Prints text for a person to standard error, line by line. */
  PrintWriter errPrinter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }

  /** Writes a line to standard output at once. */
  void printLine(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flush() throws IOException {
    out.flush();
    err.flush();
  }
}
