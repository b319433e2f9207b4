package io.github.ingress4j.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords were right, so that a client pays for the slow check once.
 *
 * <p>A password is known by a keyed hash of user, password and the hash it was compared with. The
 * key is drawn anew for each cache and never leaves it, so a copy of the memory tells no password,
 * and when a user's line changes, what was known of it is of no use any more. Wrong passwords are
 * not remembered: they cost the same every time and push nothing out.
 *
 * <p>Thread-safe. It holds a fixed number of passwords and forgets those that come seldom.
 */
public final class PasswordCache {

  /** The passwords that are remembered unless another number is given. */
  public static final int DEFAULT_ENTRIES = 10_000;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_LENGTH = 32;

  private final SecretKeySpec key;
  private final Cache<String, Boolean> right;

  /**
   * Makes a cache that holds {@link #DEFAULT_ENTRIES} passwords.
   *
   * @param random where the key comes from
   */
  public PasswordCache(SecureRandom random) {
    this(random, DEFAULT_ENTRIES);
  }

  /**
   * Makes a cache.
   *
   * @param random where the key comes from
   * @param maximum the passwords that are remembered, 1 or more
   * @throws IllegalArgumentException if {@code maximum} is less than 1
   */
  public PasswordCache(SecureRandom random, int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException("maximum " + maximum + " must be 1 or more");
    }
    byte[] bytes = new byte[KEY_LENGTH];
    random.nextBytes(bytes);
    key = new SecretKeySpec(bytes, ALGORITHM);
    Arrays.fill(bytes, (byte) 0);
    right = Caffeine.newBuilder().maximumSize(maximum).executor(Runnable::run).build();
  }

  /**
   * Returns whether a password is known to be right. This is quick.
   *
   * @param passwords the users
   * @param credentials user and password
   * @return {@code true} if it was verified before; {@code false} says nothing
   */
  public boolean knows(Passwords passwords, Credentials credentials) {
    PasswordHash hash = passwords.hashOf(credentials.user());
    return hash != null && right.getIfPresent(name(hash, credentials)) != null;
  }

  /**
   * Returns whether a password is right, and remembers it if it is. This is slow unless the
   * password is known.
   *
   * @param passwords the users
   * @param credentials user and password
   * @return {@code true} if the user is there and the password is right
   */
  public boolean verify(Passwords passwords, Credentials credentials) {
    if (knows(passwords, credentials)) {
      return true;
    }
    PasswordHash hash = passwords.hashOf(credentials.user());
    // Named before it is verified: an owner that clears the credentials meanwhile makes them wrong,
    // and never another password right.
    String name = hash == null ? null : name(hash, credentials);
    if (!passwords.verify(credentials)) {
      return false;
    }
    if (name != null) {
      right.put(name, Boolean.TRUE);
    }
    return true;
  }

  /** The passwords that are remembered, for tests. */
  long size() {
    right.cleanUp();
    return right.estimatedSize();
  }

  private String name(PasswordHash hash, Credentials credentials) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      // Lengths in front keep apart what would look alike when it is put together.
      byte[] user = credentials.user().getBytes(StandardCharsets.ISO_8859_1);
      byte[] password = credentials.password();
      mac.update(ByteBuffer.allocate(8).putInt(user.length).putInt(password.length).array());
      mac.update(user);
      mac.update(password);
      hash.update(mac);
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
