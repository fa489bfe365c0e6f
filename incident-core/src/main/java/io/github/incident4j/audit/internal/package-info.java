// SPDX-License-Identifier: Apache-2.0
/** The writing side of the audit trail: queue, journal thread and log. Not exported; only other rooms use it. */
@NullMarked
package io.github.incident4j.audit.internal;

import org.jspecify.annotations.NullMarked;
