package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PcrePattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of all hosts.
 *
 * <p>nginx takes the names as they come in the configuration: those of redirects, then host by host
 * its own and its aliases. Of two that are the same in lower case the first counts, so an alias can
 * take the name of a host that comes later.
 *
 * <pre>
 *   a.test   example.test  *.example.test  www.example.*  ~^v[0-9]     exact, suffix, start, pattern
 *            .example.test                                             exact and suffix: both or none
 * </pre>
 *
 * <p>Source: ingress-nginx, annotation server-alias; nginx, server names.
 */
final class Aliases {

  /** Whose a name is: no host's if it only redirects, and no alias if it is the host's own. */
  private record Claim(@Nullable ServerDraft server, @Nullable String alias) {}

  private final Map<HostPattern, HostPattern> patterns = new LinkedHashMap<>();

  /** The names that are taken; a suffix begins with a star, and a start ends with one. */
  private final Map<String, Claim> taken = new HashMap<>();

  private final Map<String, HostPattern> places = new LinkedHashMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private int order;

  /**
   * @param servers the hosts by name, in the order of the configuration
   * @param siteRedirects the names that lead to another host
   * @param groupNames takes the names of the groups of regular expressions
   */
  Aliases(Map<String, ServerDraft> servers, Set<String> siteRedirects, Set<String> groupNames) {
    siteRedirects.forEach(name -> taken.put(name, new Claim(null, null)));
    for (ServerDraft server : servers.values()) {
      if (server.isWildcard() || server.isDefault() || isFree(server)) {
        places.put(server.name, Compilation.pattern(server.name));
      }
      ServedIngress owner = server.aliasOwner;
      if (owner != null) {
        for (String alias : server.aliases) {
          add(server, owner, alias, groupNames);
        }
      }
    }
  }

  /** The patterns that stand for the pattern of another host, by which its routes are found. */
  Map<HostPattern, HostPattern> patterns() {
    return Collections.unmodifiableMap(patterns);
  }

  /**
   * The patterns under which the routes of the hosts stand: their own names, or the first of their
   * aliases for a host whose name another one has; no pattern if no request leads to a host.
   */
  Map<String, HostPattern> places() {
    return Collections.unmodifiableMap(places);
  }

  List<Diagnostic> findings() {
    return findings;
  }

  /** Whether a host has its own name, which an alias of another one may have taken. */
  private boolean isFree(ServerDraft server) {
    Claim claim = taken.putIfAbsent(server.name, new Claim(server, null));
    if (claim == null) {
      return true;
    }
    ServerDraft other = claim.server;
    ServedIngress owner = other == null ? null : other.aliasOwner;
    if (other != null && owner != null) {
      report(
          ModelRules.ALIAS_TAKES_HOST,
          "the alias "
              + PrintableText.quote(String.valueOf(claim.alias))
              + " of "
              + other.name
              + " takes all requests of the host "
              + server.name
              + ", because nginx takes host after host and "
              + other.name
              + " sorts first",
          owner,
          "remove the alias, or the rules of " + server.name);
    }
    return false;
  }

  private void add(ServerDraft server, ServedIngress owner, String alias, Set<String> groupNames) {
    if (alias.startsWith("~")) {
      addPattern(server, owner, alias, groupNames);
      return;
    }
    String name = lowerCase(alias);
    List<HostPattern> names = parse(name);
    if (names == null) {
      report(
          ModelRules.ALIAS_INVALID,
          "the alias " + PrintableText.quote(alias) + " is no name of a host" + refusal(true),
          owner,
          "write a name, as in a.example, a wildcard, as in *.example, .example or www.*, or ~ and a"
              + " regular expression");
      return;
    }
    if (names.isEmpty()) {
      report(
          ModelRules.ALIAS_IGNORED,
          "the alias " + PrintableText.quote(alias) + " can be the host of no request",
          owner,
          "write a name without a port, a path or a dot at its end");
      return;
    }
    boolean isBoth = name.startsWith(".");
    if (isTaken(isBoth ? name.substring(1) : name, server, owner, alias)
        || (isBoth && isTaken("*" + name, server, owner, alias))) {
      return;
    }
    names.forEach(pattern -> put(pattern, server));
  }

  private void put(HostPattern pattern, ServerDraft server) {
    HostPattern place = places.putIfAbsent(server.name, pattern);
    if (place != null) {
      patterns.put(pattern, place);
    }
  }

  /** Takes a name, and reports if somebody has it. */
  private boolean isTaken(String name, ServerDraft server, ServedIngress owner, String alias) {
    Claim claim = taken.putIfAbsent(name, new Claim(server, alias));
    if (claim == null) {
      return false;
    }
    ServerDraft other = claim.server;
    String why;
    String help;
    if (other == null) {
      why = " is the name that from-to-www-redirect sends to another host";
      help = "remove the alias, or the redirect";
    } else if (other.name.equals(server.name)) {
      why = " is a name of the host already";
      help = "remove the alias";
    } else if (claim.alias == null) {
      why = " is the name of a host that has rules of its own";
      help = "remove the alias, or the rules of that host";
    } else {
      why = " is one of " + other.name + " too, which sorts before " + server.name;
      help = "remove the alias from one of the two hosts";
    }
    report(
        ModelRules.ALIAS_IGNORED,
        "the alias " + PrintableText.quote(alias) + why + ", so it has no effect",
        owner,
        help);
    return true;
  }

  private void addPattern(
      ServerDraft server, ServedIngress owner, String alias, Set<String> groupNames) {
    PcrePattern.Result result = PcrePattern.compile(alias.substring(1), true, false);
    if (result instanceof PcrePattern.Compiled compiled) {
      groupNames.addAll(compiled.pattern().groupNames());
      if (!isTaken(alias, server, owner, alias)) {
        put(new HostPattern.Regex(compiled.pattern(), server.name, order++), server);
      }
      return;
    }
    PcrePattern.Fault fault = (PcrePattern.Fault) result;
    report(
        ModelRules.ALIAS_INVALID,
        "the alias "
            + PrintableText.quote(alias)
            + " is no regular expression that can be used: "
            + PatternCache.inWords(fault)
            + refusal(fault.kind() == PcrePattern.Fault.Kind.INVALID),
        owner,
        "correct the expression behind the ~");
  }

  private static String refusal(boolean isRefused) {
    return isRefused
        ? ", so it has no effect; the controller would keep its last good configuration of all hosts"
        : ", so it has no effect";
  }

  /** What an alias in lower case stands for; null if nginx refuses it. */
  private static @Nullable List<HostPattern> parse(String alias) {
    int star = alias.indexOf('*');
    boolean isWhole = star < 0 || alias.startsWith("*.") || alias.endsWith(".*");
    if (alias.isEmpty()
        || alias.equals(".")
        || alias.equals("*")
        || alias.contains("..")
        || alias.indexOf('*', star + 1) > 0
        || !isWhole) {
      return null;
    }
    try {
      if (star == 0) {
        return List.of(new HostPattern.Suffix("*" + alias));
      }
      if (star > 0) {
        return List.of(new HostPattern.Leading(alias));
      }
      return alias.startsWith(".")
          ? List.of(new HostPattern.Exact(alias.substring(1)), new HostPattern.Suffix("**" + alias))
          : List.of(new HostPattern.Exact(alias));
    } catch (IllegalArgumentException e) {
      // nginx takes a name with a port, say, but no request has it.
      return List.of();
    }
  }

  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return lower.toString();
  }

  private void report(Rule rule, String message, ServedIngress owner, String help) {
    findings.add(
        Diagnostic.of(rule, message)
            .withSource(owner.span(HostAnnotations.SERVER_ALIAS))
            .withObject(owner.ingress().label())
            .withField("metadata.annotations")
            .withHelp(help));
  }
}
