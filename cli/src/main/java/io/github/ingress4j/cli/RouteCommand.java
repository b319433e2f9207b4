package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.SimpleRequest;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ingress4j route}: who gets a request, and why. */
@Command(
    name = "route",
    description = "Say who gets a request, with which path and headers, and which rule says so.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ingress4j route --url 'http://abc.sample.com/pay?x=1' k8s/",
      "  ingress4j route --dialect ingress-nginx --url http://abc.sample.com/pay/x k8s/",
      "  ingress4j route --requests requests.jsonl --output json k8s/ > answers.jsonl",
      "",
      "A line of requests is a JSON object such as",
      "  {\"id\":1,\"method\":\"GET\",\"url\":\"http://abc.sample.com/pay\"}"
    })
final class RouteCommand implements Callable<Integer> {

  private final Streams streams;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The request; everything after the authority is sent as it stands.")
  private @Nullable String url;

  @Option(names = "--method", paramLabel = "M", description = "The method of --url. Default: GET.")
  private @Nullable String method;

  @Option(
      names = "--header",
      paramLabel = "'N: v'",
      description = "A header of --url. May be repeated; Host replaces that of the URL.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--requests",
      paramLabel = "FILE|-",
      description = "Read requests, one JSON object a line, from a file or standard input.")
  private @Nullable String requests;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.OfSeed.class,
      description = "Where randomness begins: equal numbers, equal answers. Default: 0.")
  private long seed;

  @Option(
      names = "--assume-secrets",
      description = "Answer as if every Secret that the manifests name existed.")
  private boolean areSecretsAssumed;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      converter = Converters.OfOutput.class,
      description = "For people or for programs. Default: text.")
  private OutputFormat output = OutputFormat.TEXT;

  @Mixin private RulesOptions rules = new RulesOptions();

  RouteCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    String file = requests;
    if ((url == null) == (file == null)) {
      throw usage("name the request by --url, or many by --requests");
    }
    if (file != null && (method != null || !headers.isEmpty())) {
      throw usage("--method and --header belong to --url; a line of requests has its own");
    }
    rules.check(usage());
    if (Input.STANDARD_INPUT.equals(file) && rules.readsStandardInput()) {
      throw usage("only one of PATH and --requests can be -");
    }
    Question single =
        url == null
            ? null
            : new Question(
                Question.Id.NONE, request(url), Question.DEFAULT_BACKEND_STATUS, null, null);
    try (InputStream lines = file == null ? InputStream.nullInputStream() : open(file)) {
      StandingClock clock = new StandingClock();
      IngressRouter router =
          rules.router(rules.manifests(streams), new Random(seed), clock, areSecretsAssumed);
      boolean hasErrors = FindingsReport.print(router.diagnostics(), streams.errPrinter());
      AnswerPrinter printer = printer(single == null);
      boolean isUnderstood = true;
      if (single == null) {
        isUnderstood = answerAll(router, clock, lines, printer);
      } else {
        answer(router, clock, single, printer);
      }
      printer.flush();
      return isUnderstood ? hasErrors ? ExitCode.FINDINGS : ExitCode.OK : ExitCode.USAGE;
    }
  }

  private AnswerPrinter printer(boolean isMany) throws IOException {
    if (output == OutputFormat.JSON) {
      return new JsonAnswers(streams.out());
    }
    Palette palette = Palette.of(streams);
    return isMany
        ? new TextTable(streams.outWriter(), palette)
        : new TextAnswer(streams.outWriter(), palette);
  }

  private InputStream open(String file) {
    if (file.equals(Input.STANDARD_INPUT)) {
      return streams.in();
    }
    try {
      Path path = Path.of(file);
      if (!Files.isDirectory(path)) {
        // Unlike a channel, this reads pipes and devices too.
        return new BufferedInputStream(new FileInputStream(path.toFile()));
      }
    } catch (IOException | IllegalArgumentException e) {
      // The message of either says no more than this one.
    }
    throw usage("--requests: " + PrintableText.quote(file) + " cannot be read");
  }

  private SimpleRequest request(String text) {
    SimpleRequest.Builder request = SimpleRequest.builder();
    try {
      request.url(text);
    } catch (IllegalArgumentException e) {
      throw usage("--url: " + e.getMessage());
    }
    if (method != null) {
      request.method(bytes(method));
    }
    List<String> hosts = new ArrayList<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      String name = colon < 0 ? "" : header.substring(0, colon);
      if (!HeaderName.isToken(name)) {
        throw usage("--header: " + PrintableText.quote(header) + " is not 'NAME: VALUE'");
      }
      String value = bytes(header.substring(colon + 1).trim());
      if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
        throw usage("--header: " + PrintableText.quote(header) + " has more than one line");
      }
      if (name.equalsIgnoreCase("Host")) {
        hosts.add(value);
      } else {
        request.header(name, value);
      }
    }
    if (!hosts.isEmpty()) {
      request.hosts(hosts);
    }
    return request.build();
  }

  /** The bytes that a client would send for a text, one character each. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Answers every line, and returns whether all of them could be understood. */
  private static boolean answerAll(
      IngressRouter router, StandingClock clock, InputStream in, AnswerPrinter printer)
      throws IOException {
    QuestionParser parser = new QuestionParser();
    LineReader lines = new LineReader(in, printer);
    boolean isUnderstood = true;
    for (int number = 1; lines.next(); number++) {
      if (lines.isBlank()) {
        continue;
      }
      try {
        if (lines.isCut()) {
          throw new BadLineException("longer than " + LineReader.LIMIT + " bytes");
        }
        answer(router, clock, parser.parse(lines.bytes(), lines.length()), printer);
      } catch (BadLineException e) {
        isUnderstood = false;
        printer.badLine("line " + number + ": " + e.text());
      }
    }
    return isUnderstood;
  }

  /** Drives an exchange to its last step and prints it. */
  private static void answer(
      IngressRouter router, StandingClock clock, Question question, AnswerPrinter printer)
      throws IOException {
    if (question.at() != null) {
      clock.set(question.at());
    }
    Exchange exchange = router.exchange(question.request());
    try {
      printer.answer(question, Outcome.of(exchange, question));
    } finally {
      exchange.end();
    }
  }

  private CommandSpec usage() {
    if (spec == null) {
      throw new IllegalStateException("the command has not been set up");
    }
    return spec;
  }

  private ParameterException usage(String message) {
    return new ParameterException(usage().commandLine(), message);
  }
}
