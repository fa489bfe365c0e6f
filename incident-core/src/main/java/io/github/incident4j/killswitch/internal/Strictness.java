// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;

/**
 * Which of two states restricts more: a refusal, a named fallback, the guard's own choice; and all kills more than a
 * limit, of which the same holds for what it does not let pass.
 */
final class Strictness {
    static final int REFUSES = 3;
    private static final int PREFERS = 2;
    private static final int BY_RULE = 1;
    private static final int LIMITS = -REFUSES; // so that the strictest limit is 0

    private Strictness() {}

    static int of(SwitchState state) {
        return state instanceof SwitchState.Limited ? LIMITS + of(state.instead()) : of(state.instead());
    }

    private static int of(Instead instead) {
        if (instead instanceof Instead.Refuse) {
            return REFUSES;
        }
        return instead instanceof Instead.Prefer ? PREFERS : BY_RULE;
    }
}
