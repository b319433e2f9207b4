package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks records as the API server checks objects that are created. Reports every fault of an
 * object.
 *
 * <p>Source: the validation of networking.k8s.io/v1, core/v1 and discovery.k8s.io/v1.
 */
final class ObjectValidator {

  /** The bytes that the values of a Secret or ConfigMap may have together. */
  static final int LARGEST_DATA = 1 << 20;

  /** The bytes that the annotations of an object may have together. */
  private static final int LARGEST_ANNOTATIONS = 256 * 1024;

  private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
  private static final FieldPath METADATA = FieldPath.ROOT.member("metadata");
  private static final FieldPath SPEC = FieldPath.ROOT.member("spec");
  private static final String[] FORBIDDEN_INSIDE = {"//", "/./", "/../", "%2f", "%2F"};
  private static final String[] FORBIDDEN_AT_END = {"/..", "/."};

  private final ObjectReport report;
  private final ObjectDecoder.Unchecked unchecked;

  private ObjectValidator(ObjectReport report, ObjectDecoder.Unchecked unchecked) {
    this.report = report;
    this.unchecked = unchecked;
  }

  /** Checks an object; the findings go into the report. */
  static void validate(
      ManifestObject object, ObjectReport report, ObjectDecoder.Unchecked unchecked) {
    ObjectValidator validator = new ObjectValidator(report, unchecked);
    validator.metadata(object);
    if (object instanceof Ingress ingress) {
      validator.ingress(ingress);
    } else if (object instanceof IngressClass ingressClass) {
      validator.ingressClass(ingressClass);
    } else if (object instanceof Service service) {
      validator.service(service);
    } else if (object instanceof EndpointSlice slice) {
      validator.endpointSlice(slice);
    } else if (object instanceof Secret secret) {
      validator.secret(secret);
    } else if (object instanceof ConfigMap configMap) {
      validator.configMap(configMap);
    }
  }

  private void check(
      Rule rule,
      FieldPath path,
      @Nullable SourceSpan span,
      String what,
      String value,
      @Nullable String fault) {
    if (fault != null) {
      report
          .about(rule, path, span)
          .note(fault)
          .help(helpFor(value, fault))
          .add(what + " " + report.quote(value) + " " + fault);
    }
  }

  private @Nullable String helpFor(String value, String fault) {
    String lower = Names.lowerCase(value);
    boolean isCase =
        fault.startsWith("must be lower-case")
            && !lower.equals(value)
            && Names.subdomain(lower) == null;
    return isCase && !report.isSecret() ? "write " + PrintableText.quote(lower) : null;
  }

  // Metadata

  private void metadata(ManifestObject object) {
    ObjectMeta meta = object.metadata();
    Origin origin = meta.origin();
    if (meta.name().isEmpty()) {
      report
          .about(ManifestRules.NAME_MISSING, METADATA.member("name"), origin.of("name"))
          .unlessBelowIsUnread()
          .help("add `name:` under `metadata:`")
          .add("the object has no name");
    } else {
      check(
          ManifestRules.NAME_INVALID,
          METADATA.member("name"),
          origin.of("name"),
          "the name",
          meta.name(),
          object instanceof Service ? Names.label(meta.name()) : Names.subdomain(meta.name()));
    }
    namespace(object, meta);
    annotations(meta);
    for (Map.Entry<String, String> label : meta.labels().entrySet()) {
      FieldPath path = METADATA.member("labels");
      SourceSpan span = origin.of("labels");
      check(
          ManifestRules.LABEL_INVALID,
          path,
          span,
          "the name of the label",
          label.getKey(),
          Names.qualified(label.getKey()));
      check(
          ManifestRules.LABEL_INVALID,
          path,
          span,
          "the value of the label",
          label.getValue(),
          Names.labelValue(label.getValue()));
    }
  }

  private void namespace(ManifestObject object, ObjectMeta meta) {
    FieldPath path = METADATA.member("namespace");
    SourceSpan span = meta.origin().of("namespace");
    if (!(object instanceof IngressClass)) {
      check(
          ManifestRules.NAMESPACE_INVALID,
          path,
          span,
          "the namespace",
          meta.namespace(),
          Names.label(meta.namespace()));
    } else if (!meta.namespace().isEmpty()) {
      report
          .about(ManifestRules.NAMESPACE_FORBIDDEN, path, span)
          .help("remove the namespace")
          .add("an IngressClass belongs to the whole cluster and has no namespace");
    }
  }

  private void annotations(ObjectMeta meta) {
    long size = 0;
    FieldPath path = METADATA.member("annotations");
    for (Map.Entry<String, String> annotation : meta.annotations().entrySet()) {
      String key = annotation.getKey();
      size += utf8Length(key) + utf8Length(annotation.getValue());
      String fault = Names.qualified(Names.lowerCase(key));
      if (fault != null) {
        check(
            ManifestRules.ANNOTATION_KEY_INVALID,
            path,
            meta.annotationsOrigin().of(key),
            "the name of the annotation",
            key,
            fault);
      }
    }
    if (size > LARGEST_ANNOTATIONS) {
      report
          .about(ManifestRules.ANNOTATIONS_TOO_BIG, path, meta.origin().of("annotations"))
          .add(
              "names and values of the annotations have "
                  + size
                  + " bytes together; "
                  + LARGEST_ANNOTATIONS
                  + " are allowed");
    }
  }

  // Ingress

  private void ingress(Ingress ingress) {
    IngressSpec spec = ingress.spec();
    if (spec.rules().isEmpty() && spec.defaultBackend() == null) {
      report
          .about(ManifestRules.RULES_MISSING, SPEC, spec.origin().span())
          .unlessBelowIsUnread()
          .help("add `rules:` or `defaultBackend:`")
          .add("an Ingress needs rules or a default back end");
    }
    ingressClassName(ingress);
    if (spec.defaultBackend() != null) {
      backend(spec.defaultBackend(), SPEC.member("defaultBackend"));
    }
    for (int i = 0; i < spec.tls().size(); i++) {
      tls(spec.tls().get(i), SPEC.member("tls").item(i));
    }
    for (int i = 0; i < spec.rules().size(); i++) {
      rule(spec.rules().get(i), SPEC.member("rules").item(i));
    }
  }

  private void ingressClassName(Ingress ingress) {
    String name = ingress.spec().ingressClassName();
    String annotation = ingress.metadata().annotations().get(CLASS_ANNOTATION);
    SourceSpan annotationSpan = ingress.metadata().annotationsOrigin().of(CLASS_ANNOTATION);
    if (name == null) {
      if (annotation != null) {
        report
            .about(
                ManifestRules.CLASS_ANNOTATION,
                METADATA.member("annotations").key(CLASS_ANNOTATION),
                annotationSpan)
            .help(
                "write `ingressClassName:` with the name of an IngressClass under `spec:`; it need"
                    + " not be the same")
            .add("the annotation " + CLASS_ANNOTATION + " is deprecated");
      }
      return;
    }
    SourceSpan span = ingress.spec().origin().of("ingressClassName");
    if (annotation != null && !annotation.equals(name)) {
      report
          .about(
              ManifestRules.CLASS_CONFLICT,
              FieldPath.ROOT.member("annotations").member(CLASS_ANNOTATION),
              annotationSpan)
          .help("remove the annotation")
          .add(
              "the annotation names the class "
                  + report.quote(annotation)
                  + ", but spec.ingressClassName names "
                  + report.quote(name));
    }
    check(
        ManifestRules.CLASS_NAME_INVALID,
        SPEC.member("ingressClassName"),
        span,
        "the class",
        name,
        Names.subdomain(name));
  }

  private void tls(IngressSpec.Tls tls, FieldPath path) {
    FieldPath hosts = path.member("hosts");
    for (int j = 0; j < tls.hosts().size(); j++) {
      String host = tls.hosts().get(j);
      SourceSpan listed = tls.origin().members().get("hosts[" + j + "]");
      check(
          ManifestRules.TLS_HOST_INVALID,
          hosts.item(j),
          listed == null ? tls.origin().of("hosts") : listed,
          "the host",
          host,
          host.indexOf('*') >= 0 ? Names.wildcard(host) : Names.subdomain(host));
    }
    if (!tls.secretName().isEmpty()) {
      check(
          ManifestRules.SECRET_NAME_INVALID,
          path.member("secretName"),
          tls.origin().of("secretName"),
          "the name of the Secret",
          tls.secretName(),
          Names.subdomain(tls.secretName()));
    }
  }

  private void rule(IngressRule rule, FieldPath path) {
    host(rule, path.member("host"));
    if (rule.paths() == null) {
      return;
    }
    FieldPath paths = path.member("http").member("paths");
    if (rule.paths().isEmpty()) {
      Origin origin = rule.origin();
      SourceSpan span = origin.members().get("paths");
      report
          .about(ManifestRules.PATHS_MISSING, paths, span == null ? origin.of("http") : span)
          .unlessBelowIsUnread()
          .help("add a path, or leave out `http:`")
          .add("`http` needs at least one path");
    }
    for (int j = 0; j < rule.paths().size(); j++) {
      item(rule.paths().get(j), paths.item(j));
    }
  }

  private void host(IngressRule rule, FieldPath path) {
    String host = rule.host();
    if (host.isEmpty()) {
      return;
    }
    SourceSpan span = rule.origin().of("host");
    if (IpAddress.parse(host) != null) {
      report
          .about(ManifestRules.HOST_INVALID, path, span)
          .note("an IP address")
          .help("leave `host` out to serve every host, addresses included")
          .add("host " + report.quote(host) + " is an IP address, not a DNS name");
      return;
    }
    String fault = host.indexOf('*') >= 0 ? Names.wildcard(host) : Names.subdomain(host);
    if (fault != null) {
      report
          .about(ManifestRules.HOST_INVALID, path, span)
          .note(fault)
          .help(hostHelp(host))
          .add("host " + report.quote(host) + " " + fault);
    }
  }

  private static @Nullable String hostHelp(String host) {
    if (host.equals("*")) {
      return "leave `host` out to serve every host";
    }
    String repaired = Names.lowerCase(host);
    int scheme = repaired.indexOf("://");
    repaired = scheme < 0 ? repaired : repaired.substring(scheme + 3);
    int end = repaired.indexOf('/');
    repaired = end < 0 ? repaired : repaired.substring(0, end);
    int port = repaired.indexOf(':');
    repaired = port < 0 ? repaired : repaired.substring(0, port);
    if (repaired.endsWith(".")) {
      repaired = repaired.substring(0, repaired.length() - 1);
    }
    boolean isWildcard = repaired.indexOf('*') >= 0;
    String fault = isWildcard ? Names.wildcard(repaired) : Names.subdomain(repaired);
    return fault == null ? "write " + PrintableText.quote(repaired) : null;
  }

  private void item(HttpIngressPath item, FieldPath path) {
    if (unchecked.isItem(item)) {
      return;
    }
    if (!unchecked.isPath(item)) {
      path(item, path.member("path"));
    }
    backend(item.backend(), path.member("backend"));
  }

  private void path(HttpIngressPath item, FieldPath path) {
    String text = item.path();
    SourceSpan span = item.origin().of("path");
    boolean isFree = item.pathType() == PathType.IMPLEMENTATION_SPECIFIC;
    if (!text.startsWith("/") && !(isFree && text.isEmpty())) {
      boolean isWritten = item.origin().members().containsKey("path");
      report
          .about(ManifestRules.PATH_INVALID, path, span)
          .note("must begin with '/'")
          .help(
              text.isEmpty()
                  ? "write " + (isWritten ? "" : "`path: ") + "/" + (isWritten ? "" : "`")
                  : pathAdvice(text))
          .add("path " + report.quote(text) + " does not begin with '/'");
    }
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      report
          .about(ManifestRules.PATH_LINE_BREAK, path, span)
          .note("no request has a line break in its path")
          .help("write the path on one line, or `|-` or `>-` in place of `|` or `>`")
          .add("path " + report.quote(text) + " holds a line break and would match no request");
    }
    if (isFree) {
      return;
    }
    for (String part : FORBIDDEN_INSIDE) {
      if (text.contains(part)) {
        report
            .about(ManifestRules.PATH_INVALID, path, span)
            .note("must not hold " + part)
            .add("path " + report.quote(text) + " must not hold " + part);
      }
    }
    for (String part : FORBIDDEN_AT_END) {
      if (text.endsWith(part)) {
        report
            .about(ManifestRules.PATH_INVALID, path, span)
            .note("must not end with " + part)
            .add("path " + report.quote(text) + " must not end with " + part);
      }
    }
  }

  /** Whoever writes a pattern as nginx or other tools do ties it to the start of a path himself. */
  private static String pathAdvice(String text) {
    int start = 0;
    if (text.startsWith("~")) {
      start = text.startsWith("~*") ? 2 : 1;
      while (start < text.length() && text.charAt(start) == ' ') {
        start++;
      }
    }
    if (text.startsWith("^", start)) {
      start++;
    }
    String rest = text.substring(start);
    String path = PrintableText.quote(rest.startsWith("/") ? rest : "/" + rest);
    return start == 0
        ? "write " + path
        : "write "
            + path
            + ": where paths are patterns, each is tied to the start of a path anyway";
  }

  private void backend(IngressBackend backend, FieldPath path) {
    if (unchecked.isBackend(backend)) {
      return;
    }
    Origin origin = backend.origin();
    if (backend instanceof IngressBackend.Service service) {
      FieldPath where = path.member("service");
      name(
          ManifestRules.SERVICE_NAME_INVALID,
          where.member("name"),
          origin.of("name"),
          "the name of the Service",
          service.name(),
          Names.label(service.name()));
      port(service, path, where.member("port"), origin);
    } else if (backend instanceof IngressBackend.Resource resource) {
      reference(
          ManifestRules.RESOURCE_INVALID,
          path.member("resource"),
          origin,
          "",
          resource.apiGroup(),
          resource.kind(),
          resource.name());
    }
  }

  private void port(
      IngressBackend.Service service, FieldPath backend, FieldPath port, Origin origin) {
    String name = service.port().name();
    int number = service.port().number();
    if (!name.isEmpty() && number != 0) {
      report
          .about(ManifestRules.BACKEND_PORT_AMBIGUOUS, backend, origin.of("port"))
          .help("remove `name` or `number`")
          .add("a back end names its port by name or by number, not both");
    } else if (name.isEmpty() && number == 0) {
      report
          .about(ManifestRules.BACKEND_PORT_MISSING, backend, origin.of("port"))
          .unlessBelowIsUnread()
          .help("add `port: {number: …}` or `port: {name: …}`")
          .add("a back end needs the name or the number of a port");
    } else if (!name.isEmpty()) {
      check(
          ManifestRules.PORT_NAME_INVALID,
          port.member("name"),
          place(origin, "port.name", "port"),
          "the port name",
          name,
          Names.portName(name));
    } else {
      range(
          ManifestRules.PORT_NUMBER_INVALID,
          port.member("number"),
          place(origin, "port.number", "port"),
          number);
    }
  }

  private static @Nullable SourceSpan place(Origin origin, String member, String other) {
    SourceSpan span = origin.members().get(member);
    return span == null ? origin.of(other) : span;
  }

  private void range(Rule rule, FieldPath path, @Nullable SourceSpan span, int number) {
    if (number < 1 || number > 65535) {
      report
          .about(rule, path, span)
          .note("must be 1 to 65535")
          .add("the port number must be 1 to 65535, but is " + number);
    }
  }

  /** Checks a name that must not be empty. */
  private void name(
      Rule rule,
      FieldPath path,
      @Nullable SourceSpan span,
      String what,
      String value,
      @Nullable String fault) {
    if (value.isEmpty()) {
      report.about(rule, path, span).unlessBelowIsUnread().add(what + " is missing");
    } else {
      check(rule, path, span, what, value, fault);
    }
  }

  private void reference(
      Rule rule,
      FieldPath path,
      Origin origin,
      String prefix,
      @Nullable String apiGroup,
      String kind,
      String name) {
    if (apiGroup != null) {
      String fault = Names.subdomain(apiGroup);
      if (fault != null) {
        report
            .about(rule, path.member("apiGroup"), origin.of(prefix + "apiGroup"))
            .note(fault)
            .help(
                apiGroup.isEmpty()
                    ? "leave `apiGroup` out for the core group"
                    : apiGroup.indexOf('/') > 0 ? "leave out the version" : null)
            .add("the API group " + report.quote(apiGroup) + " " + fault);
      }
    }
    name(
        rule,
        path.member("kind"),
        place(origin, prefix + "kind", "parameters"),
        "the kind of the resource",
        kind,
        Names.pathSegment(kind));
    name(
        rule,
        path.member("name"),
        place(origin, prefix + "name", "parameters"),
        "the name of the resource",
        name,
        Names.pathSegment(name));
  }

  // IngressClass

  private void ingressClass(IngressClass ingressClass) {
    Origin origin = ingressClass.origin();
    String controller = ingressClass.controller();
    FieldPath path = SPEC.member("controller");
    name(
        ManifestRules.CONTROLLER_INVALID,
        path,
        place(origin, "controller", "spec"),
        "the controller",
        controller,
        controller.length() > 250
            ? "must have at most 250 characters"
            : Names.domainPath(controller));
    IngressClass.Parameters parameters = ingressClass.parameters();
    if (parameters == null) {
      return;
    }
    FieldPath where = SPEC.member("parameters");
    reference(
        ManifestRules.PARAMETERS_INVALID,
        where,
        origin,
        "parameters.",
        parameters.apiGroup(),
        parameters.kind(),
        parameters.name());
    boolean isCluster = parameters.scope().equals("Cluster");
    if (!isCluster && !parameters.scope().equals("Namespace")) {
      report
          .about(
              ManifestRules.PARAMETERS_INVALID,
              where.member("scope"),
              origin.of("parameters.scope"))
          .help("write Cluster or Namespace")
          .add("the scope " + report.quote(parameters.scope()) + " does not exist");
      return;
    }
    FieldPath namespace = where.member("namespace");
    SourceSpan span = place(origin, "parameters.namespace", "parameters");
    if (isCluster && !parameters.namespace().isEmpty()) {
      report
          .about(ManifestRules.PARAMETERS_INVALID, namespace, span)
          .help("remove `namespace`, or write `scope: Namespace`")
          .add("parameters with the scope Cluster have no namespace");
    } else if (!isCluster) {
      name(
          ManifestRules.PARAMETERS_INVALID,
          namespace,
          span,
          "the namespace of the parameters",
          parameters.namespace(),
          Names.label(parameters.namespace()));
    }
  }

  // Service

  private void service(Service service) {
    Origin origin = service.origin();
    boolean isExternal = service.isExternalName();
    switch (service.type()) {
      case "ClusterIP", "NodePort", "LoadBalancer", "ExternalName" -> {}
      default ->
          report
              .about(ManifestRules.SERVICE_INVALID, SPEC.member("type"), origin.of("type"))
              .help("write ClusterIP, NodePort, LoadBalancer or ExternalName")
              .add("the type " + report.quote(service.type()) + " does not exist");
    }
    clusterIp(service, isExternal);
    if (isExternal) {
      String name = service.externalName();
      name(
          ManifestRules.EXTERNAL_NAME_INVALID,
          SPEC.member("externalName"),
          origin.of("externalName"),
          "the external name",
          name,
          Names.subdomain(name.endsWith(".") ? name.substring(0, name.length() - 1) : name));
    }
    boolean isHeadless = service.clusterIp().equals("None");
    if (service.ports().isEmpty() && !isExternal && !isHeadless) {
      report
          .about(ManifestRules.SERVICE_INVALID, SPEC.member("ports"), origin.of("ports"))
          .unlessBelowIsUnread()
          .add("a Service needs at least one port");
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < service.ports().size(); i++) {
      servicePort(service, i, names, numbers);
    }
  }

  private void clusterIp(Service service, boolean isExternal) {
    String address = service.clusterIp();
    if (address.isEmpty()) {
      return;
    }
    FieldPath path = SPEC.member("clusterIP");
    SourceSpan span = service.origin().of("clusterIP");
    if (isExternal) {
      report
          .about(ManifestRules.SERVICE_INVALID, path, span)
          .help("remove `clusterIP`")
          .add("a Service of the type ExternalName has no cluster IP");
    } else if (!address.equals("None") && IpAddress.parse(address) == null) {
      report
          .about(ManifestRules.SERVICE_INVALID, path, span)
          .help("write an IP address or None, or leave it out")
          .add("the cluster IP " + report.quote(address) + " is no IP address");
    }
  }

  private void servicePort(Service service, int index, Set<String> names, Set<String> numbers) {
    Service.Port port = service.ports().get(index);
    Origin origin = port.origin();
    FieldPath path = SPEC.member("ports").item(index);
    Rule rule = ManifestRules.SERVICE_PORT_INVALID;
    if (!port.name().isEmpty()) {
      check(
          rule,
          path.member("name"),
          origin.of("name"),
          "the port name",
          port.name(),
          Names.label(port.name()));
      if (!names.add(port.name())) {
        report
            .about(rule, path.member("name"), origin.of("name"))
            .add("the port name " + report.quote(port.name()) + " is used twice");
      }
    } else if (service.ports().size() > 1) {
      report
          .about(rule, path.member("name"), origin.of("name"))
          .unlessBelowIsUnread()
          .add("every port of a Service with several ports needs a name");
    }
    range(rule, path.member("port"), origin.of("port"), port.port());
    protocol(rule, path, origin, port.protocol());
    targetPort(port, path.member("targetPort"));
    appProtocol(rule, path, origin, port.appProtocol());
    if (!numbers.add(port.protocol() + port.port())) {
      report
          .about(rule, path, origin.span())
          .add("the port " + port.port() + " is used twice with the same protocol");
    }
  }

  private void protocol(Rule rule, FieldPath path, Origin origin, String protocol) {
    if (!protocol.equals("TCP") && !protocol.equals("UDP") && !protocol.equals("SCTP")) {
      report
          .about(rule, path.member("protocol"), origin.of("protocol"))
          .help("write TCP, UDP or SCTP")
          .add("the protocol " + report.quote(protocol) + " does not exist");
    }
  }

  private void appProtocol(Rule rule, FieldPath path, Origin origin, String protocol) {
    if (!protocol.isEmpty()) {
      check(
          rule,
          path.member("appProtocol"),
          origin.of("appProtocol"),
          "the application protocol",
          protocol,
          Names.qualified(protocol));
    }
  }

  private void targetPort(Service.Port port, FieldPath path) {
    String target = port.targetPort();
    SourceSpan span = port.origin().of("targetPort");
    boolean isSame = target.equals(Integer.toString(port.port()));
    if (isSame) {
      return;
    }
    boolean isNumber = true;
    for (int i = 0; i < target.length() && isNumber; i++) {
      char c = target.charAt(i);
      isNumber = (c >= '0' && c <= '9') || (i == 0 && c == '-' && target.length() > 1);
    }
    if (isNumber && target.length() <= 10 && !target.isEmpty()) {
      long value = Long.parseLong(target);
      range(
          ManifestRules.SERVICE_PORT_INVALID,
          path,
          span,
          (int) Math.max(-1, Math.min(value, Integer.MAX_VALUE)));
    } else {
      check(
          ManifestRules.PORT_NAME_INVALID,
          path,
          span,
          "the port name",
          target,
          Names.portName(target));
    }
  }

  // EndpointSlice

  private void endpointSlice(EndpointSlice slice) {
    Origin origin = slice.origin();
    String type = slice.addressType();
    boolean isKnown = type.equals("IPv4") || type.equals("IPv6") || type.equals("FQDN");
    if (!isKnown) {
      report
          .about(
              ManifestRules.SLICE_INVALID,
              FieldPath.ROOT.member("addressType"),
              origin.of("addressType"))
          .help("write IPv4, IPv6 or FQDN")
          .add(
              type.isEmpty()
                  ? "addressType is required"
                  : "addressType " + report.quote(type) + " does not exist");
    }
    FieldPath endpoints = FieldPath.ROOT.member("endpoints");
    if (slice.endpoints().size() > 1000) {
      report
          .about(ManifestRules.SLICE_INVALID, endpoints, origin.of("endpoints"))
          .add("a slice has at most 1000 endpoints, this one has " + slice.endpoints().size());
    } else {
      for (int i = 0; i < slice.endpoints().size(); i++) {
        endpoint(slice.endpoints().get(i), endpoints.item(i), isKnown ? type : "");
      }
    }
    List<EndpointSlice.Port> ports = slice.ports();
    if (ports != null) {
      slicePorts(ports, origin);
    }
  }

  private void endpoint(EndpointSlice.Endpoint endpoint, FieldPath path, String type) {
    FieldPath addresses = path.member("addresses");
    SourceSpan span = endpoint.origin().of("addresses");
    int count = endpoint.addresses().size();
    if (count == 0 || count > 100) {
      report
          .about(ManifestRules.SLICE_INVALID, addresses, span)
          .unlessBelowIsUnread()
          .add("an endpoint has 1 to 100 addresses, this one has " + count);
      return;
    }
    for (int j = 0; j < count; j++) {
      address(endpoint.addresses().get(j), addresses.item(j), span, type);
    }
  }

  private void address(String address, FieldPath path, @Nullable SourceSpan span, String type) {
    if (type.equals("FQDN")) {
      check(
          ManifestRules.ADDRESS_INVALID,
          path,
          span,
          "the address",
          address,
          Names.subdomain(
              address.endsWith(".") ? address.substring(0, address.length() - 1) : address));
      return;
    }
    IpAddress parsed = IpAddress.parse(address);
    String fault =
        parsed == null
            ? "is no IP address"
            : !parsed.isStrict() ? "has a leading zero, which some read as octal" : null;
    if (fault == null && parsed != null && !type.isEmpty()) {
      fault = parsed.isIpv4() == type.equals("IPv4") ? null : "is no address of the type " + type;
    }
    if (fault != null) {
      report
          .about(ManifestRules.ADDRESS_INVALID, path, span)
          .note(fault)
          .add("the address " + report.quote(address) + " " + fault);
      return;
    }
    String special = parsed == null ? null : parsed.special();
    if (special != null) {
      report
          .about(ManifestRules.ADDRESS_SPECIAL, path, span)
          .note(special)
          .add(
              "the address "
                  + report.quote(address)
                  + " is "
                  + special
                  + ", which no endpoint has");
    }
  }

  private void slicePorts(List<EndpointSlice.Port> ports, Origin origin) {
    FieldPath path = FieldPath.ROOT.member("ports");
    Rule rule = ManifestRules.SLICE_PORT_INVALID;
    if (ports.size() > 100) {
      report
          .about(rule, path, origin.of("ports"))
          .add("a slice has at most 100 ports, this one has " + ports.size());
      return;
    }
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      EndpointSlice.Port port = ports.get(i);
      FieldPath where = path.item(i);
      SourceSpan span = port.origin().of("name");
      if (!port.name().isEmpty()) {
        check(
            rule,
            where.member("name"),
            span,
            "the port name",
            port.name(),
            Names.label(port.name()));
      }
      if (names.putIfAbsent(port.name(), i) != null) {
        report
            .about(rule, where.member("name"), span)
            .add("the port name " + report.quote(port.name()) + " is used twice");
      }
      Integer number = port.port();
      if (number != null) {
        range(rule, where.member("port"), port.origin().of("port"), number);
      }
      protocol(rule, where, port.origin(), port.protocol());
      appProtocol(rule, where, port.origin(), port.appProtocol());
    }
  }

  // Secret and ConfigMap

  private void secret(Secret secret) {
    FieldPath data = FieldPath.ROOT.member("data");
    long size = 0;
    for (String key : secret.keys()) {
      size += secret.size(key);
      String fault = Names.dataKey(key);
      if (fault != null) {
        report
            .about(ManifestRules.DATA_KEY_INVALID, data, secret.origin().of("data[" + key + "]"))
            .add("the key " + report.quote(key) + " " + fault);
      }
    }
    if (size > LARGEST_DATA) {
      report.about(ManifestRules.DATA_TOO_BIG, data, secret.origin().of("data")).add(tooBig(size));
    }
    if (secret.type().equals("kubernetes.io/tls")) {
      for (String key : List.of("tls.crt", "tls.key")) {
        if (!secret.keys().contains(key)) {
          report
              .about(ManifestRules.TLS_SECRET_INCOMPLETE, data.key(key), secret.origin().of("data"))
              .add("a Secret of the type kubernetes.io/tls needs the value " + key);
        }
      }
    }
  }

  private void configMap(ConfigMap configMap) {
    FieldPath data = FieldPath.ROOT.member("data");
    for (String key : configMap.data().keySet()) {
      check(
          ManifestRules.DATA_KEY_INVALID,
          data.key(key),
          configMap.dataOrigin().of(key),
          "the key",
          key,
          Names.dataKey(key));
    }
    long size = sizeOf(configMap.data());
    if (size > LARGEST_DATA) {
      report
          .about(ManifestRules.DATA_TOO_BIG, FieldPath.ROOT, configMap.origin().of("data"))
          .add(tooBig(size));
    }
  }

  static String tooBig(long size) {
    return "the values have " + size + " bytes together; " + LARGEST_DATA + " are allowed";
  }

  /** Returns the bytes that the values of a map have in UTF-8. */
  static long sizeOf(Map<String, String> values) {
    long size = 0;
    for (String value : values.values()) {
      size += utf8Length(value);
    }
    return size;
  }

  private static long utf8Length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Each half of a pair takes two of its four bytes.
        length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return length;
  }
}
