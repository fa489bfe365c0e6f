// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import org.jspecify.annotations.Nullable;

/** A model call that is running. */
interface Stoppable {

    /** The route that runs. */
    String route();

    /** What a switch table needs to know of the call; null where nobody will ask. */
    SwitchTable.@Nullable Call lookup();

    /** Stops it; without effect when it has ended or was stopped before. By any thread; returns at once. */
    void stop(Failure reason);
}
