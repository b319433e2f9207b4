/**
 * The Ingress specification, with the choices of {@code docs/semantics.md} where it is silent.
 *
 * <p>Starting point: {@link io.github.ingress4j.dialect.kubernetes.HostCompiler}. Not exported.
 *
 * <p>Imports: {@code decision} and what lies below it, {@code manifest}.
 */
@NullMarked
package io.github.ingress4j.dialect.kubernetes;

import org.jspecify.annotations.NullMarked;
