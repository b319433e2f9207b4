package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DENIED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.URL;
import static io.github.ingress4j.AnnotationRow.row;
import static io.github.ingress4j.Observation.answered;
import static io.github.ingress4j.Observation.attempts;
import static io.github.ingress4j.Observation.mirror;
import static io.github.ingress4j.Observation.options;
import static io.github.ingress4j.Observation.passing;
import static io.github.ingress4j.Observation.passingAtOnce;
import static io.github.ingress4j.Observation.place;
import static io.github.ingress4j.Observation.post;
import static io.github.ingress4j.Observation.relayed;
import static io.github.ingress4j.Observation.replied;
import static io.github.ingress4j.Observation.transport;

import io.github.ingress4j.policy.Mirror;
import java.util.ArrayList;
import java.util.List;

/**
 * What is added, replaced, copied, limited and tried again: annotations of class PROXY, in the
 * order of section 6. Those of the connections themselves are in {@link TransportAnnotationRows}.
 */
final class ProxyAnnotationRows {

  private ProxyAnnotationRows() {}

  static List<AnnotationRow> all() {
    List<AnnotationRow> all = new ArrayList<>();
    all.addAll(cors());
    all.addAll(answers());
    all.addAll(requests());
    all.addAll(replies());
    all.addAll(mirrors());
    all.addAll(limits());
    return all;
  }

  /** Section 11. */
  private static List<AnnotationRow> cors() {
    return List.of(
        row("enable-cors", "true")
            .changes(place(options(URL)), "web", "204 preflight")
            .changes(relayed("Access-Control-Allow-Origin", ""), "", "*")
            .unusable("yes", DEFAULTED),
        crossOrigin("cors-allow-origin", "https://b.test")
            .changes(place(options(URL, "Origin: https://c.test")), "204 preflight", "web")
            .unusable("https://b.test/", DEFAULTED),
        crossOrigin("cors-allow-methods", "GET, PUT")
            .changes(
                answered("Access-Control-Allow-Methods", options(URL)),
                "GET, PUT, POST, DELETE, PATCH, OPTIONS",
                "GET, PUT")
            .unusable("GET;", DEFAULTED),
        crossOrigin("cors-allow-headers", "X-Team, x_b")
            .changes(
                answered("Access-Control-Allow-Headers", options(URL)),
                "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
                    + "Content-Type,Range,Authorization",
                "X-Team, x_b")
            .unusable("X:Team", DEFAULTED),
        crossOrigin("cors-expose-headers", "*, X-Team")
            .changes(answered("Access-Control-Expose-Headers", options(URL)), "", "*, X-Team")
            .unusable("X:Team", DEFAULTED),
        crossOrigin("cors-allow-credentials", "false")
            .changes(answered("Access-Control-Allow-Credentials", options(URL)), "true", "")
            .unusable("no", DEFAULTED),
        crossOrigin("cors-max-age", "7")
            .changes(answered("Access-Control-Max-Age", options(URL)), "1728000", "7")
            .unusable("7s", DEFAULTED));
  }

  private static AnnotationRow crossOrigin(String name, String value) {
    return row(name, value).beside("enable-cors: true");
  }

  /** Section 14, and response headers. */
  private static List<AnnotationRow> answers() {
    return List.of(
        row("custom-http-errors", "404,503")
            .beside("default-backend: pages")
            .others(input -> input.backend("pages", "10.0.3.1"))
            .changes(replied(404), "404", "pages")
            .unusable("302", DROPPED)
            .unusable("404, 503", DEFAULTED),
        row("disable-proxy-intercept-errors", "true")
            .beside("custom-http-errors: 404", "default-backend: pages")
            .others(input -> input.backend("pages", "10.0.3.1"))
            .changes(replied(404), "pages", "404")
            .unusable("yes", DEFAULTED),
        row("custom-headers", "ns/added")
            .others(
                input ->
                    input
                        .configMap("ns/added", "  X-Team: web\n")
                        .configMap("ns/unlisted", "  X-Other: web\n")
                        .configMap("ns/malformed", "  X Team: web\n"))
            .settings("global-allowed-response-headers: X-Team")
            .changes(relayed("X-Team", ""), "", "web")
            .unusable("ns/none", DENIED)
            .unusable("added", DENIED)
            .unusable("ns/unlisted", DENIED)
            .unusable("ns/malformed", DENIED)
            .unusable("ns/added;", DEFAULTED));
  }

  /** Section 8.7, and the size of bodies. */
  private static List<AnnotationRow> requests() {
    return List.of(
        row("proxy-connect-timeout", "7")
            .changes(transport(forward -> forward.transport().connectTimeout()), "PT5S", "PT7S")
            .unusable("7s", DEFAULTED),
        row("proxy-body-size", "1k")
            .changes(place(post(URL, 1025)), "web", "413 body-too-large")
            .unusable("1kb", DEFAULTED),
        // A size in b passes, and then the 1m of nginx is in force.
        row("proxy-body-size", "5b")
            .settings("proxy-body-size: 1k")
            .changes(place(post(URL, 1025)), "413 body-too-large", "web")
            .says("annotation-defaulted")
            .unusable("many", DEFAULTED),
        row("client-body-buffer-size", "16k")
            .changesNothing()
            .says("annotation-no-effect")
            .unusable("16kb", DROPPED),
        row("proxy-next-upstream", "http_503")
            .changes(attempts(503, 0), "1 then 503", "3 then 503")
            .unusable("http_418", DEFAULTED),
        row("proxy-next-upstream-timeout", "2")
            .changes(attempts(0, 1000), "3 then 502 upstream-failed", "2 then 502 upstream-failed")
            .unusable("2s", DEFAULTED),
        row("proxy-next-upstream-tries", "2")
            .changes(attempts(0, 0), "3 then 502 upstream-failed", "2 then 502 upstream-failed")
            .unusable("two", DEFAULTED));
  }

  private static List<AnnotationRow> replies() {
    return List.of(
        row("proxy-redirect-from", "http://in.test/")
            .beside("proxy-redirect-to: https://out.test/")
            .changes(
                relayed("Location", "http://in.test/y"), "http://in.test/y", "https://out.test/y")
            .unusable("~^http", DEFAULTED),
        row("proxy-redirect-to", "https://out.test/")
            .beside("proxy-redirect-from: http://in.test/")
            .changes(
                relayed("Location", "http://in.test/y"), "http://in.test/y", "https://out.test/y")
            .unusable("https://$host/", DEFAULTED),
        row("proxy-cookie-domain", "in.test out.test")
            .changes(
                relayed("Set-Cookie", "a=1; Domain=in.test"),
                "a=1; Domain=in.test",
                "a=1; Domain=out.test")
            .unusable("in.test,out.test", DEFAULTED)
            .unusable(
                "in.test",
                "nginx-reply-rewrite-invalid",
                relayed("Set-Cookie", "a=1; Domain=in.test"),
                "a=1; Domain=in.test"),
        row("proxy-cookie-path", "/in /out")
            .changes(
                relayed("Set-Cookie", "a=1; Path=/in/x"), "a=1; Path=/in/x", "a=1; Path=/out/x")
            .unusable("~^/in; /out", DEFAULTED));
  }

  private static List<AnnotationRow> mirrors() {
    return List.of(
        row("mirror-target", "https://copy.test/here")
            .changes(mirror(post(URL, 5), Mirror.Copy::url), "no copy", "https://copy.test/here")
            .unusable("https://copy.test/a b", DEFAULTED),
        row("mirror-host", "m.test")
            .beside("mirror-target: https://copy.test")
            .changes(mirror(post(URL, 5), Mirror.Copy::host), "copy.test", "m.test")
            .unusable("m test", DEFAULTED),
        row("mirror-request-body", "off")
            .beside("mirror-target: https://copy.test")
            .changes(mirror(post(URL, 5), Mirror.Copy::hasBody), "true", "false")
            .unusable("no", DEFAULTED));
  }

  /** Section 12, rate limits. */
  private static List<AnnotationRow> limits() {
    return List.of(
        row("limit-rps", "1")
            .beside("limit-burst-multiplier: 1")
            .changes(passing(4), "4 of 4", "2 of 4")
            .unusable("one", DROPPED),
        row("limit-rpm", "2")
            .beside("limit-burst-multiplier: 1")
            .changes(passing(4), "4 of 4", "3 of 4")
            .unusable("two", DROPPED),
        row("limit-connections", "2")
            .changes(passingAtOnce(4), "4 of 4", "2 of 4")
            .unusable("two", DROPPED),
        row("limit-burst-multiplier", "2")
            .beside("limit-rps: 1")
            .changes(passing(8), "6 of 8", "3 of 8")
            .unusable("two", DEFAULTED),
        row("limit-allowlist", "127.0.0.0/8")
            .beside("limit-rps: 1")
            .changes(passing(8), "6 of 8", "8 of 8")
            .unusable("127.0.0.0/33", DROPPED),
        row("limit-whitelist", "127.0.0.0/8")
            .beside("limit-rps: 1")
            .changes(passing(8), "6 of 8", "8 of 8")
            .unusable("127.0.0.0/33", DROPPED));
  }
}
