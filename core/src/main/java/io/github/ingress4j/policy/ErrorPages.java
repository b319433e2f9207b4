package io.github.ingress4j.policy;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The statuses in whose place another back end answers, and what that one is asked.
 *
 * <p>The question is the request itself, with its method and query, for the path {@code /}. The
 * answer goes to the client as it is, with its own status; it is not replaced again.
 *
 * <table>
 *   <caption>What the other back end is told</caption>
 *   <tr><th>Field</th><th>Value</th></tr>
 *   <tr><td>{@code X-Code}</td><td>the status that is replaced</td></tr>
 *   <tr><td>{@code X-Format}</td><td>the client's {@code Accept}</td></tr>
 *   <tr><td>{@code X-Original-URI}</td><td>the target of the request</td></tr>
 *   <tr><td>{@code X-Namespace}, {@code X-Ingress-Name}, {@code X-Service-Name}, {@code
 *       X-Service-Port}</td><td>whose requests these are</td></tr>
 *   <tr><td>{@code X-Request-ID}</td><td>the identifier of the request</td></tr>
 *   <tr><td>{@code X-Forwarded-For}</td><td>the client's address</td></tr>
 * </table>
 *
 * <p>Credentials, that is {@code Authorization} and {@code Cookie}, were meant for another service
 * and stay away, as do all fields that say who the client is and were not written here.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code custom-http-errors} and {@code
 * disable-proxy-intercept-errors} of ingress-nginx.
 *
 * @param statuses the statuses, 300 to 599
 * @param interceptsBackend whether those of the back end are replaced, too; those that the router
 *     makes always are
 * @param namespace the namespace of the Ingress
 * @param ingress the name of the Ingress
 * @param service the Service that the request was for
 * @param port the port of that Service
 */
public record ErrorPages(
    Set<Integer> statuses,
    boolean interceptsBackend,
    String namespace,
    String ingress,
    String service,
    String port) {

  /**
   * Copies the statuses.
   *
   * @throws IllegalArgumentException if one of them is not between 300 and 599, or a text holds a
   *     character that no header may hold
   */
  public ErrorPages {
    statuses = Set.copyOf(new TreeSet<>(statuses));
    for (int status : statuses) {
      if (status < 300 || status > 599) {
        throw new IllegalArgumentException("status " + status + " is not between 300 and 599");
      }
    }
    HeaderValue.require("X-Namespace", namespace);
    HeaderValue.require("X-Ingress-Name", ingress);
    HeaderValue.require("X-Service-Name", service);
    HeaderValue.require("X-Service-Port", port);
  }

  /**
   * What the other back end is asked.
   *
   * <p>Immutable and thread-safe.
   *
   * @param target path and query
   * @param host the Host to send, or {@code null} for none
   * @param requestHeaders what the client's header fields become
   */
  public record Question(String target, @Nullable String host, HeaderEdits requestHeaders) {

    /** Checks that nothing is missing. */
    public Question {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(requestHeaders, "requestHeaders");
    }
  }

  /**
   * Returns whether another back end answers in place of a status.
   *
   * @param status the status
   * @param isOfBackend whether the back end answered it; else the router did
   * @return {@code true} if it is replaced
   */
  public boolean replaces(int status, boolean isOfBackend) {
    return (interceptsBackend || !isOfBackend) && statuses.contains(status);
  }

  /**
   * Returns what the other back end is asked.
   *
   * @param request the request
   * @param status the status to replace
   * @return the question
   */
  public Question question(CanonicalRequest request, int status) {
    HeaderEdits.Builder edits = SideRequests.withoutForgeries(request);
    SideRequests.withoutCredentials(edits);
    SideRequests.setOrClear(edits, "X-Code", Integer.toString(status));
    SideRequests.setOrClear(edits, "X-Format", request.header("accept"));
    SideRequests.setOrClear(edits, "X-Original-URI", request.requestUri());
    SideRequests.setOrClear(edits, "X-Namespace", namespace);
    SideRequests.setOrClear(edits, "X-Ingress-Name", ingress);
    SideRequests.setOrClear(edits, "X-Service-Name", service);
    SideRequests.setOrClear(edits, "X-Service-Port", port);
    SideRequests.setOrClear(edits, "X-Request-ID", request.client().requestId());
    edits.set("X-Forwarded-For", request.client().clientAddress());
    return new Question(
        "/" + request.querySuffix(),
        request.sent() == null && request.client().bestHost(null) == null
            ? null
            : request.bestHost(),
        SideRequests.build(edits, request.view()));
  }

  /**
   * Returns what of an answer that is replaced still reaches the client: how to prove who one is.
   *
   * @param replaced the answer that is replaced
   * @return changes to the header fields of the answer in its place
   */
  public static HeaderEdits kept(ReplyView replaced) {
    List<String> challenges =
        replaced.status() == 401 ? replaced.headers("WWW-Authenticate") : List.of();
    HeaderEdits.Builder edits = HeaderEdits.builder();
    for (String challenge : challenges) {
      if (HeaderValue.isLegal(challenge)) {
        edits.append("WWW-Authenticate", challenge);
      }
    }
    return edits.build();
  }
}
