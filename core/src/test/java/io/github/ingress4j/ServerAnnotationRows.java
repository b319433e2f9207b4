package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DENIED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.row;

import java.util.List;

/**
 * What is about nginx itself or about the server in front: no decision changes, and it is said that
 * none does. A faulty value has its outcome all the same.
 */
final class ServerAnnotationRows {

  private ServerAnnotationRows() {}

  static List<AnnotationRow> all() {
    return List.of(
        idle("ssl-passthrough", "true").unusable("yes", DROPPED),
        idle("ssl-ciphers", "ALL:!aNULL").unusable("ALL;", DROPPED),
        idle("ssl-prefer-server-ciphers", "true").unusable("yes", DEFAULTED),
        idle("proxy-buffer-size", "16k").unusable("16kb", DEFAULTED),
        idle("proxy-buffers-number", "8").unusable("8k", DEFAULTED),
        idle("proxy-busy-buffers-size", "16k").unusable("16kb", DEFAULTED),
        idle("proxy-max-temp-file-size", "16m").unusable("16mb", DEFAULTED),
        idle("enable-access-log", "false").unusable("no", DEFAULTED),
        idle("enable-rewrite-log", "true").unusable("yes", DEFAULTED),
        idle("http2-push-preload", "true").unusable("yes", DROPPED),
        idle("fastcgi-index", "index.php").unusable("a/index.php", DROPPED),
        idle("fastcgi-params-configmap", "default/params")
            .others(input -> input.configMap("default/params", "  SCRIPT: x\n"))
            .unusable("default/params;", DROPPED)
            .unusable("default/none", DENIED)
            .unusable("none", DENIED),
        idle("enable-opentelemetry", "true").unusable("yes", DEFAULTED),
        idle("opentelemetry-trust-incoming-span", "false").unusable("no", DEFAULTED),
        idle("opentelemetry-operation-name", "shop").unusable("shop/pay", DROPPED));
  }

  private static AnnotationRow idle(String name, String value) {
    return row(name, value).changesNothing().says("annotation-no-effect");
  }
}
