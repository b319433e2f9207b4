package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the controller, read from its ConfigMap.
 *
 * <p>Reading is lenient, as it is there: a value that cannot be used leaves the default in force
 * and becomes a finding.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1, template/configmap.go.
 */
public final class ControllerSettings {

  /** The ConfigMap of a controller that was installed as its manual says. */
  public static final String DEFAULT_NAME = "ingress-nginx/ingress-nginx-controller";

  /** The settings without a ConfigMap. */
  public static final ControllerSettings NONE =
      new ControllerSettings(Map.of(), List.of(), List.of(), null);

  private final Map<Setting<?>, Object> values;

  /** The settings that say who may pass: with an unusable value nobody knows. */
  private static final Set<Setting<?>> ACCESS =
      Set.of(
          Settings.WHITELIST_SOURCE_RANGE,
          Settings.DENYLIST_SOURCE_RANGE,
          Settings.BLOCK_CIDRS,
          Settings.ENABLE_MODSECURITY,
          Settings.GLOBAL_AUTH_URL);

  /**
   * The settings that differ as long as they have their default, or nobody is named whom to
   * believe, which is a finding of its own.
   */
  private static final Set<Setting<?>> DEFAULTS_DIFFER =
      Set.of(
          Settings.STRICT_VALIDATE_PATH_TYPE,
          Settings.USE_FORWARDED_HEADERS,
          Settings.PROXY_REAL_IP_CIDR);

  /** What only counts on the paths of Ingresses. */
  private static final Set<Setting<?>> OF_INGRESSES =
      Set.of(
          Settings.WHITELIST_SOURCE_RANGE,
          Settings.DENYLIST_SOURCE_RANGE,
          Settings.GLOBAL_AUTH_URL);

  private final List<Setting<?>> closing;
  private final List<Diagnostic> findings;
  private final @Nullable ConfigMap map;

  private ControllerSettings(
      Map<Setting<?>, Object> values,
      List<Setting<?>> closing,
      List<Diagnostic> findings,
      @Nullable ConfigMap map) {
    this.map = map;
    this.values = values;
    this.closing = closing;
    this.findings = findings;
  }

  /**
   * Reads the ConfigMap of an input.
   *
   * @param manifests the input
   * @param name namespace, slash and name of the ConfigMap; {@code null} for {@link #DEFAULT_NAME},
   *     which may be absent
   * @return the settings; one that is named and absent is a finding
   */
  public static ControllerSettings read(ManifestSet manifests, @Nullable String name) {
    String wanted = name == null ? DEFAULT_NAME : name;
    int slash = wanted.indexOf('/');
    ConfigMap map =
        manifests.configMap(wanted.substring(0, Math.max(0, slash)), wanted.substring(slash + 1));
    if (map != null) {
      return of(map);
    }
    if (name == null) {
      return NONE;
    }
    return new ControllerSettings(
        Map.of(),
        List.of(),
        List.of(
            Diagnostic.of(
                    NginxRules.SETTING_MAP_MISSING,
                    "there is no ConfigMap " + PrintableText.quote(name) + " in the input")
                .withHelp("add the ConfigMap, or name another one as namespace/name")),
        null);
  }

  /**
   * Reads a ConfigMap.
   *
   * @param map the ConfigMap
   * @return the settings
   */
  public static ControllerSettings of(ConfigMap map) {
    Map<Setting<?>, Object> values = new HashMap<>();
    List<Setting<?>> closing = new ArrayList<>();
    List<Diagnostic> findings = new ArrayList<>();
    for (Map.Entry<String, String> entry : map.data().entrySet()) {
      Setting<?> setting = Settings.byKey(entry.getKey());
      if (setting == null) {
        findings.add(unknown(map, entry.getKey()));
      } else {
        read(map, setting, entry.getValue(), values, closing, findings);
      }
    }
    return new ControllerSettings(
        Map.copyOf(values), List.copyOf(closing), List.copyOf(findings), map);
  }

  private static <T> void read(
      ConfigMap map,
      Setting<T> setting,
      String text,
      Map<Setting<?>, Object> values,
      List<Setting<?>> closing,
      List<Diagnostic> findings) {
    // The blocklist is the one setting whose blanks count.
    boolean isVerbatim = setting == Settings.ANNOTATION_VALUE_WORD_BLOCKLIST;
    T value = setting.parse(isVerbatim ? text : GoText.trim(text));
    if (value == null && setting == Settings.ANNOTATIONS_RISK_LEVEL) {
      values.put(setting, Risk.LOW);
    }
    if (value == null) {
      // How long an answer counts is a part of the question who may pass.
      boolean isOfService = setting == Settings.GLOBAL_AUTH_CACHE_DURATION && asksForAll(map);
      boolean closes = ACCESS.contains(setting) || isOfService;
      String result = setting.defaultText().isEmpty() ? "it counts as absent" : "the default holds";
      if (isOfService) {
        closing.add(Settings.GLOBAL_AUTH_URL);
        result = "the routes that global-auth-url covers are closed and answer 503";
      } else if (closes) {
        closing.add(setting);
        result = "the routes it covers are closed and answer 503";
      } else if (setting == Settings.ANNOTATIONS_RISK_LEVEL) {
        result = "the controller takes it for Low";
      }
      Diagnostic finding =
          finding(
              map,
              setting.key(),
              NginxRules.SETTING_INVALID,
              "the setting "
                  + setting.key()
                  + " is "
                  + PrintableText.quote(text)
                  + ", which cannot be used, so "
                  + result);
      findings.add(
          (closes ? finding.withSeverity(Severity.ERROR) : finding)
              .withHelp("write " + setting.allowed()));
      return;
    }
    for (String item : setting.leftOut(text)) {
      findings.add(
          finding(
                  map,
                  setting.key(),
                  NginxRules.SETTING_INVALID,
                  "the item "
                      + PrintableText.quote(item)
                      + " of the setting "
                      + setting.key()
                      + " cannot be used, so it is left out")
              .withHelp("write " + setting.allowed()));
    }
    values.put(setting, value);
    if (setting == Settings.ANNOTATION_VALUE_WORD_BLOCKLIST
        && AnnotationReader.blockedWords(text).contains("")) {
      findings.add(
          finding(
                  map,
                  setting.key(),
                  NginxRules.ANNOTATION_WORD_BLOCKED,
                  "the setting "
                      + setting.key()
                      + " has an empty item, which blocks every value, so every Ingress with an"
                      + " annotation of the controller is dropped")
              .withHelp("remove the comma that nothing stands before or behind"));
    }
    if (value.equals(setting.defaultValue())) {
      return;
    }
    Effect effect = setting.effect();
    switch (effect.status()) {
      case ENFORCED -> {}
      case APPROXIMATED -> {
        if (!DEFAULTS_DIFFER.contains(setting)) {
          findings.add(
              finding(
                      map,
                      setting.key(),
                      NginxRules.SETTING_APPROXIMATED,
                      "the setting " + setting.key() + " differs here: " + effect.text())
                  .withHelp("nothing to do, unless something relies on the difference"));
        }
      }
      case NO_EFFECT ->
          findings.add(
              finding(
                  map,
                  setting.key(),
                  NginxRules.SETTING_NO_EFFECT,
                  "the setting " + setting.key() + " has no effect here: " + effect.text()));
      case REFUSED -> {
        if (setting == Settings.GLOBAL_AUTH_SNIPPET) {
          // It is a part of the question who may pass, and counts where that is asked.
          if (asksForAll(map)) {
            closing.add(Settings.GLOBAL_AUTH_URL);
          }
          findings.add(snippet(map, setting));
        } else if (setting.closes(value)) {
          closing.add(setting);
          findings.add(
              setting.key().endsWith("-snippet")
                  ? snippet(map, setting)
                  : unavailable(map, setting));
        }
      }
    }
  }

  /** Whether a service is asked about the requests of every Ingress that does not say otherwise. */
  private static boolean asksForAll(ConfigMap map) {
    return !GoText.trim(map.data().getOrDefault(Settings.GLOBAL_AUTH_URL.key(), "")).isEmpty();
  }

  /** What the text does is not known: it may be all that keeps somebody out. */
  private static Diagnostic snippet(ConfigMap map, Setting<?> setting) {
    if (setting == Settings.GLOBAL_AUTH_SNIPPET && !asksForAll(map)) {
      return finding(
              map,
              setting.key(),
              NginxRules.SETTING_SNIPPET,
              "the setting "
                  + setting.key()
                  + " holds configuration of nginx, which is never run here, and has no effect"
                  + " without global-auth-url")
          .withSeverity(Severity.WARNING)
          .withHelp("remove the snippet");
    }
    String covered =
        setting == Settings.GLOBAL_AUTH_SNIPPET ? "that global-auth-url covers" : "it covers";
    return finding(
            map,
            setting.key(),
            NginxRules.SETTING_SNIPPET,
            "the setting "
                + setting.key()
                + " holds configuration of nginx, which is never run here and may protect"
                + " something, so the routes "
                + covered
                + " are closed and answer 503")
        .withHelp(
            "say what the snippet does by other settings or annotations, or do it in the"
                + " application, and remove the snippet");
  }

  private static Diagnostic unavailable(ConfigMap map, Setting<?> setting) {
    return finding(
            map,
            setting.key(),
            NginxRules.PROTECTION_UNAVAILABLE,
            "the setting "
                + setting.key()
                + " asks for a protection that does not exist here, so the routes it"
                + " covers are closed and answer 503")
        .withHelp("remove the setting if something else protects these routes");
  }

  private static Diagnostic unknown(ConfigMap map, String key) {
    if (InternalSettings.KEYS.contains(key)) {
      return finding(
          map,
          key,
          NginxRules.SETTING_NO_EFFECT,
          "the setting " + key + " has no effect here: it is about nginx itself");
    }
    String near = NearestName.meant(key, Settings.keys());
    boolean opens = near != null && keepsOut(near, map.data().getOrDefault(key, ""));
    Diagnostic finding =
        finding(
                map,
                key,
                NginxRules.SETTING_UNKNOWN,
                "the controller knows no setting "
                    + PrintableText.quote(key)
                    + (opens ? ", so nothing is protected by it" : ""))
            .withSource(map.dataOrigin().ofKey(key))
            .withHelp(NearestName.advice(key, Settings.keys()));
    return opens ? finding.withSeverity(Severity.ERROR) : finding;
  }

  /** Whether somebody believes that a setting of this key and value keeps somebody out. */
  private static boolean keepsOut(String key, String text) {
    Setting<?> setting = Settings.byKey(key);
    return setting != null
        && (ACCESS.contains(setting)
            || setting == Settings.BLOCK_USER_AGENTS
            || setting == Settings.BLOCK_REFERERS)
        && !Boolean.FALSE.equals(setting.parse(GoText.trim(text)));
  }

  private static Diagnostic finding(ConfigMap map, String key, Rule rule, String message) {
    return Diagnostic.of(rule, message)
        .withSource(map.dataOrigin().of(key))
        .withObject(map.label())
        .withField("data[" + PrintableText.escape(key, 100) + "]");
  }

  /**
   * Returns the value of a setting.
   *
   * @param setting the setting
   * @param <T> its value
   * @return the value of the ConfigMap, else the default, which may be {@code null}
   */
  public <T> @Nullable T get(Setting<T> setting) {
    T value = given(setting);
    return value == null ? setting.defaultValue() : value;
  }

  /**
   * Returns a setting that is true or false.
   *
   * @param setting the setting
   * @return {@code false} also if it has no value at all
   */
  public boolean flag(Setting<Boolean> setting) {
    return Boolean.TRUE.equals(get(setting));
  }

  /**
   * Returns whether the ConfigMap has a usable value of a setting.
   *
   * @param setting the setting
   * @return {@code false} if the default holds
   */
  public boolean isGiven(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /**
   * Makes a finding that points at a setting.
   *
   * @param setting the setting
   * @param rule the kind of finding
   * @param message one sentence without a final full stop
   * @return the finding; without a place if there is no ConfigMap
   */
  public Diagnostic finding(Setting<?> setting, Rule rule, String message) {
    return map == null ? Diagnostic.of(rule, message) : finding(map, setting.key(), rule, message);
  }

  /**
   * Returns what was found while reading.
   *
   * @return the findings in the order of the ConfigMap
   */
  public List<Diagnostic> findings() {
    return findings;
  }

  /** Equal are settings of which everything is equal, the findings included. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ControllerSettings that
        && values.equals(that.values)
        && findings.equals(that.findings);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The settings that ask for a protection that does not exist here. */
  List<Setting<?>> closing() {
    return closing;
  }

  /** Those of {@link #closing} that are not just what Ingresses go by that say nothing else. */
  List<Setting<?>> closingEverywhere() {
    return closing.stream().filter(setting -> !OF_INGRESSES.contains(setting)).toList();
  }

  @SuppressWarnings("unchecked") // A setting is stored with what its own parser returned.
  private <T> @Nullable T given(Setting<T> setting) {
    return (T) values.get(setting);
  }
}
