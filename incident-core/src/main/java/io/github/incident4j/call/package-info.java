// SPDX-License-Identifier: Apache-2.0
/**
 * The guarded call: what a host calls instead of its model.
 *
 * <p>Start with {@link io.github.incident4j.call.GuardedModel}. No parameter or result is null unless it says so.
 */
@NullMarked
package io.github.incident4j.call;

import org.jspecify.annotations.NullMarked;
