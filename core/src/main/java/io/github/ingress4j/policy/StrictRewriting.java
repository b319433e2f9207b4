package io.github.ingress4j.policy;

import io.github.ingress4j.routing.DecodedPath;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * One rewriting under STRICT: on the canonical path, with the result checked.
 *
 * <pre>
 *   canonical  /app/a%2Fb;v=1        what is forwarded and inserted
 *                   |____|
 *   decoded    /app/a/b;v=1          what the pattern sees
 *                   |__|   $1        a span of the text below is a span of the text above
 * </pre>
 *
 * <p>In a URL to redirect to, whatever a client can shape has to come behind the host: it must
 * begin with a slash or a question mark if nothing else ended the host before.
 */
final class StrictRewriting implements Template.Sink {

  private final Rewrite rewrite;
  private final CanonicalRequest request;
  private final PcrePattern.@Nullable Captures captures;

  private final DecodedPath decoded;
  private final String path;
  private final StringBuilder out = new StringBuilder();
  private @Nullable String fault;

  /** Whether the text begins with the scheme and the host of a URL. */
  private boolean isUrl;

  StrictRewriting(
      Rewrite rewrite,
      CanonicalRequest request,
      DecodedPath decoded,
      PcrePattern.@Nullable Captures captures) {
    this.rewrite = rewrite;
    this.request = request;
    this.captures = captures;
    this.decoded = decoded;
    this.path = request.target().path();
  }

  /** What becomes of the request. */
  Rewrite.Outcome outcome() {
    if (captures == null) {
      return rewritten(request.target().forwardTarget());
    }
    isUrl = rewrite.isRedirect();
    rewrite.target().each(this);
    if (isUrl) {
      return moved();
    }
    String result = canonical(out.toString());
    return result == null ? refused() : rewritten(result + request.querySuffix());
  }

  private Rewrite.Outcome rewritten(String newTarget) {
    isUrl = false;
    String prefix = null;
    if (rewrite.forwardedPrefix() != null) {
      out.setLength(0);
      rewrite.forwardedPrefix().each(this);
      String text = out.toString();
      // What the manifest says literally is the operator's; what a request can shape is held to
      // the form of a path.
      prefix = rewrite.forwardedPrefix().isConstant() || text.isEmpty() ? text : canonical(text);
      if (prefix == null || fault != null) {
        return refused();
      }
    }
    return new Rewrite.Rewritten(newTarget, prefix == null || prefix.isEmpty() ? null : prefix);
  }

  private Rewrite.Refused refused() {
    return new Rewrite.Refused(
        400, fault != null ? fault : "The rule rewrites this path to one that is refused.");
  }

  /** The path with empty segments merged; null with a fault if it is none. */
  private @Nullable String canonical(String text) {
    if (fault != null) {
      return null;
    }
    if (!text.startsWith("/")) {
      fault = "The rule rewrites this path to one without a slash in front.";
      return null;
    }
    if (UrlText.hidesDotSegment(text)) {
      fault = "The rule rewrites this path to one with a dot segment, plain or in disguise.";
      return null;
    }
    RequestTarget parsed = RequestTarget.parse(text, PathPolicy.STRICT);
    if (parsed.refusal() != null || parsed.query() != null) {
      fault = "The rule rewrites this path to one that would be refused in a request.";
      return null;
    }
    return parsed.path();
  }

  private Rewrite.Outcome moved() {
    String location = out.toString();
    int host = location.indexOf("://") + "://".length();
    if (fault == null && !isTyped(location)) {
      fault = "The rule sends this request to a URL that is not http or https.";
    }
    if (fault != null) {
      return refused();
    }
    int pathStart = hostEnd(location, host);
    int query = location.indexOf('?', pathStart);
    String authority = location.substring(host, pathStart);
    String newPath = location.substring(pathStart, query < 0 ? location.length() : query);
    if (RequestHost.parse(authority, PathPolicy.STRICT).refusal() != null) {
      return new Rewrite.Refused(400, "The rule sends this request to a URL without a valid host.");
    }
    if (!newPath.isEmpty() && canonical(newPath) == null) {
      return refused();
    }
    return new Rewrite.Moved(Rewrite.FOUND, location + request.querySuffix());
  }

  private static boolean isTyped(String location) {
    return location.startsWith("http://") || location.startsWith("https://");
  }

  private static int hostEnd(String location, int start) {
    int end = start;
    while (end < location.length() && "/?".indexOf(location.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** Whether what comes next would stand in the scheme or the host of a URL. */
  private boolean isBeforePath() {
    if (!isUrl) {
      return false;
    }
    String text = out.toString();
    return !isTyped(text) || hostEnd(text, text.indexOf("://") + 3) == text.length();
  }

  /** Appends what the client can shape. */
  private void data(String text) {
    boolean endsHost = text.startsWith("/") || text.startsWith("?");
    if (!text.isEmpty() && isBeforePath() && !(endsHost && isTyped(out.toString()))) {
      fault = "The rule would let this request name the host that it is sent to.";
    }
    out.append(text);
  }

  @Override
  public void literal(String text) {
    if (isBeforePath()) {
      // Checked as a whole when it is complete.
      int slash = text.startsWith("http") || text.startsWith("://") ? text.indexOf("://") + 3 : 0;
      int end = hostEnd(text, slash);
      out.append(text, 0, end);
      UrlText.appendStrict(out, text.substring(end));
    } else {
      UrlText.appendStrict(out, text);
    }
  }

  @Override
  public void group(int number) {
    if (captures != null && captures.has(number)) {
      data(span(captures.start(number), captures.end(number)));
    }
  }

  private String span(int start, int end) {
    return path.substring(decoded.originOf(start), decoded.originOf(end));
  }

  @Override
  public void variable(String name) {
    String group = rewrite.groupNamed(name);
    if (group != null) {
      named(group);
      return;
    }
    String value = request.variable(name);
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (name) {
      case "uri", "document_uri" -> data(value);
      case "scheme", "host", "subdomain", "http_host", "best_http_host", "server_port" -> {
        if (isBeforePath()) {
          out.append(value);
        } else {
          UrlText.appendStrict(out, value);
        }
      }
      case "request_uri", "args", "query_string", "is_args" -> {
        if (isUrl) {
          data(value);
        } else {
          UrlText.appendStrict(out, value);
        }
      }
      default -> {
        StringBuilder escaped = new StringBuilder();
        UrlText.appendStrict(escaped, value);
        data(escaped.toString());
      }
    }
  }

  /** A named group, found among the numbered ones by what it captured. */
  private void named(String group) {
    String value = captures == null ? null : captures.group(group);
    if (captures == null || value == null) {
      return;
    }
    String found = null;
    for (int number = 1; number <= rewrite.pattern().groupCount(); number++) {
      if (!value.equals(captures.group(number))) {
        continue;
      }
      String span = span(captures.start(number), captures.end(number));
      if (found != null && !found.equals(span)) {
        fault = "Two parts of this path are spelt differently and read the same.";
      }
      found = span;
    }
    if (found != null) {
      data(found);
    }
  }
}
