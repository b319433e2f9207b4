package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Group.MIRROR;

import java.util.List;

/** Copies of requests. */
final class MirrorAnnotations {

  private static final Catalog CATALOG = new Catalog(PROXY);

  static final Annotation<String> TARGET =
      CATALOG
          .text(
              MIRROR,
              "mirror-target",
              Allowed.REGEX_SAFE.described(
                  "a URL such as https://mirror.example.com$request_uri, of " + CharSet.REGEX))
          .written("(https?:\\/\\/|\\$)" + CharSet.REGEX.toClass() + "+")
          .risk(Risk.HIGH)
          .does("sends a copy of each request to this URL and discards the answer")
          .enforced();

  static final Annotation<String> HOST =
      CATALOG
          .text(MIRROR, "mirror-host", Allowed.REGEX_SAFE)
          .byDefaultText("the host of mirror-target")
          .risk(Risk.HIGH)
          .idleWithout(TARGET)
          .does("is the Host of the copies")
          .enforced();

  static final Annotation<Boolean> REQUEST_BODY =
      CATALOG
          .onOff(MIRROR, "mirror-request-body", Allowed.ON_OFF)
          .byDefault(true)
          .idleWithout(TARGET)
          .does("copies the body, too")
          .enforced();

  private MirrorAnnotations() {}

  /** Whether a target has a scheme and a host, or begins with a variable that may have them. */
  static boolean mayBeUrl(String target) {
    if (target.startsWith("$")) {
      return true;
    }
    int host = target.startsWith("https://") ? 8 : target.startsWith("http://") ? 7 : -1;
    return host > 0 && host < target.length() && "/?:".indexOf(target.charAt(host)) < 0;
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
