package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.routing.PathPolicy;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The options about the rules, which every command has, and the manifests. */
final class RulesOptions {

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "A manifest file, a directory, or - for standard input.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--dialect",
      paramLabel = "kubernetes|ingress-nginx",
      converter = Converters.OfDialect.class,
      description =
          "What an Ingress means: what the specification says, or what the controller ingress-nginx"
              + " makes of it, annotations included. Default: kubernetes.")
  private Dialect dialect = Dialect.KUBERNETES;

  @Option(
      names = "--ingress-class",
      paramLabel = "NAME",
      converter = Converters.OfClass.class,
      description =
          "Serve this class only; a name with a / is that of a controller. Default: every Ingress"
              + " counts.")
  private @Nullable String ingressClass;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      converter = Converters.OfNamespace.class,
      description = "The namespace of objects that name none. Default: default.")
  private String namespace = "default";

  @Option(
      names = "--path-policy",
      paramLabel = "strict|nginx",
      converter = Converters.OfPathPolicy.class,
      description =
          "How request paths are read: strict forwards exactly what was matched and refuses what"
              + " is ambiguous. Default: strict.")
  private PathPolicy pathPolicy = PathPolicy.STRICT;

  @Option(
      names = "--field-validation",
      paramLabel = "strict|ignore",
      converter = Converters.OfFieldValidation.class,
      description =
          "What becomes of objects with unknown or duplicate members: strict refuses them."
              + " Default: strict.")
  private ManifestParser.FieldValidation fieldValidation = ManifestParser.FieldValidation.STRICT;

  @Option(
      names = "--endpoints",
      paramLabel = "auto|complete",
      converter = Converters.OfEndpoints.class,
      description =
          "Whether the manifests say everything about endpoints: complete if so; auto if they hold"
              + " an EndpointSlice. Default: auto.")
  private Translation.EndpointKnowledge endpoints = Translation.EndpointKnowledge.AUTO;

  @Option(
      names = "--trusted-proxy",
      paramLabel = "CIDR",
      converter = Converters.OfCidr.class,
      description =
          "Believe the X-Forwarded headers of peers in this block. May be repeated. Default:"
              + " nobody is believed.")
  private List<Cidr> trustedProxies = new ArrayList<>();

  @Option(
      names = "--config-map",
      paramLabel = "NS/NAME",
      converter = Converters.OfObjectName.class,
      description =
          "The ConfigMap with the controller's settings. Default:"
              + " ingress-nginx/ingress-nginx-controller. The dialect kubernetes reads none of"
              + " them.")
  private @Nullable String configMap;

  @Option(
      names = "--default-backend",
      paramLabel = "NS/SERVICE:PORT",
      converter = Converters.OfServicePort.class,
      description = "Who gets the requests that nothing else takes. Default: nobody, they are 404.")
  private Backend.@Nullable ServicePort defaultBackend;

  @Option(
      names = "--annotations-prefix",
      paramLabel = "P",
      converter = Converters.OfPrefix.class,
      description =
          "The prefix of the controller's annotations. Default: nginx.ingress.kubernetes.io.")
  private String annotationsPrefix = "nginx.ingress.kubernetes.io";

  @Option(
      names = "--ignore-protecting-annotations",
      description =
          "Leave routes open although annotations ask for a protection that is not enforced here."
              + " Without it they answer 503.")
  private boolean isProtectionIgnored;

  @Option(
      names = "--allow-external-names",
      description =
          "Let Services of the type ExternalName send requests to names outside the cluster.")
  private boolean areExternalNamesAllowed;

  /** Returns whether one of the paths is standard input. */
  boolean readsStandardInput() {
    return paths.contains(Input.STANDARD_INPUT);
  }

  /**
   * Checks what no single option can.
   *
   * @param spec the command
   * @throws ParameterException if a path cannot be one, or standard input is named twice
   */
  void check(CommandSpec spec) {
    int standardInputs = 0;
    for (String path : paths) {
      if (!isPath(path)) {
        throw new ParameterException(
            spec.commandLine(), PrintableText.quote(path) + " is not a path");
      }
      standardInputs += path.equals(Input.STANDARD_INPUT) ? 1 : 0;
    }
    if (standardInputs > 1) {
      throw new ParameterException(spec.commandLine(), "only one PATH can be -");
    }
  }

  private static boolean isPath(String text) {
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Reads the manifests. */
  ManifestSet manifests(Streams streams) {
    ManifestParser parser =
        ManifestParser.create().withNamespace(namespace).withFieldValidation(fieldValidation);
    return Input.read(parser, paths, streams);
  }

  /** Compiles manifests, for requests that come when they come. */
  IngressRouter router(ManifestSet manifests, RandomGenerator random) {
    return router(manifests, random, InstantSource.system(), false);
  }

  /** Compiles manifests. */
  IngressRouter router(
      ManifestSet manifests,
      RandomGenerator random,
      InstantSource clock,
      boolean areSecretsAssumed) {
    IngressRouter.Builder builder = IngressRouter.builder();
    if (configMap != null) {
      builder.configMap(configMap);
    }
    return builder
        .manifests(manifests)
        .dialect(dialect)
        .ingressClass(ingressClass)
        .pathPolicy(pathPolicy)
        .endpoints(endpoints)
        .trustedProxies(trustedProxies)
        .defaultBackend(defaultBackend)
        .annotationsPrefix(annotationsPrefix)
        .ignoreProtectingAnnotations(isProtectionIgnored)
        .allowExternalNames(areExternalNamesAllowed)
        .assumeSecrets(areSecretsAssumed)
        .random(random)
        .clock(clock)
        .build();
  }

  /** Returns the dialect. */
  Dialect dialect() {
    return dialect;
  }
}
