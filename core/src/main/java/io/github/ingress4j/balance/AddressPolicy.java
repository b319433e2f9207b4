package io.github.ingress4j.balance;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses requests may be sent to. Whoever writes manifests must not be able to point the
 * proxy at the host itself, at a cloud's metadata service or at a whole network.
 *
 * <p>Refused unless an operator lists them: loopback, unspecified ({@code 0.0.0.0/8}, {@code ::}),
 * link-local (which holds {@code 169.254.169.254}), the metadata address {@code fd00:ec2::254},
 * multicast and broadcast; also where one of them is wrapped in an IPv4-mapped, IPv4-compatible,
 * 6to4 or NAT64 address.
 *
 * <p>Names say nothing: whoever resolves one asks again with the resolved address, and connects to
 * that address.
 *
 * <p>Immutable and thread-safe. Source: Kubernetes validates EndpointSlices alike (CVE-2021-25737).
 */
public final class AddressPolicy {

  private static final Cidr METADATA = Cidr.parse("fd00:ec2::254");
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
  private static final Cidr IPV4_COMPATIBLE = Cidr.parse("::/96");

  private final List<Cidr> allowed;

  private AddressPolicy(List<Cidr> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /**
   * Returns the policy that refuses every special address.
   *
   * @return the default policy
   */
  public static AddressPolicy strict() {
    return new AddressPolicy(List.of());
  }

  /**
   * Returns a policy that lets some special addresses pass.
   *
   * @param blocks the addresses that an operator has listed
   * @return the policy
   */
  public static AddressPolicy allowing(List<Cidr> blocks) {
    return new AddressPolicy(blocks);
  }

  /**
   * Returns why an address is refused.
   *
   * @param address an IP address without brackets
   * @return what the address is, such as {@code a loopback address}; {@code null} if it may be
   *     used; {@code not an IP address} for a name
   */
  public @Nullable String refusal(String address) {
    byte[] bytes = Cidr.literal(address);
    return bytes == null ? "not an IP address" : refusal(bytes);
  }

  /**
   * Returns why a resolved address is refused.
   *
   * @param address the address a name was resolved to
   * @return what the address is, or {@code null} if it may be used
   */
  public @Nullable String refusal(InetAddress address) {
    return refusal(address.getAddress());
  }

  private @Nullable String refusal(byte[] address) {
    for (Cidr block : allowed) {
      if (block.contains(address)) {
        return null;
      }
    }
    if (address.length == 4) {
      return refusalOfIpv4(address, 0);
    }
    boolean isZero = true;
    for (int i = 0; i < 15; i++) {
      isZero &= address[i] == 0;
    }
    if (isZero && address[15] == 0) {
      return "the unspecified address";
    }
    if (isZero && address[15] == 1) {
      return "a loopback address";
    }
    if (METADATA.contains(address)) {
      return "a metadata address";
    }
    int first = address[0] & 0xFF;
    if (first == 0xFF) {
      return "a multicast address";
    }
    if (first == 0xFE && (address[1] & 0xC0) == 0x80) {
      return "a link-local address";
    }
    if (NAT64.contains(address) || IPV4_COMPATIBLE.contains(address)) {
      return refusalOfIpv4(address, 12);
    }
    return SIX_TO_FOUR.contains(address) ? refusalOfIpv4(address, 2) : null;
  }

  private static @Nullable String refusalOfIpv4(byte[] address, int offset) {
    int first = address[offset] & 0xFF;
    int second = address[offset + 1] & 0xFF;
    if (first == 0) {
      return "the unspecified address";
    }
    if (first == 127) {
      return "a loopback address";
    }
    if (first == 169 && second == 254) {
      return "a link-local address";
    }
    if (first >= 224 && first <= 239) {
      return "a multicast address";
    }
    boolean isBroadcast = true;
    for (int i = 0; i < 4; i++) {
      isBroadcast &= (address[offset + i] & 0xFF) == 255;
    }
    return isBroadcast ? "the broadcast address" : null;
  }
}
