package io.github.ingress4j.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a back end in this container. Before any of it leaves, somebody is asked whether it
 * may, and can still change its header fields; what may not leave is swallowed.
 *
 * <p>Containers send a head as soon as their buffer is full, so that is when it is asked, or when
 * the back end flushes, closes, or answers by an error or a redirect.
 */
final class LocalResponse extends HttpServletResponseWrapper {

  /** The bytes that one character of a text takes at most, in an encoding that anybody uses. */
  private static final int BYTES_PER_CHARACTER = 3;

  private final IntPredicate judge;
  private final Map<String, List<String>> before = new LinkedHashMap<>();
  private long written;
  private boolean isJudged;
  private boolean isDropped;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;

  /**
   * Wraps a response.
   *
   * @param judge takes the status, and says whether the answer goes to the client; called once
   */
  LocalResponse(HttpServletResponse response, IntPredicate judge) {
    super(response);
    this.judge = judge;
    for (String name : response.getHeaderNames()) {
      before.put(name, List.copyOf(response.getHeaders(name)));
    }
  }

  /** Has the answer judged, if that was not done yet. */
  void finish() {
    judge(getStatus());
  }

  boolean isJudged() {
    return isJudged;
  }

  /** Makes room for another answer, as if this one had never been begun. */
  void discard() {
    HttpServletResponse response = (HttpServletResponse) getResponse();
    response.reset();
    before.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
  }

  private void judge(int status) {
    if (!isJudged) {
      isJudged = true;
      isDropped = !judge.test(status);
    }
  }

  private void judgeBefore(long more) {
    written += more;
    if (!isJudged && written >= getBufferSize()) {
      judge(getStatus());
    }
  }

  @Override
  public void sendError(int status, @Nullable String message) throws IOException {
    judge(status);
    if (!isDropped) {
      super.sendError(status, message);
    }
  }

  @Override
  public void sendError(int status) throws IOException {
    judge(status);
    if (!isDropped) {
      super.sendError(status);
    }
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    redirect(location, SC_FOUND, true);
  }

  // Since Servlet 6.1 there are these as well, of which a wrapper of 6.0 knows nothing: without
  // them they would pass it by.

  /** Redirects with another status. */
  public void sendRedirect(String location, int status) throws IOException {
    redirect(location, status, true);
  }

  /** Redirects with or without a body. */
  public void sendRedirect(String location, boolean clearsBuffer) throws IOException {
    redirect(location, SC_FOUND, clearsBuffer);
  }

  /** Redirects with another status, with or without a body. */
  public void sendRedirect(String location, int status, boolean clearsBuffer) throws IOException {
    redirect(location, status, clearsBuffer);
  }

  /** What a container does at once is done step by step, so that the Location can be judged. */
  private void redirect(String location, int status, boolean clearsBuffer) throws IOException {
    if (isDropped) {
      return;
    }
    if (isCommitted()) {
      throw new IllegalStateException("the response was sent already");
    }
    if (clearsBuffer) {
      resetBuffer();
    }
    setStatus(status);
    setHeader("Location", asField(location));
    judge(status);
    if (!isDropped) {
      if (clearsBuffer) {
        setContentLength(0);
      }
      super.flushBuffer();
      // Whatever is written now is not part of the answer any more.
      isDropped = true;
    }
  }

  /** Encodes what no header field can hold. */
  private static String asField(String location) {
    StringBuilder encoded = new StringBuilder(location.length());
    for (int i = 0; i < location.length(); ) {
      int c = location.codePointAt(i);
      i += Character.charCount(c);
      if (c > ' ' && c < 0x7F) {
        encoded.append((char) c);
        continue;
      }
      for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  @Override
  public void flushBuffer() throws IOException {
    judge(getStatus());
    if (!isDropped) {
      super.flushBuffer();
    }
  }

  @Override
  public void resetBuffer() {
    written = 0;
    super.resetBuffer();
  }

  @Override
  public void reset() {
    written = 0;
    super.reset();
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream current = stream;
    if (current == null) {
      current = new Judged(super.getOutputStream());
      stream = current;
    }
    return current;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter current = writer;
    if (current == null) {
      current = new PrintWriter(new JudgedText(super.getWriter()));
      writer = current;
    }
    return current;
  }

  private final class Judged extends ServletOutputStream {

    private final ServletOutputStream out;

    Judged(ServletOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      judgeBefore(1);
      if (!isDropped) {
        out.write(b);
      }
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      judgeBefore(length);
      if (!isDropped) {
        out.write(buffer, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      judge(getStatus());
      if (!isDropped) {
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      judge(getStatus());
      if (!isDropped) {
        out.close();
      }
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      judge(getStatus());
      out.setWriteListener(listener);
    }
  }

  private final class JudgedText extends FilterWriter {

    JudgedText(Writer out) {
      super(out);
    }

    @Override
    public void write(int c) throws IOException {
      judgeBefore(BYTES_PER_CHARACTER);
      if (!isDropped) {
        out.write(c);
      }
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      judgeBefore((long) BYTES_PER_CHARACTER * length);
      if (!isDropped) {
        out.write(buffer, offset, length);
      }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
      judgeBefore((long) BYTES_PER_CHARACTER * length);
      if (!isDropped) {
        out.write(text, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      judge(getStatus());
      if (!isDropped) {
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      judge(getStatus());
      if (!isDropped) {
        out.close();
      }
    }
  }
}
