package io.github.ingress4j.cli;

import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.alpn.server.ALPNServerConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.ALPNProcessor;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;

/**
 * Lets Jetty settle the protocol with the engines of {@link
 * io.github.ingress4j.servlet.IngressTls}: what Jetty brings along for that takes only engines that
 * are of the JDK.
 *
 * <p>Public because Jetty looks for it as a service. Thread-safe.
 */
public final class AlpnOfIngressTls implements ALPNProcessor.Server {

  /** Made by Jetty. */
  public AlpnOfIngressTls() {}

  @Override
  public boolean appliesTo(SSLEngine engine) {
    return !"java.base".equals(engine.getClass().getModule().getName());
  }

  @Override
  public void configure(SSLEngine engine, Connection connection) {
    ALPNServerConnection alpn = (ALPNServerConnection) connection;
    engine.setHandshakeApplicationProtocolSelector(
        (handshaking, offered) -> {
          try {
            alpn.select(offered);
            return alpn.getProtocol();
          } catch (IllegalStateException e) {
            // Nothing that is offered is spoken here, and the client is told so.
            return null;
          }
        });
    if (alpn.getEndPoint() instanceof SslConnection.SslEndPoint endPoint) {
      endPoint.getSslConnection().addHandshakeListener(new Silent(alpn));
    }
  }

  /** Notices a client that offers nothing. */
  private record Silent(ALPNServerConnection alpn) implements SslHandshakeListener {

    @Override
    public void handshakeSucceeded(@Nullable Event event) {
      if (alpn.getProtocol() == null) {
        alpn.unsupported();
      }
    }
  }
}
