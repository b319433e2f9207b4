package io.github.ingress4j.dialect;

import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.PathType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The truth that the dialect is compared with: the controller and nginx as plain lists, walked from
 * the start for every request. Written from the reference, sections 2 to 5 and 9, alone; it knows
 * nothing of tables, tries, sharing or findings, and holds no canaries.
 *
 * <p>Its values are valid unless they deny a location, and its paths are expressions that PCRE and
 * Java read alike.
 */
final class NaiveNginx {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  /** A location, made by {@code owner}; null for the controller itself. */
  private record Location(
      String path,
      boolean isExact,
      boolean isImplicit,
      @Nullable Ingress owner,
      boolean isPlain,
      String backend,
      String written) {

    boolean is(String annotation, boolean byDefault) {
      String value = text(annotation);
      return value.isEmpty() ? byDefault : value.equals("true");
    }

    String text(String annotation) {
      return owner == null
          ? ""
          : owner.metadata().annotations().getOrDefault(PREFIX + annotation, "");
    }

    boolean isDenied() {
      return text("denylist-source-range").equals("nonsense");
    }

    /** Section 5.1: effective when non-empty and different from the location's own path text. */
    String target() {
      return isPlain || text("rewrite-target").equals(path) ? "" : text("rewrite-target");
    }

    boolean usesRegex() {
      return !isPlain && is("use-regex", false);
    }

    Location at(String otherPath, boolean exact) {
      return new Location(otherPath, exact, isImplicit, owner, isPlain, backend, written);
    }
  }

  private static final class Server {
    final String name;
    List<Location> locations = new ArrayList<>();
    List<String> aliases = List.of();
    boolean hasCertificate;
    boolean redirectsSibling;

    Server(String name) {
      this.name = name;
    }

    @Nullable String appRoot() {
      for (Location location : locations) {
        if (!location.isPlain && !location.text("app-root").isEmpty()) {
          return location.text("app-root");
        }
      }
      return null;
    }

    boolean isRegex() {
      return locations.stream().anyMatch(l -> l.usesRegex() || !l.target().isEmpty());
    }
  }

  private final TreeMap<String, Server> servers = new TreeMap<>();
  private final Map<String, String> settings;
  private final boolean isStrict;

  /**
   * @param isStrict whether a rewritten path is merged and refused as the policy STRICT does it;
   *     nothing else differs for requests whose path is canonical
   */
  NaiveNginx(List<Ingress> input, Map<String, String> settings, boolean isStrict) {
    this.settings = settings;
    this.isStrict = isStrict;
    List<Ingress> ingresses = new ArrayList<>(input);
    // Section 2.2.
    ingresses.sort(
        Comparator.comparing(NaiveNginx::age)
            .thenComparing(i -> i.metadata().key(), Comparator.reverseOrder()));
    // Section 2.3, step 1.
    Server everyHost = new Server("_");
    everyHost.locations.add(new Location("/", false, true, null, false, "", ""));
    servers.put("_", everyHost);
    // Step 2.
    for (Ingress ingress : ingresses) {
      String fallback = defaultBackend(ingress);
      Location root = everyHost.locations.get(0);
      if (ingress.spec().rules().isEmpty() && !fallback.isEmpty() && root.owner == null) {
        everyHost.locations.set(0, new Location("/", false, false, ingress, true, fallback, ""));
      }
      for (IngressRule rule : ingress.spec().rules()) {
        String host = host(rule);
        if (!servers.containsKey(host)) {
          Server server = new Server(host);
          server.locations.add(new Location("/", false, true, ingress, false, fallback, ""));
          servers.put(host, server);
        }
      }
    }
    // Step 3.
    for (Ingress ingress : ingresses) {
      String aliases = ingress.metadata().annotations().getOrDefault(PREFIX + "server-alias", "");
      for (IngressRule rule : ingress.spec().rules()) {
        Server server = named(host(rule));
        if (server.aliases.isEmpty() && !aliases.isEmpty()) {
          server.aliases =
              new ArrayList<>(
                  new TreeSet<>(Arrays.stream(aliases.split(",")).map(String::trim).toList()));
        }
        server.hasCertificate |= !ingress.spec().tls().isEmpty();
      }
    }
    for (Server server : servers.values()) {
      server.aliases = server.aliases.stream().filter(a -> !servers.containsKey(a)).toList();
    }
    // Steps 4 and 5.
    for (Ingress ingress : ingresses) {
      for (IngressRule rule : ingress.spec().rules()) {
        List<HttpIngressPath> paths = rule.paths() == null ? List.of() : rule.paths();
        for (HttpIngressPath path : paths) {
          if (path.backend() instanceof IngressBackend.Service service) {
            addPath(named(host(rule)), ingress, path, backend(ingress, service));
          }
        }
      }
    }
    // Steps 7 and 8.
    servers.values().forEach(NaiveNginx::layOut);
  }

  private Server named(String name) {
    return Objects.requireNonNull(servers.get(name));
  }

  private static Instant age(Ingress ingress) {
    Instant created = ingress.metadata().creationTimestamp();
    return created == null ? Instant.MAX : created;
  }

  private static String host(IngressRule rule) {
    return rule.host().isEmpty() ? "_" : rule.host();
  }

  private static String backend(Ingress ingress, IngressBackend.Service service) {
    return ingress.metadata().namespace() + "/" + service.name() + ":" + service.port();
  }

  private static String defaultBackend(Ingress ingress) {
    return ingress.spec().defaultBackend() instanceof IngressBackend.Service service
        ? backend(ingress, service)
        : "";
  }

  private static void addPath(
      Server server, Ingress ingress, HttpIngressPath item, String backend) {
    String path = item.path().isEmpty() ? "/" : item.path();
    boolean isExact = item.pathType() == PathType.EXACT;
    Location fresh = new Location(path, isExact, false, ingress, false, backend, item.path());
    for (int i = 0; i < server.locations.size(); i++) {
      Location found = server.locations.get(i);
      if (!found.path.equals(path)) {
        continue;
      }
      if (found.isExact == isExact) {
        if (found.isImplicit) {
          server.locations.set(i, fresh);
          server.redirectsSibling |= fresh.is("from-to-www-redirect", false);
        }
        return;
      }
      break;
    }
    server.locations.add(fresh);
    server.redirectsSibling |= fresh.is("from-to-www-redirect", false);
  }

  private static void layOut(Server server) {
    List<Location> sorted = new ArrayList<>(server.locations);
    sorted.sort(Comparator.comparing((Location l) -> bytes(l.path)).reversed());
    sorted.sort(Comparator.comparingInt((Location l) -> bytes(l.path).length()).reversed());
    List<Location> all = new ArrayList<>();
    for (Location location : sorted) {
      String path = location.path;
      if (path.equals("/")
          || location.isExact
          || location.usesRegex()
          || !location.target().isEmpty()) {
        all.add(location);
        continue;
      }
      all.add(location.at(path.endsWith("/") ? path : path + "/", false));
      if (sorted.stream().noneMatch(other -> other.isExact && other.path.equals(path))) {
        all.add(location.at(path, true));
      }
    }
    server.locations = all;
  }

  /** The bytes of a text in UTF-8, a character each. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  // ---- one request

  /** What becomes of a GET over plain http on port 80, in words. */
  String decide(String hostHeader, String target) {
    String host = hostHeader.toLowerCase(Locale.ROOT);
    host = host.contains(":") ? host.substring(0, host.indexOf(':')) : host;
    host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int question = target.indexOf('?');
    String query = question < 0 ? "" : target.substring(question);
    String args = query.length() > 1 ? query : "";
    String path = normal(question < 0 ? target : target.substring(0, question));

    String sibling = sibling(host);
    if (sibling != null) {
      return code() + " to http://" + sibling + ":80" + withoutSlash(target);
    }
    Server server = server(host);
    String appRoot = server.appRoot();
    if (appRoot != null && path.equals("/")) {
      return "302 to http://" + hostHeader + appRoot;
    }
    Location location = server.isRegex() ? pattern(server, path) : text(server, path, host, args);
    if (location.path.isEmpty()) {
      return location.written;
    }
    // Only the expression of a wildcard host defines $subdomain.
    boolean isBroken =
        location.target().contains("$subdomain")
            && servers.keySet().stream().noneMatch(name -> name.startsWith("*."));
    if (location.isDenied() || isBroken) {
      return "503";
    }
    String temporal = location.isPlain ? "" : location.text("temporal-redirect");
    String permanent = location.isPlain ? "" : location.text("permanent-redirect");
    if (!temporal.isEmpty()) {
      return "302 to " + temporal;
    }
    if (!permanent.isEmpty()) {
      String status = location.text("permanent-redirect-code");
      return (status.isEmpty() ? "301" : status)
          + " to "
          + (permanent.startsWith("/") && !isRelative(location)
              ? "http://" + host + permanent
              : permanent);
    }
    String sent = target;
    if (!location.target().isEmpty()) {
      String rawPath = question < 0 ? target : target.substring(0, question);
      boolean isEscaped =
          location.target().startsWith("http") && (rawPath.contains("%") || rawPath.contains("+"));
      String result = rewrite(location, path, subdomain(server, host), isEscaped ? "\"#%" : "");
      if (location.target().startsWith("http")) {
        return "302 to " + result + args;
      }
      result = isStrict ? result.replaceAll("//+", "/") : result;
      if (isStrict ? !result.startsWith("/") : result.isEmpty()) {
        return isStrict ? "400" : "500";
      }
      sent = escape(result) + args;
    }
    if (redirectsToTls(location, host)) {
      return code()
          + " to https://"
          + (hostHeader.contains(":")
              ? hostHeader.substring(0, hostHeader.indexOf(':'))
              : hostHeader)
          + (is(location, "use-port-in-redirects") ? ":443" : "")
          + (is(location, "preserve-trailing-slash") ? target : withoutSlash(target));
    }
    return location.backend.isEmpty()
        ? "404"
        : "forward to "
            + location.backend
            + " "
            + sent
            + " by "
            + (location.owner == null ? "" : location.owner.metadata().key())
            + " "
            + location.written;
  }

  private boolean is(Location location, String name) {
    return location.is(name, "true".equals(settings.get(name)));
  }

  private boolean isRelative(Location location) {
    return "true".equals(settings.get("relative-redirects"))
        || location.is("relative-redirects", false);
  }

  private String code() {
    return settings.getOrDefault("http-redirect-code", "308");
  }

  private static String withoutSlash(String target) {
    return target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
  }

  /** Section 4.1. */
  private static String normal(String raw) {
    StringBuilder decoded = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        decoded.append((char) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        decoded.append(raw.charAt(i));
      }
    }
    List<String> segments = new ArrayList<>();
    boolean isOpen = false;
    for (String segment : decoded.toString().split("/", -1)) {
      isOpen = segment.isEmpty() || segment.equals(".") || segment.equals("..");
      if (segment.equals("..")) {
        segments.remove(segments.size() - 1);
      } else if (!isOpen) {
        segments.add(segment);
      }
    }
    return "/" + String.join("/", segments) + (isOpen && !segments.isEmpty() ? "/" : "");
  }

  // ---- section 3

  /** The host that a from-to-www sibling leads to. */
  private @Nullable String sibling(String host) {
    if (servers.containsKey(host)) {
      return null;
    }
    String other = host.startsWith("www.") ? host.substring(4) : "www." + host;
    Server server = servers.get(other);
    return server != null && server.redirectsSibling ? other : null;
  }

  private Server server(String host) {
    for (Server server : servers.values()) {
      if (server.name.equals(host) && !host.equals("_")) {
        return server;
      }
      for (String alias : server.aliases) {
        String name = alias.toLowerCase(Locale.ROOT);
        if (name.equals(host) || (name.equals("." + host) && isFree(server, name))) {
          return server;
        }
      }
    }
    Server best = null;
    int length = 0;
    for (Server server : servers.values()) {
      for (String alias : server.aliases) {
        String end = alias.startsWith("*.") ? alias.substring(1) : alias;
        if (end.startsWith(".")
            && host.endsWith(end)
            && host.length() > end.length()
            && end.length() > length
            && (alias.startsWith("*") || isFree(server, alias))) {
          best = server;
          length = end.length();
        }
      }
    }
    for (Server server : servers.values()) {
      for (String alias : server.aliases) {
        String start = alias.substring(0, alias.length() - 1);
        if (alias.endsWith(".*")
            && host.startsWith(start)
            && host.length() > start.length()
            && start.length() > length
            && best == null) {
          best = server;
        }
      }
    }
    if (best != null) {
      return best;
    }
    for (Server server : servers.values()) {
      if (server.name.startsWith("*.")
          && Pattern.matches("[\\w-]+" + Pattern.quote(server.name.substring(1)), host)) {
        return server;
      }
      for (String alias : server.aliases) {
        if (alias.startsWith("~") && Pattern.compile(alias.substring(1)).matcher(host).find()) {
          return server;
        }
      }
    }
    return named("_");
  }

  /** Whether nobody has the name behind the dot of an alias before this server does. */
  private boolean isFree(Server owner, String alias) {
    String name = alias.substring(1);
    if (sibling(name) != null) {
      return false;
    }
    for (Server server : servers.values()) {
      if (server.name.equals(name)) {
        return false;
      }
      if (server == owner) {
        return true;
      }
      if (server.aliases.stream().anyMatch(a -> a.toLowerCase(Locale.ROOT).equals(name))) {
        return false;
      }
    }
    return true;
  }

  private static String subdomain(Server server, String host) {
    boolean isCovered =
        server.name.startsWith("*.")
            && Pattern.matches("[\\w-]+" + Pattern.quote(server.name.substring(1)), host);
    return isCovered ? host.substring(0, host.indexOf('.')) : "";
  }

  // ---- section 4

  private static Location answer(String text) {
    return new Location("", true, false, null, false, "", text);
  }

  /** Section 4.2, with 4.4 and the own paths of 3.7. */
  private Location text(Server server, String path, String host, String args) {
    for (Location location : server.locations) {
      if (location.isExact && bytes(location.path).equals(path)) {
        return location;
      }
    }
    boolean hasOwnPaths = server.name.equals("_");
    if (hasOwnPaths && (path.equals("/healthz") || path.equals("/nginx_status"))) {
      return answer(path.equals("/healthz") ? "200" : "403");
    }
    Location exact = null;
    Location prefix = null;
    for (Location location : server.locations) {
      if (bytes(location.path).equals(path + "/")) {
        exact = exact == null && location.isExact ? location : exact;
        prefix = prefix == null && !location.isExact ? location : prefix;
      }
    }
    Location chosen = exact == null ? prefix : exact;
    boolean redirects =
        (exact != null && !exact.isDenied()) || (prefix != null && !prefix.isDenied());
    if (chosen != null && redirects) {
      return answer(
          "301 to " + (isRelative(chosen) ? "" : "http://" + host) + escape(path + "/") + args);
    }
    Location best = null;
    for (Location location : server.locations) {
      if (!location.isExact
          && path.startsWith(bytes(location.path))
          && (best == null || location.path.length() > best.path.length())) {
        best = location;
      }
    }
    if (best == null) {
      throw new IllegalStateException("every host has a root");
    }
    if (hasOwnPaths && best.path.length() < 8 && path.startsWith("/healthz")) {
      return answer("200");
    }
    if (hasOwnPaths && best.path.length() < 13 && path.startsWith("/nginx_status")) {
      return answer("403");
    }
    return best;
  }

  /** Section 4.3. */
  private static Location pattern(Server server, String path) {
    for (Location location : server.locations) {
      if (compile("^" + location.path).matcher(path).find()) {
        return location;
      }
    }
    throw new IllegalStateException("every host has a root");
  }

  private static Pattern compile(String text) {
    return Pattern.compile(bytes(text), Pattern.CASE_INSENSITIVE | Pattern.UNIX_LINES);
  }

  // ---- section 5

  /**
   * @param escaped what is escaped in a capture beside blanks, controls and all beyond ASCII; empty
   *     for nothing at all
   */
  private static String rewrite(Location location, String path, String subdomain, String escaped) {
    Matcher matcher = compile(location.path).matcher(path);
    if (!matcher.find()) {
      throw new IllegalStateException(location.path + " does not match " + path);
    }
    String target = location.target().replace("$subdomain", subdomain);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '$') {
        int group = target.charAt(++i) - '0';
        String value = group <= matcher.groupCount() ? matcher.group(group) : null;
        value = value == null ? "" : value;
        out.append(escaped.isEmpty() ? value : escape(value, escaped));
      } else {
        out.append(target.charAt(i));
      }
    }
    return out.toString();
  }

  private static String escape(String path) {
    return escape(path, "\"#%<>?\\^`{|}");
  }

  private static String escape(String path, String more) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7F || more.indexOf(c) >= 0) {
        out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  // ---- section 9.1

  private boolean redirectsToTls(Location location, String host) {
    if (location.owner == null || location.isPlain) {
      return false;
    }
    String exempt =
        settings.getOrDefault("no-tls-redirect-locations", "/.well-known/acme-challenge");
    if (location.path.startsWith(exempt)) {
      return false;
    }
    int dot = host.indexOf('.');
    boolean hasCertificate =
        host.equals("_")
            || isCertified(host)
            || (dot > 0 && isCertified("*" + host.substring(dot)));
    return is(location, "force-ssl-redirect")
        || (location.is("ssl-redirect", !"false".equals(settings.get("ssl-redirect")))
            && hasCertificate);
  }

  private boolean isCertified(String name) {
    Server server = servers.get(name);
    return server != null && server.hasCertificate;
  }
}
