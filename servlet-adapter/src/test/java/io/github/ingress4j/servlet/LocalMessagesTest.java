package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.HeaderEdits;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and responses as a back end in the container sees them, in a container. */
final class LocalMessagesTest {

  private interface Program {
    void run(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  /** Runs a program as a servlet; what it throws is the test's. */
  private static RawReply run(String request, Program program) throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    HttpServlet servlet =
        new HttpServlet() {
          private static final long serialVersionUID = 1;

          @Override
          protected void service(HttpServletRequest asked, HttpServletResponse answer)
              throws IOException {
            try {
              program.run(asked, answer);
            } catch (AssertionError | RuntimeException e) {
              failures.add(e);
            }
          }
        };
    try (Container container =
        TomcatContainer.start(context -> context.addServlet("test", servlet).addMapping("/*"))) {
      RawReply reply = RawReply.exchange(container.port(), request);
      assertThat(failures).isEmpty();
      return reply;
    }
  }

  private static final String REQUEST =
      String.join(
          "\r\n",
          "POST / HTTP/1.1",
          "Host: a.test",
          "X-Int: 1",
          "X-Date: Thu, 01 Jan 1970 00:00:01 GMT",
          "X-Gone: 1",
          "X-More: a",
          "Content-Type: text/plain; charset=utf-8",
          "Content-Length: 3",
          "",
          "\u00c3\u00a4b");

  @Test
  void showsTheFieldsThatTheRouterWants() throws Exception {
    HeaderEdits edits =
        HeaderEdits.builder()
            .set("x-int", "7")
            .set("X-Later", "Thu, 01 Jan 1970 00:00:02 GMT")
            .set("X-Odd", "never")
            .clear("x-gone")
            .append("X-More", "b")
            .append("X-New", "c")
            .build();
    run(
        REQUEST,
        (request, response) -> {
          LocalRequest local = new LocalRequest(request, edits, null);
          assertThat(local.getIntHeader("X-INT")).isEqualTo(7);
          assertThat(local.getIntHeader("X-None")).isEqualTo(-1);
          assertThat(local.getHeader("X-Gone")).isNull();
          assertThat(local.getDateHeader("X-Gone")).isEqualTo(-1);
          assertThat(local.getDateHeader("X-Date")).isEqualTo(1_000);
          assertThat(local.getDateHeader("X-Later")).isEqualTo(2_000);
          assertThatThrownBy(() -> local.getDateHeader("X-Odd"))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(local.getHeader("x-more")).isEqualTo("a");
          assertThat(Collections.list(local.getHeaders("X-More"))).containsExactly("a", "b");
          assertThat(local.getHeader("X-New")).isEqualTo("c");
          assertThat(Collections.list(local.getHeaderNames()))
              .map(name -> name.toLowerCase(Locale.ROOT))
              .contains("x-int", "x-more", "x-new", "host")
              .doesNotContain("x-gone")
              .doesNotHaveDuplicates();
        });
  }

  @Test
  void watchesABodyThatIsReadAsText() throws Exception {
    run(
        REQUEST,
        (request, response) -> {
          BodyWatch watch = new BodyWatch(new BodyLimit(100), null);
          LocalRequest local = new LocalRequest(request, HeaderEdits.NONE, watch);
          assertThat(local.getReader().readLine()).isEqualTo("\u00e4b");
          assertThat(local.getReader()).isSameAs(local.getReader());
          assertThatThrownBy(local::getInputStream).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void watchesABodyThatIsReadAsBytes() throws Exception {
    run(
        REQUEST,
        (request, response) -> {
          BodyWatch watch = new BodyWatch(new BodyLimit(2), null);
          LocalRequest local = new LocalRequest(request, HeaderEdits.NONE, watch);
          assertThat(local.getInputStream().isReady())
              .isEqualTo(request.getInputStream().isReady());
          assertThat(local.getInputStream().available()).isNotNegative();
          assertThat(local.getInputStream().read()).isEqualTo(0xC3);
          assertThat(local.getInputStream().isFinished()).isFalse();
          assertThatThrownBy(local::getReader).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> local.getInputStream().readAllBytes())
              .isInstanceOf(BodyWatch.TooLargeException.class)
              .hasMessage("the body has more than 2 bytes");
          assertThat(watch.isTooLarge()).isTrue();
          local.getInputStream().close();
        });
  }

  private static void answer(String way, LocalResponse local) throws IOException {
    switch (way) {
      case "bytes" -> {
        local.getOutputStream().write('x');
        local.getOutputStream().write(new byte[100_000]);
      }
      case "flushed bytes" -> local.getOutputStream().flush();
      case "closed bytes" -> local.getOutputStream().close();
      case "text" -> local.getWriter().print("x".repeat(100_000));
      case "characters" -> {
        for (int i = 0; i < 10_000; i++) {
          local.getWriter().write('x');
        }
      }
      case "array" -> local.getWriter().write(new char[100_000]);
      case "flushed text" -> local.getWriter().flush();
      case "closed text" -> local.getWriter().close();
      case "error" -> local.sendError(418);
      case "message" -> local.sendError(418, "no");
      case "redirect" -> local.sendRedirect("/b");
      default -> local.flushBuffer();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes, 200",
    "flushed bytes, 200",
    "closed bytes, 200",
    "text, 200",
    "characters, 200",
    "array, 200",
    "flushed text, 200",
    "closed text, 200",
    "error, 418",
    "message, 418",
    "redirect, 302",
    "buffer, 200"
  })
  void isJudgedOnceBeforeAnythingLeaves(String way, int status) throws Exception {
    List<Integer> judged = new CopyOnWriteArrayList<>();
    RawReply kept =
        run(
            REQUEST,
            (request, response) -> {
              LocalResponse local =
                  new LocalResponse(
                      response,
                      asked -> {
                        judged.add(asked);
                        response.setHeader("X-Judged", Boolean.toString(response.isCommitted()));
                        return true;
                      });
              answer(way, local);
              assertThat(local.isJudged()).isTrue();
              local.finish();
            });
    assertThat(kept.status()).isEqualTo(status);
    assertThat(kept.header("x-judged")).containsExactly("false");
    RawReply dropped =
        run(
            REQUEST,
            (request, response) -> {
              response.setHeader("X-Before", "1");
              LocalResponse local =
                  new LocalResponse(
                      response,
                      asked -> {
                        judged.add(asked);
                        return false;
                      });
              local.setHeader("X-Inner", "1");
              answer(way, local);
              local.finish();
              local.discard();
              response.setStatus(503);
              response.getOutputStream().print("instead");
            });
    assertThat(judged).containsExactly(status, status);
    assertThat(dropped.status()).isEqualTo(503);
    assertThat(dropped.body()).isEqualTo("instead");
    assertThat(dropped.header("x-before")).containsExactly("1");
    assertThat(dropped.header("x-inner")).isEmpty();
  }

  @Test
  void isNotJudgedAsLongAsItCanBeTakenBack() throws Exception {
    AtomicBoolean isJudged = new AtomicBoolean();
    RawReply reply =
        run(
            REQUEST,
            (request, response) -> {
              LocalResponse local =
                  new LocalResponse(
                      response,
                      status -> {
                        isJudged.set(true);
                        return status == 201;
                      });
              for (int i = 0; i < 100; i++) {
                local.getOutputStream().print("x".repeat(1_000));
                local.resetBuffer();
              }
              local.reset();
              assertThat(isJudged).isFalse();
              local.setStatus(201);
              local.getOutputStream().print("last");
              local.finish();
            });
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.body()).isEqualTo("last");
  }
}
