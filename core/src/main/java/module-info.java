/**
 * The embedded Kubernetes Ingress: manifests in, decisions out.
 *
 * <p>Starting points: {@link io.github.ingress4j.IngressRouter} compiles manifests and answers
 * requests; {@link io.github.ingress4j.LiveRouter} exchanges them while requests run.
 */
module io.github.ingress4j.core {
  requires com.fasterxml.jackson.core;
  requires com.github.benmanes.caffeine;
  requires org.apache.commons.codec;
  requires org.yaml.snakeyaml;
  requires static transitive org.jspecify;

  exports io.github.ingress4j;
  exports io.github.ingress4j.analysis;
  exports io.github.ingress4j.balance;
  exports io.github.ingress4j.decision;
  exports io.github.ingress4j.dialect;
  exports io.github.ingress4j.diagnostic;
  exports io.github.ingress4j.manifest;
  exports io.github.ingress4j.policy;
  exports io.github.ingress4j.routing;
  exports io.github.ingress4j.source;
}
