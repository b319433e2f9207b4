package io.github.ingress4j.cli;

import io.github.ingress4j.dialect.Dialect;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program {@code ingress4j}.
 *
 * <table>
 *   <caption>Exit codes</caption>
 *   <tr><th>Code</th><th>Meaning</th></tr>
 *   <tr><td>0</td><td>everything is as it should be</td></tr>
 *   <tr><td>1</td><td>the manifests have error findings, or the gateway could not start</td></tr>
 *   <tr><td>2</td><td>the command line or a line of requests cannot be understood</td></tr>
 *   <tr><td>3</td><td>a defect of the program, or its output could not be written</td></tr>
 * </table>
 */
@Command(
    name = "ingress4j",
    description = "Routes requests by Kubernetes Ingress manifests, without a cluster.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Versions.class,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  ingress4j route --url http://abc.sample.com/pay k8s/",
      "",
      "Exit codes: 0 fine; 1 the manifests have error findings; 2 the command line or a",
      "line of requests cannot be understood; 3 internal."
    })
public final class Main implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean isHelpWanted;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the versions of the program and of the dialects.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean isVersionWanted;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "After an internal error, print where it happened.")
  private boolean isStackTraceWanted;

  private Main() {}

  /**
   * Runs a command and ends the process.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    System.exit(run(Streams.ofProcess(), args));
  }

  /** Runs a command. */
  static int run(Streams streams, String... args) {
    Main main = new Main();
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8), true);
    PrintWriter err = streams.errPrinter();
    CommandLine.Help.Ansi ansi =
        streams.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    CommandLine commands = new CommandLine(main);
    addCommands(commands, streams, args);
    commands
        .setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(36)
        .setAbbreviatedOptionsAllowed(false)
        .setParameterExceptionHandler((e, given) -> usageError(e, err))
        .setExecutionExceptionHandler((e, command, result) -> main.failure(e, err));
    try {
      int code = commands.execute(args);
      streams.flush();
      return code;
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      return main.failure(e, err);
    }
  }

  /**
   * Adds the command that is named, or all of them if none is. Reading the annotations of a command
   * takes longer than routing a request.
   */
  private static void addCommands(CommandLine commands, Streams streams, String... args) {
    Map<String, Supplier<Object>> known = new LinkedHashMap<>();
    known.put("route", () -> new RouteCommand(streams));
    known.put("lint", () -> new LintCommand(streams));
    known.put("serve", () -> new ServeCommand(streams));
    if (args.length > 0 && known.containsKey(args[0])) {
      known.keySet().retainAll(Set.of(args[0]));
    }
    known.forEach((name, command) -> commands.addSubcommand(name, command.get()));
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    CommandLine commands = commandLine();
    throw new ParameterException(
        commands, "name a command: " + String.join(", ", commands.getSubcommands().keySet()));
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("the command has not been set up");
    }
    return spec.commandLine();
  }

  private static int usageError(ParameterException e, PrintWriter err) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName(" ");
    StringBuilder message = new StringBuilder(text(e));
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> suggestions = new ArrayList<>(unmatched.getSuggestions());
      if (!suggestions.isEmpty()) {
        message.append("; did you mean ").append(suggestions.get(0)).append('?');
      }
    }
    err.println(name + ": " + Words.printable(oneLine(message.toString())));
    err.println("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  private int failure(Throwable e, PrintWriter err) {
    if (e instanceof ParameterException usage) {
      return usageError(usage, err);
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      if (text(e).contains("Broken pipe")) {
        // Whoever reads the answers, such as `head`, has enough of them.
        return ExitCode.INTERNAL;
      }
      err.println("ingress4j: input or output failed: " + Words.printable(oneLine(text(e))));
      return ExitCode.INTERNAL;
    }
    return internalError(e, err);
  }

  private int internalError(Throwable e, PrintWriter err) {
    err.println(
        "ingress4j: internal error: "
            + e.getClass().getSimpleName()
            + ": "
            + Words.printable(oneLine(text(e)))
            + (isStackTraceWanted ? "" : " (--stacktrace shows where)"));
    if (isStackTraceWanted) {
      for (StackTraceElement element : e.getStackTrace()) {
        err.println("  at " + element);
      }
    }
    return ExitCode.INTERNAL;
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null ? "no message" : message;
  }

  private static String oneLine(String text) {
    return text.replace("\r", "").replace("\n", " ").trim();
  }

  /** What {@code --version} prints. */
  static final class Versions implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
      List<String> lines = new ArrayList<>();
      lines.add("ingress4j " + ProductVersion.text());
      for (Dialect dialect : Dialect.values()) {
        lines.add("dialect " + dialect.text() + ": " + dialect.version());
      }
      return lines.toArray(new String[0]);
    }
  }
}
