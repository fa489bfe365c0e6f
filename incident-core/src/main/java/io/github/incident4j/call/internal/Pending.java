// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A model call that does not answer on the thread that asks. */
abstract class Pending<O> extends Stoppable {

    Pending(String route, SwitchTable.@Nullable Call lookup) {
        super(route, lookup);
    }

    /** Completes with the answer, with what the model threw, or with {@link StoppedException}. */
    abstract CompletableFuture<@Nullable O> result();

    /** Whether it may be lost so that nothing but a {@linkplain #look look} notices it. */
    boolean isLookedAfter() {
        return false;
    }

    /** Keeps it from beginning, if it has not begun; whether nobody else will say that it has ended. */
    abstract boolean abandon();
}
