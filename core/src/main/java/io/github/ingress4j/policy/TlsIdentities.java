package io.github.ingress4j.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate clients are shown that ask for a name: the one of the name itself, else the one
 * of the wildcard for its first label, else the one for everybody.
 *
 * <p>Immutable and thread-safe. Source: networking.k8s.io/v1, IngressTLS.
 *
 * @param byName the certificates by name, in lower case; a wildcard as {@code *.shop.example}
 * @param withoutOwn the names that are shown the one for everybody although a wildcard covers them
 * @param otherwise the certificate for everybody; {@code null} for that of the server
 */
public record TlsIdentities(
    Map<String, TlsIdentity> byName, Set<String> withoutOwn, @Nullable TlsIdentity otherwise) {

  /** The certificate of the server, whatever the name. */
  public static final TlsIdentities NONE = new TlsIdentities(Map.of(), Set.of(), null);

  /** Copies the names. */
  public TlsIdentities {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    withoutOwn = Collections.unmodifiableSet(new LinkedHashSet<>(withoutOwn));
  }

  /**
   * Returns the certificate for a name.
   *
   * @param name the name as a client sends it, with or without a final dot; case does not matter
   * @return the certificate; {@code null} for that of the server
   */
  public @Nullable TlsIdentity of(String name) {
    if (byName.isEmpty()) {
      return otherwise;
    }
    String host = name.toLowerCase(Locale.ROOT);
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    TlsIdentity identity = byName.get(host);
    if (identity != null || withoutOwn.contains(host)) {
      return identity == null ? otherwise : identity;
    }
    int dot = host.indexOf('.');
    return dot <= 0 ? otherwise : byName.getOrDefault("*" + host.substring(dot), otherwise);
  }
}
