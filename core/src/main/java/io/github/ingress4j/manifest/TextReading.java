package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.DocumentCutter.Part;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One text on its way from characters to objects. */
final class TextReading {

  /** The API version of each kind that is read. */
  private static final Map<String, String> VERSIONS =
      Map.of(
          "Ingress", "networking.k8s.io/v1",
          "IngressClass", "networking.k8s.io/v1",
          "Service", "v1",
          "EndpointSlice", "discovery.k8s.io/v1",
          "Secret", "v1",
          "ConfigMap", "v1");

  private static final String TEMPLATE =
      "this is a template of Helm, which says nothing before it is rendered: check what"
          + " `helm template` prints";

  private static final String[] KINDS = {
    "Ingress", "IngressClass", "Service", "EndpointSlice", "Secret", "ConfigMap"
  };

  private final SourceText source;
  private final String text;
  private final char[] chars;
  private final String namespace;
  private final ManifestParser.FieldValidation validation;
  private final ManifestParser.Limits limits;
  private final Collector collector;
  private int objects;
  private boolean isOverfull;

  /** Whether the part before this one might hold a piece of a Secret that goes on here. */
  private boolean isTainted;

  /** Whether the text speaks of a Secret anywhere; if not, no part of it does. */
  private final boolean hasSecret;

  TextReading(
      SourceText source,
      String namespace,
      ManifestParser.FieldValidation validation,
      ManifestParser.Limits limits,
      Collector collector) {
    this.source = source;
    this.text = source.text();
    this.chars = source.chars();
    this.namespace = namespace;
    this.validation = validation;
    this.limits = limits;
    this.collector = collector;
    this.hasSecret = mentionsSecret(new Part(0, chars.length, -1, -1));
  }

  void read() {
    int documents = 0;
    for (Part part : DocumentCutter.cut(text, limits.documents())) {
      if (isOverfull) {
        return;
      }
      if (++documents > limits.documents()) {
        add(
            ManifestRules.TOO_MANY_DOCUMENTS,
            part.from(),
            part.from(),
            "the text has more than " + limits.documents() + " documents",
            "divide it into several files");
        return;
      }
      read(part);
    }
  }

  private void read(Part part) {
    boolean isSecret = hasSecret && (isTainted || mentionsSecret(part) || isPieceOfSecret(part));
    if (part.fault() >= 0) {
      if (isSecret
          || (hasSecret && mentionsSecret(new Part(part.fault(), part.faultEnd(), -1, -1)))) {
        source.hide(part.fault(), part.to());
        isSecret = true;
      }
      add(
          ManifestRules.SEPARATOR_INVALID,
          part.fault(),
          part.faultEnd(),
          "something other than a comment stands behind the dashes of a document border",
          "put it on a line of its own; the document below this line is not read");
      isTainted = isSecret;
      return;
    }
    int start = firstContent(part);
    if (start < 0) {
      return;
    }
    if (text.charAt(start) == '%' && isLineStart(start)) {
      directive(part, start, isSecret);
      return;
    }
    List<Node> roots;
    boolean hasAliases = false;
    char first = text.charAt(start);
    List<UnreadableException> faults = new ArrayList<>(0);
    roots = first == '{' || first == '[' ? json(part, start, faults) : List.of();
    // What is no JSON may still be YAML, but a text that breaks a limit is not tried again.
    boolean isTried = faults.isEmpty() && !roots.isEmpty();
    if (!isTried && (faults.isEmpty() || faults.get(0).rule().equals(ManifestRules.JSON_SYNTAX))) {
      try {
        Node simple = BlockComposer.compose(chars, part.from(), part.to(), limits);
        if (simple != null) {
          roots = List.of(simple);
        } else {
          checkCharacters(part);
          YamlComposer.Composed composed =
              YamlComposer.compose(chars, part.from(), part.to(), limits);
          hasAliases = composed.hasAliases();
          Node root = composed.root();
          roots = root == null ? List.of() : List.of(root);
          hide(roots, isSecret);
          report(composed, isSecret);
        }
        faults.clear();
      } catch (UnreadableException e) {
        // A text that gets further as JSON than as YAML is meant to be JSON.
        if (faults.isEmpty() || e.start() > faults.get(0).start()) {
          faults.clear();
          faults.add(e);
        }
      }
    }
    boolean isBroken = !faults.isEmpty();
    if (isSecret && isBroken) {
      source.hide(part.from(), part.to());
    } else {
      // Whatever the text says: an escape can spell the kind of a Secret too.
      hide(roots, isSecret);
    }
    isTainted = isSecret && (isBroken || isTainted) && !hasKind(roots);
    for (Node root : roots) {
      root(root, isSecret && hasAliases);
    }
    for (UnreadableException fault : faults) {
      String detail = isSecret ? null : fault.detail();
      // What is missing at the end is told at the last thing that is there.
      int last = Math.min(fault.start(), Math.max(start, lastVisible(part)));
      add(
          fault.rule(),
          Severity.ERROR,
          last,
          last < fault.start() ? last : fault.end(),
          detail == null ? fault.message() : fault.message() + " (" + detail + ")",
          isTemplate(part) ? TEMPLATE : fault.help());
    }
  }

  /** Whether a text is a template that nobody has rendered. */
  private boolean isTemplate(Part part) {
    return contains(part, "{{-") || contains(part, "{{ .") || contains(part, "{{.");
  }

  /** What to do about an object without a kind; other tools keep files without one. */
  private String kindAdvice() {
    String name = source.name();
    String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return switch (file) {
      case "Chart.yaml", "values.yaml" ->
          "this is a part of a Helm chart: check what `helm template` prints";
      case "kustomization.yaml", "kustomization.yml", "Kustomization" ->
          "this is for kustomize: check what `kubectl kustomize` prints";
      default -> "add `kind:`, such as `kind: Ingress`";
    };
  }

  private static boolean hasKind(List<Node> roots) {
    for (Node root : roots) {
      if (root instanceof Mapping mapping && mapping.get("kind") != null) {
        return true;
      }
    }
    return false;
  }

  // Secrets: a line that might show a piece of one is never quoted.

  private boolean mentionsSecret(Part part) {
    return contains(part, "Secret") || contains(part, "stringData") || isKindSecret(part);
  }

  /**
   * Returns whether a part without a kind might belong to a Secret elsewhere in the text, which is
   * known to have one.
   */
  private boolean isPieceOfSecret(Part part) {
    return part.fault() >= 0 || !contains(part, "kind");
  }

  private boolean contains(Part part, String word) {
    return find(word, part.from(), part.to()) >= 0;
  }

  /** Returns the first offset of a word in a part of the text, or -1; never looks further. */
  private int find(String word, int from, int to) {
    char first = word.charAt(0);
    for (int i = from; i <= to - word.length(); i++) {
      if (chars[i] == first && text.startsWith(word, i)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns whether the part has a kind that is spelt like Secret, but for its case. */
  private boolean isKindSecret(Part part) {
    for (int at = find("kind", part.from(), part.to());
        at >= 0;
        at = find("kind", at + 4, part.to())) {
      int i = at + 4;
      while (i < part.to() && "\"' :\t".indexOf(text.charAt(i)) >= 0) {
        i++;
      }
      if (text.regionMatches(true, i, "secret", 0, 6)) {
        return true;
      }
    }
    return false;
  }

  private void hide(List<Node> roots, boolean isSecret) {
    for (Node root : roots) {
      if (root instanceof Mapping mapping) {
        hide(mapping);
      } else if (isSecret) {
        source.hide(root.start(), root.end());
      }
    }
  }

  private void hide(Mapping mapping) {
    String kind = mapping.get("kind") instanceof Scalar scalar ? scalar.text() : "";
    if (mapping.get("items") instanceof Sequence items && isList(kind)) {
      boolean isSecretList = kind.contains("Secret");
      for (Node item : items.items()) {
        if (isSecretList) {
          source.hide(item.start(), item.end());
        } else if (item instanceof Mapping object) {
          hide(object);
        }
      }
    } else if (Names.lowerCase(kind).contains("secret")
        || mapping.get("stringData") != null
        || (kind.isEmpty() && mapping.get("data") != null)) {
      source.hide(mapping.start(), mapping.end());
    }
  }

  private static boolean isList(String kind) {
    return kind.endsWith("List");
  }

  // From text to trees

  private int firstContent(Part part) {
    boolean isComment = false;
    int end = part.to();
    for (int i = part.from(); i < end; i++) {
      char c = chars[i];
      if (c == '\n' || c == '\r') {
        isComment = false;
      } else if (c == '#') {
        isComment = true;
      } else if (!isComment && c != ' ' && c != '\t') {
        return i;
      }
    }
    return -1;
  }

  private int lastVisible(Part part) {
    int last = part.to() - 1;
    while (last > part.from() && text.charAt(last) <= ' ') {
      last--;
    }
    return last;
  }

  private boolean isLineStart(int offset) {
    return offset == 0 || text.charAt(offset - 1) == '\n' || text.charAt(offset - 1) == '\uFEFF';
  }

  private void directive(Part part, int start, boolean isSecret) {
    int end = start;
    while (end < part.to() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    if (isSecret) {
      source.hide(part.from(), part.to());
    }
    add(
        ManifestRules.YAML_DIRECTIVE,
        start,
        end,
        "a directive is cut off from its document by the border below it",
        "remove the line");
  }

  private void checkCharacters(Part part) throws UnreadableException {
    int end = part.to();
    for (int i = part.from(); i < end; i++) {
      char c = chars[i];
      if (c >= ' ' && c < 0x7F) {
        continue;
      }
      boolean isPair =
          Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(chars[i + 1]);
      if (isPair) {
        i++;
        continue;
      }
      boolean isAllowed =
          c == '\n'
              || c == '\r'
              || c == '\t'
              || c == 0x85
              || (c >= 0xA0 && c < 0xFFFE && !Character.isSurrogate(c) && c != 0xFEFF);
      if (!isAllowed) {
        throw new UnreadableException(
            ManifestRules.CONTROL_CHARACTER,
            "the document holds a character that YAML forbids",
            PrintableText.escape(String.valueOf(c)),
            i,
            i + 1,
            "write it as an escape in double quotes, such as \"\\u0007\"");
      }
    }
  }

  private List<Node> json(Part part, int start, List<UnreadableException> faults) {
    List<Node> roots = new ArrayList<>(1);
    try (JsonComposer composer = new JsonComposer(text, start, part.to(), limits)) {
      for (Node root = composer.next(); root != null; root = composer.next()) {
        roots.add(root);
      }
    } catch (UnreadableException e) {
      faults.add(e);
    } catch (IOException e) {
      // The text is in memory: there is nothing that could fail.
      throw new UncheckedIOException(e);
    }
    return roots;
  }

  private void report(YamlComposer.Composed composed, boolean isSecret) {
    for (YamlComposer.IgnoredTag tag : composed.ignoredTags()) {
      boolean isShown = !isSecret && source.isShown(tag.start());
      add(
          ManifestRules.YAML_TAG,
          tag.start(),
          tag.end(),
          "the tag " + (isShown ? PrintableText.quote(tag.tag()) + " " : "") + "has no effect",
          "remove the tag");
    }
    int dropped = composed.dropped();
    if (dropped >= 0) {
      int end = dropped;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      if (isSecret) {
        source.hide(dropped, end);
      }
      add(
          ManifestRules.TEXT_AFTER_DOCUMENT_END,
          dropped,
          end,
          "text behind the end of a document is not read",
          "write `---` in place of `...`");
    }
  }

  // From trees to objects

  private void root(Node root, boolean isHidden) {
    if (root instanceof Mapping mapping) {
      object(mapping, "", "", isHidden);
    } else if (!(root instanceof Scalar scalar && scalar.kind() == Kind.NULL)) {
      notObject(root, "the document is ");
    }
  }

  private void notObject(Node node, String subject) {
    String what = node instanceof Sequence ? "a list" : "a single value";
    add(
        ManifestRules.ROOT_NOT_OBJECT,
        node.start(),
        node.end(),
        subject + what + ", not an object",
        "an object begins with `apiVersion:` and `kind:`");
  }

  private void object(Mapping node, String listVersion, String listKind, boolean isHidden) {
    String kind = header(node, "kind", listKind, ManifestRules.KIND_MISSING);
    if (kind == null) {
      return;
    }
    String version = header(node, "apiVersion", listVersion, ManifestRules.API_VERSION_MISSING);
    if (version == null) {
      return;
    }
    collector.readable();
    if (isOverfull || ++objects > limits.objects()) {
      if (!isOverfull) {
        add(
            ManifestRules.TOO_MANY_OBJECTS,
            node.start(),
            node.start(),
            "the text has more than " + limits.objects() + " objects",
            "divide it into several files");
      }
      isOverfull = true;
      return;
    }
    boolean isItems = node.get("items") instanceof Sequence;
    if (kind.equals("List") || (isList(kind) && isItems)) {
      list(node, kind, version, isHidden);
      return;
    }
    String expected = VERSIONS.get(kind);
    if (expected == null) {
      skip(node, kind, version);
    } else if (expected.equals(version)) {
      if (kind.equals("EndpointSlice")) {
        collector.endpointSlice();
      }
      known(node, kind, isHidden);
    } else {
      otherVersion(node, kind, version, expected);
    }
  }

  private @Nullable String header(Mapping node, String name, String inherited, Rule missing) {
    Node value = node.get(name);
    boolean isNull = value instanceof Scalar scalar && scalar.kind() == Kind.NULL;
    if (value instanceof Scalar scalar
        && scalar.kind() == Kind.STRING
        && !scalar.text().isEmpty()) {
      return scalar.text();
    }
    if (value == null || isNull || (value instanceof Scalar empty && empty.text().isEmpty())) {
      if (!inherited.isEmpty()) {
        return inherited;
      }
      if (node.get("data") != null || node.get("stringData") != null) {
        source.hide(node.start(), node.end());
      }
      add(
          missing,
          node.start(),
          node.start() + 1,
          "the object has no `" + name + "`",
          name.equals("kind")
              ? kindAdvice()
              : "add `apiVersion:`, such as `apiVersion: networking.k8s.io/v1`");
      return null;
    }
    collector.findings.add(
        finding(
                ManifestRules.WRONG_TYPE,
                Severity.ERROR,
                value.start(),
                value.end(),
                "`" + name + "` must be a string")
            .withField(name));
    return null;
  }

  private void list(Mapping node, String kind, String version, boolean isHidden) {
    Node value = node.get("items");
    if (!(value instanceof Sequence items)) {
      itemsMissing(node, value);
      return;
    }
    boolean isTyped = !kind.equals("List");
    String itemKind = isTyped ? kind.substring(0, kind.length() - 4) : "";
    for (Node item : items.items()) {
      if (item instanceof Mapping mapping) {
        object(mapping, isTyped ? version : "", itemKind, isHidden);
      } else {
        notObject(item, "an item of the list is ");
      }
    }
  }

  /** Reports a list that has members of some name, but no items. */
  private void itemsMissing(Mapping list, @Nullable Node items) {
    if (items != null && !(items instanceof Scalar scalar && scalar.kind() == Kind.NULL)) {
      collector.findings.add(
          finding(
                  ManifestRules.WRONG_TYPE,
                  Severity.ERROR,
                  items.start(),
                  items.end(),
                  "`items` must be a list")
              .withField("items"));
      return;
    }
    for (Node.Entry entry : list.entries()) {
      String near = Names.nearest(entry.key(), "apiVersion", "kind", "metadata", "items");
      if (items == null && "items".equals(near)) {
        collector.findings.add(
            finding(
                    ManifestRules.UNKNOWN_FIELD,
                    validation == ManifestParser.FieldValidation.STRICT
                        ? Severity.ERROR
                        : Severity.WARNING,
                    entry.keyStart(),
                    entry.keyEnd(),
                    "unknown member " + PrintableText.quote(entry.key()))
                .withField(PrintableText.escape(entry.key()))
                .withHelp("did you mean `items`?"));
      }
    }
  }

  private void known(Mapping node, String kind, boolean isHidden) {
    boolean isSecret = kind.equals("Secret") || isHidden;
    ObjectReport report = new ObjectReport(source, kind, isSecret);
    ObjectDecoder decoder = new ObjectDecoder(source, report, validation, namespace, limits);
    ManifestObject object = decoder.decode(kind, node);
    ObjectValidator.validate(object, report, decoder.unchecked());
    if (!object.metadata().name().isEmpty()) {
      report.name(object.label());
    }
    report.flush(collector.findings);
    if (!report.isRefused()) {
      collector.add(object, source.excerpt(source.lineOf(node.start())));
    }
  }

  private String label(Mapping node, String kind) {
    if (node.get("metadata") instanceof Mapping metadata
        && metadata.get("name") instanceof Scalar name) {
      String space =
          metadata.get("namespace") instanceof Scalar scalar && !scalar.text().isEmpty()
              ? scalar.text()
              : namespace;
      return PrintableText.escape(kind + " " + space + "/" + name.text());
    }
    return PrintableText.escape(kind);
  }

  private static String group(String version) {
    int slash = version.indexOf('/');
    return slash < 0 ? "" : version.substring(0, slash);
  }

  private void skip(Mapping node, String kind, String version) {
    String group = group(version);
    boolean isOurs =
        group.isEmpty() || group.equals("networking.k8s.io") || group.equals("discovery.k8s.io");
    String near = isOurs ? Names.nearest(kind, 2, KINDS) : null;
    Node at = node.get("kind");
    Node place = at == null ? node : at;
    collector.findings.add(
        finding(
                ManifestRules.KIND_SKIPPED,
                near == null ? Severity.INFO : Severity.WARNING,
                place.start(),
                place.end(),
                "the kind "
                    + PrintableText.escape(kind)
                    + " of "
                    + PrintableText.escape(version)
                    + " has no meaning here")
            .withObject(skippedLabel(node, kind))
            .withHelp(near == null ? null : "did you mean `" + near + "`?"));
  }

  /**
   * What is skipped may belong to the whole cluster, so only a namespace that is written counts.
   */
  private static String skippedLabel(Mapping node, String kind) {
    if (node.get("metadata") instanceof Mapping metadata
        && metadata.get("name") instanceof Scalar name) {
      return PrintableText.escape(
          metadata.get("namespace") instanceof Scalar space && !space.text().isEmpty()
              ? kind + " " + space.text() + "/" + name.text()
              : kind + " " + name.text());
    }
    return PrintableText.escape(kind);
  }

  private void otherVersion(Mapping node, String kind, String version, String expected) {
    String group = group(version);
    boolean isRemoved =
        version.equals(group(expected) + "/v1beta1") || version.equals("extensions/v1beta1");
    boolean isOurs =
        group.equals(group(expected))
            || group.isEmpty()
            || group.equals("extensions")
            || group.equals("apps")
            || group.equals("networking.k8s.io")
            || group.equals("discovery.k8s.io");
    if (!isOurs) {
      skip(node, kind, version);
      return;
    }
    Node at = node.get("apiVersion");
    Node place = at == null ? node : at;
    boolean isIngress = isRemoved && kind.equals("Ingress");
    collector.findings.add(
        finding(
                isRemoved ? ManifestRules.API_VERSION_REMOVED : ManifestRules.API_VERSION_UNKNOWN,
                Severity.ERROR,
                place.start(),
                place.end(),
                isRemoved
                    ? kind + " of " + version + " is not served any more"
                    : "there is no " + kind + " in " + PrintableText.escape(version))
            .withObject(label(node, kind))
            .withField("apiVersion")
            .withHelp(
                "write `apiVersion: " + expected + "`" + (isIngress ? Conversion.hint(node) : "")));
  }

  // Findings about documents

  private void add(Rule rule, int start, int end, String message, @Nullable String help) {
    add(rule, rule.severity(), start, end, message, help);
  }

  private void add(
      Rule rule, Severity severity, int start, int end, String message, @Nullable String help) {
    collector.findings.add(finding(rule, severity, start, end, message).withHelp(help));
  }

  private Diagnostic finding(Rule rule, Severity severity, int start, int end, String message) {
    SourceSpan span = source.span(Math.min(start, text.length()), Math.min(end, text.length()));
    return Diagnostic.of(rule, message)
        .withSeverity(severity)
        .withSource(span)
        .withExcerpt(source.excerpt(span.line()), null);
  }
}
