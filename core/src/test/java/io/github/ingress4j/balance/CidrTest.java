package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4632, RFC 4291. */
class CidrTest {

  @ParameterizedTest(name = "{0} contains {1}: {2}")
  @CsvSource({
    "10.0.0.0/8,      10.255.0.1,       true",
    "10.0.0.0/8,      11.0.0.1,         false",
    "10.1.2.3/8,      10.9.9.9,         true",
    "10.1.2.3,        10.1.2.3,         true",
    "10.1.2.3,        10.1.2.4,         false",
    "0.0.0.0/0,       203.0.113.9,      true",
    "0.0.0.0/0,       ::1,              false",
    "192.168.4.0/22,  192.168.7.255,    true",
    "192.168.4.0/22,  192.168.8.0,      false",
    "fd00::/8,        fdff::1,          true",
    "fd00::/8,        fe00::1,          false",
    "10.0.0.0/8,      ::ffff:10.1.1.1,  true",
    "10.0.0.0/8,      010.0.0.1,        false",
    "10.0.0.0/8,      10.1,             false",
    "10.0.0.0/8,      localhost,        false",
    "10.0.0.0/8,      10.0.0.256,       false",
    "10.0.0.0/8,      10.0.0.,          false",
    "10.0.0.0/8,      10..0.1,          false",
    "10.0.0.0/8,      10.0.0.1000,      false",
    "fd00::/8,        fd00::g,          false",
    "fd00::/8,        fd00::1%eth0,     false",
    "fd00::/8,        fd00:::1,         false",
  })
  void containsWhatSharesItsBits(String block, String address, boolean contains) {
    assertThat(Cidr.parse(block).contains(address)).isEqualTo(contains);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0|\"10.0.0\" is not an IP address or a block such as 10.0.0.0/8",
        "x|\"x\" is not an IP address or a block such as 10.0.0.0/8",
        "10.0.0.0/33|\"10.0.0.0/33\" needs a number from 0 to 32 after the slash",
        "10.0.0.0/|\"10.0.0.0/\" needs a number from 0 to 32 after the slash",
        "10.0.0.0/a|\"10.0.0.0/a\" needs a number from 0 to 32 after the slash",
        "::/129|\"::/129\" needs a number from 0 to 128 after the slash",
        "::/1000|\"::/1000\" needs a number from 0 to 128 after the slash",
      })
  void refusesEverythingElse(String text, String message) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "::1", "2001:db8::10.0.0.1", "0.0.0.0"})
  void knowsAddresses(String text) {
    assertThat(Cidr.isAddress(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "1.2.3", "1.2.3.4.5", "[::1]", "::1%1", "1.2.3.04"})
  void knowsWhatIsNoAddress(String text) {
    assertThat(Cidr.isAddress(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/8, 10.0.0.0/8", "10.1.2.3, 10.1.2.3/32", "::1, 0:0:0:0:0:0:0:1/128"})
  void printsAddressAndBits(String text, String printed) {
    assertThat(Cidr.parse(text)).hasToString(printed);
  }

  @ParameterizedTest(name = "{0} equals {1}: {2}")
  @CsvSource({
    "10.0.0.0/8, 10.1.2.3/8,       true",
    "0.0.0.0/0,  1.2.3.4/0,        true",
    "10.0.0.0/9, 10.64.0.1/9,      true",
    "10.1.2.3,   10.1.2.3/32,      true",
    "10.1.2.3,   ::ffff:10.1.2.3,  true",
    "fd00::/8,   fd12::1/8,        true",
    "10.0.0.0/9, 10.128.0.0/9,     false",
    "10.0.0.0/8, 10.0.0.0/9,       false",
    "0.0.0.0/0,  ::/0,             false",
  })
  void isEqualToBlocksOfTheSameAddresses(String one, String other, boolean isEqual) {
    assertThat(Cidr.parse(one).equals(Cidr.parse(other))).isEqualTo(isEqual);
    assertThat(Cidr.parse(other).equals(Cidr.parse(one))).isEqualTo(isEqual);
    if (isEqual) {
      assertThat(Cidr.parse(one)).hasSameHashCodeAs(Cidr.parse(other));
    }
    assertThat(Cidr.parse(one)).isNotEqualTo(one);
  }

  @Property
  void agreesWithArithmetic(
      @ForAll int network, @ForAll int address, @ForAll @IntRange(max = 32) int bits) {
    long mask = bits == 0 ? 0 : 0xFFFFFFFFL << (32 - bits) & 0xFFFFFFFFL;
    boolean expected = (network & mask) == (address & mask);

    assertThat(Cidr.parse(quad(network) + "/" + bits).contains(quad(address))).isEqualTo(expected);
  }

  private static String quad(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  @ParameterizedTest(name = "{1} in {0}: {2}")
  @CsvSource({
    "10.0.0.0/8,      10.9.0.0/16,     true",
    "10.0.0.0/8,      10.0.0.0/8,      true",
    "10.9.0.0/16,     10.0.0.0/8,      false",
    "10.0.0.0/8,      11.0.0.1,        false",
    "0.0.0.0/0,       1.2.3.4,         true",
    "0.0.0.0/0,       ::1,             false",
    "::/0,            1.2.3.4,         false",
    "2001:db8::/32,   2001:db8:1::/48, true",
    "10.0.0.0/8,      ::ffff:10.1.2.3, true",
  })
  void containsBlocks(String block, String other, boolean contains) {
    assertThat(Cidr.parse(block).contains(Cidr.parse(other))).isEqualTo(contains);
  }
}
