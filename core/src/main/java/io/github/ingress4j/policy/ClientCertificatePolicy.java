package io.github.ingress4j.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which client certificates a host accepts, and what its back ends are told about them. The first
 * line that applies decides.
 *
 * <table>
 *   <caption>Verdicts</caption>
 *   <tr><th>If</th><th>Verdict</th></tr>
 *   <tr><td>there is a pattern and the subject does not match it (without a certificate the subject
 *       is empty)</td><td>SUBJECT, 403</td></tr>
 *   <tr><td>the connection has no TLS</td><td>NO_TLS: nginx lets it pass</td></tr>
 *   <tr><td>the mode is OFF</td><td>PASSED, certificates are not looked at</td></tr>
 *   <tr><td>there is no certificate and the mode is ON</td><td>NO_CERTIFICATE, 400, or 302 to
 *       the URL of the error page</td></tr>
 *   <tr><td>the certificate is not accepted: expired, revoked, not for clients, or, unless the mode
 *       is OPTIONAL_NO_CA, by no authority of the list</td><td>BAD_CERTIFICATE, 400, or 302 to
 *       the URL of the error page</td></tr>
 *   <tr><td>else</td><td>PASSED</td></tr>
 * </table>
 *
 * <p>The handshake has shown that the client owns the certificate; who signed it is checked here
 * against the authorities of the host, for a server can have one list for all its hosts only. Paths
 * that were built are remembered in a small bounded cache until the first certificate of the path
 * expires.
 *
 * <p>Immutable but for that cache; thread-safe. Sources: the annotations {@code auth-tls-*} of
 * ingress-nginx, RFC 5280 section 6.
 */
public final class ClientCertificatePolicy {

  private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
  private static final int REMEMBERED_PATHS = 1000;
  private static final int PEM_LINE = 64;

  private static final List<String> HEADERS =
      List.of("ssl-client-verify", "ssl-client-subject-dn", "ssl-client-issuer-dn");

  private static final String CERTIFICATE_HEADER = "ssl-client-cert";

  /** How strictly certificates are checked. */
  public enum Mode {
    /** Every client needs an accepted certificate. */
    ON,
    /** Nobody is asked for one. */
    OFF,
    /** A client may have none, but one it has must be accepted. */
    OPTIONAL,
    /** As OPTIONAL, but nobody needs to know who signed it; the back end is told what is wrong. */
    OPTIONAL_NO_CA
  }

  /** What became of a request. */
  public enum Kind {
    /** It may go on. */
    PASSED,
    /** It came without TLS, where nobody can be asked for a certificate. */
    NO_TLS,
    /** There is no certificate. */
    NO_CERTIFICATE,
    /** The certificate is not accepted. */
    BAD_CERTIFICATE,
    /** The subject does not match. */
    SUBJECT
  }

  /**
   * What is decided about a request.
   *
   * @param kind the class of the verdict
   * @param status the status of the answer, 302 if it leads to the error page; 0 if the request may
   *     go on
   * @param location where the answer leads, or {@code null}
   * @param requestHeaders what the back end is told if the request goes on
   */
  public record Verdict(
      Kind kind, int status, @Nullable String location, HeaderEdits requestHeaders) {}

  /** What a certificate is worth, and from when to when. */
  private record Check(@Nullable String fault, boolean isOptional, Instant from, Instant until) {

    static Check failed(String fault, boolean isOptional) {
      return new Check(fault, isOptional, Instant.MAX, Instant.MIN);
    }
  }

  private final boolean assumes;
  private final Mode mode;
  private final int depth;
  private final @Nullable PcrePattern subject;
  private final @Nullable String errorPage;
  private final boolean passesCertificate;
  private final List<X509Certificate> authorities;
  private final List<X509CRL> revocations;
  private final Cache<List<X509Certificate>, Check> checked =
      Caffeine.newBuilder().maximumSize(REMEMBERED_PATHS).executor(Runnable::run).build();

  private ClientCertificatePolicy(Builder builder) {
    assumes = builder.assumes;
    mode = builder.mode;
    depth = builder.depth;
    subject = builder.subject;
    errorPage = builder.errorPage;
    passesCertificate = builder.passesCertificate;
    authorities = List.copyOf(builder.authorities);
    revocations = List.copyOf(builder.revocations);
  }

  /**
   * Returns a builder of a policy that requires a certificate of one of the authorities.
   *
   * @param authorities the certificates of the authorities, those that sign others and those that
   *     are signed by others among them
   * @return the builder
   */
  public static Builder builder(List<X509Certificate> authorities) {
    return new Builder(authorities);
  }

  /**
   * Returns a builder of a policy that takes every certificate for one of an authority that it
   * accepts, for tests of rules whose Secrets are kept elsewhere.
   *
   * @return the builder
   */
  public static Builder assuming() {
    Builder builder = new Builder(List.of());
    builder.assumes = true;
    return builder;
  }

  /** Collects the parts of a policy. Not thread-safe. */
  public static final class Builder {

    private final List<X509Certificate> authorities;
    private List<X509CRL> revocations = List.of();
    private Mode mode = Mode.ON;
    private int depth = 1;
    private @Nullable PcrePattern subject;
    private @Nullable String errorPage;
    private boolean passesCertificate;
    private boolean assumes;

    private Builder(List<X509Certificate> authorities) {
      this.authorities = List.copyOf(authorities);
    }

    /**
     * Sets how strictly certificates are checked.
     *
     * @param value the mode; ON if it is not set
     * @return this builder
     */
    public Builder mode(Mode value) {
      mode = Objects.requireNonNull(value, "mode");
      return this;
    }

    /**
     * Sets how many authorities may stand between a client and the last one.
     *
     * @param value 0 or more; 1 if it is not set
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder depth(int value) {
      if (value < 0) {
        throw new IllegalArgumentException("depth " + value + " must be 0 or more");
      }
      depth = value;
      return this;
    }

    /**
     * Sets what must be found in the subject.
     *
     * @param value the expression, {@code CN=} included, or {@code null} for any subject
     * @return this builder
     */
    public Builder subject(@Nullable PcrePattern value) {
      subject = value;
      return this;
    }

    /**
     * Sets where clients are sent whose certificate is missing or not accepted.
     *
     * @param value a URL; with a path, {@code @} and a name, or {@code null} they are answered 400
     * @return this builder
     * @throws IllegalArgumentException if it holds a control character
     */
    public Builder errorPage(@Nullable String value) {
      if (value != null) {
        HeaderValue.require("Location", UrlText.octets(value));
      }
      errorPage = value == null || value.isEmpty() ? null : UrlText.octets(value);
      return this;
    }

    /**
     * Sets whether the back end is sent the certificate itself.
     *
     * @param value {@code true} to send it
     * @return this builder
     */
    public Builder passesCertificate(boolean value) {
      passesCertificate = value;
      return this;
    }

    /**
     * Sets the lists of revoked certificates. If there is any, each certificate of a path needs a
     * list of its authority.
     *
     * @param value the lists
     * @return this builder
     */
    public Builder revocations(List<X509CRL> value) {
      revocations = List.copyOf(value);
      return this;
    }

    /**
     * Makes the policy.
     *
     * @return the policy
     */
    public ClientCertificatePolicy build() {
      return new ClientCertificatePolicy(this);
    }
  }

  /**
   * Decides about a request.
   *
   * @param request the request
   * @param now what the dates of certificates are compared with
   * @param budget what the search in the subject may cost; if it is spent the verdict is SUBJECT
   * @return the verdict
   */
  public Verdict decide(CanonicalRequest request, Instant now, RegexBudget budget) {
    boolean isTls = request.view().scheme().equals("https");
    List<X509Certificate> chain =
        isTls && mode != Mode.OFF ? request.view().clientCertificateChain() : List.of();
    X509Certificate certificate = chain.isEmpty() ? null : chain.get(0);
    String name =
        certificate == null
            ? ""
            : DistinguishedName.write(certificate.getSubjectX500Principal().getEncoded());
    if (subject != null && subject.find(name, 0, name.length(), budget) == null) {
      return refused(Kind.SUBJECT);
    }
    if (!isTls) {
      return new Verdict(Kind.NO_TLS, 0, null, headers(null, "", ""));
    }
    if (certificate == null) {
      return mode == Mode.ON
          ? refused(Kind.NO_CERTIFICATE)
          : new Verdict(Kind.PASSED, 0, null, headers(null, "", "NONE"));
    }
    Check check = assumes ? new Check(null, false, Instant.MIN, Instant.MAX) : check(chain, now);
    if (check.fault != null && !(mode == Mode.OPTIONAL_NO_CA && check.isOptional)) {
      return refused(Kind.BAD_CERTIFICATE);
    }
    String verify = check.fault == null ? "SUCCESS" : "FAILED:" + check.fault;
    return new Verdict(Kind.PASSED, 0, null, headers(certificate, name, verify));
  }

  private Verdict refused(Kind kind) {
    if (kind == Kind.SUBJECT) {
      return new Verdict(kind, 403, null, HeaderEdits.NONE);
    }
    // No path of the host is asked: its back end would get requests of clients who may not pass.
    return errorPage == null || errorPage.startsWith("@") || errorPage.startsWith("/")
        ? new Verdict(kind, 400, null, HeaderEdits.NONE)
        : new Verdict(kind, 302, errorPage, HeaderEdits.NONE);
  }

  /** What is known is set, and what a client may have sent under these names goes. */
  private HeaderEdits headers(@Nullable X509Certificate certificate, String name, String verify) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    if (!verify.isEmpty()) {
      edits.set("ssl-client-verify", verify);
    }
    if (certificate != null) {
      edits.set("ssl-client-subject-dn", name);
      edits.set(
          "ssl-client-issuer-dn",
          DistinguishedName.write(certificate.getIssuerX500Principal().getEncoded()));
      if (passesCertificate) {
        edits.set(CERTIFICATE_HEADER, pem(certificate));
      }
    }
    HEADERS.forEach(edits::remove);
    return edits.remove(CERTIFICATE_HEADER).build();
  }

  /** The certificate as text, escaped so that it fits into a line. */
  private static String pem(X509Certificate certificate) {
    byte[] der;
    try {
      der = certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      return "";
    }
    String text =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END CERTIFICATE-----\n";
    StringBuilder out = new StringBuilder(text.length() + text.length() / 8);
    for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
      switch (b) {
        case '\n' -> out.append("%0A");
        case ' ' -> out.append("%20");
        case '+' -> out.append("%2B");
        case '/' -> out.append("%2F");
        case '=' -> out.append("%3D");
        default -> out.append((char) b);
      }
    }
    return out.toString();
  }

  private Check check(List<X509Certificate> chain, Instant now) {
    List<X509Certificate> key = List.copyOf(chain);
    Check known = checked.getIfPresent(key);
    if (known != null && !now.isBefore(known.from) && !now.isAfter(known.until)) {
      return known;
    }
    Check check = build(key, now);
    if (check.fault == null) {
      checked.put(key, check);
    }
    return check;
  }

  private Check build(List<X509Certificate> chain, Instant now) {
    X509Certificate certificate = chain.get(0);
    try {
      certificate.checkValidity(Date.from(now));
      List<String> usages = certificate.getExtendedKeyUsage();
      if (usages != null && !usages.contains(FOR_CLIENTS)) {
        return Check.failed("unsuitable certificate purpose", false);
      }
    } catch (CertificateExpiredException e) {
      return Check.failed("certificate has expired", false);
    } catch (CertificateNotYetValidException e) {
      return Check.failed("certificate is not yet valid", false);
    } catch (CertificateParsingException e) {
      return Check.failed("unsuitable certificate purpose", false);
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    boolean isAuthorityOld = false;
    for (X509Certificate authority : authorities) {
      if (isSelfIssued(authority)) {
        // The builder does not look at the dates of those that it begins with, and takes any.
        if (isWithin(authority, now)) {
          anchors.add(new TrustAnchor(authority, null));
        } else {
          isAuthorityOld |=
              authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        }
      }
    }
    if (anchors.isEmpty()) {
      return isAuthorityOld
          ? Check.failed("certificate has expired", false)
          : Check.failed(unknownIssuer(certificate), true);
    }
    try {
      return build(chain, anchors, now);
    } catch (CertPathBuilderException e) {
      return failure(certificate, e);
    } catch (GeneralSecurityException e) {
      return Check.failed("unspecified certificate verification error", false);
    }
  }

  private Check build(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(chain.get(0));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setDate(Date.from(now));
    parameters.setMaxPathLength(depth);
    List<Object> known = new ArrayList<>(chain);
    known.addAll(authorities);
    known.addAll(revocations);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    parameters.setRevocationEnabled(!revocations.isEmpty());
    CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
    if (!revocations.isEmpty()
        && builder.getRevocationChecker() instanceof PKIXRevocationChecker revocation) {
      // Nobody on the network is asked while a request waits.
      revocation.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
      parameters.addCertPathChecker(revocation);
    }
    PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult) builder.build(parameters);
    Instant from = Instant.MIN;
    Instant until = Instant.MAX;
    List<Certificate> path = new ArrayList<>(result.getCertPath().getCertificates());
    path.add(result.getTrustAnchor().getTrustedCert());
    for (Certificate member : path) {
      X509Certificate certificate = (X509Certificate) member;
      from = later(from, certificate.getNotBefore().toInstant());
      until = earlier(until, certificate.getNotAfter().toInstant());
    }
    for (X509CRL list : revocations) {
      Date next = list.getNextUpdate();
      until = next == null ? until : earlier(until, next.toInstant());
    }
    return new Check(null, false, from, until);
  }

  private static Check failure(X509Certificate certificate, CertPathBuilderException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException invalid) {
        CertPathValidatorException.Reason reason = invalid.getReason();
        if (reason == CertPathValidatorException.BasicReason.REVOKED) {
          return Check.failed("certificate revoked", false);
        }
        if (reason == CertPathValidatorException.BasicReason.UNDETERMINED_REVOCATION_STATUS) {
          return Check.failed("unable to get certificate CRL", false);
        }
        if (reason == CertPathValidatorException.BasicReason.EXPIRED) {
          return Check.failed("certificate has expired", false);
        }
        if (reason == CertPathValidatorException.BasicReason.INVALID_SIGNATURE) {
          return Check.failed("certificate signature failure", false);
        }
      }
    }
    return Check.failed(unknownIssuer(certificate), true);
  }

  private static String unknownIssuer(X509Certificate certificate) {
    return isSelfIssued(certificate)
        ? "self-signed certificate"
        : "unable to get local issuer certificate";
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static boolean isWithin(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /**
   * Returns how strictly certificates are checked.
   *
   * @return the mode
   */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns how many authorities may stand between a client and the last one.
   *
   * @return 0 or more
   */
  public int depth() {
    return depth;
  }

  /**
   * Returns whether clients are to be asked for a certificate in the handshake.
   *
   * @return {@code false} if none would be looked at
   */
  public boolean asksForCertificate() {
    return mode != Mode.OFF;
  }

  /**
   * Returns the authorities whose certificates are accepted.
   *
   * @return the certificates of the authorities, as given
   */
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /** Two policies are equal if they decide alike about every request. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ClientCertificatePolicy that
            && assumes == that.assumes
            && mode == that.mode
            && depth == that.depth
            && passesCertificate == that.passesCertificate
            && Objects.equals(subject, that.subject)
            && Objects.equals(errorPage, that.errorPage)
            && authorities.equals(that.authorities)
            && revocations.equals(that.revocations));
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, depth, subject, errorPage, authorities);
  }
}
