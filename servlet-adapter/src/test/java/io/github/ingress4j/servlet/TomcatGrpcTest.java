package io.github.ingress4j.servlet;

/** gRPC through Tomcat. */
final class TomcatGrpcTest extends GrpcContract {

  TomcatGrpcTest() {
    super(TomcatContainer::startHttp2);
  }
}
