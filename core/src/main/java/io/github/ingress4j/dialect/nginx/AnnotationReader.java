package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.Ingress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** The prefix of the controller's first versions. */
  private static final String OLDEST_KEYS = "ingress.kubernetes.io/";

  private static final String UNPROTECTED = ", so the routes are served without the protection";

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
    this.blockedWords = blockedWords(settings.get(Settings.ANNOTATION_VALUE_WORD_BLOCKLIST));
  }

  /** The words that no value may contain; an empty one is contained in every value. */
  static List<String> blockedWords(@Nullable String words) {
    return words == null || words.isEmpty()
        ? List.of()
        : List.of(GoText.trim(words).split(",", -1));
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

    /** The groups whose reading a fault has ended, and whose fault it was. */
    private final Map<Group, Annotation<?>> ended = new EnumMap<>(Group.class);

    Reading(Ingress ingress) {
      this.ingress = ingress;
      this.written = ingress.metadata().annotations();
      this.values = new AnnotationValues(ingress, settings);
    }

    AnnotationValues result() {
      Map<Annotation<?>, String> texts = collect();
      checkAliases();
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
            reportPrefix(key, key.substring(DEFAULT_KEYS.length()));
          } else {
            reportNearPrefix(key);
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

    /** A slip in the prefix loses an annotation without a word, and so does the oldest prefix. */
    private void reportNearPrefix(String key) {
      String name = key.substring(key.indexOf('/') + 1);
      String wanted = prefix + name;
      boolean isOldest = key.startsWith(OLDEST_KEYS) && Annotations.byName(name) != null;
      if ((isOldest && !written.containsKey(wanted))
          || (name.length() < key.length()
              && NearestName.isSlip(
                  key.substring(0, key.length() - name.length() - 1),
                  prefix.substring(0, prefix.length() - 1)))) {
        reportPrefix(key, name);
      }
    }

    private void reportPrefix(String key, String name) {
      boolean opens =
          asksForProtection(name, written.get(key)) && !written.containsKey(prefix + name);
      addAtName(
          key,
          opens ? Severity.ERROR : NginxRules.ANNOTATION_PREFIX.severity(),
          NginxRules.ANNOTATION_PREFIX,
          quoted(key)
              + " is not read, because the prefix is "
              + quoted(prefix)
              + (opens ? UNPROTECTED : ""),
          "write " + quoted(prefix + name));
    }

    /** Whether somebody believes that an annotation of this name and value protects something. */
    private static boolean asksForProtection(String name, @Nullable String text) {
      Annotation<?> annotation = Annotations.byName(name);
      return annotation != null
          && (annotation == TlsAnnotations.AUTH_TLS_MATCH_CN
              || annotation.asksForProtection(Objects.requireNonNullElse(text, "")));
    }

    /** The annotation itself comes before its alias, unless it is empty. */
    private void collect(
        Map<Annotation<?>, String> texts, Annotation<?> annotation, String key, String text) {
      boolean isAlias =
          key.length() != prefix.length() + annotation.name().length()
              || !key.endsWith(annotation.name());
      if (isAlias && text.isEmpty()) {
        // Templates leave such values behind: nobody wrote that the routes are to be open.
        boolean closes =
            annotation.isProtecting() && !written.containsKey(prefix + annotation.name());
        Diagnostic finding =
            AnnotationValues.finding(
                    ingress,
                    key,
                    NginxRules.ANNOTATION_BLANK,
                    name(key)
                        + " has no value and counts as absent"
                        + (closes ? forgotten(annotation) : ""))
                .withHelp("remove the annotation, or give it a value");
        findings.add(closes ? finding.withSeverity(Severity.ERROR) : finding);
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
          if (word.isEmpty()) {
            // Reported once, where the list stands.
            return;
          }
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
        } else if (annotation.risk().compareTo(highest) > 0) {
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
                + (annotation.isProtecting() ? closing(annotation) : ""),
            help);
        if (annotation.isProtecting()) {
          close(annotation, "not run: " + annotation.name());
        }
      }
    }

    private <T> void readOne(Annotation<T> annotation, String text) {
      if (annotation.isSnippet()) {
        return;
      }
      Annotation<?> culprit = ended.get(annotation.group());
      if (culprit != null) {
        reportHidden(annotation, text, culprit);
        return;
      }
      Annotation.Gate gate = annotation.gate();
      if (gate != null && gate.skips() && !gate.isOpen().test(values)) {
        if (gate.isFaulty(values)) {
          reportHidden(annotation, text, Objects.requireNonNull(gate.needed()));
        } else {
          reportIdle(annotation, gate);
        }
        return;
      }
      if (!text.isEmpty() && !annotation.allowed().test().test(text)) {
        fault(
            annotation,
            "is " + quoted(text) + ", which is not allowed",
            annotation.onInvalid(),
            annotation.isProtecting(),
            correction(annotation, text));
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
            annotation.isProtecting(),
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
              annotation.protects(value),
              advice(check.advice().apply(value)));
          return;
        }
      }
      values.put(annotation, value);
      reportOddities(annotation, text, value);
      if (gate != null && !gate.skips() && !gate.isOpen().test(values)) {
        reportIdle(annotation, gate);
      }
    }

    /** What is used of a value, although hardly anybody means it, and what is left out. */
    private <T> void reportOddities(Annotation<T> annotation, String text, T value) {
      for (Annotation.Remark<T> remark : annotation.remarks()) {
        String problem = remark.fault().apply(value);
        if (problem != null) {
          Diagnostic finding =
              values
                  .finding(
                      annotation,
                      NginxRules.ANNOTATION_DEFAULTED,
                      name(annotation) + " is " + quoted(text) + ", which " + problem)
                  .withHelp(remark.advice());
          findings.add(remark.isRefused() ? finding.withSeverity(Severity.ERROR) : finding);
        }
      }
      for (String item : annotation.leftOut(text)) {
        findings.add(
            values
                .finding(
                    annotation,
                    NginxRules.ANNOTATION_DEFAULTED,
                    "the item "
                        + quoted(item)
                        + " of "
                        + name(annotation)
                        + " cannot be used, so it is left out")
                .withHelp(annotation.itemAdvice(item)));
      }
    }

    /** A fault that counts for nothing until another one is mended, and then has to be, too. */
    private <T> void reportHidden(Annotation<T> annotation, String text, Annotation<?> culprit) {
      String trimmed = GoText.trimLines(text);
      if (trimmed.isEmpty()) {
        return;
      }
      boolean isAllowed = annotation.allowed().test().test(text);
      T value = isAllowed ? annotation.type().parse(trimmed) : null;
      String problem = value == null ? "is not allowed" : null;
      String help = correction(annotation, text);
      if (value != null) {
        for (Annotation.Check<T> check : annotation.checks()) {
          problem = check.fault().apply(value);
          if (problem != null) {
            help = advice(check.advice().apply(value));
            break;
          }
        }
      }
      if (problem != null) {
        add(
            annotation,
            NginxRules.ANNOTATION_DEFAULTED,
            "is "
                + quoted(text)
                + ", which "
                + problem
                + "; it is not read because of "
                + culprit.name()
                + ", and is at fault, too",
            help);
      }
    }

    /** Advice for this Ingress. */
    private String advice(String text) {
      return text.replace("<namespace>", PrintableText.escape(ingress.metadata().namespace()));
    }

    private <T> void blank(Annotation<T> annotation) {
      Outcome outcome = annotation.onBlank();
      String help = "remove the annotation, or give it a value";
      if (outcome != Outcome.DEFAULT) {
        fault(annotation, "has no value", outcome, annotation.isProtecting(), help);
        return;
      }
      fallBack(annotation);
      String message = name(annotation) + " has no value and counts as absent";
      if (annotation.isProtecting()) {
        // Templates leave such values behind: nobody wrote that the routes are to be open.
        message += forgotten(annotation);
      }
      Diagnostic finding =
          values.finding(annotation, NginxRules.ANNOTATION_BLANK, message).withHelp(help);
      findings.add(annotation.isProtecting() ? finding.withSeverity(Severity.ERROR) : finding);
    }

    /** Closes the routes or the hosts, and says so. */
    private String forgotten(Annotation<?> annotation) {
      close(annotation, "a faulty value: " + annotation.name());
      return "; it asks for a protection, which the controller forgets"
          + (ignoresProtection
              ? ""
              : ", so its " + covered(annotation) + " are closed here and answer 503");
    }

    /**
     * Does what the controller does about a fault.
     *
     * @param protects whether the value may have been meant as a protection
     */
    private <T> void fault(
        Annotation<T> annotation, String problem, Outcome outcome, boolean protects, String help) {
      List<String> others = outcome == Outcome.IGNORE_GROUP ? othersOf(annotation) : List.of();
      if (outcome == Outcome.DEFAULT) {
        fallBack(annotation);
      }
      String message = problem + ", so " + inWords(annotation, outcome, others);
      boolean isOpened = isOpened(annotation, outcome, protects);
      if (isOpened) {
        message += forgotten(annotation);
      }
      boolean isError =
          isOpened
              || (outcome == Outcome.DEFAULT
                  && (annotation.isProtecting() || annotation.opens() != null));
      Rule rule =
          switch (outcome) {
            case DROP -> NginxRules.ANNOTATION_DROPS_INGRESS;
            case DENY, FORBID_HOST -> NginxRules.ANNOTATION_DENIES_ROUTES;
            case DEFAULT -> NginxRules.ANNOTATION_DEFAULTED;
            case IGNORE_GROUP -> NginxRules.ANNOTATION_VOIDS_GROUP;
          };
      Diagnostic finding =
          values.finding(annotation, rule, name(annotation) + " " + message).withHelp(help);
      findings.add(isError ? finding.withSeverity(Severity.ERROR) : finding);
      switch (outcome) {
        case DROP -> values.drop();
        case DENY -> {
          values.deny(annotation.name() + " " + problem);
          ended.put(annotation.group(), annotation);
        }
        case FORBID_HOST -> {
          values.forbid(annotation.name() + " " + problem);
          ended.put(annotation.group(), annotation);
        }
        case DEFAULT -> {}
        case IGNORE_GROUP -> {
          values.remove(annotation.group());
          ended.put(annotation.group(), annotation);
        }
      }
    }

    /** What happens, with the value that holds instead, or with what else does not count. */
    private String inWords(Annotation<?> annotation, Outcome outcome, List<String> others) {
      String text = annotation.inWords(outcome);
      return switch (outcome) {
        case DROP, DENY, FORBID_HOST -> text;
        case DEFAULT -> {
          String standard = annotation.defaultIn(values);
          String opens = annotation.opens();
          yield opens != null
              ? opens
              : annotation.defaultText().isEmpty() || standard.isEmpty()
                  ? text
                  : text + ": " + PrintableText.escape(standard);
        }
        case IGNORE_GROUP -> others.isEmpty() ? text : text + ": " + String.join(", ", others);
      };
    }

    /** The other annotations of the Ingress that are of the same group. */
    private List<String> othersOf(Annotation<?> annotation) {
      return values.keys.keySet().stream()
          .filter(other -> other != annotation && other.group() == annotation.group())
          .filter(other -> !other.isSnippet())
          .map(Annotation::name)
          .toList();
    }

    /** Returns whether the controller serves unprotected what somebody wanted protected. */
    private boolean isOpened(Annotation<?> annotation, Outcome outcome, boolean protects) {
      return switch (outcome) {
        case DROP, DENY, FORBID_HOST -> false;
        case DEFAULT -> protects;
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
            && !ended.containsKey(annotation.group())) {
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
            "add the annotation "
                + PrintableText.escape(prefix)
                + CanaryAnnotations.ENABLED.name()
                + ": \"true\", or remove this one");
        values.remove(Group.CANARY);
      }
    }

    private void reportIdle(Annotation<?> annotation, Annotation.Gate gate) {
      if (gate.isFaulty(values)) {
        return;
      }
      Annotation<?> needed = gate.needed();
      if (needed == ExternalAuthAnnotations.AUTH_URL && isUnderGlobalAuth()) {
        add(
            annotation,
            NginxRules.ANNOTATION_IDLE,
            "does nothing without auth-url: the setting global-auth-url, which protects the routes,"
                + " goes by the settings global-auth-*",
            "write it as a setting for all Ingresses, or add auth-url, or remove it");
        return;
      }
      // Whoever names the Secret of the passwords, or who may pass, believes that somebody asks.
      boolean opens =
          annotation == AccessAnnotations.AUTH_SECRET
              || annotation == TlsAnnotations.AUTH_TLS_MATCH_CN;
      Diagnostic finding =
          values
              .finding(
                  annotation,
                  NginxRules.ANNOTATION_IDLE,
                  name(annotation) + " does nothing " + gate.phrase().apply(values))
              .withHelp(gate.advice().apply(values));
      findings.add(opens ? finding.withSeverity(Severity.ERROR) : finding);
    }

    /** Whether the service of the settings decides about the routes that have none of their own. */
    private boolean isUnderGlobalAuth() {
      String exempt = written.getOrDefault(prefix + "enable-global-auth", "");
      String url = settings.get(Settings.GLOBAL_AUTH_URL);
      return url != null && !url.isEmpty() && !Boolean.FALSE.equals(GoText.bool(exempt));
    }

    /** Two names of one annotation: the alias is not read beside it. */
    private void checkAliases() {
      for (Annotation<?> annotation : values.keys.keySet()) {
        for (String alias : annotation.aliases()) {
          String own = written.get(prefix + annotation.name());
          if (own != null
              && !own.isEmpty()
              && !written.getOrDefault(prefix + alias, "").isEmpty()) {
            addAtName(
                prefix + alias,
                NginxRules.ANNOTATION_IDLE,
                name(prefix + alias)
                    + " does nothing beside "
                    + annotation.name()
                    + ", which is the same annotation",
                "write everything in " + annotation.name() + ", and remove " + alias);
          }
        }
      }
    }

    /** What to write in place of a text that is not allowed. */
    private String correction(Annotation<?> annotation, String text) {
      String wayOut = annotation.wayOut(text);
      if (wayOut != null) {
        return wayOut;
      }
      Allowed allowed = annotation.allowed();
      String trimmed = GoText.trim(text);
      if (!trimmed.equals(text) && allowed.test().test(trimmed)) {
        return "write " + quoted(trimmed) + ", without a blank around it";
      }
      List<String> culprits = allowed.culprits().apply(text).stream().map(Reading::quoted).toList();
      return "allowed: "
          + allowed.text()
          + (culprits.isEmpty() ? "" : ", but not " + Allowed.or(culprits));
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
        case APPROXIMATED -> {
          if (annotation.differs(values)) {
            add(
                annotation,
                NginxRules.ANNOTATION_APPROXIMATED,
                "differs here: " + effect.text(),
                "nothing to do, unless something relies on the difference");
          }
        }
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
                    + closing(annotation),
                ignoresProtection
                    ? "make sure that something else protects these routes"
                    : "remove the annotation if something else protects these routes");
            close(annotation, "not enforced: " + annotation.name());
          }
        }
      }
    }

    /** A setting protects every route whose Ingress does not override it. */
    private void closeBySettings() {
      for (Setting<?> setting : settings.closing()) {
        if (Annotations.overriding(setting).stream().noneMatch(this::replacesSetting)) {
          close(null, "not enforced: the setting " + setting.key());
        }
      }
    }

    /** An annotation that only says true asks for what the setting says. */
    private boolean replacesSetting(Annotation<?> annotation) {
      return values.isGiven(annotation) && !Boolean.TRUE.equals(values.given(annotation));
    }

    private void reportUnknown(String key, String name) {
      String successor = RemovedAnnotations.successor(name);
      if (successor != null) {
        addAtName(
            key,
            NginxRules.ANNOTATION_REMOVED,
            name(key) + " was removed from the controller and does nothing",
            successor);
        return;
      }
      String meant = isSetting(name) ? null : NearestName.meant(name, Annotations.names());
      boolean opens = meant != null && asksForProtection(meant, written.get(key));
      addAtName(
          key,
          opens ? Severity.ERROR : NginxRules.ANNOTATION_UNKNOWN.severity(),
          NginxRules.ANNOTATION_UNKNOWN,
          name(key)
              + " does nothing: "
              + (isSetting(name)
                  ? name + " is a setting, not an annotation"
                  : "the controller knows no annotation of this name")
              + (opens ? UNPROTECTED : ""),
          insteadOf(name));
    }

    private static boolean isSetting(String name) {
      return Settings.byKey(name) != null || InternalSettings.KEYS.contains(name);
    }

    private static String insteadOf(String name) {
      String known = RemovedAnnotations.insteadOf(name);
      if (known != null) {
        return known;
      }
      if (isSetting(name)) {
        return asSetting(name);
      }
      String near = NearestName.advice(name, Annotations.names());
      return near == null ? "remove the annotation" : near;
    }

    /** What to do with a setting among the annotations: not all of them do something here. */
    private static String asSetting(String name) {
      Setting<?> setting = Settings.byKey(name);
      if (setting == null) {
        return "remove it: the setting is about nginx itself and has no effect here";
      }
      return switch (setting.effect().status()) {
        case ENFORCED, APPROXIMATED ->
            "write " + name + " into the ConfigMap of the controller, for all Ingresses";
        case NO_EFFECT ->
            "remove it: the setting has no effect here, for " + setting.effect().text();
        case REFUSED ->
            name.endsWith("-snippet")
                ? "say what the snippet does by other annotations, or do it in the application, and"
                    + " remove it: as a setting it would close every route here"
                : "use something else for it, and remove it: as a setting it would close every route"
                    + " here";
      };
    }

    private String closing(Annotation<?> annotation) {
      return ", so the "
          + covered(annotation)
          + " of the Ingress are "
          + (ignoresProtection ? "open without it" : "closed and answer 503");
    }

    /** What lacks the protection that an annotation asks for. */
    private String covered(Annotation<?> annotation) {
      return annotation.scope() == Scope.HOST ? "hosts" : "routes";
    }

    /**
     * Closes what an annotation was to protect.
     *
     * @param annotation the annotation; null for a setting that the Ingress goes by
     */
    private void close(@Nullable Annotation<?> annotation, String reason) {
      if (ignoresProtection) {
        return;
      }
      if (annotation != null && annotation.scope() == Scope.HOST) {
        values.closeHosts(reason);
      } else {
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

    /** A finding about the name of an annotation, wherever it stands. */
    private void addAtName(String key, Rule rule, String message, @Nullable String help) {
      addAtName(key, rule.severity(), rule, message, help);
    }

    private void addAtName(
        String key, Severity severity, Rule rule, String message, @Nullable String help) {
      findings.add(
          AnnotationValues.finding(ingress, key, rule, message)
              .withSeverity(severity)
              .withSource(ingress.metadata().annotationsOrigin().ofKey(key))
              .withHelp(help));
    }

    private void add(String key, Rule rule, String message, @Nullable String help) {
      findings.add(AnnotationValues.finding(ingress, key, rule, message).withHelp(help));
    }

    private static String quoted(String text) {
      return PrintableText.quote(text);
    }
  }
}
