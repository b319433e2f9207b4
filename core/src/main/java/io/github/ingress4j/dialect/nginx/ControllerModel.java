package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.PathType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All hosts, their paths and the upstreams behind them, as the controller's model builder makes
 * them of all Ingresses together.
 *
 * <p>The order of the passes is the controller's, because it decides who wins: upstreams first,
 * then hosts with their implicit roots, then aliases and certificates, then paths, then canaries.
 *
 * <p>Source: ingress-nginx v1.15.1, from Ingress objects to the routing model.
 */
final class ControllerModel {

  private final Map<Backend.ServicePort, UpstreamDraft> upstreams = new LinkedHashMap<>();

  /** By name in the order of bytes, which is the order of the configuration. */
  private final Map<String, ServerDraft> servers = new TreeMap<>();

  private final List<Diagnostic> findings = new ArrayList<>();

  private ControllerModel() {}

  /**
   * Builds the model.
   *
   * @param ingresses the Ingresses that count, the oldest first
   */
  static ControllerModel of(List<ServedIngress> ingresses) {
    ControllerModel model = new ControllerModel();
    ingresses.forEach(model::createUpstreams);
    model.createServers(ingresses);
    model.chooseAliases();
    ingresses.forEach(model::addPaths);
    ingresses.stream().filter(ServedIngress::isCanary).forEach(model::mergeCanary);
    return model;
  }

  Map<String, ServerDraft> servers() {
    return servers;
  }

  Iterable<UpstreamDraft> upstreams() {
    return upstreams.values();
  }

  List<Diagnostic> findings() {
    return findings;
  }

  private static Backend.ServicePort port(ServedIngress ingress, IngressBackend.Service service) {
    return new Backend.ServicePort(
        ingress.namespace(),
        service.name(),
        service.port().toString(),
        service.port().name().isEmpty());
  }

  private UpstreamDraft upstream(ServedIngress ingress, IngressBackend.Service service) {
    UpstreamDraft draft = upstreams.get(port(ingress, service));
    if (draft == null) {
      throw new IllegalStateException("an upstream was not created in the first pass");
    }
    return draft;
  }

  private static IngressBackend.@Nullable Service defaultService(ServedIngress ingress) {
    return ingress.ingress().spec().defaultBackend() instanceof IngressBackend.Service service
        ? service
        : null;
  }

  private void createUpstreams(ServedIngress ingress) {
    IngressBackend.Service fallback = defaultService(ingress);
    if (fallback != null) {
      // Unlike a path's, it replaces what an earlier Ingress has made of the same port.
      Backend.ServicePort port = port(ingress, fallback);
      upstreams.remove(port);
      upstreams.put(port, new UpstreamDraft(port, ingress));
    }
    for (IngressRule rule : ingress.ingress().spec().rules()) {
      if (rule.paths() == null) {
        continue;
      }
      for (HttpIngressPath item : rule.paths()) {
        if (item.backend() instanceof IngressBackend.Service service) {
          upstreams.computeIfAbsent(port(ingress, service), key -> new UpstreamDraft(key, ingress));
        }
      }
    }
  }

  private void createServers(List<ServedIngress> ingresses) {
    ServerDraft everyHost = new ServerDraft(ServerDraft.DEFAULT, null);
    LocationDraft root = new LocationDraft("/", false);
    root.isImplicit = true;
    everyHost.add(root);
    servers.put(everyHost.name, everyHost);
    for (ServedIngress ingress : ingresses) {
      if (ingress.isCanary()) {
        continue;
      }
      IngressBackend.Service fallback = defaultService(ingress);
      if (ingress.ingress().spec().defaultBackend() instanceof IngressBackend.Resource resource) {
        report(
            ModelRules.RESOURCE_BACKEND_SKIPPED,
            "the default back end is no Service, so the controller acts as if there were none",
            ingress,
            resource.origin().span(),
            "spec.defaultBackend.resource",
            "write defaultBackend.service with the name and the port of a Service");
      }
      UpstreamDraft upstream = fallback == null ? null : upstream(ingress, fallback);
      if (upstream != null && ingress.ingress().spec().rules().isEmpty()) {
        takeDefaultHost(root, ingress, upstream);
        if (root.owner == ingress) {
          // The controller asks for certificates by rules only, and would forget to here.
          everyHost.claimants.add(ingress);
        }
      }
      boolean isUsed = ingress.ingress().spec().rules().isEmpty();
      for (IngressRule rule : ingress.ingress().spec().rules()) {
        String host = host(rule);
        if (servers.containsKey(host)) {
          continue;
        }
        ServerDraft server = new ServerDraft(host, ingress);
        LocationDraft implicit = new LocationDraft("/", false);
        implicit.isImplicit = true;
        implicit.owner = ingress;
        implicit.upstream = upstream;
        server.add(implicit);
        servers.put(host, server);
        isUsed = true;
      }
      if (fallback != null && !isUsed) {
        report(
            ModelRules.DEFAULT_BACKEND_UNUSED,
            hasHost(ingress)
                ? "the default back end takes no request: all hosts of this Ingress are in"
                    + " Ingresses that come first, and only the first Ingress of a host gives it a"
                    + " default back end"
                : "the default back end takes no request: the controller does not use one beside"
                    + " rules without a host",
            ingress,
            ingress.ingress().spec().origin().of("defaultBackend"),
            "spec.defaultBackend",
            "write a path / in the rules; for hosts without rules, move the default back end to an"
                + " Ingress of its own without rules");
      }
    }
    for (ServedIngress ingress : ingresses) {
      if (!ingress.isCanary()) {
        describeHosts(ingress);
      }
    }
  }

  private static boolean hasHost(ServedIngress ingress) {
    return ingress.ingress().spec().rules().stream().anyMatch(rule -> !rule.host().isEmpty());
  }

  private void takeDefaultHost(LocationDraft root, ServedIngress ingress, UpstreamDraft upstream) {
    ServedIngress owner = root.owner;
    if (owner != null) {
      report(
          ModelRules.DEFAULT_BACKEND_UNUSED,
          "the default back end takes no request: those for hosts without rules go to that of "
              + owner.ingress().label()
              + at(owner.ingress().spec().origin().of("defaultBackend"))
              + ", which "
              + whyFirst(owner, ingress),
          ingress,
          ingress.ingress().spec().origin().of("defaultBackend"),
          "spec.defaultBackend",
          "keep one Ingress with a default back end and no rules");
      return;
    }
    root.isImplicit = false;
    root.isPlain = true;
    root.owner = ingress;
    root.upstream = upstream;
  }

  /** Aliases and certificates: the first Ingress of a host that has any. */
  private void describeHosts(ServedIngress ingress) {
    for (IngressRule rule : ingress.ingress().spec().rules()) {
      ServerDraft server = servers.get(host(rule));
      if (server == null) {
        continue;
      }
      server.claimants.add(ingress);
      List<String> aliases = ingress.annotations().get(HostAnnotations.SERVER_ALIAS);
      if (aliases != null && !aliases.isEmpty()) {
        if (server.aliases.isEmpty()) {
          server.aliases = aliases;
          server.aliasOwner = ingress;
        } else if (server.aliasOwner != ingress) {
          report(
              ModelRules.ALIAS_IGNORED,
              "the aliases of "
                  + hostInWords(server)
                  + " come from "
                  + owner(server.aliasOwner)
                  + ", which comes first, so these have no effect",
              ingress,
              ingress.span(HostAnnotations.SERVER_ALIAS),
              "metadata.annotations",
              "keep all aliases of a host in one Ingress");
        }
      }
      if (server.tlsOwner == null && !ingress.ingress().spec().tls().isEmpty()) {
        server.tlsOwner = ingress;
      }
    }
  }

  private void chooseAliases() {
    for (ServerDraft server : servers.values()) {
      ServedIngress owner = server.aliasOwner;
      if (owner == null) {
        continue;
      }
      Set<String> kept = new TreeSet<>();
      for (String alias : server.aliases) {
        if (alias.equals(server.name)) {
          // An Ingress with several hosts may well list one of them; it is served anyway.
          continue;
        }
        if (servers.containsKey(alias)) {
          report(
              ModelRules.ALIAS_IGNORED,
              "the alias "
                  + PrintableText.quote(alias)
                  + " is the name of a host that has rules of its own, so it has no effect",
              owner,
              owner.span(HostAnnotations.SERVER_ALIAS),
              "metadata.annotations",
              "remove the alias, or the rules of that host");
        } else {
          kept.add(alias);
        }
      }
      server.aliases = List.copyOf(kept);
    }
  }

  private void addPaths(ServedIngress ingress) {
    List<IngressRule> rules = ingress.ingress().spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      String host = host(rules.get(i));
      ServerDraft server = servers.get(host);
      if (server == null) {
        // Only a canary names a host that nobody else does.
        server = servers.get(ServerDraft.DEFAULT);
      }
      List<HttpIngressPath> paths = rules.get(i).paths();
      if (server == null || paths == null) {
        continue;
      }
      for (int j = 0; j < paths.size(); j++) {
        addPath(ingress, server, host, i, j, paths.get(j));
      }
    }
  }

  private void addPath(
      ServedIngress ingress,
      ServerDraft server,
      String host,
      int rule,
      int path,
      HttpIngressPath item) {
    if (!(item.backend() instanceof IngressBackend.Service service)) {
      report(
          ModelRules.RESOURCE_BACKEND_SKIPPED,
          "the back end is no Service, so the controller skips the path: its requests go to shorter"
              + " paths of the host or to the default back end",
          ingress,
          item.backend().origin().span(),
          ServedIngress.field(rule, path) + ".backend.resource",
          "write backend.service with the name and the port of a Service");
      return;
    }
    UpstreamDraft upstream = upstream(ingress, service);
    if (upstream.isCanary) {
      if (!ingress.isCanary()) {
        report(
            ModelRules.CANARY_OWNS_SERVICE,
            "the path takes no request: its Service belongs to the canary "
                + upstream.first.ingress().label()
                + at(upstream.first.ingress().origin().span())
                + ", which "
                + whyFirst(upstream.first, ingress),
            ingress,
            ingress.pathSpan(item),
            ServedIngress.field(rule, path) + ".backend.service",
            "give the canary a Service that no other Ingress uses");
      }
      return;
    }
    String text = item.path().isEmpty() ? "/" : item.path();
    boolean isExact = item.pathType() == PathType.EXACT;
    LocationDraft found = server.location(text);
    LocationDraft taken = null;
    if (found == null || found.isExact != isExact) {
      taken = new LocationDraft(text, isExact);
      server.add(taken);
    } else if (found.isImplicit) {
      taken = found;
      taken.isImplicit = false;
    } else {
      reportShadow(ingress, server, rule, path, item, found);
    }
    if (taken != null) {
      taken.owner = ingress;
      taken.upstream = upstream;
      taken.rule = rule;
      taken.item = path;
      if (server.siteRedirectOwner == null
          && ingress.annotations().flag(RedirectAnnotations.FROM_TO_WWW_REDIRECT)) {
        server.siteRedirectOwner = ingress;
      }
    }
    shareAttributes(ingress, server, host, text, upstream);
  }

  private static void shareAttributes(
      ServedIngress ingress, ServerDraft server, String host, String path, UpstreamDraft upstream) {
    AnnotationValues annotations = ingress.annotations();
    String affinity = annotations.text(AffinityAnnotations.AFFINITY);
    if (upstream.affinity.isEmpty()) {
      upstream.affinity = affinity;
    }
    String mode = annotations.given(AffinityAnnotations.MODE);
    if (upstream.affinityMode.isEmpty() && mode != null) {
      // The default is no wish: an Ingress without the annotation leaves the choice to others.
      upstream.affinityMode = mode;
    }
    if (affinity.equals("cookie")) {
      upstream.cookieOwner = ingress;
      upstream.allowCookie(host, path);
      for (String alias : server.aliases) {
        upstream.allowCookie(alias, path);
      }
    }
  }

  private void reportShadow(
      ServedIngress ingress,
      ServerDraft server,
      int rule,
      int path,
      HttpIngressPath item,
      LocationDraft winner) {
    ServedIngress owner = winner.owner;
    HttpIngressPath written = winner.written();
    if (ingress.isCanary()) {
      return;
    }
    report(
        ModelRules.PATH_SHADOWED_BY_OLDER,
        "the path "
            + PrintableText.quote(item.path())
            + " ("
            + item.pathType().text()
            + ") of "
            + hostInWords(server)
            + " takes no request: "
            + (written == null
                ? "the default back end of " + owner(owner) + ", which has no rules, takes them all"
                : owner == null || owner == ingress
                    ? "the Ingress has the same path" + at(ingress.pathSpan(written)) + " already"
                    : owner.ingress().label()
                        + " has the same path"
                        + at(owner.pathSpan(written))
                        + " and "
                        + whyFirst(owner, ingress)),
        ingress,
        ingress.pathSpan(item),
        ServedIngress.field(rule, path),
        "remove one of the two, or give them different paths; annotations of the two are never"
            + " merged");
  }

  private void mergeCanary(ServedIngress canary) {
    ServerDraft everyHost = servers.get(ServerDraft.DEFAULT);
    IngressBackend.Service fallback = defaultService(canary);
    if (fallback != null && everyHost != null) {
      merge(
          canary,
          upstream(canary, fallback),
          everyHost,
          null,
          canary.ingress().spec().origin().of("defaultBackend"),
          "spec.defaultBackend");
    }
    List<IngressRule> rules = canary.ingress().spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      List<HttpIngressPath> paths = rules.get(i).paths();
      if (paths == null) {
        report(
            ModelRules.CANARY_WITHOUT_PATHS,
            "the rule of a canary has no paths, and the controller crashes on it",
            canary,
            rules.get(i).origin().span(),
            "spec.rules[" + i + "]",
            "write the paths whose requests the canary is to share, or remove the rule");
        continue;
      }
      ServerDraft server = servers.get(host(rules.get(i)));
      for (int j = 0; j < paths.size(); j++) {
        HttpIngressPath item = paths.get(j);
        if (!(item.backend() instanceof IngressBackend.Service service)) {
          continue;
        }
        String field = ServedIngress.field(i, j);
        if (server == null) {
          report(
              ModelRules.CANARY_UNMATCHED,
              "the canary takes no request here: no Ingress that is not a canary has rules for "
                  + PrintableText.quote(rules.get(i).host()),
              canary,
              canary.pathSpan(item),
              field,
              "spell the host like that of the Ingress whose requests it is to share");
          continue;
        }
        merge(canary, upstream(canary, service), server, item, canary.pathSpan(item), field);
      }
    }
  }

  /**
   * Hangs a canary's upstream on those of the paths it shares.
   *
   * @param item the path; null for the default back end, which shares every path of the host
   */
  private void merge(
      ServedIngress canary,
      UpstreamDraft upstream,
      ServerDraft server,
      @Nullable HttpIngressPath item,
      @Nullable SourceSpan span,
      String field) {
    if (upstream.isDeleted) {
      return;
    }
    boolean isMerged = false;
    boolean isMain = false;
    for (LocationDraft location : server.locations) {
      UpstreamDraft main = location.upstream;
      isMain = upstream.equals(main);
      if (isMain) {
        report(
            ModelRules.CANARY_IS_MAIN,
            "the canary has no effect here: "
                + owner(location.owner)
                + " sends requests for "
                + hostInWords(server)
                + " to its Service "
                + upstream.port
                + " anyway",
            canary,
            span,
            field,
            "give the canary a Service that no other Ingress uses");
        break;
      }
      boolean matches =
          item == null
              || (location.path.equals(item.path().isEmpty() ? "/" : item.path())
                  && location.isExact == (item.pathType() == PathType.EXACT));
      if (main != null && !main.isCanary && matches) {
        isMerged = true;
        hang(canary, upstream, main, span, field);
      }
    }
    if (!isMain && !isMerged) {
      // The upstream goes as a whole: paths that it shared before lose their canary too.
      upstream.isDeleted = true;
      report(
          ModelRules.CANARY_UNMATCHED,
          "no Ingress that is not a canary has "
              + (item == null
                  ? "a path"
                  : "the path "
                      + PrintableText.quote(item.path())
                      + " ("
                      + item.pathType().text()
                      + ")")
              + " for "
              + hostInWords(server)
              + ", so "
              + upstream.port
              + " takes no request as a canary at all, not on other paths either",
          canary,
          span,
          field,
          item == null
              ? "write the paths that the canary is to share as rules"
              : "spell path and type like those of the Ingress whose requests it is to share");
    }
  }

  private void hang(
      ServedIngress canary,
      UpstreamDraft upstream,
      UpstreamDraft main,
      @Nullable SourceSpan span,
      String field) {
    if (main.alternatives.contains(upstream)) {
      return;
    }
    if (!canary.annotations().text(AffinityAnnotations.CANARY_BEHAVIOR).equals("legacy")) {
      upstream.shareAffinity(main);
    }
    main.alternatives.add(upstream);
    UpstreamDraft first = main.alternatives.get(0);
    if (!first.equals(upstream)) {
      report(
          ModelRules.CANARY_SECOND,
          "the canary takes no request: "
              + main.port
              + " has the canary "
              + first.port
              + " of "
              + first.first.ingress().label()
              + " already, and only the first counts",
          canary,
          span,
          field,
          "remove one of the two canaries; requests are never split between several");
    }
    if (!upstream.first.isCanary()) {
      report(
          ModelRules.CANARY_WITHOUT_RULES,
          "the canary takes no request: its Service "
              + upstream.port
              + " is used by "
              + upstream.first.ingress().label()
              + ", which comes first and is no canary, so header, cookie and weight do not count",
          canary,
          span,
          field,
          "give the canary a Service that no other Ingress uses");
    }
  }

  /** Says why an Ingress beats another one. */
  private static String whyFirst(ServedIngress winner, ServedIngress loser) {
    Instant won = winner.ingress().metadata().creationTimestamp();
    Instant lost = loser.ingress().metadata().creationTimestamp();
    return won == null || won.equals(lost)
        ? "comes first: of Ingresses of one age the one whose name sorts last does"
        : "is older";
  }

  private static String host(IngressRule rule) {
    return rule.host().isEmpty() ? ServerDraft.DEFAULT : rule.host();
  }

  private static String hostInWords(ServerDraft server) {
    return server.isDefault() ? "hosts without rules" : server.name;
  }

  private static String owner(@Nullable ServedIngress ingress) {
    return ingress == null ? "the controller" : ingress.ingress().label();
  }

  private static String at(@Nullable SourceSpan span) {
    return span == null ? "" : " at " + span;
  }

  private void report(
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
