package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.RegexBudget;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, sections 13 and 14: block-user-agents and block-referers. */
class BlockListTest {

  private static BlockList.Entry entry(String text) {
    return (BlockList.Entry) BlockList.Entry.parse(text);
  }

  @ParameterizedTest(name = "{0} against \"{1}\": {2}")
  @CsvSource({
    "curl,      curl,      true",
    "curl,      CURL,      true",
    "curl,      curl/8,    false",
    "curl,      '',        false",
    "~curl,     a curl/8,  true",
    "~curl,     CURL,      false",
    "~*curl,    a CURL/8,  true",
    "~^$,       '',        true",
    "\\~bot,    ~bot,      true",
    "\\~bot,    a bot,     false",
  })
  void comparesWholeValuesAndSearchesForExpressions(String text, String value, boolean blocked) {
    BlockList agents = new BlockList(List.of(entry(text)), List.of(), false);
    BlockList referers = new BlockList(List.of(), List.of(entry(text)), false);
    RegexBudget budget = new RegexBudget();

    assertThat(agents.blocks(AccessRequests.with("User-Agent", value), budget)).isEqualTo(blocked);
    assertThat(referers.blocks(AccessRequests.with("Referer", value), budget)).isEqualTo(blocked);
    assertThat(BlockList.NONE.blocks(AccessRequests.with("User-Agent", value), budget)).isFalse();
  }

  @Test
  void takesAMissingHeaderForAnEmptyOne() {
    BlockList list = new BlockList(List.of(entry("~^$")), List.of(), false);

    assertThat(list.blocks(AccessRequests.from("10.1.2.3"), new RegexBudget())).isTrue();
  }

  @Test
  void saysWhatIsWrongWithAnExpression() {
    assertThat(BlockList.Entry.parse("~*(a"))
        .isInstanceOfSatisfying(
            BlockList.Fault.class, fault -> assertThat(fault.reason().message()).isNotEmpty());
  }
}
