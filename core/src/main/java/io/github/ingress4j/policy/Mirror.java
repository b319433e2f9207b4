package io.github.ingress4j.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a copy of each request goes, whose answer nobody waits for.
 *
 * <table>
 *   <caption>What is asked for when the request is {@code POST /a/b?x=1}</caption>
 *   <tr><th>Target</th><th>URL</th></tr>
 *   <tr><td>{@code https://m.shop/c}</td><td>{@code https://m.shop/c?x=1}</td></tr>
 *   <tr><td>{@code https://m.shop$request_uri}</td><td>{@code https://m.shop/a/b?x=1}</td></tr>
 *   <tr><td>{@code https://m.shop/c?$arg_x}</td><td>{@code https://m.shop/c?1}</td></tr>
 *   <tr><td>{@code https://m.shop}</td><td>{@code https://m.shop/_mirror-UID?x=1}, the path that
 *       ingress-nginx keeps for copies</td></tr>
 * </table>
 *
 * <p>Credentials, that is {@code Authorization} and {@code Cookie}, were meant for another service
 * and stay away, as do all fields that only the router may write.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code mirror-target}, {@code mirror-host}
 * and {@code mirror-request-body} of ingress-nginx.
 *
 * @param target the URL
 * @param host the Host to send, or {@code null} for that of the URL
 * @param copiesBody whether the body is copied, too
 * @param source the path of a target without one
 */
public record Mirror(Template target, @Nullable Template host, boolean copiesBody, String source) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code source} does not begin with a slash or holds a
   *     character that no header may hold
   */
  public Mirror {
    Objects.requireNonNull(target, "target");
    if (!source.startsWith("/")) {
      throw new IllegalArgumentException("the path must begin with a slash");
    }
    HeaderValue.require("source", source);
  }

  /**
   * A copy of a request.
   *
   * <p>Immutable and thread-safe.
   *
   * @param method the method, that of the request
   * @param url where it goes: {@code http} or {@code https}, a host, and the target to send
   * @param host the Host to send
   * @param requestHeaders what the client's header fields become
   * @param hasBody whether the body goes along
   */
  public record Copy(
      String method, String url, String host, HeaderEdits requestHeaders, boolean hasBody) {}

  /**
   * Returns the copy of a request.
   *
   * @param request the request
   * @param withheld what else of the client's header fields stays away
   * @return the copy; {@code null} if the target has no host, or the request would name one that it
   *     must not
   */
  public @Nullable Copy copy(CanonicalRequest request, HeaderEdits withheld) {
    UrlTemplate.Url url = new UrlTemplate(target).expand(request);
    if (url == null || url.isRelative()) {
      return null;
    }
    String rest = url.rest();
    if (rest.isEmpty()) {
      rest = source + request.querySuffix();
    } else if (target.isConstant()) {
      rest = rest + request.querySuffix();
    }
    String base = url.scheme() + "://" + url.authority();
    HeaderEdits.Builder edits = SideRequests.withoutForgeries(request);
    SideRequests.withoutCredentials(edits);
    edits.addAll(withheld);
    String sent = host == null ? url.hostName() : host.expand(request);
    return new Copy(
        request.view().method(),
        base + (rest.startsWith("/") ? "" : "/") + rest,
        sent.isEmpty() || !HeaderValue.isLegal(sent) ? url.hostName() : sent,
        SideRequests.build(edits, request.view()),
        copiesBody && request.view().bodyLength() != 0);
  }
}
