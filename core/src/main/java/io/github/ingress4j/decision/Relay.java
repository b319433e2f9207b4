package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;

/**
 * The back end's answer goes to the client.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status the status to send
 * @param responseHeaders what the answer's header fields become
 */
public record Relay(int status, HeaderEdits responseHeaders) implements Step {}
