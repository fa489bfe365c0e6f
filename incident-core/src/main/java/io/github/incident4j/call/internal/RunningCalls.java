// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that are running, where a kill cancels them; knows nothing where it does not. */
final class RunningCalls {
    private static final Logger LOG = LoggerFactory.getLogger(RunningCalls.class);

    private final boolean cancelling;
    private final Admission<?, ?> admission;
    private final Set<Stoppable> running = ConcurrentHashMap.newKeySet();

    RunningCalls(boolean cancelling, Admission<?, ?> admission) {
        this.cancelling = cancelling;
        this.admission = admission;
    }

    boolean isCancelling() {
        return cancelling;
    }

    /** Notes a running call; stops it at once if a kill was faster. */
    void started(Stoppable call, SwitchTable by) {
        if (cancelling) {
            running.add(call);
            stopIfKilled(call, by);
        }
    }

    void ended(Stoppable call) {
        if (cancelling) {
            running.remove(call);
        }
    }

    /** Stops those of which the route is killed now, each for itself. */
    void stopKilled() {
        for (Stoppable call : running) {
            try {
                stopIfKilled(call, null);
            } catch (Throwable e) { // one that cannot be stopped must not keep the others running
                LOG.error("a running call of route '{}' could not be stopped", call.route(), e);
            }
        }
    }

    private void stopIfKilled(Stoppable call, @Nullable SwitchTable by) {
        SwitchTable.Call lookup = call.lookup();
        Failure kill = lookup == null ? null : admission.killedMeanwhile(call.route(), lookup, by);
        if (kill != null) {
            call.stop(kill);
        }
    }
}
