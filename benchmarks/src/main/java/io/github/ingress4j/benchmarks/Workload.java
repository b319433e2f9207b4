package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules and requests like those of a busy ingress, the same for one seed.
 *
 * <p>Ten rules a host, a tenth of the hosts wildcards, four of five paths prefixes, paths of 1 to 5
 * segments of which about half extend another path of their host. A tenth of the requests match
 * nothing.
 */
public final class Workload {

  /**
   * One rule.
   *
   * @param host the hosts it answers for
   * @param path the paths it answers for
   */
  public record Rule(HostPattern host, PathPattern path) {}

  /**
   * A request, and for the bounds what they have to look up: the texts of the patterns that take
   * it, of a miss its own.
   */
  record Request(String host, String path, String hostKey, String pathKey) {}

  private static final int PATHS_A_HOST = 10;
  private static final String[] WORDS = {
    "api",
    "v1",
    "v2",
    "users",
    "orders",
    "pay",
    "payments",
    "reservation",
    "static",
    "assets",
    "img",
    "login",
    "logout",
    "search",
    "items",
    "products",
    "catalog",
    "cart",
    "checkout",
    "invoices",
    "reports",
    "admin",
    "health",
    "metrics",
    "docs",
    "help",
    "news",
    "blog",
    "feed",
    "events",
    "messages",
    "notifications",
    "settings",
    "profile",
    "account",
    "billing",
    "graphql",
    "webhook",
    "callback",
    "internal"
  };

  private final List<Rule> rules = new ArrayList<>();
  private final Random random;
  private double @Nullable [] zipf;

  Workload(int ruleCount, long seed) {
    random = new Random(seed);
    int hosts = Math.max(1, ruleCount / PATHS_A_HOST);
    for (int i = 0; i < hosts; i++) {
      addHost(i, Math.min(PATHS_A_HOST, ruleCount - rules.size()));
    }
    // So that what is asked for most does not lie together because it was made together.
    Collections.shuffle(rules, random);
  }

  private void addHost(int number, int paths) {
    String tail = word() + "-" + number + "." + word() + ".example.com";
    HostPattern host = HostPattern.parse(number % 10 == 9 ? "*." + tail : word() + "." + tail);
    List<String> known = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    while (known.size() < paths) {
      String path =
          !known.isEmpty() && random.nextBoolean()
              ? known.get(random.nextInt(known.size())) + segments(1)
              : segments(1 + random.nextInt(3));
      if (path.chars().filter(c -> c == '/').count() <= 5 && taken.add(path)) {
        known.add(path);
        rules.add(
            new Rule(
                host, random.nextInt(5) == 0 ? PathPattern.exact(path) : PathPattern.prefix(path)));
      }
    }
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private String segments(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append('/').append(word());
    }
    return out.toString();
  }

  List<Rule> rules() {
    return rules;
  }

  static RoutingTable<Rule> table(List<Rule> rules) {
    RoutingTable.Builder<Rule> builder = RoutingTable.builder();
    for (Rule rule : rules) {
      builder.add(rule.host(), rule.path(), rule);
    }
    return builder.build();
  }

  /**
   * Makes requests.
   *
   * @param even whether each rule is asked for equally often; else the rule in place n is asked for
   *     in proportion to 1/n
   */
  List<Request> requests(int count, boolean even) {
    RoutingTable<Rule> table = table(rules);
    List<Request> requests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      requests.add(request(table, even ? random.nextInt(rules.size()) : zipf(), i % 10 == 9));
    }
    Collections.shuffle(requests, random);
    return requests;
  }

  private Request request(RoutingTable<Rule> table, int place, boolean miss) {
    Rule rule = rules.get(place);
    String host = rule.host().text();
    if (rule.host() instanceof HostPattern.Wildcard) {
      host = word() + random.nextInt(100) + host.substring(1);
    }
    String path = rule.path().text();
    if (rule.path() instanceof PathPattern.Prefix) {
      int more = random.nextInt(3);
      path += more == 0 ? "" : "/" + random.nextInt(100_000) + (more == 1 ? "" : segments(1));
    }
    boolean strangeHost = miss && random.nextBoolean();
    if (miss) {
      if (strangeHost) {
        host = "x" + host;
        host = host.substring(0, host.length() - 1);
      } else {
        path = "/~" + path.substring(1);
      }
    }
    // Another rule of the host may go before the one that the request was made for.
    var match = table.match(host, path);
    return match == null
        ? new Request(host, path, strangeHost ? host : rule.host().text(), path)
        : new Request(host, path, match.host().text(), match.path().text());
  }

  private int zipf() {
    double[] sums = zipf;
    if (sums == null) {
      sums = new double[rules.size()];
      double sum = 0;
      for (int i = 0; i < sums.length; i++) {
        sum += 1.0 / (i + 1);
        sums[i] = sum;
      }
      zipf = sums;
    }
    double wanted = random.nextDouble() * sums[sums.length - 1];
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
