package io.github.ingress4j.policy;

import java.util.List;

/**
 * The head of an answer that came from elsewhere: from a back end or from a service that decides
 * who may pass.
 *
 * <p>In header values one character is one byte, as ISO-8859-1 reads it. Nothing here is taken on
 * trust.
 */
public interface ReplyView {

  /**
   * Returns the status.
   *
   * @return 200 to 599, or 101
   */
  int status();

  /**
   * Returns the values of a header field.
   *
   * @param name the name; case does not matter
   * @return one value a line, in order; empty if there is none
   */
  List<String> headers(String name);
}
