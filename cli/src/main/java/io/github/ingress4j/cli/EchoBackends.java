package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Back ends that answer with what they received, one port of the loopback interface for each port
 * of a Service.
 *
 * <p>All of them share one server and its threads: each port is one more socket that the server's
 * connector accepts from, and the port that a connection came in on says which Service it is for.
 */
final class EchoBackends implements AutoCloseable {

  private final ServerConnector connector;
  private final List<ServerSocketChannel> channels = new ArrayList<>();
  private final Map<Backend.ServicePort, Endpoint> endpoints = new LinkedHashMap<>();
  private final ConcurrentMap<Integer, Backend.ServicePort> services = new ConcurrentHashMap<>();

  private EchoBackends() {
    connector = JettyServers.connector(new Echo(), 64);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
  }

  /**
   * Starts the back ends.
   *
   * @param backends the ports of Services
   * @return the running back ends
   * @throws IOException if there are no more ports
   */
  static EchoBackends start(Collection<Backend.ServicePort> backends) throws IOException {
    EchoBackends echo = new EchoBackends();
    try {
      JettyServers.start(echo.connector.getServer());
      for (Backend.ServicePort backend : backends) {
        echo.open(backend);
      }
      return echo;
    } catch (IOException | RuntimeException e) {
      echo.close();
      throw e;
    }
  }

  private void open(Backend.ServicePort backend) throws IOException {
    if (endpoints.containsKey(backend)) {
      return;
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    channels.add(channel);
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel.configureBlocking(false);
    InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
    services.put(address.getPort(), backend);
    endpoints.put(backend, new Endpoint(address.getAddress().getHostAddress(), address.getPort()));
    connector.getSelectorManager().acceptor(channel);
  }

  /** Returns where each back end listens. */
  Map<Backend.ServicePort, Endpoint> endpoints() {
    return Map.copyOf(endpoints);
  }

  @Override
  public void close() {
    for (ServerSocketChannel channel : channels) {
      JettyServers.close(channel);
    }
    JettyServers.stop(connector.getServer());
  }

  private final class Echo extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      SocketAddress local = request.getConnectionMetaData().getLocalSocketAddress();
      int port = local instanceof InetSocketAddress address ? address.getPort() : 0;
      Backend.ServicePort service = services.get(port);
      if (service == null) {
        Response.writeError(request, response, callback, 404);
        return true;
      }
      long bodyLength = 0;
      try (InputStream body = Content.Source.asInputStream(request)) {
        byte[] buffer = new byte[8192];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          bodyLength += n;
        }
      }
      byte[] answer = describe(service, request, bodyLength);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.write(true, ByteBuffer.wrap(answer), callback);
      return true;
    }

    private byte[] describe(Backend.ServicePort service, Request request, long bodyLength)
        throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream(512);
      try (JsonGenerator json = JsonOutput.to(out)) {
        json.writeStartObject();
        json.writeStringField("service", service.toString());
        json.writeStringField("endpoint", String.valueOf(endpoints.get(service)));
        json.writeStringField("method", request.getMethod());
        json.writeStringField("target", request.getHttpURI().getPathQuery());
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null) {
          json.writeNullField("host");
        } else {
          json.writeStringField("host", host);
        }
        json.writeObjectFieldStart("headers");
        for (String name : request.getHeaders().getFieldNamesCollection()) {
          json.writeFieldName(name);
          List<String> lines = new ArrayList<>();
          for (HttpField field : request.getHeaders().getFields(name)) {
            lines.add(field.getValue() == null ? "" : field.getValue());
          }
          if (lines.size() == 1) {
            json.writeString(lines.get(0));
          } else {
            json.writeStartArray();
            for (String line : lines) {
              json.writeString(line);
            }
            json.writeEndArray();
          }
        }
        json.writeEndObject();
        json.writeNumberField("bodyLength", bodyLength);
        json.writeEndObject();
        json.writeRaw('\n');
      }
      return out.toByteArray();
    }
  }
}
