package io.github.ingress4j.decision;

import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.FixedRedirect;
import io.github.ingress4j.policy.HttpsRedirect;
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
 */
public record RoutePolicies(
    @Nullable SiteRedirect siteRedirect,
    @Nullable AppRoot appRoot,
    @Nullable SlashRedirect slashRedirect,
    @Nullable FixedRedirect redirect,
    @Nullable Rewrite rewrite,
    @Nullable HttpsRedirect httpsRedirect,
    @Nullable StandIn standIn,
    @Nullable Template upstreamHost,
    @Nullable LocalAnswer localAnswer,
    RetryPolicy retries) {

  /** Requests go to the back end as they are, once. */
  public static final RoutePolicies NONE = builder().build();

  /** Checks what is required. */
  public RoutePolicies {
    Objects.requireNonNull(retries, "retries");
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
   * What the router itself answers on a path.
   *
   * @param status the status
   * @param reason why
   * @param explanation why, in words for a person
   */
  public record LocalAnswer(int status, Answer.Reason reason, String explanation) {}

  /** Collects policies. Not thread-safe. */
  public static final class Builder {

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

    private Builder() {}

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
     * Makes the policies.
     *
     * @return the policies
     */
    public RoutePolicies build() {
      return new RoutePolicies(
          siteRedirect,
          appRoot,
          slashRedirect,
          redirect,
          rewrite,
          httpsRedirect,
          standIn,
          upstreamHost,
          localAnswer,
          retries);
    }
  }
}
