package io.github.ingress4j.servlet;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * HTTP/2 frame by frame on a socket, for either side: what is sent may be as wrong as a test wants
 * it to be. Not thread-safe, but one thread may read while another one writes.
 */
final class H2Wire implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A frame as it came. */
  static final class Frame {

    private final int type;
    private final int flags;
    private final int id;
    private final byte[] payload;

    private Frame(int type, int flags, int id, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.id = id;
      this.payload = payload;
    }

    int id() {
      return id;
    }

    byte[] payload() {
      return payload;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    int number(int at) {
      return ByteBuffer.wrap(payload).getInt(at);
    }

    @Override
    public String toString() {
      return "type " + type + " flags " + flags + " stream " + id + " length " + payload.length;
    }
  }

  /** Fields that came, of a head or after a body. */
  record Fields(int id, List<String> lines, boolean isLast) {

    /** Returns the values of a field. */
    List<String> values(String name) {
      return lines.stream()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .toList();
    }

    String value(String name) {
      List<String> values = values(name);
      return values.isEmpty() ? "" : values.get(0);
    }
  }

  /** A message that came. */
  record Message(Fields head, String body, Fields trailers, int resetCode) {}

  final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.ISO_8859_1);
  private final HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.ISO_8859_1);
  private final Map<Integer, Deque<Object>> pending = new HashMap<>();
  private final Deque<Fields> heads = new ArrayDeque<>();

  /** Every frame that was read and is not of a stream's message. */
  final List<Frame> others = new ArrayList<>();

  /** Whether settings and pings are answered, and windows opened again. */
  boolean isObliging = true;

  H2Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** Connects as a client that knows that HTTP/2 is spoken. */
  static H2Wire connect(int port) throws IOException {
    return client(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  static H2Wire client(Socket socket) throws IOException {
    H2Wire wire = new H2Wire(socket);
    wire.out.write(PREFACE);
    wire.settings();
    return wire;
  }

  /** Reads what a client says first, and answers with settings: pairs of a name and a value. */
  void accept(int... settings) throws IOException {
    byte[] preface = in.readNBytes(PREFACE.length);
    if (!Arrays.equals(preface, PREFACE)) {
      throw new EOFException("no preface");
    }
    settings(settings);
  }

  // ---- out ----

  void settings(int... pairs) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    send(SETTINGS, 0, 0, payload.array());
  }

  synchronized void send(int type, int flags, int id, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(id).put(payload);
    out.write(frame.array());
    out.flush();
  }

  void number(int type, int id, int... numbers) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      payload.putInt(number);
    }
    send(type, 0, id, payload.array());
  }

  void reset(int id, int code) throws IOException {
    number(RST_STREAM, id, code);
  }

  void goAway(int last, int code) throws IOException {
    number(GOAWAY, 0, last, code);
  }

  byte[] block(String... lines) throws IOException {
    ByteArrayBuffer buffer = new ByteArrayBuffer(256);
    List<Header> fields = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(": ", 1);
      fields.add(new BasicHeader(line.substring(0, colon), line.substring(colon + 2)));
    }
    encoder.encodeHeaders(buffer, fields, true);
    return buffer.toByteArray();
  }

  void headers(int id, boolean isLast, String... lines) throws IOException {
    send(HEADERS, END_HEADERS | (isLast ? END_STREAM : 0), id, block(lines));
  }

  void data(int id, boolean isLast, String text) throws IOException {
    send(DATA, isLast ? END_STREAM : 0, id, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void sendBytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  // ---- in ----

  Frame frame() throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int id = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(type, flags, id, payload);
  }

  /** Reads one frame and puts what it says where somebody looks for it. */
  private void step() throws IOException {
    Frame frame = frame();
    switch (frame.type) {
      case HEADERS -> fields(frame);
      case DATA -> {
        of(frame.id).add(frame);
        if (isObliging && frame.payload.length > 0) {
          number(WINDOW_UPDATE, 0, frame.payload.length);
          if (!frame.has(END_STREAM)) {
            number(WINDOW_UPDATE, frame.id, frame.payload.length);
          }
        }
      }
      case RST_STREAM -> {
        of(frame.id).add(frame);
        others.add(frame);
      }
      default -> {
        others.add(frame);
        if (isObliging && !frame.has(ACK)) {
          if (frame.type == SETTINGS) {
            send(SETTINGS, ACK, 0, new byte[0]);
          } else if (frame.type == PING) {
            send(PING, ACK, 0, frame.payload);
          }
        }
      }
    }
  }

  private Deque<Object> of(int id) {
    return pending.computeIfAbsent(id, ignored -> new ArrayDeque<>());
  }

  private void fields(Frame first) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    int skipped = (first.flags & 0x20) != 0 ? 5 : 0;
    block.write(first.payload, skipped, first.payload.length - skipped);
    for (Frame next = first; !next.has(END_HEADERS); ) {
      next = frame();
      if (next.type != CONTINUATION) {
        throw new IOException("no continuation");
      }
      block.writeBytes(next.payload);
    }
    List<String> lines = new ArrayList<>();
    try {
      for (Header field : decoder.decodeHeaders(ByteBuffer.wrap(block.toByteArray()))) {
        lines.add(field.getName() + ": " + field.getValue());
      }
    } catch (HttpException e) {
      throw new IOException(e);
    }
    Fields fields = new Fields(first.id, lines, first.has(END_STREAM));
    boolean isHead = !pending.containsKey(first.id);
    of(first.id).add(fields);
    if (isHead) {
      heads.add(fields);
    }
  }

  /** Waits for the head of the next stream. */
  Fields head() throws IOException {
    while (heads.isEmpty()) {
      step();
    }
    Fields head = heads.remove();
    of(head.id).remove(head);
    return head;
  }

  /** Waits for the next part of a stream: a {@link Fields} or a {@link Frame}. */
  Object part(int id) throws IOException {
    Deque<Object> parts = of(id);
    while (parts.isEmpty()) {
      step();
    }
    Object part = parts.remove();
    if (part instanceof Fields fields) {
      heads.remove(fields);
    }
    return part;
  }

  /** Waits for a text of a body that is at least so long. */
  String data(int id, int length) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      if (part(id) instanceof Frame frame && frame.type == DATA) {
        text.append(new String(frame.payload, StandardCharsets.ISO_8859_1));
        if (frame.has(END_STREAM)) {
          break;
        }
      } else {
        throw new IOException("no data");
      }
    }
    return text.toString();
  }

  /** Waits until a message has ended, and returns what comes after its head. */
  Message rest(Fields head) throws IOException {
    StringBuilder body = new StringBuilder();
    Fields none = new Fields(head.id, List.of(), true);
    if (head.isLast) {
      return new Message(head, "", none, -1);
    }
    while (true) {
      Object part = part(head.id);
      if (part instanceof Fields fields) {
        return new Message(head, body.toString(), fields, -1);
      }
      Frame frame = (Frame) part;
      if (frame.type == RST_STREAM) {
        return new Message(head, body.toString(), none, frame.number(0));
      }
      body.append(new String(frame.payload, StandardCharsets.ISO_8859_1));
      if (frame.has(END_STREAM)) {
        return new Message(head, body.toString(), none, -1);
      }
    }
  }

  /** Waits for the answer on a stream, passing over interim ones. */
  Message answer(int id) throws IOException {
    while (true) {
      Object part = part(id);
      if (part instanceof Frame frame) {
        return new Message(
            new Fields(id, List.of(), true), "", new Fields(id, List.of(), true), frame.number(0));
      }
      Fields fields = (Fields) part;
      if (!fields.value(":status").startsWith("1")) {
        return rest(fields);
      }
    }
  }

  /** Waits for a frame that is not of a message. */
  Frame other(int type) throws IOException {
    while (true) {
      for (Frame frame : others) {
        if (frame.type == type && !(type == SETTINGS && frame.has(ACK))) {
          others.remove(frame);
          return frame;
        }
      }
      step();
    }
  }

  /** Reads on until the other side closes the connection. */
  void awaitEnd() {
    try {
      while (true) {
        step();
      }
    } catch (IOException e) {
      // That is it.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
