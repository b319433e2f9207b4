/**
 * One small type for each concern of a request on its way: what it is, who its client is, where it
 * is sent instead, what its path becomes, which headers travel.
 *
 * <p>Starting points: {@link io.github.ingress4j.policy.RequestView} is the request as an adapter
 * presents it, {@link io.github.ingress4j.policy.CanonicalRequest} what it is once validated,
 * {@link io.github.ingress4j.policy.Rewrite} and the redirects decide about it, {@link
 * io.github.ingress4j.policy.HeaderEdits} is what changes on the way.
 *
 * <p>Imports: {@code balance}, {@code routing}, {@code diagnostic}.
 */
@NullMarked
package io.github.ingress4j.policy;

import org.jspecify.annotations.NullMarked;
