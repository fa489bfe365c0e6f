// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.time.Instant;

/**
 * A kill switch that is set.
 *
 * @param scope what it covers
 * @param cause who set it and why
 * @param since when it was set
 */
public record Switch(Scope scope, Cause cause, Instant since) {}
