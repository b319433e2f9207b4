package io.github.ingress4j.dialect.nginx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A host while the model is built; what the controller calls a server. */
final class ServerDraft {

  /** The name of the host that takes what no other host takes. */
  static final String DEFAULT = "_";

  final String name;

  /** The Ingress that introduced the host; null for the default host. */
  final @Nullable ServedIngress first;

  /** In the order in which they were added. */
  final List<LocationDraft> locations = new ArrayList<>();

  /** The first location of each path. */
  private final Map<String, LocationDraft> firstByPath = new HashMap<>();

  /** The Ingresses that have a rule for the host and are no canaries, the oldest first. */
  final Set<ServedIngress> claimants = new LinkedHashSet<>();

  /** Whose aliases count, with the list as written; then without those that lose. */
  @Nullable ServedIngress aliasOwner;

  List<String> aliases = List.of();

  /** The Ingress whose TLS section gives the host its certificate. */
  @Nullable ServedIngress tlsOwner;

  /** The Ingress that asks for the redirect between the names with and without {@code www.}. */
  @Nullable ServedIngress siteRedirectOwner;

  ServerDraft(String name, @Nullable ServedIngress first) {
    this.name = name;
    this.first = first;
  }

  void add(LocationDraft location) {
    locations.add(location);
    firstByPath.putIfAbsent(location.path, location);
  }

  /** The location with this path that was added first, or null. */
  @Nullable LocationDraft location(String path) {
    return firstByPath.get(path);
  }

  boolean isDefault() {
    return name.equals(DEFAULT);
  }

  boolean isWildcard() {
    return name.startsWith("*.");
  }

  /** The other name of a site: with {@code www.} if this one has none, else without. */
  String sibling() {
    return name.startsWith("www.") ? name.substring(4) : "www." + name;
  }

  /** The host as rules write it. */
  String ruleHost() {
    return isDefault() ? "" : name;
  }
}
