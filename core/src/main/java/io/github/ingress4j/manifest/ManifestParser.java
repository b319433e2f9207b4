package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Reads manifests: YAML streams and JSON, as {@code kubectl} reads them, into records that are
 * checked as the API server checks objects that are created.
 *
 * <table>
 *   <caption>What becomes of a document</caption>
 *   <tr><th>Document</th><th>Result</th></tr>
 *   <tr><td>an Ingress, IngressClass, Service, EndpointSlice, Secret or ConfigMap</td>
 *       <td>an object of the set, or findings of severity error if the API server would refuse
 *       it</td></tr>
 *   <tr><td>{@code List}, {@code IngressList} and the like</td><td>each item is an object</td></tr>
 *   <tr><td>another kind</td><td>a finding of severity info</td></tr>
 *   <tr><td>an API version that is no longer served</td><td>an error that shows how to write it
 *       today</td></tr>
 *   <tr><td>empty, or nothing but comments</td><td>nothing</td></tr>
 *   <tr><td>anything else</td><td>an error; the next document is read all the same</td></tr>
 * </table>
 *
 * <p>Nothing about the text is ever thrown; what is wrong with it is among {@link
 * ManifestSet#diagnostics}. Time and memory are bounded by the {@link Limits}, whatever the text
 * holds, and reading it has no other effect. No finding quotes a value of a Secret.
 *
 * <p>Immutable and thread-safe.
 */
public final class ManifestParser {

  private static final ManifestParser DEFAULT =
      new ManifestParser("default", FieldValidation.STRICT, Limits.DEFAULT);

  private final String namespace;
  private final FieldValidation fieldValidation;
  private final Limits limits;

  private ManifestParser(String namespace, FieldValidation fieldValidation, Limits limits) {
    this.namespace = namespace;
    this.fieldValidation = fieldValidation;
    this.limits = limits;
  }

  /**
   * Returns a parser that puts objects without a namespace into {@code default}, refuses unknown
   * members, and keeps to {@link Limits#DEFAULT}.
   *
   * @return the parser
   */
  public static ManifestParser create() {
    return DEFAULT;
  }

  /**
   * Returns this parser with another namespace for objects that have none.
   *
   * @param value a DNS-1123 label, such as {@code shop}
   * @return the changed parser
   * @throws IllegalArgumentException if {@code value} is no DNS-1123 label
   */
  public ManifestParser withNamespace(String value) {
    String fault = Names.label(value);
    if (fault != null) {
      throw new IllegalArgumentException("namespace " + PrintableText.quote(value) + " " + fault);
    }
    return new ManifestParser(value, fieldValidation, limits);
  }

  /**
   * Returns this parser with another treatment of unknown and duplicate members.
   *
   * @param value what becomes of an object with such members
   * @return the changed parser
   */
  public ManifestParser withFieldValidation(FieldValidation value) {
    return new ManifestParser(namespace, Objects.requireNonNull(value), limits);
  }

  /**
   * Returns this parser with other limits.
   *
   * @param value the limits
   * @return the changed parser
   */
  public ManifestParser withLimits(Limits value) {
    return new ManifestParser(namespace, fieldValidation, Objects.requireNonNull(value));
  }

  /**
   * Returns the limits.
   *
   * @return the limits
   */
  public Limits limits() {
    return limits;
  }

  /**
   * Reads a text.
   *
   * @param name how findings name the text, usually a file
   * @param text YAML or JSON
   * @return the objects and the findings
   */
  public ManifestSet parse(String name, String text) {
    Collector collector = new Collector(limits.findings());
    read(new NamedText(name, text), collector);
    return collector.toSet();
  }

  /**
   * Reads a text in UTF-8.
   *
   * @param name how findings name the text, usually a file
   * @param utf8 YAML or JSON
   * @return the objects and the findings; bytes that are no UTF-8 are one
   */
  public ManifestSet parse(String name, byte[] utf8) {
    Collector collector = new Collector(limits.findings());
    if (utf8.length > limits.bytes()) {
      tooBig(name, collector);
      return collector.toSet();
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(utf8.length);
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CoderResult result = decoder.decode(bytes, chars, true);
    chars.flip();
    if (result.isError()) {
      SourceText before = new SourceText(name, chars.toString());
      collector.findings.add(
          Diagnostic.of(ManifestRules.NOT_UTF_8, "the text is not encoded in UTF-8")
              .withSource(before.span(before.text().length(), before.text().length()))
              .withHelp("save it as UTF-8"));
      return collector.toSet();
    }
    read(new NamedText(name, chars.toString()), collector);
    return collector.toSet();
  }

  /**
   * Reads several texts as one input. Of two objects with the same kind, namespace and name the
   * later replaces the earlier, which is a finding that names both places.
   *
   * @param texts the texts, in the order they are applied
   * @return the objects and the findings; if nothing could be read, one of them says so
   */
  public ManifestSet parseAll(List<NamedText> texts) {
    Collector collector = new Collector(limits.findings());
    for (NamedText text : texts) {
      read(text, collector);
    }
    return ManifestSet.join(List.of(collector.toSet()));
  }

  private void read(NamedText text, Collector collector) {
    if (text.text().length() > limits.bytes()) {
      tooBig(text.name(), collector);
      return;
    }
    new TextReading(
            new SourceText(text.name(), text.text()), namespace, fieldValidation, limits, collector)
        .read();
  }

  private void tooBig(String name, Collector collector) {
    collector.findings.add(
        Diagnostic.of(
                ManifestRules.TEXT_TOO_BIG, "the text has more than " + limits.bytes() + " bytes")
            .withSource(new SourceSpan(name, 1, 1, 1)));
  }

  /**
   * Returns every kind of finding that reading and checking manifests can have.
   *
   * @return the rules
   */
  public static List<Rule> rules() {
    return ManifestRules.all();
  }

  /**
   * A text with a name.
   *
   * @param name how findings name the text, usually a file
   * @param text YAML or JSON
   */
  public record NamedText(String name, String text) {

    /** Checks that both are there. */
    public NamedText {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(text, "text");
    }

    /**
     * Names the text and nothing it holds, for it may hold Secrets.
     *
     * @return the name
     */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What a parser reads at most. Beyond a limit a finding takes the place of what is not read.
   *
   * @param bytes the bytes of a text
   * @param depth the levels that values may be nested
   * @param aliases the aliases of a document
   * @param aliasedNodes the values of a document that are reached through its aliases when all of
   *     them are expanded
   * @param nodes the values of a document
   * @param numberLength the characters of a number in JSON
   * @param scalarLength the characters of a single value
   * @param documents the documents of a text
   * @param objects the objects of a text
   * @param rules the rules of an Ingress
   * @param paths the paths of an Ingress, all rules together
   * @param findings the errors of an input, and likewise its other findings
   */
  public record Limits(
      int bytes,
      int depth,
      int aliases,
      int aliasedNodes,
      int nodes,
      int numberLength,
      int scalarLength,
      int documents,
      int objects,
      int rules,
      int paths,
      int findings) {

    /**
     * 64 MiB; 64 levels; 100 aliases for 200,000 values; 2,000,000 values; numbers of 20 and values
     * of 2,097,152 characters; 200,000 documents and objects; 10,000 rules and 20,000 paths; 10,000
     * errors and 10,000 other findings.
     */
    public static final Limits DEFAULT =
        new Limits(
            64 << 20, 64, 100, 200_000, 2_000_000, 20, 2 << 20, 200_000, 200_000, 10_000, 20_000,
            10_000);

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if {@code depth} is below 8 or above 500, or another limit
     *     is below 0
     */
    public Limits {
      if (depth < 8 || depth > 500) {
        throw new IllegalArgumentException("depth must be 8 to 500, but is " + depth);
      }
      int least = Math.min(Math.min(bytes, aliases), Math.min(aliasedNodes, nodes));
      least = Math.min(least, Math.min(Math.min(numberLength, scalarLength), documents));
      least = Math.min(least, Math.min(Math.min(objects, rules), Math.min(paths, findings)));
      if (least < 0) {
        throw new IllegalArgumentException("a limit must not be negative, but one is " + least);
      }
    }

    /**
     * Returns these limits with another number of bytes.
     *
     * @param value the bytes of a text
     * @return the changed limits
     */
    public Limits withBytes(int value) {
      return new Limits(
          value,
          depth,
          aliases,
          aliasedNodes,
          nodes,
          numberLength,
          scalarLength,
          documents,
          objects,
          rules,
          paths,
          findings);
    }

    /**
     * Returns these limits with another number of findings.
     *
     * @param value the findings of an input
     * @return the changed limits
     */
    public Limits withFindings(int value) {
      return new Limits(
          bytes,
          depth,
          aliases,
          aliasedNodes,
          nodes,
          numberLength,
          scalarLength,
          documents,
          objects,
          rules,
          paths,
          value);
    }
  }

  /** What becomes of an object with unknown or duplicate members. */
  public enum FieldValidation {
    /** The object is refused, as {@code kubectl} does by default. */
    STRICT,
    /** Unknown members are dropped with a warning, and the last of two equal ones counts. */
    IGNORE
  }
}
