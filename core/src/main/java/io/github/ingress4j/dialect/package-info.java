/**
 * What manifests mean: Ingresses and what belongs to them become routes and upstreams.
 *
 * <p>Starting points: {@link io.github.ingress4j.dialect.Dialect} names the meanings there are,
 * {@link io.github.ingress4j.dialect.Translation} is the result.
 *
 * <p>Imports: {@code decision} and what lies below it, {@code manifest}.
 */
@NullMarked
package io.github.ingress4j.dialect;

import org.jspecify.annotations.NullMarked;
