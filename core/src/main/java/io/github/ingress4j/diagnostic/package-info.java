/**
 * The one vocabulary of findings, for the parser, the validation, the dialects, lint and the
 * command line.
 *
 * <p>Starting points: {@link io.github.ingress4j.diagnostic.Diagnostic} is one finding, {@link
 * io.github.ingress4j.diagnostic.Rule} says what kind it is.
 *
 * <p>Imports: the JDK only.
 */
@NullMarked
package io.github.ingress4j.diagnostic;

import org.jspecify.annotations.NullMarked;
