// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.model.Scope;

/**
 * Which of two switches restricts more: a refusal, a named fallback, the guard's own choice; and all kills more than a
 * limit, of which the same holds for what it does not let pass. Where a scope names no route, the named fallback is the
 * one route that {@linkplain Switch#spares is spared}, and so less than the guard's own choice, which has none left.
 */
final class Strictness {
    private static final int REFUSES = 3;
    private static final int LIMITS = -REFUSES; // so that the strictest limit is 0

    private Strictness() {}

    static int of(Switch set) {
        int rank = rank(set.scope(), set.state().instead());
        return set.state() instanceof SwitchState.Limited ? LIMITS + rank : rank;
    }

    private static int rank(Scope scope, Instead instead) {
        if (instead instanceof Instead.Refuse) {
            return REFUSES;
        }
        return instead instanceof Instead.Prefer == scope.route().isPresent() ? 2 : 1;
    }

    /** What lets nothing answer that either of two would not. */
    static Instead strictest(Scope scope, Instead present, Instead wanted) {
        boolean differentlySparing = scope.route().isEmpty()
                && present instanceof Instead.Prefer
                && wanted instanceof Instead.Prefer
                && !present.equals(wanted);
        if (differentlySparing) {
            return new Instead.ByRule();
        }
        return rank(scope, wanted) < rank(scope, present) ? present : wanted;
    }

    static boolean isAsStrict(Scope scope, Instead wanted, Instead than) {
        return strictest(scope, than, wanted).equals(wanted);
    }
}
