package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sizes, allocation and chosen names. Nothing here measures time. */
class RoutingTableScaleTest {

  private static final int LOOK_UPS = 100_000;

  @Test
  void allocatesNothingOnALookUp() {
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 0; i < 100; i++) {
      builder.add(HostPattern.parse("h" + i + ".shop.example"), PathPattern.prefix("/a/" + i), i);
      builder.add(HostPattern.parse("*.h" + i + ".example"), PathPattern.exact("/a/" + i), i);
    }
    RoutingTable<Integer> table = builder.build();
    String[] hosts = {"h7.shop.example", "H7.SHOP.example", "x.h8.example", "none", "a\u0161.b"};
    String[] paths = {"/a/7", "/a/7/b", "/a/8", "/none", "/a/\u0161"};
    IntFunction<@Nullable Object> lookUp = i -> table.match(hosts[i % 5], paths[i / 5 % 5]);
    String host = "Host: " + hosts[1] + ":80";
    String path = "GET " + paths[1] + " HTTP/1.1";
    IntFunction<@Nullable Object> inside =
        i -> table.match(host, 6, host.length() - 3, path, 4, path.length() - 9);

    assertThat(allocatedBy(lookUp)).isZero();
    assertThat(allocatedBy(inside)).isZero();
    // The measure sees what there is: a string of at least 24 bytes with its bytes each time.
    assertThat(allocatedBy(i -> hosts[i % 5].concat("x"))).isGreaterThan(24L * LOOK_UPS);
  }

  /**
   * The least of several tries, since the compiler and class loading may allocate in this thread.
   */
  private static long allocatedBy(IntFunction<@Nullable Object> work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    int found = 0;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < LOOK_UPS; i++) {
        found += work.apply(i) == null ? 0 : 1;
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }
    assertThat(found).isPositive();
    return least - bytesOfTheMeasureItself(threads, id);
  }

  private static long bytesOfTheMeasureItself(ThreadMXBean threads, long id) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 1000; i++) {
      long before = threads.getThreadAllocatedBytes(id);
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }
    return least;
  }

  /** Names made with the seed at hand, so that all of them want one slot of the table. */
  @Test
  void staysFastWhenHostsAreChosenToCollide() {
    long knownSeed = 42;
    int wanted = 2000;
    List<String> names = new ArrayList<>();
    int mask = 8191;
    for (int i = 0; names.size() < wanted; i++) {
      String name = "h" + i + ".shop";
      if ((HostIndex.hash(knownSeed, name, 0, name.length()) & mask) == 7) {
        names.add(name);
      }
    }
    AtomicLong seeds = new AtomicLong(knownSeed);
    RoutingTable.Builder<String> builder =
        RoutingTable.builder(() -> seeds.getAndAdd(0x9E3779B97F4A7C15L));
    names.forEach(name -> builder.add(HostPattern.parse(name), PathPattern.prefix("/"), name));
    RoutingTable<String> table = builder.build();

    assertThat(seeds.get())
        .as("another seed was taken")
        .isNotEqualTo(knownSeed + 0x9E3779B97F4A7C15L);
    assertThat(table.hosts().longestProbe()).isLessThanOrEqualTo(HostIndex.LIMIT);
    assertThat(names).allSatisfy(name -> assertThat(target(table, name, "/x")).isEqualTo(name));
    assertThat(table.match("h.shop", "/x")).isNull();
  }

  /** If every seed crowds, which no luck explains, answers are still right. */
  @Test
  void answersRightEvenIfNoSeedHelps() {
    List<String> names = new ArrayList<>();
    for (int i = 0; names.size() < 300; i++) {
      String name = "h" + i + ".shop";
      if ((HostIndex.hash(42, name, 0, name.length()) & 1023) == 7) {
        names.add(name);
      }
    }
    RoutingTable.Builder<String> builder = RoutingTable.builder(() -> 42);
    names.forEach(name -> builder.add(HostPattern.parse(name), PathPattern.prefix("/"), name));
    RoutingTable<String> table = builder.build();

    assertThat(names).allSatisfy(name -> assertThat(target(table, name, "/x")).isEqualTo(name));
    RoutingTable.Builder<String> fewer = table.toBuilder();
    names.stream()
        .filter(name -> name.hashCode() % 2 == 0)
        .forEach(name -> fewer.remove(HostPattern.parse(name)));
    RoutingTable<String> rest = fewer.build();
    assertThat(names)
        .allSatisfy(
            name -> assertThat(rest.match(name, "/x") == null).isEqualTo(name.hashCode() % 2 == 0));
  }

  @Test
  void holdsAMillionRules() {
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    int hosts = 100_000;
    for (int i = 0; i < hosts; i++) {
      HostPattern host = HostPattern.parse((i % 10 == 9 ? "*.h" : "h") + i + ".shop.example");
      for (int j = 0; j < 10; j++) {
        builder.add(host, PathPattern.prefix("/api/" + j), j);
      }
    }
    RoutingTable<Integer> table = builder.build();

    assertThat(table.hostCount()).isEqualTo(hosts);
    assertThat(table.ruleCount()).isEqualTo(10 * hosts);
    assertThat(table.hosts().longestProbe()).isLessThanOrEqualTo(HostIndex.LIMIT);
    assertThat(target(table, "h4711.shop.example", "/api/3/x")).isEqualTo(3);
    assertThat(target(table, "x.h4719.shop.example", "/api/3/x")).isEqualTo(3);
    assertThat(table.match("h4719.shop.example", "/api/3/x")).isNull();
  }

  @Test
  void holdsAHundredThousandPathsOfOneHost() {
    HostPattern host = HostPattern.parse("a.shop");
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 0; i < 100_000; i++) {
      builder.add(host, i % 5 == 0 ? PathPattern.exact(path(i)) : PathPattern.prefix(path(i)), i);
    }
    RoutingTable<Integer> table = builder.build();

    for (int i = 0; i < 100_000; i++) {
      assertThat(target(table, "a.shop", path(i))).isEqualTo(i);
    }
    assertThat(target(table, "a.shop", path(4) + "/below")).isEqualTo(4);
    assertThat(table.match("a.shop", path(5) + "/below")).isNull();
  }

  private static String path(int i) {
    return "/" + Integer.toString(i * 7919, 36) + "/" + i % 13 + "/x";
  }

  /** 4,000 prefixes, each below the one before: a walk or a build by recursion would overflow. */
  @Test
  void holdsDeeplyNestedPrefixesAndLongPaths() {
    HostPattern host = HostPattern.parse("a.shop");
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    StringBuilder path = new StringBuilder();
    for (int depth = 1; depth <= 4000; depth++) {
      path.append("/a");
      builder.add(host, PathPattern.prefix(path.toString()), depth);
    }
    String longPath = "/" + "b".repeat(8191);
    builder.add(host, PathPattern.exact(longPath), -1);
    builder.add(host, PathPattern.exact(longPath + "c"), -2);
    RoutingTable<Integer> table = builder.build();

    assertThat(target(table, "a.shop", path.toString())).isEqualTo(4000);
    assertThat(target(table, "a.shop", path + "/b")).isEqualTo(4000);
    assertThat(target(table, "a.shop", path.substring(0, 4001))).isEqualTo(2000);
    assertThat(target(table, "a.shop", longPath)).isEqualTo(-1);
    assertThat(target(table, "a.shop", longPath + "c")).isEqualTo(-2);
    assertThat(table.match("a.shop", longPath.substring(1))).isNull();
    assertThat(table.match("a.shop", longPath + "/c")).isNull();
  }

  /** Strings that share one hash code: no set of ours may turn that into quadratic work. */
  @Test
  void takesPathsWhoseHashCodesAreEqual() {
    HostPattern host = HostPattern.parse("a.shop");
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    int bits = 14;
    for (int i = 0; i < 1 << bits; i++) {
      StringBuilder path = new StringBuilder("/");
      for (int bit = 0; bit < bits; bit++) {
        path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      builder.add(host, PathPattern.exact(path.toString()), i);
    }

    assertThat(target(builder.build(), "a.shop", "/" + "BB".repeat(bits)))
        .isEqualTo((1 << bits) - 1);
  }

  private static <T> @Nullable T target(RoutingTable<T> table, String host, String path) {
    Match<T> match = table.match(host, path);
    return match == null ? null : match.target();
  }
}
