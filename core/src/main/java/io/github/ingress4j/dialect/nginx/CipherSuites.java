package io.github.ingress4j.dialect.nginx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From the names that OpenSSL has for cipher suites to those of the registry.
 *
 * <table>
 *   <caption>Lists</caption>
 *   <tr><th>List</th><th>Suites</th></tr>
 *   <tr><td>{@code ECDHE-RSA-AES128-GCM-SHA256}</td><td>{@code
 *       TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, and those of TLS 1.3 if it is spoken</td></tr>
 *   <tr><td>{@code AES128-SHA:!aNULL}</td><td>{@code TLS_RSA_WITH_AES_128_CBC_SHA}</td></tr>
 *   <tr><td>{@code HIGH:!aNULL}, {@code DEFAULT}</td><td>none: those of the JVM</td></tr>
 * </table>
 *
 * <p>A word that stands for many suites means those of the JVM, which leave out what such lists
 * usually exclude. Source: openssl-ciphers(1); the lists do not concern TLS 1.3.
 */
final class CipherSuites {

  private static final List<String> TLS_1_3 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

  /** How keys are exchanged; without a name before the cipher it is RSA. */
  private static final Map<String, String> EXCHANGES =
      Map.of(
          "ECDHE-ECDSA-", "ECDHE_ECDSA",
          "ECDHE-RSA-", "ECDHE_RSA",
          "DHE-RSA-", "DHE_RSA",
          "DHE-DSS-", "DHE_DSS");

  private static final Map<String, String> CIPHERS =
      Map.of(
          "AES128-GCM-SHA256", "AES_128_GCM_SHA256",
          "AES256-GCM-SHA384", "AES_256_GCM_SHA384",
          "CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256",
          "AES128-SHA256", "AES_128_CBC_SHA256",
          "AES256-SHA256", "AES_256_CBC_SHA256",
          "AES256-SHA384", "AES_256_CBC_SHA384",
          "AES128-SHA", "AES_128_CBC_SHA",
          "AES256-SHA", "AES_256_CBC_SHA");

  private CipherSuites() {}

  /**
   * Translates a list.
   *
   * @param list the list as OpenSSL reads it: items between colons, commas or blanks
   * @param protocols the versions that are spoken
   * @return the suites in the order of the list; empty for those of the JVM
   */
  static List<String> of(String list, List<String> protocols) {
    Set<String> suites = new LinkedHashSet<>();
    Set<String> excluded = new LinkedHashSet<>();
    for (String item : list.split("[:, ]+", -1)) {
      if (item.isEmpty() || item.startsWith("@")) {
        continue;
      }
      boolean isExcluded = item.startsWith("!") || item.startsWith("-");
      String suite = suite(isExcluded || item.startsWith("+") ? item.substring(1) : item);
      if (isExcluded) {
        if (suite != null) {
          excluded.add(suite);
        }
      } else if (suite != null) {
        suites.add(suite);
      } else {
        return List.of();
      }
    }
    suites.removeAll(excluded);
    if (suites.isEmpty()) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    if (protocols.contains("TLSv1.3")) {
      all.addAll(TLS_1_3);
    }
    all.addAll(suites);
    return List.copyOf(all);
  }

  private static @Nullable String suite(String name) {
    if (name.startsWith("TLS_") && name.contains("_WITH_")) {
      return name;
    }
    for (Map.Entry<String, String> exchange : EXCHANGES.entrySet()) {
      if (name.startsWith(exchange.getKey())) {
        String cipher = CIPHERS.get(name.substring(exchange.getKey().length()));
        return cipher == null ? null : "TLS_" + exchange.getValue() + "_WITH_" + cipher;
      }
    }
    String cipher = CIPHERS.get(name);
    return cipher == null || name.startsWith("CHACHA") ? null : "TLS_RSA_WITH_" + cipher;
  }
}
