package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.dialect.tls.SecretIdentities;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.policy.TlsIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The controller's table of certificates: which hosts have an entry, on which the redirect to TLS
 * depends, and what is shown under which name.
 *
 * <p>A host has an entry as soon as an Ingress with a TLS section has a rule for it, whatever the
 * section says, because the default certificate takes the place of a missing one. An alias and the
 * sibling with or without {@code www.} have one only if the certificate itself names them.
 *
 * <p>Source: ingress-nginx, https redirect.
 *
 * @param hosts the hosts with an entry
 * @param identities what is shown under which name
 */
record Certificates(Set<String> hosts, TlsIdentities identities) {

  /** Nothing but the default certificate. */
  static final Certificates NONE = new Certificates(Set.of(), TlsIdentities.NONE);

  /**
   * Reads the certificates of hosts.
   *
   * @param siblings the other names of hosts that lead to these
   */
  static Certificates of(
      Collection<ServerDraft> servers, Set<String> siblings, SecretIdentities secrets) {
    Set<String> hosts = new HashSet<>();
    hosts.add(ServerDraft.DEFAULT);
    Map<String, TlsIdentity> byName = new HashMap<>();
    Set<String> withoutOwn = new HashSet<>();
    for (ServerDraft server : servers) {
      ServedIngress owner = server.tlsOwner;
      if (owner == null) {
        continue;
      }
      hosts.add(server.name);
      if (server.isDefault()) {
        // The default host keeps the default certificate.
        continue;
      }
      TlsIdentity identity = identity(server.name, owner, secrets);
      if (identity == null) {
        withoutOwn.add(server.name);
        continue;
      }
      byName.put(server.name, identity);
      for (String alias : server.aliases) {
        if (covers(identity, alias)) {
          hosts.add(alias.toLowerCase(Locale.ROOT));
          byName.putIfAbsent(alias.toLowerCase(Locale.ROOT), identity);
        }
      }
      String sibling = server.sibling();
      if (siblings.contains(sibling) && covers(identity, sibling)) {
        byName.putIfAbsent(sibling, identity);
      }
    }
    return new Certificates(hosts, new TlsIdentities(byName, withoutOwn, null));
  }

  /** The certificate of the section that names the host, else of one that covers it. */
  private static @Nullable TlsIdentity identity(
      String host, ServedIngress owner, SecretIdentities secrets) {
    for (IngressSpec.Tls entry : owner.ingress().spec().tls()) {
      for (String name : entry.hosts()) {
        if (name.equalsIgnoreCase(host)) {
          TlsIdentity found = secrets.of(owner.ingress(), entry);
          return found != null && covers(found, host) ? found : null;
        }
      }
    }
    for (IngressSpec.Tls entry : owner.ingress().spec().tls()) {
      TlsIdentity found = secrets.of(owner.ingress(), entry);
      if (found != null && covers(found, host)) {
        return found;
      }
    }
    return null;
  }

  private static boolean covers(TlsIdentity identity, String host) {
    return SecretIdentities.covers(identity.chain().get(0), host);
  }
}
