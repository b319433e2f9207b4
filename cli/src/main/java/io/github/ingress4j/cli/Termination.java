package io.github.ingress4j.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Waits until the process is told to end, by SIGTERM or Ctrl-C, and then ends it in good order.
 *
 * <p>A process that a signal ends has an exit code that says so. One that was told to end and did
 * as it was told has succeeded: the work is finished, and then the process halts with 0.
 */
final class Termination {

  private final CountDownLatch never = new CountDownLatch(1);
  private final Thread hook;

  private Termination(Runnable work) {
    hook =
        new Thread(
            () -> {
              work.run();
              Runtime.getRuntime().halt(ExitCode.OK);
            },
            "ingress4j-drain");
  }

  /**
   * Prepares for the end.
   *
   * @param work what is to be done before the process ends
   * @return to wait with
   */
  static Termination install(Runnable work) {
    Termination termination = new Termination(work);
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  /** Waits for the signal, which does not return; returns only if the thread is interrupted. */
  void await() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
