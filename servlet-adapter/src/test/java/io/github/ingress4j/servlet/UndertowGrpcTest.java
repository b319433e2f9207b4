package io.github.ingress4j.servlet;

/** gRPC through Undertow. */
final class UndertowGrpcTest extends GrpcContract {

  UndertowGrpcTest() {
    super(UndertowContainer::startHttp2);
  }
}
