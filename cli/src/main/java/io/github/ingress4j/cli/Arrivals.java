package io.github.ingress4j.cli;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Counts the requests that arrive, so that a gateway can tell when its clients have noticed that it
 * is about to end.
 *
 * <p>Thread-safe.
 */
final class Arrivals extends Handler.Wrapper {

  private static final long LOOK_MILLIS = 25;

  private final AtomicLong count = new AtomicLong();

  Arrivals(Handler handler) {
    super(handler);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    count.incrementAndGet();
    return super.handle(request, response, callback);
  }

  /**
   * Waits until nothing has arrived for a while.
   *
   * @param quietMillis the while
   * @param mostMillis how long to wait at most
   */
  void awaitQuiet(long quietMillis, long mostMillis) {
    long start = System.nanoTime();
    long lastChange = start;
    long last = count.get();
    try {
      while (millisSince(lastChange) < quietMillis && millisSince(start) < mostMillis) {
        Thread.sleep(LOOK_MILLIS);
        long now = count.get();
        if (now != last) {
          last = now;
          lastChange = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
