// SPDX-License-Identifier: Apache-2.0
/**
 * Detectors: they read the stream of decisions and signal when it has changed, with a false alarm budget that the user
 * states and that holds although they look after every decision.
 *
 * <p>Start with {@link io.github.incident4j.detect.Detectors}. No parameter or result is null unless it says so.
 */
@NullMarked
package io.github.incident4j.detect;

import org.jspecify.annotations.NullMarked;
