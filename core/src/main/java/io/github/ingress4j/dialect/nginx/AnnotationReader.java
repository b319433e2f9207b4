package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.Ingress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotations of Ingresses as the controller does, fault for fault, and says what became
 * of each.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1,
 * internal/ingress/annotations/annotations.go and parser.
 */
public final class AnnotationReader {

  private static final String DEFAULT_KEYS = Annotations.DEFAULT_PREFIX + "/";

  private final String prefix;
  private final ControllerSettings settings;
  private final boolean ignoresProtection;
  private final Risk highest;
  private final List<String> blockedWords;

  private AnnotationReader(String prefix, ControllerSettings settings, boolean ignoresProtection) {
    this.prefix = prefix + "/";
    this.settings = settings;
    this.ignoresProtection = ignoresProtection;
    this.highest = Objects.requireNonNull(settings.get(Settings.ANNOTATIONS_RISK_LEVEL));
    String words = settings.get(Settings.ANNOTATION_VALUE_WORD_BLOCKLIST);
    this.blockedWords =
        words == null || words.isEmpty() ? List.of() : List.of(GoText.trim(words).split(",", -1));
  }

  /**
   * Makes a reader.
   *
   * @param prefix the prefix of the annotations, without the slash
   * @param settings the settings of the controller
   * @param ignoresProtection whether routes stay open although they ask for a protection that does
   *     not exist here
   * @return the reader
   */
  public static AnnotationReader of(
      String prefix, ControllerSettings settings, boolean ignoresProtection) {
    return new AnnotationReader(prefix, settings, ignoresProtection);
  }

  /**
   * Reads the annotations of one Ingress.
   *
   * @param ingress the Ingress
   * @param prefix the prefix of the annotations, without the slash
   * @param settings the settings of the controller
   * @return the values
   */
  public static AnnotationValues read(Ingress ingress, String prefix, ControllerSettings settings) {
    return of(prefix, settings, false).read(ingress);
  }

  /**
   * Reads the annotations of one Ingress.
   *
   * @param ingress the Ingress
   * @return the values
   */
  public AnnotationValues read(Ingress ingress) {
    return new Reading(ingress).result();
  }

  /** One Ingress being read. */
  private final class Reading {

    private final Ingress ingress;
    private final Map<String, String> written;
    private final AnnotationValues values;
    private final List<Diagnostic> findings = new ArrayList<>();

    /** The groups whose reading a fault has ended. */
    private final Set<Group> ended = EnumSet.noneOf(Group.class);

    Reading(Ingress ingress) {
      this.ingress = ingress;
      this.written = ingress.metadata().annotations();
      this.values = new AnnotationValues(ingress, settings);
    }

    AnnotationValues result() {
      Map<Annotation<?>, String> texts = collect();
      checkRisks(texts);
      texts.forEach(this::readOne);
      checkRequired();
      checkStrayRule();
      boolean isCanary = values.flag(CanaryAnnotations.ENABLED);
      for (Annotation<?> annotation : texts.keySet()) {
        if (isCanary && !CanaryAnnotations.countsOnCanary(annotation)) {
          reportOnCanary(annotation);
        } else if (values.isGiven(annotation)) {
          reportEffect(annotation);
        }
      }
      if (!isCanary) {
        closeBySettings();
      }
      values.finish(findings);
      return values;
    }

    /** Returns the text of each annotation that counts as written, in reading order. */
    private Map<Annotation<?>, String> collect() {
      Map<Annotation<?>, String> texts = new TreeMap<>(Annotations.READING_ORDER);
      for (Map.Entry<String, String> entry : written.entrySet()) {
        String key = entry.getKey();
        if (!key.startsWith(prefix)) {
          if (key.startsWith(DEFAULT_KEYS)) {
            add(
                key,
                NginxRules.ANNOTATION_PREFIX,
                quoted(key) + " is not read, because the prefix is " + quoted(prefix),
                "write " + quoted(prefix + key.substring(DEFAULT_KEYS.length())));
          }
          continue;
        }
        checkWords(key, entry.getValue());
        String name = key.substring(prefix.length());
        Annotation<?> annotation = Annotations.byName(name);
        if (annotation == null) {
          reportUnknown(key, name);
        } else {
          collect(texts, annotation, key, entry.getValue());
        }
      }
      return texts;
    }

    /** The annotation itself comes before its alias, unless it is empty. */
    private void collect(
        Map<Annotation<?>, String> texts, Annotation<?> annotation, String key, String text) {
      boolean isAlias =
          key.length() != prefix.length() + annotation.name().length()
              || !key.endsWith(annotation.name());
      if (isAlias && text.isEmpty()) {
        add(
            key,
            NginxRules.ANNOTATION_BLANK,
            name(key) + " has no value and counts as absent",
            "remove the annotation, or give it a value");
        return;
      }
      String present = texts.get(annotation);
      if (present == null || (isAlias ? present.isEmpty() : !text.isEmpty())) {
        texts.put(annotation, text);
        values.keys.put(annotation, key);
      }
    }

    private void checkWords(String key, String text) {
      for (String word : blockedWords) {
        if (text.contains(word)) {
          values.drop();
          add(
              key,
              NginxRules.ANNOTATION_WORD_BLOCKED,
              name(key)
                  + " contains "
                  + quoted(word)
                  + ", which is blocked, so the Ingress is dropped",
              "write the value without this word, or take it off the list"
                  + " annotation-value-word-blocklist");
          return;
        }
      }
    }

    private void checkRisks(Map<Annotation<?>, String> texts) {
      for (Annotation<?> annotation : texts.keySet()) {
        if (annotation.isSnippet()) {
          checkSnippet(annotation);
        } else if (annotation.risk().compareTo(highest) > 0
            && written.containsKey(prefix + annotation.name())) {
          values.drop();
          add(
              annotation,
              NginxRules.ANNOTATION_TOO_RISKY,
              "is of the risk "
                  + annotation.risk().word()
                  + ", and "
                  + highest.word()
                  + " is allowed, so the Ingress is dropped",
              "remove the annotation, or set annotations-risk-level to "
                  + annotation.risk().word());
        }
      }
    }

    private void checkSnippet(Annotation<?> annotation) {
      String help =
          "say what the snippet does by other annotations, or do it in the application, and remove"
              + " the snippet";
      if (highest != Risk.CRITICAL) {
        values.drop();
        add(
            annotation,
            NginxRules.ANNOTATION_SNIPPET,
            "holds configuration of nginx, and annotations-risk-level is below Critical, so the"
                + " Ingress is dropped",
            help);
      } else if (!settings.flag(Settings.ALLOW_SNIPPET_ANNOTATIONS)) {
        add(
            annotation,
            NginxRules.ANNOTATION_SNIPPET,
            "holds configuration of nginx, which counts as absent, because"
                + " allow-snippet-annotations is false",
            help);
      } else {
        add(
            annotation,
            NginxRules.ANNOTATION_SNIPPET,
            "holds configuration of nginx, which is never run here"
                + (annotation.isProtecting() ? closing() : ""),
            help);
        if (annotation.isProtecting()) {
          close("not run: " + annotation.name());
        }
      }
    }

    private <T> void readOne(Annotation<T> annotation, String text) {
      if (annotation.isSnippet() || ended.contains(annotation.group())) {
        return;
      }
      Annotation.Gate gate = annotation.gate();
      if (gate != null && gate.skips() && !gate.isOpen().test(values)) {
        reportIdle(annotation, gate);
        return;
      }
      if (!text.isEmpty() && !annotation.allowed().test().test(text)) {
        fault(
            annotation,
            "is " + quoted(text) + ", which is not allowed",
            annotation.onInvalid(),
            "allowed: " + annotation.allowed().text());
        return;
      }
      String trimmed = GoText.trimLines(text);
      if (trimmed.isEmpty()) {
        blank(annotation);
        return;
      }
      T value = annotation.type().parse(trimmed);
      if (value == null) {
        fault(
            annotation,
            "is " + quoted(text) + ", which cannot be read",
            annotation.onBlank(),
            "allowed: " + annotation.allowed().text() + ", without blanks");
        return;
      }
      for (Annotation.Check<T> check : annotation.checks()) {
        String problem = check.fault().apply(value);
        if (problem != null) {
          fault(
              annotation,
              "is " + quoted(text) + ", which " + problem,
              check.outcome(),
              "allowed: " + annotation.allowed().text());
          return;
        }
      }
      values.put(annotation, value);
      if (gate != null && !gate.skips() && !gate.isOpen().test(values)) {
        reportIdle(annotation, gate);
      }
    }

    private <T> void blank(Annotation<T> annotation) {
      Outcome outcome = annotation.onBlank();
      if (outcome == Outcome.DEFAULT) {
        fallBack(annotation);
        add(
            annotation,
            NginxRules.ANNOTATION_BLANK,
            "has no value and counts as absent",
            "remove the annotation, or give it a value");
      } else {
        fault(annotation, "has no value", outcome, "remove the annotation, or give it a value");
      }
    }

    private <T> void fault(Annotation<T> annotation, String problem, Outcome outcome, String help) {
      String message = problem + ", so " + outcome.text();
      boolean isOpened = isOpened(annotation, outcome);
      if (isOpened) {
        message +=
            "; it asks for a protection, which the controller forgets"
                + (ignoresProtection ? "" : ", so its routes are closed here and answer 503");
        close("a faulty value: " + annotation.name());
      }
      Rule rule =
          switch (outcome) {
            case DROP -> NginxRules.ANNOTATION_DROPS_INGRESS;
            case DENY, FORBID_HOST -> NginxRules.ANNOTATION_DENIES_ROUTES;
            case DEFAULT -> NginxRules.ANNOTATION_DEFAULTED;
            case IGNORE_GROUP -> NginxRules.ANNOTATION_VOIDS_GROUP;
          };
      Diagnostic finding =
          values.finding(annotation, rule, name(annotation) + " " + message).withHelp(help);
      findings.add(isOpened ? finding.withSeverity(Severity.ERROR) : finding);
      switch (outcome) {
        case DROP -> values.drop();
        case DENY -> {
          values.deny(annotation.name() + " " + problem);
          ended.add(annotation.group());
        }
        case FORBID_HOST -> {
          values.forbid(annotation.name() + " " + problem);
          ended.add(annotation.group());
        }
        case DEFAULT -> fallBack(annotation);
        case IGNORE_GROUP -> {
          values.remove(annotation.group());
          ended.add(annotation.group());
        }
      }
    }

    /** Returns whether the controller serves unprotected what somebody wanted protected. */
    private boolean isOpened(Annotation<?> annotation, Outcome outcome) {
      return switch (outcome) {
        case DROP, DENY, FORBID_HOST -> false;
        case DEFAULT -> annotation.isProtecting();
        case IGNORE_GROUP ->
            Annotations.ALL.stream()
                .anyMatch(
                    other ->
                        other.group() == annotation.group()
                            && other.isProtecting()
                            && (other == annotation || values.isGiven(other)));
      };
    }

    private <T> void fallBack(Annotation<T> annotation) {
      T fallback = annotation.fallback();
      if (fallback != null) {
        values.put(annotation, fallback);
      }
    }

    private void checkRequired() {
      for (Annotation<?> annotation : Annotations.REQUIRED) {
        Annotation.Gate gate = annotation.gate();
        if (gate != null
            && gate.isOpen().test(values)
            && !values.isWritten(annotation)
            && !ended.contains(annotation.group())) {
          values.deny("there is no " + annotation.name());
          findings.add(
              AnnotationValues.finding(
                      ingress,
                      prefix + gate.text(),
                      NginxRules.ANNOTATION_DENIES_ROUTES,
                      name(prefix + gate.text())
                          + " needs "
                          + annotation.name()
                          + ", so the routes of the Ingress answer 503")
                  .withHelp("add " + quoted(prefix + annotation.name())));
        }
      }
    }

    private void checkStrayRule() {
      Annotation<?> stray = CanaryAnnotations.strayRule(values);
      if (stray != null) {
        add(
            stray,
            NginxRules.CANARY_RULE_STRAY,
            "is a rule of a canary, and the Ingress is none, so it counts as an ordinary Ingress",
            "add "
                + quoted(prefix + CanaryAnnotations.ENABLED.name() + ": \"true\"")
                + ", or remove the annotation");
        values.remove(Group.CANARY);
      }
    }

    private void reportIdle(Annotation<?> annotation, Annotation.Gate gate) {
      add(
          annotation,
          NginxRules.ANNOTATION_IDLE,
          "does nothing " + gate.phrase(),
          "remove the annotation; it needs " + gate.text());
    }

    private void reportOnCanary(Annotation<?> annotation) {
      if (values.isWritten(annotation)) {
        add(
            annotation,
            NginxRules.ANNOTATION_IDLE,
            "does nothing on a canary",
            "write it on the main Ingress, or remove it");
      }
    }

    private <T> void reportEffect(Annotation<T> annotation) {
      T value = Objects.requireNonNull(values.given(annotation));
      Effect effect = annotation.effect();
      switch (effect.status()) {
        case ENFORCED -> {}
        case APPROXIMATED ->
            add(
                annotation,
                NginxRules.ANNOTATION_APPROXIMATED,
                "differs here: " + effect.text(),
                null);
        case NO_EFFECT -> {
          Diagnostic finding =
              values.finding(
                  annotation,
                  NginxRules.ANNOTATION_NO_EFFECT,
                  name(annotation) + " has no effect here: " + effect.text());
          findings.add(
              annotation.category() == Category.NOT_APPLICABLE
                  ? finding.withSeverity(Severity.INFO)
                  : finding);
        }
        case REFUSED -> {
          if (annotation.protects(value)) {
            add(
                annotation,
                NginxRules.PROTECTION_UNAVAILABLE,
                "asks for a protection that does not exist here ("
                    + effect.text()
                    + ")"
                    + closing(),
                ignoresProtection
                    ? "make sure that something else protects these routes"
                    : "remove the annotation if something else protects these routes");
            close("not enforced: " + annotation.name());
          }
        }
      }
    }

    /** A setting protects every route whose Ingress does not override it. */
    private void closeBySettings() {
      for (Setting<?> setting : settings.closing()) {
        if (Annotations.overriding(setting).stream().noneMatch(values::isGiven)) {
          close("not enforced: the setting " + setting.key());
        }
      }
    }

    private void reportUnknown(String key, String name) {
      String successor = RemovedAnnotations.successor(name);
      if (successor != null) {
        add(
            key,
            NginxRules.ANNOTATION_REMOVED,
            name(key) + " was removed from the controller and does nothing",
            successor);
        return;
      }
      String near = NearestName.of(name, Annotations.names());
      add(
          key,
          NginxRules.ANNOTATION_UNKNOWN,
          name(key) + " does nothing: the controller knows no annotation of this name",
          near == null ? "remove the annotation" : "did you mean `" + near + "`?");
    }

    private String closing() {
      return ignoresProtection
          ? ", so the routes of the Ingress are open without it"
          : ", so the routes of the Ingress are closed and answer 503";
    }

    private void close(String reason) {
      if (!ignoresProtection) {
        values.close(reason);
      }
    }

    private String name(Annotation<?> annotation) {
      return name(values.keys.getOrDefault(annotation, annotation.name()));
    }

    private String name(String key) {
      return "the annotation " + PrintableText.escape(key);
    }

    private void add(Annotation<?> annotation, Rule rule, String rest, @Nullable String help) {
      findings.add(values.finding(annotation, rule, name(annotation) + " " + rest).withHelp(help));
    }

    private void add(String key, Rule rule, String message, @Nullable String help) {
      findings.add(AnnotationValues.finding(ingress, key, rule, message).withHelp(help));
    }

    private static String quoted(String text) {
      return PrintableText.quote(text);
    }
  }
}
