// SPDX-License-Identifier: Apache-2.0
/**
 * Incidents: signals and reports that belong together, with severity, state and timeline.
 *
 * <p>Start with {@link io.github.incident4j.incident.Incidents}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.incident;

import org.jspecify.annotations.NullMarked;
