package io.github.ingress4j.cli;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.policy.SimpleRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
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

  private static SimpleRequest view(Request request) {
    String target = request.getHttpURI().getPathQuery();
    return SimpleRequest.builder()
        .httpVersion(request.getConnectionMetaData().getHttpVersion().asString().substring(5))
        .method(request.getMethod())
        .hosts(request.getHeaders().getValuesList(HttpHeader.HOST))
        .target(target == null ? "" : target)
        .build();
  }
}
