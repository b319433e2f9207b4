package io.github.ingress4j.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.ClientState;
import io.github.ingress4j.decision.Counters;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.ReplyPolicies;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.policy.AccessList;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.Passwords;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.policy.Satisfy;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the policies of a route ask of an adapter, in every container and with services that are
 * really there: who may pass, how long a body may be, error pages, copies, and the fields of
 * answers. Each host has a route of its own; behind {@code app-} hosts is an application of the
 * container.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PoliciesContract {

  private final Container.Starter starter;
  private final Map<String, Exchange.Snapshot> snapshots = new HashMap<>();
  private RecordingUpstream upstream;
  private RecordingUpstream service;
  private RecordingUpstream slow;
  private RecordingUpstream pages;
  private Container proxy;
  private Container filter;

  PoliciesContract(Container.Starter starter) {
    this.starter = starter;
  }

  /** Whether a header field that an application has set can be taken away. */
  boolean canRemoveFields() {
    return true;
  }

  @BeforeAll
  void start() throws Exception {
    upstream = new RecordingUpstream();
    service = new RecordingUpstream();
    slow = new RecordingUpstream();
    pages = new RecordingUpstream();
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    String asked = "http://127.0.0.1:" + service.port();
    ExternalAuth.Builder auth =
        ExternalAuth.builder(Template.literal(asked + "/check?a=b#none"))
            .responseHeaders(List.of("X-User"));
    route("auth.test", upstream.port(), with().access(external(auth.build())));
    route("app-auth.test", upstream.port(), with().access(external(auth.build())));
    auth.signIn(Template.literal("http://login.test/start"), "rd");
    route("signin.test", upstream.port(), with().access(external(auth.build())));
    route(
        "posted.test",
        upstream.port(),
        with()
            .access(
                external(
                    ExternalAuth.builder(Template.literal(asked + "/check"))
                        .method("POST")
                        .build())));
    route("deaf.test", upstream.port(), with().access(external(asking("127.0.0.1:" + closed))));
    route("inside.test", upstream.port(), with().access(external(asking("[::1]:1"))));
    route("nowhere.test", upstream.port(), with().access(external(asking("no.invalid"))));
    route(
        "basic.test",
        upstream.port(),
        with()
            .access(
                new AccessPolicies(
                    null,
                    null,
                    null,
                    new BasicAuth(
                        "staff",
                        Passwords.parse("jane:{PLAIN}secret".getBytes(ISO_8859_1)).passwords()),
                    null,
                    null,
                    Satisfy.ALL)));
    RoutePolicies.Builder small = with().bodyLimit(new BodyLimit(10));
    route("small.test", upstream.port(), small);
    route("app-small.test", upstream.port(), small);
    route("medium.test", upstream.port(), with().bodyLimit(new BodyLimit(100_000)));
    RoutePolicies.ErrorBackend errors = errors("pages", pages.port(), 404, 413, 502, 503);
    route("pages.test", upstream.port(), with().errorBackend(errors));
    route("smallpage.test", upstream.port(), small.errorBackend(errors));
    route("refused.test", closed, with().errorBackend(errors));
    route("lost.test", closed, with().errorBackend(errors("lost", closed, 502, 503)));
    route("app-pages.test", upstream.port(), with().errorBackend(errors));
    RoutePolicies.ErrorBackend unmapped = errors("unmapped", pages.port(), 404, 403);
    route("app-own.test", upstream.port(), with().errorBackend(unmapped));
    RoutePolicies.ErrorBackend none =
        new RoutePolicies.ErrorBackend(
            new ErrorPages(Set.of(404, 502), true, "default", "shop", "web", "80"));
    route("app-pageless.test", upstream.port(), with().errorBackend(none));
    route(
        "app-denied.test",
        upstream.port(),
        with()
            .errorBackend(unmapped)
            .access(
                new AccessPolicies(
                    null,
                    null,
                    new AccessList(List.of(Cidr.parse("127.0.0.0/8")), null),
                    null,
                    null,
                    null,
                    Satisfy.ALL)));
    RoutePolicies.Builder replies =
        with()
            .cors(new Cors(List.of("https://shop.test"), "GET", "X-A", "", true, 60))
            .reply(
                new ReplyPolicies(
                    new ResponseHeaders(
                        Map.of(),
                        Map.of("X-Frame-Options", "DENY"),
                        List.of("X-Inner"),
                        true,
                        null),
                    null,
                    null));
    route("replies.test", upstream.port(), replies);
    route("app-replies.test", upstream.port(), replies);
    Mirror mirror =
        new Mirror(Template.literal(asked + "/copy"), Template.literal("copy.test"), true, "/m");
    route("mirror.test", upstream.port(), with().mirror(mirror));
    route("app-mirror.test", upstream.port(), with().mirror(mirror));
    route(
        "headonly.test",
        upstream.port(),
        with().mirror(new Mirror(Template.literal(asked + "/copy"), null, false, "/m")));
    Template slowly = Template.literal("http://127.0.0.1:" + slow.port());
    route("slow.test", upstream.port(), with().mirror(new Mirror(slowly, null, true, "/m")));
    route(
        "dead.test",
        upstream.port(),
        with()
            .mirror(new Mirror(Template.literal("http://127.0.0.1:" + closed), null, true, "/m")));
    AddressPolicy loopback = AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8")));
    proxy =
        starter.start(
            context ->
                context
                    .addServlet(
                        "proxy",
                        IngressProxyServlet.builder()
                            .router(IngressRouter.builder().build())
                            .addressPolicy(loopback)
                            .exchanges(this::exchange)
                            .build())
                    .addMapping("/*"));
    filter =
        starter.start(
            context -> {
              context
                  .addFilter(
                      "ingress",
                      IngressFilter.builder()
                          .router(IngressRouter.builder().build())
                          .addressPolicy(loopback)
                          .backend("default/pages:80", "127.0.0.1:" + pages.port())
                          .exchanges(this::exchange)
                          .build())
                  .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
              context.addServlet("app", new App()).addMapping("/*");
            });
  }

  private Exchange exchange(RequestView request) {
    return new Exchange(Objects.requireNonNull(snapshots.get(request.hosts().get(0))), request);
  }

  private static RoutePolicies.Builder with() {
    return RoutePolicies.builder();
  }

  private static AccessPolicies external(ExternalAuth auth) {
    return new AccessPolicies(null, null, null, null, null, auth, Satisfy.ALL);
  }

  private static ExternalAuth asking(String authority) {
    return ExternalAuth.builder(Template.literal("http://" + authority + "/check")).build();
  }

  private static RoutePolicies.ErrorBackend errors(String name, int port, Integer... statuses) {
    return new RoutePolicies.ErrorBackend(
        new ErrorPages(Set.of(statuses), true, "default", "shop", "web", "80"),
        new Backend.ServicePort("default", name, "80", true),
        to(name, port));
  }

  private static Upstream to(String name, int port) {
    return Upstream.of(
        "default/" + name + ":80",
        EndpointPicker.roundRobin(List.of(new Endpoint("127.0.0.1", port))),
        null,
        TransportSettings.DEFAULT);
  }

  private void route(String host, int port, RoutePolicies.Builder policies) {
    Route route =
        new Route(
            "default/shop",
            null,
            null,
            new Backend.ServicePort("default", "web", "80", true),
            to("web", port),
            null,
            policies.build());
    snapshots.put(
        host,
        new Exchange.Snapshot(
            RoutingTable.<Route>builder().build(),
            route,
            PathPolicy.STRICT,
            Exchange.Reading.kubernetes(List.of()),
            new BalancerState(new Random(0), InstantSource.system()),
            new Counters(),
            new ClientState(InstantSource.system())));
  }

  /** An application in the container, which says what it sees. */
  private static final class App extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("X-Inner", "1");
      response.addHeader("Set-Cookie", "app=1");
      if (request.getRequestURI().startsWith("/missing")) {
        response.setStatus(404);
        response.getWriter().print("the application's own page");
        return;
      }
      if (request.getRequestURI().startsWith("/error")) {
        response.sendError(404, "gone");
        return;
      }
      if (request.getRequestURI().startsWith("/long")) {
        byte[] block = new byte[1024];
        for (int i = 0; i < 200; i++) {
          response.getOutputStream().write(block);
        }
        return;
      }
      byte[] body = request.getInputStream().readAllBytes();
      response
          .getOutputStream()
          .print(
              "app "
                  + body.length
                  + " "
                  + Collections.list(request.getHeaders("X-User"))
                  + " "
                  + request.getHeader("x-user")
                  + " "
                  + Collections.list(request.getHeaderNames()).stream()
                      .anyMatch("X-User"::equalsIgnoreCase));
    }
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    filter.close();
    upstream.close();
    service.close();
    slow.close();
    pages.close();
  }

  @BeforeEach
  void answerOk() {
    upstream.script(RecordingUpstream.text("ok"));
    service.script(RecordingUpstream.text("fine"));
    pages.script(
        RecordingUpstream.reply("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\npage"));
  }

  private static String head(String method, String host, String... headers) {
    StringBuilder text = new StringBuilder(method + " /a?x=1 HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  private RawReply get(String host, String... headers) throws IOException {
    return RawReply.exchange(proxy.port(), head("GET", host, headers));
  }

  private RawReply post(String host, String body) throws IOException {
    return RawReply.exchange(
        proxy.port(), head("POST", host, "Content-Length: " + body.length()) + body);
  }

  private static String chunked(String host, int chunks, int size) {
    String chunk = Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
    return head("POST", host, "Transfer-Encoding: chunked") + chunk.repeat(chunks) + "0\r\n\r\n";
  }

  // ---- external authentication (ingress-nginx, section 12) ----

  @Test
  void letsARequestPassWithWhatTheServiceSaysOfIt() throws Exception {
    service.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nX-User: jane\r\nX-Other: 1\r\nSet-Cookie: s=1\r\n"
                + "Content-Length: 2\r\n\r\nok"));
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nSet-Cookie: b=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok"));
    RawReply reply =
        RawReply.exchange(
            proxy.port(),
            head(
                    "POST",
                    "auth.test",
                    "X-User: admin",
                    "X_User: admin",
                    "Cookie: who=me",
                    "Content-Length: 3")
                + "abc");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("set-cookie")).containsExactly("b=1", "b=2", "s=1");
    RecordingUpstream.Received question = service.next();
    assertThat(question.requestLine()).isEqualTo("GET /check?a=b HTTP/1.1");
    assertThat(question.header("host")).containsExactly("127.0.0.1");
    assertThat(question.header("cookie")).containsExactly("who=me");
    assertThat(question.header("x-original-url")).containsExactly("http://auth.test/a?x=1");
    assertThat(question.header("x-original-method")).containsExactly("POST");
    assertThat(question.header("content-length")).isEmpty();
    assertThat(question.body()).isEmpty();
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("x-user")).containsExactly("jane");
    assertThat(received.header("x_user")).isEmpty();
    assertThat(received.header("x-other")).isEmpty();
    assertThat(received.body()).isEqualTo("abc");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "401 Unauthorized, 401",
    "403 Forbidden, 403",
    "500 Internal Server Error, 500",
    "404 Not Found, 500",
    "302 Found, 500",
    "101 Switching Protocols, 500",
    "999 Odd, 500"
  })
  void letsNothingPassThatTheServiceDoesNotLetPass(String answer, int status) throws Exception {
    service.script(
        RecordingUpstream.reply(
            "HTTP/1.1 "
                + answer
                + "\r\nWWW-Authenticate: Bearer\r\nLocation: /fine\r\nContent-Length: 0\r\n\r\n"));
    RawReply reply = get("auth.test");
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("www-authenticate"))
        .isEqualTo(status == 401 ? List.of("Bearer") : List.of());
    assertThat(service.received).hasSize(1);
    assertThat(upstream.received).isEmpty();
  }

  @Test
  void closesTheConnectionOfARequestWhoseBodyNobodyReads() throws Exception {
    // SEC-15
    service.script(RecordingUpstream.reply("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"));
    RawReply reply = post("auth.test", "abc");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.header("connection")).containsExactly("close");
  }

  @Test
  void sendsAClientWhereItCanSignIn() throws Exception {
    service.script(RecordingUpstream.reply("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"));
    RawReply reply = get("signin.test");
    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.header("location"))
        .containsExactly("http://login.test/start?rd=http://signin.test%2Fa%3Fx%3D1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deaf.test", "inside.test", "nowhere.test"})
  void letsNothingPassIfTheServiceCannotBeReached(String host) throws Exception {
    // SEC-46 for the second: its address is one that nobody has listed.
    RawReply reply = get(host);
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text())
        .isEqualTo("The service that decides about clients gives no answer that can be used.\n");
    assertThat(upstream.received).isEmpty();
  }

  @Test
  void asksWithTheMethodOfTheRuleAndFramesTheMissingBody() throws Exception {
    get("posted.test");
    RecordingUpstream.Received question = service.next();
    assertThat(question.requestLine()).isEqualTo("POST /check HTTP/1.1");
    assertThat(question.header("content-length")).containsExactly("0");
  }

  @Test
  void asksAgainOnAnotherConnectionIfTheServiceHasClosedTheLast() throws Exception {
    for (int i = 0; i < 3; i++) {
      CountDownLatch closed = new CountDownLatch(1);
      service.script(
          exchange -> {
            exchange.receive();
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            exchange.socket.close();
            closed.countDown();
          });
      assertThat(get("auth.test").status()).isEqualTo(200);
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void showsAnApplicationWhatTheServiceSaysAndNotWhatTheClientSays() throws Exception {
    service.script(
        RecordingUpstream.reply("HTTP/1.1 200 OK\r\nX-User: jane\r\nContent-Length: 0\r\n\r\n"));
    RawReply reply =
        RawReply.exchange(filter.port(), head("GET", "app-auth.test", "x-user: admin"));
    assertThat(reply.text()).isEqualTo("app 0 [jane] jane true");
  }

  @Test
  void showsAnApplicationNothingThatOnlyTheServiceMaySay() throws Exception {
    RawReply reply =
        RawReply.exchange(filter.port(), head("GET", "app-auth.test", "X-User: admin"));
    assertThat(reply.text()).isEqualTo("app 0 [] null false");
  }

  // ---- passwords ----

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"jane:secret, 200", "jane:wrong, 401", "joe:secret, 401", "'', 401"})
  void letsPassWhoKnowsThePassword(String credentials, int status) throws Exception {
    String value = Base64.getEncoder().encodeToString(credentials.getBytes(ISO_8859_1));
    RawReply reply =
        credentials.isEmpty()
            ? get("basic.test")
            : get("basic.test", "Authorization: Basic " + value);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("www-authenticate"))
        .isEqualTo(status == 401 ? List.of("Basic realm=\"staff\"") : List.of());
    assertThat(upstream.received).hasSize(status == 200 ? 1 : 0);
  }

  // ---- long bodies ----

  @Test
  void refusesABodyThatIsAnnouncedTooLong() throws Exception {
    RawReply reply = post("small.test", "12345678901");
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.header("connection")).containsExactly("close");
    assertThat(post("small.test", "1234567890").status()).isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}: {1} chunks of {2} bytes")
  @CsvSource({"small.test, 3, 5", "small.test, 1, 11", "medium.test, 40, 4096"})
  void breaksOffABodyThatTurnsOutTooLong(String host, int chunks, int size) throws Exception {
    RawReply reply = RawReply.exchange(proxy.port(), chunked(host, chunks, size));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).isEqualTo("The body is larger than this route takes.\n");
    assertThat(reply.header("connection")).containsExactly("close");
    // What the back end got had no end, so that nothing can have taken it for a request.
    assertThat(upstream.received).isEmpty();
  }

  @Test
  void takesAChunkedBodyThatIsShortEnough() throws Exception {
    assertThat(RawReply.exchange(proxy.port(), chunked("small.test", 2, 5)).status())
        .isEqualTo(200);
    assertThat(upstream.next().body()).isEqualTo("xxxxxxxxxx");
  }

  @Test
  void breaksOffALongBodyThatAnApplicationReads() throws Exception {
    RawReply reply = RawReply.exchange(filter.port(), chunked("app-small.test", 3, 5));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).isEqualTo("The body is larger than this route takes.\n");
    assertThat(RawReply.exchange(filter.port(), chunked("app-small.test", 2, 5)).text())
        .startsWith("app 10 ");
  }

  @Test
  void answersALongBodyWithTheErrorPage() throws Exception {
    RawReply reply = RawReply.exchange(proxy.port(), chunked("smallpage.test", 3, 5));
    assertThat(reply.text()).isEqualTo("page");
    RecordingUpstream.Received question = pages.next();
    assertThat(question.header("x-code")).containsExactly("413");
    assertThat(question.body()).isEmpty();
  }

  // ---- error pages (ingress-nginx, section 14) ----

  @Test
  void answersWithAnotherBackEndInPlaceOfAnError() throws Exception {
    upstream.script(
        RecordingUpstream.reply("HTTP/1.1 503 No\r\nX-Gone: 1\r\nContent-Length: 5\r\n\r\nerror"));
    RawReply reply = get("pages.test", "Accept: text/html");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).isEqualTo("page");
    assertThat(reply.header("x-gone")).isEmpty();
    RecordingUpstream.Received question = pages.next();
    assertThat(question.target()).isEqualTo("/?x=1");
    assertThat(question.header("x-code")).containsExactly("503");
    assertThat(question.header("x-format")).containsExactly("text/html");
    assertThat(question.header("x-original-uri")).containsExactly("/a?x=1");
  }

  @Test
  void answersWithAnotherBackEndIfTheFirstCannotBeReached() throws Exception {
    RawReply reply = get("refused.test");
    assertThat(reply.text()).isEqualTo("page");
    assertThat(pages.next().header("x-code")).containsExactly("502");
  }

  @Test
  void replacesNoErrorPage() throws Exception {
    RawReply reply = get("lost.test");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.text()).isEqualTo("The back end could not be reached.\n");
  }

  @Test
  void asksForAnErrorPageWithoutTheBodyThatIsGone() throws Exception {
    upstream.script(RecordingUpstream.reply("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    RawReply reply = RawReply.exchange(proxy.port(), chunked("pages.test", 20, 4096));
    assertThat(reply.text()).isEqualTo("page");
    RecordingUpstream.Received question = pages.next();
    assertThat(question.requestLine()).isEqualTo("POST /?x=1 HTTP/1.1");
    assertThat(question.header("content-length")).containsExactly("0");
    assertThat(question.header("transfer-encoding")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/missing", "/error"})
  void answersWithAnotherBackEndInPlaceOfTheErrorOfAnApplication(String path) throws Exception {
    RawReply reply =
        RawReply.exchange(
            filter.port(), "GET " + path + " HTTP/1.1\r\nHost: app-pages.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).isEqualTo("page");
    assertThat(reply.header("set-cookie")).isEmpty();
    assertThat(pages.next().header("x-code")).containsExactly("404");
  }

  @Test
  void leavesTheErrorOfAnApplicationIfNobodyIsThereToReplaceIt() throws Exception {
    RawReply reply =
        RawReply.exchange(filter.port(), "GET /missing HTTP/1.1\r\nHost: app-own.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).isEqualTo("the application's own page");
  }

  /** ingress-nginx, section 14: the page of the router itself, for all errors. */
  @Test
  void replacesAnErrorThatNobodyHasAPageFor() throws Exception {
    RawReply reply =
        RawReply.exchange(
            filter.port(), "GET /missing HTTP/1.1\r\nHost: app-pageless.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text())
        .isEqualTo("The back end answered with an error, for which there is no page.\n");
  }

  @Test
  void neverServesARefusedRequestInPlaceOfAnErrorPage() throws Exception {
    // An application that is asked for an error page cannot tell it from the request itself.
    RawReply reply = RawReply.exchange(filter.port(), head("GET", "app-denied.test"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).isEqualTo("The back end has no usable endpoint.\n");
  }

  // ---- fields of answers (ingress-nginx, sections 9.5 and 11) ----

  @Test
  void replacesTheFieldsOfTheBackEnd() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Server: secret/1.0",
                "X-Inner: 1",
                "x-inner: 2",
                "Access-Control-Allow-Origin: *",
                "X-Frame-Options: SAMEORIGIN",
                "Set-Cookie: a=1",
                "set-cookie: b=2",
                "Content-Length: 2",
                "",
                "ok")));
    RawReply reply = get("replies.test", "Origin: https://shop.test");
    assertThat(reply.header("access-control-allow-origin")).containsExactly("https://shop.test");
    assertThat(reply.header("access-control-allow-credentials")).containsExactly("true");
    assertThat(reply.header("x-frame-options")).containsExactly("DENY");
    assertThat(reply.header("x-inner")).isEmpty();
    assertThat(reply.header("server")).isEmpty();
    assertThat(reply.header("set-cookie")).containsExactly("a=1", "b=2");
  }

  @Test
  void answersPreflights() throws Exception {
    RawReply reply =
        RawReply.exchange(
            proxy.port(), head("OPTIONS", "replies.test", "Origin: https://shop.test"));
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("access-control-max-age")).containsExactly("60");
    assertThat(reply.header("x-frame-options")).containsExactly("DENY");
    assertThat(upstream.received).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/short", "/long"})
  void replacesTheFieldsOfAnApplication(String path) throws Exception {
    RawReply reply =
        RawReply.exchange(
            filter.port(),
            "GET "
                + path
                + " HTTP/1.1\r\nHost: app-replies.test\r\nOrigin: https://shop.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("access-control-allow-origin")).containsExactly("https://shop.test");
    assertThat(reply.header("x-frame-options")).containsExactly("DENY");
    assertThat(reply.header("x-inner")).isEqualTo(canRemoveFields() ? List.of() : List.of("1"));
    assertThat(reply.header("set-cookie")).containsExactly("app=1");
    assertThat(reply.isComplete()).isTrue();
  }

  // ---- copies (ingress-nginx, section 6) ----

  @Test
  void sendsACopyWithTheBodyAndWithoutCredentials() throws Exception {
    RawReply reply =
        RawReply.exchange(
            proxy.port(),
            head("POST", "mirror.test", "Cookie: a=b", "X-A: 1", "Content-Length: 3") + "abc");
    assertThat(reply.text()).isEqualTo("ok");
    RecordingUpstream.Received copy = service.next();
    assertThat(copy.requestLine()).isEqualTo("POST /copy?x=1 HTTP/1.1");
    assertThat(copy.header("host")).containsExactly("copy.test");
    assertThat(copy.header("x-a")).containsExactly("1");
    assertThat(copy.header("cookie")).isEmpty();
    assertThat(copy.body()).isEqualTo("abc");
    assertThat(upstream.next().header("cookie")).containsExactly("a=b");
  }

  @Test
  void copiesABodyThatIsStreamed() throws Exception {
    RawReply.exchange(proxy.port(), chunked("mirror.test", 20, 4096));
    RecordingUpstream.Received copy = service.next();
    assertThat(copy.header("transfer-encoding")).isEmpty();
    assertThat(copy.body()).isEqualTo("x".repeat(20 * 4096)).isEqualTo(upstream.next().body());
  }

  @Test
  void copiesTheBodyThatAnApplicationReads() throws Exception {
    RawReply.exchange(filter.port(), chunked("app-mirror.test", 2, 5));
    assertThat(service.next().body()).isEqualTo("xxxxxxxxxx");
  }

  @Test
  void copiesTheHeadAlone() throws Exception {
    post("headonly.test", "abc");
    RecordingUpstream.Received copy = service.next();
    assertThat(copy.header("content-length")).containsExactly("0");
    assertThat(upstream.next().body()).isEqualTo("abc");
  }

  @Test
  void doesNotCopyWhatIsTooLong() throws Exception {
    String body = "x".repeat(Mirrors.MAX_BODY + 1);
    assertThat(post("mirror.test", body).status()).isEqualTo(200);
    assertThat(RawReply.exchange(proxy.port(), chunked("mirror.test", 70, 4096)).status())
        .isEqualTo(200);
    get("mirror.test");
    assertThat(service.next().requestLine()).startsWith("GET ");
  }

  @Test
  void doesWithoutACopyThatNobodyTakes() throws Exception {
    assertThat(get("dead.test").text()).isEqualTo("ok");
    assertThat(post("dead.test", "abc").text()).isEqualTo("ok");
  }

  @Test
  void neverWaitsForWhoeverGetsTheCopies() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    slow.script(
        exchange -> {
          try {
            over.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.socket.close();
        });
    for (int i = 0; i < 100; i++) {
      assertThat(post("slow.test", "abc").text()).isEqualTo("ok");
    }
    over.countDown();
    // 8 are being sent and 64 wait; the rest is dropped.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (slow.heads.get() < 72 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(slow.heads.get()).isEqualTo(72);
  }
}
