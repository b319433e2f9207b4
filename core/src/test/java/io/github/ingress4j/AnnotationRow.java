package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of annotations: a value with what it changes, and values that cannot be used
 * with what becomes of them.
 *
 * <p>Unless it says otherwise, the annotation stands on an Ingress that sends {@code a.test/x} to
 * the Service {@code web} with one endpoint. Everything is looked at twice, without the annotation
 * and with it; the host {@code b.test} of another Ingress must be the same both times.
 */
final class AnnotationRow {

  /** The address that the annotated Ingress answers for. */
  static final String URL = "http://a.test/x";

  private static final String KEY = "nginx.ingress.kubernetes.io/";

  /** Requests of many kinds. */
  private static final List<SimpleRequest> ANY =
      List.of(
          Observation.get(URL),
          Observation.get("https://a.test/x/y?z=1", "Origin: https://c.test", "Cookie: a=b"),
          Observation.get("http://a.test/"),
          Observation.get("http://www.a.test/x"),
          Observation.options(URL, "Origin: https://c.test"),
          Observation.post(URL, 5_000_000),
          Observation.post(URL, 50));

  /** What becomes of a value that cannot be used: ingress-nginx, section 2.5. */
  enum Fate {
    /** Everything is as without the annotation. */
    DEFAULTED("annotation-defaulted", null),
    /** The Ingress is dropped. */
    DROPPED("annotation-drops-ingress", "404 no-route"),
    /** The routes of the Ingress answer 503. */
    DENIED("annotation-denies-routes", "503 route-closed"),
    /** The controller would forget a protection; here the routes are closed. */
    CLOSED("annotation-defaulted", "503 route-closed"),
    /** The controller would forget the protections of the group; here the routes are closed. */
    CLOSED_WITH_GROUP("annotation-voids-group", "503 route-closed"),
    /** Configuration of nginx, which a controller of the default settings refuses. */
    REJECTED("annotation-snippet", "404 no-route");

    private final String rule;
    private final @Nullable String place;

    Fate(String rule, @Nullable String place) {
      this.rule = rule;
      this.place = place;
    }
  }

  /** What is seen of something without the annotation and with it. */
  private record Change(Observation seen, String without, String with) {}

  /** A value that cannot be used, and what becomes of it. */
  final class Unusable {

    private final String value;
    private final String rule;
    private final @Nullable Fate fate;
    private final Observation seen;
    private final @Nullable String expected;
    private final String[] settings;

    private Unusable(
        String value,
        String rule,
        @Nullable Fate fate,
        Observation seen,
        @Nullable String expected,
        String[] settings) {
      this.value = value;
      this.rule = rule;
      this.fate = fate;
      this.seen = seen;
      this.expected = expected;
      this.settings = settings;
    }

    String name() {
      return name;
    }

    /** Proves what becomes of the value, and that it is said. */
    void prove() {
      NginxInput with = input(value, settings);
      NginxInput without = input(null, settings);
      List<String> known = new ArrayList<>(said);
      known.add(rule);
      assertThat(reported(with)).as("%s", this).contains(rule).isSubsetOf(known);
      if (expected == null) {
        for (Change change : changes) {
          assertThat(look(change.seen, with)).as("%s", this).isEqualTo(change.without);
        }
        proveUnchanged(with, without);
      } else {
        assertThat(look(seen, with)).as("%s", this).isEqualTo(expected);
        if (fate != null) {
          assertThat(look(seen, without)).as("%s: without", this).isNotEqualTo(expected);
          assertThat(findings(with))
              .as("%s", this)
              .filteredOn(finding -> finding.rule().id().equals(rule))
              .allMatch(Diagnostic::isError);
        }
      }
      proveOthersUnchanged(with, without);
    }

    @Override
    public String toString() {
      return name
          + ": \""
          + value
          + "\" is reported as "
          + rule
          + ", "
          + (expected == null ? "and counts as absent" : "and gives " + expected);
    }
  }

  private final String name;
  private final String value;
  private String rules = "a.test /x web:80";
  private final List<String> beside = new ArrayList<>();
  private UnaryOperator<NginxInput> older = input -> input;
  private UnaryOperator<NginxInput> others = input -> input;
  private UnaryOperator<NginxInput> web = input -> input.backend("web", "10.0.0.1");
  private String[] settings = {};
  private final List<Change> changes = new ArrayList<>();
  private boolean isUnchanged;
  private final List<String> said = new ArrayList<>();
  private final List<Unusable> unusable = new ArrayList<>();

  private AnnotationRow(String name, String value) {
    this.name = name;
    this.value = value;
  }

  /** A row of the annotation with a value that it takes. */
  static AnnotationRow row(String name, String value) {
    return new AnnotationRow(name, value);
  }

  /** A row of a canary: the annotation stands on a younger Ingress beside that of a.test/x. */
  static AnnotationRow canary(String name, String value, String... ofMain) {
    return row(name, value)
        .rules("a.test /x new:80")
        .older(input -> input.ingress("main", "a.test /x web:80", ofMain))
        .others(input -> input.backend("new", "10.0.1.1"));
  }

  /** The rules of the annotated Ingress, as {@link NginxInput#ingress} takes them. */
  AnnotationRow rules(String text) {
    rules = text;
    return this;
  }

  /** Annotations that stand beside it, with and without it. */
  AnnotationRow beside(String... annotations) {
    beside.addAll(Arrays.asList(annotations));
    return this;
  }

  /** Objects that are older than the annotated Ingress. */
  AnnotationRow older(UnaryOperator<NginxInput> objects) {
    older = objects;
    return this;
  }

  /** Objects besides. */
  AnnotationRow others(UnaryOperator<NginxInput> objects) {
    others = objects;
    return this;
  }

  /** The addresses of the endpoints of the Service web; none of them is ready if there are none. */
  AnnotationRow pods(String... addresses) {
    web =
        input ->
            addresses.length == 0 ? input.emptyBackend("web") : input.backend("web", addresses);
    return this;
  }

  /** The Service web itself. */
  AnnotationRow web(UnaryOperator<NginxInput> objects) {
    web = objects;
    return this;
  }

  /** Settings of the controller. */
  AnnotationRow settings(String... lines) {
    settings = lines;
    return this;
  }

  /** What is different. */
  AnnotationRow changes(Observation seen, String without, String with) {
    assertThat(with).as(name + " changes something").isNotEqualTo(without);
    changes.add(new Change(seen, without, with));
    return this;
  }

  /** Nothing is different. */
  AnnotationRow changesNothing() {
    isUnchanged = true;
    return this;
  }

  /** The rules of all findings about the annotation, if there are any. */
  AnnotationRow says(String... rulesOfFindings) {
    said.addAll(Arrays.asList(rulesOfFindings));
    return this;
  }

  /** A value that cannot be used. */
  AnnotationRow unusable(String text, Fate fate) {
    unusable.add(
        new Unusable(
            text,
            fate.rule,
            fate,
            Observation.place(URL),
            fate.place,
            fate == Fate.REJECTED ? new String[0] : settings));
    return this;
  }

  /** A value that cannot be used, where what becomes of it is seen elsewhere or is special. */
  AnnotationRow unusable(String text, String rule, Observation seen, String expected) {
    unusable.add(new Unusable(text, rule, null, seen, expected, settings));
    return this;
  }

  String name() {
    return name;
  }

  boolean hasEffect() {
    return !changes.isEmpty();
  }

  boolean hasNone() {
    return isUnchanged;
  }

  List<Unusable> unusableValues() {
    return unusable;
  }

  /** Proves what the value changes, and what is said about it. */
  void prove() {
    NginxInput without = input(null, settings);
    NginxInput with = input(value, settings);
    for (Change change : changes) {
      assertThat(look(change.seen, without)).as("%s: without", this).isEqualTo(change.without);
      assertThat(look(change.seen, with)).as("%s", this).isEqualTo(change.with);
    }
    if (isUnchanged) {
      proveUnchanged(with, without);
    }
    assertThat(reported(without)).as("%s: without", this).isEmpty();
    assertThat(reported(with)).as("%s", this).containsExactlyElementsOf(said);
    proveOthersUnchanged(with, without);
  }

  private void proveUnchanged(NginxInput with, NginxInput without) {
    for (SimpleRequest request : ANY) {
      Observation all = Observation.everything(request);
      assertThat(look(all, with)).as("%s: %s", this, request).isEqualTo(look(all, without));
    }
  }

  private void proveOthersUnchanged(NginxInput with, NginxInput without) {
    Observation other = Observation.everything(Observation.get("http://b.test/x"));
    assertThat(look(other, with)).as("%s: another Ingress", this).isEqualTo(look(other, without));
  }

  private NginxInput input(@Nullable String text, String[] lines) {
    List<String> annotations = new ArrayList<>(beside);
    if (text != null) {
      annotations.add(name + ": " + text);
    }
    NginxInput input = older.apply(new NginxInput());
    input.ingress("own", rules, annotations.toArray(String[]::new));
    input.ingress("other", "b.test /x other:80").backend("other", "10.0.9.1");
    input = others.apply(web.apply(input));
    return lines.length == 0 ? input : input.settings(lines);
  }

  private static String look(Observation seen, NginxInput input) {
    Clock clock = new Clock();
    return seen.look(input.builder().clock(clock).build(), clock);
  }

  /** The findings that name the annotation. */
  private List<Diagnostic> findings(NginxInput input) {
    return input.router().diagnostics().stream().filter(this::isAbout).toList();
  }

  private List<String> reported(NginxInput input) {
    return findings(input).stream().map(finding -> finding.rule().id()).distinct().toList();
  }

  private boolean isAbout(Diagnostic finding) {
    String message = finding.message();
    return "Ingress default/own".equals(finding.object())
        && (message.contains(KEY + name + " ")
            || message.startsWith(name + " ")
            || message.startsWith(name + ":"));
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }

  /** A clock that is put forward. */
  static final class Clock implements InstantSource {

    private Instant now = NginxInput.NOW;

    void advance(long millis) {
      now = now.plusMillis(millis);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
