// SPDX-License-Identifier: Apache-2.0
/**
 * The door for the host: opens, wires and closes everything.
 *
 * <p>Start with {@link io.github.incident4j.runtime.IncidentRuntime}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.runtime;

import org.jspecify.annotations.NullMarked;
