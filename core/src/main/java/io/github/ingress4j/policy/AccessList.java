package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which client addresses may pass. The first line that applies decides.
 *
 * <table>
 *   <caption>The order</caption>
 *   <tr><th>If</th><th>then</th></tr>
 *   <tr><td>a denied block holds the address</td><td>it is turned away</td></tr>
 *   <tr><td>an allowed block does</td><td>it passes, and {@code satisfy: any} asks for nothing
 *       else</td></tr>
 *   <tr><td>there is a list of allowed blocks</td><td>it is turned away</td></tr>
 *   <tr><td>else</td><td>it passes, and other checks decide</td></tr>
 * </table>
 *
 * <p>What is no address is turned away by any list. A list of allowed blocks that is empty lets
 * nobody in.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code denylist-source-range} and {@code
 * allowlist-source-range} of ingress-nginx.
 *
 * @param denied the blocks that are turned away
 * @param allowed the blocks that may pass, or {@code null} if there is no such list
 */
public record AccessList(List<Cidr> denied, @Nullable List<Cidr> allowed) {

  /** Copies the lists. */
  public AccessList {
    denied = List.copyOf(denied);
    allowed = allowed == null ? null : List.copyOf(allowed);
  }

  /**
   * Returns whether an address may pass.
   *
   * @param clientAddress an IP address without brackets, zone and port
   * @return {@code false} if it is turned away
   */
  public boolean allows(String clientAddress) {
    return vote(clientAddress) != Satisfy.Vote.FORBIDDEN;
  }

  /**
   * Returns what the list says of an address, for {@link Satisfy}.
   *
   * @param clientAddress an IP address without brackets, zone and port
   * @return PASS, FORBIDDEN, or NONE if the list does not speak of it
   */
  public Satisfy.Vote vote(String clientAddress) {
    if (allowed == null && denied.isEmpty()) {
      return Satisfy.Vote.NONE;
    }
    if (!Cidr.isAddress(clientAddress) || Cidr.anyContains(denied, clientAddress)) {
      return Satisfy.Vote.FORBIDDEN;
    }
    if (allowed == null) {
      return Satisfy.Vote.NONE;
    }
    return Cidr.anyContains(allowed, clientAddress) ? Satisfy.Vote.PASS : Satisfy.Vote.FORBIDDEN;
  }
}
