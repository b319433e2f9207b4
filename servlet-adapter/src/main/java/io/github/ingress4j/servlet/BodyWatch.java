package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.BodyLimit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sees the body of a request on its way: stops it when it is longer than its route takes, and
 * copies it if somebody wants a copy.
 *
 * <p>For one thread at a time.
 */
final class BodyWatch implements AutoCloseable {

  private final BodyLimit limit;
  private final Mirrors.@Nullable BodyCopy copy;
  private long seen;
  private boolean isTooLarge;

  BodyWatch(BodyLimit limit, Mirrors.@Nullable BodyCopy copy) {
    this.limit = limit;
    this.copy = copy;
  }

  /**
   * Returns whether there is anything to watch for.
   *
   * @param length the length of the body, -1 if it is not known
   */
  boolean isNeeded(long length) {
    return copy != null || (length < 0 && limit.bytes() > 0);
  }

  /**
   * Takes notice of bytes before they go anywhere.
   *
   * @throws TooLargeException if with them the body is longer than it may be
   */
  void saw(byte[] buffer, int offset, int count) throws TooLargeException {
    seen += count;
    if (!limit.allows(seen)) {
      isTooLarge = true;
      close();
      throw new TooLargeException(limit);
    }
    if (copy != null) {
      copy.add(buffer, offset, count);
    }
  }

  /** Takes notice that the body has come to its end. */
  void ended() {
    if (copy != null && !isTooLarge) {
      copy.complete();
    }
  }

  /** Returns whether the body was longer than it may be. */
  boolean isTooLarge() {
    return isTooLarge;
  }

  /** Drops the copy, unless the body came to its end. */
  @Override
  public void close() {
    if (copy != null) {
      copy.close();
    }
  }

  /** The body is longer than its route takes. */
  static final class TooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    TooLargeException(BodyLimit limit) {
      super("the body has more than " + limit.bytes() + " bytes");
    }
  }
}
