package io.github.ingress4j.policy;

/**
 * How large the body of a request may be.
 *
 * <table>
 *   <caption>Sizes as nginx writes them</caption>
 *   <tr><th>Text</th><th>Bytes</th></tr>
 *   <tr><td>{@code 500}</td><td>500</td></tr>
 *   <tr><td>{@code 8k}, {@code 1m}, {@code 2g}, in any letter case</td><td>8192, 1048576,
 *       2147483648</td></tr>
 *   <tr><td>{@code 0}</td><td>no limit</td></tr>
 *   <tr><td>{@code 8b} and whatever else is no size</td><td>1048576, the limit of nginx where none is
 *       set</td></tr>
 * </table>
 *
 * <p>Immutable and thread-safe. Source: the annotation {@code proxy-body-size} of ingress-nginx.
 *
 * @param bytes the largest body that may pass; 0 for no limit
 */
public record BodyLimit(long bytes) {

  /** Every body may pass. */
  public static final BodyLimit NONE = new BodyLimit(0);

  /** One megabyte, which nginx allows unless it is told otherwise. */
  public static final BodyLimit DEFAULT = new BodyLimit(1024 * 1024);

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public BodyLimit {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit of " + bytes + " bytes is negative");
    }
  }

  /**
   * Reads a size.
   *
   * @param text digits, with {@code k}, {@code m} or {@code g} behind them or nothing; blanks
   *     around them do not matter
   * @return the limit; {@link #DEFAULT} for a text that nginx would not be given
   */
  public static BodyLimit parse(String text) {
    String size = text.trim();
    if (size.isEmpty()) {
      return DEFAULT;
    }
    int shift =
        switch (size.charAt(size.length() - 1)) {
          case 'k', 'K' -> 10;
          case 'm', 'M' -> 20;
          case 'g', 'G' -> 30;
          default -> 0;
        };
    int end = shift == 0 ? size.length() : size.length() - 1;
    if (end == 0) {
      return DEFAULT;
    }
    long most = Long.MAX_VALUE >> shift;
    long number = 0;
    for (int i = 0; i < end; i++) {
      int digit = size.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return DEFAULT;
      }
      // More than a long holds is more than anybody sends.
      number = number > (most - digit) / 10 ? most : number * 10 + digit;
    }
    return new BodyLimit(number << shift);
  }

  /**
   * Returns whether a body may pass.
   *
   * @param length the bytes; what is not known in advance, -1, may pass until more has come
   * @return {@code true} if there is no limit or it is not exceeded
   */
  public boolean allows(long length) {
    return bytes == 0 || length <= bytes;
  }
}
