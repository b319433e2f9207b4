/**
 * The command line: {@code ingress4j route}, {@code lint} and {@code serve}.
 *
 * <p>Starting point: {@link io.github.ingress4j.cli.Main}.
 */
module io.github.ingress4j.cli {
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires io.github.ingress4j.core;
  requires io.github.ingress4j.servlet;
  requires jakarta.servlet;
  requires java.logging;
  requires org.eclipse.jetty.alpn.server;
  requires org.eclipse.jetty.ee10.servlet;
  requires org.eclipse.jetty.http2.server;
  requires transitive org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires static org.jspecify;

  exports io.github.ingress4j.cli;

  provides org.eclipse.jetty.io.ssl.ALPNProcessor.Server with
      io.github.ingress4j.cli.AlpnOfIngressTls;

  opens io.github.ingress4j.cli to
      info.picocli;
}
