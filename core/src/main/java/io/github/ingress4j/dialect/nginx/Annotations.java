package io.github.ingress4j.dialect.nginx;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every annotation of the controller, 136 and two aliases.
 *
 * <p>Source: ingress-nginx v1.15.1, internal/ingress/annotations/annotations.go.
 */
public final class Annotations {

  /** The prefix unless the controller is told another one. */
  public static final String DEFAULT_PREFIX = "nginx.ingress.kubernetes.io";

  /** Every annotation, in the order in which they are read: by group, and as declared in each. */
  public static final List<Annotation<?>> ALL =
      Stream.of(
              RewriteAnnotations.all(),
              RedirectAnnotations.all(),
              HostAnnotations.all(),
              CanaryAnnotations.all(),
              AffinityAnnotations.all(),
              UpstreamAnnotations.all(),
              CorsAnnotations.all(),
              ResponseAnnotations.all(),
              ProxyAnnotations.all(),
              MirrorAnnotations.all(),
              LimitAnnotations.all(),
              TlsAnnotations.all(),
              AccessAnnotations.all(),
              ExternalAuthAnnotations.all(),
              FirewallAnnotations.all(),
              SnippetAnnotations.all(),
              ServerAnnotations.all())
          .flatMap(Collection::stream)
          .sorted(Comparator.comparing(Annotation::group))
          .toList();

  private static final Map<Annotation<?>, Integer> POSITIONS = new HashMap<>();

  /**
   * The order of {@link #ALL}. No two annotations are equal in it: one of two that were would get
   * lost in a sorted map, and a protection with it.
   */
  static final Comparator<Annotation<?>> READING_ORDER =
      Comparator.comparingInt(annotation -> Objects.requireNonNull(POSITIONS.get(annotation)));

  /** Those whose absence may be a fault. */
  static final List<Annotation<?>> REQUIRED = ALL.stream().filter(Annotation::isRequired).toList();

  private static final Map<String, Annotation<?>> BY_NAME = new TreeMap<>();
  private static final Map<Setting<?>, List<Annotation<?>>> OVERRIDING = new HashMap<>();

  static {
    for (int i = 0; i < ALL.size(); i++) {
      POSITIONS.put(ALL.get(i), i);
    }
    for (Setting<?> setting : Settings.ALL) {
      OVERRIDING.put(
          setting, ALL.stream().filter(annotation -> annotation.overrides(setting)).toList());
    }
    for (Annotation<?> annotation : ALL) {
      BY_NAME.put(annotation.name(), annotation);
      annotation.aliases().forEach(alias -> BY_NAME.put(alias, annotation));
    }
  }

  private Annotations() {}

  /**
   * Returns an annotation.
   *
   * @param name a name or an alias without the prefix
   * @return the annotation, or {@code null} if the controller knows none of this name
   */
  public static @Nullable Annotation<?> byName(String name) {
    return BY_NAME.get(name);
  }

  /** Returns every name and alias. */
  static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /** Returns the annotations that take the place of a setting. */
  static List<Annotation<?>> overriding(Setting<?> setting) {
    return OVERRIDING.getOrDefault(setting, List.of());
  }
}
