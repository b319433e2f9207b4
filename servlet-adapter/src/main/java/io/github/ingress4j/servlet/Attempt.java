package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Step;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to one back end. Closing it tells the exchange that it is over, and gives back what
 * it used.
 *
 * <p>For one thread.
 */
interface Attempt extends AutoCloseable {

  /**
   * Sends the request, and passes the answer on if it is the one that the client gets.
   *
   * @param addresses where to, the best first; not empty
   * @return what the exchange wants done instead; {@code null} if the client has its answer
   * @throws IOException if the client's connection must be broken
   */
  @Nullable Step run(List<InetSocketAddress> addresses) throws IOException;

  @Override
  void close();
}
