package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.CLOSED;
import static io.github.ingress4j.AnnotationRow.Fate.CLOSED_WITH_GROUP;
import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DENIED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.Fate.REJECTED;
import static io.github.ingress4j.AnnotationRow.URL;
import static io.github.ingress4j.AnnotationRow.row;
import static io.github.ingress4j.Observation.answered;
import static io.github.ingress4j.Observation.cookieAfter;
import static io.github.ingress4j.Observation.get;
import static io.github.ingress4j.Observation.getFrom;
import static io.github.ingress4j.Observation.place;
import static io.github.ingress4j.Observation.placeLater;
import static io.github.ingress4j.Observation.question;
import static io.github.ingress4j.Observation.questionHeader;
import static io.github.ingress4j.Observation.sentAfter;
import static io.github.ingress4j.Observation.verdict;

import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Exchange.ReplyHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Who may pass: annotations of class SECURITY and the snippets, in the order of section 6. Those of
 * certificates and of kept connections are in {@link TransportAnnotationRows}.
 */
final class AccessAnnotationRows {

  private static final String ASK = "ask http://auth.test/";

  private static final String ANN =
      "Authorization: Basic "
          + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));

  private AccessAnnotationRows() {}

  static List<AnnotationRow> all() {
    List<AnnotationRow> all = new ArrayList<>();
    all.addAll(lists());
    all.addAll(passwords());
    all.addAll(services());
    all.addAll(firewall());
    all.addAll(snippets());
    return all;
  }

  private static List<AnnotationRow> lists() {
    return List.of(
        row("allowlist-source-range", "10.0.0.0/8, 127.0.0.1")
            .changes(place(getFrom("11.0.0.1", URL)), "web", "403 denied")
            .unusable("10.0.0.0/33", DENIED)
            .unusable("", DENIED),
        row("whitelist-source-range", "10.0.0.0/8, 127.0.0.1")
            .changes(place(getFrom("11.0.0.1", URL)), "web", "403 denied")
            .unusable("10.0.0.0/33", DENIED)
            .unusable("", "annotation-blank", place(getFrom("11.0.0.1", URL)), "503 route-closed"),
        row("denylist-source-range", "10.0.0.0/8")
            .changes(place(getFrom("10.0.0.1", URL)), "web", "403 denied")
            .unusable("10.0.0", DENIED)
            .unusable("", DENIED));
  }

  private static List<AnnotationRow> passwords() {
    return List.of(
        row("auth-type", "basic")
            .beside("auth-secret: users")
            .others(AccessAnnotationRows::users)
            .changes(place(URL), "web", "401 unauthorized")
            .unusable("Basic", DROPPED),
        // The routes are closed as long as there is no Secret.
        row("auth-secret", "users")
            .beside("auth-type: basic")
            .others(AccessAnnotationRows::users)
            .changes(place(URL), "503 route-closed", "401 unauthorized")
            .changes(place(get(URL, ANN)), "503 route-closed", "web")
            .unusable("users;", "annotation-denies-routes", place(URL), "503 route-closed")
            .unusable("none", "annotation-denies-routes", place(URL), "503 route-closed")
            .unusable("other/users", "annotation-denies-routes", place(URL), "503 route-closed")
            .unusable("map", "annotation-denies-routes", place(URL), "503 route-closed"),
        row("auth-secret-type", "auth-map")
            .beside("auth-type: basic", "auth-secret: map")
            .others(AccessAnnotationRows::users)
            .changes(place(get(URL, ANN)), "503 route-closed", "web")
            .unusable("map", DROPPED)
            .unusable(
                "auth-map,", "annotation-denies-routes", place(get(URL, ANN)), "503 route-closed"),
        row("auth-realm", "the staff")
            .beside("auth-type: basic", "auth-secret: users")
            .others(AccessAnnotationRows::users)
            .changes(
                answered("WWW-Authenticate", get(URL)),
                "Basic realm=\"\"",
                "Basic realm=\"the staff\"")
            .unusable("the \"staff\"", DROPPED),
        // The word off switches the question off.
        row("auth-realm", "off")
            .beside("auth-type: basic", "auth-secret: users")
            .others(AccessAnnotationRows::users)
            .changes(place(URL), "401 unauthorized", "web")
            .unusable("off!", DROPPED),
        row("satisfy", "any")
            .beside("auth-type: basic", "auth-secret: users", "allowlist-source-range: 127.0.0.1")
            .others(AccessAnnotationRows::users)
            .changes(place(URL), "401 unauthorized", "web")
            .unusable("one", DEFAULTED));
  }

  private static NginxInput users(NginxInput input) {
    return input
        .secret("users", "auth: 'ann:{PLAIN}secret'")
        .secret("other/users", "auth: 'ann:{PLAIN}secret'")
        .secret("map", "ann: '{PLAIN}secret'");
  }

  private static List<AnnotationRow> services() {
    ReplyHead allowed =
        new ReplyHead(200, Map.of("X-User", List.of("ann"), "Set-Cookie", List.of("s=1")));
    return List.of(
        row("auth-url", "http://auth.test/check")
            .changes(place(URL), "web", "ask http://auth.test/check")
            .unusable("http://auth.test/#check", DROPPED)
            .unusable("auth.test", DENIED)
            .unusable("http://auth..test/", DENIED),
        asking("auth-method", "POST")
            .changes(question(AskAuth::method), "GET", "POST")
            .unusable("post", DENIED),
        asking("auth-signin", "https://login.test/start")
            .changes(
                verdict(new ReplyHead(401)),
                "401 unauthorized",
                "302 https://login.test/start?rd=http://a.test%2Fx")
            .unusable("https://login.test/;", DEFAULTED),
        asking("auth-signin-redirect-param", "back")
            .beside("auth-signin: https://login.test/")
            .changes(
                verdict(new ReplyHead(401)),
                "302 https://login.test/?rd=http://a.test%2Fx",
                "302 https://login.test/?back=http://a.test%2Fx")
            .unusable("back;", DEFAULTED),
        asking("auth-response-headers", "X-User")
            .changes(sentAfter(allowed, "X-User"), "", "ann")
            .unusable("X:User", DENIED)
            .unusable("X User", DENIED),
        asking("auth-proxy-set-headers", "default/map")
            .others(
                input ->
                    input
                        .configMap("default/map", "  X-Team: web\n")
                        .configMap("default/malformed", "  X Team: web\n")
                        .configMap("other/map", "  X-Team: web\n"))
            .changes(questionHeader("X-Team"), "", "web")
            .unusable("default/none", DENIED)
            .unusable("default/malformed", DENIED)
            .unusable("other/map", DENIED)
            .unusable("map", DENIED)
            .unusable("default/map;", DEFAULTED),
        asking("auth-request-redirect", "https://c.test/")
            .changes(questionHeader("X-Auth-Request-Redirect"), "/x", "https://c.test/")
            .unusable("$uri", CLOSED_WITH_GROUP),
        asking("auth-always-set-cookie", "true")
            .changes(cookieAfter(allowed, 500), "", "s=1")
            .unusable("yes", CLOSED_WITH_GROUP),
        asking("auth-cache-key", "$http_cookie")
            .changes(placeLater(get(URL, "Cookie: a=1"), 1000), ASK, "web")
            .unusable("$a/b", DEFAULTED),
        asking("auth-cache-duration", "200 1m")
            .beside("auth-cache-key: $http_cookie")
            .changes(placeLater(get(URL, "Cookie: a=1"), 120_000), "web", ASK)
            .unusable("200 soon", DENIED)
            .unusable("200;1m", CLOSED_WITH_GROUP),
        row("enable-global-auth", "false")
            .settings("global-auth-url: http://auth.test/")
            .changes(place(URL), ASK, "web")
            .unusable("no", DEFAULTED));
  }

  private static AnnotationRow asking(String name, String value) {
    return row(name, value).beside("auth-url: http://auth.test/");
  }

  /** There is none here, so the routes that ask for it are closed. */
  private static List<AnnotationRow> firewall() {
    return List.of(
        row("enable-modsecurity", "true")
            .changes(place(URL), "web", "503 route-closed")
            .says("protection-unavailable")
            .unusable("yes", CLOSED),
        row("enable-owasp-core-rules", "true")
            .changes(place(URL), "web", "503 route-closed")
            .says("protection-unavailable")
            .unusable("yes", CLOSED),
        row("modsecurity-transaction-id", "$request_id")
            .beside("enable-modsecurity: false")
            .changesNothing()
            .says("annotation-no-effect")
            .unusable("a/b", DEFAULTED));
  }

  /**
   * Any text is a snippet, and none is ever run: the controller refuses it by default, and where it
   * would run it, the routes are closed.
   */
  private static List<AnnotationRow> snippets() {
    List<AnnotationRow> rows = new ArrayList<>();
    for (String name :
        List.of("modsecurity-snippet", "configuration-snippet", "server-snippet", "auth-snippet")) {
      rows.add(snippet(name).changes(place(URL), "web", "503 route-closed"));
    }
    rows.add(snippet("stream-snippet").changesNothing());
    return rows;
  }

  private static AnnotationRow snippet(String name) {
    return row(name, "deny all;")
        .settings("annotations-risk-level: Critical", "allow-snippet-annotations: true")
        .says("annotation-snippet")
        .unusable("deny all;", REJECTED);
  }
}
