package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.Mirror;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of requests to those who want them. No request waits for its copy: copies are sent
 * by a few threads of their own, and one too many is dropped, as is one with a long body.
 *
 * <p>Thread-safe.
 */
final class Mirrors implements AutoCloseable {

  /** The longest body that is copied; what is not known in advance is kept until it is complete. */
  static final int MAX_BODY = 256 * 1024;

  private static final int THREADS = 8;

  /** The copies that wait or are being sent; their bodies take at most 18 MiB. */
  private static final int MAX_COPIES = THREADS + 64;

  private final ServiceClient client;
  private final boolean marksRequests;
  private final RareLog log;
  private final Semaphore room = new Semaphore(MAX_COPIES);
  private final ThreadPoolExecutor threads;

  Mirrors(ServiceClient client, boolean marksRequests, RareLog log) {
    this.client = client;
    this.marksRequests = marksRequests;
    this.log = log;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ingress4j-mirror");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins to copy a request.
   *
   * @return what the body has to be told, if it is to be copied; {@code null} if the copy is on its
   *     way, or there is none
   */
  @Nullable BodyCopy begin(Forward forward, ServletRequestView view) {
    Mirror.Copy copy = forward.mirror();
    if (copy == null) {
      return null;
    }
    if (copy.hasBody() && view.bodyLength() > MAX_BODY) {
      log.warn(RareLog.Kind.MIRROR, "a body of more than " + MAX_BODY + " bytes is not copied");
      return null;
    }
    if (!room.tryAcquire()) {
      log.warn(RareLog.Kind.MIRROR, "the services that want copies of requests are too slow");
      return null;
    }
    ServiceCall call =
        ServiceCall.of(forward, copy, marksRequests ? Loops.via(view.httpVersion()) : null);
    if (copy.hasBody()) {
      return new BodyCopy(call);
    }
    submit(call, null);
    return null;
  }

  private void submit(ServiceCall call, byte @Nullable [] body) {
    try {
      threads.execute(() -> send(call, body));
    } catch (RejectedExecutionException e) {
      // The gateway is closing.
      room.release();
    }
  }

  private void send(ServiceCall call, byte @Nullable [] body) {
    try {
      client.send(call, body);
    } catch (IOException | HttpException e) {
      log.warn(
          RareLog.Kind.MIRROR,
          PrintableText.escape("no copy of a request reaches " + call + ": " + e.getMessage()));
    } finally {
      room.release();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Drain.awaitQuietly(threads);
  }

  /**
   * Takes the bytes of a body on their way to the back end. Only a complete body is sent.
   *
   * <p>Not thread-safe, but for {@link #close}, which may come from another thread at the end.
   */
  final class BodyCopy implements AutoCloseable {

    private final ServiceCall call;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isOver;

    private BodyCopy(ServiceCall call) {
      this.call = call;
    }

    synchronized void add(byte[] buffer, int offset, int count) {
      if (isOver) {
        return;
      }
      if (bytes.size() + count > MAX_BODY) {
        log.warn(RareLog.Kind.MIRROR, "a body of more than " + MAX_BODY + " bytes is not copied");
        close();
        return;
      }
      bytes.write(buffer, offset, count);
    }

    /** The body has come to its end. */
    synchronized void complete() {
      if (!isOver) {
        isOver = true;
        submit(call, bytes.toByteArray());
      }
    }

    /** Drops the copy, unless the body was complete. */
    @Override
    public synchronized void close() {
      if (!isOver) {
        isOver = true;
        room.release();
      }
    }
  }
}
