package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.get;
import static io.github.ingress4j.policy.Requests.template;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PathPolicy;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, sections 2.5, 3.8, 5.1 and 8.3; hardening SEC-20. */
class TemplateTest {

  /** Section 2.5: what makes nginx refuse the whole configuration. */
  @ParameterizedTest(name = "{0}: {1} at {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      emptyValue = "",
      value = {
        "/a$      | NO_NAME     | 2 | ''",
        "/$/x     | NO_NAME     | 1 | ''",
        "/$$      | NO_NAME     | 1 | ''",
        "/${      | NO_NAME     | 1 | ''",
        "/${host  | NO_NAME     | 1 | host",
        "/$0      | UNKNOWN     | 1 | 0",
        "/$0x     | UNKNOWN     | 1 | 0x",
        "/${1}    | UNKNOWN     | 1 | 1",
        "/$nosuch | UNKNOWN     | 1 | nosuch",
        "/$hostx  | UNKNOWN     | 1 | hostx",
        "/$1/$pid | UNAVAILABLE | 4 | pid",
        "$server_name | UNAVAILABLE | 0 | server_name",
        "$proxy_protocol_tlv_alpn | UNAVAILABLE | 0 | proxy_protocol_tlv_alpn",
        "$namespace | UNAVAILABLE | 0 | namespace",
      })
  void reportsWhatNginxRefuses(String text, Template.Kind kind, int position, String name) {
    Template.Result result = Template.parse(text, Set.of());

    assertThat(result).isInstanceOf(Template.Fault.class);
    Template.Fault fault = (Template.Fault) result;
    assertThat(fault.kind()).isEqualTo(kind);
    assertThat(fault.position()).isEqualTo(position);
    assertThat(fault.name()).isEqualTo(name.equals("''") ? "" : name);
    assertThat(fault.message()).contains("\"" + text + "\"");
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(Template.parse("/$nosuch", Set.of()))
        .isEqualTo(
            new Template.Fault(
                Template.Kind.UNKNOWN,
                1,
                "nosuch",
                "\"/$nosuch\" asks for \"$nosuch\", which nothing defines."));
    assertThat(((Template.Fault) Template.parse("$pid", Set.of())).message())
        .isEqualTo("\"$pid\" asks for \"$pid\", which nginx has and this router does not.");
    assertThat(((Template.Fault) Template.parse("/a$", Set.of())).message())
        .isEqualTo("\"/a$\" holds a \"$\" that no variable's name follows, at index 2.");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/a             | /a",
        "$host          | a.shop",
        "${Host}x       | a.shopx",
        "$HOST.x        | a.shop.x",
        "a$1b$9c        | abc",
        "/$10           | /0",
        "$Group/$group  | /",
        "$space/$scheme | team/http",
        "$arg_x$arg_y   | $host",
        "é              | \u00c3\u00a9",
        "{}             | {}",
      })
  void expandsInOnePass(String text, String expanded) {
    Template.Result result = Template.parse(text, Set.of("Group"), Map.of("space", "team"));

    assertThat(result).isInstanceOf(Template.Parsed.class);
    assertThat(
            ((Template.Parsed) result)
                .template()
                .expand(get("A.shop:81", "/?x=$host", PathPolicy.NGINX)))
        .isEqualTo(expanded);
  }

  /** Section 8.3: the key of a hash is read leniently. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "$request_uri     | /p?x=1",
        "${arg_x}-$host   | 1-a.shop",
        "$nosuch.         | .",
        "$                | $",
        "a$$host          | a$a.shop",
        "${host           | ${host",
        "$-x              | $-x",
        "$1x$0            | ''",
      })
  void readsHashKeysLeniently(String text, String expanded) {
    assertThat(Template.hashKey(text).expand(get("a.shop", "/p?x=1", PathPolicy.STRICT)))
        .isEqualTo(expanded);
  }

  /** SEC-20: a value is never read again. */
  @Property
  void insertsValuesAsTheyAre(@ForAll String value) {
    SimpleRequest view = view("a.shop", "/").header("X-V", value).build();
    CanonicalRequest request = canonical(view, PathPolicy.STRICT);

    assertThat(template("<$http_x_v>").expand(request)).isEqualTo("<" + value + ">");
    assertThat(Template.literal("$host").expand(request)).isEqualTo("$host");
    assertThat(Template.literal("").expand(request)).isEmpty();
  }

  @Property
  void neverThrows(@ForAll String text) {
    Template.Result result = Template.parse(text, Set.of());
    Template.Result dollars = Template.parse("$" + text + "${" + text + "}", Set.of());

    assertThat(result).isNotNull();
    assertThat(dollars).isNotNull();
    assertThat(Template.hashKey("$" + text).text()).isEqualTo("$" + text);
  }

  @Test
  void knowsItsParts() {
    assertThat(template("/a").isConstant()).isTrue();
    assertThat(template("/a$1").isConstant()).isFalse();
    assertThat(template("/a$host").isConstant()).isFalse();
    assertThat(template("/a").highestGroup()).isZero();
    assertThat(template("/$2/$1$host").highestGroup()).isEqualTo(2);
    assertThat(template("/$2")).hasToString("/$2").isEqualTo(template("/$2"));
    assertThat(template("/${host}")).isEqualTo(template("/$HOST"));
    assertThat(template("/$2")).isNotEqualTo(template("/$1"));
    assertThat(template("/$2")).hasSameHashCodeAs(template("/$2"));
  }
}
