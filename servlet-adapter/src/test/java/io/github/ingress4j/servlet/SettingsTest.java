package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.manifest.ManifestSet;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Init-parameters and builders. */
final class SettingsTest {

  private static final String MANIFEST =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
      spec:
        rules:
        - host: a.test
          http:
            paths:
            - path: /
              pathType: Prefix
              backend: {service: {name: web, port: {number: 80}}}
      """;

  @TempDir private Path directory;
  private final Map<String, String> parameters = new HashMap<>();

  @BeforeEach
  void writeManifest() throws Exception {
    Files.writeString(directory.resolve("web.yaml"), MANIFEST);
    parameters.put("manifests", directory.resolve("web.yaml").toString());
  }

  /** A context of which nothing is asked but an attribute, which it has not. */
  private static ServletContext context() {
    return (ServletContext)
        Proxy.newProxyInstance(
            SettingsTest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getAttribute")) {
                return null;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private final class Config implements FilterConfig, ServletConfig {

    @Override
    public String getFilterName() {
      return "ingress";
    }

    @Override
    public String getServletName() {
      return "ingress";
    }

    @Override
    public ServletContext getServletContext() {
      return context();
    }

    @Override
    public @Nullable String getInitParameter(String name) {
      return parameters.get(name);
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
      return Collections.enumeration(parameters.keySet());
    }
  }

  private void initFilter() throws ServletException {
    IngressFilter filter = new IngressFilter();
    filter.init((FilterConfig) new Config());
    filter.destroy();
  }

  private void initServlet() throws ServletException {
    IngressProxyServlet servlet = new IngressProxyServlet();
    servlet.init(new Config());
    servlet.destroy();
  }

  @Test
  void knowsEveryParameterOfTheManual() throws Exception {
    parameters.put("manifests", directory.resolve("web.yaml") + ", " + directory);
    parameters.put("dialect", "kubernetes");
    parameters.put("ingress-class", "nginx");
    parameters.put("namespace", "shop");
    parameters.put("path-policy", "strict");
    parameters.put("field-validation", "ignore");
    parameters.put("endpoints", "auto");
    parameters.put("trusted-proxy", "10.0.0.0/8, fd00::/8");
    parameters.put("default-backend", "shop/fallback:http");
    parameters.put("annotations-prefix", "example.com");
    parameters.put("unmatched", "404");
    parameters.put("max-buffered-bytes", "0");
    parameters.put("loop-protection", "off");
    parameters.put("eject-failing-endpoints", "off");
    parameters.put("max-requests", "500");
    parameters.put("max-requests-per-backend", "100");
    parameters.put("max-connections", "4000");
    parameters.put("max-connections-per-endpoint", "200");
    parameters.put("max-pending", "0");
    parameters.put("pending-milliseconds", "500");
    parameters.put("idle-connection-seconds", "10");
    parameters.put("drain-seconds", "5");
    parameters.put("backend.shop/web:80", "127.0.0.1:8080");
    parameters.put("backend.shop/pay:http", "context:/pay");
    initServlet();
    parameters.put("mode", "proxy");
    parameters.put("unmatched", "chain");
    initFilter();
    parameters.put("dialect", "ingress-nginx");
    parameters.put("config-map", "shop/settings");
    initFilter();
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dialect           | nginx       | filter ingress, init-parameter dialect: "nginx" is not
          path-policy       | lax         | init-parameter path-policy: "lax" is not strict or nginx
          field-validation  | off         | "off" is not strict or ignore
          endpoints         | some        | "some" is not auto or complete
          trusted-proxy     | 10.0.0.0/99 | init-parameter trusted-proxy: "10.0.0.0/99"
          trusted-proxy     | me          | init-parameter trusted-proxy: "me" is not an IP address
          default-backend   | web         | init-parameter default-backend: "web" is not a Service's port
          config-map        | settings    | the ConfigMap "settings" is not written namespace/name
          namespace         | A B         | filter ingress, init-parameter namespace:
          ingress-class     | ''          | init-parameter ingress-class: "" is not a text
          mode              | fast        | "fast" is not attributes or forward or proxy
          unmatched         | 405         | "405" is not chain or 404
          max-buffered-bytes | 1g         | init-parameter max-buffered-bytes: "1g" is not a number
          eject-failing-endpoints | 1     | "1" is not on or off
          max-requests      | 0           | init-parameter max-requests: 0 must be 1 or more
          max-requests-per-backend | -1   | "-1" is not a number of at most 9 digits
          max-connections   | 0           | init-parameter max-connections: 0 must be 1 or more
          max-connections-per-endpoint | x | "x" is not a number
          drain-seconds     | 1234567890  | "1234567890" is not a number of at most 9 digits
          loop-protection   | yes         | init-parameter loop-protection: "yes" is not on or off
          backend.web       | a:1         | init-parameter backend.web: "web" is not a Service's port
          backend.a/web:80  | nowhere     | init-parameter backend.a/web:80: "nowhere" is neither
          backend.a/web:80  | a:99999     | init-parameter backend.a/web:80: "a:99999" is neither
          backend.a/web:80  | context:pay | "context:pay" needs a plain path after context:
          backend.a/web:80  | context:/.. | "context:/.." needs a plain path after context:
          manifest          | k8s         | filter ingress has an unknown init-parameter: "manifest"
          manifests         | ''          | init-parameter manifests: "" is not a text
          """)
  void namesTheParameterThatIsWrong(String name, String value, String message) {
    parameters.put(name, value);
    assertThatThrownBy(this::initFilter)
        .isInstanceOf(ServletException.class)
        .hasMessageContaining(message);
  }

  @Test
  void needsManifestsOfWhichSomethingCanBeRead() throws Exception {
    parameters.remove("manifests");
    assertThatThrownBy(this::initFilter)
        .hasMessageContaining("filter ingress needs the init-parameter manifests");
    Path broken = directory.resolve("broken.yaml");
    Files.writeString(broken, "a: [");
    parameters.put("manifests", broken.toString());
    assertThatThrownBy(this::initServlet)
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("nothing can be read from the manifests")
        .hasMessageContaining("broken.yaml");
    parameters.put("manifests", directory.resolve("missing").toString());
    assertThatThrownBy(this::initServlet).hasMessageContaining("nothing can be read");
  }

  @Test
  void hasNoModeInTheServlet() {
    parameters.put("mode", "proxy");
    assertThatThrownBy(this::initServlet)
        .hasMessage("servlet ingress has an unknown init-parameter: \"mode\"");
  }

  @Test
  void takesNoParametersWhenItIsMadeInCode() throws Exception {
    IngressFilter filter =
        IngressFilter.builder()
            .router(IngressRouter.builder().manifests(ManifestSet.of()).build())
            .mode(IngressFilter.Mode.FORWARD)
            .unmatched(IngressFilter.Unmatched.NOT_FOUND)
            .build();
    assertThatThrownBy(() -> filter.init((FilterConfig) new Config()))
        .hasMessage(
            "filter ingress is configured in code and takes no init-parameters, but has"
                + " [manifests]");
    IngressProxyServlet servlet =
        IngressProxyServlet.builder().router(IngressRouter.builder().build()).build();
    assertThatThrownBy(() -> servlet.init(new Config())).hasMessageContaining("takes no");
    parameters.clear();
    filter.init((FilterConfig) new Config());
    filter.destroy();
    filter.destroy();
  }

  @Test
  void doesNotStartWithARouterThatAssumesSecrets() {
    parameters.clear();
    IngressProxyServlet servlet =
        IngressProxyServlet.builder()
            .router(IngressRouter.builder().assumeSecrets(true).build())
            .build();

    assertThatThrownBy(() -> servlet.init(new Config()))
        .isInstanceOf(ServletException.class)
        .hasMessage(
            "the router assumes Secrets that it has not seen, which is for tests of rules only");
  }

  /** REL-07, whichever way the router came. */
  @Test
  void doesNotStartWithARouterThatCouldReadNothing() {
    parameters.clear();
    IngressProxyServlet servlet =
        IngressProxyServlet.builder()
            .router(IngressRouter.builder().manifests(directory.resolve("missing")).build())
            .build();

    assertThatThrownBy(() -> servlet.init(new Config()))
        .isInstanceOf(ServletException.class)
        .hasMessageStartingWith("nothing can be read from the manifests: ")
        .hasMessageContaining("path-missing");
  }

  @Test
  void warnsOfAMappingThatNoRuleNames() throws Exception {
    parameters.clear();
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Gateway.class.getName());
    logger.addHandler(handler);
    try {
      IngressProxyServlet servlet =
          IngressProxyServlet.builder()
              .router(IngressRouter.builder().manifests(ManifestSet.of()).build())
              .backend("default/web:80", "127.0.0.1:1")
              .build();
      servlet.init(new Config());
      servlet.destroy();
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(lines)
        .containsExactly(
            "WARNING no rule names the back end default/web:80 that a setting maps; rules name"
                + " none");
  }

  @Test
  void needsARouter() {
    assertThatIllegalStateException()
        .isThrownBy(() -> IngressFilter.builder().build())
        .withMessage("a router is needed: call router() before build()");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "x, ''",
    "a/b:1, ''",
  })
  void refusesTargetsOfNoForm(String backend, String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IngressFilter.builder().backend(backend, target));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1:80            | 127.0.0.1:80
          [::1]:80                | 0:0:0:0:0:0:0:1:80
          localhost:1,127.0.0.1:2 | 127.0.0.1:1
          """)
  void readsAddresses(String text, String first) throws Exception {
    var addresses = ((BackendMapping.Addresses) BackendMapping.parse(text)).resolve();
    var address = addresses.get(0);
    assertThat(address.getAddress().getHostAddress() + ":" + address.getPort()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"::1:80", "1.2.3:80", "a b:80", "host:0", "host:", "host", ":80", "host:123456"})
  void refusesAddressesThatAreNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackendMapping.parse(text))
        .withMessageContaining("neither context:/path nor a list of host:port");
  }

  @ParameterizedTest(name = "{0} behind {1}: {2}")
  @CsvSource({
    "/pay/now?x=/y, /pay, /now",
    "/pay, /pay, ''",
    "/pay/, /pay/, /",
    "/a/b/c, /, /a/b/c",
    "//a//b/c, /a/b, /c",
    "/caf%C3%A9/x, /café, /x",
    "/a, /a/b/c, ''"
  })
  void findsThePathInsideARule(String target, String rule, String inside) {
    assertThat(ContainerPath.inside(target, rule)).isEqualTo(inside);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/a/b, false",
    "/a%20b/%C3%A9, false",
    "/a;x=1/b, false",
    "/WEB-INF-x, false",
    "/.., true",
    "/a/./b, true",
    "/%2e%2E/b, true",
    "/..;x/b, true",
    "/;/b, true",
    "/a%2fb, true",
    "/a%5cb, true",
    "/a\\b, true",
    "/a#b, true",
    "/%252e, true",
    "/a%00, true",
    "/a%7f, true",
    "/a%zz, true",
    "/a%2, true",
    "/WEB-INF/x, true",
    "/x/web-inf, true",
    "/meta-%69nf;a/x, true"
  })
  void knowsPathsThatMustNotBeDispatched(String path, boolean isUnsafe) {
    assertThat(ContainerPath.isUnsafe(path)).isEqualTo(isUnsafe);
  }

  @Test
  void refusesLimitsThatAreNone() {
    IngressProxyServlet.Builder builder = IngressProxyServlet.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxRequests(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxRequestsPerBackend(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConnections(1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxPending(-1, Duration.ofSeconds(1)))
        .withMessage("-1 must be 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxPending(1, Duration.ofSeconds(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.idleConnectionTime(Duration.ofSeconds(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.drainTime(Duration.ofSeconds(-1)))
        .withMessage("a time of PT-1S is negative");
  }
}
