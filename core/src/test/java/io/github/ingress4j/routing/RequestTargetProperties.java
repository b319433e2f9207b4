package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Section 5 of the canonicalisation over random targets, against {@link NaiveTarget}. */
@NullMarked
class RequestTargetProperties {

  /** Pieces of which attacks are made, glued in any order. */
  @Provide
  Arbitrary<String> adversarial() {
    return Arbitraries.of(
            "/",
            "/",
            "/",
            "/",
            "//",
            ".",
            "..",
            "...",
            "/..",
            "/.",
            "a",
            "b",
            "~",
            "1",
            "+",
            "@",
            "%2e",
            "%2E",
            "%252e",
            "%25252e",
            "%2525252e",
            "%2f",
            "%2F",
            "%252f",
            "%5c",
            "%5C",
            "%255c",
            "%3b",
            "%253b",
            "%25",
            "%2525",
            "%2b",
            "%3f",
            "%23",
            "%20",
            "%7e",
            "%41",
            "%2541",
            "%c3%a9",
            "%C3",
            "%e2%82%ac",
            "%ed%a0%80",
            "%f0%9f%98%80",
            "%f4%90%80%80",
            "%c0%ae",
            "%00",
            "%2500",
            "%252500",
            "%0a",
            "%7f",
            "%zz",
            "%",
            "%2",
            "2e",
            "2f",
            "5c",
            ";",
            ";x=1",
            ";/",
            "..;",
            "\\",
            "#",
            "?",
            "?q",
            "[",
            "^",
            " ",
            "\0",
            "\u00e9",
            "\u0100")
        .list()
        .ofMinSize(0)
        .ofMaxSize(9)
        .map(pieces -> "/" + String.join("", pieces));
  }

  /** The pieces that are accepted, so that most targets are, and most have views. */
  @Provide
  Arbitrary<String> disguised() {
    return Arbitraries.of(
            "/", "/", "/", "a", "b", ".", "..", "x..", "%2f", "%252f", "%25252f", "%5c", "%255c",
            "%3b", "%253b", ";v", "%25", "%2541", "%252e", "%2500", "%c3%a9", "%2b", "%3f", "%23")
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(pieces -> "/" + String.join("", pieces));
  }

  @Provide
  Arbitrary<String> bytes() {
    return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(40);
  }

  @Property(tries = 10_000)
  void isWhatTheStepsSay(@ForAll("adversarial") String target) {
    agreesWithTheSteps(target);
  }

  @Property(tries = 10_000)
  void isWhatTheStepsSayForDisguises(@ForAll("disguised") String target) {
    agreesWithTheSteps(target);
  }

  @Property(tries = 5_000)
  void isWhatTheStepsSayForBytes(@ForAll("bytes") String tail) {
    agreesWithTheSteps("/" + tail);
  }

  private static void agreesWithTheSteps(String text) {
    RequestTarget target = RequestTarget.parse(text, PathPolicy.STRICT);
    String naive = NaiveTarget.canonicalPath(text);

    assertThat(target.refusal() == null ? target.path() : null).isEqualTo(naive);
    if (naive != null) {
      assertThat(target.views()).containsExactlyInAnyOrderElementsOf(NaiveTarget.views(naive));
      assertThat(target.hasViews()).isEqualTo(naive.matches(".*[%;\\\\].*"));
    }
  }

  @Property(tries = 10_000)
  void isCanonicalForGood(@ForAll("adversarial") String text) {
    RequestTarget target = RequestTarget.parse(text, PathPolicy.STRICT);
    if (target.refusal() != null) {
      assertThat(target.path()).isEmpty();
      return;
    }
    RequestTarget again = RequestTarget.parse(target.forwardTarget(), PathPolicy.STRICT);

    assertThat(again.refusal()).isNull();
    assertThat(again.path()).isEqualTo(target.path());
    assertThat(again.forwardTarget()).isSameAs(again.raw());
    assertThat(again.query()).isEqualTo(target.query());
    assertThat(again.views()).isEqualTo(target.views());
    assertHasCanonicalShape(target.path());
    assertThat(target.views()).doesNotHaveDuplicates().doesNotContain(target.path());
    for (String view : target.views()) {
      if (!view.equals(RequestTarget.NOWHERE)) {
        assertHasCanonicalShape(view);
      }
    }
  }

  private static void assertHasCanonicalShape(String path) {
    assertThat(path)
        .startsWith("/")
        .doesNotContain("//")
        .doesNotMatch(".*/\\.{1,2}(/.*)?")
        .matches("[A-Za-z0-9\\-._~!$&'()*+,;=:@/%]*");
  }

  @Property(tries = 10_000)
  void isItsOwnRuleForm(@ForAll("disguised") String text) {
    RequestTarget target = RequestTarget.parse(text, PathPolicy.STRICT);
    String form = RequestTarget.ruleForm(text, PathPolicy.STRICT);

    assertThat(form).isEqualTo(target.refusal() == null ? target.path() : null);
    if (form != null) {
      assertThat(RequestTarget.ruleForm(form, PathPolicy.STRICT)).isEqualTo(form);
    }
  }

  @Property(tries = 10_000)
  void givesAnyRuleAFormThatARequestCanHave(@ForAll String rulePath) {
    String form = RequestTarget.ruleForm("/" + rulePath, PathPolicy.STRICT);
    if (form != null) {
      RequestTarget target = RequestTarget.parse(form, PathPolicy.STRICT);
      assertThat(target.refusal()).isNull();
      assertThat(target.path()).isSameAs(form);
    }
  }

  @Property(tries = 10_000)
  void isWhatNginxMakesOfIt(@ForAll("adversarial") String text) {
    RequestTarget target = RequestTarget.parse(text, PathPolicy.NGINX);
    String naive = text.indexOf('\u0100') >= 0 ? null : NaiveTarget.nginxPath(text);

    assertThat(target.refusal() == null ? target.path() : null).isEqualTo(naive);
    assertThat(target.views()).isEmpty();
    if (naive != null) {
      assertThat(target.forwardTarget()).isSameAs(text);
    }
  }

  @Property(tries = 5_000)
  void neverThrowsAndExplainsOnOneLine(@ForAll String text, @ForAll PathPolicy policy) {
    RequestTarget target = RequestTarget.parse(text, policy);
    RequestTarget absolute = RequestTarget.parse("http://" + text, policy);
    RequestHost host = RequestHost.parse(text, policy);

    assertIsPrintable(target.refusal());
    assertIsPrintable(target.refusalFor(text));
    assertIsPrintable(target.refusalFor(host));
    assertIsPrintable(absolute.refusal());
    assertIsPrintable(absolute.refusalFor(host));
    assertIsPrintable(host.refusal());
    assertIsPrintable(RequestMethod.refusal(text, policy));
    assertThat(host.name()).doesNotContainPattern("[A-Z]");
    assertThat(target.toString() + host + absolute).matches("[ -~]*");
  }

  private static void assertIsPrintable(@Nullable Refusal refusal) {
    if (refusal != null) {
      assertThat(refusal.explanation()).matches("[ -~]{20,3000}");
    }
  }
}
