package io.github.ingress4j.cli;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of the command line to values. */
final class Converters {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");

  private Converters() {}

  /** One of the constants, as a word in lower case. */
  private static <E extends Enum<E>> E word(String text, List<E> values) {
    StringBuilder words = new StringBuilder();
    for (E value : values) {
      String word = value.name().toLowerCase(Locale.ROOT);
      if (word.equals(text)) {
        return value;
      }
      words.append(words.isEmpty() ? "" : " or ").append(word);
    }
    throw new TypeConversionException(PrintableText.quote(text) + " is not " + words);
  }

  /** For {@code --dialect}. */
  static final class OfDialect implements ITypeConverter<Dialect> {
    @Override
    public Dialect convert(String text) {
      for (Dialect dialect : Dialect.values()) {
        if (dialect.text().equals(text)) {
          return dialect;
        }
      }
      throw new TypeConversionException(
          PrintableText.quote(text)
              + " is not "
              + Stream.of(Dialect.values()).map(Dialect::text).collect(Collectors.joining(" or ")));
    }
  }

  /** For {@code --path-policy}. */
  static final class OfPathPolicy implements ITypeConverter<PathPolicy> {
    @Override
    public PathPolicy convert(String text) {
      return word(text, List.of(PathPolicy.values()));
    }
  }

  /** For {@code --field-validation}. */
  static final class OfFieldValidation implements ITypeConverter<ManifestParser.FieldValidation> {
    @Override
    public ManifestParser.FieldValidation convert(String text) {
      return word(text, List.of(ManifestParser.FieldValidation.values()));
    }
  }

  /** For {@code --endpoints}. */
  static final class OfEndpoints implements ITypeConverter<Translation.EndpointKnowledge> {
    @Override
    public Translation.EndpointKnowledge convert(String text) {
      return word(text, List.of(Translation.EndpointKnowledge.values()));
    }
  }

  /** For {@code --fail-on}. */
  static final class OfFailOn implements ITypeConverter<Severity> {
    @Override
    public Severity convert(String text) {
      return word(text, List.of(Severity.ERROR, Severity.WARNING));
    }
  }

  /** For {@code --output}. */
  static final class OfOutput implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String text) {
      return word(text, List.of(OutputFormat.TEXT, OutputFormat.JSON));
    }
  }

  /** For {@code --output} of findings. */
  static final class OfReport implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String text) {
      return word(text, List.of(OutputFormat.values()));
    }
  }

  /** For {@code --trusted-proxy}. */
  static final class OfCidr implements ITypeConverter<Cidr> {
    @Override
    public Cidr convert(String text) {
      try {
        return Cidr.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** For {@code --default-backend}. */
  static final class OfServicePort implements ITypeConverter<Backend.ServicePort> {
    @Override
    public Backend.ServicePort convert(String text) {
      try {
        return ServiceName.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** For {@code --backend}. */
  static final class OfBackendMapping implements ITypeConverter<BackendMapping> {
    @Override
    public BackendMapping convert(String text) {
      try {
        return BackendMapping.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** For {@code --namespace}. */
  static final class OfNamespace implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!LABEL.matcher(text).matches()) {
        throw new TypeConversionException(
            PrintableText.quote(text)
                + " is not a namespace: up to 63 lower-case letters, digits and '-'");
      }
      return text;
    }
  }

  /** For {@code --ingress-class}. */
  static final class OfClass implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.isEmpty()) {
        throw new TypeConversionException("a class has a name");
      }
      return text;
    }
  }

  /** For {@code --annotations-prefix}. */
  static final class OfPrefix implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.length() > 253 || !SUBDOMAIN.matcher(text).matches()) {
        throw new TypeConversionException(
            PrintableText.quote(text)
                + " is not the prefix of an annotation, such as nginx.ingress.kubernetes.io");
      }
      return text;
    }
  }

  /** For {@code --config-map}. */
  static final class OfObjectName implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      int slash = text.indexOf('/');
      if (slash < 0
          || !LABEL.matcher(text.substring(0, slash)).matches()
          || text.length() - slash > 254
          || !SUBDOMAIN.matcher(text.substring(slash + 1)).matches()) {
        throw new TypeConversionException(
            PrintableText.quote(text)
                + " is not NAMESPACE/NAME, such as ingress-nginx/ingress-nginx-controller");
      }
      return text;
    }
  }

  /** For {@code --seed}. */
  static final class OfSeed implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            PrintableText.quote(text) + " is not a whole number of at most 64 bits");
      }
    }
  }

  /** For ports to listen on. */
  static final class OfListeningPort implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.equals("0") || ServiceName.isPort(text)) {
        return Integer.valueOf(text);
      }
      throw new TypeConversionException(
          PrintableText.quote(text) + " is not a port from 1 to 65535, or 0 to pick a free one");
    }
  }
}
