// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.Ramp.State;
import java.time.Instant;
import java.util.Optional;

/** A ramp as it is after a change of it. */
final class RampChange {
    private RampChange() {}

    static Ramp in(Ramp ramp, State state, String note) {
        return changed(ramp, ramp.incident(), state, ramp.step(), ramp.since(), ramp.decisions(), note);
    }

    static Ramp atStep(Ramp ramp, int step, Instant since, String note) {
        return changed(ramp, ramp.incident(), State.RUNNING, step, since, 0, note);
    }

    static Ramp counting(Ramp ramp, long decisions) {
        return changed(ramp, ramp.incident(), ramp.state(), ramp.step(), ramp.since(), decisions, ramp.note());
    }

    /** At the same step, which is in force as of now only. */
    static Ramp since(Ramp ramp, Instant now) {
        return changed(ramp, ramp.incident(), ramp.state(), ramp.step(), now, 0, ramp.note());
    }

    static Ramp about(Ramp ramp, Optional<String> incident) {
        return changed(ramp, incident, ramp.state(), ramp.step(), ramp.since(), ramp.decisions(), ramp.note());
    }

    private static Ramp changed(
            Ramp ramp, Optional<String> incident, State state, int step, Instant since, long decisions, String note) {
        return new Ramp(
                ramp.id(),
                ramp.scope(),
                ramp.plan(),
                ramp.cause(),
                incident,
                ramp.kill(),
                state,
                step,
                since,
                decisions,
                note);
    }
}
