package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import java.util.ArrayList;
import java.util.List;

/** Collects the annotations that one class declares, in the order of the text. */
final class Catalog {

  private final Risk risk;
  private final Category category;
  private final List<Annotation<?>> list = new ArrayList<>();

  /** Makes a catalog of annotations that are of low risk and of one category unless they say. */
  Catalog(Category category) {
    this.risk = Risk.LOW;
    this.category = category;
  }

  <T> Draft<T> declare(Group group, String name, ValueType<T> type, Allowed allowed) {
    return new Draft<>(group, name, type, allowed, list::add).risk(risk).category(category);
  }

  Draft<Boolean> bool(Group group, String name) {
    return declare(group, name, ValueType.BOOL, Allowed.BOOL);
  }

  /** A number; what is allowed says which. */
  Draft<Integer> integer(Group group, String name, Allowed allowed) {
    return declare(group, name, ValueType.INT, allowed);
  }

  Draft<Boolean> onOff(Group group, String name, Allowed allowed) {
    return declare(group, name, ValueType.ON_OFF, allowed);
  }

  Draft<String> text(Group group, String name, Allowed allowed) {
    return declare(group, name, ValueType.TEXT, allowed);
  }

  Draft<List<Cidr>> cidrs(Group group, String name) {
    return declare(group, name, ValueType.CIDRS, Allowed.CIDRS);
  }

  List<Annotation<?>> toList() {
    return List.copyOf(list);
  }
}
