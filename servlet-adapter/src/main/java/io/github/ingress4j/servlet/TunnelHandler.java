package io.github.ingress4j.servlet;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import org.jspecify.annotations.Nullable;

/**
 * Takes over the connection of a client that was upgraded. Containers make it by themselves, which
 * is why it is public; nobody else has a use for it.
 */
public final class TunnelHandler implements HttpUpgradeHandler {

  private volatile @Nullable Tunnel tunnel;

  /** Makes a handler that ends every connection, unless it is told what to do. */
  public TunnelHandler() {}

  /** Says where the connection leads; before the container begins. */
  void leadTo(Tunnel value) {
    tunnel = value;
  }

  /**
   * Takes the connection over.
   *
   * @param connection the client's connection
   */
  @Override
  public void init(WebConnection connection) {
    Tunnel current = tunnel;
    if (current != null) {
      current.begin(connection);
      return;
    }
    try {
      connection.close();
    } catch (Exception e) {
      // Nobody has anything to say over it.
    }
  }

  /** Takes notice that the client's connection is closed. */
  @Override
  public void destroy() {
    Tunnel current = tunnel;
    if (current != null) {
      current.clientClosed();
    }
  }
}
