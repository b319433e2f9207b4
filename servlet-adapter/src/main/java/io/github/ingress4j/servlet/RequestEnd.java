package io.github.ingress4j.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does something when a request has come to its end: when its thread returns or, if an application
 * goes on asynchronously, when that has completed.
 *
 * <p>Thread-safe.
 */
final class RequestEnd implements AsyncListener {

  private final Runnable work;
  private final AtomicBoolean isOver = new AtomicBoolean();

  private RequestEnd(Runnable work) {
    this.work = work;
  }

  /**
   * Does the work at the end of a request, whose thread is about to return.
   *
   * @param work what to do, once
   */
  static void of(HttpServletRequest request, Runnable work) {
    RequestEnd end = new RequestEnd(work);
    if (!request.isAsyncStarted()) {
      end.run();
      return;
    }
    try {
      request.getAsyncContext().addListener(end);
    } catch (IllegalStateException e) {
      // It has completed meanwhile.
      end.run();
    }
  }

  private void run() {
    if (isOver.compareAndSet(false, true)) {
      work.run();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // The container completes it, or somebody else does.
  }

  @Override
  public void onError(AsyncEvent event) {
    // The container completes it, or somebody else does.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // It was dispatched and goes on; listeners count for one round only.
    event.getAsyncContext().addListener(this);
  }
}
