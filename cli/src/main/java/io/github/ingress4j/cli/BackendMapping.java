package io.github.ingress4j.cli;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses that stand in for the port of a Service: {@code
 * NAMESPACE/SERVICE:PORT=HOST:PORT[,HOST:PORT]}.
 *
 * @param backend the port of the Service
 * @param endpoints where its requests go, at least one
 */
record BackendMapping(Backend.ServicePort backend, List<Endpoint> endpoints) {

  BackendMapping {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * Parses a mapping.
   *
   * @param text the form above; an IPv6 address stands in brackets
   * @return the mapping
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes the part
   *     that is wrong
   */
  static BackendMapping parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          PrintableText.quote(text)
              + " is not NAMESPACE/SERVICE:PORT=HOST:PORT, such as default/web:80=localhost:3000");
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (String part : text.substring(equals + 1).split(",", -1)) {
      endpoints.add(endpoint(part));
    }
    return new BackendMapping(ServiceName.parse(text.substring(0, equals)), endpoints);
  }

  private static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && ServiceName.isPort(text.substring(colon + 1))) {
      String host = text.substring(0, colon);
      boolean isBracketed = host.startsWith("[") && host.endsWith("]");
      if (isBracketed) {
        host = host.substring(1, host.length() - 1);
      }
      if (isBracketed == host.indexOf(':') >= 0 && (Cidr.isAddress(host) || isName(host))) {
        return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
      }
    }
    throw new IllegalArgumentException(
        PrintableText.quote(text) + " is not HOST:PORT, such as localhost:3000");
  }

  /** A name is not made of digits and dots alone: that would be an address that is none. */
  private static boolean isName(String host) {
    boolean hasLetter = false;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
      if (!isLetter && c != '.' && !(c >= '0' && c <= '9')) {
        return false;
      }
      hasLetter |= isLetter;
    }
    return hasLetter;
  }
}
