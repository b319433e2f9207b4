package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which host goes first, and aliases: ingress-nginx.md, sections 3.2 to 3.4. */
class HostChoiceTest {

  private static HostPattern.Regex regex(String text, String rank, int order) {
    PcrePattern.Result result = PcrePattern.compile(text, true, false);
    return new HostPattern.Regex(((PcrePattern.Compiled) result).pattern(), rank, order);
  }

  private static RoutingTable<String> table(HostPattern... hosts) {
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    for (HostPattern host : hosts) {
      builder.add(host, PathPattern.prefix("/"), host.text());
    }
    return builder.build();
  }

  private static @Nullable String target(RoutingTable<String> table, String host) {
    return target(table, host, "/");
  }

  private static @Nullable String target(RoutingTable<String> table, String host, String path) {
    Match<String> match = table.match(host, path);
    return match == null ? null : match.target();
  }

  @ParameterizedTest(name = "{0} is for {1}")
  @CsvSource(
      textBlock =
          """
          # Exact names, then the longest *.suffix, then prefix.*, then wildcard rule hosts and
          # expressions in order, then the rest (3.2).
          a.shop.test,        a.shop.test
          b.shop.test,        **.shop.test
          c.b.shop.test,      **.shop.test
          x.test,             **.test
          B.SHOP.TEST,        **.shop.test
          test,               any
          .test,              any
          www.shop.de,        www.shop.*
          WWW.shop.co.uk,     www.shop.*
          www.shop.x.y.de,    www.shop.x.*
          www.shop,           any
          www.shop.,          any
          xwww.shop.de,       any
          a.deep.org,         *.deep.org
          v1.deep.org,        ~^v[0-9]+\\.
          A-B_1.deep.org,     *.deep.org
          é.deep.org,         any
          v9.org,             ~^v[0-9]+\\.
          z.zoo.org,          *.zoo.org
          w.zoo.org,          *.zoo.org
          w.z.zoo.org,        ~zoo
          """)
  void choosesTheHost(String host, String chosen) {
    RoutingTable<String> table =
        table(
            new HostPattern.Any(),
            regex("zoo", "z", 1),
            regex("^v[0-9]+\\.", "*.a", 0),
            new HostPattern.Wildcard("*.deep.org", true),
            new HostPattern.Wildcard("*.zoo.org"),
            new HostPattern.Leading("www.shop.*"),
            new HostPattern.Leading("www.shop.x.*"),
            new HostPattern.Suffix("**.test"),
            new HostPattern.Suffix("**.shop.test"),
            new HostPattern.Exact("a.shop.test"));

    assertThat(target(table, host)).isEqualTo(chosen.equals("any") ? "" : chosen);
    String around = "x" + host + "y";
    Match<String> inside = table.match(around, 1, around.length() - 1, "/", 0, 1);
    assertThat(inside == null ? null : inside.target()).isEqualTo(target(table, host));
  }

  /** A wildcard host is a regex at the place of its name (3.3). */
  @Test
  void ranksWildcardsAmongExpressions() {
    HostPattern wildcard = new HostPattern.Wildcard("*.shop", true);

    assertThat(target(table(wildcard, regex("a", "*.a", 5)), "a.shop")).isEqualTo("~a");
    assertThat(target(table(wildcard, regex("a", "*.shop", 0)), "a.shop")).isEqualTo("*.shop");
    assertThat(target(table(wildcard, regex("a", "a.shop", 0)), "a.shop")).isEqualTo("*.shop");
    assertThat(target(table(regex("a", "x", 2), regex("b", "x", 1)), "ab")).isEqualTo("~b");
  }

  @Test
  void refusesTheHostWhenTheBudgetIsSpent() {
    RoutingTable<String> table = table(regex("(.*a){12}$", "a", 0), new HostPattern.Any());
    String host = "a".repeat(40) + "-";
    RegexBudget budget = new RegexBudget();

    assertThat(table.match(host, 0, host.length(), "/", 0, 1, budget)).isNull();
    assertThat(budget.isSpent()).isTrue();
    assertThat(target(table, host)).isNull();
    assertThat(target(table, "b")).isEmpty();
  }

  @Test
  void refusesThePathWhenTheBudgetIsSpent() {
    PcrePattern bomb =
        ((PcrePattern.Compiled) PcrePattern.compile("/(.*a){12}$", true, true)).pattern();
    RoutingTable<String> table =
        RoutingTable.<String>builder()
            .add(new HostPattern.Any(), PathPattern.regex(bomb, 0), "bomb")
            .add(new HostPattern.Any(), PathPattern.rest(), "rest")
            .build();
    String path = "/" + "a".repeat(40) + "-";
    RegexBudget budget = new RegexBudget();

    assertThat(table.match("h", 0, 1, path, 0, path.length(), budget)).isNull();
    assertThat(budget.isSpent()).isTrue();
    assertThat(target(table, "h", "/b")).isEqualTo("rest");
  }

  private static final List<String> LABELS = List.of("a", "b", "www", "A", "x_1", "é", "");

  /** Every pattern is tried, and the best of those that match is taken, by the words of 3.2. */
  @Property(tries = 1500)
  void answersAsTheNaiveModelDoes(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, HostPattern> hosts = new LinkedHashMap<>();
    for (int i = random.nextInt(10); i >= 0; i--) {
      String name = List.of("a", "b.a", "www.a", "a.b", "b.b.a").get(random.nextInt(5));
      HostPattern host =
          switch (random.nextInt(7)) {
            case 0 -> new HostPattern.Exact(name);
            case 1 -> new HostPattern.Wildcard("*." + name, name.length() % 2 == 0);
            case 2 -> new HostPattern.Suffix("**." + name);
            case 3 -> new HostPattern.Leading(name + ".*");
            case 4 -> new HostPattern.Any();
            case 5 -> regex("^" + name.replace(".", "\\."), "*." + name, random.nextInt(3));
            default -> regex(name + "$", name, random.nextInt(3));
          };
      hosts.putIfAbsent(host.text(), host);
    }
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    RoutingTable<String> table = builder.build();
    for (HostPattern host : hosts.values()) {
      builder.add(host, PathPattern.prefix("/"), host.text());
      // Some are added to a table that exists, as a change of the input does it.
      table = random.nextBoolean() ? builder.build() : table;
    }
    table = builder.build();
    for (int i = 0; i < 30; i++) {
      List<String> labels = new ArrayList<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        labels.add(LABELS.get(random.nextInt(LABELS.size())));
      }
      String host = String.join(".", labels);

      assertThat(target(table, host)).as("%s in %s", host, hosts).isEqualTo(naive(hosts, host));
    }
    assertThat(table.hostCount()).isEqualTo(hosts.size());
  }

  private static @Nullable String naive(Map<String, HostPattern> hosts, String given) {
    String host = given.replace('A', 'a');
    HostPattern best = null;
    for (HostPattern pattern : hosts.values()) {
      if (Pattern.compile(expression(pattern)).matcher(host).find()
          && (best == null || rank(pattern).compareTo(rank(best)) < 0)) {
        best = pattern;
      }
    }
    return best == null ? null : best.text();
  }

  private static String expression(HostPattern pattern) {
    String text = pattern.text();
    if (pattern instanceof HostPattern.Exact) {
      return "^" + Pattern.quote(text) + "$";
    }
    if (pattern instanceof HostPattern.Wildcard wildcard) {
      return (wildcard.wordsOnly() ? "^[a-z0-9_-]+" : "^[^.]+")
          + Pattern.quote(text.substring(1))
          + "$";
    }
    if (pattern instanceof HostPattern.Suffix) {
      return "." + Pattern.quote(text.substring(2)) + "$";
    }
    if (pattern instanceof HostPattern.Leading) {
      return "^" + Pattern.quote(text.substring(0, text.length() - 1)) + ".";
    }
    return pattern instanceof HostPattern.Regex ? text.substring(1) : "";
  }

  /** A text that orders as hosts are chosen. */
  private static String rank(HostPattern pattern) {
    String text = pattern.text();
    String length = (char) (0xFFF - text.length()) + text;
    if (pattern instanceof HostPattern.Exact) {
      return "0";
    }
    if (pattern instanceof HostPattern.Suffix) {
      return "1" + length;
    }
    if (pattern instanceof HostPattern.Leading) {
      return "2" + length;
    }
    if (pattern instanceof HostPattern.Wildcard) {
      return "3" + text + "\0";
    }
    return pattern instanceof HostPattern.Regex regex
        ? "3" + regex.rank() + "\0" + (regex.order() + 1) + text
        : "4";
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*.shop", "**", "**.", "**.Shop", "**.a..b", "**.*.a", "**.a/b"})
  void refusesSuffixesOfAnotherForm(String text) {
    assertThatThrownBy(() -> new HostPattern.Suffix(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("host " + QuotedText.of(text) + " is not **. and a lower-case name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shop", ".*", "*.shop.*", "Shop.*", "a..b.*", "a:b.*"})
  void refusesLeadingTextsOfAnotherForm(String text) {
    assertThatThrownBy(() -> new HostPattern.Leading(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("host " + QuotedText.of(text) + " is not a lower-case name and .*");
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource(
      textBlock =
          """
          **.shop,     a.b.shop,   true
          **.shop,     A.SHOP,     true
          **.shop,     shop,       false
          **.shop,     .shop,      false
          www.shop.*,  www.shop.x, true
          www.shop.*,  www.shop.,  false
          www.shop.*,  www.shop,   false
          """)
  void matchesSuffixesAndLeadingTexts(String text, String host, boolean matches) {
    HostPattern pattern =
        text.endsWith("*") ? new HostPattern.Leading(text) : new HostPattern.Suffix(text);

    assertThat(pattern.matches(host)).isEqualTo(matches);
  }

  @Test
  void matchesWordsAndExpressions() {
    assertThat(new HostPattern.Wildcard("*.shop", true).matches("a_b-1.shop")).isTrue();
    assertThat(new HostPattern.Wildcard("*.shop", true).matches("é.shop")).isFalse();
    assertThat(new HostPattern.Wildcard("*.shop").matches("é.shop")).isTrue();
    assertThat(new HostPattern.Wildcard("*.shop"))
        .isEqualTo(new HostPattern.Wildcard("*.shop", false));
    assertThat(regex("^v[0-9]\\.", "x", 0).matches("V1.shop")).isTrue();
    assertThat(regex("^v[0-9]\\.", "x", 0).matches("v.shop")).isFalse();
    assertThat(regex("^v", "x", 0).text()).isEqualTo("~^v");
  }

  /** An alias serves all paths of its host (3.4). */
  @Test
  void sharesRulesWithAliases() {
    HostPattern host = new HostPattern.Exact("a.shop");
    HostPattern expression = regex("^alias[0-9]$", "a.shop", 0);
    HostPattern suffix = new HostPattern.Suffix("**.alias");
    RoutingTable<String> table =
        RoutingTable.<String>builder()
            .alias(expression, host)
            .alias(suffix, host)
            .alias(new HostPattern.Leading("alias.*"), host)
            .alias(new HostPattern.Exact("b.shop"), host)
            .alias(new HostPattern.Exact("orphan.shop"), new HostPattern.Exact("none.shop"))
            .add(host, PathPattern.prefix("/"), "root")
            .add(host, PathPattern.prefix("/x"), "x")
            .build();
    Match<String> own = Objects.requireNonNull(table.match("a.shop", "/x/y"));

    for (String alias : List.of("alias7", "x.alias", "alias.x", "b.shop")) {
      assertThat(table.match(alias, "/x/y")).isSameAs(own);
    }
    assertThat(own.host()).isEqualTo(host);
    assertThat(table.match("orphan.shop", "/")).isNull();
    assertThat(table.ruleCount()).isEqualTo(2);

    RoutingTable<String> more =
        table.toBuilder().add(host, PathPattern.exact("/new"), "new").build();
    assertThat(target(more, "alias7", "/new")).isEqualTo("new");
    assertThat(target(table, "alias7", "/new")).isEqualTo("root");

    RoutingTable<String> withoutAlias = more.toBuilder().remove(suffix).build();
    assertThat(withoutAlias.match("x.alias", "/")).isNull();
    assertThat(withoutAlias.match("alias7", "/x")).isNotNull();

    RoutingTable<String> withoutHost = more.toBuilder().remove(host).build();
    for (String alias : List.of("alias7", "x.alias", "alias.x", "b.shop", "a.shop")) {
      assertThat(withoutHost.match(alias, "/x")).isNull();
    }
    assertThat(withoutHost.hostCount()).isZero();
  }

  @Test
  void sharesRulesOfAnExpression() {
    HostPattern host = regex("^a[0-9]$", "x", 0);
    RoutingTable<String> table =
        RoutingTable.<String>builder()
            .add(host, PathPattern.prefix("/"), "rule")
            .alias(new HostPattern.Exact("b"), host)
            .build();

    assertThat(table.match("b", "/")).isNotNull().isSameAs(table.match("a1", "/"));
    assertThat(table.toBuilder().remove(host).build().match("b", "/")).isNull();
  }

  @Test
  void givesARemovedAliasRulesOfItsOwn() {
    HostPattern alias = new HostPattern.Exact("b.shop");
    HostPattern host = new HostPattern.Exact("a.shop");
    RoutingTable.Builder<String> builder =
        RoutingTable.<String>builder().add(host, PathPattern.prefix("/"), "a").alias(alias, host);
    RoutingTable<String> first = builder.build();
    RoutingTable<String> second =
        builder.remove(alias).add(alias, PathPattern.prefix("/"), "b").build();

    assertThat(target(first, "b.shop")).isEqualTo("a");
    assertThat(target(second, "b.shop")).isEqualTo("b");
    assertThat(second.ruleCount()).isEqualTo(2);
  }

  @Test
  void refusesAliasesThatAreHosts() {
    HostPattern a = new HostPattern.Exact("a.shop");
    HostPattern b = new HostPattern.Exact("b.shop");
    HostPattern c = new HostPattern.Exact("c.shop");
    RoutingTable.Builder<String> builder =
        RoutingTable.<String>builder().add(a, PathPattern.rest(), "a").alias(b, a);

    assertThatThrownBy(() -> builder.alias(a, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("host \"a.shop\" has rules and cannot be an alias");
    assertThatThrownBy(() -> builder.alias(c, c))
        .hasMessage("host \"c.shop\" has rules and cannot be an alias");
    assertThatThrownBy(() -> builder.alias(b, c)).hasMessage("host \"b.shop\" is an alias already");
    assertThatThrownBy(() -> builder.alias(c, b))
        .hasMessage("host \"b.shop\" is an alias and cannot have aliases");
    assertThatThrownBy(() -> builder.add(b, PathPattern.rest(), "b"))
        .hasMessage("host \"b.shop\" is an alias and cannot have rules");
    RoutingTable.Builder<String> later = builder.build().toBuilder();
    assertThatThrownBy(() -> later.alias(a, c))
        .hasMessage("host \"a.shop\" has rules and cannot be an alias");
  }

  @Test
  void refusesOneTextInTwoWays() {
    RoutingTable.Builder<String> builder =
        RoutingTable.<String>builder()
            .add(new HostPattern.Wildcard("*.shop"), PathPattern.rest(), "a");

    assertThatThrownBy(
            () ->
                builder.add(new HostPattern.Wildcard("*.shop", true), PathPattern.prefix("/"), "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("host \"*.shop\" is there in two ways: ");
    RoutingTable.Builder<String> later =
        builder.build().toBuilder().remove(new HostPattern.Exact("none"));
    assertThatThrownBy(() -> later.claim(new HostPattern.Wildcard("*.shop", true)).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allocatesNothingForHostsWithoutExpressions() {
    RoutingTable<String> table =
        table(
            new HostPattern.Suffix("**.shop"),
            new HostPattern.Leading("www.shop.*"),
            new HostPattern.Wildcard("*.org", true));
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < 20_000; i++) {
        assertPresent(table.match("a.b.shop", "/"));
        assertPresent(table.match("WWW.shop.de", "/"));
        assertPresent(table.match("a.org", "/"));
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }

    assertThat(least).isLessThan(20_000);
  }

  private static void assertPresent(@Nullable Object match) {
    if (match == null) {
      throw new AssertionError("there is no match");
    }
  }
}
