package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.manifest.Node.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an unquoted scalar is: ingress-v1 1.2 and the kubectl column of parts 1.2. */
class ScalarsTest {

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # written,   kind,    integer
          80          | INTEGER | 80
          80.0        | INTEGER | 80
          080         | INTEGER | 80
          8_0         | INTEGER | 80
          +80         | INTEGER | 80
          -80         | INTEGER | -80
          80e0        | INTEGER | 80
          8.0E+1      | INTEGER | 80
          800e-1      | INTEGER | 80
          80.         | INTEGER | 80
          0x50        | INTEGER | 80
          0X50        | INTEGER | 80
          0120        | INTEGER | 80
          0o120       | INTEGER | 80
          0b1010000   | INTEGER | 80
          -0b1010000  | INTEGER | -80
          -0x50       | INTEGER | -80
          1e2         | INTEGER | 100
          010         | INTEGER | 8
          0o17        | INTEGER | 15
          1_000       | INTEGER | 1000
          0_8         | INTEGER | 8
          0x_5_0      | INTEGER | 80
          +5          | INTEGER | 5
          0           | INTEGER | 0
          00          | INTEGER | 0
          9223372036854775807  | INTEGER | 9223372036854775807
          -9223372036854775808 | INTEGER | -9223372036854775808
          0xFFFFFFFFFFFFFFFF   | INTEGER | -
          99999999999999999999 | INTEGER | -
          1e21        | DECIMAL | -
          80.5        | DECIMAL | -
          .5          | DECIMAL | -
          -.5         | DECIMAL | -
          .5_0        | DECIMAL | -
          089.5       | DECIMAL | -
          1.5e3       | INTEGER | 1500
          .inf        | DECIMAL | -
          -.Inf       | DECIMAL | -
          .NaN        | DECIMAL | -
          1e999       | STRING  | -
          0x          | STRING  | -
          0b          | STRING  | -
          0xg         | STRING  | -
          0b2         | STRING  | -
          0o8         | STRING  | -
          0x10000000000000000 | STRING | -
          1.2.3       | STRING  | -
          10m         | STRING  | -
          1:30        | STRING  | -
          12:30:45    | STRING  | -
          2024-01-01  | STRING  | -
          _1          | STRING  | -
          +           | STRING  | -
          -           | STRING  | -
          .           | STRING  | -
          ._5         | STRING  | -
          1e          | STRING  | -
          NaN         | STRING  | -
          .NAn        | STRING  | -
          yes         | BOOLEAN | -
          Yes         | BOOLEAN | -
          YES         | BOOLEAN | -
          yEs         | STRING  | -
          y           | BOOLEAN | -
          N           | BOOLEAN | -
          on          | BOOLEAN | -
          Off         | BOOLEAN | -
          true        | BOOLEAN | -
          TRUE        | BOOLEAN | -
          tRUE        | STRING  | -
          null        | NULL    | -
          Null        | NULL    | -
          nULL        | STRING  | -
          ~           | NULL    | -
          text        | STRING  | -
          """)
  void decidesAsKubectlDoes(String written, Kind kind, Long value) {
    String text = Objects.requireNonNullElse(written, "-");
    assertThat(Scalars.kindOf(text)).isEqualTo(kind);
    if (kind == Kind.INTEGER) {
      assertThat(Scalars.longOf(text)).isEqualTo(value);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "y,true",
    "Y,true",
    "yes,true",
    "true,true",
    "on,true",
    "ON,true",
    "n,false",
    "NO,false",
    "false,false",
    "off,false",
    "Off,false"
  })
  void knowsWhichBooleanIsMeant(String written, boolean value) {
    assertThat(Scalars.booleanOf(written)).isEqualTo(value);
  }

  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Set<String> BOOLEANS =
      new HashSet<>(
          Arrays.asList(
              "y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF"
                  .split(" ", -1)));
  private static final BigInteger TWO_63 = BigInteger.ONE.shiftLeft(63);

  /** The resolver written down as its table says, without regard to time. */
  private static Kind naive(String text) {
    if (List.of("", "~", "null", "Null", "NULL").contains(text)) {
      return Kind.NULL;
    }
    if (BOOLEANS.contains(text)) {
      return Kind.BOOLEAN;
    }
    if (text.matches("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)")) {
      return Kind.DECIMAL;
    }
    if (text.startsWith(".")) {
      boolean isPlain = text.matches("\\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?");
      return isPlain ? number(text.replace("_", "")) : Kind.STRING;
    }
    if (!text.matches("(?s)[-+0-9].*")) {
      return Kind.STRING;
    }
    String plain = text.replace("_", "");
    boolean hasSign = plain.startsWith("-") || plain.startsWith("+");
    String digits = hasSign ? plain.substring(1) : plain;
    int radix = 10;
    if (digits.matches("0[xX][0-9a-fA-F]+")) {
      radix = 16;
    } else if (digits.matches("0[oO][0-7]+")) {
      radix = 8;
    } else if (digits.matches("0[bB][01]+")) {
      radix = 2;
    } else if (digits.matches("0[0-7]+")) {
      radix = 8;
    }
    if (radix != 10) {
      String body = digits.replaceFirst("^0[xXoObB]", "");
      BigInteger value = new BigInteger(body, radix);
      value = plain.startsWith("-") ? value.negate() : value;
      boolean isSigned = value.compareTo(TWO_63) < 0 && value.compareTo(TWO_63.negate()) >= 0;
      boolean isUnsigned = !hasSign && value.bitLength() <= 64;
      if (isSigned || isUnsigned) {
        return Kind.INTEGER;
      }
    }
    return DECIMAL.matcher(plain).matches() ? number(plain) : Kind.STRING;
  }

  private static Kind number(String plain) {
    double value = Double.parseDouble(plain);
    if (Double.isInfinite(value)) {
      return Kind.STRING;
    }
    BigDecimal exact = new BigDecimal(value);
    boolean isWhole = exact.stripTrailingZeros().scale() <= 0;
    return isWhole && exact.abs().compareTo(new BigDecimal("1e21")) < 0
        ? Kind.INTEGER
        : Kind.DECIMAL;
  }

  @Provide
  Arbitrary<String> numberLike() {
    return Arbitraries.strings().withChars("01789_+-.eExXoObBaf").ofMaxLength(9);
  }

  @Property(tries = 20_000)
  void agreesWithTheTable(@ForAll("numberLike") String text) {
    assertThat(Scalars.kindOf(text)).as(text).isEqualTo(naive(text));
  }

  @Property
  void agreesWithTheTableOnAnyText(@ForAll String text) {
    assertThat(Scalars.kindOf(text)).as(text).isEqualTo(naive(text));
  }
}
