// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;

/**
 * The switches as an object of three operations, for Lincheck (N. Koval and others, "Lincheck: A Practical Framework
 * for Testing Concurrent Data Structures on JVM", CAV 2023): whatever threads do at the same time, it must look as if
 * one operation came after the other. So a call that begins after a kill has returned is stopped, on every thread. Run
 * in a JVM of its own by {@link KillAgainstCallsTest}.
 */
public class KillAgainstCalls {
    private static final Scope ROUTE = Scope.model("model").route("v2");
    private static final Scope MODEL = Scope.model("model");
    private static final Cause CAUSE = Cause.by("lincheck").because("a stress test");
    private static final SwitchTable.Call CALL =
            new SwitchTable.Call("model", null, List.of(), new @Nullable String[0], null, Map.of(), null, 0);

    private final SwitchBoard board = new SwitchBoard(
            new InMemorySwitchStore("runtime"),
            List.of(),
            TimeSource.system(),
            entry -> {},
            alarm -> {},
            scope -> Optional.empty());

    /** Kills the route. */
    @Operation
    public boolean kill() {
        return board.kill(ROUTE, CAUSE).inForce();
    }

    /** Restores the route. */
    @Operation
    public boolean restore() {
        return restored(ROUTE);
    }

    /** Kills the whole model. */
    @Operation
    public boolean killModel() {
        return board.kill(MODEL, CAUSE).inForce();
    }

    /** Restores the model. */
    @Operation
    public boolean restoreModel() {
        return restored(MODEL);
    }

    /** A restore that a kill has overtaken is refused and lifts nothing; who still wants it asks again. */
    private boolean restored(Scope scope) {
        SwitchResult result = board.restore(scope, CAUSE);
        while (result.outcome() == SwitchResult.Outcome.REFUSED) {
            result = board.restore(scope, CAUSE);
        }
        return result.inForce();
    }

    /** What a call does: may the route be called? */
    @Operation
    public boolean call() {
        SwitchTable table = board.table();
        return table == SwitchTable.OPEN || table.stopping(CALL, "v2") == null;
    }

    /** Runs scenarios; fails by an exception that shows one that cannot be explained. */
    public static void main(String[] arguments) {
        new StressOptions()
                .iterations(Integer.parseInt(arguments[0]))
                .invocationsPerIteration(Integer.parseInt(arguments[1]))
                .threads(3)
                .actorsPerThread(3)
                .check(KillAgainstCalls.class);
    }
}
