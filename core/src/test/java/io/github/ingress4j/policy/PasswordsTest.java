package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, section 12, basic; hashes made by other programs or published. */
class PasswordsTest {

  private static Passwords of(String... lines) {
    Passwords.Parsed parsed =
        Passwords.parse(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    assertThat(parsed.faults()).isEmpty();
    return parsed.passwords();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = ' ',
      value = {
        // RFC 2307, Apache's documentation of its formats
        "myPassword $apr1$r31.....$HqJZimcKQFAMYayBlzkrA/ true",
        "myPassword {SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE= true",
        "myPassword rqXexS6ZhobKA true",
        // bcrypt of glibc's and OpenBSD's test suites, crypt_blowfish
        "U*U $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW true",
        "U*U $2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW true",
        "U*U* $2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK true",
        "U*U*U $2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a true",
        // perl, that is libcrypt
        "pw $5$rounds=1500$abc$lT.JmguOiPg0gdRWImtAYV79.0h35P4qlFVraT3OSM1 true",
        "pw $6$rounds=1500$abc$Fwdf4Yl0b4VsJ236xnazyRL44Yrm5gQxA1ph99pn0980Idugav1XaBv97VLF9hZkNcmVzmA/dkQS0O.tOV1bG1 true",
        "s3cret99 ab1HWNEMbXgFE true",
        "s3cret99behind ab1HWNEMbXgFE true",
        "s3cret9 ab1HWNEMbXgFE false",
        "s3crét9 x.Z1YWQ2NLPyc true",
        "plain {PLAIN}plain true",
        "Plain {PLAIN}plain false",
      })
  void knowsAPasswordByItsHash(String password, String hash, boolean matches) {
    assertThat(of("u:" + hash).verify(Credentials.of("u", password))).isEqualTo(matches);
  }

  /** Blanks do not fit into the table above. */
  @Test
  void knowsPasswordsWithBlanks() {
    Map<String, String> hashes =
        Map.of(
            "$1$saltsalt$K7NW/l.trvTj8IJvpmsyH0", "s3crét pass",
            "$apr1$saltsalt$g/AmvNzxsekynhMjZD8VG.", "s3crét pass",
            "$5$saltsalt$ZHryaFH0UwB2c3rHkNA4h2mrKXyuzSQxJFdWEWQ1XN6", "s3crét pass",
            "$6$saltsalt$01i7fZd/vk.P816.mV9/6P2EWtNLOZ2eCApLUknMnX6WxHTXYMPskhVTFgLRoC40n9Vs8FZS8kGXhmbaxggQ1/",
                "s3crét pass",
            "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!",
            "$2y$05$CCCCCCCCCCCCCCCCCCCCC.dmhaqFLNEhb/YAr2A2ydtLg.5SLHLo2", "s3crét pass",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", "");
    hashes.forEach(
        (hash, password) -> {
          Passwords passwords = of("u:" + hash);
          assertThat(passwords.verify(Credentials.of("u", password))).as(hash).isTrue();
          assertThat(passwords.verify(Credentials.of("u", password + "x"))).as(hash).isFalse();
        });
  }

  @ParameterizedTest(name = "{0} letters")
  @CsvSource({
    "71, .gc7UY/21CSNJGJg21jJzx9QiOpJ9bO",
    "72, bzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
    "100, bzadhGtS2zEF.gu0yd0opP6cVzb.e0i"
  })
  void bcryptLooksAtSeventyTwoBytes(int length, String hash) {
    byte[] password = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);

    assertThat(Bcrypt.hash(password, "$2y$04$abcdefghijklmnopqrstuu" + hash)).endsWith(hash);
  }

  @Test
  void knowsSaltedShaByWhatFollowsTheDigest() throws Exception {
    byte[] salt = {1, 2, 3, 4};
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    sha1.update("pw".getBytes(StandardCharsets.US_ASCII));
    byte[] digest = sha1.digest(salt);
    byte[] both = Arrays.copyOf(digest, 24);
    System.arraycopy(salt, 0, both, 20, 4);
    Passwords passwords = of("u:{SSHA}" + Base64.getEncoder().encodeToString(both));

    assertThat(passwords.verify(Credentials.of("u", "pw"))).isTrue();
    assertThat(passwords.verify(Credentials.of("u", "pv"))).isFalse();
  }

  @Test
  void readsAFileAsNginxDoes() {
    Passwords passwords =
        of(
            "# a comment",
            "",
            "\r",
            "alice:{PLAIN}a:a comment",
            "bob:{PLAIN}b\r",
            "höhe:{PLAIN}ö",
            "last:{PLAIN}l");

    assertThat(passwords.size()).isEqualTo(4);
    assertThat(passwords).hasToString("4 users");
    assertThat(passwords.verify(Credentials.of("alice", "a"))).isTrue();
    assertThat(passwords.verify(Credentials.of("bob", "b"))).isTrue();
    assertThat(passwords.verify(Credentials.of("höhe", "ö"))).isTrue();
    assertThat(passwords.verify(Credentials.of("last", "l"))).isTrue();
    assertThat(passwords.verify(Credentials.of("Alice", "a"))).isFalse();
    assertThat(passwords.verify(Credentials.of("carol", "a"))).isFalse();
    assertThat(of().verify(Credentials.of("alice", "a"))).isFalse();
  }

  /** SEC-47: what is wrong is said by line, and nothing of the line is quoted. */
  @Test
  void reportsLinesThatLetNobodyInWithoutQuotingThem() {
    Passwords.Parsed parsed =
        Passwords.parse(
            String.join(
                    "\n",
                    "canaryuser",
                    ":canaryhash",
                    "u1:canaryhash",
                    "u2:$2y$05$canary",
                    "u3:$2y$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                    "u4:$apr1$canary",
                    "u5:$5$canary",
                    "u6:$6$rounds=500$abc$" + "a".repeat(86),
                    "u7:$6$rounds=2000000$abc$" + "a".repeat(86),
                    "u8:{SHA}canary",
                    "u9:{SSHA}canar===",
                    "ok:{PLAIN}x",
                    "ok:{PLAIN}y",
                    "u2:{PLAIN}z")
                .getBytes(StandardCharsets.UTF_8));

    assertThat(parsed.faults())
        .containsExactly(
            new Passwords.Fault(1, "The line has no colon between a user and a hash."),
            new Passwords.Fault(2, "The line names no user in front of the colon."),
            new Passwords.Fault(
                3,
                "The hash is of no known kind: use bcrypt, as \"htpasswd -B\" does; a password"
                    + " without a hash needs {PLAIN} in front."),
            new Passwords.Fault(4, "The hash is no complete bcrypt hash."),
            new Passwords.Fault(5, "The cost of the bcrypt hash is not from 4 to 15."),
            new Passwords.Fault(6, "The hash is no complete MD5 hash."),
            new Passwords.Fault(7, "The hash is no complete SHA hash."),
            new Passwords.Fault(
                8, "The hash claims fewer than 1000 rounds, which no password matches."),
            new Passwords.Fault(9, "The hash takes more than 1000000 rounds."),
            new Passwords.Fault(10, "What follows the braces is no SHA-1 hash in base64."),
            new Passwords.Fault(11, "What follows the braces is no SHA-1 hash in base64."),
            new Passwords.Fault(13, "The user of this line has an earlier one, which counts."),
            new Passwords.Fault(14, "The user of this line has an earlier one, which counts."));
    assertThat(parsed.faults().toString()).doesNotContain("canary");
    assertThat(parsed.passwords().verify(Credentials.of("ok", "x"))).isTrue();
    assertThat(parsed.passwords().verify(Credentials.of("ok", "y"))).isFalse();
    assertThat(parsed.passwords().verify(Credentials.of("u2", "z"))).isFalse();
  }

  @Test
  void readsAMapOfUsers() {
    Passwords.Parsed parsed =
        Passwords.ofUsers(
            Map.of(
                "alice", "{PLAIN}a\n".getBytes(StandardCharsets.UTF_8),
                "bob", "{PLAIN}b:c".getBytes(StandardCharsets.UTF_8),
                "eve", "e".getBytes(StandardCharsets.UTF_8)));

    assertThat(parsed.faults()).extracting(Passwords.Fault::line).containsExactly(3);
    assertThat(parsed.passwords().verify(Credentials.of("alice", "a"))).isTrue();
    assertThat(parsed.passwords().verify(Credentials.of("bob", "b"))).isTrue();
    assertThat(parsed.passwords().verify(Credentials.of("eve", "e"))).isFalse();
  }

  @Property(tries = 500)
  void neverThrowsForAFile(@ForAll @Size(max = 200) byte[] file) {
    Passwords.Parsed parsed = Passwords.parse(file);

    assertThat(parsed.passwords().size() + parsed.faults().size())
        .isLessThanOrEqualTo(2 * (file.length + 1));
  }

  @Test
  void refusesPasswordsThatAreTooLong() {
    String long4097 = "x".repeat(4097);

    assertThat(of("u:{PLAIN}" + long4097).verify(Credentials.of("u", long4097))).isFalse();
    assertThat(
            of("u:$5$rounds=1500$abc$lT.JmguOiPg0gdRWImtAYV79.0h35P4qlFVraT3OSM1")
                .verify(Credentials.of("u", "x".repeat(257))))
        .isFalse();
  }

  /** Whoever tries names learns nothing from how long the answer takes. */
  @Test
  void worksAsHardForUsersWhoAreNotThere() {
    Passwords passwords = of("u:$2y$09$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    Credentials known = Credentials.of("u", "wrong");
    Credentials unknown = Credentials.of("nobody", "wrong");
    passwords.verify(known);

    long forKnown = cpuNanos(() -> passwords.verify(known));
    long forUnknown = cpuNanos(() -> passwords.verify(unknown));

    // The work is 2^9 key schedules for both; without it an answer takes a thousandth of the time.
    assertThat(forUnknown).isGreaterThan(forKnown / 10);
  }

  private static long cpuNanos(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - before;
  }

  @Test
  void remembersRightPasswordsOnly() {
    Passwords passwords = of("u:{PLAIN}right", "v:{PLAIN}right");
    PasswordCache cache = new PasswordCache(new SecureRandom());

    assertThat(cache.knows(passwords, Credentials.of("u", "right"))).isFalse();
    assertThat(cache.verify(passwords, Credentials.of("u", "wrong"))).isFalse();
    assertThat(cache.verify(passwords, Credentials.of("nobody", "right"))).isFalse();
    assertThat(cache.size()).isZero();
    assertThat(cache.verify(passwords, Credentials.of("u", "right"))).isTrue();

    assertThat(cache.size()).isEqualTo(1);
    assertThat(cache.knows(passwords, Credentials.of("u", "right"))).isTrue();
    assertThat(cache.verify(passwords, Credentials.of("u", "right"))).isTrue();
    assertThat(cache.knows(passwords, Credentials.of("v", "right"))).isFalse();
    assertThat(cache.knows(passwords, Credentials.of("u", "wrong"))).isFalse();
    assertThat(cache.knows(passwords, Credentials.of("nobody", "right"))).isFalse();
  }

  @Test
  void forgetsAPasswordWhenTheLineOfItsUserChanges() {
    PasswordCache cache = new PasswordCache(new SecureRandom());
    cache.verify(of("u:{PLAIN}right"), Credentials.of("u", "right"));

    assertThat(cache.knows(of("u:{PLAIN}right"), Credentials.of("u", "right"))).isTrue();
    assertThat(cache.knows(of("u:{PLAIN}other"), Credentials.of("u", "right"))).isFalse();
    assertThat(cache.knows(of("v:{PLAIN}right"), Credentials.of("u", "right"))).isFalse();
  }

  @Test
  void remembersAFixedNumber() {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      file.append("u").append(i).append(":{PLAIN}p\n");
    }
    Passwords passwords = of(file.toString());
    PasswordCache cache = new PasswordCache(new SecureRandom(), 10);
    for (int i = 0; i < 500; i++) {
      cache.verify(passwords, Credentials.of("u" + i, "p"));
    }

    assertThat(cache.size()).isLessThanOrEqualTo(10);
    assertThatThrownBy(() -> new PasswordCache(new SecureRandom(), 0))
        .hasMessage("maximum 0 must be 1 or more");
  }

  /** SEC-47. */
  @Test
  void printsNoSecret() {
    Passwords passwords = of("canaryuser:{PLAIN}canarypassword");
    Credentials credentials = Credentials.of("canaryuser", "canarypassword");
    BasicAuth auth = new BasicAuth("staff", passwords);

    assertThat(List.of(passwords, credentials, auth).toString())
        .isEqualTo("[1 user, Credentials, BasicAuth[staff, 1 user]]");
    assertThat(new Passwords.Parsed(passwords, List.of()).toString()).doesNotContain("canary");
  }

  @ParameterizedTest(name = "Authorization: {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Basic YWxpY2U6c2VjcmV0              | alice | secret",
        "basic   YWxpY2U6c2VjcmV0            | alice | secret",
        "BASIC YWxpY2U6YTpi                  | alice | a:b",
        "Basic YWxpY2U6                      | alice | ''",
        "Basic YTpi                          | a     | b",
        "Basic YTp                           | a     | ''",
        "Basic YTpiYw==                      | a     | bc",
        "Basic YTpiYw                        | a     | bc",
        "Basic YTpiYw==rest                  | a     | bc",
      })
  void readsCredentials(String line, String user, String password) {
    Credentials credentials = auth().credentials(AccessRequests.with("Authorization", line));

    assertThat(credentials).isNotNull();
    assertThat(credentials.user()).isEqualTo(user);
    assertThat(credentials.password()).asString(StandardCharsets.UTF_8).isEqualTo(password);
    credentials.clear();
    assertThat(credentials.password()).isEqualTo(new byte[password.length()]);
  }

  @ParameterizedTest(name = "Authorization: {0}")
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "Bearer YTpi",
        "BasicYTpi",
        "Basic YTpi!",
        "Basic YTpiY",
        "Basic Y",
        "Basic YQ==",
        "Basic OnBhc3M=",
        "Basic YTpiAGM="
      })
  void findsNoCredentialsInWhatIsNone(String line) {
    assertThat(auth().credentials(AccessRequests.with("Authorization", line))).isNull();
  }

  @Test
  void findsNoCredentialsWithoutOrWithSeveralLines() {
    assertThat(auth().credentials(AccessRequests.with("X-Other", "Basic YTpi"))).isNull();
    assertThat(auth().credentials(AccessRequests.with("Authorization", "Basic YTpi", "Basic YTpi")))
        .isNull();
  }

  private static BasicAuth auth() {
    return new BasicAuth("", of());
  }

  @ParameterizedTest(name = "realm {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | Basic realm=\"\"",
        "The staff     | Basic realm=\"The staff\"",
        "a\"b\\c       | Basic realm=\"a\\\"b\\\\c\"",
        "é             | Basic realm=\"Ã©\"",
      })
  void challengesWithTheRealm(String realm, String challenge) {
    assertThat(new BasicAuth(realm, of()).challenge().asMap())
        .containsOnly(Map.entry("WWW-Authenticate", List.of(challenge)));
  }

  /** Section 12: the realm "off" disables the authentication. */
  @Test
  void asksNobodyInTheRealmOff() {
    assertThat(new BasicAuth("off", of()).isEnabled()).isFalse();
    assertThat(new BasicAuth("Off", of()).isEnabled()).isTrue();
    assertThat(new BasicAuth("", of()).isEnabled()).isTrue();
  }

  /** Section 10: Authorization ends here. SEC-23. */
  @Test
  void keepsPasswordsFromTheBackEndAndControlsFromTheClient() {
    assertThat(auth().requestHeaders().asMap()).containsOnly(Map.entry("Authorization", List.of()));
    assertThatThrownBy(() -> new BasicAuth("a\r\nX: y", of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest(name = "user \"{0}\"")
  @ValueSource(strings = {"", "a:b"})
  void refusesUsersThatNobodyCanSend(String user) {
    assertThatThrownBy(() -> Credentials.of(user, "x"))
        .hasMessage("a user is not empty and holds no colon");
  }

  /** Names of users of one hash, which is up to who writes the Secret, are found by their order. */
  @Test
  void namesThatCollideCostLittleMore() {
    long usual = Long.MAX_VALUE;
    long worst = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      usual = Math.min(usual, nanosToRead("CB"));
      worst = Math.min(worst, nanosToRead("BB"));
    }

    assertThat((double) worst / usual).isLessThan(20);
  }

  /** "Aa" and "BB" have one hash, and so have all texts of as many of them. */
  private static long nanosToRead(String second) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1 << 14; i++) {
      for (int bit = 0; bit < 14; bit++) {
        lines.append(((i >> bit) & 1) == 0 ? "Aa" : second);
      }
      lines.append(":{PLAIN}secret\n");
    }
    byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
    long start = System.nanoTime();
    Passwords.Parsed parsed = Passwords.parse(text);
    long end = System.nanoTime();
    assertThat(parsed.faults()).isEmpty();
    return end - start;
  }
}
