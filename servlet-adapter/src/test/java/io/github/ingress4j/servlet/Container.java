package io.github.ingress4j.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A servlet container on a loopback port, opened so far that the router decides what is refused.
 * What each needs for that is in the class named for it.
 */
interface Container extends AutoCloseable {

  /** What an application does when it starts. */
  interface Application extends Consumer<ServletContext> {}

  /** How a container is started. */
  interface Starter {
    Container start(Application application) throws Exception;
  }

  int port();

  @Override
  void close() throws IOException;
}
