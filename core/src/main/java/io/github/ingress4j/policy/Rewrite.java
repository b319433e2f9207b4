package io.github.ingress4j.policy;

import io.github.ingress4j.routing.DecodedPath;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the path of a request by a text that may use what the path's pattern captured.
 *
 * <table>
 *   <caption>The pattern {@code /app(/|$)(.*)} and the target {@code /$2}</caption>
 *   <tr><th>Request</th><th>{@link PathPolicy#STRICT}</th><th>{@link PathPolicy#NGINX}</th></tr>
 *   <tr><td>{@code /app/x?q=1}</td><td>{@code /x?q=1}</td><td>{@code /x?q=1}</td></tr>
 *   <tr><td>{@code /app/a%2Fb}</td><td>{@code /a%2Fb}</td><td>{@code /a/b}</td></tr>
 *   <tr><td>{@code /app/a%20b%C3%A9}</td><td>{@code /a%20b%C3%A9}</td><td>{@code /a%20b%C3%A9}</td>
 *       </tr>
 *   <tr><td>{@code /app/[x]%2B}</td><td>refused before</td><td>{@code /[x]+}</td></tr>
 *   <tr><td>{@code /app/$1}</td><td>{@code /$1}</td><td>{@code /$1}</td></tr>
 * </table>
 *
 * <p>The pattern is searched in the decoded path. Under NGINX a capture is the decoded text and the
 * whole result is escaped again, as nginx does it. Under STRICT a capture is the span of the
 * canonical path behind it, inserted as it stands; empty segments are merged, and a result with a
 * dot segment in any reading, without a slash in front, or that is otherwise no canonical path is
 * refused. The query follows unchanged; a bare question mark is lost.
 *
 * <p>A target that begins with {@code http://}, {@code https://} or {@code $scheme} sends the
 * client there instead. Under STRICT its host can come from the text and from the validated host of
 * the request only.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code rewrite-target} and {@code
 * x-forwarded-prefix} of ingress-nginx; hardening SEC-20 to SEC-22.
 *
 * @param pattern what is searched for, not anchored and without regard to case
 * @param target the new path, or a URL to redirect to
 * @param forwardedPrefix the value of {@code X-Forwarded-Prefix}, or {@code null}
 * @param policy how captures are inserted
 */
public record Rewrite(
    PcrePattern pattern, Template target, @Nullable Template forwardedPrefix, PathPolicy policy) {

  /** What becomes of a request. */
  public sealed interface Outcome {}

  /**
   * It goes on with another target.
   *
   * @param target the target to send, with the query
   * @param forwardedPrefix the value of {@code X-Forwarded-Prefix}; {@code null} if there is none
   *     or it is empty
   */
  public record Rewritten(String target, @Nullable String forwardedPrefix) implements Outcome {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if the target could end a request line, or the prefix a
     *     header
     */
    public Rewritten {
      for (int i = 0; i < target.length(); i++) {
        char c = target.charAt(i);
        if (c <= ' ' || c == 0x7F || c > 0xFF) {
          throw new IllegalArgumentException(
              "the target holds a character that no request line may hold, at index " + i);
        }
      }
      if (forwardedPrefix != null) {
        HeaderValue.require("X-Forwarded-Prefix", forwardedPrefix);
      }
    }
  }

  /**
   * The client is sent elsewhere.
   *
   * @param status always 302
   * @param location the value of {@code Location}
   */
  public record Moved(int status, String location) implements Outcome {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException as {@link Redirection} does
     */
    public Moved {
      Redirection.requireStatus(status);
      HeaderValue.require("Location", location);
    }
  }

  /**
   * The request cannot be rewritten. If the budget is spent, that is why.
   *
   * @param status the status to answer with, 400 or 500
   * @param explanation one or two sentences for a person, without text of the request
   */
  public record Refused(int status, String explanation) implements Outcome {}

  static final int FOUND = 302;

  /** Checks that nothing is missing. */
  public Rewrite {
    Objects.requireNonNull(pattern, "pattern");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(policy, "policy");
  }

  /**
   * Returns whether a target sends the client elsewhere instead of a path to the back end.
   *
   * @param target the text of the target
   * @return {@code true} for one that begins with a scheme or {@code $scheme}, in lower case
   */
  public static boolean isAbsolute(String target) {
    return target.startsWith("http://")
        || target.startsWith("https://")
        || target.startsWith("$scheme");
  }

  /**
   * Rewrites a request.
   *
   * @param request the request, accepted by the same policy; under STRICT its decoded path is
   *     normal
   * @param budget what the search may cost
   * @return what becomes of it
   */
  public Outcome apply(CanonicalRequest request, RegexBudget budget) {
    DecodedPath decoded = request.target().decoded();
    String text = decoded.text();
    PcrePattern.Captures captures = pattern.find(text, 0, text.length(), budget);
    if (captures == null && budget.isSpent()) {
      return new Refused(400, "The path takes too long to compare with the rule's pattern.");
    }
    return policy == PathPolicy.STRICT
        ? new StrictRewriting(this, request, decoded, captures).outcome()
        : new NginxRewriting(this, request, text, captures).outcome();
  }

  boolean isRedirect() {
    return isAbsolute(target.text());
  }

  /** The name of a group of the pattern for a name in lower case, or null. */
  @Nullable String groupNamed(String name) {
    for (String group : pattern.groupNames()) {
      if (Template.lowerCase(group).equals(name)) {
        return group;
      }
    }
    return null;
  }
}
