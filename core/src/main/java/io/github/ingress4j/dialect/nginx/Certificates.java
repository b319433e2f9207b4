package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Secret;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts have an entry in the controller's table of certificates, on which the redirect to TLS
 * depends.
 *
 * <p>A host has one as soon as an Ingress with a TLS section has a rule for it, whatever the
 * section says, because the default certificate takes the place of a missing one. An alias has one
 * only if the certificate itself names it.
 *
 * <p>Source: ingress-nginx, https redirect.
 */
final class Certificates {

  private static final int DNS_NAME = 2;

  private Certificates() {}

  static Set<String> hosts(Collection<ServerDraft> servers, ManifestSet manifests) {
    Set<String> hosts = new HashSet<>();
    hosts.add(ServerDraft.DEFAULT);
    for (ServerDraft server : servers) {
      ServedIngress owner = server.tlsOwner;
      if (owner == null) {
        continue;
      }
      hosts.add(server.name);
      if (server.aliases.isEmpty()) {
        continue;
      }
      X509Certificate certificate = certificate(server.name, owner, manifests);
      for (String alias : server.aliases) {
        if (certificate != null && covers(certificate, alias)) {
          hosts.add(alias.toLowerCase(Locale.ROOT));
        }
      }
    }
    return hosts;
  }

  /** The certificate of the section that names the host, else of one that covers it. */
  private static @Nullable X509Certificate certificate(
      String host, ServedIngress owner, ManifestSet manifests) {
    for (IngressSpec.Tls entry : owner.ingress().spec().tls()) {
      for (String name : entry.hosts()) {
        if (name.equalsIgnoreCase(host)) {
          X509Certificate found = read(entry, owner, manifests);
          return found != null && covers(found, host) ? found : null;
        }
      }
    }
    for (IngressSpec.Tls entry : owner.ingress().spec().tls()) {
      X509Certificate found = read(entry, owner, manifests);
      if (found != null && covers(found, host)) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable X509Certificate read(
      IngressSpec.Tls entry, ServedIngress owner, ManifestSet manifests) {
    Secret secret = manifests.secret(owner.namespace(), entry.secretName());
    byte @Nullable [] text = secret == null ? null : secret.copyOf("tls.crt");
    if (text == null) {
      return null;
    }
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(text));
    } catch (CertificateException e) {
      return null;
    }
  }

  /** Whether a certificate names a host, itself or by a wildcard for its first label. */
  private static boolean covers(X509Certificate certificate, String host) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return false;
      }
      for (List<?> name : names) {
        if (Integer.valueOf(DNS_NAME).equals(name.get(0))
            && name.get(1) instanceof String text
            && isCovered(text.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT))) {
          return true;
        }
      }
      return false;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static boolean isCovered(String name, String host) {
    if (name.equals(host)) {
      return true;
    }
    int dot = host.indexOf('.');
    return name.startsWith("*.") && dot > 0 && name.substring(1).equals(host.substring(dot));
  }
}
