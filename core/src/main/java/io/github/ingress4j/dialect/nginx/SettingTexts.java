package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How texts of the controller's ConfigMap become values, with the leniency of its decoder.
 *
 * <p>Source: ingress-nginx v1.15.1, template/configmap.go.
 */
final class SettingTexts {

  private static final Pattern IPV6_HOST = Pattern.compile("\\[[0-9A-Fa-f:.]+]");

  private SettingTexts() {}

  /** The decoder of the ConfigMap takes no text for false. */
  static @Nullable Boolean lenientBool(String text) {
    return text.isEmpty() ? Boolean.FALSE : GoText.bool(text);
  }

  /** The decoder of the ConfigMap takes no text for 0, and prefixes such as 0x. */
  static @Nullable Integer lenientInt(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      int sign = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
      String digits = text.substring(sign).toLowerCase(Locale.ROOT);
      boolean isHexadecimal = digits.startsWith("0x");
      boolean isOctal = !isHexadecimal && digits.length() > 1 && digits.charAt(0) == '0';
      String plain = isHexadecimal ? digits.substring(2) : digits;
      if (plain.isEmpty() || plain.charAt(0) == '-' || plain.charAt(0) == '+') {
        return null;
      }
      int value = Integer.parseInt(plain, isHexadecimal ? 16 : isOctal ? 8 : 10);
      return text.charAt(0) == '-' ? -value : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static boolean isErrorStatus(int status) {
    return status >= 400 && status <= 599;
  }

  /** No text is no service; the address of IPv6 is left out, because its colons are no port's. */
  static boolean isServiceOrEmpty(String text) {
    return text.isEmpty()
        || GoUrl.serviceFault(IPV6_HOST.matcher(text).replaceFirst("ipv6")) == null;
  }

  /** The controller takes every other word for the lowest level. */
  static @Nullable String algorithm(String text) {
    return Settings.ALGORITHMS.contains(text) ? text : null;
  }

  static @Nullable Risk risk(String text) {
    for (Risk risk : Risk.values()) {
      if (risk.word().equalsIgnoreCase(text)) {
        return risk;
      }
    }
    return null;
  }

  /** A status that can be replaced, or null. */
  static @Nullable Integer status(String text) {
    Integer status = GoText.integer(text);
    return status != null && status >= 300 && status <= 599 ? status : null;
  }

  /** A block of addresses, or null. */
  static @Nullable Cidr block(String text) {
    List<Cidr> blocks = ValueType.CIDRS.parse(text);
    return blocks == null || blocks.size() != 1 ? null : blocks.get(0);
  }
}
