package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.dialect.tls.SecretIdentities;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.policy.TlsIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The certificates that TLS entries give to names.
 *
 * <p>The entry of the first Ingress that lists a name gives it its certificate, whether a rule has
 * the name or a default back end takes its requests. The first entry without hosts is for all other
 * names. An entry whose Secret cannot be used counts as if it were not there.
 *
 * <p>Source: networking.k8s.io/v1, IngressTLS.hosts.
 */
public final class TlsEntries {

  private TlsEntries() {}

  /**
   * Returns the certificates of Ingresses.
   *
   * @param ingresses the Ingresses, most important first
   * @param secrets where certificates are read
   * @return the certificates by name
   */
  public static TlsIdentities identities(Collection<Ingress> ingresses, SecretIdentities secrets) {
    Map<String, TlsIdentity> byName = new HashMap<>();
    TlsIdentity otherwise = null;
    for (Ingress ingress : ingresses) {
      for (IngressSpec.Tls entry : ingress.spec().tls()) {
        TlsIdentity identity = secrets.of(ingress, entry);
        if (identity == null) {
          continue;
        }
        for (String host : entry.hosts()) {
          byName.putIfAbsent(host.toLowerCase(Locale.ROOT), identity);
        }
        if (entry.hosts().isEmpty() && otherwise == null) {
          otherwise = identity;
        }
      }
    }
    return byName.isEmpty() && otherwise == null
        ? TlsIdentities.NONE
        : new TlsIdentities(byName, Set.of(), otherwise);
  }
}
