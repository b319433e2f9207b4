package io.github.ingress4j.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.apache.commons.codec.digest.UnixCrypt;
import org.jspecify.annotations.Nullable;

/**
 * The hash of one password, and how to tell whether a password is the one.
 *
 * <p>Each function makes the text of a hash from a password and the salt in the text that is kept;
 * the two are compared without regard to where they differ.
 *
 * <p>Immutable and thread-safe. It has no printable form.
 */
final class PasswordHash {

  /** Matches no password. */
  static final PasswordHash NONE = new PasswordHash(new byte[0], Kind.NONE);

  private static final Pattern MD5 =
      Pattern.compile("\\$(1|apr1)\\$[./a-zA-Z0-9]{1,8}\\$[./a-zA-Z0-9]{22}");
  private static final Pattern SHA256 =
      Pattern.compile("\\$5\\$(?:rounds=([0-9]{1,9})\\$)?[./a-zA-Z0-9]{1,16}\\$[./a-zA-Z0-9]{43}");
  private static final Pattern SHA512 =
      Pattern.compile("\\$6\\$(?:rounds=([0-9]{1,9})\\$)?[./a-zA-Z0-9]{1,16}\\$[./a-zA-Z0-9]{86}");
  private static final Pattern DES = Pattern.compile("[./a-zA-Z0-9]{13}");

  private static final String PLAIN = "{PLAIN}";
  private static final String SHA = "{SHA}";
  private static final String SALTED_SHA = "{SSHA}";
  private static final int SHA_LENGTH = 20;

  /** As for the function of C, whose cost grows with the square of the length. */
  private static final int LONGEST_FOR_SHA_CRYPT = 256;

  private static final int FEWEST_ROUNDS = 1000;

  /** About a second of work; who may write the file may not stop the router. */
  private static final int MOST_ROUNDS = 1_000_000;

  private enum Kind {
    NONE,
    PLAIN,
    SHA,
    SALTED_SHA,
    MD5,
    APR1,
    SHA256_CRYPT,
    SHA512_CRYPT,
    BCRYPT,
    DES
  }

  /** A hash, or why a text is none. */
  sealed interface Result {}

  record Usable(PasswordHash hash) implements Result {}

  /** The message quotes nothing. */
  record Unusable(String message) implements Result {}

  private final byte[] text;
  private final Kind kind;

  private PasswordHash(byte[] text, Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  /** Reads the text of a hash, which is kept. */
  static Result parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith(PLAIN)) {
      return usable(bytes, Kind.PLAIN);
    }
    if (text.startsWith(SALTED_SHA)) {
      return base64(bytes, text.substring(SALTED_SHA.length()), Kind.SALTED_SHA);
    }
    if (text.startsWith(SHA)) {
      return base64(bytes, text.substring(SHA.length()), Kind.SHA);
    }
    if (text.startsWith("$2")) {
      String fault = Bcrypt.faultIn(text);
      return fault == null ? usable(bytes, Kind.BCRYPT) : new Unusable(fault);
    }
    if (text.startsWith("$apr1$") || text.startsWith("$1$")) {
      return MD5.matcher(text).matches()
          ? usable(bytes, text.startsWith("$1$") ? Kind.MD5 : Kind.APR1)
          : new Unusable("The hash is no complete MD5 hash.");
    }
    if (text.startsWith("$5$")) {
      return shaCrypt(bytes, SHA256.matcher(text), Kind.SHA256_CRYPT);
    }
    if (text.startsWith("$6$")) {
      return shaCrypt(bytes, SHA512.matcher(text), Kind.SHA512_CRYPT);
    }
    if (DES.matcher(text).matches()) {
      return usable(bytes, Kind.DES);
    }
    return new Unusable(
        "The hash is of no known kind: use bcrypt, as \"htpasswd -B\" does; a password without a"
            + " hash needs {PLAIN} in front.");
  }

  private static Result usable(byte[] bytes, Kind kind) {
    return new Usable(new PasswordHash(bytes, kind));
  }

  private static Result base64(byte[] bytes, String encoded, Kind kind) {
    try {
      byte[] decoded = Base64.getDecoder().decode(encoded);
      boolean isLongEnough =
          kind == Kind.SHA ? decoded.length == SHA_LENGTH : decoded.length >= SHA_LENGTH;
      if (isLongEnough && Base64.getEncoder().encodeToString(decoded).equals(encoded)) {
        return usable(bytes, kind);
      }
    } catch (IllegalArgumentException e) {
      // The answer is the same as for a wrong length.
    }
    return new Unusable("What follows the braces is no SHA-1 hash in base64.");
  }

  private static Result shaCrypt(byte[] bytes, Matcher matcher, Kind kind) {
    if (!matcher.matches()) {
      return new Unusable("The hash is no complete SHA hash.");
    }
    String rounds = matcher.group(1);
    if (rounds != null) {
      int count = Integer.parseInt(rounds);
      if (count < FEWEST_ROUNDS || rounds.startsWith("0")) {
        return new Unusable("The hash claims fewer than 1000 rounds, which no password matches.");
      }
      if (count > MOST_ROUNDS) {
        return new Unusable("The hash takes more than 1000000 rounds.");
      }
    }
    return usable(bytes, kind);
  }

  /** Whether a password is the one; the bytes stay as they are. */
  boolean matches(byte[] password) {
    return switch (kind) {
      case NONE -> false;
      case PLAIN -> isEqual(password, Arrays.copyOfRange(text, PLAIN.length(), text.length));
      case SHA -> isSha(password, SHA.length());
      case SALTED_SHA -> isSha(password, SALTED_SHA.length());
      case MD5 -> isText(Md5Crypt.md5Crypt(password.clone(), text()));
      case APR1 -> isText(Md5Crypt.apr1Crypt(password.clone(), text()));
      case SHA256_CRYPT ->
          password.length <= LONGEST_FOR_SHA_CRYPT
              && isText(Sha2Crypt.sha256Crypt(password.clone(), text()));
      case SHA512_CRYPT ->
          password.length <= LONGEST_FOR_SHA_CRYPT
              && isText(Sha2Crypt.sha512Crypt(password.clone(), text()));
      case BCRYPT -> isText(Bcrypt.hash(password, text()));
      case DES -> isText(UnixCrypt.crypt(password.clone(), text()));
    };
  }

  private String text() {
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private boolean isText(String made) {
    return MessageDigest.isEqual(made.getBytes(StandardCharsets.ISO_8859_1), text);
  }

  /** Compares hashes, so that the time does not tell the length of what is kept. */
  private static boolean isEqual(byte[] sent, byte[] kept) {
    return MessageDigest.isEqual(digest("SHA-256").digest(sent), digest("SHA-256").digest(kept));
  }

  private boolean isSha(byte[] password, int prefix) {
    byte[] kept = Base64.getDecoder().decode(Arrays.copyOfRange(text, prefix, text.length));
    MessageDigest sha1 = digest("SHA-1");
    sha1.update(password);
    sha1.update(kept, SHA_LENGTH, kept.length - SHA_LENGTH);
    return MessageDigest.isEqual(sha1.digest(), Arrays.copyOf(kept, SHA_LENGTH));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + name, e);
    }
  }

  /** Mixes the text into a keyed digest. */
  void update(Mac mac) {
    mac.update(text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PasswordHash that
        && kind == that.kind
        && MessageDigest.isEqual(text, that.text);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(text);
  }
}
