/**
 * The front door: compile manifests once, ask often.
 *
 * <p>Starting points: {@link io.github.ingress4j.IngressRouter}, and {@link
 * io.github.ingress4j.LiveRouter} where the manifests change while requests run.
 *
 * <pre>{@code
 * IngressRouter router = IngressRouter.builder().manifests(Path.of("k8s")).build();
 * Decision decision = router.route(RequestView.get("http://abc.sample.com/pay?x=1"));
 * System.out.println(decision);
 * }</pre>
 *
 * <p>Imports: every other package; none of them imports this one.
 */
@NullMarked
package io.github.ingress4j;

import org.jspecify.annotations.NullMarked;
