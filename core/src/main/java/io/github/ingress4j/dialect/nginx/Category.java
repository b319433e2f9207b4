package io.github.ingress4j.dialect.nginx;

/** Who has to do something about an annotation. */
public enum Category {
  /** The core decides: hosts, paths, rewrites, redirects, upstreams. */
  ROUTING,
  /** An adapter carries it out while it forwards. */
  PROXY,
  /** It is about TLS connections. */
  TLS,
  /** It protects the routes. */
  SECURITY,
  /** It is about nginx itself and has no meaning elsewhere. */
  NOT_APPLICABLE
}
