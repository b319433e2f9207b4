package io.github.ingress4j.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of the tree of one object.
 *
 * <p>Reports here what a record cannot express: wrong types, members that do not exist, values that
 * the record leaves out. Everything else is left to {@link ObjectValidator}, which sees the
 * finished record. Where a part cannot be expressed a stand-in takes its place, so that the indexes
 * of what follows stay right; {@link #unchecked} tells the validator to pass over it. An object
 * with a stand-in has an error and is dropped.
 */
final class ObjectDecoder {

  private static final String[] OBJECT = {"apiVersion", "kind", "metadata", "spec", "status"};
  private static final String[] METADATA = {
    "name",
    "namespace",
    "annotations",
    "labels",
    "creationTimestamp",
    "generateName",
    "uid",
    "resourceVersion",
    "generation",
    "managedFields",
    "ownerReferences",
    "finalizers",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds"
  };
  private static final String[] REFERENCE = {"apiGroup", "kind", "name"};

  private final SourceText text;
  private final ObjectReport report;
  private final ManifestParser.FieldValidation validation;
  private final String defaultNamespace;
  private final ManifestParser.Limits limits;
  private final Unchecked unchecked = new Unchecked();

  /** Parts about which nothing more shall be said, compared by identity. */
  static final class Unchecked {
    static final Unchecked NOTHING = new Unchecked();

    private final Set<HttpIngressPath> items = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private final Set<HttpIngressPath> paths = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private final Set<IngressBackend> backends =
        Collections.newSetFromMap(new IdentityHashMap<>(0));

    /** Returns whether the whole item is left alone. */
    boolean isItem(HttpIngressPath item) {
      return items.contains(item);
    }

    /** Returns whether the path of the item is left alone. */
    boolean isPath(HttpIngressPath item) {
      return paths.contains(item);
    }

    /** Returns whether the back end is left alone. */
    boolean isBackend(IngressBackend backend) {
      return backends.contains(backend);
    }
  }

  ObjectDecoder(
      SourceText text,
      ObjectReport report,
      ManifestParser.FieldValidation validation,
      String defaultNamespace,
      ManifestParser.Limits limits) {
    this.text = text;
    this.report = report;
    this.validation = validation;
    this.defaultNamespace = defaultNamespace;
    this.limits = limits;
  }

  /** Returns the parts about which nothing more shall be said. */
  Unchecked unchecked() {
    return unchecked;
  }

  /** Makes the record of an object of a known kind. */
  ManifestObject decode(String kind, Mapping node) {
    return switch (kind) {
      case "Ingress" -> ingress(node);
      case "IngressClass" -> ingressClass(node);
      case "Service" -> service(node);
      case "EndpointSlice" -> endpointSlice(node);
      case "Secret" -> secret(node);
      default -> configMap(node);
    };
  }

  private Fields root(Mapping node, String... known) {
    return new Fields(text, report, validation, FieldPath.ROOT, node, known);
  }

  private ObjectMeta metadata(Fields object, boolean isNamespaced) {
    Fields meta = object.fieldsOrNone("metadata", METADATA);
    String name = meta.string("name");
    String generateName = meta.string("generateName");
    if (!generateName.isEmpty()) {
      generateName(meta, name, generateName);
      name = name.isEmpty() ? "generated" : name;
    }
    String namespace = meta.string("namespace");
    if (namespace.isEmpty() && isNamespaced) {
      namespace = defaultNamespace;
    }
    Map<String, SourceSpan> places = new HashMap<>();
    Map<String, SourceSpan> keys = new HashMap<>();
    Map<String, String> annotations = meta.stringMap("annotations", places, keys);
    Map<String, String> labels = meta.stringMap("labels", new HashMap<>());
    Instant created = time(meta, "creationTimestamp");
    time(meta, "deletionTimestamp");
    // Of no use here, but the server refuses another type all the same.
    meta.string("uid");
    meta.string("resourceVersion");
    meta.string("selfLink");
    meta.wideInteger("deletionGracePeriodSeconds");
    Long generation = meta.wideInteger("generation");
    if (generation != null && generation < 0) {
      meta.about(
              ManifestRules.GENERATION_INVALID,
              meta.path().member("generation"),
              meta.spanOf("generation"))
          .add("the generation must not be negative");
    }
    finalizers(meta);
    ownerReferences(meta);
    Origin annotationsOrigin =
        places.isEmpty() ? Origin.NONE : new Origin(meta.spanOf("annotations"), places, keys);
    SourceSpan place = meta.span() == null ? object.span() : meta.span();
    return new ObjectMeta(
        name,
        namespace,
        created,
        labels,
        annotations,
        annotationsOrigin,
        new Origin(place, meta.places()));
  }

  private void generateName(Fields meta, String name, String generateName) {
    FieldPath path = meta.path().member("generateName");
    SourceSpan place = meta.spanOf("generateName");
    boolean isOpen = generateName.endsWith("-");
    String fault =
        Names.subdomain(
            isOpen ? generateName.substring(0, generateName.length() - 1) + "a" : generateName);
    if (fault != null) {
      meta.about(ManifestRules.NAME_INVALID, path, place)
          .add("the prefix of the name, " + report.quote(generateName) + ", " + fault);
    } else if (name.isEmpty()) {
      meta.about(ManifestRules.GENERATE_NAME, path, place)
          .help("write `name:` instead")
          .add("only a server can generate a name");
    }
  }

  private @Nullable Instant time(Fields meta, String name) {
    String value = meta.nullableString(name);
    if (value == null) {
      return null;
    }
    if (isShapedLikeTime(value)) {
      try {
        return OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeParseException e) {
        // Reported below.
      }
    }
    meta.about(ManifestRules.TIMESTAMP_INVALID, meta.path().member(name), meta.spanOf(name))
        .help("write it as in 2026-01-31T12:00:00Z, or leave it out")
        .add("the time " + report.quote(value) + " is not written as RFC 3339 says");
    return null;
  }

  /** Rules out what ISO 8601 has and RFC 3339 has not: times without seconds, and finer zones. */
  private static boolean isShapedLikeTime(String value) {
    int length = value.length();
    if (length < 20 || value.charAt(10) != 'T' || value.charAt(16) != ':') {
      return false;
    }
    char sign = value.charAt(length - 6);
    return value.charAt(length - 1) == 'Z' || sign == '+' || sign == '-';
  }

  private void finalizers(Fields meta) {
    List<String> finalizers = meta.strings("finalizers");
    for (String finalizer : finalizers) {
      String fault = Names.qualified(finalizer);
      if (fault != null) {
        meta.about(
                ManifestRules.FINALIZER_INVALID,
                meta.path().member("finalizers"),
                meta.spanOf("finalizers"))
            .add("the finalizer " + report.quote(finalizer) + " " + fault);
      }
    }
  }

  private void ownerReferences(Fields meta) {
    List<Node> items = meta.list("ownerReferences");
    if (items == null) {
      return;
    }
    int controllers = 0;
    for (int i = 0; i < items.size(); i++) {
      Fields owner =
          meta.item(
              "ownerReferences",
              i,
              items.get(i),
              "apiVersion",
              "kind",
              "name",
              "uid",
              "controller",
              "blockOwnerDeletion");
      SourceSpan place = meta.spanOfItem(items.get(i));
      for (String member : List.of("apiVersion", "kind", "name", "uid")) {
        if (owner.string(member).isEmpty()) {
          owner
              .about(ManifestRules.OWNER_REFERENCE_INVALID, owner.path().member(member), place)
              .add("a reference to an owner needs `" + member + "`");
        }
      }
      owner.bool("blockOwnerDeletion");
      if (Boolean.TRUE.equals(owner.bool("controller")) && ++controllers == 2) {
        meta.about(
                ManifestRules.OWNER_REFERENCE_INVALID, meta.path().member("ownerReferences"), place)
            .add("only one owner can be the controller");
      }
    }
  }

  private Ingress ingress(Mapping node) {
    Fields object = root(node, OBJECT);
    ObjectMeta metadata = metadata(object, true);
    Fields spec = object.fieldsOrNone("spec", "ingressClassName", "defaultBackend", "tls", "rules");
    IngressBackend defaultBackend =
        spec.has("defaultBackend") ? backend(spec, "defaultBackend") : null;
    List<IngressSpec.Tls> tls = tls(spec);
    List<IngressRule> rules = rules(spec);
    SourceSpan place = spec.span() == null ? object.span() : spec.span();
    IngressSpec record =
        new IngressSpec(
            spec.nullableString("ingressClassName"),
            defaultBackend,
            tls,
            rules,
            new Origin(place, spec.places()));
    return new Ingress(metadata, record, object.origin());
  }

  private List<IngressSpec.Tls> tls(Fields spec) {
    List<Node> items = spec.list("tls");
    if (items == null) {
      return List.of();
    }
    List<IngressSpec.Tls> tls = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Fields entry = spec.item("tls", i, items.get(i), "hosts", "secretName");
      List<String> hosts = entry.strings("hosts");
      Map<String, SourceSpan> places = entry.places();
      List<Node> nodes = hosts.isEmpty() ? null : entry.list("hosts");
      for (int j = 0; nodes != null && j < nodes.size(); j++) {
        places.put("hosts[" + j + "]", entry.spanOfItem(nodes.get(j)));
      }
      SourceSpan place = spec.spanOfItem(items.get(i));
      tls.add(new IngressSpec.Tls(hosts, entry.string("secretName"), new Origin(place, places)));
    }
    return tls;
  }

  private List<IngressRule> rules(Fields spec) {
    List<Node> items = spec.list("rules");
    if (items == null || isTooLong(spec, "rules", items.size(), limits.rules())) {
      return List.of();
    }
    List<IngressRule> rules = new ArrayList<>(items.size());
    int paths = 0;
    for (int i = 0; i < items.size(); i++) {
      Fields rule = spec.item("rules", i, items.get(i), "host", "http");
      String host = rule.string("host");
      List<HttpIngressPath> found = null;
      Map<String, SourceSpan> places = rule.places();
      if (rule.has("http")) {
        Fields http = rule.fieldsOrNone("http", "paths");
        places.putAll(http.places());
        List<Node> nodes = http.list("paths");
        paths += nodes == null ? 0 : nodes.size();
        boolean isTooLong = nodes == null || isTooLong(http, "paths", paths, limits.paths());
        found = nodes == null || isTooLong ? List.of() : paths(http, nodes);
      }
      SourceSpan place = spec.spanOfItem(items.get(i));
      rules.add(new IngressRule(host, found, new Origin(place, places)));
    }
    return rules;
  }

  private boolean isTooLong(Fields fields, String name, int size, int limit) {
    if (size <= limit) {
      return false;
    }
    fields
        .about(ManifestRules.INGRESS_TOO_BIG, fields.path().member(name), fields.spanOf(name))
        .unread()
        .help("divide the Ingress into several")
        .add("the Ingress has more than " + limit + " " + name);
    return true;
  }

  private List<HttpIngressPath> paths(Fields http, List<Node> nodes) {
    List<HttpIngressPath> paths = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      Fields item = http.item("paths", i, nodes.get(i), "path", "pathType", "backend");
      String path = item.string("path");
      String typeText = item.nullableString("pathType");
      PathType type = typeText == null ? null : PathType.of(typeText);
      IngressBackend backend = backend(item, "backend");
      Origin origin = new Origin(http.spanOfItem(nodes.get(i)), item.places());
      HttpIngressPath record =
          new HttpIngressPath(
              path, type == null ? PathType.IMPLEMENTATION_SPECIFIC : type, backend, origin);
      if (type == null) {
        pathType(item, path, typeText, record);
      }
      paths.add(record);
    }
    return paths;
  }

  private void pathType(
      Fields item, String path, @Nullable String typeText, HttpIngressPath record) {
    FieldPath where = item.path().member("pathType");
    if (typeText == null) {
      // The server looks at nothing else of such an item, not even at its back end.
      unchecked.items.add(record);
      String example = path.startsWith("/") ? path : "/";
      SourceSpan place = item.has("path") ? item.spanOf("path") : record.origin().span();
      item.about(ManifestRules.PATH_TYPE_MISSING, where, place)
          .note("this path has no pathType")
          .help(
              "add `pathType: Prefix` to match "
                  + (example.equals("/")
                      ? "everything"
                      : PrintableText.escape(example) + " and everything below it"))
          .add("pathType is required");
      return;
    }
    unchecked.paths.add(record);
    String near = Names.nearest(typeText, "Exact", "Prefix", "ImplementationSpecific");
    item.about(ManifestRules.PATH_TYPE_INVALID, where, item.spanOf("pathType"))
        .note("must be Exact, Prefix or ImplementationSpecific")
        .help(
            near == null
                ? "write Exact, Prefix or ImplementationSpecific"
                : "did you mean `" + near + "`?")
        .add("pathType " + report.quote(typeText) + " does not exist");
  }

  private IngressBackend backend(Fields parent, String name) {
    Fields fields = parent.fieldsOrNone(name, "service", "resource");
    boolean hasService = fields.has("service");
    boolean hasResource = fields.has("resource");
    SourceSpan place = fields.span() == null ? parent.spanOf(name) : fields.span();
    if (hasService == hasResource) {
      IngressBackend standIn =
          new IngressBackend.Service("x", new IngressBackend.Port("", 1), Origin.NONE);
      unchecked.backends.add(standIn);
      // Without a pathType nothing else of an item is checked.
      if (parent.has("pathType") || name.equals("defaultBackend")) {
        ambiguous(fields, place, hasService);
      }
      return standIn;
    }
    Map<String, SourceSpan> places = fields.places();
    if (hasService) {
      Fields service = fields.fieldsOrNone("service", "name", "port");
      Fields port = service.fieldsOrNone("port", "name", "number");
      places.putAll(service.places());
      port.places().forEach((member, span) -> places.put("port." + member, span));
      Integer number = port.integer("number");
      String portName = portName(port);
      IngressBackend.Port reference =
          new IngressBackend.Port(portName, number == null ? 0 : number);
      return new IngressBackend.Service(
          service.string("name"), reference, new Origin(place, places));
    }
    Fields resource = fields.fieldsOrNone("resource", REFERENCE);
    places.putAll(resource.places());
    return new IngressBackend.Resource(
        resource.nullableString("apiGroup"),
        resource.string("kind"),
        resource.string("name"),
        new Origin(place, places));
  }

  /** Reads the name of a port; a number there has a place of its own. */
  private String portName(Fields port) {
    if (port.node("name") instanceof Scalar scalar && scalar.kind() == Kind.INTEGER) {
      port.about(ManifestRules.WRONG_TYPE, port.path().member("name"), port.spanOf("name"))
          .unread()
          .note("must be a string")
          .help("write `number: " + PrintableText.escape(scalar.text()) + "`")
          .add(
              "the value is the number "
                  + PrintableText.escape(scalar.text())
                  + ", but must be a string");
      return port.has("number") ? "" : "x";
    }
    return port.string("name");
  }

  private void ambiguous(Fields fields, @Nullable SourceSpan place, boolean hasBoth) {
    if (hasBoth) {
      fields
          .about(ManifestRules.BACKEND_AMBIGUOUS, fields.path(), place)
          .help("remove one of the two")
          .add("a back end names a Service or a resource, not both");
    } else {
      fields
          .about(ManifestRules.BACKEND_MISSING, fields.path(), place)
          .unlessBelowIsUnread()
          .help("add `service: {name: …, port: {number: …}}`")
          .add("a back end needs a Service or a resource");
    }
  }

  private IngressClass ingressClass(Mapping node) {
    Fields object = root(node, "apiVersion", "kind", "metadata", "spec");
    ObjectMeta metadata = metadata(object, false);
    Fields spec = object.fieldsOrNone("spec", "controller", "parameters");
    Fields reference = spec.fields("parameters", "apiGroup", "kind", "name", "scope", "namespace");
    IngressClass.Parameters parameters = null;
    if (reference != null) {
      String scope = reference.nullableString("scope");
      String namespace = reference.nullableString("namespace");
      if (namespace != null && namespace.isEmpty()) {
        reference
            .about(
                ManifestRules.PARAMETERS_INVALID,
                reference.path().member("namespace"),
                reference.spanOf("namespace"))
            .unread()
            .add("the namespace is written, but empty");
      }
      parameters =
          new IngressClass.Parameters(
              reference.nullableString("apiGroup"),
              reference.string("kind"),
              reference.string("name"),
              scope == null ? "Cluster" : scope,
              namespace == null ? "" : namespace);
    }
    Map<String, SourceSpan> places = object.places();
    places.putAll(spec.places());
    if (reference != null) {
      reference.places().forEach((member, span) -> places.put("parameters." + member, span));
    }
    return new IngressClass(
        metadata, spec.string("controller"), parameters, new Origin(object.span(), places));
  }

  private Service service(Mapping node) {
    Fields object = root(node, OBJECT);
    ObjectMeta metadata = metadata(object, true);
    Fields spec =
        object.fieldsOrNone(
            "spec",
            "ports",
            "selector",
            "type",
            "clusterIP",
            "clusterIPs",
            "externalName",
            "sessionAffinity",
            "sessionAffinityConfig",
            "publishNotReadyAddresses",
            "externalIPs",
            "externalTrafficPolicy",
            "internalTrafficPolicy",
            "healthCheckNodePort",
            "ipFamilies",
            "ipFamilyPolicy",
            "allocateLoadBalancerNodePorts",
            "loadBalancerClass",
            "loadBalancerIP",
            "loadBalancerSourceRanges",
            "trafficDistribution");
    spec.bool("publishNotReadyAddresses");
    // Of no use here, but `version: 2` without quotes is refused as among labels.
    spec.stringMap("selector", new HashMap<>());
    String sessionAffinity = sessionAffinity(spec);
    List<Node> items = spec.list("ports");
    List<Service.Port> ports = new ArrayList<>();
    for (int i = 0; items != null && i < items.size(); i++) {
      Fields port =
          spec.item(
              "ports",
              i,
              items.get(i),
              "name",
              "port",
              "protocol",
              "targetPort",
              "appProtocol",
              "nodePort");
      Integer number = port.integer("port");
      port.integer("nodePort");
      String protocol = port.string("protocol");
      ports.add(
          new Service.Port(
              port.string("name"),
              number == null ? 0 : number,
              protocol.isEmpty() ? "TCP" : protocol,
              targetPort(port, number == null ? 0 : number),
              port.string("appProtocol"),
              new Origin(spec.spanOfItem(items.get(i)), port.places())));
    }
    String type = spec.string("type");
    Map<String, SourceSpan> places = object.places();
    places.putAll(spec.places());
    return new Service(
        metadata,
        type.isEmpty() ? "ClusterIP" : type,
        spec.string("clusterIP"),
        spec.string("externalName"),
        sessionAffinity,
        ports,
        new Origin(object.span(), places));
  }

  private String sessionAffinity(Fields spec) {
    String affinity = spec.string("sessionAffinity");
    if (!affinity.isEmpty() && !affinity.equals("None") && !affinity.equals("ClientIP")) {
      spec.about(
              ManifestRules.SERVICE_INVALID,
              spec.path().member("sessionAffinity"),
              spec.spanOf("sessionAffinity"))
          .help("write None or ClientIP")
          .add("sessionAffinity " + report.quote(affinity) + " does not exist");
    }
    Fields config = spec.fieldsOrNone("sessionAffinityConfig", "clientIP");
    Fields client = config.fieldsOrNone("clientIP", "timeoutSeconds");
    Integer timeout = client.integer("timeoutSeconds");
    if (timeout != null && (timeout < 1 || timeout > 86400)) {
      client
          .about(
              ManifestRules.SERVICE_INVALID,
              client.path().member("timeoutSeconds"),
              client.spanOf("timeoutSeconds"))
          .add("timeoutSeconds must be 1 to 86400, but is " + timeout);
    }
    return affinity.isEmpty() ? "None" : affinity;
  }

  /** Reads a member that is a number, or a text that names a port. */
  private String targetPort(Fields port, int number) {
    Node node = port.node("targetPort");
    if (node == null) {
      return Integer.toString(number);
    }
    if (!(node instanceof Scalar scalar) || scalar.kind() != Kind.STRING) {
      Integer value = port.integer("targetPort");
      // The server reads the number 0 as absent.
      return Integer.toString(value == null || value == 0 ? number : value);
    }
    String name = scalar.text();
    String fault = name.isEmpty() ? null : Names.portName(name);
    if (fault != null) {
      boolean isNumber = Scalars.kindOf(name) == Kind.INTEGER;
      port.about(
              ManifestRules.PORT_NAME_INVALID,
              port.path().member("targetPort"),
              port.spanOf("targetPort"))
          .unread()
          .help(isNumber ? "write " + PrintableText.escape(name) + " without quotes" : null)
          .add("the port name " + report.quote(name) + " " + fault);
      return "x";
    }
    return name.isEmpty() ? Integer.toString(number) : name;
  }

  private EndpointSlice endpointSlice(Mapping node) {
    Fields object =
        root(node, "apiVersion", "kind", "metadata", "addressType", "endpoints", "ports");
    ObjectMeta metadata = metadata(object, true);
    List<Node> items = object.list("endpoints");
    List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; items != null && i < items.size(); i++) {
      Fields endpoint =
          object.item(
              "endpoints",
              i,
              items.get(i),
              "addresses",
              "conditions",
              "hostname",
              "nodeName",
              "targetRef",
              "zone",
              "hints",
              "deprecatedTopology");
      Fields conditions = endpoint.fieldsOrNone("conditions", "ready", "serving", "terminating");
      endpoints.add(
          new EndpointSlice.Endpoint(
              endpoint.strings("addresses"),
              conditions.bool("ready"),
              conditions.bool("serving"),
              conditions.bool("terminating"),
              new Origin(object.spanOfItem(items.get(i)), endpoint.places())));
    }
    return new EndpointSlice(
        metadata, object.string("addressType"), endpoints, slicePorts(object), object.origin());
  }

  private @Nullable List<EndpointSlice.Port> slicePorts(Fields object) {
    List<Node> items = object.list("ports");
    if (items == null) {
      return null;
    }
    List<EndpointSlice.Port> ports = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Fields port =
          object.item("ports", i, items.get(i), "name", "port", "protocol", "appProtocol");
      String protocol = port.string("protocol");
      ports.add(
          new EndpointSlice.Port(
              port.string("name"),
              port.integer("port"),
              protocol.isEmpty() ? "TCP" : protocol,
              port.string("appProtocol"),
              new Origin(object.spanOfItem(items.get(i)), port.places())));
    }
    return ports;
  }

  private Secret secret(Mapping node) {
    Fields object =
        root(node, "apiVersion", "kind", "metadata", "immutable", "data", "stringData", "type");
    ObjectMeta metadata = metadata(object, true);
    object.bool("immutable");
    Map<String, SourceSpan> places = new HashMap<>();
    Map<String, byte[]> data = binary(object, "data", places);
    object
        .stringMap("stringData", places)
        .forEach((key, value) -> data.put(key, value.getBytes(UTF_8)));
    String type = object.string("type");
    Map<String, SourceSpan> all = object.places();
    places.forEach((key, place) -> all.put("data[" + key + "]", place));
    return new Secret(
        metadata, type.isEmpty() ? "Opaque" : type, data, new Origin(object.span(), all));
  }

  /** Reads a map of values in base64. */
  private Map<String, byte[]> binary(Fields object, String name, Map<String, SourceSpan> places) {
    Map<String, byte[]> decoded = new LinkedHashMap<>();
    object
        .stringMap(name, places)
        .forEach(
            (key, value) -> {
              byte[] bytes = base64(value);
              if (bytes == null) {
                FieldPath path = object.path().member(name);
                object
                    .about(
                        ManifestRules.DATA_NOT_BASE_64,
                        report.isSecret() ? path : path.key(key),
                        places.get(key))
                    .help(
                        name.equals("data")
                            ? "encode the value in base64, or put it under `stringData:`"
                            : "encode the value in base64")
                    .add("the value is not encoded in base64");
              } else {
                decoded.put(key, bytes);
              }
            });
    return decoded;
  }

  private static byte @Nullable [] base64(String value) {
    String digits = value;
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      digits = value.replace("\n", "").replace("\r", "");
    }
    try {
      return digits.length() % 4 == 0 ? Base64.getDecoder().decode(digits) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private ConfigMap configMap(Mapping node) {
    Fields object = root(node, "apiVersion", "kind", "metadata", "immutable", "data", "binaryData");
    ObjectMeta metadata = metadata(object, true);
    object.bool("immutable");
    Map<String, SourceSpan> places = new HashMap<>();
    Map<String, SourceSpan> keys = new HashMap<>();
    Map<String, String> data = object.stringMap("data", places, keys);
    Map<String, SourceSpan> binaryPlaces = new HashMap<>();
    Map<String, byte[]> binary = binary(object, "binaryData", binaryPlaces);
    FieldPath path = object.path().member("binaryData");
    long size = ObjectValidator.sizeOf(data);
    boolean isDataTooBig = size > ObjectValidator.LARGEST_DATA;
    for (Map.Entry<String, byte[]> entry : binary.entrySet()) {
      String key = entry.getKey();
      String fault = Names.dataKey(key);
      size += entry.getValue().length;
      if (fault != null) {
        object
            .about(ManifestRules.DATA_KEY_INVALID, path.key(key), binaryPlaces.get(key))
            .add("the key " + report.quote(key) + " " + fault);
      }
      if (data.containsKey(key)) {
        object
            .about(ManifestRules.DATA_KEY_TWICE, path.key(key), binaryPlaces.get(key))
            .add("the key " + report.quote(key) + " stands in `data` too");
      }
    }
    if (size > ObjectValidator.LARGEST_DATA && !isDataTooBig) {
      object
          .about(ManifestRules.DATA_TOO_BIG, FieldPath.ROOT, object.span())
          .add(ObjectValidator.tooBig(size));
    }
    Origin dataOrigin = new Origin(object.spanOf("data"), places, keys);
    return new ConfigMap(metadata, data, dataOrigin, object.origin());
  }
}
