package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.RequestView;
import java.nio.file.Path;

/** Asks who gets a request, and prints the answer. Run it in the root of the repository. */
public final class LookUp {

  private LookUp() {}

  /**
   * Looks one URL up.
   *
   * @param args not used
   */
  public static void main(String[] args) {
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .manifests(Path.of("examples/manifests/hello-ingress.yaml"))
            .build();
    Decision decision = router.route(RequestView.get("http://abc.sample.com/pay/x?y=1"));
    System.out.println(decision);
  }
}
