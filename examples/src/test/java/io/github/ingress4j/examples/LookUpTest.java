package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The program in README.md is the one that is compiled and run here, and prints what is said. */
class LookUpTest {

  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE =
      Path.of("src/main/java/io/github/ingress4j/examples/LookUp.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java$\\n(.*?)^```$");

  @Test
  void printsTheDecision() throws Exception {
    assertThat(run())
        .isEqualToIgnoringNewLines(
            "forward /pay?x=1 to default/nginx-svc:9080 (default/hello-ingress)");
  }

  @Test
  void isTheProgramOfTheReadme() throws IOException {
    List<String> source = code(Files.readString(SOURCE));
    List<String> programs =
        JAVA_BLOCK
            .matcher(readme())
            .results()
            .map((MatchResult block) -> block.group(1))
            .filter(block -> block.contains("IngressRouter") && block.contains("System.out"))
            .toList();

    assertThat(programs).as("README.md shows one program that looks a request up").hasSize(1);
    assertThat(code(programs.get(0)))
        .as("the README's program is a part of LookUp.java, without gaps")
        .satisfies(program -> assertThat(source).containsSequence(program));
  }

  @Test
  void theReadmeSaysWhatIsPrinted() throws Exception {
    assertThat(readme()).contains(run().strip());
  }

  private static String readme() throws IOException {
    assumeTrue(Files.exists(README), "README.md is missing, so its program cannot be checked");
    return Files.readString(README);
  }

  /** Returns the lines that are code, without the indentation, which the README may choose. */
  private static List<String> code(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("/**") && !line.startsWith("*"))
        .toList();
  }

  /** Runs the program as its comment says, in the root of the repository. */
  private static String run() throws IOException, InterruptedException {
    return JavaProcess.run(
        Path.of(".."), "-cp", JavaProcess.absoluteClassPath(), LookUp.class.getName());
  }
}
