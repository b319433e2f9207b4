package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A design that was weighed: one open-addressing table for the rules of all hosts, keyed by the
 * hash of the host and the hash of the path up to the end of an element. A look-up hashes the path
 * once, probes at the end of each element, and remembers the last hit.
 */
final class ElementHash implements Contender {

  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final long EXACT = 0x5851F42D4C957F2DL;

  private final long[] hashes;
  private final Workload.@Nullable Rule[] rules;
  private final Map<String, HostPattern> hosts = new HashMap<>();

  ElementHash(List<Workload.Rule> all) {
    int capacity = Integer.highestOneBit(all.size() * 4);
    hashes = new long[capacity];
    rules = new Workload.Rule[capacity];
    for (Workload.Rule rule : all) {
      String host = rule.host().text();
      hosts.put(host, rule.host());
      String path = rule.path().text();
      long hash = hash(host, host.startsWith("*") ? 1 : 0);
      for (int i = 0; i < path.length(); i++) {
        hash = step(hash, path.charAt(i));
      }
      long key = key(hash, rule.path() instanceof PathPattern.Exact);
      int slot = (int) key & (capacity - 1);
      while (hashes[slot] != 0) {
        slot = (slot + 1) & (capacity - 1);
      }
      hashes[slot] = key;
      rules[slot] = rule;
    }
  }

  @Override
  public @Nullable Object match(String host, String path) {
    int start = 0;
    HostPattern pattern = hosts.get(host);
    if (pattern == null) {
      start = host.indexOf('.');
      pattern = start < 0 ? null : hosts.get("*" + host.substring(start));
      if (pattern == null) {
        return null;
      }
    }
    Workload.Rule best = null;
    long hash = hash(host, start);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' && i > 0) {
        Workload.Rule found = probe(key(hash, false), pattern, path, i);
        best = found == null ? best : found;
      }
      hash = step(hash, c);
    }
    Workload.Rule exact = probe(key(hash, true), pattern, path, path.length());
    if (exact != null) {
      return exact;
    }
    Workload.Rule last = probe(key(hash, false), pattern, path, path.length());
    return last == null ? best : last;
  }

  private Workload.@Nullable Rule probe(long key, HostPattern host, String path, int length) {
    int slot = (int) key & (hashes.length - 1);
    while (hashes[slot] != 0) {
      Workload.Rule rule = rules[slot];
      if (hashes[slot] == key
          && rule != null
          && rule.host().equals(host)
          && rule.path().text().length() == length
          && path.startsWith(rule.path().text())) {
        return rule;
      }
      slot = (slot + 1) & (hashes.length - 1);
    }
    return null;
  }

  private static long hash(String host, int from) {
    long hash = FACTOR;
    for (int i = from; i < host.length(); i++) {
      hash = step(hash, host.charAt(i));
    }
    return hash;
  }

  private static long step(long hash, char c) {
    return (hash + c) * FACTOR;
  }

  private static long key(long hash, boolean exact) {
    long key = (exact ? hash ^ EXACT : hash) * FACTOR;
    return (key ^ (key >>> 32)) | 1L << 63;
  }
}
