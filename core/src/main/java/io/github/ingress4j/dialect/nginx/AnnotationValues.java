package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.manifest.Ingress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of one Ingress as the controller understands them.
 *
 * <p>A value is that of the Ingress if it can be used, else that of the controller's setting, else
 * the default. Made by {@link AnnotationReader}.
 *
 * <p>Immutable and thread-safe once it was read.
 */
public final class AnnotationValues {

  private final Ingress ingress;
  private final ControllerSettings settings;

  /** The keys as written, with the prefix. */
  final Map<Annotation<?>, String> keys = new LinkedHashMap<>();

  private final Map<Annotation<?>, Object> values = new HashMap<>();
  private boolean isDropped;
  private @Nullable String denied;
  private @Nullable String forbidden;
  private @Nullable String closed;
  private @Nullable String hostsClosed;
  private List<Diagnostic> findings = List.of();

  AnnotationValues(Ingress ingress, ControllerSettings settings) {
    this.ingress = ingress;
    this.settings = settings;
  }

  /**
   * Returns a value.
   *
   * @param annotation the annotation
   * @param <T> its value
   * @return the value, or {@code null} if there is neither a value nor a default
   */
  public <T> @Nullable T get(Annotation<T> annotation) {
    T value = given(annotation);
    if (value != null) {
      return value;
    }
    Setting<T> setting = annotation.defaultSetting();
    return setting == null ? annotation.defaultValue() : settings.get(setting);
  }

  /**
   * Returns a value that is true or false.
   *
   * @param annotation the annotation
   * @return {@code false} also if there is neither a value nor a default
   */
  public boolean flag(Annotation<Boolean> annotation) {
    return Boolean.TRUE.equals(get(annotation));
  }

  /**
   * Returns a number.
   *
   * @param annotation the annotation
   * @return 0 if there is neither a value nor a default
   */
  public int number(Annotation<Integer> annotation) {
    Integer value = get(annotation);
    return value == null ? 0 : value;
  }

  /**
   * Returns a text.
   *
   * @param annotation the annotation
   * @return empty if there is neither a value nor a default
   */
  public String text(Annotation<String> annotation) {
    String value = get(annotation);
    return value == null ? "" : value;
  }

  /**
   * Returns the value that the Ingress itself gives.
   *
   * @param annotation the annotation
   * @param <T> its value
   * @return the value, or {@code null} if there is none or it cannot be used
   */
  @SuppressWarnings("unchecked") // A value is stored with what its own type returned.
  public <T> @Nullable T given(Annotation<T> annotation) {
    return (T) values.get(annotation);
  }

  /**
   * Returns whether the Ingress itself gives a value that can be used.
   *
   * @param annotation the annotation
   * @return {@code false} if a default holds
   */
  public boolean isGiven(Annotation<?> annotation) {
    return values.containsKey(annotation);
  }

  /**
   * Returns whether the annotation is written at all, with a usable value or not.
   *
   * @param annotation the annotation
   * @return {@code true} if it or its alias is among the annotations
   */
  public boolean isWritten(Annotation<?> annotation) {
    return keys.containsKey(annotation);
  }

  /**
   * Returns what becomes of an annotation of this Ingress.
   *
   * @param annotation the annotation
   * @return that of its declaration if its value counts; {@link Effect.Status#NO_EFFECT} if it is
   *     not written or its value does not count
   */
  public Effect.Status status(Annotation<?> annotation) {
    return isGiven(annotation) && !isDropped
        ? annotation.effect().status()
        : Effect.Status.NO_EFFECT;
  }

  /**
   * Returns the Ingress.
   *
   * @return the Ingress whose annotations these are
   */
  public Ingress ingress() {
    return ingress;
  }

  /**
   * Returns the settings whose values stand in.
   *
   * @return the settings
   */
  public ControllerSettings settings() {
    return settings;
  }

  /**
   * Returns whether the controller does not store the Ingress.
   *
   * @return {@code true} if the Ingress has no routes at all
   */
  public boolean isDropped() {
    return isDropped;
  }

  /**
   * Returns why the controller answers every request to the routes with 503.
   *
   * @return one sentence without a final full stop, or {@code null} if it does not
   */
  public @Nullable String denied() {
    return denied;
  }

  /**
   * Returns why every request for a host of the Ingress is answered 403.
   *
   * @return one sentence without a final full stop, or {@code null} if it is not
   */
  public @Nullable String forbidden() {
    return forbidden;
  }

  /**
   * Returns why the routes are closed here although the controller would serve them: a protection
   * is asked for that does not exist here, or that the controller forgets over a faulty value.
   *
   * @return one sentence without a final full stop, or {@code null} if they are open
   */
  public @Nullable String closed() {
    return closed;
  }

  /**
   * Returns why the hosts are closed here, with the routes of all their Ingresses: as {@link
   * #closed}, of a protection that the controller gives whole hosts.
   *
   * @return one sentence without a final full stop, or {@code null} if they are open
   */
  public @Nullable String hostsClosed() {
    return hostsClosed;
  }

  /**
   * Returns what was found while reading.
   *
   * @return the findings
   */
  public List<Diagnostic> findings() {
    return findings;
  }

  /**
   * Makes a finding that points at an annotation of this Ingress.
   *
   * @param annotation the annotation
   * @param rule the kind of finding
   * @param message one sentence without a final full stop
   * @return the finding; it points at the Ingress if the annotation is not written
   */
  public Diagnostic finding(Annotation<?> annotation, Rule rule, String message) {
    return finding(ingress, keys.getOrDefault(annotation, annotation.name()), rule, message);
  }

  static Diagnostic finding(Ingress ingress, String key, Rule rule, String message) {
    return Diagnostic.of(rule, message)
        .withSource(ingress.metadata().annotationsOrigin().of(key))
        .withObject(ingress.label())
        .withField("metadata.annotations");
  }

  <T> void put(Annotation<T> annotation, T value) {
    values.put(annotation, value);
  }

  void remove(Group group) {
    values.keySet().removeIf(annotation -> annotation.group() == group);
  }

  void drop() {
    isDropped = true;
  }

  void deny(String reason) {
    if (denied == null) {
      denied = reason;
    }
  }

  void forbid(String reason) {
    forbidden = reason;
  }

  void close(String reason) {
    closed = closed == null ? reason : closed + "; " + reason;
  }

  void closeHosts(String reason) {
    hostsClosed = hostsClosed == null ? reason : hostsClosed + "; " + reason;
  }

  void finish(List<Diagnostic> all) {
    findings = List.copyOf(all);
  }
}
