/**
 * Carries decisions out in a servlet container: Tomcat, Jetty, Undertow and everything on top of
 * them.
 *
 * <p>Starting points: {@link io.github.ingress4j.servlet.IngressFilter} stands in front of an
 * application; {@link io.github.ingress4j.servlet.IngressProxyServlet} is a gateway. Both take the
 * same settings, by init-parameters or by a builder:
 *
 * <pre>{@code
 * IngressFilter filter = IngressFilter.builder()
 *     .router(IngressRouter.builder().manifests(manifests).build())
 *     .backend("default/nginx-svc:9080", "context:/pay")
 *     .backend("default/java-svc:9080", "127.0.0.1:8081,127.0.0.1:8082")
 *     .build();
 * servletContext.addFilter("ingress", filter)
 *     .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
 * }</pre>
 *
 * <p>{@link io.github.ingress4j.servlet.IngressTls} is the server's side of TLS by the same rules,
 * and knows nothing of servlets.
 *
 * <p>{@link io.github.ingress4j.servlet.IngressAttributes} says what a request carries behind the
 * filter; {@link io.github.ingress4j.servlet.EndpointResolver} and {@link
 * io.github.ingress4j.servlet.ResourceBackendHandler} are implemented by applications.
 *
 * <p>Allowed imports: the core, Jakarta Servlet, and Apache HttpClient in the classes that talk to
 * back ends.
 */
@NullMarked
package io.github.ingress4j.servlet;

import org.jspecify.annotations.NullMarked;
