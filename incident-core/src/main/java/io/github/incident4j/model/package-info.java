// SPDX-License-Identifier: Apache-2.0
/**
 * The values that every room shares: what was decided, why a route was not taken, what a switch covers, how bad an
 * incident is. Nothing here does anything; everything is immutable and safe for use by any thread.
 *
 * <p>Start with {@link io.github.incident4j.model.Decision}. No parameter or result is null unless it says so.
 */
@NullMarked
package io.github.incident4j.model;

import org.jspecify.annotations.NullMarked;
