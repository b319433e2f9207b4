package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.servlet.IngressTls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Asks the router about the targets that no servlet container can map to a servlet: {@code *} and
 * paths whose encoding is broken. All others go on to the servlet.
 */
final class UnservedTargets extends Handler.Wrapper {

  private final IngressRouter router;

  UnservedTargets(Handler handler, IngressRouter router) {
    super(handler);
    this.router = router;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getCanonicalPath();
    if (path != null && path.startsWith("/")) {
      return super.handle(request, response, callback);
    }
    Decision decision = router.route(view(request));
    if (!(decision instanceof Answer answer)) {
      return super.handle(request, response, callback);
    }
    response.setStatus(answer.status());
    for (Map.Entry<String, List<String>> edit : answer.responseHeaders().asMap().entrySet()) {
      response.getHeaders().put(edit.getKey(), edit.getValue());
    }
    boolean hasBody = answer.status() != 204 && !HttpMethod.HEAD.is(request.getMethod());
    if (hasBody) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    }
    byte[] text = (answer.explanation() + "\n").getBytes(StandardCharsets.UTF_8);
    response.write(true, hasBody ? ByteBuffer.wrap(text) : ByteBuffer.allocate(0), callback);
    return true;
  }

  /**
   * Answers what Jetty refuses: in the words of the router, if it refuses the same. Without a Host
   * nothing is asked, because Jetty may have stopped before it read that far.
   */
  boolean explain(Request request, Response response, Callback callback) {
    String explanation = "";
    if (isTargetUnreadable(request)) {
      explanation =
          "The request target cannot be read: it holds a broken escape or a control character, or it"
              + " leads above the root.";
    } else if (!request.getHeaders().getValuesList(HttpHeader.HOST).isEmpty()
        && router.route(view(request)) instanceof Answer answer
        && answer.status() == response.getStatus()) {
      explanation = answer.explanation();
    }
    return JettyServers.error(request, response, callback, explanation);
  }

  /** Jetty keeps nothing of a target that it cannot take apart. */
  private static boolean isTargetUnreadable(Request request) {
    return request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable refusal
        && refusal.getCause() instanceof IllegalArgumentException
        && "/badMessage".equals(request.getHttpURI().getPath());
  }

  private static SimpleRequest view(Request request) {
    HttpURI uri = request.getHttpURI();
    String target = uri.getPathQuery();
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (uri.getUser() != null || (host != null && isAnother(uri, host))) {
      target = uri.asString();
    } else if (target != null && uri.getFragment() != null) {
      target += "#" + uri.getFragment();
    }
    return SimpleRequest.builder()
        .httpVersion(request.getConnectionMetaData().getHttpVersion().asString().substring(5))
        .method(request.getMethod())
        .hosts(request.getHeaders().getValuesList(HttpHeader.HOST))
        .target(target == null ? "" : target)
        .scheme(request.isSecure() ? "https" : "http")
        .tlsServerName(
            request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
                    instanceof EndPoint.SslSessionData tls
                ? IngressTls.serverName(tls.sslSession())
                : null)
        .build();
  }

  /** Returns whether the target named a host, and another one than the Host header. */
  private static boolean isAnother(HttpURI uri, String host) {
    String authority = uri.getAuthority();
    return authority != null
        && uri.getPathQuery() != null
        && uri.getPathQuery().startsWith("/")
        && !authority.equalsIgnoreCase(host);
  }
}
