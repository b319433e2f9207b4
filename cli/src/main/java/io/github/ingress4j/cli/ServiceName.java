package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The port of a Service as options name it: {@code NAMESPACE/SERVICE:PORT}. */
final class ServiceName {

  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

  private static final Pattern FORM =
      Pattern.compile("(" + LABEL + ")/(" + LABEL + "):([a-z0-9-]{1,15})");

  private ServiceName() {}

  /**
   * Parses the port of a Service.
   *
   * @param text namespace, slash, Service, colon, and the number or the name of the port
   * @return the port
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it
   */
  static Backend.ServicePort parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String port = matcher.group(3);
      boolean isNumber = port.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!isNumber || isPort(port)) {
        return new Backend.ServicePort(matcher.group(1), matcher.group(2), port, isNumber);
      }
    }
    throw new IllegalArgumentException(
        PrintableText.quote(text) + " is not NAMESPACE/SERVICE:PORT, such as default/web:8080");
  }

  /** Returns whether the digits are a port from 1 to 65535, written without leading zeros. */
  static boolean isPort(String digits) {
    if (digits.isEmpty() || digits.length() > 5 || digits.charAt(0) == '0') {
      return false;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      value = value * 10 + (c - '0');
    }
    return value <= 65535;
  }
}
