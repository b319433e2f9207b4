/**
 * The ingress-nginx controller v1.15.1: what its annotations and settings mean.
 *
 * <p>Starting points: {@link io.github.ingress4j.dialect.nginx.Annotations}, every annotation there
 * is, and {@link io.github.ingress4j.dialect.nginx.AnnotationReader}, which reads those of one
 * Ingress. Not exported.
 *
 * <p>Imports: {@code decision} and what lies below it, {@code manifest}.
 */
@NullMarked
package io.github.ingress4j.dialect.nginx;

import org.jspecify.annotations.NullMarked;
