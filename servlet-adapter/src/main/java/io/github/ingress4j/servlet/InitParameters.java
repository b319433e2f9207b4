package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.routing.PathPolicy;
import jakarta.servlet.ServletException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The init-parameters of a filter or servlet. A parameter that nobody knows is an error, because a
 * misspelt one would otherwise be ignored.
 */
final class InitParameters {

  private static final String BACKEND = "backend.";

  private enum Switch {
    ON,
    OFF
  }

  private final String owner;
  private final Map<String, String> values;

  private InitParameters(String owner, Map<String, String> values) {
    this.owner = owner;
    this.values = values;
  }

  /**
   * Takes the parameters over.
   *
   * @param owner who has them, for messages
   */
  static InitParameters of(String owner, List<String> names, Function<String, String> value) {
    Map<String, String> values = new TreeMap<>();
    for (String name : names) {
      values.put(name, value.apply(name).trim());
    }
    return new InitParameters(owner, values);
  }

  /** Makes sure that there are none. */
  void requireNone() throws ServletException {
    if (!values.isEmpty()) {
      throw new ServletException(
          PrintableText.escape(
              owner
                  + " is configured in code and takes no init-parameters, but has "
                  + values.keySet()));
    }
  }

  /** Applies all parameters. */
  void configure(GatewayBuilder<?> settings) throws ServletException {
    IngressRouter.Builder router = IngressRouter.builder();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String name = entry.getKey();
      String value = entry.getValue();
      if (name.startsWith(BACKEND)) {
        apply(name, () -> settings.backend(name.substring(BACKEND.length()), value));
        continue;
      }
      switch (name) {
        case "manifests" -> router.manifests(paths(name, value));
        case "dialect" -> router.dialect(oneOf(name, value, Dialect.values(), Dialect::text));
        case "ingress-class" -> router.ingressClass(text(name, value));
        case "namespace" -> router.namespace(text(name, value));
        case "path-policy" ->
            router.pathPolicy(oneOf(name, value, PathPolicy.values(), InitParameters::lower));
        case "field-validation" ->
            router.fieldValidation(
                oneOf(name, value, ManifestParser.FieldValidation.values(), InitParameters::lower));
        case "endpoints" ->
            router.endpoints(
                oneOf(name, value, Translation.EndpointKnowledge.values(), InitParameters::lower));
        case "trusted-proxy" -> router.trustedProxies(blocks(name, value));
        case "config-map" -> apply(name, () -> router.configMap(value));
        case "default-backend" -> router.defaultBackend(backend(name, value));
        case "annotations-prefix" -> router.annotationsPrefix(text(name, value));
        case "max-buffered-bytes" -> {
          if (!FrontDoor.isNumber(value)) {
            throw bad(name, value, "a number of bytes", null);
          }
          settings.maxBufferedBytes(Long.parseLong(value));
        }
        case "eject-failing-endpoints" ->
            router.ejectFailingEndpoints(
                oneOf(name, value, Switch.values(), InitParameters::lower) == Switch.ON);
        case "max-requests" -> apply(name, settings::maxRequests, number(name, value));
        case "max-requests-per-backend" ->
            apply(name, settings::maxRequestsPerBackend, number(name, value));
        case "max-connections" ->
            apply(
                name,
                most -> settings.maxConnections(most, settings.limits().connectionsPerEndpoint()),
                number(name, value));
        case "max-connections-per-endpoint" ->
            apply(
                name,
                most -> settings.maxConnections(settings.limits().connections(), most),
                number(name, value));
        case "max-pending" ->
            settings.maxPending(number(name, value), settings.limits().pendingTime());
        case "pending-milliseconds" ->
            settings.maxPending(
                settings.limits().pending(), Duration.ofMillis(number(name, value)));
        case "idle-connection-seconds" ->
            settings.idleConnectionTime(Duration.ofSeconds(number(name, value)));
        case "drain-seconds" -> settings.drainTime(Duration.ofSeconds(number(name, value)));
        case "loop-protection" ->
            settings.loopProtection(
                oneOf(name, value, Switch.values(), InitParameters::lower) == Switch.ON);
        case "access-log" -> {
          if (oneOf(name, value, Switch.values(), InitParameters::lower) == Switch.ON) {
            settings.observer(AccessLog.toLogger());
          }
        }
        case "unmatched" ->
            settings.passesUnmatched(
                oneOf(
                        name,
                        value,
                        IngressFilter.Unmatched.values(),
                        choice -> choice == IngressFilter.Unmatched.CHAIN ? "chain" : "404")
                    == IngressFilter.Unmatched.CHAIN);
        case "mode" -> {
          if (!(settings instanceof IngressFilter.Builder)) {
            throw unknown(name);
          }
          settings.serving(oneOf(name, value, IngressFilter.Mode.values(), InitParameters::lower));
        }
        default -> throw unknown(name);
      }
    }
    if (!values.containsKey("manifests")) {
      throw new ServletException(
          PrintableText.escape(owner)
              + " needs the init-parameter manifests: files and directories, with commas between");
    }
    settings.router(read(router));
  }

  private IngressRouter read(IngressRouter.Builder builder) throws ServletException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      // Of all the settings only the namespace is judged this late.
      throw new ServletException(
          PrintableText.escape(owner + ", init-parameter namespace: " + e.getMessage()), e);
    }
  }

  private Path[] paths(String name, String value) throws ServletException {
    List<Path> paths = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      try {
        paths.add(Path.of(text(name, part.trim())));
      } catch (InvalidPathException e) {
        throw bad(name, part, "a path of this system", e);
      }
    }
    return paths.toArray(new Path[0]);
  }

  private List<Cidr> blocks(String name, String value) throws ServletException {
    List<Cidr> blocks = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      apply(name, () -> blocks.add(Cidr.parse(part.trim())));
    }
    return blocks;
  }

  private Backend.ServicePort backend(String name, String value) throws ServletException {
    apply(name, () -> BackendMapping.requireBackend(value));
    int slash = value.indexOf('/');
    int colon = value.lastIndexOf(':');
    String port = value.substring(colon + 1);
    return new Backend.ServicePort(
        value.substring(0, slash),
        value.substring(slash + 1, colon),
        port,
        FrontDoor.isNumber(port));
  }

  private String text(String name, String value) throws ServletException {
    if (value.isEmpty()) {
      throw bad(name, value, "a text", null);
    }
    return value;
  }

  private <E extends Enum<E>> E oneOf(
      String name, String value, E[] choices, Function<E, String> text) throws ServletException {
    for (E choice : choices) {
      if (text.apply(choice).equals(value)) {
        return choice;
      }
    }
    throw bad(name, value, Stream.of(choices).map(text).collect(Collectors.joining(" or ")), null);
  }

  private int number(String name, String value) throws ServletException {
    if (!FrontDoor.isNumber(value) || value.length() > 9) {
      throw bad(name, value, "a number of at most 9 digits", null);
    }
    return Integer.parseInt(value);
  }

  private void apply(String name, IntConsumer setting, int value) throws ServletException {
    apply(name, () -> setting.accept(value));
  }

  private static String lower(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private void apply(String name, Runnable setting) throws ServletException {
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw new ServletException(
          PrintableText.escape(owner + ", init-parameter " + name + ": " + e.getMessage()), e);
    }
  }

  private ServletException bad(
      String name, String value, String wanted, @Nullable Exception cause) {
    return new ServletException(
        PrintableText.escape(owner)
            + ", init-parameter "
            + name
            + ": "
            + PrintableText.quote(value)
            + " is not "
            + wanted,
        cause);
  }

  private ServletException unknown(String name) {
    return new ServletException(
        PrintableText.escape(owner)
            + " has an unknown init-parameter: "
            + PrintableText.quote(name));
  }
}
