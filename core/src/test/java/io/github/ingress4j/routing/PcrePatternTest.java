package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PcrePattern.Captures;
import io.github.ingress4j.routing.PcrePattern.Compiled;
import io.github.ingress4j.routing.PcrePattern.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions as PCRE reads them: ingress-nginx.md, section 4.3; hardening.md, SEC-51. */
class PcrePatternTest {

  private static PcrePattern pattern(String text) {
    return pattern(text, true, true);
  }

  private static PcrePattern pattern(String text, boolean ignoresCase, boolean isAnchored) {
    PcrePattern.Result result = PcrePattern.compile(text, ignoresCase, isAnchored);
    assertThat(result).as(text).isInstanceOf(Compiled.class);
    return ((Compiled) result).pattern();
  }

  private static Fault fault(String text) {
    PcrePattern.Result result = PcrePattern.compile(text, true, true);
    assertThat(result).as(text).isInstanceOf(Fault.class);
    return (Fault) result;
  }

  private static @Nullable Captures find(PcrePattern pattern, String text) {
    RegexBudget budget = new RegexBudget();
    Captures captures = pattern.find(text, 0, text.length(), budget);
    assertThat(budget.isSpent()).isFalse();
    return captures;
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0} in \"{1}\": {2}")
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          # Case-insensitive, anchored at the start only, no boundary (4.3).
          /[A-Z]{3},            /uuid/x,    true
          /v1.0,                /v1x0,      true
          /a+b,                 /a+b,       false
          /a+b,                 /aab,       true
          /*,                   /,          true
          /*,                   x,          true
          /foo,                 /FOObar,    true
          /foo,                 /x/foo,     false
          /(?-i)Foo,            /foo,       false
          /(?-i:F)oo,           /FOO,       true
          /(?-i:F)oo,           /foo,       false
          /(?i)x|Y,             /X,         true
          # A top-level alternation is anchored in its first branch only.
          /one|/two,            /x/two,     true
          /one|/two,            /x/one,     false
          # Braces that are no quantifier are literal, also where Java refuses them.
          /a{b,                 /a{b,       true
          "/a{,2}",             "/a{,2}",   true
          "/a{,2}",             /aa,        false
          "/a{2,}$",            /aaa,       true
          /a{2x},               /a{2x},     true
          {a,                   {a,         true
          /a},                  /a},        true
          # Classes: POSIX, a literal bracket, no intersection.
          /[[:digit:]]$,        /7,         true
          /[[:digit:]]$,        /:,         false
          /[[:^digit:]]$,       /7,         false
          /[[:upper:]]$,        /a,         true
          /[[:alpha:][:digit:]_]+$, /a1_,   true
          /[a[b]$,              /[,         true
          /[a&&b]$,             /&,         true
          /[a&&b]$,             /a,         true
          /[]a]$,               /],         true
          /[^]a]$,              /],         false
          /[a-]$,               /-,         true
          /[\\w-]$,             /-,         true
          /[^\\d\\s]$,          /x,         true
          /[^A]$,               /a,         false
          "/[\\x41-C]$",        /b,         true
          /[\\b]$,              /b,         false
          /[\\Q]\\E]$,          /],         true
          # Escapes.
          /\\d\\w\\S,           /1ax,       true
          /\\x41\\x{62}\\103,   /abc,       true
          /\\Qa.b\\E,           /a.b,       true
          /\\Qa.b\\E,           /axb,       false
          /\\Qa|b,              /a|b,       true
          /\\y,                 /y,         true
          /a\\.b,               /axb,       false
          /\\o{101},            /a,         true
          /\\08,                /8,         false
          # Options, comments, greed.
          /(?x) a b # c,        /ab,        true
          /a(?#no)b,            /ab,        true
          /(?s:.)(?-s:.),       /ab,        true
          # Possessive and atomic.
          /a++a,                /aaa,       false
          /(?>a+)b,             /aab,       true
          # Look-around.
          /(?!api)(.*),         /app,       true
          /(?!api)(.*),         /apix,      false
          /.*(?<!\\.js)$,       /a.js,      false
          /.*(?<=\\.css|\\.js)$, /a.js,     true
          # Words are ASCII, whatever the JDK.
          /\\bfoo\\b,           /foo-,      true
          /\\bfoo\\b,           /food,      false
          /\\Bfoo,              /foo,       false
          # Groups.
          /(a)\\1,              /aA,        true
          /(a)(b)\\g{-1},       /abb,       true
          /(?<n>a)\\k<n>,       /aa,        true
          /(?P<n_1>a)(?P=n_1),  /aa,        true
          "/(?'n'a)\\g{n}",     /aa,        true
          /(a)\\08,             /a8,        false
          /(?i:a|b)(?:c|d),     /BC,        true
          /(ab|c)*d,            /abcabd,    true
          /\\p{L}\\pN,          /a1,        true
          /\\P{L},              /a,         false
          """)
  void matchesAsPcreDoes(String text, String path, boolean matches) {
    assertThat(find(pattern(text), path) != null).isEqualTo(matches);
  }

  /** Byte mode: "." is one byte of the UTF-8 form, folding is ASCII only (4.3). */
  @Test
  void seesBytes() {
    assertThat(find(pattern("/é.x"), bytes("/éax"))).isNotNull();
    assertThat(find(pattern("/é.x"), bytes("/ééx"))).isNull();
    assertThat(find(pattern("/[é]$"), "/\u00C3")).isNotNull();
    assertThat(find(pattern("/[é]$"), bytes("/é"))).isNull();
    assertThat(find(pattern("/é+$"), "/\u00C3\u00A9\u00A9")).isNotNull();
    assertThat(find(pattern("/é"), bytes("/É"))).isNull();
    assertThat(find(pattern("/\\w"), bytes("/é"))).isNull();
    assertThat(find(pattern("/a\\b"), bytes("/aé"))).isNotNull();
    assertThat(find(pattern("/."), "/\u0085")).isNotNull();
    assertThat(find(pattern("/."), "/\r")).isNotNull();
    assertThat(find(pattern("/."), "/\n")).isNull();
    assertThat(find(pattern("/k"), "/\u212A")).isNull();
    assertThat(find(pattern("/[\\s\\S]\\z"), "/\n")).isNotNull();
  }

  /** "$" also matches before a final line feed, and nowhere else (4.3). */
  @Test
  void endsBeforeAFinalLineFeed() {
    assertThat(find(pattern("/foo$"), "/foo\n")).isNotNull();
    assertThat(find(pattern("/foo$"), "/foo\n\n")).isNull();
    assertThat(find(pattern("/foo$"), "/foo\r")).isNull();
    assertThat(find(pattern("/foo\\Z"), "/foo\n")).isNotNull();
    assertThat(find(pattern("/foo\\z"), "/foo\n")).isNull();
    assertThat(find(pattern("(?m)/a$"), "/a\nb")).isNotNull();
    assertThat(find(pattern("(?m)^b", true, false), "a\nb")).isNotNull();
    assertThat(find(pattern("(?m)^", true, false), "")).isNotNull();
  }

  @ParameterizedTest(name = "{0}: {1} at {2}")
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          # What PCRE refuses too (4.3).
          /[a-,                INVALID,      1
          /(open,              INVALID,      1
          /a),                 INVALID,      2
          /a**,                INVALID,      3
          "/x{2,1}",           INVALID,      2
          /x{70000},           INVALID,      2
          *,                   INVALID,      0
          "{2}",               INVALID,      0
          /^*,                 INVALID,      2
          /$+,                 INVALID,      2
          /\\1,                INVALID,      1
          /(a)\\2,             INVALID,      4
          /\\k<n>,             INVALID,      1
          /(?<n>a)(?<n>b),     INVALID,      8
          /(?<1>a),            INVALID,      4
          /(?<n,               INVALID,      5
          /(?P!),              INVALID,      1
          /(?y),               INVALID,      3
          /(?#a,               INVALID,      1
          /(?<=a*)b,           INVALID,      1
          /(?<=(?:a|bc))b,     INVALID,      1
          /\\u0041,            INVALID,      1
          /\\L,                INVALID,      1
          /\\x{100},           INVALID,      1
          /\\777,              INVALID,      1
          /\\o,                INVALID,      1
          /\\c,                INVALID,      1
          /\\g{0},             INVALID,      1
          /\\g{-1},            INVALID,      1
          /\\k,                INVALID,      1
          /a\\,                INVALID,      2
          /[\\w-.],            INVALID,      4
          /[a-\\d],            INVALID,      3
          /[z-a],              INVALID,      3
          /[[:nope:]],         INVALID,      2
          /[[.a.]],            INVALID,      2
          /[:alpha:],          INVALID,      1
          /[\\R],              INVALID,      2
          /\\p{L,              INVALID,      1
          é(,                  INVALID,      1
          # What PCRE takes and Java has no equal for (4.3).
          /(?|a),              UNSUPPORTED,  1
          /(a)(?1),            UNSUPPORTED,  4
          /(?R),               UNSUPPORTED,  1
          /(?&n),              UNSUPPORTED,  1
          /(?P>n),             UNSUPPORTED,  1
          /(?-1),              UNSUPPORTED,  1
          /\\g<1>,             UNSUPPORTED,  1
          /(a)(?(1)b),         UNSUPPORTED,  4
          /a\\Kb,              UNSUPPORTED,  2
          /\\X,                UNSUPPORTED,  1
          /\\R,                UNSUPPORTED,  1
          /(?C1),              UNSUPPORTED,  1
          /(*COMMIT)a,         UNSUPPORTED,  1
          /(?J)a,              UNSUPPORTED,  3
          /\\p{Greek},         UNSUPPORTED,  1
          /\\p{Lu},            UNSUPPORTED,  1
          /\\x{zz},            UNSUPPORTED,  1
          /(?=a)*,             UNSUPPORTED,  1
          /(?=(a)),            UNSUPPORTED,  4
          /(?>(a)),            UNSUPPORTED,  4
          /(?:(a))++,          UNSUPPORTED,  4
          /(a*)*,              UNSUPPORTED,  1
          /(a\\1),             UNSUPPORTED,  3
          /(?!(a)\\1),         UNSUPPORTED,  7
          /[a-\\Qz\\E],        UNSUPPORTED,  3
          /a*(?#x)?,           UNSUPPORTED,  8
          # SEC-51.
          /a{1001},            TOO_LARGE,    2
          "(?:a{1000}){11}",   TOO_LARGE,    0
          """)
  void tellsWhatIsWrongAndWhere(String text, Fault.Kind kind, int position) {
    Fault fault = fault(text);

    assertThat(fault.kind()).as(fault.message()).isEqualTo(kind);
    assertThat(fault.position()).as(fault.message()).isEqualTo(position);
    assertThat(fault.message()).matches("[A-Z\"].*[^ ]\\.");
  }

  /** SEC-51: length 1 kB, groups 20, repeat 1000, program size. */
  @Test
  void holdsTheLimits() {
    assertThat(find(pattern("/" + "a".repeat(1023)), "/" + "A".repeat(1023))).isNotNull();
    assertThat(fault("/" + "a".repeat(1024)))
        .isEqualTo(
            new Fault(
                Fault.Kind.TOO_LARGE, 0, "The expression has 1025 bytes; 1024 are the limit."));
    assertThat(fault("/" + "é".repeat(512)).kind()).isEqualTo(Fault.Kind.TOO_LARGE);
    assertThat(pattern("/" + "(a)".repeat(20)).groupCount()).isEqualTo(20);
    assertThat(fault("/" + "(a)".repeat(21)))
        .isEqualTo(new Fault(Fault.Kind.TOO_LARGE, 61, "The expression has more than 20 groups."));
    assertThat(find(pattern("/a{1000}"), "/" + "a".repeat(1000))).isNotNull();
    assertThat(fault("(?:".repeat(51) + ")".repeat(51)).kind()).isEqualTo(Fault.Kind.TOO_LARGE);
    assertThat(pattern("(?:".repeat(50) + ")".repeat(50)).groupCount()).isZero();
  }

  /** At the end of the text nothing is read, so that no budget stops such a pattern. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/(?:a?|b?){0}(?:a?|b?)", "/(?:|)(?:|)", "/(?:a*|b*)(?:c*|d*)", "/(/|$)(/|$)"})
  void takesAFewChoicesOfNothing(String text) {
    assertThat(find(pattern(text), "/")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?:a?|b?)", "(?:|)", "(?:a*|b*)", "(?:$|\\z)"})
  void refusesManyChoicesOfNothing(String text) {
    assertThat(fault("/" + text.repeat(30) + "x").kind()).isEqualTo(Fault.Kind.TOO_LARGE);
  }

  @Test
  void refusesHalfACharacter() {
    assertThat(fault("/\uD800").kind()).isEqualTo(Fault.Kind.INVALID);
  }

  @Test
  void namesAndCountsGroups() {
    PcrePattern pattern = pattern("/(?<first>a)(b)?(?P<_2>c)(?!(d))");
    Captures captures = Objects.requireNonNull(find(pattern, "/acx"));

    assertThat(pattern.groupCount()).isEqualTo(4);
    assertThat(pattern.groupNames()).containsExactly("first", "_2");
    assertThat(captures.group(0)).isEqualTo("/ac");
    assertThat(captures.group("first")).isEqualTo("a");
    assertThat(captures.group(1)).isEqualTo("a");
    assertThat(captures.has(2)).isFalse();
    assertThat(captures.group(2)).isNull();
    assertThat(captures.start(2)).isEqualTo(-1);
    assertThat(captures.end(2)).isEqualTo(-1);
    assertThat(captures.group("_2")).isEqualTo("c");
    assertThat(captures.has(4)).as("groups in a negative look-ahead").isFalse();
    assertThat(captures.has(5)).as("no such group").isFalse();
    assertThat(captures.group("none")).isNull();
  }

  @Test
  void searchesASpan() {
    PcrePattern pattern = pattern("/(a)$");
    String text = "GET /a HTTP";
    Captures captures = pattern.find(text, 4, 6, new RegexBudget());

    assertThat(captures).isNotNull();
    assertThat(captures.start(1)).isEqualTo(5);
    assertThat(captures.end(1)).isEqualTo(6);
    assertThat(pattern.find(text, 0, text.length(), new RegexBudget())).isNull();
    assertThatThrownBy(() -> pattern.find(text, 6, 4, new RegexBudget()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isEqualByTextAndOptions() {
    assertThat(pattern("/a")).isEqualTo(pattern("/a")).hasSameHashCodeAs(pattern("/a"));
    assertThat(pattern("/a")).isNotEqualTo(pattern("/a", false, true));
    assertThat(pattern("/a")).isNotEqualTo(pattern("/a", true, false));
    assertThat(pattern("/a")).isNotEqualTo(pattern("/b"));
    assertThat(pattern("/a\n")).hasToString("\"/a\\u000a\"");
    assertThat(pattern("/é").text()).isEqualTo("/é");
  }

  /**
   * Random expressions and texts with the answers of PCRE itself, release 10.42 in byte mode: each
   * line has the expression, whether case is ignored, whether {@code ^} is put in front, and texts
   * with the spans of all groups, or a dash. Expressions and texts are in hexadecimal digits.
   */
  @Test
  void answersAsTheLibraryDid() throws IOException {
    List<String> differences = new ArrayList<>();
    List<String> lines = lines();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      String text = new String(HexFormat.of().parseHex(fields[0]), StandardCharsets.UTF_8);
      PcrePattern pattern = pattern(text, fields[1].equals("1"), fields[2].equals("1"));
      for (String answer : fields[3].split(" ", -1)) {
        int equals = answer.indexOf('=');
        String subject =
            new String(
                HexFormat.of().parseHex(answer.substring(0, equals)), StandardCharsets.ISO_8859_1);
        String spans = spans(pattern, subject);
        if (!spans.equals(answer.substring(equals + 1))) {
          differences.add(text + " in " + Octets.quote(subject) + ": " + spans + ", not " + answer);
        }
      }
    }

    assertThat(lines).hasSizeGreaterThan(300);
    assertThat(differences).isEmpty();
  }

  private static String spans(PcrePattern pattern, String subject) {
    Captures captures = find(pattern, subject);
    if (captures == null) {
      return "-";
    }
    StringJoiner spans = new StringJoiner(",");
    for (int group = 0; group <= pattern.groupCount(); group++) {
      spans.add(captures.start(group) + ":" + captures.end(group));
    }
    return spans.toString();
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = PcrePatternTest.class.getResourceAsStream("/pcre/answers.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toList();
    }
  }
}
