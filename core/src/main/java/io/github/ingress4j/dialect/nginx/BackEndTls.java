package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.policy.Pem;
import io.github.ingress4j.policy.TlsIdentity;
import io.github.ingress4j.policy.UpstreamTls;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles how TLS is spoken to the back ends of a host.
 *
 * <p>Unless the settings say that it is a matter of locations, the host says it for all its paths:
 * each Ingress takes the place of the one before until one has an authority, which stays.
 *
 * <p>Source: ingress-nginx, the annotations {@code proxy-ssl-*} and the setting {@code
 * proxy-ssl-location-only}.
 */
final class BackEndTls {

  /** What becomes of the annotations of an Ingress. */
  sealed interface Result permits Ready, Fault {}

  record Ready(UpstreamTls tls) implements Result {}

  /**
   * Why TLS cannot be spoken as the Ingress asks.
   *
   * @param annotation what is at fault
   * @param message the end of a sentence that begins with its name
   * @param help what to do
   */
  record Fault(Annotation<?> annotation, String message, String help) implements Result {}

  private static final Result NOTHING = new Ready(UpstreamTls.UNVERIFIED);

  private final References references;
  private final boolean isPerLocation;
  private final Map<ServedIngress, Result> known = new HashMap<>();
  private UpstreamTls ofHost = UpstreamTls.UNVERIFIED;

  /**
   * @param ingresses the Ingresses with rules for the host, the oldest first
   */
  BackEndTls(
      Iterable<ServedIngress> ingresses, ControllerSettings settings, References references) {
    this.references = references;
    this.isPerLocation = settings.flag(Settings.PROXY_SSL_LOCATION_ONLY);
    if (isPerLocation) {
      return;
    }
    for (ServedIngress ingress : ingresses) {
      if (ofHost.authorities().isEmpty()) {
        ofHost = result(ingress) instanceof Ready ready ? ready.tls : UpstreamTls.UNVERIFIED;
      }
    }
  }

  /** How TLS is spoken on the paths of an Ingress. */
  UpstreamTls of(ServedIngress owner) {
    return !isPerLocation ? ofHost : result(owner) instanceof Ready ready ? ready.tls : ofHost;
  }

  /** Why the paths of an Ingress must be closed, or null. */
  @Nullable Fault fault(ServedIngress owner) {
    return result(owner) instanceof Fault fault ? fault : null;
  }

  private Result result(ServedIngress ingress) {
    return known.computeIfAbsent(ingress, this::read);
  }

  private Result read(ServedIngress owner) {
    AnnotationValues values = owner.annotations();
    String reference = values.text(TlsAnnotations.PROXY_SSL_SECRET);
    if (reference.isEmpty()) {
      return NOTHING;
    }
    String name = values.text(TlsAnnotations.PROXY_SSL_NAME);
    if (name.indexOf('$') >= 0) {
      return new Fault(
          TlsAnnotations.PROXY_SSL_NAME,
          "asks for a variable, and a certificate is checked before there is a request",
          "write the name that the certificate of the back end has");
    }
    References.Found<Secret> found = references.secret(owner, reference);
    Secret secret = found.object();
    if (secret != null) {
      return read(values, name, secret);
    }
    return references.assumesSecrets() && references.isReadable(owner, reference)
        ? ready(values, name, null, List.of(), List.of())
        : new Fault(
            TlsAnnotations.PROXY_SSL_SECRET,
            String.valueOf(found.fault()),
            "add the Secret to the namespace of the Ingress, with ca.crt, or with tls.crt and"
                + " tls.key, or with all of them");
  }

  private static Result read(AnnotationValues values, String name, Secret secret) {
    String secretName = secret.metadata().key();
    List<X509Certificate> authorities;
    List<X509CRL> revocations;
    try {
      byte[] text = secret.copyOf("ca.crt");
      authorities = text == null ? List.of() : Pem.certificates(text);
      byte[] lists = secret.copyOf("ca.crl");
      revocations = lists == null ? List.of() : Pem.revocations(lists);
    } catch (GeneralSecurityException e) {
      return unreadable(secretName, e.getMessage());
    }
    byte[] certificate = secret.copyOf("tls.crt");
    byte[] key = secret.copyOf("tls.key");
    TlsIdentity identity = null;
    if (certificate != null && key != null) {
      TlsIdentity.Result result = TlsIdentity.parse(certificate, key);
      Arrays.fill(key, (byte) 0);
      if (result instanceof TlsIdentity.Fault fault) {
        return unreadable(secretName, ModelRules.clause(fault.message()));
      }
      identity = ((TlsIdentity.Parsed) result).identity();
    }
    if (identity == null && authorities.isEmpty()) {
      return new Fault(
          TlsAnnotations.PROXY_SSL_SECRET,
          "names the Secret " + secretName + ", which has neither ca.crt nor tls.crt and tls.key",
          "write the authority of the back end under ca.crt, or what it is shown under tls.crt"
              + " and tls.key");
    }
    if (authorities.isEmpty() && values.flag(TlsAnnotations.PROXY_SSL_VERIFY)) {
      return new Fault(
          TlsAnnotations.PROXY_SSL_VERIFY,
          "has no authority to check with: the Secret " + secretName + " has no ca.crt",
          "write the authority of the back end under ca.crt");
    }
    return ready(values, name, identity, authorities, revocations);
  }

  private static Fault unreadable(String secret, @Nullable String why) {
    return new Fault(
        TlsAnnotations.PROXY_SSL_SECRET,
        "names the Secret " + secret + ", which cannot be read: " + why,
        "write certificates and keys in PEM, the key not encrypted and that of the first"
            + " certificate");
  }

  private static Ready ready(
      AnnotationValues values,
      String name,
      @Nullable TlsIdentity identity,
      List<X509Certificate> authorities,
      List<X509CRL> revocations) {
    List<String> protocols =
        Objects.requireNonNullElse(
            values.get(TlsAnnotations.PROXY_SSL_PROTOCOLS), List.of("TLSv1.2"));
    return new Ready(
        new UpstreamTls(
            identity,
            values.flag(TlsAnnotations.PROXY_SSL_VERIFY),
            authorities,
            revocations,
            Math.max(1, values.number(TlsAnnotations.PROXY_SSL_VERIFY_DEPTH)),
            name.isEmpty() ? null : name,
            values.flag(TlsAnnotations.PROXY_SSL_SERVER_NAME),
            protocols,
            CipherSuites.of(values.text(TlsAnnotations.PROXY_SSL_CIPHERS), protocols)));
  }
}
