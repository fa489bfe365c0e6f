// SPDX-License-Identifier: Apache-2.0
/**
 * Who is told of an incident.
 *
 * <p>Start with {@link io.github.incident4j.notify.IncidentListener}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.notify;

import org.jspecify.annotations.NullMarked;
