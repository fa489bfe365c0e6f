// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.Severity;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail in its place in a guard, checked.
 *
 * @param guardrail the guardrail
 * @param terms how it is run; null where the host has said nothing of it, as of most
 * @param slot where its rules lie, if they can be exchanged
 */
public record Rail<T>(
        Guardrail<? super T> guardrail,
        @Nullable Terms terms,
        @Nullable RailSlot<?> slot) {

    /**
     * How a guardrail is run.
     *
     * @param monitored whether it only judges and never acts
     * @param failsOpen whether a value passes that it failed to judge
     * @param limitNanos how long a check may take, or {@link Long#MAX_VALUE}
     * @param cutsOff whether a check is run aside and given up when its time is up
     * @param severity the severity of its findings, if the host has set it
     */
    public record Terms(
            boolean monitored,
            boolean failsOpen,
            long limitNanos,
            boolean cutsOff,
            @Nullable Severity severity) {
        /** Of a guardrail of which the host has said nothing. */
        public static final Terms NONE = new Terms(false, false, Long.MAX_VALUE, false, null);
    }

    boolean isPlain() {
        return terms == null && slot == null;
    }
}
