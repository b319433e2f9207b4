package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.RequestView;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How routing rules are tested: read the manifests once, ask for URLs, and hold that nothing in the
 * manifests is wrong. No cluster and no server is needed.
 */
class RoutingRulesTest {

  private static final IngressRouter ROUTER =
      IngressRouter.builder().manifests(Path.of("manifests/shop.yaml")).build();

  @ParameterizedTest(name = "{0} goes to {1}")
  @CsvSource(
      textBlock =
          """
          # URL,                                     Service and port
          http://www.shop.example,                   shop/storefront:http
          http://www.shop.example/sofas?page=2,      shop/storefront:http
          http://www.shop.example/cart,              shop/cart:80
          http://www.shop.example/cart/,             shop/storefront:http
          http://WWW.Shop.Example:8080/cart,         shop/cart:80
          http://api.shop.example/orders,            shop/orders:http
          http://api.shop.example/orders/,           shop/orders:http
          http://api.shop.example/orders/7,          shop/orders:http
          http://api.shop.example/orders/archive/7,  shop/archive:http
          http://api.shop.example/orders/archived,   shop/orders:http
          http://api.shop.example/ordersheet,        shop/storefront:http
          https://berlin.shop.example/map,           shop/branches:http
          http://mitte.berlin.shop.example/,         shop/storefront:http
          http://elsewhere.example/,                 shop/storefront:http
          """)
  void everyUrlReachesItsService(String url, String service) {
    assertThat(ROUTER.route(RequestView.get(url)))
        .isInstanceOfSatisfying(
            Forward.class, forward -> assertThat(forward.backend()).hasToString(service));
  }

  @Test
  void aServiceWithoutReadyEndpointsAnswers503() {
    assertThat(ROUTER.route(RequestView.get("http://api.shop.example/returns")))
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(503);
              assertThat(answer.reason()).isEqualTo(Answer.Reason.NO_ENDPOINTS);
            });
  }

  @Test
  void onlyReadyEndpointsGetRequests() {
    for (int i = 0; i < 4; i++) {
      assertThat(ROUTER.route(RequestView.get("http://api.shop.example/orders")))
          .isInstanceOfSatisfying(
              Forward.class,
              forward -> assertThat(forward.endpoint()).hasToString("10.1.0.31:8080"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello-ingress.yaml", "two-applications.yaml", "shop.yaml"})
  void theManifestsHaveNoErrors(String file) {
    IngressRouter router = IngressRouter.builder().manifests(Path.of("manifests", file)).build();

    assertThat(router.isUsable()).isTrue();
    assertThat(router.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
  }

  @ParameterizedTest(name = "{0} goes to {1}")
  @CsvSource(
      textBlock =
          """
          # URL,                                     Service and port
          http://abc.sample.com/,                    default/helloworld-svc:8080
          http://abc.sample.com/pay,                 default/nginx-svc:9080
          http://abc.sample.com/pay/now,             default/nginx-svc:9080
          http://abc.sample.com/payment,             default/helloworld-svc:8080
          http://xyz.sample.com/pay,                 default/java-svc:9080
          """)
  void theTwoHostsOfHelloIngressAreApart(String url, String service) {
    IngressRouter router =
        IngressRouter.builder().manifests(Path.of("manifests/hello-ingress.yaml")).build();

    assertThat(router.route(RequestView.get(url)))
        .isInstanceOfSatisfying(
            Forward.class, forward -> assertThat(forward.backend()).hasToString(service));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          # URL,                                     decision
          http://abc.sample.com/reservation/9,       forward /reservation/9 to default/reservation-svc:8080 (default/two-applications)
          http://abc.sample.com/order?id=9,          forward /order?id=9 to default/order-svc:8080 (default/two-applications)
          """)
  void theFirstSegmentTellsTwoApplicationsApart(String url, String decision) {
    IngressRouter router =
        IngressRouter.builder().manifests(Path.of("manifests/two-applications.yaml")).build();

    assertThat(router.route(RequestView.get(url))).hasToString(decision);
  }

  @Test
  void whatNoRuleTakesIsNotFound() {
    IngressRouter router =
        IngressRouter.builder().manifests(Path.of("manifests/two-applications.yaml")).build();

    assertThat(router.route(RequestView.get("http://abc.sample.com/orders")))
        .isInstanceOfSatisfying(
            Answer.class, answer -> assertThat(answer.reason()).isEqualTo(Answer.Reason.NO_ROUTE));
  }
}
