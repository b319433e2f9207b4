package io.github.ingress4j.dialect.nginx;

/** Where the value of an annotation really takes effect. */
public enum Scope {
  /** The paths of the Ingress, and the rest of a host if the Ingress is the first of that host. */
  PATH("its paths"),
  /** The paths of the Ingress; one side effect reaches every path of their hosts. */
  PATH_AND_HOST("its paths, with an effect on every path of their hosts"),
  /** Every path of the hosts of the Ingress; the first Ingress with a value counts. */
  HOST("every path of its hosts"),
  /** The Service and port, wherever an Ingress uses them. */
  UPSTREAM("its Services, wherever they are used"),
  /** All paths of the Ingress together. */
  INGRESS("all its paths together"),
  /** The whole proxy. */
  GLOBAL("the whole proxy");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /**
   * Returns the scope in words.
   *
   * @return such as {@code its paths}
   */
  public String text() {
    return text;
  }
}
