// SPDX-License-Identifier: Apache-2.0
/**
 * Merkle trees as RFC 6962 defines them, stored as C2SP tlog-tiles, attested by C2SP signed notes. Knows nothing of
 * audit trails. Not exported.
 */
@NullMarked
package io.github.incident4j.audit.internal.merkle;

import org.jspecify.annotations.NullMarked;
