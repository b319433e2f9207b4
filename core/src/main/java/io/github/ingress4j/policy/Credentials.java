package io.github.ingress4j.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A user and the password that a client sent for it. It has no printable form of either, and
 * equality is identity.
 *
 * <p>Whoever asked for it {@linkplain #clear clears} it after use. Not thread-safe against that
 * call. Source: RFC 7617.
 */
public final class Credentials {

  private static final String SCHEME = "Basic ";

  private final byte[] user;
  private final byte[] password;

  private Credentials(byte[] user, byte[] password) {
    this.user = user;
    this.password = password;
  }

  /**
   * Makes credentials from texts, for tests and tools.
   *
   * @param user the user, not empty and without a colon
   * @param password the password
   * @return the credentials, both encoded in UTF-8
   * @throws IllegalArgumentException if {@code user} is empty or holds a colon
   */
  public static Credentials of(String user, String password) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user is not empty and holds no colon");
    }
    return new Credentials(
        user.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the value of an {@code Authorization} line as nginx does: the scheme in any letter case,
   * blanks, and base64 up to its padding.
   *
   * @return {@code null} if the scheme is another one, if this is no base64, if there is no user,
   *     and if there is a byte 0, behind which a hash function of C would not look
   */
  static @Nullable Credentials parse(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    int start = SCHEME.length();
    while (start < authorization.length() && authorization.charAt(start) == ' ') {
      start++;
    }
    int padding = authorization.indexOf('=', start);
    String encoded = authorization.substring(start, padding < 0 ? authorization.length() : padding);
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = indexOf(decoded, (byte) ':');
    Credentials credentials =
        colon <= 0 || indexOf(decoded, (byte) 0) >= 0
            ? null
            : new Credentials(
                Arrays.copyOf(decoded, colon),
                Arrays.copyOfRange(decoded, colon + 1, decoded.length));
    Arrays.fill(decoded, (byte) 0);
    return credentials;
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The user, one character a byte. */
  String user() {
    return new String(user, StandardCharsets.ISO_8859_1);
  }

  /** The bytes of the password; not a copy. */
  byte[] password() {
    return password;
  }

  /** Overwrites the password. The credentials are of no use from then on. */
  public void clear() {
    Arrays.fill(password, (byte) 0);
  }

  /**
   * Says what this is and nothing that it holds.
   *
   * @return always the same text
   */
  @Override
  public String toString() {
    return "Credentials";
  }
}
