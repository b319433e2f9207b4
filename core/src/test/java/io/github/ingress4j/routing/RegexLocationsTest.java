package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The index of regular expressions: ingress-nginx.md, section 4.3. */
class RegexLocationsTest {

  private static final HostPattern ANY = new HostPattern.Any();

  private static RegexLocations locations(String... texts) {
    List<Match<String>> rules = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      rules.add(new Match<>(ANY, PathPattern.regex(pattern(texts[i]), i), texts[i]));
    }
    return RegexLocations.freeze(rules);
  }

  private static PcrePattern pattern(String text) {
    return ((PcrePattern.Compiled) PcrePattern.compile(text, true, true)).pattern();
  }

  /** Everything a random pattern is made of means the same to Java, so that Java is the oracle. */
  static final String[] PARTS = {
    "/",
    "/a",
    "/A",
    "/ab",
    "b",
    "/foo",
    "/foo/",
    "(/|$)(.*)",
    "(.*)",
    ".*",
    ".+",
    "/?",
    "$",
    "/?$",
    "(?:/(.*))?$",
    "[0-9]",
    "[ab]",
    "[a-z]+",
    "[^/]+",
    "(a|b)",
    "(foo|bar)",
    "(?:v1|v2)/",
    "(ab)?",
    "a*",
    "a{2}",
    "(?:ab){1,2}",
    "(?-i:A)",
    "(?i:b)",
    "(?=/)",
    "(?!/a)",
    "\\d",
    "\\w+",
    "|/b",
    "|",
    "(?>a|ab)",
    "a?+",
    "a*+",
    "\\A",
    "\\z",
    "^",
    ".",
    "(/.*)?",
    "[/$]"
  };

  static final String[] BYTES = {
    "/", "/", "a", "b", "A", "B", "foo", "/foo", "bar", "v1", "0", "\n", "-", "\u00E9"
  };

  @Property(tries = 4000)
  void answersAsTheListOfPatternsDoes(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(5); j >= 0; j--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      if (PcrePattern.compile(text.toString(), true, true) instanceof PcrePattern.Compiled) {
        texts.add(text.toString());
      }
    }
    RegexLocations locations = locations(texts.toArray(String[]::new));
    for (int i = 0; i < 20; i++) {
      StringBuilder path = new StringBuilder();
      for (int j = random.nextInt(8); j > 0; j--) {
        path.append(BYTES[random.nextInt(BYTES.length)]);
      }
      String around = "x".repeat(random.nextInt(2)) + path + "/".repeat(random.nextInt(2));
      int start = around.indexOf(path.toString());

      assertThat(locations.find(around, start, start + path.length(), null))
          .as("%s on %s", texts, Octets.quote(path.toString()))
          .isEqualTo(naive(texts, path.toString()));
    }
  }

  /** The number of the first pattern that java.util.regex finds, 0 for none. */
  private static int naive(List<String> texts, String path) {
    for (int i = 0; i < texts.size(); i++) {
      Pattern pattern =
          Pattern.compile("^" + texts.get(i), Pattern.CASE_INSENSITIVE | Pattern.UNIX_LINES);
      if (pattern.matcher(path).find()) {
        return i + 1;
      }
    }
    return 0;
  }

  /** With a budget that is spent nothing can run, so whoever answers is decided by the index. */
  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource(
      textBlock =
          """
          /x(/|$)(.*),          /x,        1
          /x(/|$)(.*),          /X/y,      1
          /x(/|$)(.*),          /xy,       0
          /x/(.*),              /x/,       1
          /x/(.*),              /x,        0
          /x(.*),               /xy,       1
          /x(.*)$,              /xy,       1
          /x,                   /xy,       1
          /,                    /abc,      1
          /x$,                  /x,        1
          /x$,                  /x/,       0
          /x/?$,                /x/,       1
          /x/?$,                /x/y,      0
          /x/?(.*),             /xy,       1
          /x/.+,                /x/y,      1
          /x/.+,                /x/,       0
          /(foo|bar)/x(.*),     /bar/x,    1
          /(foo|bar)/x(.*),     /baz/x,    0
          /(api/)?v1(/|$)(.*),  /v1,       1
          /(api/)?v1(/|$)(.*),  /api/v1/a, 1
          /v[0-9],              /v7,       1
          /v[12]/(.*),          /v2/x,     1
          /v[12]/(.*),          /v3/x,     0
          /a{2}b,               /aabc,     1
          /v[0-9]+/x,           /vx,       0
          (/.*)?$,              /a,        1
          /v[0-9]+/x,           /v1/x,     -1
          /one|/two,            /x,        -1
          /(?!a)b,              /b,        -1
          /(?!a)b,              /c,        0
          (?-i)/A,              /A,        -1
          (?-i)/A,              /b,        0
          /(?>a|ab)c,           /abc,      -1
          /.*/x,                /y,        -1
          """)
  void decidesOrdinaryPatternsWithoutRunningThem(String text, String path, int answer) {
    RegexBudget spent = new RegexBudget();
    spent.spend();

    assertThat(locations(text).find(path, 0, path.length(), spent)).isEqualTo(answer);
  }

  /** Without a line feed "." is any byte; with one, patterns run. */
  @Test
  void runsPatternsOnPathsWithLineFeeds() {
    RegexLocations locations = locations("/a(.*)$", "/a$", "/");

    assertThat(locations.find("/ab\n", 0, 4, null)).isEqualTo(1);
    assertThat(locations.find("/ab\nc", 0, 5, null)).isEqualTo(3);
    assertThat(locations("/a$", "/").find("/a\n", 0, 3, null)).isEqualTo(1);
    assertThat(locations("/a$\n").find("/a\n", 0, 3, null)).isEqualTo(1);
  }

  /** 1,000 regular expressions on one host cost a handful of evaluations. */
  @Test
  void readsAThousandExpressionsForTheCostOfAFew() {
    String[] texts = new String[1001];
    for (int i = 0; i < 1000; i++) {
      texts[i] = "/team" + i + "/v[0-9]+/(users|items)/([^/]+)$";
    }
    texts[1000] = "/";
    RegexLocations locations = locations(texts);
    RegexBudget budget = new RegexBudget();
    String path = "/Team777/v12/items/4711";

    assertThat(locations.find(path, 0, path.length(), budget)).isEqualTo(778);
    assertThat(RegexBudget.READS - budget.left()).isLessThan(2000);
    String miss = "/team777/x";
    RegexBudget other = new RegexBudget();
    assertThat(locations.find(miss, 0, miss.length(), other)).isEqualTo(1001);
    assertThat(other.left()).isEqualTo(RegexBudget.READS);
  }

  /** A look-up decided by the index alone allocates nothing. */
  @Test
  void allocatesNothingIfNothingRuns() {
    RegexLocations locations = locations("/v[0-9]+/x", "/shop(/|$)(.*)", "/(a|b)/(.*)", "/");
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    int lookUps = 20_000;
    long least = Long.MAX_VALUE;
    int found = 0;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < lookUps; i++) {
        found += locations.find("/SHOP/x", 0, 7, null);
        found += locations.find("/shopx", 0, 6, null);
        found += locations.find("/b/x", 0, 4, null);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }

    assertThat(found).isEqualTo(5 * lookUps * (2 + 4 + 3));
    assertThat(least).as("less than a byte each").isLessThan(lookUps);
  }

  @Test
  void tellsThatTheBudgetIsSpent() {
    RegexLocations locations = locations("/(.*a){12}$", "/");
    String path = "/" + "a".repeat(40) + "!";

    assertThat(locations.find(path, 0, path.length(), null)).isEqualTo(-1);
  }

  @Test
  void expandsWithinBounds() {
    String wide = "/(a|b|c|d)(e|f|g|h)(i|j|k|l)(foo|bar|baz|qux)";
    String deep = "/" + "a".repeat(600);
    RegexLocations locations = locations(wide, deep);
    String hit = deep.toUpperCase(java.util.Locale.ROOT);

    assertThat(pattern(wide).prefixes()).hasSizeLessThanOrEqualTo(16);
    assertThat(locations.find("/dhlqux", 0, 7, null)).isEqualTo(1);
    assertThat(locations.find("/dhlquy", 0, 7, null)).isZero();
    assertThat(locations.find(hit, 0, hit.length(), null)).isEqualTo(2);
  }

  @Test
  void comparesBytes() {
    RegexLocations locations = locations("/é(.*)");
    String path = new String("/éa".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    assertThat(locations.find(path, 0, path.length(), null)).isEqualTo(1);
  }
}
