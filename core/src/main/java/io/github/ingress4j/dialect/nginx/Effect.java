package io.github.ingress4j.dialect.nginx;

/**
 * What becomes of an annotation or a setting here.
 *
 * @param status the result in one word
 * @param text one sentence without a final full stop: the difference if it is approximated, the
 *     reason and the way out if it has no effect or is refused; empty if it is enforced
 */
public record Effect(Status status, String text) {

  /** Enforced exactly. */
  static final Effect ENFORCED = new Effect(Status.ENFORCED, "");

  /** The result in one word. */
  public enum Status {
    /** It does what it does in the controller. */
    ENFORCED("enforced"),
    /** It does nearly that; the difference is stated. */
    APPROXIMATED("approximated"),
    /** It does nothing here. */
    NO_EFFECT("no effect here"),
    /** It is not obeyed, and what it should protect is closed. */
    REFUSED("refused");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /**
     * Returns how reports name the status.
     *
     * @return such as {@code no effect here}
     */
    public String word() {
      return word;
    }
  }
}
