package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
            "forward /?y=1 to default/nginx-svc:9080 (default/hello-ingress)");
  }

  @Test
  void isTheProgramOfTheReadme() throws IOException {
    String source = Files.readString(SOURCE);
    List<String> programs =
        JAVA_BLOCK
            .matcher(readme())
            .results()
            .map((MatchResult block) -> block.group(1))
            .filter(block -> block.contains("IngressRouter") && block.contains("System.out"))
            .toList();

    assertThat(programs).as("README.md shows one program that looks a request up").hasSize(1);
    String program = programs.get(0);
    assertThat(imports(program)).isEqualTo(imports(source)).isNotEmpty();
    assertThat(statements(source)).contains(statements(program));
  }

  @Test
  void theReadmeSaysWhatIsPrinted() throws Exception {
    assertThat(readme()).contains(run().strip());
  }

  private static String readme() throws IOException {
    return Files.readString(README);
  }

  private static List<String> imports(String program) {
    return program.lines().filter(line -> line.startsWith("import ")).toList();
  }

  /** Returns what is neither import nor comment, without the white space, which is README's own. */
  private static String statements(String program) {
    return program
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("import ") && !line.startsWith("//"))
        .filter(line -> !line.startsWith("/*") && !line.startsWith("*"))
        .collect(Collectors.joining())
        .replaceAll("\\s+", "");
  }

  /** Runs the program as its comment says, in the root of the repository. */
  private static String run() throws IOException, InterruptedException {
    return JavaProcess.run(
        Path.of(".."), "-cp", JavaProcess.absoluteClassPath(), LookUp.class.getName());
  }
}
