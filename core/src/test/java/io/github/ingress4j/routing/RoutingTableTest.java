package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts and paths as networking.k8s.io/v1 describes them (IngressRule, HTTPIngressPath). */
class RoutingTableTest {

  /** Kubernetes documentation, Ingress, "Examples" of path types, complete. */
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource(
      textBlock =
          """
          # rules,                                     request,      taken by
          Prefix /,                                    /,            Prefix /
          Prefix /,                                    /any/path,    Prefix /
          Exact /foo,                                  /foo,         Exact /foo
          Exact /foo,                                  /bar,
          Exact /foo,                                  /foo/,
          Exact /foo/,                                 /foo,
          Prefix /foo,                                 /foo,         Prefix /foo
          Prefix /foo,                                 /foo/,        Prefix /foo
          Prefix /foo/,                                /foo,         Prefix /foo/
          Prefix /foo/,                                /foo/,        Prefix /foo/
          Prefix /aaa/bb,                              /aaa/bbb,
          Prefix /aaa/bbb,                             /aaa/bbb,     Prefix /aaa/bbb
          Prefix /aaa/bbb/,                            /aaa/bbb,     Prefix /aaa/bbb/
          Prefix /aaa/bbb,                             /aaa/bbb/,    Prefix /aaa/bbb
          Prefix /aaa/bbb,                             /aaa/bbb/ccc, Prefix /aaa/bbb
          Prefix /aaa/bbb,                             /aaa/bbbxyz,
          Prefix / + Prefix /aaa,                      /aaa/ccc,     Prefix /aaa
          Prefix / + Prefix /aaa + Prefix /aaa/bbb,    /aaa/bbb,     Prefix /aaa/bbb
          Prefix / + Prefix /aaa + Prefix /aaa/bbb,    /ccc,         Prefix /
          Prefix /aaa,                                 /ccc,
          Prefix /foo + Exact /foo,                    /foo,         Exact /foo
          """)
  void answersTheOfficialTableOfPathTypes(String rules, String path, String expected) {
    assertThat(taker(rules, path)).isEqualTo(expected);
  }

  /** The type comment of HTTPIngressPath and the silences around it. */
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource(
      textBlock =
          """
          # rules,                               request,   taken by
          # "The longest path string wins", and the trailing slash counts.
          Prefix /foo + Prefix /foo/,            /foo,      Prefix /foo/
          Prefix /foo + Prefix /foo/,            /foo/,     Prefix /foo/
          Prefix /foo/ + Prefix /foo,            /foo/x,    Prefix /foo/
          # Exact first, even before a longer prefix.
          Exact /foo + Prefix /foo/,             /foo,      Exact /foo
          Exact /foo/ + Prefix /foo,             /foo/,     Exact /foo/
          Exact /foo/ + Prefix /foo,             /foo,      Prefix /foo
          Exact /foo/bar + Prefix /foo,          /foo/bar/, Prefix /foo
          # Case and all characters count as they are.
          Prefix /foo,                           /Foo,
          Prefix /foo,                           /foo;v=1,
          Prefix /*,                             /a,
          Prefix /*,                             /*/a,      Prefix /*
          Prefix /%41,                           /A,
          # Empty elements.
          Prefix /foo,                           /foo//bar, Prefix /foo
          Prefix /foo,                           //foo,
          Prefix /foo//,                         /foo/,
          Prefix /foo//,                         /foo//,    Prefix /foo//
          Prefix //,                             /,
          Prefix //,                             //,        Prefix //
          # What is no path belongs to the rest alone.
          Prefix /,                              *,
          Prefix /,                              '',
          Prefix / + Rest,                       *,         Rest
          Prefix / + Rest,                       '',        Rest
          Prefix / + Rest,                       /x,        Prefix /
          Exact /foo + Rest,                     /bar,      Rest
          Rest,                                  /bar,      Rest
          """)
  void ranksTheRulesOfOneHost(String rules, String path, String expected) {
    assertThat(taker(rules, path)).isEqualTo(expected);
  }

  /** Host table of the type comment of IngressRule.host; the host is decided once. */
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      textBlock =
          """
          # host,           path,   taken by
          foo.com,          /a,     Prefix "/a" of host "foo.com"
          FOO.COM,          /a,     Prefix "/a" of host "foo.com"
          foo.com,          /b,
          bar.foo.com,      /a,     Prefix "/a" of host "*.foo.com"
          Bar.Foo.Com,      /b,     Prefix "/" of host "*.foo.com"
          www.foo.com,      /a,     Exact "/a" of host "www.foo.com"
          www.foo.com,      /b,
          a.b.foo.com,      /a,     Prefix "/a" of every host
          a.b.foo.com,      /b,     the rest of every host
          .foo.com,         /a,     Prefix "/a" of every host
          *.foo.com,        /a,     Prefix "/a" of host "*.foo.com"
          other.org,        /a,     Prefix "/a" of every host
          '',               /a,     Prefix "/a" of every host
          '',               *,      the rest of every host
          x,                /a,     Prefix "/a" of every host
          x.y,              /a,     Prefix "/a" of host "*.y"
          y,                /a,     Prefix "/a" of every host
          """)
  void decidesTheHostOnceFromExactToWildcardToEvery(String host, String path, String expected) {
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    builder.add(HostPattern.parse("foo.com"), PathPattern.prefix("/a"), "");
    builder.add(HostPattern.parse("www.foo.com"), PathPattern.exact("/a"), "");
    builder.add(HostPattern.parse("*.foo.com"), PathPattern.prefix("/a"), "");
    builder.add(HostPattern.parse("*.foo.com"), PathPattern.prefix("/"), "");
    builder.add(HostPattern.parse("*.y"), PathPattern.prefix("/a"), "");
    builder.add(HostPattern.parse(""), PathPattern.prefix("/a"), "");
    builder.add(HostPattern.parse(""), PathPattern.rest(), "");

    Match<String> match = builder.build().match(host, path);

    assertThat(match == null ? null : match.toString()).isEqualTo(expected);
  }

  private static @Nullable String taker(String rules, String path) {
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    for (String rule : rules.split(" \\+ ", -1)) {
      builder.add(HostPattern.parse("foo.com"), pattern(rule), rule);
    }
    Match<String> match = builder.build().match("foo.com", path);
    return match == null ? null : match.target();
  }

  private static PathPattern pattern(String rule) {
    if (rule.startsWith("Exact ")) {
      return PathPattern.exact(rule.substring(6));
    }
    return rule.equals("Rest") ? PathPattern.rest() : PathPattern.prefix(rule.substring(7));
  }

  @Test
  void answersNothingWithoutRules() {
    RoutingTable<String> table = RoutingTable.<String>builder().build();

    assertThat(table.match("foo.com", "/")).isNull();
    assertThat(table.match("", "")).isNull();
    assertThat(table.hostCount()).isZero();
    assertThat(table.ruleCount()).isZero();
  }

  @Test
  void answersWithTheSameObjectEachTime() {
    HostPattern host = HostPattern.parse("*.foo.com");
    PathPattern path = PathPattern.prefix("/a");
    Object target = new Object();
    RoutingTable<Object> table = RoutingTable.builder().add(host, path, target).build();

    Match<Object> match = table.match("x.foo.com", "/a/b");

    assertThat(match).isNotNull();
    assertThat(match.host()).isSameAs(host);
    assertThat(match.path()).isSameAs(path);
    assertThat(match.target()).isSameAs(target);
    assertThat(table.match("y.foo.com", "/a")).isSameAs(match);
    assertThat(table.toBuilder().build().match("y.foo.com", "/a")).isSameAs(match);
  }

  @Test
  void refusesASecondRuleForTheSameHostAndPath() {
    HostPattern host = HostPattern.parse("foo.com");
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 0; i < 40; i++) {
      builder.add(host, PathPattern.prefix("/" + i), i);
      builder.add(host, PathPattern.exact("/" + i), i);
    }
    builder.add(host, PathPattern.rest(), -1);
    builder.add(HostPattern.parse(""), PathPattern.rest(), -2);

    assertThatThrownBy(() -> builder.add(host, PathPattern.prefix("/3"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are two rules for Prefix \"/3\" of host \"foo.com\"");
    assertThatThrownBy(() -> builder.add(host, PathPattern.exact("/39"), 0))
        .hasMessage("there are two rules for Exact \"/39\" of host \"foo.com\"");
    assertThatThrownBy(() -> builder.add(host, PathPattern.rest(), 0))
        .hasMessage("there are two rules for the rest of host \"foo.com\"");
    RoutingTable<Integer> table = builder.build();
    assertThatThrownBy(() -> table.toBuilder().add(new HostPattern.Any(), PathPattern.rest(), 0))
        .hasMessage("there are two rules for the rest of every host");
    assertThat(table.ruleCount()).isEqualTo(82);
    assertThat(table.hostCount()).isEqualTo(2);
  }

  @Test
  void buildsFurtherTablesWithoutTouchingTheFirst() {
    HostPattern host = HostPattern.parse("foo.com");
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    RoutingTable<String> first = builder.add(host, PathPattern.prefix("/a"), "a").build();
    RoutingTable<String> second = builder.add(host, PathPattern.prefix("/b"), "b").build();
    RoutingTable<String> third = builder.remove(host).remove(HostPattern.parse("no.such")).build();

    assertThat(first.match("foo.com", "/b")).isNull();
    assertThat(first.ruleCount()).isEqualTo(1);
    assertThat(second.match("foo.com", "/a")).isSameAs(first.match("foo.com", "/a"));
    assertThat(second.ruleCount()).isEqualTo(2);
    assertThat(third.match("foo.com", "/a")).isNull();
    assertThat(third.hostCount()).isZero();
    assertThat(third.ruleCount()).isZero();
  }

  @Test
  void sharesHostsThatDidNotChange() {
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 0; i < 100; i++) {
      builder.add(HostPattern.parse("h" + i), PathPattern.prefix("/"), i);
    }
    RoutingTable<Integer> before = builder.build();
    HostPattern changed = HostPattern.parse("h7");

    RoutingTable<Integer> after =
        before.toBuilder().remove(changed).add(changed, PathPattern.prefix("/"), -7).build();

    for (int i = 0; i < 100; i++) {
      HostPattern host = HostPattern.parse("h" + i);
      if (i == 7) {
        assertThat(target(after, "h7", "/")).isEqualTo(-7);
      } else {
        assertThat(after.hosts().rules(host)).isSameAs(before.hosts().rules(host));
      }
    }
  }

  @Test
  void refusesPositionsOutsideTheTexts() {
    RoutingTable<String> table = RoutingTable.<String>builder().build();

    assertThatThrownBy(() -> table.match("foo", 0, 4, "/", 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> table.match("foo", 0, 3, "/", 1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesPathsThatAreNoStringsOfBytes() {
    assertThatThrownBy(() -> PathPattern.prefix("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path \"a\" does not begin with '/'");
    assertThatThrownBy(() -> PathPattern.exact("")).hasMessage("path \"\" does not begin with '/'");
    assertThatThrownBy(() -> PathPattern.exact("/\u0161\n"))
        .hasMessage(
            "path \"/\\u0161\\u000a\" holds a character beyond U+00FF; a path is a string of bytes");
  }

  @Test
  void takesAsManyChildrenAsThereAreBytes() {
    RoutingTable.Builder<String> builder = RoutingTable.builder();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i <= 0xFF; i++) {
      paths.add("/" + (char) i);
    }
    HostPattern host = new HostPattern.Any();
    paths.forEach(path -> builder.add(host, PathPattern.exact(path), path));
    RoutingTable<String> table = builder.build();

    assertThat(paths).allSatisfy(path -> assertThat(target(table, "", path)).isEqualTo(path));
    assertThat(table.match("", "/\u0100")).isNull();
  }

  private static <T> @Nullable T target(RoutingTable<T> table, String host, String path) {
    Match<T> match = table.match(host, path);
    return match == null ? null : match.target();
  }
}
