package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.HeaderEdits;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request as a back end in this container gets it: with the header fields that the router wants
 * it to have, so that a client cannot say of itself what only the router may say.
 *
 * <p>Parameters that the container reads out of a body by itself are not watched.
 */
final class LocalRequest extends HttpServletRequestWrapper {

  private final HeaderEdits edits;
  private final @Nullable BodyWatch watch;
  private @Nullable ServletInputStream stream;
  private @Nullable BufferedReader reader;

  /**
   * Wraps a request.
   *
   * @param edits what the header fields become
   * @param watch sees the body, or {@code null} if nobody needs to
   */
  LocalRequest(HttpServletRequest request, HeaderEdits edits, @Nullable BodyWatch watch) {
    super(request);
    this.edits = edits;
    this.watch = watch;
  }

  private List<String> edited(String name) {
    return edits.asMap().getOrDefault(name, List.of());
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (!edits.covers(name)) {
      String value = super.getHeader(name);
      if (value != null) {
        return value;
      }
    }
    List<String> values = edited(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (edits.covers(name)) {
      return Collections.enumeration(edited(name));
    }
    List<String> appended = edited(name);
    if (appended.isEmpty()) {
      return super.getHeaders(name);
    }
    List<String> values = new ArrayList<>(Collections.list(super.getHeaders(name)));
    values.addAll(appended);
    return Collections.enumeration(values);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    List<String> inOrder = new ArrayList<>();
    for (String name : Collections.list(super.getHeaderNames())) {
      if (names.add(name) && !(edits.covers(name) && edited(name).isEmpty())) {
        inOrder.add(name);
      }
    }
    edits
        .asMap()
        .forEach(
            (name, values) -> {
              if (!values.isEmpty() && names.add(name)) {
                inOrder.add(name);
              }
            });
    return Collections.enumeration(inOrder);
  }

  @Override
  public int getIntHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  @Override
  public long getDateHeader(String name) {
    if (!edits.asMap().containsKey(name)) {
      return super.getDateHeader(name);
    }
    String value = getHeader(name);
    if (value == null) {
      return -1;
    }
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)).toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(value, e);
    }
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (watch == null) {
      return super.getInputStream();
    }
    if (reader != null) {
      throw new IllegalStateException("the body is read as text already");
    }
    return watched(watch);
  }

  private ServletInputStream watched(BodyWatch seeing) throws IOException {
    ServletInputStream current = stream;
    if (current == null) {
      current = new Watched(super.getInputStream(), seeing);
      stream = current;
    }
    return current;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    if (watch == null) {
      return super.getReader();
    }
    BufferedReader current = reader;
    if (current == null) {
      if (stream != null) {
        throw new IllegalStateException("the body is read as bytes already");
      }
      current = new BufferedReader(new InputStreamReader(watched(watch), charset()));
      reader = current;
    }
    return current;
  }

  private Charset charset() throws UnsupportedEncodingException {
    String encoding = getCharacterEncoding();
    if (encoding == null) {
      return StandardCharsets.ISO_8859_1;
    }
    try {
      return Charset.forName(encoding);
    } catch (IllegalArgumentException e) {
      // As the Servlet API says it.
      throw new UnsupportedEncodingException(encoding);
    }
  }

  private static final class Watched extends ServletInputStream {

    private final ServletInputStream in;
    private final BodyWatch watch;

    Watched(ServletInputStream in, BodyWatch watch) {
      this.in = in;
      this.watch = watch;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count < 0) {
        watch.ended();
      } else {
        watch.saw(buffer, offset, count);
      }
      return count;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
