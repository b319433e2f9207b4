/**
 * From a request and a snapshot to a decision.
 *
 * <p>Starting points: {@link io.github.ingress4j.decision.Exchange} is one request on its way,
 * {@link io.github.ingress4j.decision.Decision} is what becomes of it.
 *
 * <p>Imports: {@code policy}, {@code balance}, {@code routing}, {@code diagnostic}.
 */
@NullMarked
package io.github.ingress4j.decision;

import org.jspecify.annotations.NullMarked;
