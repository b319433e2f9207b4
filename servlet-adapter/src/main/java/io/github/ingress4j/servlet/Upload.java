package io.github.ingress4j.servlet;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * A long body that is sent by a thread of its own, while the servlet's thread waits for the answer:
 * a back end may answer before it has read everything, and may read on only if its answer is read.
 *
 * <p>Whoever starts an upload must call {@link #stop} before the servlet returns, because the
 * container uses the request's objects again.
 */
final class Upload {

  private static final long GRACE_SECONDS = 2;

  /** Sends all of a body. */
  interface Sending {
    void run() throws IOException, HttpException;
  }

  private final RequestBody body;
  private final Runnable abort;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean isComplete;
  private volatile @Nullable Throwable failure;
  private @Nullable Future<?> task;

  private Upload(RequestBody body, Runnable abort) {
    this.body = body;
    this.abort = abort;
  }

  /**
   * Starts to send.
   *
   * @param abort breaks off what is being sent, after a failure that nobody expected
   */
  static Upload start(RequestBody body, Sending sending, Runnable abort, ExecutorService threads) {
    Upload upload = new Upload(body, abort);
    upload.task = threads.submit(() -> upload.run(sending));
    return upload;
  }

  private void run(Sending sending) {
    try {
      sending.run();
      isComplete = true;
    } catch (IOException | HttpException e) {
      // The connection stays: a back end that takes nothing more may have answered already.
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = e;
      abort.run();
      throw e;
    } finally {
      done.countDown();
    }
  }

  RequestBody body() {
    return body;
  }

  boolean isComplete() {
    return isComplete;
  }

  boolean isFailed() {
    return failure != null;
  }

  /** Waits until the thread has let go of the request; the answer must be out already. */
  void stop() {
    boolean isInterrupted = false;
    long seconds = GRACE_SECONDS;
    while (true) {
      try {
        if (done.await(seconds, TimeUnit.SECONDS)) {
          break;
        }
        if (task != null) {
          // It waits for a client that sends nothing.
          task.cancel(true);
        }
      } catch (InterruptedException e) {
        isInterrupted = true;
        seconds = 1;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
