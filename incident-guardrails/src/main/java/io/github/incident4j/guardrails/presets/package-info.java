// SPDX-License-Identifier: Apache-2.0
/**
 * Rules of several families together, for the usual places: {@link io.github.incident4j.guardrails.presets.Rails}. No
 * parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.presets;

import org.jspecify.annotations.NullMarked;
