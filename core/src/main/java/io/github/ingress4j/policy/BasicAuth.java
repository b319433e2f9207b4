package io.github.ingress4j.policy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks clients for a user and a password.
 *
 * <table>
 *   <caption>What a request brings</caption>
 *   <tr><th>Authorization</th><th>Credentials</th></tr>
 *   <tr><td>{@code Basic YWxpY2U6c2VjcmV0}, {@code basic   YWxpY2U6c2VjcmV0}</td>
 *       <td>{@code alice} with her password</td></tr>
 *   <tr><td>none, two lines, another scheme, no base64, no colon, no user</td><td>none: 401 with
 *       the challenge</td></tr>
 * </table>
 *
 * <p>The realm {@code off}, spelt so, switches the check off, as it does in nginx.
 *
 * <p>Immutable and thread-safe. Sources: the annotations {@code auth-type}, {@code auth-realm} and
 * {@code auth-secret} of ingress-nginx, RFC 7617.
 */
public final class BasicAuth {

  private final String realm;
  private final Passwords passwords;
  private final HeaderEdits challenge;

  private static final HeaderEdits WITHOUT_AUTHORIZATION =
      HeaderEdits.builder().remove("Authorization").build();

  /**
   * Makes a check.
   *
   * @param realm what the client is told it needs a password for; may be empty
   * @param passwords who may pass
   * @throws IllegalArgumentException if {@code realm} holds a control character
   */
  public BasicAuth(String realm, Passwords passwords) {
    this.realm = realm;
    this.passwords = Objects.requireNonNull(passwords, "passwords");
    this.challenge =
        HeaderEdits.builder()
            .set("WWW-Authenticate", "Basic realm=\"" + quoted(UrlText.octets(realm)) + "\"")
            .build();
  }

  /** What stands between the quotes of a quoted-string, RFC 9110 section 5.6.4. */
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }

  /**
   * Returns whether anything is asked at all.
   *
   * @return {@code false} if the realm is {@code off}
   */
  public boolean isEnabled() {
    return !realm.equals("off");
  }

  /**
   * Returns what the client is told that it needs a password for.
   *
   * @return the realm, may be empty
   */
  public String realm() {
    return realm;
  }

  /**
   * Returns who may pass.
   *
   * @return the users and their passwords
   */
  public Passwords passwords() {
    return passwords;
  }

  /**
   * Returns what a request says of its sender. The caller clears it after use.
   *
   * @param request the request
   * @return user and password, or {@code null} if there are none that can be read
   */
  public @Nullable Credentials credentials(CanonicalRequest request) {
    List<String> lines = request.view().headers("Authorization");
    return lines.size() == 1 ? Credentials.parse(lines.get(0)) : null;
  }

  /**
   * Returns the header of the answer 401.
   *
   * @return such as {@code WWW-Authenticate: Basic realm="staff"}
   */
  public HeaderEdits challenge() {
    return challenge;
  }

  /**
   * Returns what changes on the request to the back end: passwords end here, whether or not the
   * check is {@linkplain #isEnabled enabled}.
   *
   * @return the removal of {@code Authorization}
   */
  public HeaderEdits requestHeaders() {
    return WITHOUT_AUTHORIZATION;
  }

  /**
   * Names the realm and nothing secret.
   *
   * @return such as {@code BasicAuth[staff, 3 users]}
   */
  @Override
  public String toString() {
    return "BasicAuth[" + realm + ", " + passwords + "]";
  }

  /** Equal are checks of the same passwords for the same realm. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BasicAuth that
        && realm.equals(that.realm)
        && passwords.equals(that.passwords);
  }

  @Override
  public int hashCode() {
    return Objects.hash(realm, passwords);
  }
}
