// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.time.Instant;

/**
 * A number that a detector watches.
 *
 * @param value the number, finite
 * @param decision the number of its decision within the runtime
 * @param time when that was made
 */
public record Observation(double value, long decision, Instant time) {}
