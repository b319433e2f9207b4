package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.dialect.Dialect;
import java.util.List;

/** Every rule of the linter. */
public final class LintRules {

  private static final List<LintRule> KUBERNETES = List.of(new PercentEncodedPath());

  private static final List<LintRule> INGRESS_NGINX =
      List.of(
          new RegexHost(),
          new RegexExact(),
          new RegexOpenEnd(),
          new RegexShadowed(),
          new RegexAlternation(),
          new RegexStar(),
          new RegexCaret(),
          new RegexHealth(),
          new PatternLiteral(),
          new RewriteWithoutCapture(),
          new RewriteCaptureGlued(),
          new RewriteEqualsPath(),
          new RewriteEscapesTwice(),
          new RewriteSplitsHeader(),
          new RewriteRelative(),
          new RewriteDecodes(),
          new PathNotNormal(),
          new PathTrailingSlash(),
          new HttpsRedirectSlash(),
          new RawPathBypass(),
          new PercentEncodedPath(),
          new RedirectToHttp(),
          new RedirectLoop(),
          new RedirectWithoutLocation(),
          new RedirectBeforeAccess(),
          new UnmatchedPaths(),
          new ForceRedirectLoop(),
          new HostlessTls(),
          new WildcardTls(),
          new SiteRedirectPort(),
          new SiteRedirectTls(),
          new SiteRedirectIdle(),
          new AppRootTwice(),
          new AliasTakesWildcard(),
          new CorsAnyOrigin(),
          new CorsUnanchored(),
          new CorsPreflight(),
          new CorsNoOrigin(),
          new SessionCookiePath(),
          new SessionCookieSameSite(),
          new SessionCookieDomain(),
          new SessionCookieShared(),
          new ServiceSettingsShared(),
          new HashWithoutVariable(),
          new CanaryWide(),
          new CanaryNamespace(),
          new CanaryWithoutChoice(),
          new CanarySticky(),
          new RetryWrites(),
          new AuthRealmOff(),
          new AuthOverHttp(),
          new CertificatesTwice(),
          new CertificatesOverHttp(),
          new CertificatesOff(),
          new SatisfyAnyOpen(),
          new AuthExempt(),
          new AuthErrorsReplaced(),
          new AuthUrlOfClient(),
          new AuthCacheShared(),
          new BlockCidrsVoid(),
          new ForwardedForTrusted(),
          new LimitStatus(),
          new CustomErrorsBackend(),
          new CreationTie(),
          new HostShared(),
          new HostlessFallback(),
          new DefaultBackendPlain(),
          new TlsEntries(),
          new SettingsElsewhere());

  private LintRules() {}

  /**
   * Returns the rules of a dialect.
   *
   * @param dialect what an Ingress means
   * @return the rules
   */
  public static List<LintRule> of(Dialect dialect) {
    return switch (dialect) {
      case KUBERNETES -> KUBERNETES;
      case INGRESS_NGINX -> INGRESS_NGINX;
    };
  }
}
