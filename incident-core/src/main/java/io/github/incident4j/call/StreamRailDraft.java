// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.Rail;
import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.call.internal.SlottedStream;
import io.github.incident4j.call.internal.StreamRail;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A guardrail on the whole of a stream as it was configured, to be checked and built.
 *
 * @param guardrail the guardrail
 * @param options how it is run
 */
record StreamRailDraft<T>(StreamGuardrail<T> guardrail, RailOptions options) {

    List<String> faults() {
        if (guardrail == null) {
            return List.of("a stream guardrail is null");
        }
        List<String> found = new ArrayList<>();
        Names.faultOf("stream guardrail name", guardrail.name()).ifPresent(found::add);
        String who = "stream guardrail '" + guardrail.name() + "': ";
        guardrail.faults().forEach(fault -> found.add(who + fault));
        if (options == null) {
            found.add(who + "the options are null; leave them out");
        } else {
            options.faults().forEach(fault -> found.add(who + fault));
            if (options.isLimited()) {
                found.add(who + "it has no time limit of its own; leave within(…) and cutOffAfter(…) out, and limit the"
                        + " stream by deadline(…)");
            }
        }
        slot().filter(RailSlot::isTaken)
                .ifPresent(slot -> found.add(who + "it belongs to another guard; give each guard its own"));
        return found;
    }

    Optional<RailSlot<?>> slot() {
        return guardrail instanceof SlottedStream<?, ?> slotted ? Optional.of(slotted.slot()) : Optional.empty();
    }

    boolean isPlain() {
        return options.terms() == null && slot().isEmpty();
    }

    StreamRail<T> build() {
        if (guardrail instanceof SlottedStream<?, T> slotted) {
            slotted.checkRulesToCome();
        }
        Rail.Terms terms = options.terms();
        return new StreamRail<>(guardrail, terms == null ? Rail.Terms.NONE : terms);
    }
}
