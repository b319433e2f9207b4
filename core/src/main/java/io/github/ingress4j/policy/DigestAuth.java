package io.github.ingress4j.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks clients to prove that they know a password without sending it, by a hash over it, the
 * request and a nonce of ours.
 *
 * <table>
 *   <caption>What becomes of a request</caption>
 *   <tr><th>It brings</th><th>Verdict</th></tr>
 *   <tr><td>a proof with a nonce of ours and a count that was not used yet, 1 to 19</td>
 *       <td>passes; the answer proves in turn that we know the password</td></tr>
 *   <tr><td>a right proof, but the nonce is too old or was counted up</td><td>401, {@code
 *       stale="true"}: the client tries again without asking its user</td></tr>
 *   <tr><td>anything else</td><td>401 with a new nonce</td></tr>
 *   <tr><td>anything, after five wrong proofs from its address</td><td>401 without a nonce, for
 *       five minutes after the last one</td></tr>
 * </table>
 *
 * <p>A nonce waits 60 s for its first use, and from then on is good for 10 s. The algorithm is MD5
 * and the hashes in the file are as good as passwords: prefer basic authentication over TLS.
 *
 * <p>The realm {@code off} switches the check off. So does an empty one, as in nginx: whoever puts
 * the check on a route closes the route then.
 *
 * <p>Immutable and thread-safe; nonces and wrong proofs are in {@link State}. It has no printable
 * form of any hash. Sources: the annotation {@code auth-type: digest} of ingress-nginx, whose image
 * has a module for it; RFC 7616.
 */
public final class DigestAuth {

  private static final String SCHEME = "Digest ";
  private static final int LARGEST_COUNT = 19;
  private static final int MOST_WRONG_PROOFS = 5;
  private static final long FIRST_USE_MILLIS = 60_000;
  private static final long USE_MILLIS = 10_000;
  private static final long EVASION_MILLIS = 300_000;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern COUNT = Pattern.compile("[0-9a-fA-F]{8}");

  private final String realm;
  private final Map<String, byte[]> hashes;

  private DigestAuth(String realm, Map<String, byte[]> hashes) {
    this.realm = realm;
    this.hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
  }

  /**
   * What became of a file.
   *
   * @param auth the check with the users whose lines can be used; may be none
   * @param faults the lines that let nobody in, in their order
   */
  public record Parsed(DigestAuth auth, List<Passwords.Fault> faults) {

    /** Copies the list. */
    public Parsed {
      faults = List.copyOf(faults);
    }
  }

  /**
   * What is decided about a request.
   *
   * @param passes whether it may go on
   * @param responseHeaders what the answer gets: the challenge if it may not, else the proof that
   *     we know the password
   */
  public record Verdict(boolean passes, HeaderEdits responseHeaders) {}

  /**
   * Reads a file as {@code htdigest} writes it: a user, a realm and a hash a line, with colons
   * between them. Never throws.
   *
   * @param realm what clients are asked for a password for; lines of other realms are no fault and
   *     let nobody in
   * @param file the bytes; not kept
   * @return the check and the faults, which quote nothing
   * @throws IllegalArgumentException if {@code realm} holds a control character or a quote
   */
  public static Parsed parse(String realm, byte[] file) {
    String octets = UrlText.octets(realm);
    HeaderValue.require("WWW-Authenticate", octets);
    if (octets.indexOf('"') >= 0 || octets.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("a realm holds no quotes and backslashes");
    }
    Map<String, byte[]> hashes = new HashMap<>();
    List<Passwords.Fault> faults = new ArrayList<>();
    int number = 0;
    for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(":", -1);
      if (parts.length < 3 || parts[0].isEmpty() || !HASH.matcher(parts[2]).matches()) {
        faults.add(
            new Passwords.Fault(
                number, "The line is no user, realm and hash, as \"htdigest\" writes them."));
      } else if (parts[1].equals(octets)) {
        hashes.putIfAbsent(parts[0], parts[2].getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return new Parsed(new DigestAuth(octets, hashes), faults);
  }

  /**
   * Nonces that were given out, and how many wrong proofs came from which address. It is kept apart
   * from the snapshots and handed on from one to the next.
   *
   * <p>Thread-safe. It holds a fixed number of both. A nonce that was pushed out is stale.
   */
  public static final class State {

    private static final int ENTRIES = 100_000;

    private final RandomGenerator random;
    private final InstantSource clock;
    private final Cache<String, Nonce> nonces =
        Caffeine.newBuilder().maximumSize(ENTRIES).executor(Runnable::run).build();
    private final Cache<String, Failures> failures =
        Caffeine.newBuilder().maximumSize(ENTRIES).executor(Runnable::run).build();

    private record Failures(int count, long last) {}

    /** The fields are guarded by the object. */
    private static final class Nonce {
      private long expires;
      private int used;

      private Nonce(long expires) {
        this.expires = expires;
      }
    }

    /**
     * Makes an empty state.
     *
     * @param random where nonces come from; it must not be predictable, and thread-safe if the
     *     router is shared
     * @param clock what the age of a nonce is told by
     */
    public State(RandomGenerator random, InstantSource clock) {
      this.random = Objects.requireNonNull(random, "random");
      this.clock = Objects.requireNonNull(clock, "clock");
    }

    private String next() {
      String text = HexFormat.of().toHexDigits(random.nextLong());
      nonces.put(text, new Nonce(clock.millis() + FIRST_USE_MILLIS));
      return text;
    }

    /** Uses a nonce; returns whether it was ours, young enough, and this count was not used. */
    private boolean use(String text, int count) {
      Nonce nonce = nonces.getIfPresent(text);
      if (nonce == null) {
        return false;
      }
      long now = clock.millis();
      synchronized (nonce) {
        if (nonce.expires <= now || (nonce.used & 1 << count) != 0) {
          return false;
        }
        if (nonce.used == 0) {
          nonce.expires = now + USE_MILLIS;
        }
        nonce.used |= 1 << count;
        return true;
      }
    }

    private boolean isEvading(String client) {
      Failures known = failures.getIfPresent(client);
      return known != null
          && known.count >= MOST_WRONG_PROOFS
          && clock.millis() - known.last < EVASION_MILLIS;
    }

    private void failed(String client) {
      long now = clock.millis();
      failures
          .asMap()
          .compute(
              client,
              (key, known) ->
                  new Failures(
                      known == null || now - known.last >= EVASION_MILLIS ? 1 : known.count + 1,
                      now));
    }

    private void succeeded(String client) {
      failures.invalidate(client);
    }
  }

  /**
   * Returns whether anything is asked at all.
   *
   * @return {@code false} if the realm is {@code off} or empty
   */
  public boolean isEnabled() {
    return !realm.isEmpty() && !realm.equals("off");
  }

  /**
   * Decides about a request.
   *
   * @param request the request
   * @param state what was given out and counted
   * @return the verdict
   */
  public Verdict check(CanonicalRequest request, State state) {
    String client = request.client().clientAddress();
    if (state.isEvading(client)) {
      return new Verdict(false, HeaderEdits.NONE);
    }
    List<String> lines = request.view().headers("Authorization");
    Map<String, String> fields = lines.size() == 1 ? parameters(lines.get(0)) : null;
    if (fields == null || !isComplete(fields)) {
      return challenge(state, false);
    }
    byte[] hash = hashes.get(fields.get("username"));
    String uri = field(fields, "uri");
    // For a user who is not there a hash is made all the same.
    String known = hash == null ? "0".repeat(32) : new String(hash, StandardCharsets.ISO_8859_1);
    boolean isRight =
        MessageDigest.isEqual(
            bytes(proof(known, fields, request.view().method() + ":" + uri)),
            bytes(field(fields, "response")));
    if (hash == null || !isRight || !isAbout(uri, request.view().target())) {
      state.failed(client);
      return challenge(state, false);
    }
    int count = Integer.parseUnsignedInt(field(fields, "nc"), 16);
    if (count < 1 || count > LARGEST_COUNT || !state.use(field(fields, "nonce"), count)) {
      return challenge(state, true);
    }
    state.succeeded(client);
    return new Verdict(
        true,
        HeaderEdits.builder()
            .set(
                "Authentication-Info",
                "qop=\"auth\", rspauth=\""
                    + proof(known, fields, ":" + uri)
                    + "\", cnonce=\""
                    + field(fields, "cnonce")
                    + "\", nc="
                    + field(fields, "nc"))
            .build());
  }

  private Verdict challenge(State state, boolean isStale) {
    return new Verdict(
        false,
        HeaderEdits.builder()
            .set(
                "WWW-Authenticate",
                "Digest algorithm=\"MD5\", qop=\"auth\", realm=\""
                    + realm
                    + "\", nonce=\""
                    + state.next()
                    + (isStale ? "\", stale=\"true\"" : "\""))
            .build());
  }

  private boolean isComplete(Map<String, String> fields) {
    for (String name : List.of("username", "uri", "cnonce", "response")) {
      if (field(fields, name).isEmpty()) {
        return false;
      }
    }
    return field(fields, "realm").equals(realm)
        && field(fields, "qop").equals("auth")
        && NONCE.matcher(field(fields, "nonce")).matches()
        && COUNT.matcher(field(fields, "nc")).matches();
  }

  private static String field(Map<String, String> fields, String name) {
    return fields.getOrDefault(name, "");
  }

  /** Some clients leave the query out of the proof. */
  private static boolean isAbout(String uri, String target) {
    return target.equals(uri)
        || (target.length() > uri.length()
            && target.startsWith(uri)
            && target.charAt(uri.length()) == '?');
  }

  private static String proof(String hash, Map<String, String> fields, String what) {
    return md5(
        String.join(
            ":",
            hash,
            field(fields, "nonce"),
            field(fields, "nc"),
            field(fields, "cnonce"),
            field(fields, "qop"),
            md5(what)));
  }

  private static String md5(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * The parameters of a line, by their names in lower case.
   *
   * @return {@code null} if the scheme is another one, the line is malformed, or a name occurs
   *     twice
   */
  private static @Nullable Map<String, String> parameters(String line) {
    if (!line.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    Map<String, String> fields = new HashMap<>();
    int at = SCHEME.length();
    while (true) {
      while (at < line.length() && " \t,".indexOf(line.charAt(at)) >= 0) {
        at++;
      }
      if (at == line.length()) {
        return fields;
      }
      int equals = line.indexOf('=', at);
      if (equals < 0 || !HeaderName.isToken(line.substring(at, equals))) {
        return null;
      }
      String name = Template.lowerCase(line.substring(at, equals));
      StringBuilder value = new StringBuilder();
      at = valueEnd(line, equals + 1, value);
      if (at < 0 || fields.put(name, value.toString()) != null) {
        return null;
      }
    }
  }

  /** Reads a token or a quoted string; returns where it ends, or -1 if it is neither. */
  private static int valueEnd(String line, int start, StringBuilder value) {
    int at = start;
    if (at < line.length() && line.charAt(at) == '"') {
      for (at++; at < line.length(); at++) {
        char c = line.charAt(at);
        if (c == '"') {
          return HeaderValue.isLegal(value.toString()) ? at + 1 : -1;
        }
        if (c == '\\' && ++at == line.length()) {
          return -1;
        }
        value.append(line.charAt(at));
      }
      return -1;
    }
    while (at < line.length() && HeaderName.isToken(line.substring(at, at + 1))) {
      value.append(line.charAt(at++));
    }
    return at == start || (at < line.length() && " \t,".indexOf(line.charAt(at)) < 0) ? -1 : at;
  }

  /**
   * Names the realm and nothing secret.
   *
   * @return such as {@code DigestAuth[staff, users: 3]}
   */
  @Override
  public String toString() {
    return "DigestAuth[" + realm + ", users: " + hashes.size() + "]";
  }

  /** Equal are checks of the same users for the same realm. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof DigestAuth that)
        || !realm.equals(that.realm)
        || !hashes.keySet().equals(that.hashes.keySet())) {
      return false;
    }
    return hashes.entrySet().stream()
        .allMatch(user -> MessageDigest.isEqual(user.getValue(), that.hashes.get(user.getKey())));
  }

  @Override
  public int hashCode() {
    return Objects.hash(realm, hashes.keySet());
  }
}
