/**
 * Metrics through Micrometer, an optional dependency: who uses this package adds {@code
 * io.micrometer:micrometer-core}.
 *
 * <pre>{@code
 * IngressProxyServlet.builder().router(router).observer(MicrometerObserver.of(registry)).build();
 * }</pre>
 *
 * <p>Allowed imports: {@code io.github.ingress4j.servlet}, the core, Micrometer.
 */
@NullMarked
package io.github.ingress4j.servlet.micrometer;

import org.jspecify.annotations.NullMarked;
