// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a stream.
 *
 * @param elements how many elements of the model were passed on
 * @param timeToFirst how long from the start of the call until the first of them, if there was one
 * @param restarts how often another route began anew after elements had been passed on
 */
public record StreamSummary(long elements, Optional<Duration> timeToFirst, int restarts) {}
