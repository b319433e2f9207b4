package io.github.ingress4j.servlet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Room for the bodies of requests that are read whole before they are sent: files that nobody else
 * sees, and a limit to what they hold together, so that many long bodies fill no disk.
 *
 * <p>A file is unlinked as soon as it is open where the system allows that, so that nothing is left
 * behind even if the process is killed; elsewhere it is deleted when it is closed.
 *
 * <p>Thread-safe.
 */
final class BodyBuffers {

  /** What all gateways of a kind hold at most unless they are told otherwise. */
  static final long DEFAULT_LIMIT = 1L << 30;

  private static final long STEP = 64 * 1024;

  private final @Nullable Path directory;
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /**
   * Makes room.
   *
   * @param directory where the files are, if it exists; {@code null} for the system's place
   * @param limit the bytes that all files together may hold
   */
  BodyBuffers(@Nullable Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
  }

  /** Returns the bytes that are taken. */
  long used() {
    return used.get();
  }

  /**
   * Takes room for a body.
   *
   * @param length the bytes that it will have, -1 if nobody knows
   * @throws NoRoomException if there is none
   */
  Spool open(long length) throws NoRoomException {
    Spool spool = new Spool();
    try {
      spool.reserve(Math.max(length, 0));
      spool.open();
    } catch (NoRoomException e) {
      spool.close();
      throw e;
    }
    return spool;
  }

  private boolean reserve(long bytes) {
    long before = used.get();
    while (bytes <= limit - before) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /** The bytes of one body. It is written by one thread first, and then read by others. */
  final class Spool implements AutoCloseable {

    private @Nullable RandomAccessFile file;
    private @Nullable Path leftover;
    private long reserved;
    private long length;

    private void reserve(long bytes) throws NoRoomException {
      if (!BodyBuffers.this.reserve(bytes)) {
        throw new NoRoomException("all room for the bodies of requests is taken", null);
      }
      reserved += bytes;
    }

    private void open() throws NoRoomException {
      try {
        Path place = directory;
        Path path =
            place != null && Files.isDirectory(place)
                ? Files.createTempFile(place, "body", null)
                : Files.createTempFile("body", null);
        leftover = path;
        file = new RandomAccessFile(path.toFile(), "rw");
        if (tryDelete(path)) {
          leftover = null;
        }
      } catch (IOException e) {
        throw new NoRoomException("no file for the body of a request: " + e.getMessage(), e);
      }
    }

    private static boolean tryDelete(Path path) {
      try {
        Files.delete(path);
        return true;
      } catch (IOException e) {
        // Some systems keep what is open.
        return false;
      }
    }

    private RandomAccessFile file() {
      RandomAccessFile current = file;
      if (current == null) {
        throw new IllegalStateException("the body was let go");
      }
      return current;
    }

    synchronized void write(byte[] bytes, int offset, int count) throws NoRoomException {
      if (length + count > reserved) {
        reserve(Math.max(STEP, length + count - reserved));
      }
      try {
        file().write(bytes, offset, count);
      } catch (IOException e) {
        throw new NoRoomException("the body of a request cannot be kept: " + e.getMessage(), e);
      }
      length += count;
    }

    /** Returns how many bytes there are. */
    synchronized long length() {
      return length;
    }

    /** Reads from a place on, whatever else is read; returns -1 at the end. */
    synchronized int read(long position, byte[] buffer) throws IOException {
      RandomAccessFile current = file();
      current.seek(position);
      return current.read(buffer);
    }

    @Override
    public synchronized void close() {
      used.addAndGet(-reserved);
      reserved = 0;
      RandomAccessFile current = file;
      file = null;
      if (current != null) {
        try {
          current.close();
        } catch (IOException e) {
          // What it held is of no use any more.
        }
      }
      Path left = leftover;
      leftover = null;
      if (left != null && !tryDelete(left)) {
        left.toFile().deleteOnExit();
      }
    }
  }

  /** A body cannot be kept. */
  static final class NoRoomException extends Exception {

    private static final long serialVersionUID = 1;

    NoRoomException(String reason, @Nullable Exception cause) {
      super(reason, cause);
    }
  }
}
