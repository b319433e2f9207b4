package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.UpstreamTls;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;

/**
 * Judges the certificate that a back end shows: who signed it, by how many steps, whether it was
 * revoked, and whose it is. If nothing is to be verified, every certificate will do.
 *
 * <p>Paths end at an authority that has signed itself, as OpenSSL has it. With lists of revoked
 * certificates, each certificate of a path needs a list of its authority; nobody on the network is
 * asked.
 *
 * <p>Immutable and thread-safe. Source: RFC 5280 section 6, RFC 9110 section 4.3.4.
 */
final class ServerCheck extends X509ExtendedTrustManager {

  private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";

  private final UpstreamTls settings;
  private final String name;
  private final DefaultHostnameVerifier names = new DefaultHostnameVerifier();

  /**
   * Makes a judge.
   *
   * @param name the name that the certificate must have
   */
  ServerCheck(UpstreamTls settings, String name) {
    this.settings = settings;
    this.name = name;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (!settings.isVerified()) {
      return;
    }
    X509Certificate certificate = chain[0];
    certificate.checkValidity();
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages != null && !usages.contains(FOR_SERVERS)) {
      throw new CertificateException("the certificate is not one for servers");
    }
    checkPath(chain);
    try {
      names.verify(name, certificate);
    } catch (SSLException e) {
      throw new CertificateException("the certificate is not for " + name, e);
    }
  }

  private void checkPath(X509Certificate[] chain) throws CertificateException {
    X509Certificate certificate = chain[0];
    if (settings.revocations().isEmpty()
        && isSelfIssued(certificate)
        && settings.authorities().contains(certificate)) {
      // It is what is trusted, and needs to be no authority over others.
      return;
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : settings.authorities()) {
      if (isSelfIssued(authority) && isCurrent(authority)) {
        // The builder does not look at the dates of those that it ends at.
        anchors.add(new TrustAnchor(authority, null));
      }
    }
    if (anchors.isEmpty()) {
      throw new CertificateException("there is no authority that has signed itself and is valid");
    }
    try {
      build(chain, anchors);
    } catch (CertPathBuilderException e) {
      throw new CertificateException(reason(e, settings.revocations().isEmpty()), e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the certificate cannot be checked: " + e.getMessage(), e);
    }
  }

  private void build(X509Certificate[] chain, Set<TrustAnchor> anchors)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(chain[0]);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setMaxPathLength(settings.depth());
    List<Object> known = new ArrayList<>(Arrays.asList(chain));
    known.addAll(settings.authorities());
    known.addAll(settings.revocations());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    parameters.setRevocationEnabled(!settings.revocations().isEmpty());
    CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
    if (!settings.revocations().isEmpty()
        && builder.getRevocationChecker() instanceof PKIXRevocationChecker revocation) {
      revocation.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
      parameters.addCertPathChecker(revocation);
    }
    builder.build(parameters);
  }

  private static String reason(CertPathBuilderException e, boolean asksForNoList) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException invalid) {
        CertPathValidatorException.Reason reason = invalid.getReason();
        if (reason == CertPathValidatorException.BasicReason.REVOKED) {
          return "a certificate of the path was revoked";
        }
        if (reason == CertPathValidatorException.BasicReason.EXPIRED) {
          return "a certificate of the path has expired";
        }
      }
    }
    return asksForNoList
        ? "no path leads from the certificate to an authority"
        : "no path leads from the certificate to an authority, or no list of revoked certificates"
            + " covers all of it";
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static boolean isCurrent(X509Certificate certificate) {
    try {
      certificate.checkValidity();
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("clients are not checked here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
