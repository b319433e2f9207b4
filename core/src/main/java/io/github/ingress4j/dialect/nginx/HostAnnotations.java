package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;

import java.util.List;

/** More names of a host, and the Service that stands in for one without endpoints. */
final class HostAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  static final Annotation<List<String>> SERVER_ALIAS =
      CATALOG
          .declare(
              Group.ALIASES,
              "server-alias",
              ValueType.SORTED_SET,
              new Allowed(
                  "names separated by commas, of " + CharSet.REGEX,
                  CharSet.REGEX.toClass() + "+(, ?" + CharSet.REGEX.toClass() + "+)*",
                  List.of(),
                  Shapes::isListOfNames))
          .on(Scope.HOST)
          .risk(Risk.HIGH)
          .onInvalid(DROP)
          .does("gives the host more names: literal, *.suffix, prefix.* or ~ and a pattern")
          .enforced();

  static final Annotation<String> DEFAULT_BACKEND =
      CATALOG
          .text(
              Group.DEFAULT_BACKEND,
              "default-backend",
              new Allowed(
                  "the name of a Service of the same namespace",
                  "[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
                  List.of(),
                  Shapes::isServiceName))
          .onInvalid(DROP)
          .outcome("no such Service", Outcome.DEFAULT)
          .does(
              "takes the requests when the back end has no endpoints, and answers for"
                  + " custom-http-errors")
          .enforced();

  private HostAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
