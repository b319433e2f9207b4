package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.URL;
import static io.github.ingress4j.AnnotationRow.canary;
import static io.github.ingress4j.AnnotationRow.row;
import static io.github.ingress4j.Observation.algorithm;
import static io.github.ingress4j.Observation.cookieAttributes;
import static io.github.ingress4j.Observation.cookieName;
import static io.github.ingress4j.Observation.endpoint;
import static io.github.ingress4j.Observation.endpoints;
import static io.github.ingress4j.Observation.get;
import static io.github.ingress4j.Observation.host;
import static io.github.ingress4j.Observation.place;
import static io.github.ingress4j.Observation.secondAttempt;
import static io.github.ingress4j.Observation.sent;
import static io.github.ingress4j.Observation.target;

import java.util.ArrayList;
import java.util.List;

/** Where requests go: the annotations of class ROUTING, in the order of section 6. */
final class RoutingAnnotationRows {

  private static final String[] FOUR = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"};

  private RoutingAnnotationRows() {}

  static List<AnnotationRow> all() {
    List<AnnotationRow> all = new ArrayList<>();
    all.addAll(rewriting());
    all.addAll(redirects());
    all.addAll(hosts());
    all.addAll(canaries());
    all.addAll(sessions());
    all.addAll(upstreams());
    return all;
  }

  private static List<AnnotationRow> rewriting() {
    return List.of(
        row("rewrite-target", "/new")
            .changes(target("http://a.test/x/y?q=1"), "/x/y?q=1", "/new?q=1")
            .unusable("/new?x=1", DEFAULTED)
            .unusable(" /new", DEFAULTED),
        row("rewrite-target", "https://c.test/new")
            .changes(place(URL), "web", "302 https://c.test/new")
            .unusable("https://c.test/{new}", DEFAULTED),
        row("use-regex", "true")
            .rules("a.test /x[0-9] web:80 ImplementationSpecific")
            .changes(place("http://a.test/X7up"), "404 no-route", "web")
            .unusable("yes", DEFAULTED),
        row("app-root", "/start")
            .changes(place("http://a.test/"), "404 no-route", "302 http://a.test/start")
            .unusable("start", DEFAULTED)
            .unusable("https://a.test/start", DEFAULTED)
            .unusable("/start?x=1", DEFAULTED),
        row("ssl-redirect", "false")
            .rules("a.test /x web:80; tls")
            .changes(place(URL), "308 https://a.test/x", "web")
            .unusable("no", DEFAULTED),
        row("force-ssl-redirect", "true")
            .changes(place(URL), "web", "308 https://a.test/x")
            .unusable("yes", DEFAULTED),
        row("preserve-trailing-slash", "true")
            .beside("force-ssl-redirect: true")
            .changes(place("http://a.test/x/"), "308 https://a.test/x", "308 https://a.test/x/")
            .unusable("yes", DEFAULTED),
        row("use-port-in-redirects", "true")
            .beside("force-ssl-redirect: true")
            .changes(place(URL), "308 https://a.test/x", "308 https://a.test:443/x")
            .unusable("yes", DEFAULTED));
  }

  private static List<AnnotationRow> redirects() {
    return List.of(
        row("permanent-redirect", "https://c.test/new")
            .beside("from-to-www-redirect: true")
            .changes(place(URL), "web", "301 https://c.test/new")
            .unusable("https://c.test$request_uri", DROPPED)
            .unusable("", "annotation-voids-group", place("http://www.a.test/x"), "404 no-route"),
        row("permanent-redirect", "/new")
            .changes(place(URL), "web", "301 http://a.test/new")
            .unusable("/new#here", DROPPED),
        row("permanent-redirect-code", "308")
            .beside("permanent-redirect: https://c.test/")
            .changes(place(URL), "301 https://c.test/", "308 https://c.test/")
            .unusable("soon", DROPPED)
            .unusable("309", DEFAULTED),
        row("temporal-redirect", "https://c.test/new")
            .beside("from-to-www-redirect: true")
            .changes(place(URL), "web", "302 https://c.test/new")
            .unusable("https://c.test$request_uri", DROPPED)
            .unusable("/new", "annotation-voids-group", place(URL), "web")
            .unusable(
                "/new", "annotation-voids-group", place("http://www.a.test/x"), "404 no-route"),
        row("temporal-redirect-code", "307")
            .beside("temporal-redirect: https://c.test/")
            .changes(place(URL), "302 https://c.test/", "307 https://c.test/")
            .unusable("soon", DROPPED)
            .unusable("308", DEFAULTED),
        row("from-to-www-redirect", "true")
            .changes(place("http://www.a.test/x"), "404 no-route", "308 http://a.test:80/x")
            .unusable("yes", DROPPED),
        row("relative-redirects", "true")
            .beside("permanent-redirect: /new")
            .changes(place(URL), "301 http://a.test/new", "301 /new")
            .unusable("yes", DROPPED),
        row("relative-redirects", "true")
            .rules("a.test /x/ web:80")
            .changes(place(URL), "301 http://a.test/x/", "301 /x/")
            .unusable("yes", DROPPED));
  }

  private static List<AnnotationRow> hosts() {
    return List.of(
        row("server-alias", "alias.test, *.many.test")
            .changes(place("http://alias.test/x"), "404 no-route", "web")
            .changes(place("http://one.of.many.test/x"), "404 no-route", "web")
            .unusable("alias test", DROPPED),
        row("default-backend", "spare")
            .pods()
            .others(input -> input.backend("spare", "10.0.2.1"))
            .changes(place(URL), "503 no-endpoints", "spare")
            .changes(sent("X-Code", URL), "not sent: 503 no-endpoints", "503")
            .unusable("1spare", DROPPED)
            .unusable("none", "nginx-default-backend-missing", place(URL), "503 no-endpoints"));
  }

  private static List<AnnotationRow> canaries() {
    return List.of(
        canary("canary", "true")
            .beside("canary-weight: 100")
            .changes(place(URL), "web", "new")
            .unusable("yes", DEFAULTED),
        canary("canary-weight", "100")
            .beside("canary: true")
            .changes(place(URL), "web", "new")
            .unusable("all", DEFAULTED),
        canary("canary-weight-total", "1000000000")
            .beside("canary: true", "canary-weight: 100")
            .changes(place(URL), "new", "web")
            .unusable("many", DEFAULTED),
        canary("canary-by-header", "X-New")
            .beside("canary: true", "canary-weight: 100")
            .changes(place(get(URL, "X-New: never")), "new", "web")
            .unusable("X-New!", DEFAULTED),
        canary("canary-by-header", "X-New")
            .beside("canary: true")
            .changes(place(get(URL, "X-New: always")), "web", "new")
            .unusable("X-New;", DEFAULTED),
        canary("canary-by-header-value", "eu")
            .beside("canary: true", "canary-by-header: X-New")
            .changes(place(get(URL, "X-New: eu")), "web", "new")
            .changes(place(get(URL, "X-New: always")), "new", "web")
            .unusable("eu;", DEFAULTED),
        canary("canary-by-header-pattern", "^e")
            .beside("canary: true", "canary-by-header: X-New")
            .changes(place(get(URL, "X-New: eu")), "web", "new")
            .changes(place(get(URL, "X-New: always")), "new", "web")
            .unusable("^e ", DEFAULTED),
        canary("canary-by-header-pattern", "^e")
            .beside("canary: true", "canary-by-header: X-New", "canary-weight: 100")
            .changes(place(get(URL, "X-New: never")), "web", "new")
            .unusable(
                "(e", "nginx-canary-pattern-invalid", place(get(URL, "X-New: always")), "web"),
        canary("canary-by-cookie", "new")
            .beside("canary: true")
            .changes(place(get(URL, "Cookie: new=always")), "web", "new")
            .unusable("new;", DEFAULTED));
  }

  /** Section 7. */
  private static List<AnnotationRow> sessions() {
    return List.of(
        row("affinity", "cookie")
            .changes(cookieName(get(URL)), "", "INGRESSCOOKIE")
            .unusable("ip", DEFAULTED),
        session("affinity-mode", "persistent")
            .pods(FOUR)
            .changes(cookieName(get(URL, "Cookie: INGRESSCOOKIE=no-key")), "", "INGRESSCOOKIE")
            .unusable("forever", DEFAULTED),
        canary("affinity-canary-behavior", "legacy", "affinity: cookie")
            .beside("canary: true", "canary-weight: 100")
            .changes(cookieName(get(URL)), "INGRESSCOOKIE", "")
            .unusable("none", DEFAULTED),
        session("session-cookie-name", "route")
            .changes(cookieName(get(URL)), "INGRESSCOOKIE", "route")
            .unusable("a;b", DEFAULTED),
        session("session-cookie-secure", "true")
            .changes(cookieAttributes(get(URL)), "Path=/x; HttpOnly", "Path=/x; Secure; HttpOnly")
            .unusable("yes", DEFAULTED),
        session("session-cookie-expires", "90")
            .changes(
                cookieAttributes(get(URL)),
                "Path=/x; HttpOnly",
                "Expires=Thu, 01-Jan-26 00:01:30 GMT; Path=/x; HttpOnly")
            .unusable("soon", DEFAULTED),
        session("session-cookie-max-age", "90")
            .changes(
                cookieAttributes(get(URL)), "Path=/x; HttpOnly", "Max-Age=90; Path=/x; HttpOnly")
            .unusable("soon", DEFAULTED),
        session("session-cookie-path", "/shop")
            .changes(cookieAttributes(get(URL)), "Path=/x; HttpOnly", "Path=/shop; HttpOnly")
            .unusable("/shop;", DEFAULTED),
        session("session-cookie-domain", "a.test")
            .changes(
                cookieAttributes(get(URL)), "Path=/x; HttpOnly", "Domain=a.test; Path=/x; HttpOnly")
            .unusable("a,test", DEFAULTED),
        session("session-cookie-samesite", "Lax")
            .changes(
                cookieAttributes(get(URL)), "Path=/x; HttpOnly", "Path=/x; HttpOnly; SameSite=Lax")
            .unusable("Loose", DEFAULTED)
            .unusable("lax", DEFAULTED),
        session("session-cookie-conditional-samesite-none", "true")
            .beside("session-cookie-samesite: None")
            .changes(
                cookieAttributes(get(URL, "User-Agent: Mozilla/5.0 Chrome/51.0")),
                "Path=/x; HttpOnly; SameSite=None",
                "Path=/x; HttpOnly")
            .unusable("yes", DEFAULTED),
        session("session-cookie-change-on-failure", "true")
            .pods(FOUR)
            .changes(
                secondAttempt(get(URL, "Cookie: INGRESSCOOKIE=key")),
                "the same endpoint",
                "another endpoint")
            .unusable("yes", DEFAULTED));
  }

  private static AnnotationRow session(String name, String value) {
    return row(name, value).beside("affinity: cookie");
  }

  /** Sections 2.4, 5.2 and 8.1. */
  private static List<AnnotationRow> upstreams() {
    String service = "{clusterIP: 10.8.0.1, ports: [{port: 80, targetPort: 8080}]}";
    return List.of(
        row("load-balance", "ewma")
            .pods(FOUR)
            .changes(algorithm(), "rotation", "ewma")
            .unusable("least_conn", DROPPED)
            .unusable("chash", "nginx-load-balance-incomplete", place(URL), "503 no-endpoints"),
        row("upstream-hash-by", "$request_uri")
            .pods(FOUR)
            .changes(endpoints(URL), "4", "1")
            .unusable("$a/b", DROPPED),
        row("upstream-hash-by-subset", "true")
            .beside("upstream-hash-by: $request_uri")
            .pods(FOUR)
            .changes(endpoints(URL), "1", "3")
            .unusable("yes", DROPPED),
        row("upstream-hash-by-subset-size", "2")
            .beside("upstream-hash-by: $request_uri", "upstream-hash-by-subset: true")
            .pods(FOUR)
            .changes(endpoints(URL), "3", "2")
            .unusable("few", DROPPED)
            .unusable("0", DEFAULTED),
        row("service-upstream", "true")
            .web(input -> web(input, service))
            .changes(endpoint(URL), "10.0.0.1:8080", "10.8.0.1:80")
            .unusable("yes", DEFAULTED),
        // What is no boolean is false, whatever the ConfigMap says.
        row("service-upstream", "false")
            .settings("service-upstream: true")
            .web(input -> web(input, service))
            .changes(endpoint(URL), "10.8.0.1:80", "10.0.0.1:8080")
            .unusable("yes", "annotation-defaulted", endpoint(URL), "10.0.0.1:8080"),
        row("x-forwarded-prefix", "/shop")
            .beside("rewrite-target: /new")
            .changes(sent("X-Forwarded-Prefix", URL), "", "/shop")
            .unusable("/shop?", DROPPED),
        row("upstream-vhost", "v.test")
            .changes(host(URL), "a.test", "v.test")
            .unusable("v test", DROPPED));
  }

  private static NginxInput web(NginxInput input, String service) {
    return input
        .service("web", service)
        .slice("web", "[{port: 8080}]", "[{addresses: [10.0.0.1]}]");
  }
}
