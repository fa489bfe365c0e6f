// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.time.Instant;
import java.util.Optional;

/** Something that needs a part of the trail. */
@FunctionalInterface
public interface RetentionHold {

    /** {@return since when everything is needed; empty if nothing is} */
    Optional<Instant> heldSince();
}
