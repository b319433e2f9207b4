package io.github.ingress4j.dialect.upstream;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a dialect finds the port of a Service, and which endpoints it sends requests to. */
public enum Selection {
  /**
   * As the specification has it: the port by its name or number, the number of the endpoints by the
   * port's name alone; endpoints that are going away while no other is ready.
   */
  KUBERNETES {
    @Override
    Service.@Nullable Port port(Service service, Backend.ServicePort backend) {
      return service.port(
          backend.isPortNumber()
              ? new IngressBackend.Port("", Integer.parseInt(backend.port()))
              : new IngressBackend.Port(backend.port(), 0));
    }

    @Override
    List<Integer> ports(EndpointSlice slice, Service.Port port) {
      List<EndpointSlice.Port> ports = slice.ports();
      if (ports == null) {
        // As to the API server, a list that is absent is an empty one: no port is defined.
        return List.of();
      }
      for (EndpointSlice.Port candidate : ports) {
        // The name joins the two, never the number, which may differ from slice to slice.
        if (candidate.name().equals(port.name()) && candidate.protocol().equals("TCP")) {
          Integer number = candidate.port();
          int found = number == null ? number(port.targetPort()) : number;
          return found == 0 ? List.of() : List.of(found);
        }
      }
      return List.of();
    }

    @Override
    int externalPort(Service service, Backend.ServicePort backend) {
      Service.Port port = port(service, backend);
      return port != null ? port.port() : backend.isPortNumber() ? number(backend.port()) : 0;
    }

    @Override
    boolean takesLeaving() {
      return true;
    }

    @Override
    boolean takesEveryAddress() {
      return false;
    }
  },

  /**
   * As ingress-nginx 1.15.1 has it: the first port of the Service whose number, target port or name
   * is what the back end says; the number of the endpoints by the port's name, any of an unnamed
   * port, else the target port; ready endpoints only, with all their addresses.
   */
  INGRESS_NGINX {
    @Override
    Service.@Nullable Port port(Service service, Backend.ServicePort backend) {
      for (Service.Port port : service.ports()) {
        if (Integer.toString(port.port()).equals(backend.port())
            || port.targetPort().equals(backend.port())
            || port.name().equals(backend.port())) {
          return port;
        }
      }
      return null;
    }

    @Override
    List<Integer> ports(EndpointSlice slice, Service.Port port) {
      List<EndpointSlice.Port> ports = slice.ports();
      List<Integer> found = new ArrayList<>(1);
      if (ports == null || ports.isEmpty()) {
        // The slice defines no port, so the target port of the Service is taken for its number.
        int target = number(port.targetPort());
        return target == 0 ? found : List.of(target);
      }
      for (EndpointSlice.Port candidate : ports) {
        Integer number = candidate.port();
        if (!candidate.protocol().equals("TCP")) {
          continue;
        }
        boolean isMeant = port.name().isEmpty() || candidate.name().equals(port.name());
        int target = isMeant && number != null ? number : number(port.targetPort());
        if (target != 0 && !found.contains(target)) {
          found.add(target);
        }
      }
      return found;
    }

    @Override
    int externalPort(Service service, Backend.ServicePort backend) {
      for (Service.Port port : service.ports()) {
        if (backend.isPortNumber()
            ? Integer.toString(port.port()).equals(backend.port())
            : port.name().equals(backend.port())) {
          int target = number(port.targetPort());
          return target == 0 ? port.port() : target;
        }
      }
      // A number that the Service does not list is dialled as it stands.
      return backend.isPortNumber() ? number(backend.port()) : 0;
    }

    @Override
    boolean takesLeaving() {
      return false;
    }

    @Override
    boolean takesEveryAddress() {
      return true;
    }
  };

  /** Returns the port that a back end refers to, or {@code null} if the Service has none such. */
  abstract Service.@Nullable Port port(Service service, Backend.ServicePort backend);

  /** Returns the numbers of a Service's port at the endpoints of a slice; none if it has none. */
  abstract List<Integer> ports(EndpointSlice slice, Service.Port port);

  /** Returns the port to dial at an external name, or 0 if there is none. */
  abstract int externalPort(Service service, Backend.ServicePort backend);

  /** Whether endpoints that are going away serve while no other is ready. */
  abstract boolean takesLeaving();

  /** Whether all addresses of an endpoint are endpoints, or only the first. */
  abstract boolean takesEveryAddress();

  /** Returns the port a text names by its number, or 0 if it does not. */
  static int number(String text) {
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || number > 65535) {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number <= 65535 ? number : 0;
  }
}
