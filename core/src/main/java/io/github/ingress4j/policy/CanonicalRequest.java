package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that was validated: target and hosts are accepted, and it is known who the client is.
 *
 * <p>Immutable and thread-safe if the request behind it is.
 *
 * @param view the request as received
 * @param policy the policy by which target and hosts were accepted
 * @param target the target
 * @param selected the host that selects the rule; {@link RequestHost#absent()} if none is named
 * @param sent the host that the back end is told: the Host header, else the authority of the
 *     target; {@code null} if neither is there
 * @param client who the client is
 * @param subdomain the label in place of the star if a rule for a wildcard host was selected, in
 *     lower case; else empty
 */
public record CanonicalRequest(
    RequestView view,
    PathPolicy policy,
    RequestTarget target,
    RequestHost selected,
    @Nullable RequestHost sent,
    ForwardedHeaders client,
    String subdomain) {

  /** The name of the host of requests that name none. */
  static final String NO_NAME = "_";

  /**
   * Returns the name of the host that selects the rule.
   *
   * @return the name in lower case, without port and trailing dot; {@code _} if the request names
   *     no host
   */
  public String selectedName() {
    String name = selected.name();
    return name.isEmpty() ? NO_NAME : name;
  }

  /**
   * Returns the host that the client asked for, with its port: what a trusted peer says, else the
   * host sent, else {@code _}.
   *
   * @return the host
   */
  public String bestHost() {
    String host = client.bestHost(sent == null ? null : sent.text());
    return host == null ? selectedName() : host;
  }

  /**
   * Returns the target to build Locations from: by STRICT the canonical path and the query as sent,
   * by NGINX what was received, without the scheme and authority of an absolute form.
   *
   * @return the target, without controls
   */
  public String requestUri() {
    String scheme = target.scheme();
    String authority = target.authority();
    if (policy == PathPolicy.STRICT || scheme == null || authority == null) {
      return target.forwardTarget();
    }
    String rest = target.raw().substring(scheme.length() + "://".length() + authority.length());
    return rest.isEmpty() ? "/" : rest;
  }

  /** The query, never null: without one and with an empty one nothing is appended. */
  String args() {
    String query = target.query();
    return query == null ? "" : query;
  }

  /** The text behind a path that was rewritten or that leads elsewhere. */
  String querySuffix() {
    String args = args();
    return args.isEmpty() ? "" : "?" + args;
  }

  /**
   * Returns the value of a variable of nginx.
   *
   * @param name the name in lower case, without a dollar sign
   * @return one character a byte, empty if the request does not have it; {@code null} if the
   *     variable is not known here. Under {@link PathPolicy#NGINX} the path can hold any byte but
   *     NUL; header fields hold what the adapter lets pass.
   */
  public @Nullable String variable(String name) {
    return switch (name) {
      case "args", "query_string" -> args();
      case "best_http_host" -> bestHost();
      case "binary_remote_addr" -> addressBytes(client.clientAddress());
      case "connection_upgrade" -> header("upgrade").isEmpty() ? "" : "upgrade";
      case "content_length" -> first("Content-Length");
      case "content_type" -> first("Content-Type");
      case "escaped_request_uri" -> {
        StringBuilder escaped = new StringBuilder();
        UrlText.appendComponent(escaped, requestUri());
        yield escaped.toString();
      }
      case "host" -> selectedName();
      case "http_host" -> view.hosts().isEmpty() ? "" : view.hosts().get(0);
      case "https" -> view.scheme().equals("https") ? "on" : "";
      case "is_args" -> args().isEmpty() ? "" : "?";
      case "literal_dollar" -> "$";
      case "pass_access_scheme" -> client.scheme();
      case "pass_port", "pass_server_port" -> Integer.toString(client.port());
      case "proxy_add_x_forwarded_for" -> {
        String chain = header("x_forwarded_for");
        yield (chain.isEmpty() ? "" : chain + ", ") + client.clientAddress();
      }
      case "realip_remote_addr" -> view.clientAddress();
      case "remote_addr" -> client.clientAddress();
      case "req_id" -> {
        String id = client.requestId();
        yield id == null ? "" : id;
      }
      case "request" -> view.method() + " " + view.target() + " " + protocol();
      case "request_id" -> client.generatedId();
      case "request_method" -> view.method();
      case "request_uri" -> requestUri();
      case "scheme" -> view.scheme();
      case "server_port" -> Integer.toString(view.localPort());
      case "server_protocol" -> protocol();
      case "ssl_server_name" -> {
        String serverName = view.tlsServerName();
        yield serverName == null ? "" : serverName;
      }
      case "subdomain" -> subdomain;
      case "document_uri", "uri" -> target.path();
      default -> ofFamily(name);
    };
  }

  private @Nullable String ofFamily(String name) {
    String prefix = Template.availablePrefix(name);
    if (prefix == null) {
      return null;
    }
    String rest = name.substring(prefix.length());
    return switch (prefix) {
      case "http_" -> header(rest);
      case "arg_" -> argument(rest);
      case "cookie_" -> {
        String value = Cookies.first(view.headers("Cookie"), rest);
        yield value == null ? "" : value;
      }
      // What a back end will have answered.
      default -> "";
    };
  }

  /**
   * The lines of a field as one; its name may be written with underscores for dashes, as in the
   * names of variables.
   */
  String header(String name) {
    String wanted = name.replace('-', '_');
    List<String> values = new ArrayList<>(1);
    List<String> seen = new ArrayList<>(1);
    for (String given : view.headerNames()) {
      if (given.length() == wanted.length()
          && given.replace('-', '_').equalsIgnoreCase(wanted)
          && client.isReadable(given)
          && seen.stream().noneMatch(given::equalsIgnoreCase)) {
        seen.add(given);
        values.addAll(view.headers(given));
      }
    }
    return String.join(wanted.equalsIgnoreCase("cookie") ? "; " : ", ", values);
  }

  /** Whether a field is there at all; see {@link #header}. */
  boolean hasHeader(String name) {
    String wanted = name.replace('-', '_');
    for (String given : view.headerNames()) {
      if (given.replace('-', '_').equalsIgnoreCase(wanted) && client.isReadable(given)) {
        return true;
      }
    }
    return false;
  }

  private String first(String name) {
    List<String> values = view.headers(name);
    return values.isEmpty() ? "" : values.get(0);
  }

  /** The first parameter of this name in the query, in any letter case, undecoded. */
  private String argument(String name) {
    String args = args();
    for (int start = 0; start <= args.length(); ) {
      int ampersand = args.indexOf('&', start);
      int end = ampersand < 0 ? args.length() : ampersand;
      int equals = start + name.length();
      if (equals < end
          && args.charAt(equals) == '='
          && args.regionMatches(true, start, name, 0, name.length())) {
        return args.substring(equals + 1, end);
      }
      start = end + 1;
    }
    return "";
  }

  private String protocol() {
    String version = view.httpVersion();
    return "HTTP/" + version + (version.indexOf('.') < 0 ? ".0" : "");
  }

  private static String addressBytes(String address) {
    if (!Cidr.isAddress(address)) {
      return "";
    }
    try {
      // An address literal: no name is looked up.
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
