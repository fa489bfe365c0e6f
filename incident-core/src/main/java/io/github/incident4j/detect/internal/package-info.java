// SPDX-License-Identifier: Apache-2.0
/**
 * The statistical core and the thread on which it runs. Not exported; only other rooms use it.
 *
 * <p>From the bottom: {@link io.github.incident4j.detect.internal.EDetector} is the one statistic; baselines say what
 * is normal; a {@link io.github.incident4j.detect.internal.Monitor} joins both for one detection;
 * {@link io.github.incident4j.detect.internal.DetectionEngine} feeds all monitors with decisions. All but the engine's
 * registration is used by the detector thread alone.
 */
@NullMarked
package io.github.incident4j.detect.internal;

import org.jspecify.annotations.NullMarked;
