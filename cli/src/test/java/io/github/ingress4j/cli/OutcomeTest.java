package io.github.ingress4j.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.ClientState;
import io.github.ingress4j.decision.Counters;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.Passwords;
import io.github.ingress4j.policy.Satisfy;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exchanges that take more than one step, and what is printed of them. */
final class OutcomeTest {

  private static final QuestionParser PARSER = new QuestionParser();

  private static Question question(String members) throws BadLineException {
    byte[] line = ("{\"url\":\"http://a.test/x\"" + members + "}").getBytes(UTF_8);
    return PARSER.parse(line, line.length);
  }

  private static Upstream unknown(String key) {
    return Upstream.of(key, EndpointPicker.roundRobin(List.of()), null, TransportSettings.DEFAULT);
  }

  private static Outcome of(RoutePolicies.Builder policies, Question question) {
    StandingClock clock = new StandingClock();
    Route route =
        new Route(
            "default/web",
            null,
            null,
            new Backend.ServicePort("default", "web", "80", true),
            unknown("default/web:80"),
            null,
            policies.build());
    Exchange exchange =
        new Exchange(
            new Exchange.Snapshot(
                RoutingTable.<Route>builder().build(),
                route,
                PathPolicy.STRICT,
                Exchange.Reading.kubernetes(List.of()),
                new BalancerState(new Random(0), clock),
                new Counters(),
                new ClientState(clock)),
            question.request());
    Outcome outcome = Outcome.of(exchange, question);
    exchange.end();
    return outcome;
  }

  private static RoutePolicies.Builder with() {
    return RoutePolicies.builder();
  }

  private static RoutePolicies.Builder external(ExternalAuth.Builder auth) {
    return with()
        .access(
            new AccessPolicies(
                null,
                null,
                null,
                null,
                null,
                auth.responseHeaders(List.of("X-User")).build(),
                Satisfy.ALL));
  }

  private static ExternalAuth.Builder auth() {
    return ExternalAuth.builder(Template.literal("http://auth.test/check"));
  }

  private static RoutePolicies.Builder pages() {
    return with()
        .errorBackend(
            new RoutePolicies.ErrorBackend(
                new ErrorPages(Set.of(413, 503), true, "default", "web", "web", "80"),
                new Backend.ServicePort("default", "pages", "80", true),
                unknown("default/pages:80")));
  }

  private static String json(Question question, Outcome outcome) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonAnswers printer = new JsonAnswers(out);
    printer.answer(question, outcome);
    printer.flush();
    return out.toString(UTF_8);
  }

  private static String text(Question question, Outcome outcome) throws IOException {
    StringWriter out = new StringWriter();
    TextAnswer printer = new TextAnswer(out, Palette.PLAIN);
    printer.answer(question, outcome);
    printer.flush();
    return out.toString();
  }

  private static String row(Question question, Outcome outcome) throws IOException {
    StringWriter out = new StringWriter();
    TextTable printer = new TextTable(out, Palette.PLAIN);
    printer.answer(question, outcome);
    printer.flush();
    return out.toString().lines().toList().get(1);
  }

  @Test
  void assumesThatAServiceLetsPassOfWhichNothingIsSaidAndSaysSo() throws Exception {
    // DESIGN.md section 5
    Question question = question("");
    Outcome outcome = of(external(auth()), question);

    assertThat(outcome.decision()).isInstanceOf(Forward.class);
    assertThat(json(question, outcome))
        .endsWith("\"source\":null,\"assumed\":[\"external-auth\"]}\n");
    assertThat(text(question, outcome))
        .contains("  assumed    the external auth service lets the request pass\n");
    assertThat(row(question, outcome)).contains("forward (assumed)");
  }

  @Test
  void assumesNothingThatTheQuestionSays() throws Exception {
    Question question = question(",\"authStatus\":200,\"authHeaders\":{\"x-user\":[\"jane\"]}");
    Outcome outcome = of(external(auth()), question);

    assertThat(json(question, outcome)).contains("\"X-User\":\"jane\"").doesNotContain("assumed");
    assertThat(text(question, outcome)).contains("    X-User: jane\n").doesNotContain("assumed");
  }

  @ParameterizedTest
  @CsvSource({"401, 401", "403, 403", "500, 500", "302, 500", "101, 500"})
  void takesTheAnswerOfAServiceForWhatItIs(int answer, int status) throws Exception {
    Question question = question(",\"authStatus\":" + answer);
    Outcome outcome = of(external(auth()), question);

    assertThat(outcome.decision())
        .isInstanceOfSatisfying(Answer.class, a -> assertThat(a.status()).isEqualTo(status));
  }

  @Test
  void printsWhereAClientSignsIn() throws Exception {
    Question question = question(",\"authStatus\":401");
    Outcome outcome =
        of(external(auth().signIn(Template.literal("http://login.test/"), "rd")), question);

    assertThat(outcome.decision()).isInstanceOf(Redirect.class);
    assertThat(json(question, outcome))
        .contains("\"status\":302", "\"location\":\"http://login.test/?rd=");
  }

  @ParameterizedTest
  @CsvSource({"jane:secret, true", "jane:guess, false", "joe:secret, false"})
  void reallyChecksPasswords(String credentials, boolean isRight) throws Exception {
    String value = Base64.getEncoder().encodeToString(credentials.getBytes(ISO_8859_1));
    Question question = question(",\"headers\":{\"Authorization\":\"Basic " + value + "\"}");
    Passwords passwords = Passwords.parse("jane:{PLAIN}secret".getBytes(ISO_8859_1)).passwords();
    Outcome outcome =
        of(
            with()
                .access(
                    new AccessPolicies(
                        null,
                        null,
                        null,
                        new BasicAuth("staff", passwords),
                        null,
                        null,
                        Satisfy.ALL)),
            question);

    assertThat(outcome.decision() instanceof Forward).isEqualTo(isRight);
    assertThat(outcome.assumed()).isEmpty();
  }

  @Test
  void printsTheLastStepOfAnErrorPage() throws Exception {
    Question question = question(",\"backendStatus\":503");
    Outcome outcome = of(pages(), question);

    assertThat(json(question, outcome))
        .contains(
            "\"outcome\":\"forward\"",
            "\"backend\":{\"namespace\":\"default\",\"service\":\"pages\",\"port\":80}",
            "\"target\":\"/\"",
            "\"X-Code\":\"503\"");
    assertThat(text(question, outcome))
        .contains("goes to default/pages:80\n")
        .contains("  instead    an answer with an error status, as its page\n");
    assertThat(row(question, outcome)).contains("error page  default/pages:80 as /");
    assertThat(of(pages(), question("")).decision())
        .isInstanceOfSatisfying(Forward.class, f -> assertThat(f.isErrorPage()).isFalse());
  }

  @Test
  void knowsHowLongABodyMayBe() throws Exception {
    RoutePolicies.Builder small = with().bodyLimit(new BodyLimit(10));
    Question longer = question(",\"bodyLength\":11");
    Question unknown = question(",\"bodyLength\":-1");

    assertThat(json(longer, of(small, longer)))
        .contains("\"status\":413,\"reason\":\"body-too-large\"");
    assertThat(text(unknown, of(small, unknown))).contains("  body       up to 10 bytes\n");
  }

  @Test
  void tellsWhatIsSpokenToABackEnd() throws Exception {
    Question question = question("");
    TransportSettings tls =
        TransportSettings.DEFAULT.withProtocol(TransportSettings.Protocol.HTTPS);

    assertThat(text(question, of(with(), question))).doesNotContain("protocol");
    assertThat(text(question, of(with().transport(tls), question)))
        .contains("  protocol   HTTP over TLS\n");
  }

  @Test
  void tellsOfCopies() throws Exception {
    Question question = question("");
    Mirror mirror = new Mirror(Template.literal("http://copy.test/c"), null, true, "/m");

    assertThat(text(question, of(with().mirror(mirror), question)))
        .contains("  mirror     a copy goes to http://copy.test/c\n");
  }

  @Test
  void printsPreflightsAsWhatIsNoFailure() throws Exception {
    Question question =
        question(",\"method\":\"OPTIONS\",\"headers\":{\"Origin\":\"http://b.test\"}");
    Outcome outcome = of(with().cors(new Cors(List.of("*"), "GET", "X-A", "", true, 60)), question);

    assertThat(row(question, outcome)).contains("204 preflight");
    assertThat(text(question, outcome))
        .contains("is answered here: 204 preflight\n", "    Access-Control-Max-Age: 60\n");
  }
}
