package io.github.ingress4j.servlet;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.io.CloseMode;
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

  private final RequestBody body;
  private final HttpClientConnection connection;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean isComplete;
  private volatile @Nullable Throwable failure;
  private @Nullable Future<?> task;

  private Upload(RequestBody body, HttpClientConnection connection) {
    this.body = body;
    this.connection = connection;
  }

  static Upload start(
      RequestBody body,
      ClassicHttpRequest request,
      HttpClientConnection connection,
      ExecutorService threads) {
    Upload upload = new Upload(body, connection);
    upload.task = threads.submit(() -> upload.run(request));
    return upload;
  }

  private void run(ClassicHttpRequest request) {
    try {
      connection.sendRequestEntity(request);
      connection.flush();
      isComplete = true;
    } catch (IOException | HttpException e) {
      // The connection stays: a back end that takes nothing more may have answered already.
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = e;
      connection.close(CloseMode.IMMEDIATE);
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
