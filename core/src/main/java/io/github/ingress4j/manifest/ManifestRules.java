package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The kinds of findings of reading and checking manifests. */
final class ManifestRules {

  private static final List<Rule> RULES = new ArrayList<>();

  // Texts and documents
  static final Rule TEXT_TOO_BIG =
      rule(
          "text-too-big",
          Severity.ERROR,
          "a text has more bytes than are read",
          "limit of the reader");
  static final Rule NOT_UTF_8 =
      rule(
          "not-utf8",
          Severity.ERROR,
          "a text is not encoded in UTF-8",
          "Kubernetes tooling reads UTF-8 only");
  static final Rule CONTROL_CHARACTER =
      rule(
          "control-character",
          Severity.ERROR,
          "a document holds a character that YAML forbids",
          "YAML 1.1, section 5.1");
  static final Rule SEPARATOR_INVALID =
      rule(
          "separator-invalid",
          Severity.ERROR,
          "something stands behind the dashes of a document border",
          "kubectl, document border");
  static final Rule YAML_DIRECTIVE =
      rule(
          "yaml-directive",
          Severity.ERROR,
          "a YAML directive is cut off from its document",
          "kubectl, document border");
  static final Rule TEXT_AFTER_DOCUMENT_END =
      rule(
          "text-after-document-end",
          Severity.ERROR,
          "text behind the end of a document is dropped",
          "kubectl, document end");
  static final Rule YAML_SYNTAX =
      rule("yaml-syntax", Severity.ERROR, "a document is no YAML", "YAML 1.1");
  static final Rule YAML_ALIAS =
      rule("yaml-alias", Severity.ERROR, "an alias has no anchor", "YAML 1.1, section 7.1");
  static final Rule YAML_MERGE =
      rule(
          "yaml-merge",
          Severity.ERROR,
          "a merge key merges something that is no map",
          "YAML 1.1, merge key");
  static final Rule YAML_KEY =
      rule("yaml-key", Severity.ERROR, "a key is no text", "kubectl, conversion to JSON");
  static final Rule YAML_TAG =
      rule("yaml-tag", Severity.WARNING, "a tag has no effect", "YAML 1.1, tags");
  static final Rule YAML_VALUE =
      rule(
          "yaml-value",
          Severity.ERROR,
          "a value does not fit its tag or JSON",
          "kubectl, conversion to JSON");
  static final Rule JSON_SYNTAX =
      rule("json-syntax", Severity.ERROR, "a document is no JSON", "RFC 8259");
  static final Rule NESTING_TOO_DEEP =
      rule(
          "nesting-too-deep",
          Severity.ERROR,
          "values are nested too deeply",
          "limit of the reader");
  static final Rule TOO_MANY_ALIASES =
      rule(
          "too-many-aliases",
          Severity.ERROR,
          "a document has too many aliases",
          "limit of the reader");
  static final Rule ALIAS_EXPANSION =
      rule(
          "alias-expansion",
          Severity.ERROR,
          "the aliases of a document stand for too many values",
          "limit of the reader");
  static final Rule SCALAR_TOO_LONG =
      rule("scalar-too-long", Severity.ERROR, "a text is too long", "limit of the reader");
  static final Rule NUMBER_TOO_LONG =
      rule(
          "number-too-long",
          Severity.ERROR,
          "a number has too many characters",
          "limit of the reader");
  static final Rule TOO_MANY_NODES =
      rule(
          "too-many-nodes",
          Severity.ERROR,
          "a document has too many values",
          "limit of the reader");
  static final Rule TOO_MANY_DOCUMENTS =
      rule(
          "too-many-documents",
          Severity.ERROR,
          "a text has too many documents",
          "limit of the reader");
  static final Rule TOO_MANY_OBJECTS =
      rule(
          "too-many-objects", Severity.ERROR, "a text has too many objects", "limit of the reader");
  static final Rule TOO_MANY_FINDINGS =
      rule(
          "too-many-findings",
          Severity.INFO,
          "some findings are not listed",
          "limit of the reader");
  static final Rule NOTHING_READABLE =
      rule(
          "nothing-readable",
          Severity.ERROR,
          "nothing in the input could be read",
          "the whole input");

  // Objects
  static final Rule ROOT_NOT_OBJECT =
      rule(
          "root-not-object",
          Severity.ERROR,
          "a document is no object",
          "Kubernetes API conventions, objects");
  static final Rule KIND_MISSING =
      rule(
          "kind-missing",
          Severity.ERROR,
          "an object has no kind",
          "Kubernetes API conventions, kind");
  static final Rule API_VERSION_MISSING =
      rule(
          "api-version-missing",
          Severity.ERROR,
          "an object has no apiVersion",
          "Kubernetes API conventions, apiVersion");
  static final Rule API_VERSION_REMOVED =
      rule(
          "api-version-removed",
          Severity.ERROR,
          "an object uses an API version that is no longer served",
          "Kubernetes deprecated API migration guide, v1.22");
  static final Rule API_VERSION_UNKNOWN =
      rule(
          "api-version-unknown",
          Severity.ERROR,
          "an object uses an API version that does not exist",
          "Kubernetes API groups");
  static final Rule KIND_SKIPPED =
      rule(
          "kind-skipped",
          Severity.INFO,
          "an object of another kind has no meaning here",
          "the kinds that are read");
  static final Rule OBJECT_REPLACED =
      rule("object-replaced", Severity.WARNING, "an object is written twice", "kubectl apply");
  static final Rule UNKNOWN_FIELD =
      rule(
          "unknown-field",
          Severity.ERROR,
          "a member does not exist",
          "Kubernetes strict field validation");
  static final Rule DUPLICATE_FIELD =
      rule(
          "duplicate-field",
          Severity.ERROR,
          "a member is written twice",
          "Kubernetes strict field validation");
  static final Rule WRONG_TYPE =
      rule(
          "wrong-type", Severity.ERROR, "a value has the wrong type", "Kubernetes API, JSON types");

  // Metadata
  static final Rule TIMESTAMP_INVALID =
      rule(
          "timestamp-invalid",
          Severity.ERROR,
          "a time is not written as RFC 3339 does",
          "meta/v1, Time");
  static final Rule NAME_MISSING =
      rule("name-missing", Severity.ERROR, "an object has no name", "meta/v1, ObjectMeta.name");
  static final Rule NAME_INVALID =
      rule(
          "name-invalid",
          Severity.ERROR,
          "the name of an object is malformed",
          "meta/v1, ObjectMeta.name");
  static final Rule GENERATE_NAME =
      rule(
          "generate-name",
          Severity.ERROR,
          "the name of an object is left to the server",
          "meta/v1, ObjectMeta.generateName");
  static final Rule NAMESPACE_INVALID =
      rule(
          "namespace-invalid",
          Severity.ERROR,
          "the namespace of an object is malformed",
          "meta/v1, ObjectMeta.namespace");
  static final Rule NAMESPACE_FORBIDDEN =
      rule(
          "namespace-forbidden",
          Severity.ERROR,
          "an object of the whole cluster has a namespace",
          "meta/v1, ObjectMeta.namespace");
  static final Rule ANNOTATION_KEY_INVALID =
      rule(
          "annotation-key-invalid",
          Severity.ERROR,
          "the name of an annotation is malformed",
          "meta/v1, ObjectMeta.annotations");
  static final Rule ANNOTATIONS_TOO_BIG =
      rule(
          "annotations-too-big",
          Severity.ERROR,
          "the annotations of an object are too big",
          "meta/v1, ObjectMeta.annotations");
  static final Rule LABEL_INVALID =
      rule("label-invalid", Severity.ERROR, "a label is malformed", "meta/v1, ObjectMeta.labels");
  static final Rule FINALIZER_INVALID =
      rule(
          "finalizer-invalid",
          Severity.ERROR,
          "a finalizer is malformed",
          "meta/v1, ObjectMeta.finalizers");
  static final Rule OWNER_REFERENCE_INVALID =
      rule(
          "owner-reference-invalid",
          Severity.ERROR,
          "a reference to an owner is incomplete",
          "meta/v1, OwnerReference");
  static final Rule GENERATION_INVALID =
      rule(
          "generation-invalid",
          Severity.ERROR,
          "the generation of an object is negative",
          "meta/v1, ObjectMeta.generation");

  // Ingress
  static final Rule RULES_MISSING =
      rule(
          "rules-missing",
          Severity.ERROR,
          "an Ingress has neither rules nor a default back end",
          "networking.k8s.io/v1, IngressSpec");
  static final Rule CLASS_NAME_INVALID =
      rule(
          "class-name-invalid",
          Severity.ERROR,
          "the name of a class is malformed",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");
  static final Rule CLASS_CONFLICT =
      rule(
          "class-conflict",
          Severity.ERROR,
          "annotation and member name different classes",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");
  static final Rule CLASS_ANNOTATION =
      rule(
          "class-annotation",
          Severity.WARNING,
          "the class is named by the deprecated annotation",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");
  static final Rule HOST_INVALID =
      rule(
          "host-invalid",
          Severity.ERROR,
          "the host of a rule is malformed",
          "networking.k8s.io/v1, IngressRule.host");
  static final Rule PATHS_MISSING =
      rule(
          "paths-missing",
          Severity.ERROR,
          "a rule has no paths",
          "networking.k8s.io/v1, HTTPIngressRuleValue.paths");
  static final Rule PATH_TYPE_MISSING =
      rule(
          "path-type-missing",
          Severity.ERROR,
          "a path has no pathType",
          "networking.k8s.io/v1, HTTPIngressPath.pathType");
  static final Rule PATH_TYPE_INVALID =
      rule(
          "path-type-invalid",
          Severity.ERROR,
          "a pathType does not exist",
          "networking.k8s.io/v1, HTTPIngressPath.pathType");
  static final Rule PATH_INVALID =
      rule(
          "path-invalid",
          Severity.ERROR,
          "a path is malformed",
          "networking.k8s.io/v1, HTTPIngressPath.path");
  static final Rule PATH_LINE_BREAK =
      rule(
          "path-line-break",
          Severity.ERROR,
          "a path holds a line break",
          "networking.k8s.io/v1, HTTPIngressPath.path");
  static final Rule BACKEND_MISSING =
      rule(
          "backend-missing",
          Severity.ERROR,
          "a back end names neither a Service nor a resource",
          "networking.k8s.io/v1, IngressBackend");
  static final Rule BACKEND_AMBIGUOUS =
      rule(
          "backend-ambiguous",
          Severity.ERROR,
          "a back end names both a Service and a resource",
          "networking.k8s.io/v1, IngressBackend");
  static final Rule SERVICE_NAME_INVALID =
      rule(
          "service-name-invalid",
          Severity.ERROR,
          "the name of a Service is malformed",
          "networking.k8s.io/v1, IngressServiceBackend.name");
  static final Rule BACKEND_PORT_AMBIGUOUS =
      rule(
          "backend-port-ambiguous",
          Severity.ERROR,
          "a back end names its port both by name and by number",
          "networking.k8s.io/v1, ServiceBackendPort");
  static final Rule BACKEND_PORT_MISSING =
      rule(
          "backend-port-missing",
          Severity.ERROR,
          "a back end names no port",
          "networking.k8s.io/v1, ServiceBackendPort");
  static final Rule PORT_NAME_INVALID =
      rule(
          "port-name-invalid",
          Severity.ERROR,
          "the name of a port is malformed",
          "RFC 6335, section 5.1");
  static final Rule PORT_NUMBER_INVALID =
      rule(
          "port-number-invalid",
          Severity.ERROR,
          "the number of a port is out of range",
          "networking.k8s.io/v1, ServiceBackendPort.number");
  static final Rule RESOURCE_INVALID =
      rule(
          "resource-invalid",
          Severity.ERROR,
          "a reference to a resource is malformed",
          "core/v1, TypedLocalObjectReference");
  static final Rule TLS_HOST_INVALID =
      rule(
          "tls-host-invalid",
          Severity.ERROR,
          "the host of a TLS entry is malformed",
          "networking.k8s.io/v1, IngressTLS.hosts");
  static final Rule SECRET_NAME_INVALID =
      rule(
          "secret-name-invalid",
          Severity.ERROR,
          "the name of a Secret is malformed",
          "networking.k8s.io/v1, IngressTLS.secretName");
  static final Rule INGRESS_TOO_BIG =
      rule(
          "ingress-too-big",
          Severity.ERROR,
          "an Ingress has too many rules or paths",
          "limit of the reader");

  // IngressClass
  static final Rule CONTROLLER_INVALID =
      rule(
          "controller-invalid",
          Severity.ERROR,
          "the controller of a class is malformed",
          "networking.k8s.io/v1, IngressClassSpec.controller");
  static final Rule PARAMETERS_INVALID =
      rule(
          "parameters-invalid",
          Severity.ERROR,
          "the parameters of a class are malformed",
          "networking.k8s.io/v1, IngressClassParametersReference");

  // Service and EndpointSlice
  static final Rule SERVICE_INVALID =
      rule("service-invalid", Severity.ERROR, "a Service is malformed", "core/v1, ServiceSpec");
  static final Rule SERVICE_PORT_INVALID =
      rule(
          "service-port-invalid",
          Severity.ERROR,
          "a port of a Service is malformed",
          "core/v1, ServicePort");
  static final Rule EXTERNAL_NAME_INVALID =
      rule(
          "external-name-invalid",
          Severity.ERROR,
          "the external name of a Service is malformed",
          "core/v1, ServiceSpec.externalName");
  static final Rule SLICE_INVALID =
      rule(
          "slice-invalid",
          Severity.ERROR,
          "an EndpointSlice is malformed",
          "discovery.k8s.io/v1, EndpointSlice");
  static final Rule ADDRESS_INVALID =
      rule(
          "address-invalid",
          Severity.ERROR,
          "an address of an endpoint is malformed",
          "discovery.k8s.io/v1, Endpoint.addresses");
  static final Rule ADDRESS_SPECIAL =
      rule(
          "address-special",
          Severity.ERROR,
          "an endpoint has an address that no endpoint can have",
          "discovery.k8s.io/v1, Endpoint.addresses");
  static final Rule SLICE_PORT_INVALID =
      rule(
          "slice-port-invalid",
          Severity.ERROR,
          "a port of an EndpointSlice is malformed",
          "discovery.k8s.io/v1, EndpointPort");

  // Secret and ConfigMap
  static final Rule DATA_KEY_INVALID =
      rule(
          "data-key-invalid",
          Severity.ERROR,
          "a key of a Secret or ConfigMap is malformed",
          "core/v1, Secret.data and ConfigMap.data");
  static final Rule DATA_KEY_TWICE =
      rule(
          "data-key-twice",
          Severity.ERROR,
          "a key stands in data and in binaryData",
          "core/v1, ConfigMap");
  static final Rule DATA_NOT_BASE_64 =
      rule(
          "data-not-base64",
          Severity.ERROR,
          "a value is not encoded in base64",
          "core/v1, Secret.data and ConfigMap.binaryData");
  static final Rule DATA_TOO_BIG =
      rule(
          "data-too-big",
          Severity.ERROR,
          "the values of a Secret or ConfigMap are too big",
          "core/v1, Secret.data and ConfigMap.data");
  static final Rule TLS_SECRET_INCOMPLETE =
      rule(
          "tls-secret-incomplete",
          Severity.ERROR,
          "a Secret for TLS has no certificate or no key",
          "core/v1, Secret of type kubernetes.io/tls");

  private ManifestRules() {}

  private static Rule rule(String id, Severity severity, String summary, String reference) {
    Rule rule = new Rule(id, severity, summary, reference);
    RULES.add(rule);
    return rule;
  }

  static List<Rule> all() {
    return Collections.unmodifiableList(RULES);
  }
}
