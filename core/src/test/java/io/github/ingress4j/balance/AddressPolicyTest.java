package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-46: which addresses requests may be sent to. */
class AddressPolicyTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "127.0.0.1,                a loopback address",
    "127.255.0.9,              a loopback address",
    "::1,                      a loopback address",
    "::ffff:127.0.0.1,         a loopback address",
    "::127.0.0.1,              a loopback address",
    "64:ff9b::127.0.0.1,       a loopback address",
    "64:ff9b::169.254.169.254, a link-local address",
    "2002:7f00:1::1,           a loopback address",
    "169.254.169.254,          a link-local address",
    "fe80::1,                  a link-local address",
    "fd00:ec2::254,            a metadata address",
    "0.0.0.0,                  the unspecified address",
    "0.1.2.3,                  the unspecified address",
    "::,                       the unspecified address",
    "224.0.0.1,                a multicast address",
    "239.1.2.3,                a multicast address",
    "ff02::1,                  a multicast address",
    "255.255.255.255,          the broadcast address",
    "shop.example,             not an IP address",
  })
  void refuses(String address, String reason) {
    assertThat(AddressPolicy.strict().refusal(address)).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.1.2.3", "192.168.0.1", "203.0.113.7", "fd00::1", "2001:db8::1", "240.0.0.1"})
  void letsPodsAndServersPass(String address) {
    assertThat(AddressPolicy.strict().refusal(address)).isNull();
  }

  @Test
  void letsWhatAnOperatorListsPass() {
    AddressPolicy policy = AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8")));

    assertThat(policy.refusal("127.0.0.1")).isNull();
    assertThat(policy.refusal("169.254.169.254")).isEqualTo("a link-local address");
  }

  @Test
  void judgesResolvedAddresses() throws Exception {
    assertThat(AddressPolicy.strict().refusal(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})))
        .isEqualTo("a loopback address");
    assertThat(AddressPolicy.strict().refusal(InetAddress.getByAddress(new byte[] {10, 0, 0, 1})))
        .isNull();
  }
}
