package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.TLS;
import static io.github.ingress4j.dialect.nginx.Group.CERTIFICATE_AUTH;
import static io.github.ingress4j.dialect.nginx.Group.PROXY_SSL;
import static io.github.ingress4j.dialect.nginx.Outcome.DENY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Outcome.FORBID_HOST;
import static io.github.ingress4j.dialect.nginx.Scope.HOST;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** TLS towards clients and towards back ends. */
final class TlsAnnotations {

  private static final Catalog CATALOG = new Catalog(TLS);

  private static final int LONGEST_PATTERN = 1024;

  private static final String SERVER =
      "TLS ends in the server in front of the filter; set its ciphers there";

  static final Annotation<Boolean> SSL_PASSTHROUGH =
      CATALOG
          .bool(Group.SSL_PASSTHROUGH, "ssl-passthrough")
          .byDefault(false)
          .on(HOST)
          .onInvalid(DROP)
          .does(
              "passes TLS connections of the host to the back end of the path /; the controller"
                  + " needs a flag for it")
          .withoutEffect(
              "TLS ends in the server in front of the filter; pass connections through in front of"
                  + " it");

  static final Annotation<Boolean> SSL_PREFER_SERVER_CIPHERS =
      CATALOG
          .bool(Group.SSL_CIPHER, "ssl-prefer-server-ciphers")
          .byDefault(Settings.SSL_PREFER_SERVER_CIPHERS)
          .on(HOST)
          .does("prefers the server's order of ciphers")
          .withoutEffect(SERVER);

  static final Annotation<String> SSL_CIPHERS =
      CATALOG
          .text(
              Group.SSL_CIPHER,
              "ssl-ciphers",
              Allowed.shape(
                  "a list of ciphers as OpenSSL writes it",
                  "([A-Za-z0-9!:+\\-_]|@STRENGTH|@SECLEVEL=[0-5])*",
                  Shapes::isCipherList))
          .byDefault(Settings.SSL_CIPHERS)
          .on(HOST)
          .onInvalid(DROP)
          .does("lists the TLS ciphers")
          .withoutEffect(SERVER);

  static final Annotation<String> AUTH_TLS_SECRET =
      CATALOG
          .text(CERTIFICATE_AUTH, "auth-tls-secret", Allowed.REFERENCE)
          .on(HOST)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .check(
              "not namespace/name",
              FORBID_HOST,
              text -> isReference(text) ? null : "is not of the form namespace/name",
              TlsAnnotations::reference)
          .outcome("no such Secret, one without ca.crt, or one of another namespace", FORBID_HOST)
          .outcome("a ca.crt or ca.crl that cannot be read", FORBID_HOST)
          .protects(text -> true)
          .does("asks clients for a certificate signed by the authority of this Secret")
          .enforced();

  static final Annotation<String> AUTH_TLS_VERIFY_CLIENT =
      CATALOG
          .text(
              CERTIFICATE_AUTH,
              "auth-tls-verify-client",
              Allowed.spelled("on", "off", "optional", "optional_no_ca"))
          .byDefault("on")
          .on(HOST)
          .risk(Risk.MEDIUM)
          .needs(AUTH_TLS_SECRET)
          .check(
              "blanks inside the word",
              Outcome.DEFAULT,
              text -> text.indexOf(' ') < 0 ? null : "has blanks inside the word")
          .does("says how strictly certificates are checked")
          .enforced();

  static final Annotation<Integer> AUTH_TLS_VERIFY_DEPTH =
      CATALOG
          .integer(CERTIFICATE_AUTH, "auth-tls-verify-depth", Allowed.POSITIVE)
          .byDefault(1)
          .on(HOST)
          .needs(AUTH_TLS_SECRET)
          .check("0", Outcome.DEFAULT, depth -> depth == 0 ? "is 0, which means 1" : null)
          .remark(
              "below 0: nginx refuses its whole configuration",
              true,
              depth -> depth < 0 ? Draft.REFUSED + "here it means 1" : null,
              "write 1 or more")
          .does("is the length of the chain of certificates")
          .enforced();

  static final Annotation<String> AUTH_TLS_ERROR_PAGE =
      CATALOG
          .text(
              CERTIFICATE_AUTH,
              "auth-tls-error-page",
              Allowed.shape(
                  "a URL, a path, or @ and a name",
                  "((https?:\\/\\/)?[A-Za-z0-9\\-.]*(:[0-9]+)?\\/[A-Za-z0-9\\-.]*)?"
                      + "|@[A-Za-z0-9_\\-]+",
                  Shapes::isErrorPage))
          .on(HOST)
          .risk(Risk.HIGH)
          .onInvalid(DROP)
          .needs(AUTH_TLS_SECRET)
          .does("is where clients without an accepted certificate are sent")
          .approximated(
              "clients are sent to a URL with 302, as in the controller; a path of the host, or @ and a"
                  + " name, is not asked for the answer, which stays 400",
              values -> values.text(TlsAnnotations.AUTH_TLS_ERROR_PAGE).matches("[/@].*"));

  static final Annotation<Boolean> AUTH_TLS_PASS_CERTIFICATE_TO_UPSTREAM =
      CATALOG
          .bool(CERTIFICATE_AUTH, "auth-tls-pass-certificate-to-upstream")
          .byDefault(false)
          .on(HOST)
          .onInvalid(DROP)
          .needs(AUTH_TLS_SECRET)
          .does("sends the certificate upstream as the header ssl-client-cert")
          .enforced();

  static final Annotation<String> AUTH_TLS_MATCH_CN =
      CATALOG
          .text(
              CERTIFICATE_AUTH,
              "auth-tls-match-cn",
              new Allowed(
                  "CN= and a regular expression", "CN=.*", List.of(), TlsAnnotations::isCommonName))
          .on(HOST)
          .risk(Risk.HIGH)
          .onInvalid(DROP)
          .needs(AUTH_TLS_SECRET)
          .does("answers 403 unless the subject of the certificate matches")
          .enforced();

  static final Annotation<String> PROXY_SSL_SECRET =
      CATALOG
          .text(PROXY_SSL, "proxy-ssl-secret", Allowed.REFERENCE)
          .on(HOST)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .check(
              "not namespace/name",
              DENY,
              text -> isReference(text) ? null : "is not of the form namespace/name",
              TlsAnnotations::reference)
          .outcome("no such Secret, or one of another namespace", DENY)
          .outcome(
              "a Secret that cannot be read, or holds neither a certificate nor an authority", DENY)
          .does(
              "holds the certificate shown to the back end and the authority that it is checked"
                  + " with")
          .approximated("a list of revoked certificates under ca.crl counts for back ends, too");

  static final Annotation<String> PROXY_SSL_CIPHERS =
      CATALOG
          .text(PROXY_SSL, "proxy-ssl-ciphers", Allowed.charsAndBlanks(CharSet.CIPHERS))
          .byDefault("DEFAULT")
          .on(HOST)
          .risk(Risk.MEDIUM)
          .needs(PROXY_SSL_SECRET)
          .does("lists the ciphers towards the back end")
          .approximated(
              "names of suites are carried out; a word that stands for many, such as HIGH, stands"
                  + " for those of the JVM");

  static final Annotation<List<String>> PROXY_SSL_PROTOCOLS =
      CATALOG
          .declare(
              PROXY_SSL,
              "proxy-ssl-protocols",
              ValueType.WORDS,
              Allowed.shape(
                  "TLSv1.2, TLSv1.3 or both, separated by blanks",
                  "TLSv1\\.[23]( TLSv1\\.[23])*",
                  Shapes::isListOfProtocols))
          .byDefault(List.of("TLSv1.2"))
          .on(HOST)
          .needs(PROXY_SSL_SECRET)
          .does("lists the protocols towards the back end")
          .enforced();

  static final Annotation<String> PROXY_SSL_NAME =
      CATALOG
          .text(PROXY_SSL, "proxy-ssl-name", Allowed.REGEX_SAFE)
          .on(HOST)
          .risk(Risk.HIGH)
          .needs(PROXY_SSL_SECRET)
          .outcome("a variable", DENY)
          .does("is the name that the certificate of the back end must have")
          .enforced();

  static final Annotation<Boolean> PROXY_SSL_VERIFY =
      CATALOG
          .onOff(PROXY_SSL, "proxy-ssl-verify", Allowed.ON_OFF)
          .byDefault(false)
          .on(HOST)
          .needs(PROXY_SSL_SECRET)
          .outcome("on, and no ca.crt in the Secret", DENY)
          .does("checks the certificate of the back end")
          .enforced();

  static final Annotation<Integer> PROXY_SSL_VERIFY_DEPTH =
      CATALOG
          .integer(PROXY_SSL, "proxy-ssl-verify-depth", Allowed.POSITIVE)
          .byDefault(1)
          .on(HOST)
          .needs(PROXY_SSL_SECRET)
          .check("0", Outcome.DEFAULT, depth -> depth == 0 ? "is 0, which means 1" : null)
          .remark(
              "below 0: nginx refuses its whole configuration",
              true,
              depth -> depth < 0 ? Draft.REFUSED + "here it means 1" : null,
              "write 1 or more")
          .does("is the length of that chain of certificates")
          .enforced();

  static final Annotation<Boolean> PROXY_SSL_SERVER_NAME =
      CATALOG
          .onOff(PROXY_SSL, "proxy-ssl-server-name", Allowed.ON_OFF)
          .byDefault(false)
          .on(HOST)
          .needs(PROXY_SSL_SECRET)
          .does("names the back end in the TLS handshake")
          .enforced();

  private TlsAnnotations() {}

  /** A namespace, one slash and a name. */
  static boolean isReference(String text) {
    int slash = text.indexOf('/');
    return slash > 0 && slash < text.length() - 1 && slash == text.lastIndexOf('/');
  }

  /** What to write in place of a name without a namespace. */
  static String reference(String text) {
    String name = text.substring(text.lastIndexOf('/') + 1);
    return "write the namespace of the Ingress, a slash and the name: <namespace>/"
        + (name.isEmpty() ? "<name>" : name);
  }

  private static boolean isCommonName(String text) {
    if (!text.startsWith("CN=") || text.length() > LONGEST_PATTERN) {
      return false;
    }
    try {
      Pattern.compile(text.substring(3));
      return true;
    } catch (PatternSyntaxException | StackOverflowError e) {
      return false;
    }
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
