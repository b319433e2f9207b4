package io.github.ingress4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Java program in a process of its own, on the JDK that runs the tests. */
final class JavaProcess {

  private JavaProcess() {}

  /** Returns what the program prints, if it ends well. */
  static String run(Path directory, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the program ends").isTrue();
      assertThat(process.exitValue()).as("exit code of %s", command).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the entries of the class path that the tests run on. */
  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }

  static String absoluteClassPath() {
    return classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
