package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestHost;
import org.jspecify.annotations.Nullable;

/**
 * A URL with variables, expanded into typed parts: what comes from a request cannot change which
 * part it stands in, and few variables can name a host.
 *
 * <pre>
 *   $scheme://$host:8080/check?rd=$request_uri
 *   scheme    authority  rest
 *
 *   scheme      http or https, nothing else
 *   authority   a host with or without a port; of the variables only those of the host, the port
 *               and the wildcard's label
 *   rest        path and query; paths and queries of requests as they are, other values escaped
 * </pre>
 *
 * <p>A text without {@code ://} has only a rest: it stays on this host.
 *
 * <p>Immutable and thread-safe. Sources: hardening SEC-22, SEC-23.
 */
record UrlTemplate(Template template) {

  /** A URL in its parts; without scheme and authority both are empty. */
  record Url(String scheme, String authority, String rest) {

    boolean isRelative() {
      return scheme.isEmpty();
    }

    /** The name of the host, without its port. */
    String hostName() {
      return Locations.withoutPort(authority, PathPolicy.STRICT);
    }

    String text() {
      return isRelative() ? rest : scheme + "://" + authority + rest;
    }
  }

  /** The URL for a request, or null if the request would lead somewhere it must not. */
  @Nullable Url expand(CanonicalRequest request) {
    Expansion expansion = new Expansion(request);
    template.each(expansion);
    return expansion.url();
  }

  private static final class Expansion implements Template.Sink {

    private enum Part {
      SCHEME,
      AUTHORITY,
      REST
    }

    private final CanonicalRequest request;
    private final StringBuilder scheme = new StringBuilder();
    private final StringBuilder authority = new StringBuilder();
    private final StringBuilder rest = new StringBuilder();
    private Part part = Part.SCHEME;
    private boolean isFaulty;

    Expansion(CanonicalRequest request) {
      this.request = request;
    }

    @Override
    public void literal(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (part == Part.SCHEME && c == ':' && text.startsWith("://", i)) {
          part = Part.AUTHORITY;
          i += 2;
        } else if (part != Part.REST && (c == '/' || c == '?' || c == '#')) {
          beginRest();
          rest.append(c);
        } else {
          current().append(c);
        }
      }
    }

    /** What stood in front was no scheme if no authority followed. */
    private void beginRest() {
      if (part == Part.SCHEME) {
        rest.append(scheme);
        scheme.setLength(0);
      }
      part = Part.REST;
    }

    private StringBuilder current() {
      return switch (part) {
        case SCHEME -> scheme;
        case AUTHORITY -> authority;
        case REST -> rest;
      };
    }

    @Override
    public void group(int number) {
      // No pattern is searched for here, so there is nothing a group could hold.
    }

    @Override
    public void variable(String name) {
      String value = request.variable(name);
      if (value == null || value.isEmpty()) {
        return;
      }
      switch (name) {
        case "uri", "document_uri", "request_uri" -> {
          // These begin with a slash, and so does what follows a host.
          if (part != Part.REST) {
            beginRest();
          }
          rest.append(value);
        }
        case "is_args" -> {
          if (part != Part.REST) {
            beginRest();
          }
          rest.append(value);
        }
        case "args", "query_string", "escaped_request_uri" -> appendData(value, value);
        case "scheme", "pass_access_scheme" -> {
          if (part == Part.SCHEME) {
            scheme.append(value);
          } else {
            appendData(value, escaped(value));
          }
        }
        case "host",
            "http_host",
            "best_http_host",
            "subdomain",
            "server_port",
            "pass_port",
            "pass_server_port" -> {
          if (part == Part.AUTHORITY) {
            authority.append(value);
          } else {
            appendData(value, value);
          }
        }
        default -> appendData(value, escaped(value));
      }
    }

    /** A value that can stand in the rest only. */
    private void appendData(String raw, String escaped) {
      if (part != Part.REST) {
        isFaulty = true;
        return;
      }
      rest.append(request.policy() == PathPolicy.STRICT ? escaped : raw);
    }

    private static String escaped(String value) {
      StringBuilder out = new StringBuilder(value.length() + 8);
      UrlText.appendComponent(out, value);
      return out.toString();
    }

    @Nullable Url url() {
      if (part == Part.SCHEME) {
        beginRest();
      }
      String path = UrlText.withoutControls(rest.toString()).replace(" ", "%20");
      if (isFaulty || !HeaderValue.isLegal(path)) {
        return null;
      }
      if (scheme.length() == 0 && authority.length() == 0) {
        // A scheme without slashes, such as javascript:, is none that is known.
        return hasScheme(path) ? null : new Url("", "", path);
      }
      String known = Template.lowerCase(scheme.toString());
      String host = authority.toString();
      boolean isKnown = known.equals("http") || known.equals("https");
      RequestHost parsed = RequestHost.parse(host, PathPolicy.STRICT);
      return isKnown && parsed.refusal() == null && !parsed.name().isEmpty()
          ? new Url(known, host, path)
          : null;
    }

    private static boolean hasScheme(String text) {
      int colon = text.indexOf(':');
      for (int i = 0; i < colon; i++) {
        if ("/?#".indexOf(text.charAt(i)) >= 0) {
          return false;
        }
      }
      return colon >= 0;
    }
  }
}
