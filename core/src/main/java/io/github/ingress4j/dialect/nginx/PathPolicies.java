package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.FixedRedirect;
import io.github.ingress4j.policy.HttpsRedirect;
import io.github.ingress4j.policy.Rewrite;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles where the requests of a host are sent: redirects, rewrites, and the Host that the back
 * end sees.
 *
 * <p>Source: ingress-nginx, rewriting and redirects.
 */
final class PathPolicies {

  /** The port of the controller's HTTPS listener, which use-port-in-redirects shows. */
  private static final int HTTPS_PORT = 443;

  private final ServerPlan plan;
  private final ServerDraft server;
  private final ServerCompiler.Context context;
  private final ServerReport report;

  PathPolicies(ServerPlan plan, ServerCompiler.Context context, ServerReport report) {
    this.plan = plan;
    this.server = plan.server();
    this.context = context;
    this.report = report;
  }

  @Nullable AppRoot appRoot() {
    for (ServerPlan.Location location : plan.locations()) {
      ServedIngress owner = location.draft().owner;
      if (owner == null || location.draft().isPlain) {
        continue;
      }
      String value = owner.annotations().get(RewriteAnnotations.APP_ROOT);
      if (value == null || value.isEmpty()) {
        continue;
      }
      Template.Result result =
          Template.parse(value, context.groupNames(), constants(location, owner));
      if (result instanceof Template.Parsed parsed) {
        return new AppRoot(parsed.template());
      }
      report.variable(
          location, RewriteAnnotations.APP_ROOT, (Template.Fault) result, "it has no effect");
      return null;
    }
    return null;
  }

  @Nullable FixedRedirect fixedRedirect(AnnotationValues values) {
    String temporal = values.get(RedirectAnnotations.TEMPORAL_REDIRECT);
    String permanent = values.get(RedirectAnnotations.PERMANENT_REDIRECT);
    boolean isTemporal = temporal != null && !temporal.isEmpty();
    String value = isTemporal ? temporal : permanent;
    if (value == null || value.isEmpty()) {
      return null;
    }
    Integer code =
        values.get(
            isTemporal
                ? RedirectAnnotations.TEMPORAL_REDIRECT_CODE
                : RedirectAnnotations.PERMANENT_REDIRECT_CODE);
    int status = code != null ? code : isTemporal ? 302 : 301;
    boolean isRelative =
        context.settings().flag(Settings.RELATIVE_REDIRECTS)
            || values.flag(RedirectAnnotations.RELATIVE_REDIRECTS);
    return new FixedRedirect(
        value, status, isRelative, values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS));
  }

  @Nullable Rewrite rewrite(
      ServerPlan.Location location, Map<String, String> constants, List<String> closures) {
    String target = location.rewriteTarget();
    ServedIngress owner = location.draft().owner;
    if (target == null || owner == null) {
      return null;
    }
    PcrePattern.Result pattern = context.patterns().unanchored(location.path());
    if (!(pattern instanceof PcrePattern.Compiled compiled)) {
      // The location itself is reported.
      return null;
    }
    Template parsed =
        template(location, RewriteAnnotations.REWRITE_TARGET, target, constants, closures);
    String prefixText = owner.annotations().get(UpstreamAnnotations.X_FORWARDED_PREFIX);
    Template prefix =
        prefixText == null || prefixText.isEmpty()
            ? null
            : template(
                location, UpstreamAnnotations.X_FORWARDED_PREFIX, prefixText, constants, closures);
    if (parsed == null) {
      return null;
    }
    reportCaptures(location, RewriteAnnotations.REWRITE_TARGET, parsed, compiled.pattern());
    if (prefix != null) {
      reportCaptures(location, UpstreamAnnotations.X_FORWARDED_PREFIX, prefix, compiled.pattern());
    }
    return new Rewrite(compiled.pattern(), parsed, prefix, context.policy());
  }

  /** SEC-20; nginx takes such a group for an empty one, which STRICT does as well. */
  private void reportCaptures(
      ServerPlan.Location location,
      Annotation<String> annotation,
      Template template,
      PcrePattern pattern) {
    ServedIngress owner = location.draft().owner;
    // The root that nobody asked for inherits the target, and never has groups.
    if (owner == null
        || location.draft().written() == null
        || template.highestGroup() <= pattern.groupCount()
        || !report.isFirst(annotation.name() + " groups", location)) {
      return;
    }
    int count = pattern.groupCount();
    Diagnostic finding =
        Diagnostic.of(
                ModelRules.CAPTURE_MISSING,
                annotation.name()
                    + " asks for $"
                    + template.highestGroup()
                    + ", but the path "
                    + PrintableText.quote(location.draft().path)
                    + " has "
                    + (count == 0 ? "no group" : count == 1 ? "one group" : count + " groups")
                    + " in parentheses, so $"
                    + template.highestGroup()
                    + " stands for nothing")
            .withSource(owner.span(annotation))
            .withObject(owner.ingress().label())
            .withField("metadata.annotations")
            .withHelp(
                "put what is meant into parentheses, as in the path /x(/|$)(.*) with the target /$2");
    report.add(
        context.policy() == PathPolicy.NGINX ? finding.withSeverity(Severity.WARNING) : finding);
  }

  @Nullable HttpsRedirect httpsRedirect(ServerPlan.Location location, AnnotationValues values) {
    boolean isForced = values.flag(RewriteAnnotations.FORCE_SSL_REDIRECT);
    if (!isForced && !values.flag(RewriteAnnotations.SSL_REDIRECT)) {
      return null;
    }
    for (String entry :
        Objects.requireNonNullElse(
            context.settings().get(Settings.NO_TLS_REDIRECT_LOCATIONS), List.<String>of())) {
      if (!entry.isEmpty() && location.path().startsWith(entry)) {
        return null;
      }
    }
    Integer code = context.settings().get(Settings.HTTP_REDIRECT_CODE);
    return new HttpsRedirect(
        isForced,
        values.flag(RewriteAnnotations.PRESERVE_TRAILING_SLASH),
        values.flag(RewriteAnnotations.USE_PORT_IN_REDIRECTS) ? HTTPS_PORT : 0,
        code == null ? 308 : code);
  }

  @Nullable Template upstreamHost(
      ServerPlan.Location location,
      AnnotationValues values,
      Map<String, String> constants,
      List<String> closures) {
    String value = values.get(UpstreamAnnotations.UPSTREAM_VHOST);
    return value == null || value.isEmpty()
        ? null
        : template(location, UpstreamAnnotations.UPSTREAM_VHOST, value, constants, closures);
  }

  private @Nullable Template template(
      ServerPlan.Location location,
      Annotation<String> annotation,
      String text,
      Map<String, String> constants,
      List<String> closures) {
    Template.Result result = Template.parse(text, context.groupNames(), constants);
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    report.variable(
        location, annotation, (Template.Fault) result, "the paths of the Ingress answer 503");
    closures.add(annotation.name() + " cannot be carried out");
    return null;
  }

  /** What nginx variables of the location stand for. */
  Map<String, String> constants(ServerPlan.Location location, ServedIngress owner) {
    Map<String, String> constants = new HashMap<>();
    HttpIngressPath written = location.draft().written();
    UpstreamDraft upstream = location.draft().upstream;
    constants.put("namespace", owner.namespace());
    constants.put("ingress_name", owner.ingress().metadata().name());
    constants.put("location_path", written == null ? "/" : location.draft().path);
    constants.put("service_name", upstream == null ? "" : upstream.port.service());
    constants.put("service_port", upstream == null ? "" : upstream.port.port());
    if (!server.isWildcard()) {
      constants.put("server_name", server.name);
    }
    return constants;
  }
}
