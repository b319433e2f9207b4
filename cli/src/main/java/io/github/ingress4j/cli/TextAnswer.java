package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.Mirror;
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
  public void answer(Question question, Outcome outcome) throws IOException {
    Decision decision = outcome.decision();
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
      String protocol = Words.protocol(forward.transport().protocol());
      if (protocol != null) {
        line("protocol", protocol);
      }
      if (forward.attempt() > 1) {
        line("attempt", forward.attempt() + ": those before failed");
      }
      String instead = Words.insteadOf(forward);
      if (instead != null) {
        line("instead", instead);
      }
      if (forward.bodyLimit().bytes() > 0) {
        line("body", "up to " + Words.count(forward.bodyLimit().bytes(), "byte"));
      }
      Mirror.Copy copy = forward.mirror();
      if (copy != null) {
        line("mirror", "a copy goes to " + copy.url());
      }
      line("target", forward.target());
      line("host", forward.host() == null ? "none" : forward.host());
      line("client", forward.clientIp());
    } else if (decision instanceof Redirect redirect) {
      String location = redirect.location();
      String text =
          location == null ? "is answered here: status " : "is sent elsewhere with status ";
      out.write(palette.bold(text + redirect.status()) + "\n\n");
      line("location", location == null ? "none: this status goes without" : location);
    } else if (decision instanceof Answer answer) {
      String text = "is answered here: " + answer.status() + " " + answer.reason().text();
      out.write((answer.status() < 400 ? palette.bold(text) : palette.bad(text)) + "\n");
      out.write(answer.explanation() + "\n" + (isOfNobody(answer.route()) ? "" : "\n"));
    }
    if (!isOfNobody(decision.route())) {
      route(decision.route());
    }
    for (Outcome.Assumption assumption : outcome.assumed()) {
      line("assumed", assumption.sentence());
    }
    if (decision instanceof Forward forward) {
      edits("request headers", forward.requestHeaders());
    }
    edits("response headers", outcome.responseHeaders());
  }

  /** Whether nobody has written anything about the request. */
  private static boolean isOfNobody(@Nullable Route route) {
    return route == null
        || (route.rule() == null && route.ingress() == null && route.backend() == null);
  }

  private void route(@Nullable Route route) throws IOException {
    if (route == null) {
      return;
    }
    line("rule", Words.rule(route));
    line("ingress", route.ingress() == null ? "none" : route.ingress());
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
