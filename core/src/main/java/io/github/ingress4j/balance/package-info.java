/**
 * Endpoints, which of them may be used, and how one is chosen for a request.
 *
 * <p>Starting points: {@link io.github.ingress4j.balance.Endpoint} is an address and a port, {@link
 * io.github.ingress4j.balance.EndpointPicker} chooses one, {@link
 * io.github.ingress4j.balance.StickySessions} finds the one that a session belongs to, {@link
 * io.github.ingress4j.balance.BalancerState} remembers what the choice depends on and outlives the
 * snapshots.
 *
 * <p>Imports: {@code routing}, {@code diagnostic}.
 */
@NullMarked
package io.github.ingress4j.balance;

import org.jspecify.annotations.NullMarked;
