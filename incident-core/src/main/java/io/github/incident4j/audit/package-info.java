// SPDX-License-Identifier: Apache-2.0
/**
 * The audit trail as a reader meets it: an append-only, tamper-evident file of JSON lines under the runtime's
 * directory. The runtime is its only writer; everybody may read, also while it writes.
 *
 * <p>Start with {@link io.github.incident4j.audit.AuditTrail}. No parameter or result is null unless it says so.
 */
@NullMarked
package io.github.incident4j.audit;

import org.jspecify.annotations.NullMarked;
