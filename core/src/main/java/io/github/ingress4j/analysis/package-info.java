/**
 * What can be said about an input that works: traps, surprises and risks.
 *
 * <p>Starting point: {@link io.github.ingress4j.analysis.Linter}.
 *
 * <p>Imports: {@code dialect} and what lies below it.
 */
@NullMarked
package io.github.ingress4j.analysis;

import org.jspecify.annotations.NullMarked;
