/**
 * The certificates that Secrets hold, as both dialects read them.
 *
 * <p>Starting point: {@link io.github.ingress4j.dialect.tls.SecretIdentities}. Not exported.
 *
 * <p>Imports: {@code manifest}, {@code policy}, {@code diagnostic}.
 */
@NullMarked
package io.github.ingress4j.dialect.tls;

import org.jspecify.annotations.NullMarked;
