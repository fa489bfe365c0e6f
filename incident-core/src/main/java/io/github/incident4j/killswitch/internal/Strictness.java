// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;

/** Which of two states restricts more: a refusal, a named fallback, the guard's own choice, a limit. */
final class Strictness {
    static final int REFUSES = 3;
    private static final int PREFERS = 2;
    private static final int BY_RULE = 1;
    private static final int LIMITS = 0;

    private Strictness() {}

    static int of(SwitchState state) {
        if (!(state instanceof SwitchState.Killed killed)) {
            return LIMITS;
        }
        if (killed.instead() instanceof Instead.Refuse) {
            return REFUSES;
        }
        return killed.instead() instanceof Instead.Prefer ? PREFERS : BY_RULE;
    }
}
