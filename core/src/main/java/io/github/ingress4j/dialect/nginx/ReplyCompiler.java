package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.ReplyPolicies;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.CookieRewrite;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.LocationRewrite;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.policy.Template;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what a location adds to answers and replaces in them.
 *
 * <p>Source: ingress-nginx, CORS, headers, default backend and errors.
 */
final class ReplyCompiler {

  /** What the variables of a location stand for where there is none. */
  static final Map<String, String> NO_LOCATION =
      Map.of(
          "namespace", "",
          "ingress_name", "",
          "location_path", "",
          "service_name", "",
          "service_port", "");

  private static final String PAIR = "write off, or the old text and the new one";

  private final LocationCompiler location;
  private final AnnotationValues values;

  private ReplyCompiler(LocationCompiler location) {
    this.location = location;
    this.values = location.values();
  }

  /**
   * Compiles all of it into the policies of a route.
   *
   * @param upstream the upstream of the location, or null for the controller's own
   * @param errorBackend who answers in place of errors; null for the controller itself
   */
  static void compile(
      LocationCompiler location,
      RoutePolicies.Builder policies,
      @Nullable UpstreamDraft upstream,
      UpstreamTable.@Nullable Fallback errorBackend) {
    ReplyCompiler compiler = new ReplyCompiler(location);
    compiler.requireParameters();
    policies
        .cors(compiler.cors())
        .bodyLimit(BodyLimit.parse(compiler.values.text(ProxyAnnotations.BODY_SIZE)))
        .reply(compiler.reply())
        .mirror(compiler.mirror())
        .errorBackend(compiler.errorBackend(upstream, errorBackend));
  }

  private @Nullable Cors cors() {
    if (!values.flag(CorsAnnotations.ENABLED)) {
      return null;
    }
    Integer maxAge = values.get(CorsAnnotations.MAX_AGE);
    return new Cors(
        Objects.requireNonNullElse(values.get(CorsAnnotations.ALLOW_ORIGIN), List.of("*")),
        values.text(CorsAnnotations.ALLOW_METHODS),
        values.text(CorsAnnotations.ALLOW_HEADERS),
        values.text(CorsAnnotations.EXPOSE_HEADERS),
        values.flag(CorsAnnotations.ALLOW_CREDENTIALS),
        maxAge == null ? 0 : maxAge);
  }

  private ReplyPolicies reply() {
    ReplyPolicies reply = new ReplyPolicies(headers(), locations(), cookies());
    return reply.equals(ReplyPolicies.NONE) ? ReplyPolicies.NONE : reply;
  }

  private ResponseHeaders headers() {
    return headers(
        location.settings(),
        location.references(),
        location.groupNames(),
        location.constants(),
        customHeaders());
  }

  /** What the settings alone change in answers, also where no Ingress has a say. */
  static ReplyPolicies ofSettings(
      ControllerSettings settings, References references, Set<String> groupNames) {
    return new ReplyPolicies(
        headers(settings, references, groupNames, NO_LOCATION, Map.of()), null, null);
  }

  private static ResponseHeaders headers(
      ControllerSettings settings,
      References references,
      Set<String> groupNames,
      Map<String, String> constants,
      Map<String, String> literal) {
    ResponseHeaders.TransportSecurity security =
        settings.flag(Settings.HSTS)
            ? new ResponseHeaders.TransportSecurity(
                maxAge(settings.get(Settings.HSTS_MAX_AGE)),
                settings.flag(Settings.HSTS_INCLUDE_SUBDOMAINS),
                settings.flag(Settings.HSTS_PRELOAD))
            : null;
    return new ResponseHeaders(
        addedHeaders(settings, references, groupNames, constants),
        literal,
        Objects.requireNonNullElse(settings.get(Settings.HIDE_HEADERS), List.of()),
        !settings.flag(Settings.ALLOW_BACKEND_SERVER_HEADER),
        security);
  }

  /** The seconds as written; the default for a text that is no number. */
  private static String maxAge(@Nullable String text) {
    boolean isNumber =
        text != null && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? String.valueOf(text) : "31536000";
  }

  /** The fields that the controller adds on every path. */
  private static Map<String, Template> addedHeaders(
      ControllerSettings settings,
      References references,
      Set<String> groupNames,
      Map<String, String> constants) {
    String reference = settings.get(Settings.ADD_HEADERS);
    if (reference == null || reference.isEmpty()) {
      return Map.of();
    }
    ConfigMap map = references.configMap(null, reference).object();
    Map<String, Template> headers = new LinkedHashMap<>();
    if (map == null) {
      return headers;
    }
    map.data()
        .forEach(
            (name, value) -> {
              Template.Result result = Template.parse(value, groupNames, constants);
              if (HeaderName.isSettable(name) && result instanceof Template.Parsed parsed) {
                headers.put(name, parsed.template());
              }
            });
    return headers;
  }

  private Map<String, String> customHeaders() {
    String reference = values.get(ResponseAnnotations.CUSTOM_HEADERS);
    if (reference == null || reference.isEmpty()) {
      return Map.of();
    }
    References.Found<ConfigMap> found = location.references().configMap(null, reference);
    ConfigMap map = found.object();
    if (map == null) {
      location.deny(
          ResponseAnnotations.CUSTOM_HEADERS,
          String.valueOf(found.fault()),
          "add the ConfigMap, and name it namespace/name");
      return Map.of();
    }
    Set<String> listed = new HashSet<>();
    for (String name :
        Objects.requireNonNullElse(
            location.settings().get(Settings.GLOBAL_ALLOWED_RESPONSE_HEADERS), List.<String>of())) {
      listed.add(name.toLowerCase(Locale.ROOT));
    }
    for (Map.Entry<String, String> entry : map.data().entrySet()) {
      if (!HeaderName.isSettable(entry.getKey()) || !isLegal(entry.getValue())) {
        location.deny(
            ResponseAnnotations.CUSTOM_HEADERS,
            "names a ConfigMap with a header that cannot be sent",
            "use names of letters, digits and -, and values without control characters");
        return Map.of();
      }
      if (!listed.contains(entry.getKey().toLowerCase(Locale.ROOT))) {
        location.deny(
            ResponseAnnotations.CUSTOM_HEADERS,
            "sets the header " + entry.getKey() + ", which the controller does not allow",
            "list the header in global-allowed-response-headers");
        return Map.of();
      }
    }
    return map.data();
  }

  /** FastCGI is not spoken here, but without its parameters the controller closes the routes. */
  private void requireParameters() {
    String reference = values.get(ServerAnnotations.FASTCGI_PARAMS_CONFIGMAP);
    if (reference == null || reference.isEmpty()) {
      return;
    }
    String fault = location.references().parameters(location.owner(), reference).fault();
    if (fault != null) {
      location.deny(
          ServerAnnotations.FASTCGI_PARAMS_CONFIGMAP,
          fault,
          "add the ConfigMap to the namespace of the Ingress, or remove the annotation");
    }
  }

  private static boolean isLegal(String value) {
    return value.chars().allMatch(c -> (c >= ' ' || c == '\t') && c != 0x7F);
  }

  private @Nullable LocationRewrite locations() {
    LocationRewrite.Result result =
        LocationRewrite.parse(
            values.text(ProxyAnnotations.REDIRECT_FROM),
            values.text(ProxyAnnotations.REDIRECT_TO),
            location.settings().flag(Settings.RELATIVE_REDIRECTS)
                || values.flag(RedirectAnnotations.RELATIVE_REDIRECTS),
            values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS));
    if (result instanceof LocationRewrite.Parsed parsed) {
      return parsed.rewrite();
    }
    refuse(ProxyAnnotations.REDIRECT_FROM, ((LocationRewrite.Fault) result).message(), PAIR);
    return null;
  }

  private @Nullable CookieRewrite cookies() {
    CookieRewrite.Result result =
        CookieRewrite.parse(
            orOff(values.text(ProxyAnnotations.COOKIE_DOMAIN)),
            orOff(values.text(ProxyAnnotations.COOKIE_PATH)));
    if (result instanceof CookieRewrite.Parsed parsed) {
      return parsed.rewrite();
    }
    refuse(ProxyAnnotations.COOKIE_DOMAIN, ((CookieRewrite.Fault) result).message(), PAIR);
    return null;
  }

  private static String orOff(String text) {
    return text.isEmpty() ? "off" : text;
  }

  /** What nginx would refuse with its whole configuration; here the one setting has no effect. */
  private void refuse(Annotation<?> annotation, String message, String help) {
    location
        .findings()
        .accept(
            values
                .finding(
                    annotation,
                    ModelRules.REPLY_REWRITE_INVALID,
                    annotation.name()
                        + " has no effect: "
                        + ModelRules.clause(message)
                        + "; the controller would keep its last good configuration of all hosts")
                .withHelp(help));
  }

  private @Nullable Mirror mirror() {
    String target = values.get(MirrorAnnotations.TARGET);
    if (target == null || target.isEmpty()) {
      return null;
    }
    if (!MirrorAnnotations.mayBeUrl(target)) {
      refuse(
          MirrorAnnotations.TARGET,
          PrintableText.quote(target) + " is no URL with a scheme and a host.",
          "write such as https://mirror.example.com$request_uri");
      return null;
    }
    Template url = optional(MirrorAnnotations.TARGET, target);
    String hostText = values.get(MirrorAnnotations.HOST);
    boolean hasHost = hostText != null && !hostText.isEmpty();
    Template host = hasHost ? optional(MirrorAnnotations.HOST, String.valueOf(hostText)) : null;
    if (url == null || (hasHost && host == null)) {
      return null;
    }
    Boolean copiesBody = values.get(MirrorAnnotations.REQUEST_BODY);
    return new Mirror(
        url, host, copiesBody == null || copiesBody, "/_mirror-" + location.owner().key());
  }

  /** A text with variables; if it cannot be read, that is reported. */
  private @Nullable Template optional(Annotation<String> annotation, String text) {
    Template.Result result = Template.parse(text, location.groupNames(), location.constants());
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    refuse(annotation, ((Template.Fault) result).message(), LocationCompiler.VARIABLES);
    return null;
  }

  private RoutePolicies.@Nullable ErrorBackend errorBackend(
      @Nullable UpstreamDraft upstream, UpstreamTable.@Nullable Fallback errorBackend) {
    List<Integer> statuses = values.get(ResponseAnnotations.CUSTOM_HTTP_ERRORS);
    return statuses == null || statuses.isEmpty()
        ? null
        : errorBackend(
            new ErrorPages(
                Set.copyOf(statuses),
                !values.flag(ResponseAnnotations.DISABLE_PROXY_INTERCEPT_ERRORS),
                location.owner().namespace(),
                location.owner().ingress().metadata().name(),
                upstream == null ? "" : upstream.port.service(),
                upstream == null ? "" : upstream.port.port()),
            errorBackend);
  }

  /** What the settings alone replace, where no Ingress has a say. */
  static RoutePolicies.@Nullable ErrorBackend errorBackendOf(
      ControllerSettings settings, UpstreamTable.@Nullable Fallback errorBackend) {
    List<Integer> statuses = settings.get(Settings.CUSTOM_HTTP_ERRORS);
    return statuses == null || statuses.isEmpty()
        ? null
        : errorBackend(
            new ErrorPages(
                Set.copyOf(statuses),
                !settings.flag(Settings.DISABLE_PROXY_INTERCEPT_ERRORS),
                "",
                "",
                "",
                ""),
            errorBackend);
  }

  /** Without a Service the controller's own default back end makes the pages. */
  private static RoutePolicies.ErrorBackend errorBackend(
      ErrorPages pages, UpstreamTable.@Nullable Fallback by) {
    return by == null
        ? new RoutePolicies.ErrorBackend(pages)
        : new RoutePolicies.ErrorBackend(pages, by.backend(), by.upstream());
  }
}
