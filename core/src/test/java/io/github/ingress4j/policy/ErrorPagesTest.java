package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 14. */
class ErrorPagesTest {

  private static final ErrorPages PAGES =
      new ErrorPages(Set.of(404, 503), true, "shop", "web", "cart", "80");

  @ParameterizedTest(name = "{0} of back end {1}, intercepting {2}: {3}")
  @CsvSource({
    "404, true,  true,  true",
    "404, false, true,  true",
    "404, true,  false, false",
    "404, false, false, true",
    "500, true,  true,  false",
    "500, false, true,  false",
  })
  void replacesTheListedStatuses(
      int status, boolean isOfBackend, boolean intercepts, boolean isReplaced) {
    ErrorPages pages = new ErrorPages(PAGES.statuses(), intercepts, "shop", "web", "cart", "80");

    assertThat(pages.replaces(status, isOfBackend)).isEqualTo(isReplaced);
  }

  /** Section 14: path /, the query kept, and who the request was for; SEC-36: no credentials. */
  @Test
  void asksForTheRootAndSaysWhy() {
    CanonicalRequest request =
        canonical(
            view("a.shop:8080", "/cart/7?x=%31")
                .header("Accept", "text/html")
                .header("Authorization", "Basic eDp5")
                .header("Cookie", "session=1")
                .header("X-Code", "200")
                .header("X-Real-IP", "6.6.6.6")
                .header("X-Forwarded-Host", "evil")
                .header("X-Mine", "1")
                .clientAddress("203.0.113.7")
                .build(),
            PathPolicy.STRICT);
    ErrorPages.Question question = PAGES.question(request, 503);

    assertThat(question.target()).isEqualTo("/?x=%31");
    assertThat(question.host()).isEqualTo("a.shop:8080");
    assertThat(question.requestHeaders())
        .hasToString(
            "{Authorization=[], Cookie=[], X-Code=[503], X-Format=[text/html],"
                + " X-Forwarded-For=[203.0.113.7], X-Forwarded-Host=[], X-Ingress-Name=[web],"
                + " X-Namespace=[shop], X-Original-URI=[/cart/7?x=%31], X-Real-IP=[],"
                + " X-Request-ID=[0123456789abcdef0123456789abcdef], X-Service-Name=[cart],"
                + " X-Service-Port=[80]}");
    assertThat(question.requestHeaders().covers("x-mine")).isFalse();
  }

  @Test
  void saysNothingWhereThereIsNothingToSay() {
    ErrorPages pages = new ErrorPages(Set.of(404), true, "shop", "web", "", "");
    ErrorPages.Question question =
        pages.question(canonical(view(null, "/a?").build(), PathPolicy.NGINX), 404);

    assertThat(question.target()).isEqualTo("/");
    assertThat(question.host()).isNull();
    assertThat(question.requestHeaders().asMap())
        .containsEntry("X-Service-Name", List.of())
        .containsEntry("X-Format", List.of());
  }

  /** SEC-31: other spellings of what is written here. */
  @Test
  void removesOtherSpellingsOfItsFields() {
    ForwardingRules rules =
        new ForwardingRules(
            List.of(Cidr.parse("10.0.0.0/8")),
            ForwardingRules.Family.NGINX,
            true,
            true,
            false,
            "X-Forwarded-For",
            true,
            false,
            true,
            Map.of());
    CanonicalRequest request =
        canonical(
            view("a.shop", "/")
                .header("X_Code", "200")
                .header("x_other", "1")
                .header("X-Forwarded-Host", "b.shop")
                .clientAddress("10.0.0.1")
                .build(),
            PathPolicy.STRICT,
            rules,
            "");
    ErrorPages.Question question = PAGES.question(request, 404);

    assertThat(question.requestHeaders().covers("X_Code")).isTrue();
    assertThat(question.requestHeaders().covers("x_other")).isFalse();
    assertThat(question.host()).isEqualTo("b.shop");
  }

  @Test
  void keepsTheChallengesOfWhatItReplaces() {
    assertThat(
            ErrorPages.kept(
                TestReply.of(
                    401,
                    "WWW-Authenticate: Basic realm=\"a\"",
                    "WWW-Authenticate: Bearer",
                    "WWW-Authenticate: x\u0000",
                    "X-A: 1")))
        .hasToString("{WWW-Authenticate=[Basic realm=\"a\", Bearer]}");
    assertThat(ErrorPages.kept(TestReply.of(403, "WWW-Authenticate: Bearer")).asMap()).isEmpty();
  }

  @Test
  void refusesStatusesThatAreNoErrors() {
    assertThatThrownBy(() -> new ErrorPages(Set.of(299), true, "a", "b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("status 299 is not between 300 and 599");
    assertThatThrownBy(() -> new ErrorPages(Set.of(600), true, "a", "b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErrorPages(Set.of(404), true, "a\n", "b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
