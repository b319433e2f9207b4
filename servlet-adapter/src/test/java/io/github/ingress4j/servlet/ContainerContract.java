package io.github.ingress4j.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.PathType;
import io.github.ingress4j.manifest.Service;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold in every container: one class per container runs all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainerContract {

  /** What a container does that nobody behind it can see or undo. */
  enum Quirk {
    /** Refuses bad escapes in a query, and drops a query that is empty. */
    READS_QUERIES,
    /** Makes one line of several Cookie lines. */
    JOINS_COOKIES,
    /** Calls every version it does not know HTTP/1.1. */
    HIDES_VERSIONS
  }

  private final Container.Starter starter;
  private final Set<Quirk> quirks;
  private RecordingUpstream upstream;
  private RecordingUpstream admin;
  private RecordingUpstream secure;
  private Container proxy;
  private Container filter;

  ContainerContract(Container.Starter starter, Quirk... quirks) {
    this.starter = starter;
    this.quirks = Set.of(quirks);
  }

  @BeforeAll
  void start() throws Exception {
    upstream = new RecordingUpstream();
    admin = new RecordingUpstream();
    secure = new RecordingUpstream(TestKeys.shared().listen("server", "secure.default.svc"));
    SSLContext trust = TestKeys.shared().trust();
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    proxy =
        starter.start(
            context -> {
              IngressProxyServlet servlet =
                  IngressProxyServlet.builder()
                      .router(router())
                      .backend("default/echo:80", "127.0.0.1:" + upstream.port())
                      .backend("default/admin:80", "127.0.0.1:" + admin.port())
                      .backend("default/secure:80", "127.0.0.1:" + secure.port())
                      .sslContext(trust)
                      .backend("default/refused:80", "127.0.0.1:" + closed)
                      .backend(
                          "default/second:80",
                          "127.0.0.1:" + closed + ",127.0.0.1:" + upstream.port())
                      .endpointResolver(this::resolve)
                      .resourceBackend(
                          "k8s.example.com",
                          "StorageBucket",
                          (resource, forward, request, response) ->
                              response.getWriter().print("bucket " + resource.name()))
                      .build();
              var registration = context.addServlet("proxy", servlet);
              registration.addMapping("/*");
              registration.setAsyncSupported(true);
            });
    filter =
        starter.start(
            context -> {
              IngressFilter value =
                  IngressFilter.builder()
                      .router(router())
                      .backend("default/pay:9080", "context:/inside")
                      .backend("default/admin:80", "127.0.0.1:" + admin.port())
                      .build();
              register(context, value);
            });
  }

  private void register(ServletContext context, IngressFilter value) {
    var registration = context.addFilter("ingress", value);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    context.addServlet("app", new App()).addMapping("/*");
    context.addServlet("inside", new Inside()).addMapping("/inside/*");
  }

  private List<InetSocketAddress> resolve(Forward forward) throws IOException {
    String service = forward.backend().toString();
    if (service.startsWith("default/broken")) {
      throw new UnknownHostException("broken.default.svc");
    }
    return service.startsWith("default/resolved")
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()))
        : List.of();
  }

  static IngressRouter router() {
    return IngressRouter.builder().manifests(manifests()).build();
  }

  static ManifestSet manifests() {
    List<ManifestObject> objects = new ArrayList<>();
    List<HttpIngressPath> paths = new ArrayList<>();
    for (String service :
        List.of("admin", "refused", "second", "broken", "resolved", "lost", "secure")) {
      paths.add(HttpIngressPath.prefix("/" + service, IngressBackend.service(service, 80)));
    }
    paths.add(HttpIngressPath.prefix("/", IngressBackend.service("echo", 80)));
    paths.add(HttpIngressPath.prefix("/pay", IngressBackend.service("pay", 9080)));
    paths.add(resource("/bucket", "StorageBucket"));
    paths.add(resource("/other", "Other"));
    for (HttpIngressPath path : paths) {
      if (path.backend() instanceof IngressBackend.Service service) {
        objects.add(
            Service.of(
                ObjectMeta.of("default", service.name()),
                new Service.Port(
                    "",
                    service.port().number(),
                    "TCP",
                    "8080",
                    service.name().equals("secure") ? "https" : "",
                    Origin.NONE)));
      }
    }
    objects.add(
        new Ingress(
            ObjectMeta.of("default", "shop"),
            IngressSpec.of(
                new IngressRule("shop.test", paths, Origin.NONE),
                IngressRule.of(
                    "only.test",
                    HttpIngressPath.prefix("/app", IngressBackend.service("echo", 80))))));
    return ManifestSet.of(objects.toArray(new ManifestObject[0]));
  }

  private static HttpIngressPath resource(String path, String kind) {
    return new HttpIngressPath(
        path,
        PathType.PREFIX,
        new IngressBackend.Resource("k8s.example.com", kind, "static", Origin.NONE),
        Origin.NONE);
  }

  /** The application behind the filter: says which rule took the request. */
  private static final class App extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Object decision = request.getAttribute(IngressAttributes.DECISION);
      response
          .getWriter()
          .print(
              "app "
                  + (decision instanceof Forward)
                  + " "
                  + (request.getAttribute(IngressAttributes.ROUTE) instanceof Route)
                  + " "
                  + request.getAttribute(IngressAttributes.INGRESS)
                  + " "
                  + request.getAttribute(IngressAttributes.RULE_PATH)
                  + " "
                  + request.getAttribute(IngressAttributes.PATH_INSIDE)
                  + " "
                  + request.getAttribute(IngressAttributes.TARGET));
    }
  }

  private static final class Inside extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response
          .getWriter()
          .print(
              "inside "
                  + request.getPathInfo()
                  + " "
                  + request.getParameter("x")
                  + " "
                  + request.getAttribute(IngressAttributes.RULE_PATH));
    }
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    filter.close();
    upstream.close();
    admin.close();
    secure.close();
  }

  @BeforeEach
  void answerOk() {
    upstream.script(RecordingUpstream.text("ok"));
    admin.script(RecordingUpstream.text("admin"));
  }

  private RawReply get(String target, String... headers) throws IOException {
    return RawReply.exchange(proxy.port(), request("GET", target, "", headers));
  }

  private static String request(String method, String target, String body, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    if (Arrays.stream(headers).noneMatch(header -> header.startsWith("Host:"))) {
      text.append("Host: shop.test\r\n");
    }
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").append(body).toString();
  }

  // ---- requests: target, Host, fields (SEC-01, SEC-13, SEC-34, SEC-36) ----

  @ParameterizedTest(name = "{0} is sent as {1}")
  @CsvSource(
      textBlock =
          """
          # target,                sent
          /,                       /
          /a/b?x=1&y=%zz,          /a/b?x=1&y=%zz
          /a%20b,                  /a%20b
          /%61bc,                  /abc
          /a/./b/../c,             /a/c
          /a//b,                   /a/b
          /%c3%a9,                 /%C3%A9
          /a+b;c=d,                /a+b;c=d
          /a%2fb,                  /a%2Fb
          /x?q=http://a/../b,      /x?q=http://a/../b
          /x?,                     /x?
          http://shop.test/abs?q,  /abs?q
          """)
  void sendsTheCanonicalTargetWithTheQueryAsItCame(String target, String sent) throws Exception {
    RawReply reply = get(target);
    if (quirks.contains(Quirk.READS_QUERIES) && target.contains("%zz")) {
      assertThat(reply.status()).isEqualTo(400);
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    String expected =
        quirks.contains(Quirk.READS_QUERIES) && sent.endsWith("?")
            ? sent.substring(0, sent.length() - 1)
            : sent;
    assertThat(upstream.next().requestLine()).isEqualTo("GET " + expected + " HTTP/1.1");
  }

  @Test
  void sendsTheHostAsTheClientWroteIt() throws Exception {
    assertThat(get("/", "Host: ShOp.Test:8080").status()).isEqualTo(200);
    assertThat(upstream.next().header("host")).containsExactly("ShOp.Test:8080");
  }

  @Test
  void addsNothingButTheForwardedFamily() throws Exception {
    get("/");
    assertThat(upstream.next().headerLines())
        .containsExactlyInAnyOrder(
            "Host: shop.test",
            "Via: 1.1 ingress4j",
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-Host: shop.test",
            "X-Forwarded-Port: " + proxy.port(),
            "X-Forwarded-Proto: http");
  }

  @Test
  void removesWhatAClientForges() throws Exception {
    // SEC-30, SEC-31
    get(
        "/",
        "X-Forwarded-For: 6.6.6.6",
        "X_Forwarded_For: 6.6.6.7",
        "x-forwarded_proto: https",
        "X-Forwarded-Prefix: /evil",
        "Forwarded: for=6.6.6.6",
        "X-Real-IP: 6.6.6.6",
        "Ssl-Client-Verify: SUCCESS",
        "ssl_client_verify: SUCCESS",
        "X_Custom: 1",
        "X-Custom: 2");
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(received.header("x-forwarded-proto")).containsExactly("http");
    assertThat(received.headerLines())
        .noneMatch(line -> line.contains("6.6.6") || line.contains("SUCCESS"))
        .noneMatch(line -> line.contains("evil") || line.contains("_"))
        .anyMatch(line -> line.equalsIgnoreCase("X-Custom: 2"));
  }

  @Test
  void removesWhatConcernsOneConnectionFromRequests() throws Exception {
    RawReply reply =
        get(
            "/",
            "Connection: Upgrade, X-Hop, Host, X-Forwarded-For, Cookie",
            "Keep-Alive: timeout=5",
            "X-Hop: 1",
            "TE: trailers",
            "Trailer: X-T",
            "Upgrade: websocket",
            "Proxy-Authorization: Basic x",
            "Proxy-Connection: keep-alive",
            "Proxy: http://evil",
            "Cookie: a=1",
            "Authorization: Basic eA==");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("host")).containsExactly("shop.test");
    assertThat(received.header("cookie")).containsExactly("a=1");
    assertThat(received.header("authorization")).containsExactly("Basic eA==");
    assertThat(received.header("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(received.headerLines())
        .noneMatch(line -> line.matches("(?i)(connection|keep-alive|x-hop|te|trailer|upgrade):.*"))
        .noneMatch(line -> line.matches("(?i)(http2-settings|proxy|proxy-[a-z]+):.*"));
  }

  @Test
  void keepsNumberAndOrderOfLines() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            lines(
                "HTTP/1.1 200 OK",
                "Set-Cookie: a=1; Path=/",
                "X-A: 1",
                "Set-Cookie: b=2",
                "X-A: 2",
                "Content-Length: 0",
                "",
                "")));
    RawReply reply = get("/", "Cookie: a=1", "X-M: 1", "Cookie: b=2", "X-M: 2");
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("cookie"))
        .isEqualTo(
            quirks.contains(Quirk.JOINS_COOKIES) ? List.of("a=1; b=2") : List.of("a=1", "b=2"));
    assertThat(received.header("x-m")).containsExactly("1", "2");
    assertThat(reply.header("set-cookie")).containsExactly("a=1; Path=/", "b=2");
    assertThat(reply.header("x-a")).containsExactly("1", "2");
  }

  @Test
  void keepsBytesAboveAsciiInHeaders() throws Exception {
    get("/", "X-Name: \u00e9\u0085x");
    assertThat(upstream.next().header("x-name")).containsExactly("\u00e9\u0085x");
  }

  // ---- bodies of requests (SEC-14) ----

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16_384, 16_385, 1_000_000})
  void sendsABodyOfKnownLengthWithItsLength(int length) throws Exception {
    String body = text(length);
    RawReply reply =
        RawReply.exchange(proxy.port(), request("POST", "/", body, "Content-Length: " + length));
    assertThat(reply.status()).isEqualTo(200);
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.body()).isEqualTo(body);
    assertThat(received.header("content-length")).containsExactly(Integer.toString(length));
    assertThat(received.header("transfer-encoding")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 100_000})
  void sendsABodyOfUnknownLengthInChunks(int length) throws Exception {
    String body = text(length);
    String chunks =
        (length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body)
            + (length == 0 ? "" : "\r\n")
            + "0\r\n\r\n";
    RawReply reply =
        RawReply.exchange(proxy.port(), request("POST", "/", chunks, "Transfer-Encoding: chunked"));
    assertThat(reply.status()).isEqualTo(200);
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.body()).isEqualTo(body);
    assertThat(received.header("transfer-encoding")).containsExactly("chunked");
    assertThat(received.header("content-length")).isEmpty();
  }

  @Test
  void continuesForAClientThatExpectsIt() throws Exception {
    try (Socket socket = RawReply.connect(proxy.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          request("POST", "/", "", "Content-Length: 20000", "Expect: 100-continue")
              .getBytes(ISO_8859_1));
      out.flush();
      assertThat(RawReply.line(socket.getInputStream())).startsWith("HTTP/1.1 100");
      RawReply.line(socket.getInputStream());
      out.write(bytes(20_000));
      out.flush();
      assertThat(RawReply.read(socket, false).status()).isEqualTo(200);
    }
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.body()).isEqualTo(text(20_000));
    assertThat(received.header("expect")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000", "Transfer-Encoding: chunked"})
  void abortsTheBackEndWhenTheClientBreaksOff(String framing) throws Exception {
    // REL-11: what was sent of the body must never look like all of it.
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    StringBuilder rest = new StringBuilder();
    upstream.script(
        exchange -> {
          begun.countDown();
          try {
            for (int b = exchange.in.read(); b >= 0; b = exchange.in.read()) {
              rest.append((char) b);
            }
          } catch (IOException e) {
            rest.append("reset");
          }
          ended.countDown();
        });
    try (Socket socket = RawReply.connect(proxy.port())) {
      socket
          .getOutputStream()
          .write(request("POST", "/", "4\r\nabcd\r\n", framing).getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(rest.toString()).doesNotContain("0\r\n\r\n");
  }

  @Test
  void relaysAnAnswerThatComesBeforeTheBodyHasEnded() throws Exception {
    upstream.script(
        exchange ->
            exchange.send(
                "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig"));
    try (Socket socket = RawReply.connect(proxy.port())) {
      socket
          .getOutputStream()
          .write(request("POST", "/", "abc", "Content-Length: 100000").getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      RawReply reply = RawReply.read(socket, false);
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.text()).isEqualTo("big");
      assertThat(reply.header("connection")).containsExactly("close");
    }
  }

  @Test
  void streamsBothWaysAtOnce() throws Exception {
    // A back end that answers while it reads, and reads on only while its answer is read.
    int length = 8 << 20;
    upstream.script(
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
          byte[] buffer = new byte[4096];
          for (int left = length; left > 0; ) {
            int count = exchange.in.read(buffer, 0, Math.min(buffer.length, left));
            if (count < 0) {
              throw new IOException("the body ends early");
            }
            exchange.out.write(buffer, 0, count);
            left -= count;
          }
          exchange.out.flush();
        });
    try (Socket socket = RawReply.connect(proxy.port())) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  OutputStream out = socket.getOutputStream();
                  out.write(
                      request("POST", "/", "", "Content-Length: " + length).getBytes(ISO_8859_1));
                  byte[] block = bytes(65_536);
                  for (int i = 0; i < length / block.length; i++) {
                    out.write(block);
                  }
                } catch (IOException e) {
                  // The reading side of the test says what is wrong.
                }
              });
      writer.start();
      RawReply reply = RawReply.read(socket, false);
      writer.join();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).hasSize(length);
      assertThat(reply.body()).startsWith(text(65_536));
    }
  }

  @Test
  void passesPiecesOfABodyOnAsTheyCome() throws Exception {
    upstream.script(
        exchange -> {
          String size = RawReply.line(exchange.in);
          byte[] piece = exchange.in.readNBytes(Integer.parseInt(size, 16));
          exchange.send(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + size
                  + "\r\n"
                  + new String(piece, ISO_8859_1)
                  + "\r\n");
          RawReply.line(exchange.in);
          RawReply.line(exchange.in);
          RawReply.line(exchange.in);
          exchange.send("3\r\nend\r\n0\r\n\r\n");
        });
    try (Socket socket = RawReply.connect(proxy.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          request("POST", "/", "4\r\nping\r\n", "Transfer-Encoding: chunked").getBytes(ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("ping") < 0) {
        int b = in.read();
        assertThat(b).isNotNegative();
        seen.append((char) b);
      }
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
      while (seen.indexOf("end") < 0) {
        int b = in.read();
        assertThat(b).isNotNegative();
        seen.append((char) b);
      }
      assertThat(seen.toString()).startsWith("HTTP/1.1 200");
    }
  }

  // ---- answers (SEC-23, SEC-34, SEC-37, REL-11) ----

  @Test
  void removesWhatConcernsOneConnectionFromAnswers() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            lines(
                "HTTP/1.1 200 OK",
                "Connection: X-Hop, keep-alive",
                "X-Hop: 1",
                "Keep-Alive: timeout=9",
                "Upgrade: h2c",
                "Proxy-Authenticate: Basic",
                "Trailer: X-T",
                "Date: Tue, 24 Nov 2026 00:00:00 GMT",
                "Server: own",
                "Content-Type: application/x-own",
                "Content-Length: 2",
                "",
                "ok")));
    RawReply reply = get("/");
    assertThat(reply.header("x-hop")).isEmpty();
    assertThat(reply.header("upgrade")).isEmpty();
    assertThat(reply.header("trailer")).isEmpty();
    assertThat(reply.header("proxy-authenticate")).isEmpty();
    assertThat(reply.header("keep-alive")).doesNotContain("timeout=9");
    assertThat(reply.header("date")).containsExactly("Tue, 24 Nov 2026 00:00:00 GMT");
    assertThat(reply.header("server")).containsExactly("own");
    assertThat(reply.header("content-type")).containsExactly("application/x-own");
    assertThat(reply.header("content-length")).containsExactly("2");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"HEAD, 200, 500", "GET, 304, 500", "GET, 204, 0", "HEAD, 404, 7"})
  void relaysAnswersWithoutABody(String method, int status, int length) throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 "
                + status
                + " X\r\nETag: \"a\"\r\n"
                + (status == 204 ? "" : "Content-Length: " + length + "\r\n")
                + "\r\n"));
    RawReply reply = RawReply.exchange(proxy.port(), request(method, "/", ""));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.isClosed()).isFalse();
    assertThat(reply.header("etag")).containsExactly("\"a\"");
    if (method.equals("HEAD")) {
      assertThat(reply.header("content-length")).containsExactly(Integer.toString(length));
    }
  }

  @Test
  void relaysChunksAndWhatEndsWithTheConnection() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
    assertThat(get("/").text()).isEqualTo("abcde");
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
          exchange.socket.close();
        });
    RawReply reply = get("/");
    assertThat(reply.text()).isEqualTo("until the end");
    assertThat(reply.isComplete()).isTrue();
  }

  @Test
  void followsNoRedirectAndDecodesNothing() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            lines(
                "HTTP/1.1 302 Found",
                "Location: /elsewhere",
                "Content-Encoding: gzip",
                "Content-Length: 3",
                "",
                "abc")));
    RawReply reply = get("/");
    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.header("location")).containsExactly("/elsewhere");
    assertThat(reply.header("content-encoding")).containsExactly("gzip");
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(upstream.heads.get()).isEqualTo(1);
  }

  @Test
  void passesOverInterimAnswers() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            lines(
                "HTTP/1.1 103 Early Hints",
                "Link: </a>",
                "",
                "HTTP/1.1 100 Continue",
                "",
                "HTTP/1.1 200 OK",
                "Content-Length: 2",
                "",
                "ok")));
    assertThat(get("/").text()).isEqualTo("ok");
    upstream.script(RecordingUpstream.reply("HTTP/1.1 102 Processing\r\n\r\n".repeat(17)));
    assertThat(get("/").status()).isEqualTo(502);
  }

  @Test
  void streamsALargeAnswerWithoutKeepingIt() throws Exception {
    // REL-21, SEC-63: far more than the heap of the test's JVM.
    long length = 3L << 30;
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
          byte[] block = new byte[1 << 20];
          for (long sent = 0; sent < length; sent += block.length) {
            exchange.out.write(block);
          }
        });
    try (Socket socket = RawReply.connect(proxy.port())) {
      socket.getOutputStream().write(request("GET", "/", "").getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      while (!RawReply.line(in).isEmpty()) {}
      byte[] buffer = new byte[1 << 18];
      long seen = 0;
      while (seen < length) {
        int count = in.read(buffer);
        assertThat(count).isPositive();
        seen += count;
      }
      assertThat(seen).isEqualTo(length);
    }
  }

  @Test
  void abortsTheBackEndWhenTheClientGoesAwayDuringTheAnswer() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";
          try {
            for (int i = 0; i < 10_000; i++) {
              exchange.send(chunk);
            }
          } catch (IOException e) {
            broken.countDown();
          }
        });
    try (Socket socket = RawReply.connect(proxy.port())) {
      socket.getOutputStream().write(request("GET", "/", "").getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isPositive();
      socket.setSoLinger(true, 0);
    }
    assertThat(broken.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        "Content-Length: 100000\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n"
      })
  void breaksTheClientsConnectionWhenAnAnswerBreaksOff(String rest) throws Exception {
    // REL-11: never a clean short 200.
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\n" + rest);
          exchange.socket.close();
        });
    RawReply reply = get("/");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.isComplete()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA B: c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"
      })
  void answersForABackEndThatDoesNotSpeakHttp(String bytes) throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send(bytes);
          exchange.socket.close();
        });
    RawReply reply = get("/");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.header("content-type").get(0)).startsWith("text/plain");
    assertThat(reply.isComplete()).isTrue();
  }

  @Test
  void refusesAnAnswerWithMoreHeadersThanAnyHasAUseFor() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\n"
                + ("X: " + "y".repeat(4_000) + "\r\n").repeat(20)
                + "Content-Length: 0\r\n\r\n"));
    assertThat(get("/").status()).isEqualTo(502);
  }

  // ---- faults (REL-12) ----

  @Test
  void answersForABackEndThatIsNotThere() throws Exception {
    RawReply reply = get("/refused");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.text()).isEqualTo("The back end could not be reached.\n");
  }

  @Test
  void goesOnToTheNextAddressWhenOneRefuses() throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThat(get("/second").status()).isEqualTo(200);
    }
  }

  @Test
  void answersForABackEndThatResets() throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.reset();
        });
    assertThat(get("/").status()).isEqualTo(502);
    // REL-17: on a connection that was kept it may have been a late goodbye, and is tried once
    // more.
    assertThat(upstream.heads.get()).isBetween(1, 2);
  }

  @Test
  void neverSendsARequestTwice() throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    assertThat(get("/").status()).isEqualTo(200);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.socket.close();
        });
    RawReply reply =
        RawReply.exchange(proxy.port(), request("POST", "/", "abc", "Content-Length: 3"));
    assertThat(reply.status()).isEqualTo(502);
    assertThat(upstream.heads.get()).isEqualTo(1);
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    int before = upstream.connections.get();
    for (int i = 0; i < 5; i++) {
      assertThat(get("/").status()).isEqualTo(200);
    }
    assertThat(upstream.connections.get() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void asksTheResolverForAddresses() throws Exception {
    assertThat(get("/resolved").status()).isEqualTo(200);
    assertThat(get("/broken").status()).isEqualTo(502);
    RawReply lost = get("/lost");
    assertThat(lost.status()).isEqualTo(503);
    assertThat(lost.text()).isEqualTo("The back end has no usable endpoint.\n");
  }

  // ---- TLS ----

  @ParameterizedTest
  @ValueSource(ints = {10, 500_000})
  void speaksTlsToABackEndThatWantsIt(int length) throws Exception {
    // core/v1, ServicePort.appProtocol
    secure.script(
        exchange -> {
          String body = exchange.receive().body();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
    RawReply reply =
        RawReply.exchange(
            proxy.port(), request("POST", "/secure", text(length), "Content-Length: " + length));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().equals(text(length))).isTrue();
  }

  @Test
  void breaksTheClientsConnectionWhenAnAnswerOverTlsBreaksOff() throws Exception {
    // REL-11
    secure.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
          exchange.socket.close();
        });
    RawReply reply = get("/secure");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.isComplete()).isFalse();
  }

  // ---- circles (hardening, decision 8) ----

  @Test
  void refusesARequestThatHasPassedTooOften() throws Exception {
    assertThat(get("/", "Via: 1.1 ingress4j, 1.0 other (x), 2 ingress4j").status()).isEqualTo(200);
    assertThat(upstream.next().header("via"))
        .containsExactly("1.1 ingress4j, 1.0 other (x), 2 ingress4j", "1.1 ingress4j");
    String five = "1.1 ingress4j, ".repeat(4) + "1.1 ingress4j";
    assertThat(get("/", "Via: " + five).status()).isEqualTo(200);
    upstream.script(RecordingUpstream.text("ok"));
    RawReply reply = get("/", "Via: " + five, "Via: 2 ingress4j");
    assertThat(reply.status()).isEqualTo(508);
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void passesARequestOnThatHasPassedOthers() throws Exception {
    String others = "1.1 ingress4jx, 1.1 xingress4j, ".repeat(10) + "1.1 x (ingress4j), ingress4j";
    assertThat(get("/", "Via: " + others).status()).isEqualTo(200);
  }

  // ---- fields after a body (SEC-34, RFC 9110 section 6.5) ----

  @Test
  void passesFieldsAfterAnAnswerOnToAClientThatTakesThem() throws Exception {
    RecordingUpstream.Script script =
        RecordingUpstream.reply(
            lines(
                "HTTP/1.1 200 OK",
                "Trailer: X-Sum",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "abc",
                "0",
                "X-Sum: 1",
                "Set-Cookie: a=1",
                "Content-Length: 7",
                "X-Forwarded-For: 6.6.6.6",
                "Grpc-Status: 0",
                "",
                ""));
    upstream.script(script);
    RawReply reply = get("/", "TE: trailers");
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(reply.trailerLines().stream().map(String::toLowerCase).toList())
        .containsExactlyInAnyOrder("x-sum: 1", "grpc-status: 0");
    upstream.script(script);
    assertThat(get("/").trailerLines()).isEmpty();
    assertThat(get("/").text()).isEqualTo("abc");
  }

  @Test
  void passesFieldsAfterARequestOnToTheBackEnd() throws Exception {
    RawReply reply =
        RawReply.exchange(
            proxy.port(),
            request(
                "POST",
                "/",
                lines(
                    "3",
                    "abc",
                    "0",
                    "X-Sum: 1",
                    "Host: evil.test",
                    "X_Forwarded_For: 6.6.6.6",
                    "Content-Length: 7",
                    "",
                    ""),
                "Transfer-Encoding: chunked",
                "Trailer: X-Sum"));
    assertThat(reply.status()).isEqualTo(200);
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.body()).isEqualTo("abc");
    assertThat(received.header("content-length")).isEmpty();
    assertThat(received.trailerLines().stream().map(String::toLowerCase).toList())
        .containsExactly("x-sum: 1");
  }

  @Test
  void handsResourcesToTheHandlerOfTheirKind() throws Exception {
    RawReply reply = get("/bucket/x");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("bucket static");
    assertThat(get("/other").status()).isEqualTo(503);
  }

  // ---- refusals (SEC-10 to SEC-12, SEC-15, SEC-35, SEC-60, SEC-61) ----

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "/%zz",
        "/../admin",
        "/a/../../admin",
        "/x/..%2fadmin",
        "/x/%2e%2e/admin",
        "/x/..;/admin",
        "/;/admin",
        "/x;/../admin",
        "/admin%00",
        "/admin%0d%0aX:y",
        "/%ff",
        "/a[b]",
        "/a\\b",
        "/%252e%252e/admin",
        "/x%2f..%2fadmin",
        "/x%5cadmin/..%5c..",
        "/a#b",
        "/\u00e9",
        "http://other.test/",
        "ftp://shop.test/"
      })
  void refusesPathsThatServersReadDifferently(String target) throws Exception {
    RawReply reply = get(target);
    if (target.contains("://") && reply.status() == 200) {
      // Undertow hides the authority of an absolute target, Tomcat and Undertow its scheme; then
      // the Host decides alone.
      assertThat(upstream.next().header("host")).containsExactly("shop.test");
      return;
    }
    if (target.equals("/x;/../admin") && reply.status() == 200) {
      assertThat(admin.received).hasSize(1);
      return;
    }
    assertThat(reply.status()).isBetween(400, 499);
    assertThat(upstream.heads.get()).isZero();
    assertThat(admin.heads.get()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: shop.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: evil.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test,evil\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: u@shop.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test:99999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop..test\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
        "TRACK / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
        "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n",
        "CONNECT / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: shop.test\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: shop.test\r\n\r\n",
        "GET / HTTP/0.9\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test\r\nExpect: tea\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "GET / HTTP/1.1\r\nHost: shop.test\r\nA B: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop.test\r\nX: a\u0001b\r\n\r\n"
      })
  void refusesWhatIsNoProperRequest(String bytes) throws Exception {
    RawReply reply = RawReply.exchange(proxy.port(), bytes);
    if (quirks.contains(Quirk.HIDES_VERSIONS)
        && bytes.matches("(?s)GET / HTTP/[23].*|.*/1\\.2.*")) {
      assertThat(upstream.next().requestLine()).isEqualTo("GET / HTTP/1.1");
      return;
    }
    if (bytes.contains("A B: c") && reply.status() == 200) {
      // Some containers drop such a line; it must not arrive anywhere.
      assertThat(upstream.next().headerLines()).noneMatch(line -> line.contains("A B"));
      return;
    }
    assertThat(reply.status())
        .as("status, 0 for a connection just closed")
        .satisfiesAnyOf(
            status -> assertThat(status).isBetween(400, 599),
            status -> assertThat(status).isZero());
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void sendsOneFramingOnlyWhenAClientSendsTwo() throws Exception {
    RawReply reply =
        RawReply.exchange(
            proxy.port(),
            request("POST", "/", "0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"));
    if (reply.status() == 200) {
      // Tomcat takes the chunks, hides the length and closes.
      RecordingUpstream.Received received = upstream.next();
      assertThat(received.header("content-length")).isEmpty();
      assertThat(received.header("transfer-encoding")).containsExactly("chunked");
      assertThat(reply.isClosed()).isTrue();
    } else {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(upstream.heads.get()).isZero();
    }
  }

  @Test
  void refusesLongTargetsAndHeaders() throws Exception {
    assertThat(get("/" + "a".repeat(65_536)).status()).isEqualTo(414);
    String[] many = new String[101];
    Arrays.setAll(many, i -> "X-" + i + ": 1");
    assertThat(get("/", many).status()).isIn(400, 431);
    assertThat(get("/", "X: " + "y".repeat(20_000)).status()).isEqualTo(431);
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void closesTheConnectionWhenItRefusesARequestWithABody() throws Exception {
    // SEC-15: what follows must not be read as another request.
    RawReply reply =
        RawReply.exchange(
            proxy.port(),
            request(
                "POST",
                "/x/..%2fadmin",
                "GET /admin HTTP/1.1\r\nHost: shop.test\r\n\r\n",
                "Content-Length: 40"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.isClosed()).isTrue();
    assertThat(admin.heads.get()).isZero();
  }

  @Test
  void keepsTheConnectionWhenItAnswersARequestWithoutABody() throws Exception {
    RawReply reply = get("/", "Host: unknown.test");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.isClosed()).isFalse();
    assertThat(reply.text()).endsWith(".\n").doesNotContain("Exception");
  }

  @Test
  void answers404WithoutARule() throws Exception {
    RawReply reply = get("/", "Host: unknown.test");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).contains("No rule takes this host and path");
    RawReply head = RawReply.exchange(proxy.port(), request("HEAD", "/", "", "Host: other.test"));
    assertThat(head.status()).isEqualTo(404);
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void servesHttp10() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    RawReply reply = RawReply.exchange(proxy.port(), "GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(reply.header("transfer-encoding")).isEmpty();
    assertThat(upstream.next().requestLine()).isEqualTo("GET / HTTP/1.1");
  }

  // ---- the filter ----

  private RawReply filtered(String target, String... headers) throws IOException {
    return RawReply.exchange(filter.port(), request("GET", target, "", headers));
  }

  @Test
  void passesOnWithTheMatchInAttributes() throws Exception {
    RawReply reply = filtered("/app/x%20y?q=1", "Host: only.test");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("app true true default/shop /app /x%20y /app/x%20y?q=1");
  }

  @Test
  void passesOnWhatNoRuleTakes() throws Exception {
    RawReply reply = filtered("/elsewhere", "Host: only.test");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("app false false null null null null");
  }

  @Test
  void neverPassesOnWhatIsRefused() throws Exception {
    assertThat(filtered("/x/..%2fadmin", "Host: shop.test").status()).isEqualTo(400);
    assertThat(filtered("/", "Host: a,b").status()).isEqualTo(400);
  }

  @Test
  void dispatchesMappedBackEndsInsideTheContainer() throws Exception {
    assertThat(filtered("/pay/now?x=1").text()).isEqualTo("inside /now 1 /pay");
    assertThat(filtered("/pay").text()).isEqualTo("inside null null /pay");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/pay/WEB-INF/web.xml", "/pay/web-inf/x", "/pay/%57EB-INF/x", "/pay/META-INF/x"})
  void neverDispatchesIntoPrivateDirectories(String target) throws Exception {
    assertThat(filtered(target).status()).isIn(400, 404);
  }

  @Test
  void proxiesMappedBackEndsFromTheFilter() throws Exception {
    assertThat(filtered("/admin/x").text()).isEqualTo("admin");
    assertThat(admin.next().requestLine()).isEqualTo("GET /admin/x HTTP/1.1");
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private static String text(int length) {
    return new String(bytes(length), ISO_8859_1);
  }

  private static byte[] bytes(int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
    for (int i = 0; i < length; i++) {
      bytes.write(i * 31 + (i >> 8));
    }
    return bytes.toByteArray();
  }
}
