/**
 * Where manifests come from. The only place with input and output.
 *
 * <p>Starting point: {@link io.github.ingress4j.source.ManifestFiles} reads files and directories.
 *
 * <p>Imports: {@code manifest} and what that may import.
 */
@NullMarked
package io.github.ingress4j.source;

import org.jspecify.annotations.NullMarked;
