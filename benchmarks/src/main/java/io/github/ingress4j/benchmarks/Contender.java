package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.RoutingTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that finds the rule of a request. */
public interface Contender {

  /**
   * Returns the rule that takes the request.
   *
   * @param host the request's host in lower case; for a {@link #isBound bound} the text of the host
   *     pattern that it belongs to
   * @param path the request's path; for a {@link #isBound bound} the text of the path pattern that
   *     takes it
   * @return the {@link Workload.Rule}, or a match that leads to it, or null
   */
  @Nullable Object match(String host, String path);

  /** Whether this is no router but a bound, which is told the answer and has only to look it up. */
  default boolean isBound() {
    return false;
  }

  /** Whether the answers mean something. */
  default boolean isRouter() {
    return true;
  }

  /** The contenders by the names that the benchmark's parameter has. */
  enum Kind {
    /** Ours. */
    INGRESS4J {
      @Override
      Contender create(List<Workload.Rule> rules) {
        RoutingTable<Workload.Rule> table = Workload.table(rules);
        return table::match;
      }
    },
    /** Two perfect look-ups. */
    HASH_MAPS {
      @Override
      Contender create(List<Workload.Rule> rules) {
        return new HashMapBound(rules);
      }
    },
    /** One look at each character. */
    FLOOR {
      @Override
      Contender create(List<Workload.Rule> rules) {
        return new Floor(rules);
      }
    },
    /** Undertow's path matcher for each host. */
    UNDERTOW {
      @Override
      Contender create(List<Workload.Rule> rules) {
        return new UndertowMatchers(rules);
      }
    },
    /** A design of ours that lost: one hash table for all elements of all paths. */
    ELEMENT_HASH {
      @Override
      Contender create(List<Workload.Rule> rules) {
        return new ElementHash(rules);
      }
    },
    /** A design of ours that lost: a trie of objects for each host. */
    NODE_TRIE {
      @Override
      Contender create(List<Workload.Rule> rules) {
        return new NodeTrie(rules);
      }
    };

    abstract Contender create(List<Workload.Rule> rules);
  }
}
