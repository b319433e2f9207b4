package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.policy.ClientCertificatePolicy;
import io.github.ingress4j.policy.Pem;
import io.github.ingress4j.routing.PcrePattern;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles which certificates a host asks its clients for.
 *
 * <p>The first Ingress of the host with a Secret says all of it. A Secret that cannot be used, of
 * whichever Ingress of the host, closes the whole host, for nothing tells whom it should let in.
 *
 * <p>Source: ingress-nginx, order of evaluation, 4, and the annotations {@code auth-tls-*}.
 */
final class ClientCertificates {

  private final References references;
  private final Consumer<Diagnostic> findings;

  private ClientCertificates(References references, Consumer<Diagnostic> findings) {
    this.references = references;
    this.findings = findings;
  }

  /**
   * Compiles the policy of a host.
   *
   * @param ingresses the Ingresses with rules for the host, the oldest first
   * @param references where Secrets come from
   * @param findings takes findings
   * @return the policy, or null if the host asks for no certificates
   */
  static @Nullable ClientCertificatePolicy compile(
      Iterable<ServedIngress> ingresses, References references, Consumer<Diagnostic> findings) {
    ClientCertificates compiler = new ClientCertificates(references, findings);
    ClientCertificatePolicy first = null;
    boolean isClosed = false;
    for (ServedIngress ingress : ingresses) {
      AnnotationValues values = ingress.annotations();
      // Reported by the reader.
      isClosed |= values.forbidden() != null;
      String reference = values.text(TlsAnnotations.AUTH_TLS_SECRET);
      if (reference.isEmpty()) {
        continue;
      }
      ClientCertificatePolicy policy = compiler.policy(ingress, reference);
      isClosed |= policy == null;
      first = first == null ? policy : first;
    }
    return isClosed ? ClientCertificatePolicy.closed() : first;
  }

  /** The policy of one Ingress, or null if there is none that can be carried out. */
  private @Nullable ClientCertificatePolicy policy(ServedIngress owner, String reference) {
    References.Found<Secret> found = references.secret(owner, reference);
    Secret secret = found.object();
    if (secret == null) {
      if (references.assumesSecrets() && references.isReadable(owner, reference)) {
        return build(owner, ClientCertificatePolicy.assuming());
      }
      forbid(
          owner,
          TlsAnnotations.AUTH_TLS_SECRET,
          String.valueOf(found.fault()),
          "add the Secret to the namespace of the Ingress, with the certificates of the"
              + " authorities under ca.crt");
      return null;
    }
    String name = secret.metadata().key();
    byte[] text = secret.copyOf("ca.crt");
    List<X509Certificate> authorities;
    List<X509CRL> revocations;
    try {
      authorities = text == null ? List.of() : Pem.certificates(text);
      byte[] lists = secret.copyOf("ca.crl");
      revocations = lists == null ? List.of() : Pem.revocations(lists);
    } catch (GeneralSecurityException e) {
      forbid(
          owner,
          TlsAnnotations.AUTH_TLS_SECRET,
          "names the Secret " + name + ", which cannot be read: " + e.getMessage(),
          "write certificates under ca.crt, and lists of revoked ones under ca.crl, in PEM");
      return null;
    }
    if (authorities.isEmpty()) {
      forbid(
          owner,
          TlsAnnotations.AUTH_TLS_SECRET,
          "names the Secret "
              + name
              + ", which has no "
              + (text == null ? "key" : "certificate under")
              + " ca.crt",
          "write the certificates of the authorities under ca.crt, in PEM");
      return null;
    }
    return build(owner, ClientCertificatePolicy.builder(authorities).revocations(revocations));
  }

  private @Nullable ClientCertificatePolicy build(
      ServedIngress owner, ClientCertificatePolicy.Builder builder) {
    AnnotationValues values = owner.annotations();
    String subject = values.text(TlsAnnotations.AUTH_TLS_MATCH_CN);
    if (!subject.isEmpty()) {
      PcrePattern.Result result = PcrePattern.compile(subject, false, false);
      if (!(result instanceof PcrePattern.Compiled compiled)) {
        forbid(
            owner,
            TlsAnnotations.AUTH_TLS_MATCH_CN,
            "is no expression that can be used: "
                + PatternCache.inWords((PcrePattern.Fault) result),
            "write CN= and an expression that matches the names that may pass");
        return null;
      }
      builder.subject(compiled.pattern());
    }
    return builder
        .mode(mode(values.text(TlsAnnotations.AUTH_TLS_VERIFY_CLIENT)))
        .depth(Math.max(1, values.number(TlsAnnotations.AUTH_TLS_VERIFY_DEPTH)))
        .errorPage(values.get(TlsAnnotations.AUTH_TLS_ERROR_PAGE))
        .passesCertificate(values.flag(TlsAnnotations.AUTH_TLS_PASS_CERTIFICATE_TO_UPSTREAM))
        .build();
  }

  private static ClientCertificatePolicy.Mode mode(String text) {
    return switch (text) {
      case "off" -> ClientCertificatePolicy.Mode.OFF;
      case "optional" -> ClientCertificatePolicy.Mode.OPTIONAL;
      case "optional_no_ca" -> ClientCertificatePolicy.Mode.OPTIONAL_NO_CA;
      default -> ClientCertificatePolicy.Mode.ON;
    };
  }

  private void forbid(ServedIngress owner, Annotation<?> annotation, String fault, String help) {
    findings.accept(
        owner
            .annotations()
            .finding(
                annotation,
                NginxRules.ANNOTATION_DENIES_ROUTES,
                annotation.name() + " " + fault + ", so every request for the hosts answers 403")
            .withHelp(help));
  }
}
