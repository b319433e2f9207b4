package io.github.ingress4j.dialect.nginx;

/**
 * The annotations that the controller reads together: an error may void the whole group.
 *
 * <p>The order is that in which they are read here; the controller's order is random.
 */
public enum Group {
  /** Rewriting and the https redirect. */
  REWRITE("Rewrite"),
  /** Fixed redirects and the one between a host and its www sibling. */
  REDIRECT("Redirect"),
  /** The port in redirects. */
  USE_PORT_IN_REDIRECTS("UsePortInRedirects"),
  /** More names of a host. */
  ALIASES("Aliases"),
  /** The Service that stands in when the back end has no endpoints. */
  DEFAULT_BACKEND("DefaultBackend"),
  /** Canaries. */
  CANARY("Canary"),
  /** Sessions that stay with one endpoint. */
  SESSION_AFFINITY("SessionAffinity"),
  /** The algorithm that chooses endpoints. */
  LOAD_BALANCING("LoadBalancing"),
  /** Consistent hashing. */
  UPSTREAM_HASH_BY("UpstreamHashBy"),
  /** The Service's own address in place of its endpoints. */
  SERVICE_UPSTREAM("ServiceUpstream"),
  /** The header X-Forwarded-Prefix. */
  X_FORWARDED_PREFIX("XForwardedPrefix"),
  /** The Host that is sent upstream. */
  UPSTREAM_VHOST("UpstreamVhost"),
  /** Cross-origin requests. */
  CORS_CONFIG("CorsConfig"),
  /** Error pages. */
  CUSTOM_HTTP_ERRORS("CustomHTTPErrors"),
  /** Error pages of the back end that pass. */
  DISABLE_PROXY_INTERCEPT_ERRORS("DisableProxyInterceptErrors"),
  /** Response headers. */
  CUSTOM_HEADERS("CustomHeaders"),
  /** The Connection header that is sent upstream. */
  CONNECTION("Connection"),
  /** Timeouts, buffers, retries and the rest of proxying. */
  PROXY("Proxy"),
  /** The buffer of a request body. */
  CLIENT_BODY_BUFFER_SIZE("ClientBodyBufferSize"),
  /** The protocol that is spoken to the back end. */
  BACKEND_PROTOCOL("BackendProtocol"),
  /** Copies of requests. */
  MIRROR("Mirror"),
  /** Limits of requests, connections and bandwidth. */
  RATE_LIMIT("RateLimit"),
  /** TLS connections that are passed through. */
  SSL_PASSTHROUGH("SSLPassthrough"),
  /** TLS ciphers. */
  SSL_CIPHER("SSLCipher"),
  /** Client certificates. */
  CERTIFICATE_AUTH("CertificateAuth"),
  /** TLS towards the back end. */
  PROXY_SSL("ProxySSL"),
  /** Addresses that may pass. */
  ALLOWLIST("Allowlist"),
  /** Addresses that may not. */
  DENYLIST("Denylist"),
  /** Passwords. */
  BASIC_DIGEST_AUTH("BasicDigestAuth"),
  /** How several protections combine. */
  SATISFY("Satisfy"),
  /** A service that decides who may pass. */
  EXTERNAL_AUTH("ExternalAuth"),
  /** The service of the whole proxy that decides who may pass. */
  ENABLE_GLOBAL_AUTH("EnableGlobalAuth"),
  /** The web application firewall. */
  MOD_SECURITY("ModSecurity"),
  /** Raw configuration of a location. */
  CONFIGURATION_SNIPPET("ConfigurationSnippet"),
  /** Raw configuration of a host. */
  SERVER_SNIPPET("ServerSnippet"),
  /** Raw configuration of TCP and UDP. */
  STREAM_SNIPPET("StreamSnippet"),
  /** Logging. */
  LOGS("Logs"),
  /** HTTP/2 push. */
  HTTP2_PUSH_PRELOAD("HTTP2PushPreload"),
  /** FastCGI. */
  FAST_CGI("FastCGI"),
  /** Tracing. */
  OPENTELEMETRY("Opentelemetry");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  /**
   * Returns the name that the controller uses.
   *
   * @return such as {@code UsePortInRedirects}
   */
  public String title() {
    return title;
  }
}
