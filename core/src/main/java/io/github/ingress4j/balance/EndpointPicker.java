package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How the endpoint of a request is chosen among those of one upstream.
 *
 * <table>
 *   <caption>The ways of choosing</caption>
 *   <tr><th>Made by</th><th>Chooses</th><th>After a failure</th></tr>
 *   <tr><td>{@link #roundRobin}</td><td>one after the other, from a random start</td>
 *       <td>the next</td></tr>
 *   <tr><td>{@link #consistentHash}</td><td>by the request's key</td><td>the same</td></tr>
 *   <tr><td>{@link #subsetHash}</td><td>a group by the request's key, at random within it</td>
 *       <td>another draw from the same group</td></tr>
 *   <tr><td>{@link #peakEwma}</td><td>the faster of two that are drawn</td>
 *       <td>one that was not tried</td></tr>
 * </table>
 *
 * <p>Endpoints to avoid are left out of a rotation and of draws, so the others get equal shares. A
 * key that leads to one goes on to the next point of the ring, a group to its other members: keys
 * of other endpoints stay where they are.
 *
 * <p>A picker is cheap to make: what takes time is done by the first choice. Two pickers are equal
 * if they choose in the same way, by the same parameters, among the same endpoints in the same
 * order. Immutable and thread-safe; what a choice depends on besides is in {@link BalancerState}.
 * Source: ingress-nginx 1.15, annotations load-balance and upstream-hash-by.
 */
public sealed interface EndpointPicker permits RoundRobin, ConsistentHash, SubsetHash, PeakEwma {

  /**
   * Returns a picker that gives every endpoint its turn.
   *
   * @param endpoints the usable endpoints
   * @return the picker
   */
  static EndpointPicker roundRobin(List<Endpoint> endpoints) {
    return new RoundRobin(endpoints);
  }

  /**
   * Returns a picker that sends equal keys to the same endpoint. If one of N endpoints comes or
   * goes, about 1/N of the keys move.
   *
   * @param endpoints the usable endpoints; their order does not matter to the choice
   * @return the picker
   */
  static EndpointPicker consistentHash(List<Endpoint> endpoints) {
    return new ConsistentHash(new HashRing<>(endpoints));
  }

  /**
   * Returns a picker that sends equal keys to the same group of endpoints.
   *
   * @param endpoints the usable endpoints, cut into groups in this order; the last group is filled
   *     up with the first endpoints
   * @param size the number of endpoints of a group
   * @return the picker
   * @throws IllegalArgumentException if {@code size} is less than 1
   */
  static EndpointPicker subsetHash(List<Endpoint> endpoints, int size) {
    return SubsetHash.of(endpoints, size);
  }

  /**
   * Returns a picker that prefers endpoints that answered fast of late. It has to be told how long
   * they take, by {@link BalancerState#responded}.
   *
   * @param endpoints the usable endpoints
   * @return the picker
   */
  static EndpointPicker peakEwma(List<Endpoint> endpoints) {
    return new PeakEwma(endpoints);
  }

  /**
   * Returns the endpoints to choose from.
   *
   * @return the endpoints as they were given
   */
  List<Endpoint> endpoints();

  /**
   * Returns whether choices depend on how long answers take. If not, nothing has to be measured.
   *
   * @return whether {@link BalancerState#responded} has to be called for each answer
   */
  boolean learnsFromResponses();

  /**
   * Chooses an endpoint among all.
   *
   * @param upstream the key of the upstream that the endpoints belong to
   * @param hashKey the text that decides in a hash: any length, a character a byte; empty if the
   *     picker does not hash
   * @param failed the endpoints that failed already for this request
   * @param state what earlier choices left behind
   * @return one of {@link #endpoints}
   * @throws IllegalStateException if there are no endpoints
   */
  default Endpoint pick(
      String upstream, String hashKey, Collection<Endpoint> failed, BalancerState state) {
    return pick(upstream, hashKey, failed, Set.of(), state);
  }

  /**
   * Chooses an endpoint, if possible one that is not to be avoided. Those that failed for this
   * request count for more: where the picker leaves them, it would rather take one to avoid.
   *
   * @param upstream the key of the upstream that the endpoints belong to
   * @param hashKey the text that decides in a hash: any length, a character a byte; empty if the
   *     picker does not hash
   * @param failed the endpoints that failed already for this request
   * @param avoided the endpoints that requests are to avoid; without any the choice is that of
   *     {@link #pick(String, String, Collection, BalancerState)}
   * @param state what earlier choices left behind
   * @return one of {@link #endpoints}
   * @throws IllegalStateException if there are no endpoints
   */
  Endpoint pick(
      String upstream,
      String hashKey,
      Collection<Endpoint> failed,
      Set<Endpoint> avoided,
      BalancerState state);
}
