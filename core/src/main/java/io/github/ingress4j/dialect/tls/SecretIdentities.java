package io.github.ingress4j.dialect.tls;

import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.policy.TlsIdentity;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and keys of Secrets, each read once: reading one costs a signature. What was
 * read before is taken over as long as the Secret is the same object, for Secrets are equal by
 * identity.
 *
 * <p>Not thread-safe while it is asked. Source: core/v1, Secret of the type {@code
 * kubernetes.io/tls}.
 */
public final class SecretIdentities {

  /** The finding that a Secret does not give its hosts a certificate. */
  public static final Rule TLS_CERTIFICATE_UNUSABLE =
      new Rule(
          "tls-certificate-unusable",
          WARNING,
          "a Secret of a TLS entry holds no certificate that its hosts can show",
          "networking.k8s.io/v1, IngressTLS.secretName");

  private static final int DNS_NAME = 2;

  private final ManifestSet manifests;
  private final Map<Secret, TlsIdentity.Result> before;
  private final Map<Secret, TlsIdentity.Result> now = new HashMap<>();

  /**
   * Reads the Secrets of an input.
   *
   * @param manifests the input
   * @param before what was read for the input before, or {@code null}
   */
  public SecretIdentities(ManifestSet manifests, @Nullable SecretIdentities before) {
    this.manifests = manifests;
    // The results and not the object itself, which would keep all inputs there ever were.
    this.before = before == null ? Map.of() : before.now;
  }

  /**
   * Returns what the Secret of a TLS entry gives.
   *
   * @param ingress whose entry it is
   * @param entry the entry
   * @return the certificate and its key, or {@code null} if there is no Secret or it cannot be used
   */
  public @Nullable TlsIdentity of(Ingress ingress, IngressSpec.Tls entry) {
    return result(ingress, entry) instanceof TlsIdentity.Parsed parsed ? parsed.identity() : null;
  }

  private TlsIdentity.@Nullable Result result(Ingress ingress, IngressSpec.Tls entry) {
    Secret secret =
        entry.secretName().isEmpty()
            ? null
            : manifests.secret(ingress.metadata().namespace(), entry.secretName());
    if (secret == null) {
      return null;
    }
    TlsIdentity.Result known = now.get(secret);
    if (known == null) {
      known = before.get(secret);
      if (known == null) {
        known = read(secret);
      }
      now.put(secret, known);
    }
    return known;
  }

  /**
   * Reads the certificate and the key of a Secret.
   *
   * @param secret the Secret
   * @return both, or why there is none
   */
  public static TlsIdentity.Result read(Secret secret) {
    byte[] certificate = secret.copyOf("tls.crt");
    byte[] key = secret.copyOf("tls.key");
    try {
      if (certificate == null || key == null) {
        return new TlsIdentity.Fault(
            "There is no key " + (certificate == null ? "tls.crt" : "tls.key") + ".");
      }
      return TlsIdentity.parse(certificate, key);
    } finally {
      if (key != null) {
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  /**
   * Reports the Secrets of an Ingress that give its hosts no certificate. A missing one is reported
   * elsewhere.
   *
   * @param ingress the Ingress
   * @param findings takes the findings
   */
  public void report(Ingress ingress, Consumer<Diagnostic> findings) {
    List<IngressSpec.Tls> entries = ingress.spec().tls();
    for (int i = 0; i < entries.size(); i++) {
      IngressSpec.Tls entry = entries.get(i);
      TlsIdentity.Result result = result(ingress, entry);
      String secret = ingress.metadata().namespace() + "/" + entry.secretName();
      if (result instanceof TlsIdentity.Fault fault) {
        findings.accept(
            finding(
                ingress,
                entry,
                i,
                "the Secret "
                    + secret
                    + " gives no certificate: "
                    + clause(fault.message())
                    + "; the server's own is shown",
                "put the certificate under tls.crt, the own one first, and its key under tls.key,"
                    + " both in PEM"));
      } else if (result instanceof TlsIdentity.Parsed parsed) {
        for (String host : entry.hosts()) {
          if (!covers(parsed.identity().chain().get(0), host)) {
            findings.accept(
                finding(
                    ingress,
                    entry,
                    i,
                    "the certificate of the Secret "
                        + secret
                        + " does not name "
                        + PrintableText.quote(host),
                    "list the host among the alternative names of the certificate"));
          }
        }
      }
    }
  }

  /**
   * Returns a sentence as the end of another one.
   *
   * @param sentence a sentence, with or without its full stop
   * @return the sentence with a small letter and no full stop
   */
  public static String clause(String sentence) {
    int end = sentence.length() - (sentence.endsWith(".") ? 1 : 0);
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1, end);
  }

  private static Diagnostic finding(
      Ingress ingress, IngressSpec.Tls entry, int index, String message, String help) {
    return Diagnostic.of(TLS_CERTIFICATE_UNUSABLE, message)
        .withSource(entry.origin().of("secretName"))
        .withObject(ingress.label())
        .withField("spec.tls[" + index + "].secretName")
        .withHelp(help);
  }

  /**
   * Returns whether a certificate names a host, itself or by a wildcard for its first label.
   *
   * @param certificate the certificate
   * @param host the host; case does not matter
   * @return {@code true} if one of its alternative names covers the host
   */
  public static boolean covers(X509Certificate certificate, String host) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (names == null) {
      return false;
    }
    String asked = host.toLowerCase(Locale.ROOT);
    for (List<?> name : names) {
      if (Integer.valueOf(DNS_NAME).equals(name.get(0))
          && name.get(1) instanceof String text
          && isCovered(text.toLowerCase(Locale.ROOT), asked)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCovered(String name, String host) {
    if (name.equals(host)) {
      return true;
    }
    int dot = host.indexOf('.');
    return name.startsWith("*.") && dot > 0 && name.substring(1).equals(host.substring(dot));
  }
}
