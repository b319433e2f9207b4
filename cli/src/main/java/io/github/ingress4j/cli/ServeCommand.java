package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.manifest.ManifestSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ingress4j serve}: a gateway in this process. */
@Command(
    name = "serve",
    description = {
      "Run a gateway on this machine that routes real requests by the manifests.",
      "Requests go to the endpoints that the manifests list, or to service.namespace.svc by DNS,"
          + " unless --echo-backends or --backend says otherwise. SIGTERM and Ctrl-C end it after"
          + " the requests under way."
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ingress4j serve --echo-backends k8s/",
      "  curl -H 'Host: abc.sample.com' localhost:8080/pay",
      "",
      "  ingress4j serve --backend default/web:80=localhost:3000 k8s/",
      "",
      "  ingress4j serve --https-port 8443 --echo-backends k8s/",
      "  curl -k --connect-to ::localhost:8443 https://abc.sample.com/pay"
    })
final class ServeCommand implements Callable<Integer> {

  private final Streams streams;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "The address to listen on. Default: 127.0.0.1.")
  private String bind = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      converter = Converters.OfListeningPort.class,
      description = "The port to listen on; 0 picks a free one. Default: 8080.")
  private int port = 8080;

  @Option(
      names = "--https-port",
      paramLabel = "N",
      converter = Converters.OfListeningPort.class,
      description =
          "The port to listen on for TLS, with the certificates of the Secrets that the rules name;"
              + " 0 picks a free one. Default: no TLS.")
  private @Nullable Integer httpsPort;

  @Option(
      names = "--health-port",
      paramLabel = "N",
      converter = Converters.OfListeningPort.class,
      description = "The port of /healthz and /readyz. Default: 0, a free one.")
  private int healthPort;

  @Option(
      names = "--echo-backends",
      description =
          "Start a back end for every port of a Service that the rules name; it answers with what"
              + " it received.")
  private boolean isEchoWanted;

  @Option(
      names = "--backend",
      paramLabel = "NS/SERVICE:PORT=HOST:PORT[,HOST:PORT]",
      converter = Converters.OfBackendMapping.class,
      description = "Send the requests for a Service's port to these addresses. May be repeated.")
  private List<BackendMapping> backends = new ArrayList<>();

  @Mixin private RulesOptions rules = new RulesOptions();

  ServeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (spec == null) {
      throw new IllegalStateException("the command has not been set up");
    }
    rules.check(spec);
    PrintWriter err = streams.errPrinter();
    ManifestSet manifests = rules.manifests(streams);
    IngressRouter router = rules.router(manifests, new Random());
    FindingsReport.print(router.diagnostics(), err);
    LogOutput.install(err, router.diagnostics());
    if (!manifests.isReadable()) {
      err.println("ingress4j serve: nothing in the manifests can be read, so nothing is served");
      return ExitCode.FINDINGS;
    }
    Set<Backend.ServicePort> named = LocalGateway.servicePorts(router);
    for (BackendMapping mapping : backends) {
      if (!named.contains(mapping.backend())) {
        err.println(
            "ingress4j serve: --backend: no rule names "
                + mapping.backend()
                + (named.isEmpty() ? "" : "; they name " + Words.list(named, 5)));
      }
    }
    try (LocalGateway gateway =
        LocalGateway.start(
            new LocalGateway.Settings(bind, port, httpsPort, healthPort, isEchoWanted, backends),
            router)) {
      Termination termination = Termination.install(gateway::close);
      streams.printLine(gateway.readyLine());
      termination.await();
      return ExitCode.OK;
    } catch (LocalGateway.PortException e) {
      err.println("ingress4j serve: " + Words.printable(e.text()));
      return ExitCode.FINDINGS;
    }
  }
}
