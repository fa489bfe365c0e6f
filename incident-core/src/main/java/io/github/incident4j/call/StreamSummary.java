// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a stream.
 *
 * @param elements how many elements were passed on, those of restarts and of {@code endWith} not counted
 * @param timeToFirst how long from when the reader first asked, which most do as they subscribe, until the model's
 *     first element came, if one did; a guardrail may hold it back after that
 * @param restarts how often another route began anew after elements had been passed on
 */
public record StreamSummary(long elements, Optional<Duration> timeToFirst, int restarts) {}
