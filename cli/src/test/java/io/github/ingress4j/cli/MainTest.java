package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void printsItsVersionAndThoseOfTheDialects() {
    Cli.Run run = Cli.run("--version");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .matches(
            """
            ingress4j \\d+\\.\\d+\\.\\d+\\S*
            dialect kubernetes: networking.k8s.io/v1
            dialect ingress-nginx: ingress-nginx v1\\.15\\.1
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "lint", "serve"})
  void showsAnExampleInTheHelpOfEachCommand(String command) {
    Cli.Run run = Cli.run(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("Usage: ingress4j " + command, "Example", "ingress4j " + command + " -");
    assertThat(run.out())
        .contains(
            "--dialect",
            "--ingress-class",
            "--namespace",
            "--path-policy",
            "--field-validation",
            "--endpoints",
            "--trusted-proxy",
            "--config-map",
            "--default-backend",
            "--annotations-prefix",
            "--ignore-protecting-annotations",
            "--allow-external-names",
            "PATH");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void showsTheCommandsInItsHelp() {
    Cli.Run run = Cli.run("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("route", "lint", "serve", "Exit codes");
  }

  @Test
  void asksForACommand() {
    assertThat(Cli.run())
        .isEqualTo(
            new Cli.Run(
                2, "", "ingress4j: name a command: route, lint, serve\nTry 'ingress4j --help'.\n"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # arguments                                       | message
          rout x                                            | ingress4j: Unmatched arguments from index 0: 'rout', 'x'; did you mean route?
          route --url http://a/                             | ingress4j route: Missing required parameter: 'PATH'
          route x                                           | ingress4j route: name the request by --url, or many by --requests
          route --url http://a/ --requests f x              | ingress4j route: name the request by --url, or many by --requests
          route --url a x                                   | ingress4j route: --url: "a" is not a URL such as http://shop.example/cart
          route --requests f --method GET x                 | ingress4j route: --method and --header belong to --url; a line of requests has its own
          route --requests /nowhere/x.jsonl x               | ingress4j route: --requests: "/nowhere/x.jsonl" cannot be read
          route --requests / x                              | ingress4j route: --requests: "/" cannot be read
          route --requests - -                              | ingress4j route: only one of PATH and --requests can be -
          route --url http://a/ - -                         | ingress4j route: only one PATH can be -
          route --url http://a/ --header x y                | ingress4j route: --header: "x" is not 'NAME: VALUE'
          route --url http://a/ --seed x y                  | ingress4j route: Invalid value for option '--seed': "x" is not a whole number of at most 64 bits
          route --url http://a/ --output xml y              | ingress4j route: Invalid value for option '--output': "xml" is not text or json
          route --url http://a/ --frob y                    | ingress4j route: Unknown option: '--frob'
          lint --dialect traefik x                          | ingress4j lint: Invalid value for option '--dialect': "traefik" is not kubernetes or ingress-nginx
          lint --path-policy lax x                          | ingress4j lint: Invalid value for option '--path-policy': "lax" is not strict or nginx
          lint --path-policy STRICT x                       | ingress4j lint: Invalid value for option '--path-policy': "STRICT" is not strict or nginx
          lint --field-validation warn x                    | ingress4j lint: Invalid value for option '--field-validation': "warn" is not strict or ignore
          lint --endpoints some x                           | ingress4j lint: Invalid value for option '--endpoints': "some" is not auto or complete
          lint --trusted-proxy 10.0.0.0/33 x                | ingress4j lint: Invalid value for option '--trusted-proxy' (CIDR): "10.0.0.0/33" needs a number from 0 to 32 after the slash
          lint --config-map name x                          | ingress4j lint: Invalid value for option '--config-map': "name" is not NAMESPACE/NAME, such as ingress-nginx/ingress-nginx-controller
          lint --default-backend web:80 x                   | ingress4j lint: Invalid value for option '--default-backend': "web:80" is not NAMESPACE/SERVICE:PORT, such as default/web:8080
          lint --default-backend a/b:65536 x                | ingress4j lint: Invalid value for option '--default-backend': "a/b:65536" is not NAMESPACE/SERVICE:PORT, such as default/web:8080
          lint --namespace A x                              | ingress4j lint: Invalid value for option '--namespace': "A" is not a namespace: up to 63 lower-case letters, digits and '-'
          lint --annotations-prefix a/b x                   | ingress4j lint: Invalid value for option '--annotations-prefix': "a/b" is not the prefix of an annotation, such as nginx.ingress.kubernetes.io
          lint --output xml x                               | ingress4j lint: Invalid value for option '--output': "xml" is not text or json or sarif
          lint --fail-on info x                             | ingress4j lint: Invalid value for option '--fail-on': "info" is not error or warning
          lint --ignore path-shadow x                       | ingress4j lint: --ignore: there is no rule "path-shadow"; did you mean path-shadowed?
          lint --ignore zzz x                               | ingress4j lint: --ignore: there is no rule "zzz"
          lint --dialect kubernetes --ignore zzz x          | ingress4j lint: --ignore: there is no rule "zzz"
          lint --ignore path-shadowed@ x                    | ingress4j lint: --ignore: "path-shadowed@" names no object after the @
          serve --https-port 70000 x                        | ingress4j serve: Invalid value for option '--https-port': "70000" is not a port from 1 to 65535, or 0 to pick a free one
          serve --port 65536 x                              | ingress4j serve: Invalid value for option '--port': "65536" is not a port from 1 to 65535, or 0 to pick a free one
          serve --backend a/b:1 x                           | ingress4j serve: Invalid value for option '--backend' (NS/SERVICE:PORT=HOST:PORT[,HOST:PORT]): "a/b:1" is not NAMESPACE/SERVICE:PORT=HOST:PORT, such as default/web:80=localhost:3000
          serve --backend a/b:1=c x                         | ingress4j serve: Invalid value for option '--backend' (NS/SERVICE:PORT=HOST:PORT[,HOST:PORT]): "c" is not HOST:PORT, such as localhost:3000
          """)
  void saysInOneLineWhatIsWrongWithTheCommandLine(String arguments, String message) {
    Cli.Run run = Cli.run(arguments.split(" "));

    String command = message.substring(0, message.indexOf(':'));
    assertThat(run).isEqualTo(new Cli.Run(2, "", message + "\nTry '" + command + " --help'.\n"));
  }

  @Test
  void refusesAnEmptyPathAndAnEmptyClass() {
    assertThat(Cli.run("lint", "").err()).startsWith("ingress4j lint: \"\" is not a path\n");
    assertThat(Cli.run("lint", "a\0b").err())
        .startsWith("ingress4j lint: \"a\\u0000b\" is not a path\n");
    assertThat(Cli.run("lint", "--ingress-class", "", "x").err()).contains("a class has a name");
  }

  @Test
  void printsNoControlCharactersOfArguments() {
    // SEC-49
    Cli.Run run = Cli.run("lint", "--frob\u001b[31m\n", "x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("\u001b").contains("\\u001b[31m");
    assertThat(run.err().lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, 'ingress4j: input or output failed: No space left on device\n'",
    // Whoever reads has enough: nothing to complain about.
    "Broken pipe, ''",
  })
  void endsWithThreeIfTheOutputCannotBeWritten(String fault, String message) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(fault);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int code =
        Main.run(
            new Streams(new ByteArrayInputStream(new byte[0]), broken, err, false),
            "lint",
            "--output",
            "json",
            "-");

    assertThat(code).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsADefectInOneLineUnlessTheStackIsWanted(boolean isStackWanted) {
    OutputStream defective =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new IllegalStateException("first\nsecond");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] args =
        isStackWanted ? new String[] {"lint", "--stacktrace", "-"} : new String[] {"lint", "-"};

    int code =
        Main.run(new Streams(new ByteArrayInputStream(new byte[0]), defective, err, false), args);

    assertThat(code).isEqualTo(3);
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text).startsWith("ingress4j: internal error: IllegalStateException: first second");
    if (isStackWanted) {
      assertThat(text).contains("\n  at io.github.ingress4j.cli.LintCommand");
    } else {
      assertThat(text.lines()).hasSize(1);
      assertThat(text).contains("--stacktrace");
    }
  }
}
