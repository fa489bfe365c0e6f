// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.Rail;
import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A guardrail as it was configured, to be checked and built.
 *
 * @param guardrail the guardrail
 * @param options how it is run
 */
record RailDraft<T>(Guardrail<? super T> guardrail, RailOptions options) {

    List<String> faults(String side) {
        if (guardrail == null) {
            return List.of("an " + side + " guardrail is null");
        }
        List<String> found = new ArrayList<>();
        Names.faultOf(side + " guardrail name", guardrail.name()).ifPresent(found::add);
        if (guardrail.cost() == null) {
            found.add(side + " guardrail '" + guardrail.name() + "' states no cost; use one of "
                    + Arrays.toString(Guardrail.Cost.values()));
        }
        String who = side + " guardrail '" + guardrail.name() + "': ";
        guardrail.faults().forEach(fault -> found.add(who + fault));
        if (options == null) {
            found.add(who + "the options are null; leave them out");
        } else {
            options.faults().forEach(fault -> found.add(who + fault));
        }
        slot().filter(RailSlot::isTaken)
                .ifPresent(slot -> found.add(who + "it belongs to another guard; give each guard its own"));
        return found;
    }

    Optional<RailSlot<?>> slot() {
        return guardrail instanceof SwappableGuardrail<?> swappable ? Optional.of(swappable.slot()) : Optional.empty();
    }

    boolean isPlain() {
        return options.terms() == null && slot().isEmpty();
    }

    private Guardrail.Cost cost() {
        return options.cost().orElseGet(guardrail::cost);
    }

    private Rail<T> build() {
        return new Rail<>(guardrail, options.terms(), slot().orElse(null));
    }

    /** The guardrails in the order in which they run. */
    static <T> List<RailDraft<T>> ordered(List<RailDraft<T>> drafts, boolean cheapestFirst) {
        if (!cheapestFirst) {
            return drafts;
        }
        List<RailDraft<T>> ordered = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= drafts.size(); i++) {
            if (i == drafts.size() || drafts.get(i).options().isFixed()) {
                drafts.subList(begin, i).stream()
                        .sorted(Comparator.comparing(RailDraft::cost)) // stable
                        .forEach(ordered::add);
                if (i < drafts.size()) {
                    ordered.add(drafts.get(i));
                }
                begin = i + 1;
            }
        }
        return ordered;
    }

    static <T> List<Rail<T>> build(List<RailDraft<T>> drafts, boolean cheapestFirst) {
        return ordered(drafts, cheapestFirst).stream().map(RailDraft::build).toList();
    }
}
