package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.SimpleRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests that are written as JSON objects.
 *
 * <table>
 *   <caption>The members</caption>
 *   <tr><th>Member</th><th>Value</th><th>Absent</th></tr>
 *   <tr><td>{@code id}</td><td>string, number, boolean or null</td><td>null</td></tr>
 *   <tr><td>{@code url}</td><td>string; excludes {@code target}, {@code scheme} and a {@code host}
 *       other than null</td><td>{@code target} is required</td></tr>
 *   <tr><td>{@code target}</td><td>string of bytes</td><td>{@code url} is required</td></tr>
 *   <tr><td>{@code scheme}</td><td>{@code http} or {@code https}</td><td>{@code http}</td></tr>
 *   <tr><td>{@code host}</td><td>string of bytes, list of them, or null</td><td>no Host</td></tr>
 *   <tr><td>{@code method}</td><td>string of bytes</td><td>{@code GET}</td></tr>
 *   <tr><td>{@code headers}</td><td>object of strings of bytes or lists of them; null for {@code
 *       Host} only</td><td>none</td></tr>
 *   <tr><td>{@code clientIp}</td><td>IP address</td><td>{@code 127.0.0.1}</td></tr>
 *   <tr><td>{@code sni}</td><td>string or null</td><td>null</td></tr>
 *   <tr><td>{@code http}</td><td>{@code 1.0}, {@code 1.1} or {@code 2}</td><td>{@code 1.1}</td></tr>
 *   <tr><td>{@code bodyLength}</td><td>whole number, -1 for unknown</td><td>0</td></tr>
 *   <tr><td>{@code backendStatus}</td><td>200 to 599</td><td>200</td></tr>
 *   <tr><td>{@code authStatus}</td><td>100 to 599</td><td>200, which is told as assumed</td></tr>
 *   <tr><td>{@code authHeaders}</td><td>as {@code headers}; needs {@code authStatus}</td><td>
 *       none</td></tr>
 *   <tr><td>{@code at}</td><td>milliseconds since 1970, up to the year 9999</td><td>no time has
 *       passed</td></tr>
 * </table>
 *
 * <p>A string of bytes holds no character above U+00FF. Anything else, unknown and duplicate
 * members among it, makes a line bad.
 *
 * <p>Not thread-safe.
 */
final class QuestionParser {

  /** The end of the year 9999, the last that the date of a cookie can hold. */
  private static final long LAST_MILLISECOND = 253_402_300_799_999L;

  private final JsonFactory factory =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads a request.
   *
   * @param line holds the text of the object in UTF-8
   * @param length the bytes of the text
   * @return the request
   * @throws BadLineException if the text is not such an object
   */
  Question parse(byte[] line, int length) throws BadLineException {
    try (JsonParser json = factory.createParser(line, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new BadLineException("a request is a JSON object");
      }
      Question question = new Members(json).read();
      if (json.nextToken() != null) {
        throw new BadLineException("something follows the request on its line");
      }
      return question;
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      throw new BadLineException(
          "not valid JSON"
              + (column > 0 ? " at column " + column : "")
              + ": "
              + PrintableText.escape(firstLine(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The members of one object. */
  private static final class Members {

    private final JsonParser json;
    private final SimpleRequest.Builder request = SimpleRequest.builder();
    private Question.Id id = Question.Id.NONE;
    private @Nullable String url;
    private @Nullable String target;
    private @Nullable String scheme;
    private @Nullable List<String> hosts;
    private @Nullable List<String> headerHosts;
    private int backendStatus = Question.DEFAULT_BACKEND_STATUS;
    private int authStatus;
    private @Nullable Map<String, List<String>> authHeaders;
    private @Nullable Instant at;

    Members(JsonParser json) {
      this.json = json;
    }

    Question read() throws IOException, BadLineException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        member(name);
      }
      complete();
      return new Question(id, request.build(), backendStatus, auth(), at);
    }

    private Question.@Nullable Auth auth() throws BadLineException {
      if (authStatus > 0) {
        return new Question.Auth(authStatus, authHeaders == null ? Map.of() : authHeaders);
      }
      if (authHeaders != null) {
        throw new BadLineException("\"authHeaders\" belong to \"authStatus\", which is missing");
      }
      return null;
    }

    private void member(String name) throws IOException, BadLineException {
      switch (name) {
        case "id" -> id = id();
        case "method" -> request.method(bytes(name));
        case "url" -> url = requirePairs(name, string(name));
        case "target" -> target = bytes(name);
        case "scheme" -> scheme = oneOf(name, "http", "https");
        case "host" -> hosts = isNull() ? List.of() : lines(name);
        case "headers" -> headers(name);
        case "clientIp" -> request.clientAddress(address(name));
        case "sni" -> request.tlsServerName(isNull() ? null : string(name));
        case "http" -> request.httpVersion(oneOf(name, "1.0", "1.1", "2"));
        case "bodyLength" -> request.bodyLength(number(name, -1, Long.MAX_VALUE));
        case "backendStatus" -> backendStatus = (int) number(name, 200, 599);
        case "authStatus" -> authStatus = (int) number(name, 100, 599);
        case "authHeaders" -> authHeaders(name);
        case "at" -> at = Instant.ofEpochMilli(number(name, 0, LAST_MILLISECOND));
        default ->
            throw new BadLineException("a request has no member " + PrintableText.quote(name));
      }
    }

    private void complete() throws BadLineException {
      if (url != null) {
        if (target != null || scheme != null || (hosts != null && !hosts.isEmpty())) {
          throw new BadLineException(
              "\"url\" says it all; \"scheme\", \"host\" and \"target\" are the other way to name"
                  + " what is asked for");
        }
        try {
          request.url(url);
        } catch (IllegalArgumentException e) {
          throw new BadLineException(String.valueOf(e.getMessage()));
        }
        if (hosts != null) {
          request.hosts(hosts);
        }
      } else if (target != null) {
        request.target(target);
        if (scheme != null) {
          request.scheme(scheme);
        }
        request.hosts(hosts == null ? List.of() : hosts);
      } else {
        throw new BadLineException("a request needs \"url\" or \"target\"");
      }
      if (headerHosts != null) {
        request.hosts(headerHosts);
      }
    }

    private void headers(String name) throws IOException, BadLineException {
      object(
          name,
          (header, values) -> {
            if (header.equalsIgnoreCase("Host")) {
              List<String> all = new ArrayList<>(headerHosts == null ? List.of() : headerHosts);
              all.addAll(values);
              headerHosts = all;
              return;
            }
            for (String value : values) {
              request.header(header, value);
            }
          });
    }

    private void authHeaders(String name) throws IOException, BadLineException {
      Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      object(
          name,
          (header, values) ->
              all.computeIfAbsent(header, ignored -> new ArrayList<>()).addAll(values));
      authHeaders = all;
    }

    private interface HeaderConsumer {
      void accept(String name, List<String> values);
    }

    private void object(String name, HeaderConsumer consumer) throws IOException, BadLineException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw wrongType(name, "an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String header = json.currentName();
        json.nextToken();
        if (!HeaderName.isToken(header)) {
          throw new BadLineException(PrintableText.quote(header) + " is not the name of a header");
        }
        if (isNull() && header.equalsIgnoreCase("Host")) {
          consumer.accept(header, List.of());
          continue;
        }
        List<String> values = lines(header);
        for (String value : values) {
          requireOneLine(header, value);
        }
        consumer.accept(header, values);
      }
    }

    private Question.Id id() throws IOException, BadLineException {
      JsonToken token = json.currentToken();
      if (!token.isScalarValue()) {
        throw wrongType("id", "a string, a number, a boolean or null");
      }
      return new Question.Id(token, json.getText());
    }

    private boolean isNull() {
      return json.currentToken() == JsonToken.VALUE_NULL;
    }

    private String string(String name) throws IOException, BadLineException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw wrongType(name, "a string");
      }
      return json.getText();
    }

    private String bytes(String name) throws IOException, BadLineException {
      return requireBytes(name, string(name));
    }

    private static String requireBytes(String name, String text) throws BadLineException {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) > 0xFF) {
          throw new BadLineException(
              PrintableText.quote(name)
                  + " holds a character above U+00FF; one character stands for one byte");
        }
      }
      return text;
    }

    /** Half a surrogate pair has no bytes in UTF-8. */
    private static String requirePairs(String name, String text) throws BadLineException {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new BadLineException(
            PrintableText.quote(name) + " holds half of a surrogate pair, which is no character");
      }
      return text;
    }

    /** A line end within a value would be another header, which is to be written as one. */
    private static void requireOneLine(String name, String value) throws BadLineException {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '\r' || c == '\n' || c == '\0') {
          throw new BadLineException(
              "the value of the header "
                  + PrintableText.quote(name)
                  + " holds a line end or a NUL, which no header can hold");
        }
      }
    }

    private List<String> lines(String name) throws IOException, BadLineException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        return List.of(bytes(name));
      }
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw wrongType(name, "a string or a list of strings");
      }
      List<String> values = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
          throw wrongType(name, "a string or a list of strings");
        }
        values.add(requireBytes(name, json.getText()));
      }
      return values;
    }

    private String oneOf(String name, String... values) throws IOException, BadLineException {
      String text = string(name);
      for (String value : values) {
        if (value.equals(text)) {
          return value;
        }
      }
      throw new BadLineException(
          PrintableText.quote(name)
              + " is "
              + PrintableText.quote(text)
              + ", and must be one of "
              + String.join(", ", values));
    }

    private String address(String name) throws IOException, BadLineException {
      String text = string(name);
      if (!Cidr.isAddress(text)) {
        throw new BadLineException(
            PrintableText.quote(name)
                + " is "
                + PrintableText.quote(text)
                + ", which is not an IP address");
      }
      return text;
    }

    private long number(String name, long least, long most) throws IOException, BadLineException {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw wrongType(name, "a whole number");
      }
      JsonParser.NumberType type = json.getNumberType();
      long value = type == JsonParser.NumberType.BIG_INTEGER ? -2 : json.getLongValue();
      if (value < least || value > most) {
        throw new BadLineException(
            PrintableText.quote(name)
                + " is "
                + PrintableText.escape(json.getText(), 40)
                + ", and must be "
                + (most == Long.MAX_VALUE ? least + " or more" : least + " to " + most));
      }
      return value;
    }

    private static BadLineException wrongType(String name, String expected) {
      return new BadLineException(PrintableText.quote(name) + " must be " + expected);
    }
  }
}
