package io.github.ingress4j.decision;

import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.FixedRedirect;
import io.github.ingress4j.policy.HttpsRedirect;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.RetryPolicy;
import io.github.ingress4j.policy.Rewrite;
import io.github.ingress4j.policy.SiteRedirect;
import io.github.ingress4j.policy.SlashRedirect;
import io.github.ingress4j.policy.Template;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the requests of a route besides going to its back end, in the order in which it
 * happens: each policy that answers ends the way of the request.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, order of evaluation.
 *
 * @param hostAnswer what the router itself answers on the whole host, because it is closed
 * @param siteRedirect the whole host is another name of a site, and sends its clients there
 * @param appRoot where the root of the host leads
 * @param slashRedirect the path lacks its trailing slash
 * @param redirect the rule sends its clients elsewhere
 * @param rewrite how the path changes on its way to the back end
 * @param httpsRedirect clients that came without TLS are sent to the same place with it
 * @param standIn who takes the requests if the back end has no endpoint
 * @param upstreamHost the Host to send, in place of the client's
 * @param localAnswer what the router itself answers on this path
 * @param retries which failed attempts are repeated
 * @param bodyLimit how long a body may be
 * @param cors which scripts of other sites may read answers, or {@code null}
 * @param access who may pass
 * @param reply what changes in answers
 * @param errorBackend who answers in place of errors, or {@code null}
 * @param mirror who receives copies of the requests, or {@code null}
 * @param transport how to talk to the back end, or {@code null} as the upstream says
 * @param secureTransport how to talk to it for a request that came with TLS, or {@code null} as for
 *     all others
 */
public record RoutePolicies(
    @Nullable LocalAnswer hostAnswer,
    @Nullable SiteRedirect siteRedirect,
    @Nullable AppRoot appRoot,
    @Nullable SlashRedirect slashRedirect,
    @Nullable FixedRedirect redirect,
    @Nullable Rewrite rewrite,
    @Nullable HttpsRedirect httpsRedirect,
    @Nullable StandIn standIn,
    @Nullable Template upstreamHost,
    @Nullable LocalAnswer localAnswer,
    RetryPolicy retries,
    BodyLimit bodyLimit,
    @Nullable Cors cors,
    AccessPolicies access,
    ReplyPolicies reply,
    @Nullable ErrorBackend errorBackend,
    @Nullable Mirror mirror,
    @Nullable TransportSettings transport,
    @Nullable TransportSettings secureTransport) {

  /** Requests go to the back end as they are, once. */
  public static final RoutePolicies NONE = builder().build();

  /** Checks what is required. */
  public RoutePolicies {
    Objects.requireNonNull(retries, "retries");
    Objects.requireNonNull(bodyLimit, "bodyLimit");
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(reply, "reply");
  }

  /**
   * Returns a builder that begins with {@link #NONE}.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns a builder that begins with these policies.
   *
   * @return the builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.hostAnswer = hostAnswer;
    builder.siteRedirect = siteRedirect;
    builder.appRoot = appRoot;
    builder.slashRedirect = slashRedirect;
    builder.redirect = redirect;
    builder.rewrite = rewrite;
    builder.httpsRedirect = httpsRedirect;
    builder.standIn = standIn;
    builder.upstreamHost = upstreamHost;
    builder.localAnswer = localAnswer;
    builder.retries = retries;
    builder.bodyLimit = bodyLimit;
    builder.cors = cors;
    builder.access = access;
    builder.reply = reply;
    builder.errorBackend = errorBackend;
    builder.mirror = mirror;
    builder.transport = transport;
    builder.secureTransport = secureTransport;
    return builder;
  }

  /**
   * Who takes the requests of a back end without endpoints.
   *
   * @param backend the Service's port
   * @param upstream its endpoints, at least one
   * @param namespace the namespace of the Ingress
   * @param ingress the name of the Ingress
   * @param service the Service that has no endpoint
   * @param port the port of that Service
   */
  public record StandIn(
      Backend.ServicePort backend,
      Upstream upstream,
      String namespace,
      String ingress,
      String service,
      String port) {}

  /**
   * What the router itself answers on a path or a host.
   *
   * @param status the status
   * @param reason why
   * @param explanation why, in words for a person
   */
  public record LocalAnswer(int status, Answer.Reason reason, String explanation) {}

  /**
   * Who answers in place of errors.
   *
   * @param pages which errors
   * @param backend the Service's port; {@code null} for the router itself, which answers 404 in
   *     place of all of them
   * @param upstream its endpoints; {@code null} for the router itself
   */
  public record ErrorBackend(
      ErrorPages pages, Backend.@Nullable ServicePort backend, @Nullable Upstream upstream) {

    /**
     * Checks that there are both or neither.
     *
     * @throws IllegalArgumentException if only one of back end and upstream is given
     */
    public ErrorBackend {
      if ((backend == null) != (upstream == null)) {
        throw new IllegalArgumentException("a back end for errors has its endpoints, and no other");
      }
    }

    /**
     * Has the router itself answer, with 404.
     *
     * @param pages which errors
     */
    public ErrorBackend(ErrorPages pages) {
      this(pages, null, null);
    }
  }

  /** Collects policies. Not thread-safe. */
  public static final class Builder {

    private @Nullable LocalAnswer hostAnswer;
    private @Nullable SiteRedirect siteRedirect;
    private @Nullable AppRoot appRoot;
    private @Nullable SlashRedirect slashRedirect;
    private @Nullable FixedRedirect redirect;
    private @Nullable Rewrite rewrite;
    private @Nullable HttpsRedirect httpsRedirect;
    private @Nullable StandIn standIn;
    private @Nullable Template upstreamHost;
    private @Nullable LocalAnswer localAnswer;
    private RetryPolicy retries = RetryPolicy.NEVER;
    private BodyLimit bodyLimit = BodyLimit.NONE;
    private @Nullable Cors cors;
    private AccessPolicies access = AccessPolicies.NONE;
    private ReplyPolicies reply = ReplyPolicies.NONE;
    private @Nullable ErrorBackend errorBackend;
    private @Nullable Mirror mirror;
    private @Nullable TransportSettings transport;
    private @Nullable TransportSettings secureTransport;

    private Builder() {}

    /**
     * Sets what the router itself answers on the whole host.
     *
     * @param value the value, or {@code null}
     * @return this builder
     */
    public Builder hostAnswer(@Nullable LocalAnswer value) {
      hostAnswer = value;
      return this;
    }

    /**
     * Sets where the whole host leads.
     *
     * @param value the redirect, or {@code null}
     * @return this builder
     */
    public Builder siteRedirect(@Nullable SiteRedirect value) {
      siteRedirect = value;
      return this;
    }

    /**
     * Sets where the root of the host leads.
     *
     * @param value the redirect, or {@code null}
     * @return this builder
     */
    public Builder appRoot(@Nullable AppRoot value) {
      appRoot = value;
      return this;
    }

    /**
     * Sets the redirect of a path without its trailing slash.
     *
     * @param value the redirect, or {@code null}
     * @return this builder
     */
    public Builder slashRedirect(@Nullable SlashRedirect value) {
      slashRedirect = value;
      return this;
    }

    /**
     * Sets where the rule sends its clients.
     *
     * @param value the redirect, or {@code null}
     * @return this builder
     */
    public Builder redirect(@Nullable FixedRedirect value) {
      redirect = value;
      return this;
    }

    /**
     * Sets how the path changes.
     *
     * @param value the rewrite, or {@code null}
     * @return this builder
     */
    public Builder rewrite(@Nullable Rewrite value) {
      rewrite = value;
      return this;
    }

    /**
     * Sets the redirect to TLS.
     *
     * @param value the redirect, or {@code null}
     * @return this builder
     */
    public Builder httpsRedirect(@Nullable HttpsRedirect value) {
      httpsRedirect = value;
      return this;
    }

    /**
     * Sets who stands in for a back end without endpoints.
     *
     * @param value the stand-in, or {@code null}
     * @return this builder
     */
    public Builder standIn(@Nullable StandIn value) {
      standIn = value;
      return this;
    }

    /**
     * Sets the Host to send.
     *
     * @param value the text, or {@code null} for the client's
     * @return this builder
     */
    public Builder upstreamHost(@Nullable Template value) {
      upstreamHost = value;
      return this;
    }

    /**
     * Sets what the router itself answers.
     *
     * @param value the answer, or {@code null}
     * @return this builder
     */
    public Builder localAnswer(@Nullable LocalAnswer value) {
      localAnswer = value;
      return this;
    }

    /**
     * Sets which failed attempts are repeated.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder retries(RetryPolicy value) {
      retries = Objects.requireNonNull(value, "retries");
      return this;
    }

    /**
     * Sets how long a body may be.
     *
     * @param value the value
     * @return this builder
     */
    public Builder bodyLimit(BodyLimit value) {
      bodyLimit = Objects.requireNonNull(value, "bodyLimit");
      return this;
    }

    /**
     * Sets which scripts of other sites may read answers.
     *
     * @param value the value, or {@code null}
     * @return this builder
     */
    public Builder cors(@Nullable Cors value) {
      cors = value;
      return this;
    }

    /**
     * Sets who may pass.
     *
     * @param value the value
     * @return this builder
     */
    public Builder access(AccessPolicies value) {
      access = Objects.requireNonNull(value, "access");
      return this;
    }

    /**
     * Sets what changes in answers.
     *
     * @param value the value
     * @return this builder
     */
    public Builder reply(ReplyPolicies value) {
      reply = Objects.requireNonNull(value, "reply");
      return this;
    }

    /**
     * Sets who answers in place of errors.
     *
     * @param value the value, or {@code null}
     * @return this builder
     */
    public Builder errorBackend(@Nullable ErrorBackend value) {
      errorBackend = value;
      return this;
    }

    /**
     * Sets who receives copies of the requests.
     *
     * @param value the value, or {@code null}
     * @return this builder
     */
    public Builder mirror(@Nullable Mirror value) {
      mirror = value;
      return this;
    }

    /**
     * Sets how to talk to the back end.
     *
     * @param value the value, or {@code null}
     * @return this builder
     */
    public Builder transport(@Nullable TransportSettings value) {
      transport = value;
      return this;
    }

    /**
     * Sets how to talk to the back end for a request that came with TLS.
     *
     * @param value the value, or {@code null} as for all others
     * @return this builder
     */
    public Builder secureTransport(@Nullable TransportSettings value) {
      secureTransport = value;
      return this;
    }

    /**
     * Makes the policies.
     *
     * @return the policies
     */
    public RoutePolicies build() {
      return new RoutePolicies(
          hostAnswer,
          siteRedirect,
          appRoot,
          slashRedirect,
          redirect,
          rewrite,
          httpsRedirect,
          standIn,
          upstreamHost,
          localAnswer,
          retries,
          bodyLimit,
          cors,
          access,
          reply,
          errorBackend,
          mirror,
          transport,
          secureTransport);
    }
  }
}
