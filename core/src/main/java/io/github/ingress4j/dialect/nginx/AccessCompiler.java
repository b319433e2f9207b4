package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.policy.AccessList;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.DigestAuth;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.Limits;
import io.github.ingress4j.policy.Passwords;
import io.github.ingress4j.policy.Satisfy;
import io.github.ingress4j.policy.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles who may pass on a location: lists, passwords, the service that is asked, limits.
 *
 * <p>What cannot be carried out closes the location; nothing is ever left open by a fault.
 *
 * <p>Source: ingress-nginx, authentication.
 */
final class AccessCompiler {

  private final LocationCompiler location;
  private final AnnotationValues values;

  private AccessCompiler(LocationCompiler location) {
    this.location = location;
    this.values = location.values();
  }

  static AccessPolicies compile(LocationCompiler location) {
    return new AccessCompiler(location).compile();
  }

  private AccessPolicies compile() {
    boolean isExempt = isExempt();
    BasicAuth basic = null;
    DigestAuth digest = null;
    String type = values.get(AccessAnnotations.AUTH_TYPE);
    if (type != null && !type.isEmpty()) {
      if (type.contains("digest")) {
        digest = digest();
      } else {
        basic = basic();
      }
    }
    ExternalAuth external = external();
    // Faults close exempt paths as well, so all of it is compiled before it is left out.
    AccessPolicies access =
        new AccessPolicies(
            null,
            limits(),
            list(),
            isExempt ? null : basic,
            isExempt ? null : digest,
            isExempt ? null : external,
            "any".equals(values.get(AccessAnnotations.SATISFY)) ? Satisfy.ANY : Satisfy.ALL);
    return access.equals(AccessPolicies.NONE) ? AccessPolicies.NONE : access;
  }

  /** Whether the path is one that certificates are proved on. */
  private boolean isExempt() {
    List<String> paths = location.settings().get(Settings.NO_AUTH_LOCATIONS);
    return paths != null
        && paths.stream().anyMatch(path -> !path.isEmpty() && location.path().startsWith(path));
  }

  private @Nullable AccessList list() {
    List<Cidr> allowed = values.get(AccessAnnotations.ALLOWLIST_SOURCE_RANGE);
    List<Cidr> denied = values.get(AccessAnnotations.DENYLIST_SOURCE_RANGE);
    boolean allows = allowed != null && !allowed.isEmpty();
    boolean denies = denied != null && !denied.isEmpty();
    if (allows || denies) {
      return new AccessList(Objects.requireNonNullElse(denied, List.of()), allows ? allowed : null);
    }
    // The blocks of all hosts count only where there is no list of the path's own.
    return blocks(location.settings());
  }

  /** Whom the settings turn away everywhere, or null for nobody. */
  private static @Nullable AccessList blocks(ControllerSettings settings) {
    List<Cidr> blocked = settings.get(Settings.BLOCK_CIDRS);
    return blocked == null || blocked.isEmpty() ? null : new AccessList(blocked, null);
  }

  /** Who may pass on paths in which no Ingress has a say. */
  static AccessPolicies ofSettings(ControllerSettings settings, AccessPolicies host) {
    AccessList list = blocks(settings);
    return list == null
        ? host
        : new AccessPolicies(host.clientCertificate(), null, list, null, null, null, Satisfy.ALL);
  }

  private @Nullable Limits limits() {
    int perSecond = values.number(LimitAnnotations.RPS);
    int perMinute = values.number(LimitAnnotations.RPM);
    int connections = values.number(LimitAnnotations.CONNECTIONS);
    if (perSecond <= 0 && perMinute <= 0 && connections <= 0) {
      return null;
    }
    int multiplier = Math.max(0, values.number(LimitAnnotations.BURST_MULTIPLIER));
    String zone = location.owner().key();
    List<Limits.RequestLimit> requests = new ArrayList<>();
    if (perSecond > 0) {
      requests.add(
          Limits.RequestLimit.perSecond(zone + " rps", perSecond, times(perSecond, multiplier)));
    }
    if (perMinute > 0) {
      requests.add(
          Limits.RequestLimit.perMinute(zone + " rpm", perMinute, times(perMinute, multiplier)));
    }
    return new Limits(
        requests,
        connections > 0 ? new Limits.ConnectionLimit(zone + " conn", connections) : null,
        Objects.requireNonNullElse(values.get(LimitAnnotations.ALLOWLIST), List.of()),
        limitKey(),
        status(Settings.LIMIT_REQ_STATUS_CODE),
        status(Settings.LIMIT_CONN_STATUS_CODE));
  }

  private static int times(int limit, int multiplier) {
    return (int) Math.min(Integer.MAX_VALUE, (long) limit * multiplier);
  }

  private int status(Setting<Integer> setting) {
    return Objects.requireNonNull(location.settings().get(setting));
  }

  private Template limitKey() {
    String text = location.settings().get(Settings.LIMIT_CONN_ZONE_VARIABLE);
    if (text == null || text.isEmpty()) {
      return Limits.BY_ADDRESS;
    }
    Template.Result result = Template.parse(text, location.groupNames(), location.constants());
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    report(
        Settings.LIMIT_CONN_ZONE_VARIABLE,
        (Template.Fault) result,
        "limits count by the address of the client",
        Severity.WARNING);
    return Limits.BY_ADDRESS;
  }

  private @Nullable Secret passwordSecret() {
    String reference = values.get(AccessAnnotations.AUTH_SECRET);
    if (reference == null || reference.isEmpty()) {
      // Reported by the reader, which denies the routes.
      return null;
    }
    References.Found<Secret> found = location.references().secret(location.owner(), reference);
    if (found.object() == null && !location.references().assumesSecrets()) {
      location.deny(
          AccessAnnotations.AUTH_SECRET,
          String.valueOf(found.fault()),
          location.references().advice(location.owner(), reference));
    }
    return found.object();
  }

  private @Nullable BasicAuth basic() {
    String realm = values.text(AccessAnnotations.AUTH_REALM);
    Secret secret = passwordSecret();
    if (secret == null) {
      return location.references().assumesSecrets()
          ? new BasicAuth(realm, Passwords.anyone())
          : null;
    }
    Passwords.Parsed parsed;
    List<String> users = List.of();
    if ("auth-map".equals(values.get(AccessAnnotations.AUTH_SECRET_TYPE))) {
      Map<String, byte[]> hashes = new TreeMap<>();
      for (String key : secret.keys()) {
        byte[] hash = secret.copyOf(key);
        if (hash != null) {
          hashes.put(key, hash);
        }
      }
      parsed = Passwords.ofUsers(hashes);
      users = List.copyOf(hashes.keySet());
    } else {
      byte[] file = secret.copyOf("auth");
      if (file == null) {
        denyWithoutFile(secret);
        return null;
      }
      parsed = Passwords.parse(file);
    }
    report(secret, parsed.faults(), users);
    return new BasicAuth(realm, parsed.passwords());
  }

  private @Nullable DigestAuth digest() {
    String realm = values.text(AccessAnnotations.AUTH_REALM);
    if (realm.isEmpty()) {
      location.deny(
          AccessAnnotations.AUTH_REALM,
          "is empty, which switches digest authentication off",
          "write the realm of the lines in the Secret");
      return null;
    }
    Secret secret = passwordSecret();
    if (secret == null) {
      if (location.references().assumesSecrets()) {
        location.deny(
            AccessAnnotations.AUTH_SECRET,
            "names a Secret that is needed for digest authentication",
            "add the Secret to the namespace of the Ingress");
      }
      return null;
    }
    byte[] file = secret.copyOf("auth");
    if (file == null) {
      denyWithoutFile(secret);
      return null;
    }
    DigestAuth.Parsed parsed = DigestAuth.parse(realm, file);
    report(secret, parsed.faults(), List.of());
    return parsed.auth();
  }

  private void denyWithoutFile(Secret secret) {
    location.deny(
        AccessAnnotations.AUTH_SECRET,
        "names the Secret " + secret.metadata().key() + ", which has no key auth",
        "put the file of users under the key auth, or write auth-secret-type: auth-map");
  }

  /** The lines of a file, or the keys of a map, that let nobody in. */
  private void report(Secret secret, List<Passwords.Fault> faults, List<String> users) {
    for (Passwords.Fault fault : faults) {
      location
          .findings()
          .accept(
              values
                  .finding(
                      AccessAnnotations.AUTH_SECRET,
                      ModelRules.PASSWORD_UNUSABLE,
                      (users.isEmpty()
                              ? "line " + fault.line()
                              : "the key " + PrintableText.quote(users.get(fault.line() - 1)))
                          + " of "
                          + secret.label()
                          + " lets nobody in: "
                          + ModelRules.clause(fault.message()))
                  .withHelp(
                      users.isEmpty()
                          ? "write the user, a colon and a hash that htpasswd makes"
                          : "write the hash alone that htpasswd makes: the key is the user"));
    }
  }

  private @Nullable ExternalAuth external() {
    String url = values.get(ExternalAuthAnnotations.AUTH_URL);
    if (url != null && !url.isEmpty()) {
      return own(url);
    }
    String global = location.settings().get(Settings.GLOBAL_AUTH_URL);
    boolean isOff = Boolean.FALSE.equals(values.get(ExternalAuthAnnotations.ENABLE_GLOBAL_AUTH));
    return global == null || global.isEmpty() || isOff ? null : global(global);
  }

  private @Nullable ExternalAuth own(String url) {
    Template template = location.template(ExternalAuthAnnotations.AUTH_URL, url);
    String signIn = values.get(ExternalAuthAnnotations.AUTH_SIGNIN);
    Template signInTemplate = null;
    if (signIn != null && !signIn.isEmpty()) {
      signInTemplate = location.template(ExternalAuthAnnotations.AUTH_SIGNIN, signIn);
    }
    Map<String, Template> headers = authHeaders();
    Template cacheKey =
        optional(
            ExternalAuthAnnotations.AUTH_CACHE_KEY,
            values.get(ExternalAuthAnnotations.AUTH_CACHE_KEY));
    Template redirect =
        optional(
            ExternalAuthAnnotations.AUTH_REQUEST_REDIRECT,
            values.get(ExternalAuthAnnotations.AUTH_REQUEST_REDIRECT));
    List<ExternalAuth.CacheTime> times =
        times(values.get(ExternalAuthAnnotations.AUTH_CACHE_DURATION));
    if (times == null) {
      location.deny(
          ExternalAuthAnnotations.AUTH_CACHE_DURATION,
          "is no list of statuses and times",
          "write such as 200 202 401 5m");
    }
    if (template == null || headers == null || times == null) {
      return null;
    }
    return named(ExternalAuth.builder(template))
        .method(blankToNull(values.get(ExternalAuthAnnotations.AUTH_METHOD)))
        .signIn(
            signInTemplate,
            parameter(values.get(ExternalAuthAnnotations.AUTH_SIGNIN_REDIRECT_PARAM)))
        .responseHeaders(
            Objects.requireNonNullElse(
                values.get(ExternalAuthAnnotations.AUTH_RESPONSE_HEADERS), List.of()))
        .requestHeaders(headers)
        .requestRedirect(redirect)
        .alwaysSetsCookies(values.flag(ExternalAuthAnnotations.AUTH_ALWAYS_SET_COOKIE))
        .cache(cacheKey, times)
        .build();
  }

  private @Nullable ExternalAuth global(String url) {
    ControllerSettings settings = location.settings();
    Template template = setting(Settings.GLOBAL_AUTH_URL, url);
    String signIn = settings.get(Settings.GLOBAL_AUTH_SIGNIN);
    Template signInTemplate =
        signIn == null || signIn.isEmpty() ? null : setting(Settings.GLOBAL_AUTH_SIGNIN, signIn);
    String key = settings.get(Settings.GLOBAL_AUTH_CACHE_KEY);
    String redirect = settings.get(Settings.GLOBAL_AUTH_REQUEST_REDIRECT);
    List<ExternalAuth.CacheTime> times = times(settings.get(Settings.GLOBAL_AUTH_CACHE_DURATION));
    if (template == null || times == null) {
      // Closed already, with the reason.
      return null;
    }
    return named(ExternalAuth.builder(template))
        .method(blankToNull(settings.get(Settings.GLOBAL_AUTH_METHOD)))
        .signIn(signInTemplate, parameter(settings.get(Settings.GLOBAL_AUTH_SIGNIN_REDIRECT_PARAM)))
        .responseHeaders(
            Objects.requireNonNullElse(
                settings.get(Settings.GLOBAL_AUTH_RESPONSE_HEADERS), List.of()))
        .requestRedirect(
            redirect == null || redirect.isEmpty()
                ? null
                : setting(Settings.GLOBAL_AUTH_REQUEST_REDIRECT, redirect))
        .alwaysSetsCookies(settings.flag(Settings.GLOBAL_AUTH_ALWAYS_SET_COOKIE))
        .cache(
            key == null || key.isEmpty() ? null : setting(Settings.GLOBAL_AUTH_CACHE_KEY, key),
            times)
        .build();
  }

  private ExternalAuth.Builder named(ExternalAuth.Builder builder) {
    Integer connect = values.get(ProxyAnnotations.CONNECT_TIMEOUT);
    Integer read = values.get(ProxyAnnotations.READ_TIMEOUT);
    return builder
        .rule(location.ruleHost(), location.path(), location.pathType())
        .timeouts(seconds(connect, 5), seconds(read, 60));
  }

  private static Duration seconds(@Nullable Integer value, int otherwise) {
    return Duration.ofSeconds(value == null || value <= 0 ? otherwise : value);
  }

  private static String parameter(@Nullable String text) {
    return text == null || text.isEmpty() ? "rd" : text;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable List<ExternalAuth.CacheTime> times(@Nullable String text) {
    return ExternalAuth.CacheTime.parse(text == null || text.isEmpty() ? "200 202 401 5m" : text);
  }

  private @Nullable Template optional(Annotation<String> annotation, @Nullable String text) {
    return text == null || text.isEmpty() ? null : location.template(annotation, text);
  }

  private @Nullable Template setting(Setting<String> setting, String text) {
    Template.Result result = Template.parse(text, location.groupNames(), location.constants());
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    report(
        setting,
        (Template.Fault) result,
        "the routes that global-auth-url covers are closed and answer 503",
        Severity.ERROR);
    location.closures().add("the setting " + setting.key() + " cannot be carried out");
    return null;
  }

  private void report(
      Setting<String> setting, Template.Fault fault, String result, Severity severity) {
    String message = fault.message();
    location
        .findings()
        .accept(
            location
                .settings()
                .finding(
                    setting,
                    NginxRules.SETTING_INVALID,
                    "the setting "
                        + setting.key()
                        + " cannot be carried out: "
                        + message.substring(0, message.length() - 1)
                        + ", so "
                        + result)
                .withSeverity(severity)
                .withHelp(LocationCompiler.VARIABLES));
  }

  /** The fields that the service is told besides; null if they cannot be used. */
  private @Nullable Map<String, Template> authHeaders() {
    String reference = values.get(ExternalAuthAnnotations.AUTH_PROXY_SET_HEADERS);
    if (reference == null || reference.isEmpty()) {
      return Map.of();
    }
    References.Found<ConfigMap> found =
        location.references().configMap(location.owner(), reference);
    ConfigMap map = found.object();
    if (map == null) {
      location.deny(
          ExternalAuthAnnotations.AUTH_PROXY_SET_HEADERS,
          String.valueOf(found.fault()),
          "add the ConfigMap to the namespace of the Ingress, and name it namespace/name");
      return null;
    }
    Map<String, Template> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : map.data().entrySet()) {
      Template value =
          location.template(ExternalAuthAnnotations.AUTH_PROXY_SET_HEADERS, entry.getValue());
      if (!HeaderName.isSettable(entry.getKey()) || value == null) {
        location.deny(
            ExternalAuthAnnotations.AUTH_PROXY_SET_HEADERS,
            "names a ConfigMap with a header that cannot be sent",
            "use names of letters, digits and -, and none that belongs to the connection");
        return null;
      }
      headers.put(entry.getKey(), value);
    }
    return headers;
  }
}
