/**
 * The rules of the linter, a class each. Not exported.
 *
 * <p>Starting point: {@link io.github.ingress4j.analysis.rule.LintRules} lists them.
 *
 * <p>Imports: {@code dialect} and what lies below it.
 */
@NullMarked
package io.github.ingress4j.analysis.rule;

import org.jspecify.annotations.NullMarked;
