package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, section 6, auth-type; the module for digests that its image holds; RFC 7616. */
class DigestAuthTest {

  private static final Pattern NONCE = Pattern.compile("nonce=\"([0-9a-f]{16})\"");

  /** A clock that stands still until it is set. */
  private static final class Clock implements InstantSource {
    private long now = 1_800_000_000_000L;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }
  }

  private final Clock clock = new Clock();
  private final DigestAuth.State state = new DigestAuth.State(new Random(0), clock);
  private final DigestAuth auth = parse("staff", "alice:staff:" + md5("alice:staff:secret"));

  private static DigestAuth parse(String realm, String file) {
    DigestAuth.Parsed parsed = DigestAuth.parse(realm, file.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed.faults()).isEmpty();
    return parsed.auth();
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String proof(String password, String nonce, String nc, String what) {
    return md5(md5("alice:staff:" + password) + ":" + nonce + ":" + nc + ":c:auth:" + md5(what));
  }

  private static String line(String password, String nonce, String nc, String uri) {
    return "Digest username=\"alice\", realm=\"staff\", nonce=\""
        + nonce
        + "\", uri=\""
        + uri
        + "\", qop=auth, nc="
        + nc
        + ", cnonce=\"c\", response=\""
        + proof(password, nonce, nc, "GET:" + uri)
        + "\", algorithm=MD5";
  }

  private DigestAuth.Verdict ask(String... lines) {
    SimpleRequest.Builder builder = SimpleRequest.builder().url("http://a.shop/x?y=1");
    for (String line : lines) {
      builder.header("Authorization", line);
    }
    return auth.check(AccessRequests.canonical(builder.build()), state);
  }

  private static String challenge(DigestAuth.Verdict verdict) {
    assertThat(verdict.passes()).isFalse();
    return verdict.responseHeaders().asMap().getOrDefault("WWW-Authenticate", List.of("")).get(0);
  }

  private String nonce() {
    Matcher matcher = NONCE.matcher(challenge(ask()));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void challengesWhoProvesNothing() {
    assertThat(challenge(ask()))
        .matches("Digest algorithm=\"MD5\", qop=\"auth\", realm=\"staff\", nonce=\"[0-9a-f]{16}\"");
    assertThat(nonce()).isNotEqualTo(nonce());
  }

  @Test
  void letsWhoKnowsThePasswordPassAndProvesItsOwnKnowledge() {
    String nonce = nonce();
    DigestAuth.Verdict verdict = ask(line("secret", nonce, "00000001", "/x?y=1"));

    assertThat(verdict.passes()).isTrue();
    assertThat(verdict.responseHeaders().asMap())
        .containsOnly(
            Map.entry(
                "Authentication-Info",
                List.of(
                    "qop=\"auth\", rspauth=\""
                        + proof("secret", nonce, "00000001", ":/x?y=1")
                        + "\", cnonce=\"c\", nc=00000001")));
  }

  @Test
  void takesEachCountOnceUpToNineteen() {
    String nonce = nonce();

    assertThat(ask(line("secret", nonce, "00000001", "/x?y=1")).passes()).isTrue();
    assertThat(ask(line("secret", nonce, "00000013", "/x?y=1")).passes()).isTrue();
    assertThat(ask(line("secret", nonce, "00000001", "/x?y=1")).passes()).isFalse();
    assertThat(ask(line("secret", nonce, "00000002", "/x?y=1")).passes()).isTrue();
    for (String nc : List.of("00000000", "00000014", "ffffffff")) {
      assertThat(challenge(ask(line("secret", nonce, nc, "/x?y=1")))).endsWith("stale=\"true\"");
    }
  }

  @ParameterizedTest(name = "first used after {0} ms, again after {1} more: {2}, {3}")
  @CsvSource({
    "59999, 9999,  true,  true",
    "59999, 10000, true,  false",
    "60000, 0,     false, false",
  })
  void takesNoNonceThatIsTooOld(
      long first, long second, boolean passesFirst, boolean passesSecond) {
    String nonce = nonce();

    clock.now += first;
    assertThat(ask(line("secret", nonce, "00000001", "/x?y=1")).passes()).isEqualTo(passesFirst);
    clock.now += second;
    assertThat(ask(line("secret", nonce, "00000002", "/x?y=1")).passes()).isEqualTo(passesSecond);
  }

  @Test
  void takesNoNonceThatIsNotItsOwn() {
    assertThat(challenge(ask(line("secret", "0123456789abcdef", "00000001", "/x?y=1"))))
        .endsWith("stale=\"true\"");
  }

  @ParameterizedTest(name = "a proof about {0}: {1}")
  @CsvSource({"/x?y=1, true", "/x, true", "/, false", "/x?y=12, false", "/x?, false"})
  void takesAProofAboutThisTargetOnly(String uri, boolean passes) {
    assertThat(ask(line("secret", nonce(), "00000001", uri)).passes()).isEqualTo(passes);
  }

  @Test
  void answersNobodyAfterFiveWrongProofsForFiveMinutes() {
    String nonce = nonce();
    for (int i = 0; i < 5; i++) {
      assertThat(challenge(ask(line("wrong", nonce, "00000001", "/x?y=1")))).isNotEmpty();
    }

    assertThat(challenge(ask(line("secret", nonce, "00000001", "/x?y=1")))).isEmpty();
    clock.now += 299_999;
    assertThat(challenge(ask())).isEmpty();
    clock.now++;
    assertThat(ask(line("secret", nonce(), "00000001", "/x?y=1")).passes()).isTrue();
  }

  @Test
  void forgetsWrongProofsAfterARightOne() {
    for (int round = 0; round < 3; round++) {
      String nonce = nonce();
      for (int i = 0; i < 4; i++) {
        ask(line("wrong", nonce, "00000001", "/x?y=1"));
      }
      assertThat(ask(line("secret", nonce, "00000001", "/x?y=1")).passes()).isTrue();
    }
  }

  @ParameterizedTest(name = "{0} instead of {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "username=\"alice\"        | username=\"bob\"",
        "username=\"alice\"        | username=\"alice\", username=\"alice\"",
        "realm=\"staff\"           | realm=\"other\"",
        "qop=auth                  | qop=auth-int",
        "qop=auth                  | qop=",
        "nc=00000001               | nc=1",
        "cnonce=\"c\"              | cnonce=\"\"",
        "cnonce=\"c\"              | cnonce=\"c",
        "cnonce=\"c\"              | cnonce=\"c\\",
        "cnonce=\"c\"              | =c",
        "algorithm=MD5             | algorithm=M/5",
        "algorithm=MD5             | algorithm",
        "Digest                    | Basic",
      })
  void takesNothingElseForAProof(String part, String other) {
    String line = line("secret", nonce(), "00000001", "/x?y=1");

    assertThat(line).contains(part);
    assertThat(challenge(ask(line.replace(part, other)))).isNotEmpty();
  }

  @Test
  void readsQuotedPairsAndTakesOneLineOnly() {
    String line = line("secret", nonce(), "00000001", "/x?y=1").replace("\"c\"", "\"\\c\"");

    assertThat(ask(line, line).passes()).isFalse();
    assertThat(ask(line).passes()).isTrue();
  }

  /** SEC-47: what is wrong is said by line, and nothing of the line is quoted. */
  @Test
  void reportsLinesThatLetNobodyIn() {
    String hash = md5("x");
    DigestAuth.Parsed parsed =
        DigestAuth.parse(
            "staff",
            String.join(
                    "\r\n",
                    "# canary",
                    "",
                    "a:staff:" + hash,
                    "b:other:" + hash,
                    "canary:{PLAIN}canary",
                    ":staff:" + hash,
                    "c:staff:canary")
                .getBytes(StandardCharsets.UTF_8));
    String message = "The line is no user, realm and hash, as \"htdigest\" writes them.";

    assertThat(parsed.faults())
        .containsExactly(
            new Passwords.Fault(5, message),
            new Passwords.Fault(6, message),
            new Passwords.Fault(7, message));
    assertThat(parsed.auth()).hasToString("DigestAuth[staff, users: 1]");
    assertThat(parsed.toString()).doesNotContain("canary").doesNotContain(hash);
  }

  @Test
  void asksNobodyInTheRealmOffAndInNone() {
    assertThat(auth.isEnabled()).isTrue();
    assertThat(parse("off", "").isEnabled()).isFalse();
    assertThat(parse("", "").isEnabled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"b", "a\\b", "a\nb"})
  void refusesRealmsThatNoChallengeCanHold(String realm) {
    assertThatThrownBy(() -> DigestAuth.parse(realm, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
