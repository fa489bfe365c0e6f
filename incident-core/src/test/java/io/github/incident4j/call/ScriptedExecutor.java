// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs what it is given at once, or never, so that a call is late without anybody having to be slow; or takes nothing.
 */
final class ScriptedExecutor implements Executor {

    /** What becomes of a task. */
    enum Fate {
        RUNS,
        IS_DROPPED,
        IS_REJECTED
    }

    private final Supplier<Fate> fate;

    ScriptedExecutor(Supplier<Fate> fate) {
        this.fate = fate;
    }

    @Override
    public void execute(Runnable task) {
        switch (fate.get()) {
            case RUNS -> task.run();
            case IS_DROPPED -> {}
            case IS_REJECTED -> throw new RejectedExecutionException("scripted");
        }
    }
}
