/**
 * Measurements: how long a look-up takes, against other routers and against what no router can
 * beat.
 *
 * <p>Starting points: {@link io.github.ingress4j.benchmarks.LookUpBenchmark} is the race, {@link
 * io.github.ingress4j.benchmarks.TableBenchmark} builds and changes tables, {@link
 * io.github.ingress4j.benchmarks.EndpointPickerBenchmark} chooses endpoints, {@link
 * io.github.ingress4j.benchmarks.Contender} what takes part in it, {@link
 * io.github.ingress4j.benchmarks.Workload} what they all have to answer.
 */
@NullMarked
package io.github.ingress4j.benchmarks;

import org.jspecify.annotations.NullMarked;
