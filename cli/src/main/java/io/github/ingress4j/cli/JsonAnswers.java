package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.policy.HeaderEdits;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints answers for programs: one JSON object a line, its members always there and in one order,
 * null where they do not apply. What was assumed follows, if anything was.
 */
final class JsonAnswers implements AnswerPrinter {

  private final OutputStream out;
  private final JsonGenerator json;

  JsonAnswers(OutputStream out) throws IOException {
    this.out = out;
    this.json = JsonOutput.to(out);
  }

  @Override
  public void answer(Question question, Outcome outcome) throws IOException {
    Decision decision = outcome.decision();
    HeaderEdits responseHeaders = outcome.responseHeaders();
    json.writeStartObject();
    id(question.id());
    if (decision instanceof Forward forward) {
      forward(forward, responseHeaders);
    } else if (decision instanceof Redirect redirect) {
      json.writeStringField("outcome", "redirect");
      json.writeNumberField("status", redirect.status());
      json.writeStringField("location", redirect.location());
      rule(redirect.route());
      edits("responseHeaders", responseHeaders);
    } else if (decision instanceof Answer answer) {
      json.writeStringField("outcome", "answer");
      json.writeNumberField("status", answer.status());
      json.writeStringField("reason", answer.reason().text());
      rule(answer.route());
      edits("responseHeaders", responseHeaders);
    }
    source(decision.route());
    if (!outcome.assumed().isEmpty()) {
      json.writeArrayFieldStart("assumed");
      for (Outcome.Assumption assumption : outcome.assumed()) {
        json.writeString(assumption.text());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void badLine(String message) throws IOException {
    json.writeStartObject();
    json.writeNullField("id");
    json.writeStringField("outcome", "error");
    json.writeStringField("message", message);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void flush() throws IOException {
    json.flush();
    out.flush();
  }

  private void id(Question.Id id) throws IOException {
    json.writeFieldName("id");
    switch (id.token()) {
      case VALUE_STRING -> json.writeString(id.text());
      case VALUE_TRUE -> json.writeBoolean(true);
      case VALUE_FALSE -> json.writeBoolean(false);
      case VALUE_NULL -> json.writeNull();
      default -> json.writeNumber(id.text());
    }
  }

  private void forward(Forward forward, HeaderEdits responseHeaders) throws IOException {
    json.writeStringField("outcome", "forward");
    rule(forward.route());
    backend(forward.backend());
    string("endpoint", forward.endpoint() == null ? null : forward.endpoint().toString());
    json.writeStringField("target", forward.target());
    string("host", forward.host());
    json.writeStringField("clientIp", forward.clientIp());
    edits("requestHeaders", forward.requestHeaders());
    edits("responseHeaders", responseHeaders);
  }

  private void rule(@Nullable Route route) throws IOException {
    string("ingress", route == null ? null : route.ingress());
    json.writeFieldName("rule");
    Route.Rule rule = route == null ? null : route.rule();
    if (rule == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("host", rule.host());
    json.writeStringField("path", rule.path());
    json.writeStringField("pathType", rule.pathType());
    json.writeEndObject();
  }

  private void backend(Backend backend) throws IOException {
    json.writeObjectFieldStart("backend");
    if (backend instanceof Backend.ServicePort service) {
      json.writeStringField("namespace", service.namespace());
      json.writeStringField("service", service.service());
      json.writeFieldName("port");
      if (service.isPortNumber()) {
        json.writeNumber(Integer.parseInt(service.port()));
      } else {
        json.writeString(service.port());
      }
    } else if (backend instanceof Backend.Resource resource) {
      json.writeObjectFieldStart("resource");
      string("apiGroup", resource.apiGroup());
      json.writeStringField("kind", resource.kind());
      json.writeStringField("name", resource.name());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void edits(String name, HeaderEdits edits) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, List<String>> edit : edits.asMap().entrySet()) {
      json.writeFieldName(edit.getKey());
      List<String> values = edit.getValue();
      if (values.isEmpty()) {
        json.writeNull();
      } else if (values.size() == 1) {
        json.writeString(values.get(0));
      } else {
        json.writeStartArray();
        for (String value : values) {
          json.writeString(value);
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private void source(@Nullable Route route) throws IOException {
    json.writeFieldName("source");
    SourceSpan source = route == null ? null : route.source();
    if (source == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("file", source.file());
    json.writeNumberField("line", source.line());
    json.writeNumberField("column", source.column());
    json.writeEndObject();
  }

  private void string(String name, @Nullable String value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }
}
