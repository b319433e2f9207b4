package io.github.ingress4j.policy;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The password hash bcrypt.
 *
 * <pre>
 *   $2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy
 *    │  │  └ salt, 22 characters  └ hash, 31 characters
 *    │  └ cost: 2^10 rounds
 *    └ a, b and y mean the same here: all three hash the bytes of the password and one byte 0
 * </pre>
 *
 * <p>Blowfish is keyed with the password and the salt in turns, 2^cost times, and then encrypts a
 * fixed text 64 times. Its tables begin as the binary digits of pi behind the point, which are
 * computed when they are first needed: that takes less time than one hash and leaves no thousand
 * numbers to check.
 *
 * <p>Stateless and thread-safe. Source: Provos and Mazières, A Future-Adaptable Password Scheme,
 * 1999.
 */
final class Bcrypt {

  private static final String ALPHABET =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final int LENGTH = 60;
  private static final int SALT_START = 7;
  private static final int SALT_END = 29;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 23;
  private static final int LOWEST_COST = 4;

  /** A few seconds of work; who may write the file may not stop the router. */
  private static final int HIGHEST_COST = 15;

  /** The bytes of a password that count, the byte 0 behind it among them. */
  private static final int KEY_BYTES = 72;

  private static final int SUBKEYS = 18;
  private static final int BOXES = 4 * 256;

  /** {@code OrpheanBeholderScryDoubt}. */
  private static final int[] FIXED_TEXT = {
    0x4F727068, 0x65616E42, 0x65686F6C, 0x64657253, 0x63727944, 0x6F756274
  };

  private final int[] subkeys = Arrays.copyOf(Pi.DIGITS, SUBKEYS);
  private final int[] boxes = Arrays.copyOfRange(Pi.DIGITS, SUBKEYS, SUBKEYS + BOXES);

  private Bcrypt() {}

  /** The digits of pi behind the point, 32 bits each. */
  private static final class Pi {

    private static final int GUARD_BITS = 64;
    private static final int[] DIGITS = digits(SUBKEYS + BOXES);

    /** By Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239). */
    private static int[] digits(int words) {
      int bits = words * Integer.SIZE + GUARD_BITS;
      BigInteger fraction =
          arcCotangent(5, bits)
              .shiftLeft(4)
              .subtract(arcCotangent(239, bits).shiftLeft(2))
              .subtract(BigInteger.valueOf(3).shiftLeft(bits))
              .shiftRight(GUARD_BITS);
      int[] digits = new int[words];
      for (int i = 0; i < words; i++) {
        digits[i] = fraction.shiftRight((words - 1 - i) * Integer.SIZE).intValue();
      }
      return digits;
    }

    /** The arctangent of 1/x, times 2 to the power of {@code bits}. */
    private static BigInteger arcCotangent(int x, int bits) {
      BigInteger square = BigInteger.valueOf((long) x * x);
      BigInteger power = BigInteger.ONE.shiftLeft(bits).divide(BigInteger.valueOf(x));
      BigInteger sum = power;
      for (int n = 3; power.signum() != 0; n += 2) {
        power = power.divide(square);
        BigInteger term = power.divide(BigInteger.valueOf(n));
        sum = (n & 2) == 0 ? sum.add(term) : sum.subtract(term);
      }
      return sum;
    }
  }

  /** Why a text is no hash, in words that quote nothing; null if it is one. */
  static @Nullable String faultIn(String text) {
    boolean isComplete =
        text.length() == LENGTH
            && (text.startsWith("$2a$") || text.startsWith("$2b$") || text.startsWith("$2y$"))
            && isDigit(text.charAt(4))
            && isDigit(text.charAt(5))
            && text.charAt(6) == '$';
    for (int i = SALT_START; isComplete && i < LENGTH; i++) {
      isComplete = ALPHABET.indexOf(text.charAt(i)) >= 0;
    }
    if (!isComplete) {
      return "The hash is no complete bcrypt hash.";
    }
    int cost = cost(text);
    return cost < LOWEST_COST || cost > HIGHEST_COST
        ? "The cost of the bcrypt hash is not from " + LOWEST_COST + " to " + HIGHEST_COST + "."
        : null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int cost(String text) {
    return (text.charAt(4) - '0') * 10 + (text.charAt(5) - '0');
  }

  /**
   * The hash of a password.
   *
   * @param text a hash without faults, whose salt and cost are used
   * @return the text of the hash, with the beginning of the one given
   */
  static String hash(byte[] password, String text) {
    int[] salt = words(decode(text.substring(SALT_START, SALT_END)), SALT_BYTES / Integer.BYTES);
    byte[] key = Arrays.copyOf(password, Math.min(password.length + 1, KEY_BYTES));
    int[] keyWords = words(key, SUBKEYS);
    Arrays.fill(key, (byte) 0);
    Bcrypt blowfish = new Bcrypt();
    blowfish.expand(keyWords, salt);
    int[] saltWords = repeated(salt);
    int[] nothing = new int[salt.length];
    for (long round = 1L << cost(text); round > 0; round--) {
      blowfish.expand(keyWords, nothing);
      blowfish.expand(saltWords, nothing);
    }
    Arrays.fill(keyWords, 0);
    byte[] hash = blowfish.encryptFixedText();
    return text.substring(0, SALT_END) + encode(hash, HASH_BYTES);
  }

  /** The bytes as big-endian words, from the beginning again when they are used up. */
  private static int[] words(byte[] bytes, int count) {
    int[] words = new int[count];
    for (int i = 0; i < count * Integer.BYTES; i++) {
      words[i / Integer.BYTES] = words[i / Integer.BYTES] << 8 | (bytes[i % bytes.length] & 0xFF);
    }
    return words;
  }

  private static int[] repeated(int[] salt) {
    int[] words = new int[SUBKEYS];
    for (int i = 0; i < SUBKEYS; i++) {
      words[i] = salt[i % salt.length];
    }
    return words;
  }

  /** The key schedule: the key goes into the subkeys, the salt into what is encrypted. */
  private void expand(int[] key, int[] salt) {
    for (int i = 0; i < SUBKEYS; i++) {
      subkeys[i] ^= key[i];
    }
    long block = 0;
    int at = 0;
    for (int i = 0; i < SUBKEYS; i += 2, at ^= 2) {
      block = encrypt(block ^ pair(salt[at], salt[at + 1]));
      subkeys[i] = (int) (block >>> Integer.SIZE);
      subkeys[i + 1] = (int) block;
    }
    for (int i = 0; i < BOXES; i += 2, at ^= 2) {
      block = encrypt(block ^ pair(salt[at], salt[at + 1]));
      boxes[i] = (int) (block >>> Integer.SIZE);
      boxes[i + 1] = (int) block;
    }
  }

  private static long pair(int left, int right) {
    return (long) left << Integer.SIZE | (right & 0xFFFFFFFFL);
  }

  private long encrypt(long block) {
    int left = (int) (block >>> Integer.SIZE) ^ subkeys[0];
    int right = (int) block;
    for (int i = 1; i <= 16; i += 2) {
      right ^= mixed(left) ^ subkeys[i];
      left ^= mixed(right) ^ subkeys[i + 1];
    }
    return pair(right ^ subkeys[17], left);
  }

  private int mixed(int half) {
    return ((boxes[half >>> 24] + boxes[0x100 | (half >>> 16 & 0xFF)])
            ^ boxes[0x200 | (half >>> 8 & 0xFF)])
        + boxes[0x300 | (half & 0xFF)];
  }

  private byte[] encryptFixedText() {
    byte[] bytes = new byte[FIXED_TEXT.length * Integer.BYTES];
    for (int i = 0; i < FIXED_TEXT.length; i += 2) {
      long block = pair(FIXED_TEXT[i], FIXED_TEXT[i + 1]);
      for (int n = 0; n < 64; n++) {
        block = encrypt(block);
      }
      for (int b = 0; b < Long.BYTES; b++) {
        bytes[i * Integer.BYTES + b] = (byte) (block >>> (56 - 8 * b));
      }
    }
    return bytes;
  }

  private static byte[] decode(String text) {
    byte[] bytes = new byte[text.length() * 6 / 8];
    int bits = 0;
    int value = 0;
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      value = value << 6 | ALPHABET.indexOf(text.charAt(i));
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (value >>> bits);
      }
    }
    return bytes;
  }

  private static String encode(byte[] bytes, int length) {
    StringBuilder out = new StringBuilder();
    int bits = 0;
    int value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes[i] & 0xFF);
      bits += 8;
      while (bits >= 6) {
        bits -= 6;
        out.append(ALPHABET.charAt(value >>> bits & 0x3F));
      }
    }
    if (bits > 0) {
      out.append(ALPHABET.charAt(value << (6 - bits) & 0x3F));
    }
    return out.toString();
  }
}
