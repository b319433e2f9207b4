package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Rewriting against a naive one; hardening, section 4.2. */
class RewriteProperties {

  private static final String[] GROUP_PATTERNS = {
    "/a(.*)", "/a/(.*)", "/a(/|$)(.*)", "/([^/]*)/([^/]*)(.*)", "/(.)(.)(.*)", "(.*)/(.*)", "/a"
  };

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(GROUP_PATTERNS);
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of("/", "$1", "$2", "$3", "x", ".", "..", "/$1", "$9", "~", "$10")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/", "/a", "a", "b", ".", "..", "...", ";", ";x", "$1", "$2", "$host", "${uri}", "%2F",
            "%2f", "%2e", "%2E%2e", "%25", "%252e", "%252F", "%3B", "%3F", "%23", "%20", "%C3%A9",
            "%c3", "%5C", "+", "%2B", "%0a", "%0D%0A", "%09", "[", "\"", "<", "{", "&", "!", "é")
        .list()
        .ofMaxSize(8)
        .map(
            parts ->
                new String(
                    ("/a" + String.join("", parts)).getBytes(StandardCharsets.UTF_8),
                    StandardCharsets.ISO_8859_1));
  }

  private static @Nullable CanonicalRequest request(String target, PathPolicy policy) {
    return Requests.canonicalOrNull(
        Requests.view("a.shop", target).build(), policy, ForwardingRules.nginx(), "");
  }

  private static Rewrite.Outcome apply(String pattern, String target, CanonicalRequest request) {
    return Requests.rewrite(pattern, target, request.policy()).apply(request, new RegexBudget());
  }

  /** Section 5.1: one character after the other, as a person would do it. */
  @Property(tries = 3000)
  void rewritesLikeANaiveNginx(
      @ForAll("patterns") String pattern,
      @ForAll("targets") String target,
      @ForAll("paths") String path) {
    CanonicalRequest request = request(path + "?q=1", PathPolicy.NGINX);
    if (request == null) {
      return;
    }
    Matcher matcher =
        Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNIX_LINES)
            .matcher(request.target().path());
    String expected;
    if (matcher.find()) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < target.length(); i++) {
        if (target.charAt(i) == '$') {
          int group = target.charAt(++i) - '0';
          String text = group <= matcher.groupCount() ? matcher.group(group) : null;
          out.append(text == null ? "" : text);
        } else {
          out.append(target.charAt(i));
        }
      }
      StringBuilder escaped = new StringBuilder();
      for (byte octet : out.toString().getBytes(StandardCharsets.ISO_8859_1)) {
        int c = octet & 0xFF;
        escaped.append(
            c <= 0x20 || c >= 0x7F || "\"#%<>?\\^`{|}".indexOf(c) >= 0
                ? String.format("%%%02X", c)
                : String.valueOf((char) c));
      }
      expected = out.length() == 0 ? "500" : escaped + "?q=1";
    } else {
      expected = path + "?q=1";
    }

    assertThat(Requests.outcome(Requests.rewrite(pattern, target, PathPolicy.NGINX), request))
        .isEqualTo(expected);
  }

  /**
   * DESIGN, decision 4: what STRICT forwards decodes to what NGINX would forward, but for merged
   * slashes; a capture is a piece of the canonical path.
   */
  @Property(tries = 3000)
  void rewritesLikeANaiveNginxButVerbatim(
      @ForAll("patterns") String pattern,
      @ForAll("targets") String target,
      @ForAll("paths") String path) {
    CanonicalRequest request = request(path, PathPolicy.STRICT);
    if (request == null || !request.target().decoded().isNormal()) {
      return;
    }
    Rewrite.Outcome outcome = apply(pattern, target, request);
    if (!(outcome instanceof Rewrite.Rewritten rewritten)) {
      return;
    }
    String decoded = request.target().decoded().text();
    PcrePattern.Captures captures =
        Requests.pattern(pattern, true).find(decoded, 0, decoded.length(), new RegexBudget());
    if (captures == null) {
      assertThat(rewritten.target()).isEqualTo(request.target().path());
      return;
    }
    StringBuilder naive = new StringBuilder();
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '$') {
        String text = captures.group(target.charAt(++i) - '0');
        naive.append(text == null ? "" : text);
      } else {
        naive.append(target.charAt(i));
      }
    }
    assertThat(decode(rewritten.target()).replaceAll("/+", "/"))
        .isEqualTo(naive.toString().replaceAll("/+", "/"));
  }

  /** SEC-21: the result is a request's canonical path and has no dot segment in any reading. */
  @Property(tries = 5000)
  void leadsToCanonicalPathsOnly(
      @ForAll("patterns") String pattern,
      @ForAll("targets") String target,
      @ForAll("paths") String path) {
    CanonicalRequest request = request(path, PathPolicy.STRICT);
    if (request == null || !request.target().decoded().isNormal()) {
      return;
    }
    if (apply(pattern, target, request) instanceof Rewrite.Rewritten rewritten
        && !rewritten.target().equals(request.target().path())) {
      CanonicalRequest again = request(rewritten.target(), PathPolicy.STRICT);
      assertThat(again).isNotNull();
      assertThat(again.target().path()).isEqualTo(rewritten.target());
      assertThat(rewritten.target()).startsWith("/").doesNotStartWith("//");
      assertThat(again.target().views()).doesNotContain("");
    }
  }

  /** Section 4.2 of hardening: rewriting never adds a segment that decodes to two dots. */
  @Property(tries = 5000)
  void neverAddsSegmentsThatClimb(
      @ForAll("patterns") String pattern,
      @ForAll("targets") String target,
      @ForAll("paths") String path) {
    CanonicalRequest request = request(path, PathPolicy.STRICT);
    if (request == null) {
      return;
    }
    if (apply(pattern, target, request) instanceof Rewrite.Rewritten rewritten) {
      assertThat(climbing(rewritten.target())).isLessThanOrEqualTo(climbing(path));
    }
  }

  /** SEC-23: whatever a client sends, no control leaves in a target or a header. */
  @Property(tries = 3000)
  void emitsNoControls(
      @ForAll("patterns") String pattern,
      @ForAll("targets") String target,
      @ForAll("paths") String path,
      @ForAll PathPolicy policy) {
    CanonicalRequest request = request(path, policy);
    if (request == null) {
      return;
    }
    for (String prefix : List.of("", "http://x.test/", "https://x${uri}", "$scheme://${host}")) {
      Rewrite rewrite =
          new Rewrite(
              Requests.pattern(pattern, true),
              Requests.template(prefix + target),
              Requests.template(target),
              policy);
      Rewrite.Outcome outcome = rewrite.apply(request, new RegexBudget());
      if (outcome instanceof Rewrite.Rewritten rewritten) {
        assertThat(rewritten.target()).matches("[\\x21-\\x7E\\x80-\\xFF]*");
        assertThat(String.valueOf(rewritten.forwardedPrefix()))
            .matches("[\\t\\x20-\\x7E\\x80-\\xFF]*");
      } else if (outcome instanceof Rewrite.Moved moved) {
        assertThat(moved.location()).matches("[\\x20-\\x7E\\x80-\\xFF]*");
      } else {
        assertThat(outcome).isInstanceOf(Rewrite.Refused.class);
      }
    }
  }

  private static String decode(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }

  private static int climbing(String path) {
    List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
    segments.replaceAll(segment -> segment.replaceAll("(?i)%2e", "."));
    segments.removeIf(segment -> !segment.equals(".."));
    return segments.size();
  }
}
