package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What {@link BlockComposer} makes must be what {@link YamlComposer} makes of the same text. */
class BlockComposerProperties {

  private static final ManifestParser.Limits LIMITS = ManifestParser.Limits.DEFAULT;

  private static final List<String> KEYS =
      List.of("name", "a.b/c-d", "x", "host", "_k", "on", "12", "true", "\"q\"", ".d", "-e", "<<");

  private static final List<String> VALUES =
      List.of(
          "web",
          "80",
          "1.5",
          "true",
          "null",
          "~",
          "'80'",
          "\"a b\"",
          "''",
          "\"\"",
          "{}",
          "[]",
          "/a(/|$)(.*)",
          "a b  c",
          "http://x/y",
          "a:b",
          "a#b",
          "'a: b'",
          "\"a # b\"",
          "-5",
          "-x",
          "$uri",
          "^~",
          "é and ü",
          "'é'",
          "0o17",
          ".5",
          ".inf",
          "y",
          "1_000",
          "a, b]",
          "x: y",
          "a:",
          "'it''s'",
          "\"\\n\"",
          "'\\'",
          "{a: b}",
          "[a]",
          "| ",
          "|\n  text",
          "*alias",
          "&anchor a",
          "!!str 5",
          "- x",
          "-",
          "?",
          "a\tb",
          "\u2028",
          "\uFEFF",
          "'open",
          "@x",
          "%x",
          "`x",
          "...");

  @Example
  void readsAnOrdinaryManifest() {
    String text =
        """
        # A shop.
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web   # the name
          labels: {}
          annotations:
            nginx.ingress.kubernetes.io/use-regex: "true"

        spec:
          tls:
          - hosts:
            - a.shop
            secretName:
          rules:
            - host: 'a.shop'
              http:
                paths:
                - - x
                  - 80
        """;
    assertThat(simple(text, LIMITS)).isNotNull();
    assertAgrees(text);
  }

  @Property(tries = 4000)
  void agreesOnDocuments(@ForAll long seed) {
    String text = new Writer(new Random(seed), 0).document();
    assertThat(simple(text, LIMITS)).as(text).isNotNull();
    assertAgrees(text);
  }

  @Property(tries = 4000)
  void agreesOnDocumentsWithOddValues(@ForAll long seed) {
    assertAgrees(new Writer(new Random(seed), 6).document());
  }

  @Property(tries = 4000)
  void agreesOnDamagedDocuments(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(new Writer(random, 20).document());
    for (int edits = 1 + random.nextInt(3); edits > 0 && text.length() > 0; edits--) {
      int at = random.nextInt(text.length());
      char c = " \n:#-'\"{a.\r\t\\".charAt(random.nextInt(13));
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, c);
        case 1 -> text.setCharAt(at, c);
        default -> text.deleteCharAt(at);
      }
    }
    assertAgrees(text.toString());
  }

  @Property(tries = 2000)
  void keepsToTheLimits(@ForAll long seed) {
    Random random = new Random(seed);
    String text = new Writer(random, 0).document();
    ManifestParser.Limits d = LIMITS;
    ManifestParser.Limits limits =
        new ManifestParser.Limits(
            d.bytes(),
            8 + random.nextInt(3),
            d.aliases(),
            d.aliasedNodes(),
            1 + random.nextInt(60),
            d.numberLength(),
            1 + random.nextInt(300),
            d.documents(),
            d.objects(),
            d.rules(),
            d.paths(),
            d.findings());
    assertAgrees(text, limits);
  }

  @Example
  void leavesEveryOtherFormToTheLibrary() {
    for (String text :
        List.of(
            "- a\n",
            "a",
            " a: b\n",
            "a: |\n  b\n",
            "a: b\n c\n",
            "a: &x b\n",
            "a: *x\n",
            "? a\n",
            "a:\n-\n",
            "a: b: c\n",
            "a: 'b\n  c'\n",
            "\"a\": b\n",
            "on: b\n",
            "a: b\n...\n",
            "%A\n",
            "a: b\r\n",
            "a:\tb\n",
            "a: 'it''s'\n",
            "a: 'b'#c\n",
            "a: .nan\n")) {
      assertThat(simple(text, LIMITS)).as(text).isNull();
    }
  }

  private static @Nullable Node simple(String text, ManifestParser.Limits limits) {
    return BlockComposer.compose(text.toCharArray(), 0, text.length(), limits);
  }

  private static void assertAgrees(String text) {
    assertAgrees(text, LIMITS);
    // A part of a longer text has the offsets of that text.
    String longer = "abc\n" + text + "---\n";
    int end = 4 + text.length();
    Node part = BlockComposer.compose(longer.toCharArray(), 4, end, LIMITS);
    if (part != null) {
      assertThatCode(
              () ->
                  assertThat(part)
                      .isEqualTo(YamlComposer.compose(longer.toCharArray(), 4, end, LIMITS).root()))
          .as(text)
          .doesNotThrowAnyException();
    }
  }

  private static void assertAgrees(String text, ManifestParser.Limits limits) {
    Node simple = simple(text, limits);
    if (simple == null) {
      return;
    }
    try {
      YamlComposer.Composed composed =
          YamlComposer.compose(text.toCharArray(), 0, text.length(), limits);
      assertThat(composed.root()).as(text).isEqualTo(simple);
      assertThat(composed.dropped()).as(text).isEqualTo(-1);
      assertThat(composed.hasAliases()).as(text).isFalse();
      assertThat(composed.ignoredTags()).as(text).isEmpty();
    } catch (UnreadableException e) {
      throw new AssertionError(e.message() + " in\n" + text, e);
    }
  }

  /** Writes documents whose structure is right and whose details are by chance. */
  private static final class Writer {

    private final Random random;

    /** One value in so many is an odd one; 0 for none. */
    private final int oddity;

    private final StringBuilder out = new StringBuilder();

    Writer(Random random, int oddity) {
      this.random = random;
      this.oddity = oddity;
    }

    String document() {
      noise(0);
      mapping(0, 0, false);
      if (random.nextInt(4) == 0) {
        out.setLength(out.length() - 1);
      }
      return out.toString();
    }

    private void mapping(int indent, int depth, boolean isInline) {
      int entries = 1 + random.nextInt(4);
      for (int i = 0; i < entries; i++) {
        if (i > 0 || !isInline) {
          out.append(" ".repeat(indent));
        }
        out.append(pick(KEYS, 5)).append(':');
        value(indent, depth, true);
      }
    }

    private void sequence(int indent, int depth, boolean isInline) {
      int items = 1 + random.nextInt(3);
      for (int i = 0; i < items; i++) {
        if (i > 0 || !isInline) {
          out.append(" ".repeat(indent));
        }
        int gap = random.nextInt(8) == 0 ? 3 : 1;
        out.append('-').append(" ".repeat(gap));
        int inner = indent + 1 + gap;
        int way = depth > 4 ? 0 : random.nextInt(4);
        if (way == 1) {
          sequence(inner, depth + 1, true);
        } else if (way > 1) {
          mapping(inner, depth + 1, true);
        } else {
          out.append(pick(VALUES, 24));
          lineEnd(inner);
        }
      }
    }

    private void value(int indent, int depth, boolean mayNest) {
      int way = mayNest && depth < 6 ? random.nextInt(6) : 5;
      if (way == 0) {
        lineEnd(indent);
        mapping(indent + 1 + random.nextInt(3), depth + 1, false);
      } else if (way == 1) {
        lineEnd(indent);
        sequence(indent + random.nextInt(3), depth + 1, false);
      } else if (way == 2) {
        lineEnd(indent);
      } else {
        out.append(random.nextInt(9) == 0 ? "   " : " ").append(pick(VALUES, 24));
        lineEnd(indent);
      }
    }

    private String pick(List<String> texts, int ordinary) {
      boolean isOdd = oddity > 0 && random.nextInt(oddity) == 0;
      return texts.get(random.nextInt(isOdd ? texts.size() : ordinary));
    }

    private void lineEnd(int indent) {
      out.append(
          switch (random.nextInt(8)) {
            case 0 -> " # é: 'x'";
            case 1 -> "  ";
            default -> "";
          });
      out.append('\n');
      noise(indent);
    }

    private void noise(int indent) {
      switch (random.nextInt(12)) {
        case 0 -> out.append('\n');
        case 1 -> out.append(" ".repeat(random.nextInt(6))).append("# a: b\n");
        case 2 -> out.append(" ".repeat(indent)).append('\n');
        default -> {}
      }
    }
  }
}
