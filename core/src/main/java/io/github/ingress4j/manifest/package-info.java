/**
 * Kubernetes manifests as typed records with source positions, checked as the API server checks
 * them.
 *
 * <p>Starting points: {@link io.github.ingress4j.manifest.ManifestParser} reads text, {@link
 * io.github.ingress4j.manifest.ManifestSet} holds what was read or made in code, {@link
 * io.github.ingress4j.manifest.Ingress} is the object it is all about.
 *
 * <p>Imports: {@code routing}, {@code diagnostic}, and the YAML library, which never shows in a
 * signature.
 */
@NullMarked
package io.github.ingress4j.manifest;

import org.jspecify.annotations.NullMarked;
