package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCommandTest {

  private static final String SLICES =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: store}
      spec:
        ports: [{port: 8080, targetPort: 80}]
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: web-1
        namespace: store
        labels: {kubernetes.io/service-name: web}
      addressType: IPv4
      ports: [{name: "", port: 80, protocol: TCP}]
      endpoints:
        - addresses: [10.1.2.3]
        - addresses: [10.1.2.4]
        - addresses: [10.1.2.5]
      """;

  private static final String CLOSED =
      Cli.SHOP.replace(
          "metadata:\n",
          "metadata:\n  annotations: {nginx.ingress.kubernetes.io/auth-url: http://a}\n");

  private @TempDir Path directory;
  private String shop = "";

  @BeforeEach
  void writeManifest() throws IOException {
    shop = Cli.write(directory, "shop.yaml", Cli.SHOP).toString();
  }

  private String json(String line) {
    Cli.Run run = Cli.runWith(line, "route", "--requests", "-", "--output", "json", shop);
    return run.out().replace(shop, "shop.yaml");
  }

  private static final String FORWARDED =
      "\"X-Forwarded-For\":\"127.0.0.1\",\"X-Forwarded-Host\":\"shop.example\","
          + "\"X-Forwarded-Port\":\"80\",\"X-Forwarded-Proto\":\"http\"";

  @Test
  void printsAForwardAsJson() {
    assertThat(json("{\"id\":1,\"url\":\"http://shop.example/cart?x=1\"}"))
        .isEqualTo(
            "{\"id\":1,\"outcome\":\"forward\",\"ingress\":\"store/shop\","
                + "\"rule\":{\"host\":\"shop.example\",\"path\":\"/\",\"pathType\":\"Prefix\"},"
                + "\"backend\":{\"namespace\":\"store\",\"service\":\"web\",\"port\":8080},"
                + "\"endpoint\":null,\"target\":\"/cart?x=1\",\"host\":\"shop.example\","
                + "\"clientIp\":\"127.0.0.1\",\"requestHeaders\":{"
                + FORWARDED
                + "},\"responseHeaders\":{},"
                + "\"source\":{\"file\":\"shop.yaml\",\"line\":16,\"column\":13}}\n");
  }

  @Test
  void printsANamedPortByItsNameAndADefaultBackEndWithoutRule() {
    assertThat(json("{\"id\":\"a\",\"url\":\"http://shop.example/pay\"}"))
        .contains(
            "\"id\":\"a\"",
            "\"backend\":{\"namespace\":\"store\",\"service\":\"pay\",\"port\":\"https\"}");
    assertThat(json("{\"url\":\"http://other.example/\"}"))
        .startsWith(
            "{\"id\":null,\"outcome\":\"forward\",\"ingress\":\"store/shop\",\"rule\":null,"
                + "\"backend\":{\"namespace\":\"store\",\"service\":\"rest\",\"port\":\"http\"},");
  }

  @Test
  void printsAResourceBackEnd() {
    assertThat(json("{\"url\":\"http://shop.example/files/a\"}"))
        .contains(
            "\"backend\":{\"resource\":{\"apiGroup\":\"k8s.example.com\","
                + "\"kind\":\"StorageBucket\",\"name\":\"static\"}},\"endpoint\":null,");
  }

  @Test
  void printsAnAnswerAsJson() throws IOException {
    String hello =
        Cli.write(
                directory,
                "only.yaml",
                Cli.SHOP.replaceAll("(?s)  defaultBackend:.*?(?=  rules:)", ""))
            .toString();

    Cli.Run run = Cli.run("route", "--url", "http://other.example/", "--output", "json", hello);

    assertThat(run.out())
        .isEqualTo(
            "{\"id\":null,\"outcome\":\"answer\",\"status\":404,\"reason\":\"no-route\","
                + "\"ingress\":null,\"rule\":null,\"responseHeaders\":{},\"source\":null}\n");
    assertThat(run.code()).isZero();
  }

  @Test
  void printsTheRuleOfAnAnswerOnceOneWasChosen() {
    Cli.Run run =
        Cli.runWith(CLOSED, "route", "--url", "http://shop.example/pay", "--output", "json", "-");

    assertThat(run.out())
        .isEqualTo(
            "{\"id\":null,\"outcome\":\"answer\",\"status\":503,\"reason\":\"route-closed\","
                + "\"ingress\":\"store/shop\",\"rule\":{\"host\":\"shop.example\","
                + "\"path\":\"/pay\",\"pathType\":\"Exact\"},\"responseHeaders\":{},"
                + "\"source\":{\"file\":\"-\",\"line\":24,\"column\":13}}\n");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("error[protection-not-enforced]")
        .endsWith(
            "ingress4j: 1 error, 2 warnings in the manifests; 'ingress4j lint' shows everything\n");
  }

  @Test
  void opensProtectedRoutesByANamedOption() {
    Cli.Run run =
        Cli.runWith(
            CLOSED,
            "route",
            "--ignore-protecting-annotations",
            "--url",
            "http://shop.example/pay",
            "--output",
            "json",
            "-");

    assertThat(run.out()).contains("\"outcome\":\"forward\"");
  }

  @Test
  void listsTheHeaderEditsOfTheAnswerToAMethodThatIsNeverRouted() {
    assertThat(json("{\"id\":true,\"method\":\"TRACE\",\"url\":\"http://shop.example/\"}"))
        .isEqualTo(
            "{\"id\":true,\"outcome\":\"answer\",\"status\":405,\"reason\":\"method-not-allowed\","
                + "\"ingress\":null,\"rule\":null,\"responseHeaders\":{\"Allow\":"
                + "\"GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS\"},\"source\":null}\n");
  }

  @Test
  void takesEveryMemberOfARequest() {
    String line =
        "{\"id\":1.50,\"method\":\"POST\",\"scheme\":\"https\",\"host\":\"shop.example\","
            + "\"target\":\"/a?b\",\"headers\":{\"X-Real-IP\":\"1.1.1.1\",\"A\":[\"1\",\"2\"]},"
            + "\"clientIp\":\"10.9.8.7\",\"sni\":\"shop.example\",\"http\":\"2\","
            + "\"bodyLength\":-1,\"backendStatus\":502,\"authStatus\":401,"
            + "\"authHeaders\":{\"X\":\"y\"},\"at\":1700000000000}";

    assertThat(json(line))
        .startsWith("{\"id\":1.50,\"outcome\":\"forward\"")
        .contains(
            "\"target\":\"/a?b\",\"host\":\"shop.example\",\"clientIp\":\"10.9.8.7\"",
            "\"X-Forwarded-For\":\"10.9.8.7\"",
            "\"X-Forwarded-Port\":\"443\",\"X-Forwarded-Proto\":\"https\"",
            "\"X-Real-IP\":null");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # request                                                              | part of the answer
          {"url":"http://a","headers":{"Host":"shop.example"}}                   | "host":"shop.example"
          {"url":"http://a","headers":{"host":["shop.example","b"]}}             | "reason":"malformed-request"
          {"url":"http://a","headers":{"Host":"a","host":"b"}}                   | "reason":"malformed-request"
          {"url":"http://a","headers":{"Host":null}}                             | "reason":"malformed-request"
          {"url":"http://a","host":null}                                         | "reason":"malformed-request"
          {"url":"http://a","host":null,"http":"1.0"}                            | "host":null
          {"target":"/","host":"shop.example"}                                   | "target":"/"
          {"target":"/","host":["a","b"]}                                        | "reason":"malformed-request"
          {"target":"/","host":null}                                             | "reason":"malformed-request"
          {"target":"/"}                                                         | "reason":"malformed-request"
          {"target":"","host":"a"}                                               | "reason":"malformed-request"
          {"target":"/%zz","host":"a"}                                           | "reason":"malformed-request"
          {"target":"/a/%2e%2e/b","host":"a"}                                    | "status":400
          {"url":"http://shop.example?x"}                                        | "target":"/?x"
          {"url":"HTTPS://shop.example:8443/ü"}                                  | "status":400
          {"url":"http://shop.example/","sni":null}                              | "outcome":"forward"
          {"method":"get","url":"http://shop.example/"}                          | "outcome"
          {"id":-12e3,"url":"http://shop.example/"}                              | {"id":-12e3,
          {"id":false,"url":"http://shop.example/"}                              | {"id":false,
          {"id":"\\ud800\\u007f\\u0085ü","url":"http://shop.example/"}           | {"id":"\\uD800\\u007F\\u0085\\u00FC",
          """)
  void readsRequests(String line, String part) {
    assertThat(json(line)).contains(part).doesNotContain("\"outcome\":\"error\"");
  }

  @Test
  void treatsACharacterAsAByte() {
    // One character is one byte: the removed header shows its name, the host is refused as it is.
    String out =
        json("{\"target\":\"/\",\"host\":\"shop.example\",\"headers\":{\"X_Y\":\"\u00e9\"}}");

    assertThat(out).contains("\"X_Y\":null");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # line                                              | message
          nonsense                                            | not valid JSON at column 1: Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
          []                                                  | a request is a JSON object
          1                                                   | a request is a JSON object
          {"url":"http://a"} {}                               | something follows the request on its line
          {}                                                  | a request needs "url" or "target"
          {"url":"http://a","url":"http://b"}                 | not valid JSON at column 24: Duplicate field 'url'
          {"url":"http://a","Method":"GET"}                   | a request has no member "Method"
          {"url":"http://a","target":"/"}                     | "url" says it all; "scheme", "host" and "target" are the other way to name what is asked for
          {"url":"http://a","host":"b"}                       | "url" says it all; "scheme", "host" and "target" are the other way to name what is asked for
          {"url":"http://a","scheme":"http"}                  | "url" says it all; "scheme", "host" and "target" are the other way to name what is asked for
          {"url":"ftp://a"}                                   | "ftp://a" is not a URL such as http://shop.example/cart
          {"url":"http://a/\\ud800"}                          | "url" holds half of a surrogate pair, which is no character
          {"url":1}                                           | "url" must be a string
          {"url":"http://a","id":[1]}                         | "id" must be a string, a number, a boolean or null
          {"url":"http://a","id":{}}                          | "id" must be a string, a number, a boolean or null
          {"url":"http://a","method":null}                    | "method" must be a string
          {"url":"http://a","method":"Ā"}                     | "method" holds a character above U+00FF; one character stands for one byte
          {"target":"/Ā","host":"a"}                          | "target" holds a character above U+00FF; one character stands for one byte
          {"target":"/","host":1}                             | "host" must be a string or a list of strings
          {"target":"/","host":["a",1]}                       | "host" must be a string or a list of strings
          {"target":"/","scheme":"ws"}                        | "scheme" is "ws", and must be one of http, https
          {"url":"http://a","http":"3"}                       | "http" is "3", and must be one of 1.0, 1.1, 2
          {"url":"http://a","http":1.1}                       | "http" must be a string
          {"url":"http://a","clientIp":"localhost"}           | "clientIp" is "localhost", which is not an IP address
          {"url":"http://a","bodyLength":"1"}                 | "bodyLength" must be a whole number
          {"url":"http://a","bodyLength":1.5}                 | "bodyLength" must be a whole number
          {"url":"http://a","bodyLength":-2}                  | "bodyLength" is -2, and must be -1 or more
          {"url":"http://a","bodyLength":99999999999999999999} | "bodyLength" is 99999999999999999999, and must be -1 or more
          {"url":"http://a","backendStatus":100}              | "backendStatus" is 100, and must be 200 to 599
          {"url":"http://a","authStatus":600}                 | "authStatus" is 600, and must be 100 to 599
          {"url":"http://a","authHeaders":[]}                 | "authHeaders" must be an object
          {"url":"http://a","authHeaders":{}}                 | "authHeaders" belong to "authStatus", which is missing
          {"url":"http://a","at":-1}                          | "at" is -1, and must be 0 to 253402300799999
          {"url":"http://a","headers":"x"}                    | "headers" must be an object
          {"url":"http://a","headers":{"a b":"x"}}            | "a b" is not the name of a header
          {"url":"http://a","headers":{"a":null}}             | "a" must be a string or a list of strings
          {"url":"http://a","headers":{"a":"x\\ny"}}          | the value of the header "a" holds a line end or a NUL, which no header can hold
          {"url":"http://a","sni":1}                          | "sni" must be a string
          """)
  void reportsBadLinesAndAnswersTheOthers(String line, String message) {
    Cli.Run run =
        Cli.runWith(
            "{\"id\":1,\"url\":\"http://shop.example/\"}\n\n  \r\n"
                + line
                + "\n{\"id\":3,\"url\":\"http://shop.example/\"}",
            "route",
            "--requests",
            "-",
            "--output",
            "json",
            shop);

    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("{\"id\":1,\"outcome\":\"forward\"");
    assertThat(lines.get(1))
        .isEqualTo(
            "{\"id\":null,\"outcome\":\"error\",\"message\":\"line 4: "
                + message.replace("\"", "\\\"")
                + "\"}");
    assertThat(lines.get(2)).startsWith("{\"id\":3,\"outcome\":\"forward\"");
    assertThat(run.code()).isEqualTo(2);
  }

  @Test
  void reportsALineThatIsNotUtf8OrTooLong() {
    byte[] head = "{\"url\":\"http://a\",\"id\":\"".getBytes(StandardCharsets.UTF_8);
    byte[] line = new byte[LineReader.LIMIT + 100];
    java.util.Arrays.fill(line, (byte) 'x');
    System.arraycopy(head, 0, line, 0, head.length);
    line[LineReader.LIMIT + 50] = '\n';

    Cli.Run tooLong =
        Cli.runWith(line, false, "route", "--requests", "-", "--output", "json", shop);
    Cli.Run notUtf8 =
        Cli.runWith(
            new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'},
            false,
            "route",
            "--requests",
            "-",
            "--output",
            "json",
            shop);

    assertThat(tooLong.out())
        .startsWith(
            "{\"id\":null,\"outcome\":\"error\",\"message\":\"line 1: longer than 1048576"
                + " bytes\"}\n"
                + "{\"id\":null,\"outcome\":\"error\",\"message\":\"line 2: not valid JSON");
    assertThat(notUtf8.out())
        .startsWith("{\"id\":null,\"outcome\":\"error\",\"message\":\"line 1:");
    assertThat(notUtf8.out().chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7F));
  }

  @Test
  void keepsTheTurnsOfEndpointsAcrossLinesAndBeginsWhereTheSeedSays() throws IOException {
    Cli.write(directory, "web.yaml", SLICES);
    String lines = "{\"url\":\"http://shop.example/\"}\n".repeat(4);

    List<String> first = endpoints(lines, "0");

    assertThat(first.subList(0, 3)).doesNotHaveDuplicates();
    assertThat(first.get(3)).isEqualTo(first.get(0));
    assertThat(endpoints(lines, "0")).isEqualTo(first);
    List<String> others =
        List.of("1", "2", "3", "4", "5").stream().map(s -> endpoints(lines, s).get(0)).toList();
    assertThat(others).anyMatch(endpoint -> !endpoint.equals(first.get(0)));
  }

  private List<String> endpoints(String lines, String seed) {
    Cli.Run run =
        Cli.runWith(
            lines,
            "route",
            "--seed",
            seed,
            "--requests",
            "-",
            "--output",
            "json",
            directory.toString());
    return run.out()
        .lines()
        .map(line -> line.replaceAll(".*\"endpoint\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  @Test
  void answersNoEndpointsIfTheManifestsAreTheWholeTruth() {
    Cli.Run run =
        Cli.run(
            "route",
            "--endpoints",
            "complete",
            "--url",
            "http://shop.example/",
            "--output",
            "json",
            shop);

    assertThat(run.out()).contains("\"status\":503,\"reason\":\"no-endpoints\"");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void readsRequestsFromAFile() throws IOException {
    Path requests = directory.resolve("requests.jsonl");
    Files.writeString(requests, "{\"id\":7,\"url\":\"http://shop.example/\"}\n");

    Cli.Run run = Cli.run("route", "--requests", requests.toString(), "--output", "json", shop);

    assertThat(run.out()).startsWith("{\"id\":7,");
    assertThat(run.code()).isZero();
  }

  @Test
  void trustsTheProxiesThatAreNamed() {
    String line =
        "{\"url\":\"http://shop.example/\",\"clientIp\":\"10.0.0.1\","
            + "\"headers\":{\"X-Forwarded-For\":\"8.8.8.8\"}}";

    assertThat(json(line)).contains("\"clientIp\":\"10.0.0.1\"");
    assertThat(
            Cli.runWith(
                    line,
                    "route",
                    "--trusted-proxy",
                    "10.0.0.0/8",
                    "--trusted-proxy",
                    "192.168.0.0/16",
                    "--requests",
                    "-",
                    "--output",
                    "json",
                    shop)
                .out())
        .contains("\"clientIp\":\"8.8.8.8\"");
  }

  @Test
  void hasADefaultBackEndOfItsOwn() {
    Cli.Run run =
        Cli.runWith(
            "kind: Ignored\napiVersion: v1\nmetadata: {name: x}\n",
            "route",
            "--default-backend",
            "a/b:http",
            "--url",
            "http://x/",
            "--output",
            "json",
            "-");

    assertThat(run.out())
        .contains(
            "\"ingress\":null,\"rule\":null,"
                + "\"backend\":{\"namespace\":\"a\",\"service\":\"b\",\"port\":\"http\"}",
            "\"source\":null}");
  }

  @Test
  void filtersByClassAndPutsObjectsIntoTheNamespaceNamed() {
    String manifest =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          ingressClassName: inner
          defaultBackend: {service: {name: b, port: {number: 1}}}
        """;

    Cli.Run other =
        Cli.runWith(
            manifest,
            "route",
            "--ingress-class",
            "outer",
            "--url",
            "http://x/",
            "--output",
            "json",
            "-");
    Cli.Run same =
        Cli.runWith(
            manifest,
            "route",
            "--ingress-class",
            "inner",
            "--namespace",
            "team",
            "--url",
            "http://x/",
            "--output",
            "json",
            "-");

    assertThat(other.out()).contains("\"reason\":\"no-route\"");
    assertThat(same.out()).contains("\"ingress\":\"team/a\"");
  }

  @Test
  void readsPathsByThePolicyNamed() {
    String[] args = {
      "route", "--url", "http://shop.example/a/%2e%2e/pay", "--output", "json", shop
    };
    String[] lenient = {
      "route",
      "--path-policy",
      "nginx",
      "--url",
      "http://shop.example/a/%2e%2e/pay",
      "--output",
      "json",
      shop
    };

    assertThat(Cli.run(args).out()).contains("\"status\":400");
    assertThat(Cli.run(lenient).out())
        .contains("\"path\":\"/pay\"", "\"target\":\"/a/%2e%2e/pay\"");
  }

  @Test
  void answersEvenIfNothingCouldBeRead() {
    Cli.Run run = Cli.run("route", "--url", "http://x/", "--output", "json", "/nowhere/at/all");

    assertThat(run.out()).contains("\"reason\":\"no-route\"");
    assertThat(run.err())
        .contains("error[path-missing]: there is no file or directory \"/nowhere/at/all\"");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void explainsAForwardToAPerson() {
    Cli.Run run =
        Cli.run(
            "route",
            "--url",
            "http://shop.example/cart",
            "--method",
            "POST",
            "--header",
            "X-Real-IP: 1.1.1.1",
            shop);

    assertThat(run)
        .isEqualTo(
            new Cli.Run(
                0,
                """
                POST http://shop.example/cart
                goes to store/web:8080

                  endpoint   not known: the manifests hold no EndpointSlice
                  target     /cart
                  host       shop.example
                  client     127.0.0.1
                  rule       Prefix / of shop.example
                  ingress    store/shop
                  source     FILE:16:13
                  request headers
                    X-Forwarded-For: 127.0.0.1
                    X-Forwarded-Host: shop.example
                    X-Forwarded-Port: 80
                    X-Forwarded-Proto: http
                    X-Real-IP is removed
                """
                    .replace("FILE", shop),
                "ingress4j: 1 warning in the manifests; 'ingress4j lint' shows everything\n"));
  }

  @Test
  void explainsARefusalToAPersonInWords() {
    Cli.Run run = Cli.run("route", "--url", "http://shop.example/a%2F..%2Fpay", shop);

    assertThat(run.out())
        .startsWith("GET http://shop.example/a%2F..%2Fpay\nis answered here: 400 ambiguous-path\n");
    assertThat(run.out().lines().toList().get(2)).endsWith(".").hasSizeGreaterThan(40);
  }

  @Test
  void explainsOtherOutcomesToAPerson() {
    assertThat(Cli.run("route", "--url", "http://shop.example/files", shop).out())
        .contains(
            "goes to StorageBucket.k8s.example.com store/static",
            "endpoint   none: a resource is served by the application");
    assertThat(Cli.run("route", "--url", "http://else.example/", shop).out())
        .contains("rule       none: a default back end takes it");
    assertThat(
            Cli.run("route", "--endpoints", "complete", "--url", "http://shop.example/", shop)
                .out())
        .contains("is answered here: 503 no-endpoints", "because    there is no Service web");
    assertThat(Cli.run("route", "--url", "http://shop.example/", "--header", "Host:", shop).out())
        .contains("is answered here: 400 malformed-request");
  }

  @Test
  void sendsHeadersOfTheCommandLineAsUtf8() {
    Cli.Run twoHosts =
        Cli.run(
            "route",
            "--url",
            "http://x/",
            "--header",
            "Host: a",
            "--header",
            "host: b",
            "--output",
            "json",
            shop);
    Cli.Run folded = Cli.run("route", "--url", "http://x/", "--header", "A: b\r\nC: d", shop);

    assertThat(twoHosts.out()).contains("malformed-request");
    assertThat(folded.err()).contains("has more than one line");
  }

  @Test
  void printsATableOfManyAnswers() {
    Cli.Run run =
        Cli.runWith(
            """
            {"id":1,"url":"http://shop.example/"}
            x
            {"method":"TRACE","url":"http://else.example/"}
            {"url":"http://else.example/"}
            """,
            "route",
            "--requests",
            "-",
            shop);

    List<String> lines = run.out().replace(shop, "shop.yaml").lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "REQUEST                      OUTCOME                 GOES TO          "
                + "RULE                      SOURCE");
    assertThat(lines.get(1))
        .isEqualTo(
            "1  GET http://shop.example/  forward                 store/web:8080   "
                + "Prefix / of shop.example  shop.yaml:16:13");
    assertThat(lines.get(2)).startsWith("cannot be understood: line 2: not valid JSON");
    assertThat(lines.get(3)).isEqualTo("TRACE http://else.example/   405 method-not-allowed");
    assertThat(lines.get(4)).contains("store/rest:http", "default back end");
    assertThat(run.code()).isEqualTo(2);
  }

  @Test
  void tellsInPartsWhatIsNoUrl() {
    Cli.Run run =
        Cli.runWith(
            """
            {"method":"OPTIONS","target":"*","host":"shop.example"}
            {"target":"http://else.example/","host":"shop.example"}
            {"url":"http://shop.example/","host":null}
            {"target":"/","host":["a","b"]}
            {"url":"http://shop.example/caf\u00e9"}
            """,
            "route",
            "--requests",
            "-",
            shop);

    List<String> lines = run.out().replaceAll(" {2,}", "  ").lines().toList();
    assertThat(lines.get(1)).startsWith("OPTIONS * with the Host shop.example  204");
    assertThat(lines.get(2)).startsWith("GET http://else.example/ with the Host shop.example  400");
    assertThat(lines.get(3)).startsWith("GET / without a Host  ");
    assertThat(lines.get(4)).startsWith("GET / with the Hosts a and b  ");
    assertThat(lines.get(5)).startsWith("GET http://shop.example/caf\u00e9  ");
  }

  @Test
  void coloursOnlyWhatATerminalShows() {
    Cli.Run plain = Cli.run("route", "--url", "http://shop.example/", shop);
    Cli.Run coloured = Cli.runColoured("route", "--url", "http://shop.example/", shop);

    assertThat(plain.out()).doesNotContain("\u001b");
    assertThat(coloured.out()).contains("\u001b[1;32mgoes to store/web:8080\u001b[0m");
    assertThat(coloured.out().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain.out());
  }

  @Test
  void printsNoControlCharactersOfRequestsAndManifests() {
    // SEC-49
    Cli.Run run =
        Cli.runWith(
            "{\"id\":\"\\u001b[2J\",\"target\":\"/\\u001b\\u009b\",\"host\":\"a\"}\n",
            "route",
            "--requests",
            "-",
            shop);

    assertThat(run.out().chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7F));
  }

  @Test
  void answersTenThousandRequestsOverAThousandIngresses() throws IOException {
    StringBuilder manifests = new StringBuilder();
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      manifests
          .append("---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i")
          .append(i)
          .append("}\nspec:\n  rules:\n    - host: h")
          .append(i)
          .append(".example\n      http:\n        paths:\n")
          .append("          - {path: /a, pathType: Prefix, backend: {service: {name: s")
          .append(i)
          .append(", port: {number: 80}}}}\n");
    }
    for (int i = 0; i < 10_000; i++) {
      requests.append("{\"id\":").append(i).append(",\"url\":\"http://h").append(i % 1000);
      requests.append(".example/a/").append(i).append("\"}\n");
    }
    String file = Cli.write(directory, "many.yaml", manifests.toString()).toString();

    Cli.Run run =
        Cli.runWith(requests.toString(), "route", "--requests", "-", "--output", "json", file);

    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(10_000);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i))
          .startsWith(
              "{\"id\":" + i + ",\"outcome\":\"forward\",\"ingress\":\"default/i" + i % 1000)
          .contains("\"service\":\"s" + i % 1000 + "\"", "\"target\":\"/a/" + i + "\"");
    }
    assertThat(run.code()).isZero();
  }
}
