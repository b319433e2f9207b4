package io.github.ingress4j.dialect;

/** Whether the input says everything about endpoints. */
public enum EndpointKnowledge {
  /**
   * As soon as the input holds an EndpointSlice it is the whole truth; without any, endpoints are
   * not known and count as available.
   */
  AUTO,
  /** The input is the whole truth: a Service without usable endpoints has none. */
  COMPLETE
}
