package io.github.ingress4j.servlet;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.PrintableText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the operator sends the requests of a back end.
 *
 * <p>Immutable but for the turns of the addresses; thread-safe.
 */
sealed interface BackendMapping {

  /**
   * Parses the text of a setting.
   *
   * @throws IllegalArgumentException if it has none of the two forms
   */
  static BackendMapping parse(String text) {
    if (text.startsWith("context:")) {
      String path = text.substring("context:".length());
      if (!path.startsWith("/") || path.indexOf('?') >= 0 || ContainerPath.isUnsafe(path)) {
        throw new IllegalArgumentException(
            PrintableText.quote(text) + " needs a plain path after context:, such as context:/pay");
      }
      return new Context(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
    List<HostPort> hosts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      hosts.add(HostPort.parse(part.trim(), text));
    }
    return new Addresses(List.copyOf(hosts), new AtomicInteger());
  }

  /**
   * Returns the text if it names a Service's port as rules do.
   *
   * @throws IllegalArgumentException if it does not
   */
  static String requireBackend(String text) {
    int slash = text.indexOf('/');
    int colon = text.lastIndexOf(':');
    if (slash < 1 || colon < slash + 2 || colon == text.length() - 1) {
      throw new IllegalArgumentException(
          PrintableText.quote(text) + " is not a Service's port, such as default/nginx-svc:9080");
    }
    return text;
  }

  /**
   * Another path of the container.
   *
   * @param path empty, or beginning and not ending with {@code /}
   */
  record Context(String path) implements BackendMapping {}

  /** Addresses outside the container. */
  record Addresses(List<HostPort> hosts, AtomicInteger turn) implements BackendMapping {

    /** Returns every address, beginning with the one whose turn it is. */
    List<InetSocketAddress> resolve() throws UnknownHostException {
      List<InetSocketAddress> addresses = new ArrayList<>(hosts.size());
      int first = Math.floorMod(turn.getAndIncrement(), hosts.size());
      for (int i = 0; i < hosts.size(); i++) {
        HostPort next = hosts.get((first + i) % hosts.size());
        for (InetAddress address : InetAddress.getAllByName(next.host)) {
          addresses.add(new InetSocketAddress(address, next.port));
        }
      }
      return addresses;
    }
  }

  /** One of them, as written. */
  record HostPort(String host, int port) {

    private static HostPort parse(String part, String whole) {
      int colon = part.lastIndexOf(':');
      String host = colon < 0 ? "" : part.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        host = "";
      }
      int port = port(part.substring(colon + 1));
      if (port < 0 || !(Cidr.isAddress(host) || isName(host))) {
        throw new IllegalArgumentException(
            PrintableText.quote(whole)
                + " is neither context:/path nor a list of host:port separated by commas");
      }
      return new HostPort(host, port);
    }

    private static boolean isName(String host) {
      boolean isNumeric = true;
      for (int i = 0; i < host.length(); i++) {
        char c = host.charAt(i);
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (!isLetter && c != '.' && !(c >= '0' && c <= '9')) {
          return false;
        }
        isNumeric &= !isLetter;
      }
      return !isNumeric;
    }

    private static int port(String text) {
      int port = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < '0' || c > '9' || i == 5) {
          return -1;
        }
        port = port * 10 + (c - '0');
      }
      return port >= 1 && port <= 65535 ? port : -1;
    }
  }
}
