package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Prints findings as SARIF 2.1.0, for services that show them beside the code.
 *
 * <p>A result has a fingerprint by which it is recognised after its file has changed: it is made of
 * the rule, the object, the member and the message, without any line numbers and places in lists.
 * Equal ones are counted.
 */
final class SarifReport {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final String HOME = "https://github.com/ingress4j/ingress4j";

  /** Where something else stands, such as {@code at k8s/web.yaml:9:5}. */
  private static final Pattern PLACE = Pattern.compile(":[0-9]+:[0-9]+");

  private static final Pattern INDEX = Pattern.compile("\\[[0-9]+\\]");

  /** What a path in a URI may hold as it is; a colon could be taken for the end of a scheme. */
  private static final String PLAIN = "-._~!$&'()*+,;=@/";

  private SarifReport() {}

  /**
   * Prints a report.
   *
   * @param findings the findings, in the order of the results
   * @param out where to
   * @throws IOException if it cannot be written
   */
  static void print(List<Diagnostic> findings, OutputStream out) throws IOException {
    Map<String, Rule> rules = new TreeMap<>();
    findings.forEach(finding -> rules.put(finding.rule().id(), finding.rule()));
    List<String> ids = new ArrayList<>(rules.keySet());
    Map<String, Integer> occurrences = new HashMap<>();
    try (JsonGenerator json = JsonOutput.to(out)) {
      json.writeStartObject();
      json.writeStringField("$schema", SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      tool(json, rules);
      json.writeStringField("columnKind", "unicodeCodePoints");
      json.writeArrayFieldStart("results");
      for (Diagnostic finding : findings) {
        String identity = identity(finding);
        int count = occurrences.merge(identity, 1, Integer::sum);
        result(json, finding, ids.indexOf(finding.rule().id()), fingerprint(identity, count));
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void tool(JsonGenerator json, Map<String, Rule> rules) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "ingress4j");
    json.writeStringField("version", ProductVersion.text());
    json.writeStringField("informationUri", HOME);
    json.writeArrayFieldStart("rules");
    for (Rule rule : rules.values()) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      text(json, "shortDescription", sentence(rule.summary()));
      text(json, "help", sentence(rule.summary()) + " Source: " + rule.reference() + ".");
      json.writeStringField("helpUri", HOME + "/blob/main/docs/rules/" + rule.id() + ".md");
      json.writeObjectFieldStart("defaultConfiguration");
      json.writeStringField("level", level(rule.severity()));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void result(
      JsonGenerator json, Diagnostic finding, int ruleIndex, String fingerprint)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", finding.rule().id());
    json.writeNumberField("ruleIndex", ruleIndex);
    json.writeStringField("level", level(finding.severity()));
    String message = sentence(finding.message());
    text(
        json,
        "message",
        finding.help() == null ? message : message + " Help: " + finding.help() + ".");
    locations(json, finding);
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField("finding/v1", fingerprint);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void locations(JsonGenerator json, Diagnostic finding) throws IOException {
    SourceSpan source = finding.source();
    String object = finding.object();
    json.writeArrayFieldStart("locations");
    if (source != null || object != null) {
      json.writeStartObject();
      if (source != null) {
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(source.file()));
        json.writeEndObject();
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", source.line());
        json.writeNumberField("startColumn", source.column());
        json.writeNumberField("endColumn", source.column() + source.length());
        json.writeEndObject();
        json.writeEndObject();
      }
      if (object != null) {
        json.writeArrayFieldStart("logicalLocations");
        json.writeStartObject();
        json.writeStringField(
            "fullyQualifiedName",
            finding.field() == null ? object : object + ", " + finding.field());
        json.writeStringField("kind", "object");
        json.writeEndObject();
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void text(JsonGenerator json, String name, String text) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /** A text that begins with a capital letter and ends with a full stop, as SARIF asks for. */
  private static String sentence(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'z') {
      end++;
    }
    // A name such as auth-secret is spelt as it is.
    boolean isWord = end > 0 && (end == text.length() || text.charAt(end) == ' ');
    return (isWord ? (char) (text.charAt(0) - 32) + text.substring(1) : text) + ".";
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }

  /** What a finding is about, wherever it stands. */
  private static String identity(Diagnostic finding) {
    SourceSpan source = finding.source();
    String object = finding.object();
    // Without an object only the file tells one finding from another.
    String where = object != null ? object : source != null ? source.file() : "";
    String field = finding.field() == null ? "" : INDEX.matcher(finding.field()).replaceAll("[]");
    return String.join(
        "\n", finding.rule().id(), where, field, PLACE.matcher(finding.message()).replaceAll(""));
  }

  private static String fingerprint(String identity, int occurrence) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16) + ":" + occurrence;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** A file name as a reference relative to where the program runs, or absolute. */
  private static String uri(String file) {
    String path = file.replace('\\', '/');
    StringBuilder uri = new StringBuilder(path.startsWith("/") ? "file://" : "");
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || PLAIN.indexOf(c) >= 0;
      if (isPlain) {
        uri.append(c);
      } else {
        uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return uri.toString();
  }
}
