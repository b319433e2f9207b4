package io.github.ingress4j.servlet;

/** gRPC through Jetty. */
final class JettyGrpcTest extends GrpcContract {

  JettyGrpcTest() {
    super(JettyContainer::startHttp2);
  }
}
