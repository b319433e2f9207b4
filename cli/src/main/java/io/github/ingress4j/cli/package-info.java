/**
 * The command line: prints what the library returns.
 *
 * <p>Starting point: {@link io.github.ingress4j.cli.Main}; every command is a class of its own.
 *
 * <p>Imports: everything of {@code core}, the servlet adapter, picocli, Jackson's streams and, for
 * {@code serve} only, Jetty.
 */
@NullMarked
package io.github.ingress4j.cli;

import org.jspecify.annotations.NullMarked;
