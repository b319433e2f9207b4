package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program gives the answers of a real nginx, set by set: {@code ingress4j route --dialect
 * ingress-nginx --path-policy nginx} over the manifests and requests whose answers were recorded.
 */
class NginxDecisionsIT {

  private static final Path JAR =
      Path.of(Objects.requireNonNull(System.getProperty("ingress4j.jar")));
  private static final Path FOLDER = Path.of("../core/src/test/resources/nginx-decisions");
  private static final JsonFactory JSON = new JsonFactory();

  private @TempDir Path directory;

  static Stream<String> sets() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names).hasSizeGreaterThanOrEqualTo(60);
      return names.stream();
    }
  }

  @ParameterizedTest(name = "set {0}")
  @MethodSource("sets")
  void answersAsNginxDid(String set) throws Exception {
    List<Map<String, @Nullable Object>> requests = lines(FOLDER.resolve(set), "requests.jsonl");
    List<Map<String, @Nullable Object>> expected = lines(FOLDER.resolve(set), "expected.jsonl");
    StringBuilder questions = new StringBuilder();
    for (Map<String, @Nullable Object> request : requests) {
      questions.append(question(request)).append('\n');
    }
    Files.writeString(directory.resolve("requests.jsonl"), questions);

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toAbsolutePath().toString(),
                "route",
                "--dialect",
                "ingress-nginx",
                "--path-policy",
                "nginx",
                "--ingress-class",
                "nginx",
                "--output",
                "json",
                "--requests",
                "requests.jsonl",
                FOLDER.resolve(set).resolve("manifests.yaml").toAbsolutePath().toString())
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("answers.jsonl").toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    int code = process.waitFor();
    List<Map<String, @Nullable Object>> answers = lines(directory, "answers.jsonl");

    assertThat(answers).hasSameSizeAs(requests);
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (int i = 0; i < requests.size(); i++) {
      Map<String, @Nullable Object> wanted = expected.get(i);
      assertThat(answers.get(i)).containsEntry("id", wanted.get("id"));
      if ("config-error".equals(wanted.get("class"))) {
        continue;
      }
      compared++;
      boolean isPrefixSent =
          requests.get(i).get("headers") instanceof Map<?, ?> headers
              && headers.containsKey("X-Forwarded-Prefix");
      if (!ours(answers.get(i)).equals(nginx(wanted, isPrefixSent))) {
        differences.add(
            requests.get(i)
                + "\n  wanted "
                + nginx(wanted, isPrefixSent)
                + "\n  got    "
                + ours(answers.get(i)));
      }
    }
    assertThat(differences).isEmpty();
    if (compared == 0) {
      assertThat(code).as("nginx refuses the configuration as a whole").isEqualTo(1);
      assertThat(Files.readString(directory.resolve("err"))).contains("error[");
    }
  }

  /** The request as the program reads it, one character a byte. */
  private static String question(Map<String, @Nullable Object> request) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("id", (Integer) Objects.requireNonNull(request.get("id")));
      json.writeStringField("method", String.valueOf(request.get("method")));
      json.writeStringField("target", bytes(request.get("url")));
      if (request.get("http") != null) {
        json.writeStringField("http", String.valueOf(request.get("http")));
      }
      List<String> hosts = new ArrayList<>();
      if (request.get("host") != null) {
        hosts.add(bytes(request.get("host")));
      }
      Map<String, String> others = new LinkedHashMap<>();
      if (request.get("headers") instanceof Map<?, ?> headers) {
        headers.forEach(
            (name, value) -> {
              if ("Host".equals(name)) {
                hosts.add(bytes(value));
              } else {
                others.put(String.valueOf(name), bytes(value));
              }
            });
      }
      json.writeArrayFieldStart("host");
      for (String host : hosts) {
        json.writeString(host);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> other : others.entrySet()) {
        json.writeStringField(other.getKey(), other.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static String nginx(Map<String, @Nullable Object> answer, boolean isPrefixSent) {
    Object location = answer.get("redirect");
    if (location != null) {
      return answer.get("status") + " to " + bytes(location);
    }
    String kind = String.valueOf(answer.get("class"));
    if (kind.equals("upstream") || kind.equals("default-route")) {
      return "forward to "
          + answer.get("service")
          + ":"
          + answer.get("port")
          + " "
          + bytes(answer.get("upstream_uri"))
          + " for "
          + bytes(answer.get("upstream_host"))
          + " prefix "
          // What the client itself sends under this name never passes.
          + (isPrefixSent ? "null" : bytes(answer.get("x_forwarded_prefix")));
    }
    return String.valueOf(answer.get("status"));
  }

  private static String ours(Map<String, @Nullable Object> answer) {
    if ("forward".equals(answer.get("outcome"))) {
      Map<?, ?> backend = (Map<?, ?>) Objects.requireNonNull(answer.get("backend"));
      Map<?, ?> headers = (Map<?, ?>) Objects.requireNonNull(answer.get("requestHeaders"));
      return "forward to "
          + backend.get("service")
          + ":"
          + backend.get("port")
          + " "
          + answer.get("target")
          + " for "
          + answer.get("host")
          + " prefix "
          + headers.get("X-Forwarded-Prefix");
    }
    return answer.get("status")
        + (answer.get("location") == null ? "" : " to " + answer.get("location"));
  }

  private static String bytes(@Nullable Object text) {
    return text == null
        ? "null"
        : new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static List<Map<String, @Nullable Object>> lines(Path folder, String file)
      throws IOException {
    List<Map<String, @Nullable Object>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(file))) {
      try (JsonParser json = JSON.createParser(line)) {
        json.nextToken();
        lines.add(object(json));
      }
    }
    return lines;
  }

  private static Map<String, @Nullable Object> object(JsonParser json) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      object.put(name, value(json, json.nextToken()));
    }
    return object;
  }

  private static @Nullable Object value(JsonParser json, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken next = json.nextToken();
            next != JsonToken.END_ARRAY;
            next = json.nextToken()) {
          list.add(value(json, next));
        }
        yield list;
      }
      case VALUE_NUMBER_INT -> json.getIntValue();
      case VALUE_NULL -> null;
      default -> json.getText();
    };
  }
}
