package io.github.ingress4j.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users and the hashes of their passwords, read from a file as {@code htpasswd} writes it or from a
 * map. It has no printable form of any hash, and equality is identity.
 *
 * <table>
 *   <caption>The hashes</caption>
 *   <tr><th>Text</th><th>Function</th></tr>
 *   <tr><td>{@code $apr1$…}, {@code $1$…}</td><td>iterated MD5</td></tr>
 *   <tr><td>{@code $5$…}, {@code $6$…}</td><td>iterated SHA-256 and SHA-512, up to 1,000,000
 *       rounds</td></tr>
 *   <tr><td>{@code $2a$…}, {@code $2b$…}, {@code $2y$…}</td><td>bcrypt, cost 4 to 15</td></tr>
 *   <tr><td>{@code {SHA}…}, {@code {SSHA}…}</td><td>SHA-1, without and with salt</td></tr>
 *   <tr><td>{@code {PLAIN}…}</td><td>none, the password itself</td></tr>
 *   <tr><td>13 letters, digits, dots and slashes</td><td>DES, of the first 8 characters</td></tr>
 * </table>
 *
 * <p>A line is a user, a colon and a hash; what follows a second colon is ignored, and so are empty
 * lines and those that begin with {@code #}. Of two lines for one user the first counts.
 *
 * <p>Immutable and thread-safe. Sources: {@code ngx_http_auth_basic_module} of nginx, crypt(5).
 */
public final class Passwords {

  /** Nobody sends more, and some hashes cost the square of it. */
  private static final int LONGEST_PASSWORD = 4096;

  private static final Passwords ANYONE = new Passwords(Map.of(), true);

  private final boolean isAnyone;
  private final Map<String, PasswordHash> byUser;

  /** The hashes in the order of their lines: one stands in for a user who is not there. */
  private final List<PasswordHash> all;

  private Passwords(Map<String, PasswordHash> byUser, boolean isAnyone) {
    this.isAnyone = isAnyone;
    this.byUser = Collections.unmodifiableMap(new LinkedHashMap<>(byUser));
    this.all = List.copyOf(byUser.values());
  }

  /**
   * What became of a text.
   *
   * @param passwords the users whose lines can be used; may be none
   * @param faults the lines that cannot be used, in their order
   */
  public record Parsed(Passwords passwords, List<Fault> faults) {

    /** Copies the list. */
    public Parsed {
      faults = List.copyOf(faults);
    }
  }

  /**
   * Why a line lets nobody in.
   *
   * @param line the number of the line, from 1; in a map that of the user in alphabetical order
   * @param message one sentence that quotes nothing
   */
  public record Fault(int line, String message) {}

  /**
   * Returns users of whom nothing is known, so that every password is right: for tests of rules
   * without their Secrets, never for real clients.
   *
   * @return the users
   */
  public static Passwords anyone() {
    return ANYONE;
  }

  /**
   * Reads a file of users. Never throws.
   *
   * @param file the bytes; not kept
   * @return the users and the faults
   */
  public static Parsed parse(byte[] file) {
    Map<String, PasswordHash> byUser = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    int line = 0;
    for (int start = 0; start < file.length; ) {
      line++;
      int end = start;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      if (end > start && file[start] != '#' && file[start] != '\r') {
        readLine(file, start, end, line, byUser, faults);
      }
      start = end + 1;
    }
    return new Parsed(new Passwords(byUser, false), faults);
  }

  private static void readLine(
      byte[] file,
      int start,
      int end,
      int line,
      Map<String, PasswordHash> byUser,
      List<Fault> faults) {
    int colon = indexOf(file, (byte) ':', start, end);
    if (colon < 0) {
      faults.add(new Fault(line, "The line has no colon between a user and a hash."));
      return;
    }
    if (colon == start) {
      faults.add(new Fault(line, "The line names no user in front of the colon."));
      return;
    }
    int hashEnd =
        Math.min(
            indexOr(file, (byte) ':', colon + 1, end), indexOr(file, (byte) '\r', colon + 1, end));
    String user = new String(file, start, colon - start, StandardCharsets.ISO_8859_1);
    add(user, Arrays.copyOfRange(file, colon + 1, hashEnd), line, byUser, faults);
  }

  /**
   * Reads users whose hashes stand in a map. Never throws.
   *
   * @param hashes the hash of each user, as text in bytes; what follows the first line is ignored,
   *     and so is what follows a colon; not kept
   * @return the users and the faults
   */
  public static Parsed ofUsers(Map<String, byte[]> hashes) {
    Map<String, PasswordHash> byUser = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    int line = 0;
    for (Map.Entry<String, byte[]> entry : new TreeMap<>(hashes).entrySet()) {
      line++;
      byte[] hash = entry.getValue();
      int end = hash.length;
      for (byte stop : new byte[] {'\n', '\r', ':'}) {
        end = Math.min(end, indexOr(hash, stop, 0, hash.length));
      }
      add(UrlText.octets(entry.getKey()), Arrays.copyOf(hash, end), line, byUser, faults);
    }
    return new Parsed(new Passwords(byUser, false), faults);
  }

  private static void add(
      String user, byte[] text, int line, Map<String, PasswordHash> byUser, List<Fault> faults) {
    PasswordHash.Result hash = PasswordHash.parse(text);
    if (byUser.containsKey(user)) {
      faults.add(new Fault(line, "The user of this line has an earlier one, which counts."));
    } else if (hash instanceof PasswordHash.Unusable unusable) {
      // The line still speaks for the user: a later one must not.
      byUser.put(user, PasswordHash.NONE);
      faults.add(new Fault(line, unusable.message()));
    } else if (hash instanceof PasswordHash.Usable usable) {
      byUser.put(user, usable.hash());
    }
  }

  private static int indexOf(byte[] bytes, byte wanted, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int indexOr(byte[] bytes, byte wanted, int start, int end) {
    int index = indexOf(bytes, wanted, start, end);
    return index < 0 ? end : index;
  }

  /**
   * Returns the number of users.
   *
   * @return 0 or more
   */
  public int size() {
    return byUser.size();
  }

  /**
   * Returns whether a password is that of its user. This is meant to be slow, up to seconds: ask a
   * {@link PasswordCache} first, and call it on a thread that may be kept busy. For a user who is
   * not there it does the work that is done for one of those who are, always the same.
   *
   * @param credentials user and password
   * @return {@code true} if the user is there and the password is right
   */
  public boolean verify(Credentials credentials) {
    if (isAnyone) {
      return true;
    }
    if (all.isEmpty() || credentials.password().length > LONGEST_PASSWORD) {
      return false;
    }
    String user = credentials.user();
    PasswordHash hash = byUser.get(user);
    PasswordHash checked =
        hash == null ? all.get(Math.floorMod(user.hashCode(), all.size())) : hash;
    return checked.matches(credentials.password()) && hash != null;
  }

  /** The hash of a user, or null if there is none. */
  @Nullable PasswordHash hashOf(String user) {
    return byUser.get(user);
  }

  /**
   * Says how many users there are and nothing about them.
   *
   * @return such as {@code 3 users}
   */
  @Override
  public String toString() {
    return byUser.size() == 1 ? "1 user" : byUser.size() + " users";
  }

  /** Equal are the same users with the same hashes. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Passwords that
        && isAnyone == that.isAnyone
        && byUser.equals(that.byUser);
  }

  @Override
  public int hashCode() {
    return byUser.hashCode();
  }
}
