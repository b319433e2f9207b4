package io.github.ingress4j;

import io.github.ingress4j.AnnotationRow.Clock;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Exchange.ReplyHead;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.SimpleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Something that can be seen of a router from outside, as a text. */
@FunctionalInterface
interface Observation {

  /** Looks at a router whose clock stands still unless the observation puts it forward. */
  String look(IngressRouter router, Clock clock);

  // ---- requests

  static SimpleRequest get(String url, String... headers) {
    return NginxInput.request(url, headers);
  }

  static SimpleRequest options(String url, String... headers) {
    return with(SimpleRequest.builder().url(url).method("OPTIONS"), headers);
  }

  static SimpleRequest post(String url, long bodyLength) {
    return SimpleRequest.builder().url(url).method("POST").bodyLength(bodyLength).build();
  }

  static SimpleRequest getFrom(String address, String url, String... headers) {
    return with(SimpleRequest.builder().url(url).clientAddress(address), headers);
  }

  private static SimpleRequest with(SimpleRequest.Builder builder, String... headers) {
    for (String header : headers) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    return builder.build();
  }

  // ---- where a request goes

  /** The Service, the status with the Location or the reason, or the URL that is asked. */
  static Observation place(String url) {
    return place(get(url));
  }

  static Observation place(SimpleRequest request) {
    return step(request, Observation::place);
  }

  private static String place(Step step) {
    if (step instanceof Forward forward) {
      return forward.backend() instanceof Backend.ServicePort port
          ? port.service()
          : forward.backend().toString();
    }
    if (step instanceof Redirect redirect) {
      return redirect.status() + " " + redirect.location();
    }
    if (step instanceof Relay relay) {
      return String.valueOf(relay.status());
    }
    return step instanceof AskAuth ask
        ? "ask " + ask.url()
        : ((Answer) step).status() + " " + ((Answer) step).reason().text();
  }

  /** How many of several requests in a row are sent to a back end, each ended before the next. */
  static Observation passing(int count) {
    return (router, clock) -> {
      int passed = 0;
      for (int i = 0; i < count; i++) {
        passed += place(AnnotationRow.URL).look(router, clock).equals("web") ? 1 : 0;
      }
      return passed + " of " + count;
    };
  }

  /** How many of several requests at once are sent to a back end. */
  static Observation passingAtOnce(int count) {
    return (router, clock) -> {
      List<Exchange> exchanges = new ArrayList<>();
      int passed = 0;
      for (int i = 0; i < count; i++) {
        Exchange exchange = router.exchange(get(AnnotationRow.URL));
        exchanges.add(exchange);
        passed += exchange.first() instanceof Forward ? 1 : 0;
      }
      exchanges.forEach(Exchange::end);
      return passed + " of " + count;
    };
  }

  /** The first step after passwords were checked. */
  private static Step first(Exchange exchange) {
    Step step = exchange.first();
    return step instanceof CheckPassword check ? exchange.passwordChecked(check.verify()) : step;
  }

  private static Observation step(SimpleRequest request, Function<Step, String> seen) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(request);
      String text = seen.apply(first(exchange));
      exchange.end();
      return text;
    };
  }

  private static Observation forward(SimpleRequest request, Function<Forward, String> seen) {
    return step(
        request,
        step -> step instanceof Forward forward ? seen.apply(forward) : "not sent: " + place(step));
  }

  // ---- what is sent to a back end

  static Observation target(String url) {
    return forward(get(url), Forward::target);
  }

  static Observation host(String url) {
    return forward(get(url), forward -> String.valueOf(forward.host()));
  }

  /** The value of a header field that is sent upstream, or empty. */
  static Observation sent(String name, String url) {
    return forward(get(url), forward -> sent(name, forward));
  }

  private static String sent(String name, Forward forward) {
    StringBuilder value = new StringBuilder();
    forward.eachHeader((field, text) -> value.append(field.equalsIgnoreCase(name) ? text : ""));
    return value.toString();
  }

  static Observation endpoint(String url) {
    return forward(get(url), forward -> String.valueOf(forward.endpoint()));
  }

  /** How many endpoints the same request meets if it is sent often. */
  static Observation endpoints(String url) {
    return (router, clock) -> {
      Set<String> all = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        all.add(endpoint(url).look(router, clock));
      }
      return String.valueOf(all.size());
    };
  }

  /** How the endpoints of a.test/x are chosen. */
  static Observation algorithm() {
    return forward(
        get(AnnotationRow.URL),
        forward -> {
          EndpointPicker picker = Objects.requireNonNull(forward.route().upstream()).picker();
          return picker.equals(EndpointPicker.peakEwma(picker.endpoints())) ? "ewma" : "rotation";
        });
  }

  static Observation transport(Function<Forward, Object> setting) {
    return forward(get(AnnotationRow.URL), forward -> String.valueOf(setting.apply(forward)));
  }

  static Observation mirror(SimpleRequest request, Function<Mirror.Copy, Object> seen) {
    return forward(
        request,
        forward -> {
          Mirror.Copy copy = forward.mirror();
          return copy == null ? "no copy" : String.valueOf(seen.apply(copy));
        });
  }

  // ---- sessions

  /** The name of the session cookie, or empty. */
  static Observation cookieName(SimpleRequest request) {
    return forward(
        request,
        forward -> {
          String cookie = NginxInput.cookie(forward);
          return cookie.isEmpty() ? "" : cookie.substring(0, cookie.indexOf('='));
        });
  }

  /** The attributes of the session cookie, or empty. */
  static Observation cookieAttributes(SimpleRequest request) {
    return forward(
        request,
        forward -> {
          String cookie = NginxInput.cookie(forward);
          return cookie.isEmpty() ? "" : cookie.substring(cookie.indexOf(';') + 2);
        });
  }

  // ---- attempts

  /** How many attempts there are if all fail alike after some time, and what the client gets. */
  static Observation attempts(int status, long millis) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(get(AnnotationRow.URL));
      Step step = exchange.first();
      int attempts = 0;
      while (step instanceof Forward forward && attempts < 20) {
        attempts++;
        clock.advance(millis);
        step =
            status == 0
                ? exchange.failed(forward, Exchange.Failure.CONNECT, 0)
                : exchange.replied(forward, new ReplyHead(status));
        exchange.closed(forward, -1, -1, false);
      }
      exchange.end();
      return attempts + " then " + place(step);
    };
  }

  /** Whether another attempt goes to the same endpoint. */
  static Observation secondAttempt(SimpleRequest request) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(request);
      Forward one = (Forward) exchange.first();
      Forward two = (Forward) exchange.failed(one, Exchange.Failure.CONNECT, 0);
      boolean isSame = Objects.equals(one.endpoint(), two.endpoint());
      exchange.end();
      return isSame ? "the same endpoint" : "another endpoint";
    };
  }

  // ---- answers

  /** The value of a header field that the router itself puts on its answer, or empty. */
  static Observation answered(String name, SimpleRequest request) {
    return step(request, step -> line(edits(step), name));
  }

  private static HeaderEdits edits(Step step) {
    if (step instanceof Answer answer) {
      return answer.responseHeaders();
    }
    if (step instanceof Redirect redirect) {
      return redirect.responseHeaders();
    }
    return step instanceof Relay relay
        ? relay.responseHeaders()
        : ((Forward) step).responseHeaders();
  }

  private static String line(HeaderEdits edits, String name) {
    return String.join("|", edits.asMap().getOrDefault(name, List.of()));
  }

  /** Where a request ends to which the back end answers a status. */
  static Observation replied(int status) {
    return relay(new ReplyHead(status), Observation::place);
  }

  /** What becomes of a header field of the back end's answer. */
  static Observation relayed(String name, String value) {
    Map<String, List<String>> fields = value.isEmpty() ? Map.of() : Map.of(name, List.of(value));
    return relay(
        new ReplyHead(200, fields),
        step -> {
          HeaderEdits edits = edits(step);
          return edits.covers(name) ? line(edits, name) : value;
        });
  }

  private static Observation relay(ReplyHead head, Function<Step, String> seen) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(get(AnnotationRow.URL));
      Step step = first(exchange);
      String text =
          step instanceof Forward forward
              ? seen.apply(exchange.replied(forward, head))
              : "not sent: " + place(step);
      exchange.end();
      return text;
    };
  }

  // ---- the service that is asked

  static Observation question(Function<AskAuth, String> seen) {
    return step(
        get(AnnotationRow.URL),
        step -> step instanceof AskAuth ask ? seen.apply(ask) : "not asked: " + place(step));
  }

  /** The value of a header field of the question, or empty. */
  static Observation questionHeader(String name) {
    return question(ask -> line(ask.requestHeaders(), name));
  }

  /** Where a request ends after the service answered. */
  static Observation verdict(ReplyHead reply) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(get(AnnotationRow.URL));
      exchange.first();
      String text = place(exchange.authenticated(reply));
      exchange.end();
      return text;
    };
  }

  /** A header field that is sent upstream after the service answered. */
  static Observation sentAfter(ReplyHead reply, String name) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(get(AnnotationRow.URL));
      exchange.first();
      String text = sent(name, (Forward) exchange.authenticated(reply));
      exchange.end();
      return text;
    };
  }

  /** The cookies that a client gets if the service sets one and the back end answers a status. */
  static Observation cookieAfter(ReplyHead reply, int status) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(get(AnnotationRow.URL));
      exchange.first();
      Forward forward = (Forward) exchange.authenticated(reply);
      String text = line(edits(exchange.replied(forward, new ReplyHead(status))), "Set-Cookie");
      exchange.end();
      return text;
    };
  }

  /** Where the same request goes some time after the service allowed it. */
  static Observation placeLater(SimpleRequest request, long millis) {
    return (router, clock) -> {
      Exchange exchange = router.exchange(request);
      exchange.first();
      exchange.authenticated(new ReplyHead(200));
      exchange.end();
      clock.advance(millis);
      return place(request).look(router, clock);
    };
  }

  // ---- all of it

  /** All that a decision shows. */
  static Observation everything(SimpleRequest request) {
    return step(
        request,
        step -> {
          String text = place(step);
          if (step instanceof AskAuth ask) {
            return text + ask.method() + ask.requestHeaders() + ask.connectTimeout();
          }
          text += " answering " + edits(step);
          if (!(step instanceof Forward forward)) {
            return text;
          }
          List<String> fields = new ArrayList<>();
          forward.eachHeader((name, value) -> fields.add(name + ": " + value));
          return String.join(
              "\n",
              text,
              String.valueOf(forward.endpoint()),
              forward.target(),
              String.valueOf(forward.host()),
              fields.toString(),
              forward.transport().toString(),
              forward.bodyLimit().toString(),
              String.valueOf(forward.mirror()),
              forward.route().policies().retries().toString());
        });
  }
}
