package io.github.ingress4j.dialect.nginx;

/**
 * What the controller makes of an annotation whose value it cannot use.
 *
 * <p>Source: ingress-nginx v1.15.1, internal/ingress/annotations.
 */
public enum Outcome {
  /** The Ingress is not stored: it has no routes at all. */
  DROP("the Ingress is dropped"),
  /** The routes of the Ingress exist, and every request that reaches them is answered 503. */
  DENY("the routes of the Ingress answer 503"),
  /** Every request for a host of the Ingress is answered 403. */
  FORBID_HOST("the hosts of the Ingress answer 403"),
  /** The annotation counts as absent, and the rest goes on. */
  DEFAULT("the default holds"),
  /** Every annotation of the group counts as absent. */
  IGNORE_GROUP("the annotations of its group count as absent");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /**
   * Returns the outcome in words.
   *
   * @return the end of a sentence, such as {@code the Ingress is dropped}
   */
  public String text() {
    return text;
  }
}
