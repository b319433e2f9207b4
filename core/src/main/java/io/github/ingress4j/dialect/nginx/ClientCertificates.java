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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles which certificates an Ingress asks clients of its hosts for.
 *
 * <p>Source: ingress-nginx, order of evaluation, 4, and the annotations {@code auth-tls-*}.
 */
final class ClientCertificates {

  private final References references;
  private final Consumer<Diagnostic> findings;
  private final BiConsumer<ServedIngress, String> faults;

  /**
   * @param references where Secrets come from
   * @param findings takes findings
   * @param faults takes the Ingresses whose demands cannot be met, and why
   */
  ClientCertificates(
      References references,
      Consumer<Diagnostic> findings,
      BiConsumer<ServedIngress, String> faults) {
    this.references = references;
    this.findings = findings;
    this.faults = faults;
  }

  /** The policy of one Ingress, or null if it asks for nothing or its demand cannot be met. */
  @Nullable ClientCertificatePolicy policy(ServedIngress owner) {
    String reference = owner.annotations().text(TlsAnnotations.AUTH_TLS_SECRET);
    if (reference.isEmpty()) {
      return null;
    }
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
    faults.accept(owner, annotation.name() + " " + fault);
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
