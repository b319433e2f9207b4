package io.github.ingress4j.dialect.nginx;

/** How dangerous the controller rates an annotation, least first. */
public enum Risk {
  /** Its values come from a short list. */
  LOW("Low"),
  /** Its values come from a narrow set of characters. */
  MEDIUM("Medium"),
  /** Its values reach the configuration of nginx as expressions or variables. */
  HIGH("High"),
  /** Its value is configuration of nginx. */
  CRITICAL("Critical");

  private final String word;

  Risk(String word) {
    this.word = word;
  }

  /**
   * Returns the word that the setting {@code annotations-risk-level} uses.
   *
   * @return such as {@code High}
   */
  public String word() {
    return word;
  }
}
