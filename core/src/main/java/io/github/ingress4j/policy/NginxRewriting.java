package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PcrePattern;
import org.jspecify.annotations.Nullable;

/**
 * One rewriting under NGINX, byte for byte as nginx does it.
 *
 * <pre>
 *   for a back end    captures, variables and text as they are   then the whole escaped
 *   for a redirect    captures escaped as arguments, if the path as received had % or +
 *                     variables and text as they are             then unescaped up to a "?"
 * </pre>
 */
final class NginxRewriting implements Template.Sink {

  private final Rewrite rewrite;
  private final CanonicalRequest request;
  private final PcrePattern.@Nullable Captures captures;

  private final String path;
  private final StringBuilder out = new StringBuilder();
  private boolean escapesCaptures;

  /** What {@code $uri} is: the path, and once it was replaced the new one. */
  private String uri;

  NginxRewriting(
      Rewrite rewrite,
      CanonicalRequest request,
      String path,
      PcrePattern.@Nullable Captures captures) {
    this.rewrite = rewrite;
    this.request = request;
    this.captures = captures;
    this.path = path;
    this.uri = path;
  }

  /** What becomes of the request. */
  Rewrite.Outcome outcome() {
    if (captures == null) {
      return rewritten(request.target().forwardTarget());
    }
    if (rewrite.isRedirect()) {
      String raw = request.requestUri();
      int query = raw.indexOf('?');
      String rawPath = query < 0 ? raw : raw.substring(0, query);
      escapesCaptures = rawPath.indexOf('%') >= 0 || rawPath.indexOf('+') >= 0;
      rewrite.target().each(this);
      String location = UrlText.unescapeRedirect(out.toString()) + request.querySuffix();
      return HeaderValue.isLegal(location) && location.indexOf('\t') < 0
          ? new Rewrite.Moved(Rewrite.FOUND, location)
          : controls("Location");
    }
    rewrite.target().each(this);
    if (out.length() == 0) {
      return new Rewrite.Refused(500, "The rule rewrites this path to nothing.");
    }
    uri = out.toString();
    StringBuilder escaped = new StringBuilder(uri.length() + 16);
    UrlText.appendNginxPath(escaped, uri);
    return rewritten(escaped.append(request.querySuffix()).toString());
  }

  /** With {@code X-Forwarded-Prefix}, which nginx expands after the path was replaced. */
  private Rewrite.Outcome rewritten(String newTarget) {
    if (rewrite.forwardedPrefix() == null) {
      return new Rewrite.Rewritten(newTarget, null);
    }
    out.setLength(0);
    rewrite.forwardedPrefix().each(this);
    String prefix = out.toString();
    return HeaderValue.isLegal(prefix)
        ? new Rewrite.Rewritten(newTarget, prefix.isEmpty() ? null : prefix)
        : controls("X-Forwarded-Prefix");
  }

  private Rewrite.Refused controls(String header) {
    return new Rewrite.Refused(
        400, "The path holds control characters that would stand in the header " + header + ".");
  }

  @Override
  public void literal(String text) {
    out.append(text);
  }

  @Override
  public void group(int number) {
    if (captures == null || !captures.has(number)) {
      return;
    }
    String text = path.substring(captures.start(number), captures.end(number));
    if (escapesCaptures) {
      UrlText.appendNginxArgument(out, text);
    } else {
      out.append(text);
    }
  }

  @Override
  public void variable(String name) {
    String group = rewrite.groupNamed(name);
    String value =
        group == null || captures == null
            ? name.equals("uri") || name.equals("document_uri") ? uri : request.variable(name)
            : captures.group(group);
    // A named group is a variable, and of those nginx escapes none.
    out.append(value == null ? "" : value);
  }
}
