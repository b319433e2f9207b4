package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.Upgrade;
import jakarta.servlet.ServletRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All connections of clients that were upgraded, and the threads that serve them.
 *
 * <p>A tunnel has one thread as long as it lives, which waits for the back end, and a second one
 * while there is something to send to it. They are virtual threads from Java 24 on, where a wait
 * inside of a container's monitor costs no other thread; before that, threads of the system with
 * small stacks, of which there are never more than two for each tunnel.
 *
 * <p>Thread-safe.
 */
final class Tunnels implements AutoCloseable {

  private static final long STACK = 256 * 1024;

  /** Since when virtual threads leave their carrier while they wait in a monitor: JEP 491. */
  private static final int VIRTUAL_SINCE = 24;

  /**
   * What may be tunnelled.
   *
   * @param most how many connections at a time
   * @param protocols the names of the protocols, in lower case
   * @param farewellNanos how long connections have to end by themselves when all must end
   */
  record Settings(int most, Set<String> protocols, long farewellNanos) {}

  private final Settings settings;
  private final Watchdog watchdog;
  private final ExecutorService threads = threads();
  private final Semaphore seats;
  private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
  private final Object change = new Object();
  private volatile boolean isClosing;

  Tunnels(Settings settings, Watchdog watchdog) {
    this.settings = settings;
    this.watchdog = watchdog;
    seats = new Semaphore(settings.most());
  }

  private static ExecutorService threads() {
    if (Runtime.version().feature() >= VIRTUAL_SINCE) {
      try {
        return (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      } catch (ReflectiveOperationException e) {
        // This JDK is not what its version says; threads of the system do as well.
        System.getLogger(Tunnels.class.getName()).log(System.Logger.Level.DEBUG, "no threads", e);
      }
    }
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(null, task, "ingress4j-tunnel", STACK);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns what a request asks for and may have; null if it is an ordinary one. */
  @Nullable Upgrade wanted(Forward forward, ServletRequest request) {
    Upgrade upgrade = settings.protocols().isEmpty() ? null : forward.upgrade();
    Upgrade allowed = upgrade == null ? null : upgrade.among(settings.protocols());
    boolean isHidden =
        allowed != null && JettyConnection.isJetty(request) && JettyConnection.of(request) == null;
    return isHidden ? null : allowed;
  }

  /** Takes a place for a connection; null if there is none. */
  @Nullable Seat take() {
    return !isClosing && seats.tryAcquire() ? new Seat() : null;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  void execute(Runnable task) throws RejectedExecutionException {
    threads.execute(task);
  }

  /** Takes notice of a tunnel. */
  void opened(Tunnel tunnel) {
    open.add(tunnel);
    if (isClosing) {
      tunnel.abort();
    }
  }

  /** Takes notice that nothing is left of a tunnel. */
  void ended(Tunnel tunnel) {
    open.remove(tunnel);
    synchronized (change) {
      change.notifyAll();
    }
  }

  /** How many there are. */
  int count() {
    return open.size();
  }

  /** Ends all tunnels: those that can say goodbye have some time for it. */
  @Override
  public void close() {
    isClosing = true;
    for (Tunnel tunnel : open) {
      tunnel.leave();
    }
    awaitEnd(settings.farewellNanos());
    for (Tunnel tunnel : open) {
      tunnel.abort();
    }
    awaitEnd(TimeUnit.SECONDS.toNanos(1));
    threads.shutdownNow();
  }

  private void awaitEnd(long nanos) {
    long start = System.nanoTime();
    synchronized (change) {
      while (!open.isEmpty()) {
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0) {
          return;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(change, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** A place for one connection, given back once. */
  final class Seat implements AutoCloseable {

    private final AtomicBoolean isFree = new AtomicBoolean();

    private Seat() {}

    @Override
    public void close() {
      if (isFree.compareAndSet(false, true)) {
        seats.release();
      }
    }
  }
}
