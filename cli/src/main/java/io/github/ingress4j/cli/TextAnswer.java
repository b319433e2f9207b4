package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.policy.HeaderEdits;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints the answer to one request for a person.
 *
 * <pre>
 * GET http://abc.sample.com/pay
 * goes to default/nginx-svc:9080
 *
 *   endpoint   not known: the manifests hold no EndpointSlice
 *   target     /pay
 *   host       abc.sample.com
 *   client     127.0.0.1
 *   rule       Prefix /pay of abc.sample.com
 *   ingress    default/hello-ingress
 *   source     hello-ingress.yaml:22:9
 *   request headers
 *     X-Forwarded-For: 127.0.0.1
 * </pre>
 */
final class TextAnswer implements AnswerPrinter {

  private final Writer out;
  private final Palette palette;

  TextAnswer(Writer out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  @Override
  public void answer(Question question, Decision decision, HeaderEdits responseHeaders)
      throws IOException {
    out.write(palette.dim(Words.request(question.request())) + "\n");
    if (decision instanceof Forward forward) {
      out.write(palette.good("goes to " + Words.printable(forward.backend().toString())) + "\n\n");
      line(
          "endpoint",
          forward.endpoint() != null
              ? forward.endpoint().toString()
              : forward.route().upstream() == null
                  ? "none: a resource is served by the application"
                  : "not known: the manifests hold no EndpointSlice");
      line("target", forward.target());
      line("host", forward.host() == null ? "none" : forward.host());
      line("client", forward.clientIp());
    } else if (decision instanceof Redirect redirect) {
      out.write(palette.bold("is sent elsewhere with status " + redirect.status()) + "\n\n");
      line("location", redirect.location());
    } else if (decision instanceof Answer answer) {
      out.write(
          palette.bad("is answered here: " + answer.status() + " " + answer.reason().text())
              + "\n"
              + answer.explanation()
              + "\n"
              + (answer.route() == null ? "" : "\n"));
    }
    route(decision.route());
    if (decision instanceof Forward forward) {
      edits("request headers", forward.requestHeaders());
    }
    edits("response headers", responseHeaders);
  }

  private void route(@Nullable Route route) throws IOException {
    if (route == null) {
      return;
    }
    line(
        "rule",
        route.rule() == null ? "none: a default back end takes it" : Words.rule(route.rule()));
    line("ingress", route.ingress() == null ? "none: it is a setting" : route.ingress());
    if (route.source() != null) {
      line("source", route.source().toString());
    }
    if (route.closed() != null) {
      line("closed", route.closed());
    }
    if (route.upstream() != null && route.upstream().unavailable() != null) {
      line("because", route.upstream().unavailable());
    }
  }

  private void line(String name, String value) throws IOException {
    out.write("  " + name + " ".repeat(Math.max(1, 11 - name.length())) + Words.printable(value));
    out.write('\n');
  }

  private void edits(String title, HeaderEdits edits) throws IOException {
    if (edits.asMap().isEmpty()) {
      return;
    }
    out.write("  " + title + "\n");
    for (Map.Entry<String, List<String>> edit : edits.asMap().entrySet()) {
      String name = Words.printable(edit.getKey());
      if (edit.getValue().isEmpty()) {
        out.write("    " + name + palette.dim(" is removed") + "\n");
      }
      for (String value : edit.getValue()) {
        out.write("    " + name + ": " + Words.printable(value) + "\n");
      }
    }
  }

  @Override
  public void badLine(String message) throws IOException {
    out.write(palette.bad("cannot be understood") + ": " + Words.printable(message) + "\n");
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
