package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PcrePattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is found while one host is compiled. Not thread-safe. */
final class ServerReport {

  /** What was said already of a location, of which there may be two for one path. */
  private record Said(String what, LocationDraft draft) {}

  private final List<Diagnostic> findings = new ArrayList<>();
  private final Set<Said> said = new HashSet<>();

  List<Diagnostic> findings() {
    return List.copyOf(findings);
  }

  void add(Diagnostic finding) {
    findings.add(finding);
  }

  /** Whether something is to be said of a path that was not said before. */
  boolean isFirst(String what, ServerPlan.Location location) {
    return said.add(new Said(what, location.draft()));
  }

  void pattern(
      ServerPlan.Location location,
      String whyRegex,
      PcrePattern.Fault fault,
      boolean isRefused,
      boolean closes) {
    String begin = LiteralBegin.of(location.path());
    String closed =
        (begin.isEmpty()
                ? "all paths that no longer path takes"
                : "all paths that begin with " + PrintableText.quote(begin))
            + " answer 503";
    add(
        isRefused ? ModelRules.PATH_PATTERN_INVALID : ModelRules.PATH_PATTERN_UNSUPPORTED,
        "the path "
            + PrintableText.quote(location.draft().path)
            + " is read as a regular expression because of "
            + whyRegex
            + (isRefused ? ", and is none: " : ", and cannot be used here: ")
            + PatternCache.inWords(fault)
            + (closes ? "; " + closed : "; it takes no request")
            + (isRefused
                ? ", and the controller would keep its last good configuration of all hosts"
                : ""),
        location,
        ".path",
        isRefused
            ? "correct the path, or put a backslash before characters that stand for themselves"
            : "write the path without that");
  }

  void fault(ServerPlan.Location location, UpstreamResolver.@Nullable Fault fault) {
    ServedIngress owner = location.draft().owner;
    if (fault == null || owner == null || !isFirst("back end", location)) {
      return;
    }
    HttpIngressPath written = location.draft().written();
    findings.add(
        fault
            .diagnostic()
            .withSource(
                written == null
                    ? owner.ingress().spec().origin().of("defaultBackend")
                    : written.backend().origin().of("name"))
            .withObject(owner.ingress().label())
            .withField(
                (written == null
                        ? "spec.defaultBackend"
                        : ServedIngress.field(location.draft().rule, location.draft().item)
                            + ".backend")
                    + ".service"));
  }

  void duplicate(ServerPlan.Location location, ServerPlan.Location other) {
    ServedIngress owner = other.draft().owner;
    HttpIngressPath written = other.draft().written();
    String otherText =
        inWords(other)
            + (owner == null
                ? ""
                : " of "
                    + owner.ingress().label()
                    + (written == null || owner.pathSpan(written) == null
                        ? ""
                        : " at " + owner.pathSpan(written)));
    add(
        ModelRules.LOCATION_TWICE,
        "the path "
            + inWords(location)
            + " is the same to nginx as "
            + otherText
            + "; the controller would keep its last good configuration of all hosts, and here the"
            + " latter takes the requests that both match",
        location,
        ".path",
        location.draft().path.equals(other.draft().path)
            ? "remove one of the two"
            : "remove the one with the slash at its end; the other one takes its requests, too");
  }

  private static String inWords(ServerPlan.Location location) {
    HttpIngressPath written = location.draft().written();
    return PrintableText.quote(location.draft().path)
        + (written == null ? "" : " (" + written.pathType().text() + ")");
  }

  void variable(
      ServerPlan.Location location,
      Annotation<String> annotation,
      Template.Fault fault,
      String consequence) {
    ServedIngress owner = location.draft().owner;
    if (owner == null || !isFirst(annotation.name(), location)) {
      return;
    }
    boolean isUnavailable = fault.kind() == Template.Kind.UNAVAILABLE;
    add(
        isUnavailable ? ModelRules.VARIABLE_UNAVAILABLE : ModelRules.VARIABLE_UNKNOWN,
        annotation.name()
            + ": "
            + fault.message().substring(0, fault.message().length() - 1)
            + ", so "
            + consequence
            + (isUnavailable
                ? ""
                : "; the controller would keep its last good configuration of all hosts"),
        owner,
        owner.span(annotation),
        "metadata.annotations",
        isUnavailable
            ? "use $host, $uri, $request_uri, $scheme, $args, a header as $http_NAME, a cookie as"
                + " $cookie_NAME or a capture such as $1"
            : "write $1 to $9 for the groups of the path, or the name of a variable of nginx");
  }

  void add(Rule rule, String message, ServerPlan.Location location, String member, String help) {
    ServedIngress owner = location.draft().owner;
    HttpIngressPath written = location.draft().written();
    if (owner == null || written == null) {
      return;
    }
    add(
        rule,
        message,
        owner,
        written.origin().of(member.substring(1)),
        ServedIngress.field(location.draft().rule, location.draft().item) + member,
        help);
  }

  void add(
      Rule rule,
      String message,
      ServedIngress ingress,
      @Nullable SourceSpan span,
      String field,
      String help) {
    findings.add(
        Diagnostic.of(rule, message)
            .withSource(span == null ? ingress.ingress().origin().span() : span)
            .withObject(ingress.ingress().label())
            .withField(field)
            .withHelp(help));
  }
}
