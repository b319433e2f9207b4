package io.github.ingress4j.routing;

/**
 * Why a request is refused before it is routed.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind the class of the fault, which decides the status of the answer
 * @param explanation one or two sentences for a person: what was seen, why it is refused, and what
 *     to send instead; printable ASCII on one line, with at most 200 characters of each text that
 *     the client sent
 */
public record Refusal(Kind kind, String explanation) {

  /** The classes of faults. */
  public enum Kind {
    /** The request breaks a rule of HTTP, of URLs or of this router. */
    MALFORMED(400),
    /** Back ends disagree on which path the request names. */
    AMBIGUOUS_PATH(400),
    /** The method is known and never allowed here. */
    METHOD_NOT_ALLOWED(405),
    /** The method asks for something that this router does not do, such as a tunnel. */
    NOT_IMPLEMENTED(501),
    /** The request target is longer than the limit. */
    URI_TOO_LONG(414),
    /** The version of HTTP is not spoken here. */
    VERSION_NOT_SUPPORTED(505);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /**
     * Returns the status to answer with.
     *
     * @return an HTTP status of the classes 4xx and 5xx
     */
    public int status() {
      return status;
    }
  }

  static Refusal malformed(String explanation) {
    return new Refusal(Kind.MALFORMED, explanation);
  }

  static Refusal ambiguous(String explanation) {
    return new Refusal(Kind.AMBIGUOUS_PATH, explanation);
  }
}
