/**
 * Small programs to copy from.
 *
 * <p>Starting points: {@link io.github.ingress4j.examples.LookUp} asks one question; {@link
 * io.github.ingress4j.examples.TomcatFilterExample} and {@link
 * io.github.ingress4j.examples.JettyGatewayExample} serve in a container, {@link
 * io.github.ingress4j.examples.JdkServerExample} and {@link
 * io.github.ingress4j.examples.UndertowProxyExample} without one. How rules are tested is shown by
 * {@code RoutingRulesTest} beside the tests of these programs.
 *
 * <p>Allowed imports: everything.
 */
@NullMarked
package io.github.ingress4j.examples;

import org.jspecify.annotations.NullMarked;
