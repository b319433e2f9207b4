package io.github.ingress4j.decision;

/**
 * What an adapter has to do next for a request.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public sealed interface Step permits Decision, AskAuth, CheckPassword, Relay {}
