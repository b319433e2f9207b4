/**
 * From the Services and EndpointSlices of an input to endpoints, as the dialects select them.
 *
 * <p>Starting point: {@link io.github.ingress4j.dialect.upstream.UpstreamResolver}. Not exported.
 *
 * <p>Imports: {@code manifest}, {@code decision}, {@code balance}, {@code diagnostic}.
 */
@NullMarked
package io.github.ingress4j.dialect.upstream;

import org.jspecify.annotations.NullMarked;
