package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Markdown.code;
import static io.github.ingress4j.dialect.nginx.Markdown.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page {@code docs/annotations.md}, made from the declarations. */
final class AnnotationsPage {

  /** How many entries of a table of contents stand in a row. */
  private static final String SEPARATOR = " · ";

  private final Markdown page = new Markdown("annotations.md");

  private AnnotationsPage() {}

  static String text() {
    AnnotationsPage made = new AnnotationsPage();
    made.introduction();
    made.differences();
    made.contents();
    for (Group group : groups()) {
      made.chapter(group);
    }
    made.removed();
    return made.page.toString();
  }

  private static Set<Group> groups() {
    return Annotations.ALL.stream()
        .map(Annotation::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Annotation<?>> of(Group group) {
    return Annotations.ALL.stream().filter(annotation -> annotation.group() == group).toList();
  }

  private static long count(Effect.Status status) {
    return Annotations.ALL.stream()
        .filter(annotation -> annotation.effect().status() == status)
        .count();
  }

  private void introduction() {
    page.heading(1, "Annotations of ingress-nginx")
        .block(
            """
            What becomes here of each annotation that ingress-nginx v1.15.1 knows, in the dialect
            `ingress-nginx`. The names stand without their prefix `nginx.ingress.kubernetes.io/`. The
            settings of the controller's ConfigMap have [a page of their own](configmap.md), and
            [a schema](editors.md) shows all this while you type.""")
        .block(
            """
            This page is made from the declarations that the program itself works with, and
            [a test](../CONTRIBUTING.md#generated-pages) holds it to them. Do not edit it.""")
        .heading(2, "Overview")
        .block(
            "The controller has "
                + Annotations.ALL.size()
                + " annotations, and "
                + Annotations.ALL.stream().mapToInt(annotation -> annotation.aliases().size()).sum()
                + " of them have an older name, too.")
        .table(
            List.of("Here", "Annotations", "What it means"),
            List.of(
                statusRow(
                    Effect.Status.ENFORCED,
                    "it does what it does in the controller, fault for fault"),
                statusRow(
                    Effect.Status.APPROXIMATED,
                    "it does nearly that; the difference is stated, and "
                        + rules("annotation-approximated")
                        + " reports it"),
                statusRow(
                    Effect.Status.NO_EFFECT,
                    "it does nothing here; the reason and the way out are stated, and "
                        + rules("annotation-no-effect")
                        + " reports it"),
                statusRow(
                    Effect.Status.REFUSED,
                    "it asks for something that does not exist here and that others may rely on, so"
                        + " the routes of its Ingress are closed, or its hosts with the routes of"
                        + " other Ingresses, if the controller does it on whole hosts: they answer"
                        + " 503, and "
                        + rules("protection-unavailable", "annotation-snippet")
                        + " report it. `--ignore-protecting-annotations` opens them")))
        .block("By what they are about:")
        .table(
            List.of(
                "About",
                "Annotations",
                "enforced",
                "approximated",
                "no effect here",
                "refused",
                "Who carries it out"),
            Arrays.stream(Category.values()).map(AnnotationsPage::categoryRow).toList())
        .heading(2, "How to migrate")
        .block(
            """
            1. Run `ingress4j lint --dialect ingress-nginx` over your manifests. Every annotation that is
               misspelt, has a value that cannot be used, or does something else here has a finding with
               its place and what to do.
            2. Look first at what is [refused](#what-differs-here): those routes are closed until
               something else protects them or you open them.
            3. Then read what has no effect here, and move it to where the third column says.
            4. Ask `ingress4j route --dialect ingress-nginx` what becomes of the requests that matter.""")
        .heading(2, "How to read the entries")
        .table(
            List.of("Line", "What it says"),
            List.of(
                List.of("Here", "what becomes of it in this program"),
                List.of("What to do", "the way out where it does nothing or closes routes"),
                List.of(
                    "Values",
                    "what can be written. In a manifest every value is a text, so numbers and"
                        + " booleans are quoted. *true or false* may also be written `1`, `t`, `T`,"
                        + " `TRUE`, `True`, and `0`, `f`, `F`, `FALSE`, `False`; `yes` and `on` are"
                        + " not among them"),
                List.of(
                    "Default",
                    "what holds without it. *ConfigMap* means the setting of the controller, with its"
                        + " own default behind it"),
                List.of(
                    "Where it counts",
                    "which requests feel it: often more than the paths of its Ingress. *Its paths*"
                        + " also means the paths of a host that nobody defined, if the Ingress is the"
                        + " oldest one of that host"),
                List.of("Needs", "without this it is not even looked at, or does nothing"),
                List.of(
                    "If it cannot be used",
                    "what the controller, and this program, make of a value that is not among those"
                        + " above, of an empty one, and of others that are at fault. An Ingress that"
                        + " is *dropped* has no routes at all"),
                List.of(
                    "Risk",
                    "how dangerous the controller rates it. An Ingress with an annotation above "
                        + page.link("annotations-risk-level", "configmap.md#annotations-risk-level")
                        + " is dropped")));
  }

  private static List<String> statusRow(Effect.Status status, String meaning) {
    return List.of("**" + status.word() + "**", String.valueOf(count(status)), meaning);
  }

  private static List<String> categoryRow(Category category) {
    List<Annotation<?>> all =
        Annotations.ALL.stream().filter(annotation -> annotation.category() == category).toList();
    List<String> cells = new ArrayList<>(List.of(word(category), String.valueOf(all.size())));
    for (Effect.Status status : Effect.Status.values()) {
      long count =
          all.stream().filter(annotation -> annotation.effect().status() == status).count();
      cells.add(count == 0 ? "" : String.valueOf(count));
    }
    cells.add(
        switch (category) {
          case ROUTING -> "the core: every way to use the library";
          case PROXY -> "the proxy that forwards the request";
          case TLS -> "the server that TLS ends in, and the proxy";
          case SECURITY -> "the core, and what it asks";
          case NOT_APPLICABLE -> "nobody: there is no nginx here";
        });
    return cells;
  }

  private static String word(Category category) {
    return switch (category) {
      case ROUTING -> "routing";
      case PROXY -> "proxying";
      case TLS -> "TLS";
      case SECURITY -> "protection";
      case NOT_APPLICABLE -> "nginx itself";
    };
  }

  private void differences() {
    page.heading(2, "What differs here");
    for (Effect.Status status :
        List.of(Effect.Status.REFUSED, Effect.Status.APPROXIMATED, Effect.Status.NO_EFFECT)) {
      List<List<String>> rows = new ArrayList<>();
      for (Annotation<?> annotation : Annotations.ALL) {
        if (annotation.effect().status() == status) {
          rows.add(
              List.of(
                  page.link(annotation.name(), annotation.page()),
                  page.prose(annotation.purpose(), annotation.name()),
                  page.prose(annotation.effect().text(), annotation.name())));
        }
      }
      if (!rows.isEmpty()) {
        page.block("**" + capital(status.word()) + "**")
            .table(
                List.of(
                    "Annotation",
                    "In the controller",
                    status == Effect.Status.APPROXIMATED ? "Difference" : "Why, and what to do"),
                rows);
      }
    }
  }

  private void contents() {
    page.heading(2, "All annotations")
        .block("In the groups in which the controller reads them.")
        .table(
            List.of("Group", "Annotations"),
            groups().stream()
                .map(
                    group ->
                        List.of(
                            "["
                                + heading(group)
                                + "](#"
                                + Markdown.anchors("# " + heading(group)).get(0)
                                + ")",
                            of(group).stream()
                                .map(annotation -> page.link(annotation.name(), annotation.page()))
                                .collect(Collectors.joining(SEPARATOR))))
                .toList());
  }

  private void chapter(Group group) {
    page.heading(2, heading(group))
        .block(about(group).strip().replaceAll("\\s*\n\\s*", "\n"))
        .block("Group `" + group.title() + "` of the controller.");
    of(group).forEach(this::entry);
  }

  private void entry(Annotation<?> annotation) {
    String name = annotation.name();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Here", here(annotation));
    facts.put("What to do", advice(annotation));
    facts.put("Values", values(annotation));
    facts.put("Default", defaults(annotation));
    facts.put("Where it counts", annotation.scope().text());
    String needs = annotation.needs();
    facts.put("Needs", needs == null ? "" : page.prose(needs, name) + ", " + idle());
    if (annotation.isSnippet()) {
      facts.put("What becomes of it", ofSnippet(annotation));
    } else {
      facts.put("If it cannot be used", unusable(annotation));
    }
    facts.put("Risk", annotation.risk().word());
    facts.put(
        "Older name",
        annotation.aliases().stream()
            .map(alias -> code(alias) + ", read if " + code(name) + " is absent or empty")
            .collect(Collectors.joining("; ")));
    page.heading(3, name).block(page.sentence(annotation.purpose(), name)).facts(facts);
  }

  private static String idle() {
    return "else " + rules("annotation-idle");
  }

  private String here(Annotation<?> annotation) {
    Effect effect = annotation.effect();
    String word = "**" + effect.status().word() + "**";
    String text =
        annotation.isSnippet() && annotation.isProtecting()
            ? "snippets are never run here"
            : page.prose(effect.text(), annotation.name());
    return switch (effect.status()) {
      case ENFORCED -> word + ", as in the controller";
      case APPROXIMATED, NO_EFFECT -> word + ": " + text;
      case REFUSED ->
          annotation.isProtecting()
              ? word + "; it closes the " + covered(annotation) + ": " + text
              : word + ": " + text;
    };
  }

  private static String covered(Annotation<?> annotation) {
    return annotation.scope() == Scope.HOST ? "hosts" : "routes";
  }

  /** Whatever its reason says: where its finding is explained, and what can be done at once. */
  private static String advice(Annotation<?> annotation) {
    Effect.Status status = annotation.effect().status();
    if (annotation.isSnippet()) {
      return (annotation.isProtecting() ? annotation.effect().text() + ", and " : "")
          + "remove it; see "
          + rules("annotation-snippet");
    }
    return switch (status) {
      case ENFORCED, APPROXIMATED -> "";
      case REFUSED ->
          "protect these routes by something else and remove it; see "
              + rules("protection-unavailable");
      case NO_EFFECT ->
          switch (annotation.category()) {
            case TLS ->
                "do it in the server that TLS ends in, or in the application, and remove it; see "
                    + rules("annotation-no-effect");
            case NOT_APPLICABLE -> "remove it, unless nginx reads the manifest, too";
            case ROUTING, PROXY, SECURITY ->
                "do it in the server in front or in the application, and remove it; see "
                    + rules("annotation-no-effect");
          };
    };
  }

  private String values(Annotation<?> annotation) {
    Allowed allowed = annotation.allowed();
    if (annotation.type() == (Object) ValueType.BOOL) {
      return "true or false";
    }
    return page.prose(allowed.text(), annotation.name());
  }

  private String defaults(Annotation<?> annotation) {
    String text = annotation.defaultText();
    if (text.isEmpty()) {
      return "none";
    }
    if (annotation.defaultSetting() != null) {
      return page.prose(text, annotation.name());
    }
    return annotation.defaultValue() == null ? page.prose(text, annotation.name()) : code(text);
  }

  /** What becomes of values that are not allowed, empty, or at fault otherwise. */
  private String unusable(Annotation<?> annotation) {
    Outcome invalid = annotation.onInvalid();
    Outcome blank = annotation.onBlank();
    List<String> lines = new ArrayList<>();
    lines.add(outcome(annotation, invalid));
    if (blank != invalid) {
      lines.add("empty: " + outcome(annotation, blank));
    }
    for (String other : annotation.otherOutcomes()) {
      lines.add(page.prose(other, annotation.name()));
    }
    Set<String> rules = new TreeSet<>();
    rules.add(rule(invalid));
    rules.add(blank == Outcome.DEFAULT ? "annotation-blank" : rule(blank));
    annotation.checks().forEach(check -> rules.add(rule(check.outcome())));
    lines.add("see " + rules(rules.toArray(String[]::new)));
    return String.join("<br>", lines);
  }

  private String ofSnippet(Annotation<?> annotation) {
    return "the Ingress is dropped, unless "
        + page.link("annotations-risk-level", "configmap.md#annotations-risk-level")
        + " is Critical<br>then it counts as absent, unless "
        + page.link("allow-snippet-annotations", "configmap.md#allow-snippet-annotations")
        + " is true<br>then "
        + (annotation.isProtecting()
            ? "the controller runs it, and the "
                + covered(annotation)
                + " of the Ingress are closed here"
            : "the controller runs it, and it does nothing here");
  }

  private static String outcome(Annotation<?> annotation, Outcome outcome) {
    Object fallback = annotation.fallback();
    String text = annotation.inWords(outcome);
    if (outcome == Outcome.DEFAULT && fallback != null) {
      text = code(fallback.toString()) + " holds, whatever the ConfigMap says";
    }
    if (outcome == Outcome.DEFAULT && annotation.isProtecting()) {
      return text
          + ", and the "
          + covered(annotation)
          + " are closed here, because it asks for a protection";
    }
    boolean mayProtect =
        outcome == Outcome.IGNORE_GROUP
            && of(annotation.group()).stream().anyMatch(Annotation::isProtecting);
    return mayProtect
        ? text + ", and the routes are closed here if one of them asks for a protection"
        : text;
  }

  private static String rule(Outcome outcome) {
    return switch (outcome) {
      case DROP -> "annotation-drops-ingress";
      case DENY, FORBID_HOST -> "annotation-denies-routes";
      case DEFAULT -> "annotation-defaulted";
      case IGNORE_GROUP -> "annotation-voids-group";
    };
  }

  private void removed() {
    page.heading(2, "Names that the controller no longer knows")
        .block(
            "They do nothing, in the controller and here; "
                + rules("annotation-removed")
                + " reports them. Any other name under the prefix is unknown, and "
                + rules("annotation-unknown")
                + " names the nearest one there is.")
        .table(
            List.of("Name", "What to do"),
            new TreeSet<>(RemovedAnnotations.names())
                .stream()
                    .map(
                        name ->
                            List.of(
                                code(name),
                                page.prose(
                                    String.valueOf(RemovedAnnotations.successor(name)), name)))
                    .toList());
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  /** The heading of a group; no annotation may have the same anchor. */
  private static String heading(Group group) {
    return switch (group) {
      case REWRITE -> "Rewriting and the https redirect";
      case REDIRECT -> "Fixed redirects and www";
      case USE_PORT_IN_REDIRECTS -> "The port in redirects";
      case ALIASES -> "More names of a host";
      case DEFAULT_BACKEND -> "The Service that stands in";
      case CANARY -> "Canaries";
      case SESSION_AFFINITY -> "Session affinity";
      case LOAD_BALANCING -> "Choosing an endpoint";
      case UPSTREAM_HASH_BY -> "Choosing an endpoint by a hash";
      case SERVICE_UPSTREAM -> "The Service's own address";
      case X_FORWARDED_PREFIX -> "The header X-Forwarded-Prefix";
      case UPSTREAM_VHOST -> "The Host that is sent upstream";
      case CORS_CONFIG -> "Cross-origin requests";
      case CUSTOM_HTTP_ERRORS -> "Error pages";
      case DISABLE_PROXY_INTERCEPT_ERRORS -> "Error pages of the back end";
      case CUSTOM_HEADERS -> "Response headers";
      case CONNECTION -> "The header Connection";
      case PROXY -> "Timeouts, retries, buffers and replies";
      case CLIENT_BODY_BUFFER_SIZE -> "The buffer of a request body";
      case BACKEND_PROTOCOL -> "The protocol towards the back end";
      case MIRROR -> "Copies of requests";
      case RATE_LIMIT -> "Limits";
      case SSL_PASSTHROUGH -> "TLS that is passed through";
      case SSL_CIPHER -> "TLS ciphers";
      case CERTIFICATE_AUTH -> "Client certificates";
      case PROXY_SSL -> "TLS towards the back end";
      case ALLOWLIST -> "Addresses that may pass";
      case DENYLIST -> "Addresses that may not pass";
      case BASIC_DIGEST_AUTH -> "Passwords";
      case SATISFY -> "How protections combine";
      case EXTERNAL_AUTH -> "A service that decides who may pass";
      case ENABLE_GLOBAL_AUTH -> "The global service that decides who may pass";
      case MOD_SECURITY -> "The web application firewall";
      case CONFIGURATION_SNIPPET -> "Snippets for a path";
      case SERVER_SNIPPET -> "Snippets for a host";
      case STREAM_SNIPPET -> "Snippets for TCP and UDP";
      case LOGS -> "Logs";
      case HTTP2_PUSH_PRELOAD -> "HTTP/2 push";
      case FAST_CGI -> "FastCGI";
      case OPENTELEMETRY -> "Tracing";
    };
  }

  /** What a reader should know of a group before its entries. */
  private static String about(Group group) {
    return switch (group) {
      case REWRITE ->
          """
          A rewrite, or `use-regex`, in one Ingress turns **all** paths of its host into regular
          expressions, those of other Ingresses and `Exact` ones included: case no longer counts, and
          a path matches whatever begins with it. Text that a pattern captures is decoded, and encoded
          again in the result, so that `%2F` becomes `/`. The redirect to https happens on hosts whose
          Ingress has an entry under `tls`, before any list of addresses or password is looked at.""";
      case REDIRECT ->
          """
          The target of a redirect is sent as it is written: path and query of the request are not
          appended, and variables such as `$request_uri` are not allowed; a value with one drops the
          Ingress. A temporal redirect goes before a permanent one.""";
      case USE_PORT_IN_REDIRECTS -> "It concerns the redirect to https only.";
      case ALIASES ->
          """
          An alias serves all paths of its host, whichever Ingress they come from. Only the oldest
          Ingress of a host that has a list counts.""";
      case DEFAULT_BACKEND ->
          "Not the same as `spec.defaultBackend`, which takes requests that match no path.";
      case CANARY ->
          """
          A canary Ingress has no paths of its own: it adds a second back end to the paths of another
          Ingress with the same host and path. The choice belongs to the **Service** of that path, so
          it takes effect on every host and path that uses the same Service and port. Almost every
          other annotation of a canary counts for nothing.""";
      case SESSION_AFFINITY ->
          """
          The first answer sets a cookie, and later requests with it go to the same endpoint. The
          attributes of the cookie are those of the youngest Ingress that uses the Service with
          affinity.""";
      case LOAD_BALANCING -> "Session affinity and a hash go before it.";
      case UPSTREAM_HASH_BY ->
          """
          Requests with the same text go to the same endpoint, and few of them move when endpoints
          come and go. Session affinity goes before it.""";
      case SERVICE_UPSTREAM ->
          "The endpoints of the Service are then not looked at, and neither affinity nor a hash works.";
      case X_FORWARDED_PREFIX -> "It tells the back end what a rewrite has cut off.";
      case UPSTREAM_VHOST -> "Without it the back end gets the Host that the client has sent.";
      case CORS_CONFIG ->
          """
          What browsers ask before they let a page of one site talk to another. With `enable-cors`,
          every `OPTIONS` request of an accepted origin is answered here and never reaches the back
          end, before any list of addresses or password is looked at.""";
      case CUSTOM_HTTP_ERRORS ->
          """
          The status may come from the back end or from the proxy itself. The answer comes from the
          Service of `default-backend`, else from the default back end of the controller, and its
          status is what the client gets. Where neither has endpoints, that is 404.""";
      case DISABLE_PROXY_INTERCEPT_ERRORS ->
          "Statuses that the proxy itself makes are replaced all the same.";
      case CUSTOM_HEADERS ->
          """
          The headers stand in a ConfigMap, and each of them has to be listed in the setting
          [global-allowed-response-headers](configmap.md#global-allowed-response-headers).""";
      case CONNECTION -> "It decides whether connections to the back end are kept.";
      case PROXY ->
          """
          Numbers are seconds or counts without a unit: `60`, not `60s`. Sizes are digits with one of
          `k`, `m` and `g`.""";
      case CLIENT_BODY_BUFFER_SIZE -> "It tunes memory; clients do not see it.";
      case BACKEND_PROTOCOL -> "An unknown word means HTTP.";
      case MIRROR -> "The client never waits for the copy.";
      case RATE_LIMIT ->
          """
          Requests are counted for each client address and Ingress, all its paths together. What
          exceeds a limit is answered 503, not 429, unless a setting says otherwise.""";
      case SSL_PASSTHROUGH -> "The bytes of the connection reach the back end as they are.";
      case SSL_CIPHER -> "They concern connections from clients.";
      case CERTIFICATE_AUTH ->
          """
          Also called mutual TLS. It protects the whole host, whichever Ingress asks for it, and
          without a usable Secret the whole host answers 403.""";
      case PROXY_SSL -> "Without `proxy-ssl-secret` none of them does anything.";
      case ALLOWLIST ->
          """
          A list of an Ingress takes the place of the one in the ConfigMap. Redirects and CORS
          preflights are answered before it is looked at.""";
      case DENYLIST -> "It is looked at before the list of those that may pass.";
      case BASIC_DIGEST_AUTH ->
          """
          Users and passwords stand in a Secret of the Ingress's namespace. Without it the routes
          answer 503, and so they do as long as it lacks its key.""";
      case SATISFY -> "It is about lists of addresses, passwords and `auth-url`.";
      case EXTERNAL_AUTH ->
          """
          Before a request is forwarded, a service is asked with the client's headers and no body. 2xx
          lets the request pass, 401 and 403 are answered to the client, and everything else is 500.""";
      case ENABLE_GLOBAL_AUTH ->
          "It is about the setting [global-auth-url](configmap.md#global-auth-url).";
      case MOD_SECURITY -> "The routes of an Ingress that asks for it are closed.";
      case CONFIGURATION_SNIPPET, SERVER_SNIPPET, STREAM_SNIPPET ->
          """
          Text that the controller copies into the configuration of nginx. It is never run here, and
          the controller itself drops the Ingress unless its ConfigMap allows snippets.""";
      case LOGS -> "They concern the log files of nginx.";
      case HTTP2_PUSH_PRELOAD -> "Browsers and nginx have given it up.";
      case FAST_CGI -> "They concern back ends that speak FastCGI.";
      case OPENTELEMETRY -> "They concern the tracing module of nginx.";
    };
  }
}
