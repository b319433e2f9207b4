/**
 * Host and path in, target out: which rule of a table takes a request, without anything of
 * Kubernetes, headers or I/O.
 *
 * <p>Starting points: {@link io.github.ingress4j.routing.RoutingTable} is made by a builder from
 * {@link io.github.ingress4j.routing.HostPattern}s and {@link
 * io.github.ingress4j.routing.PathPattern}s and answers with a {@link
 * io.github.ingress4j.routing.Match}.
 *
 * <p>Imports: the JDK only.
 */
@NullMarked
package io.github.ingress4j.routing;

import org.jspecify.annotations.NullMarked;
