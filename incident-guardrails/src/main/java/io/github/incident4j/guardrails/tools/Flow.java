// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Names;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A dangerous order of tools within a turn: a tool of one label after tools of others.
 *
 * @param name a name for findings; a legal name
 * @param after the labels that have all been used before, or are the tool's own, too
 * @param then the label of the tool that must not follow
 */
public record Flow(String name, Set<Label> after, Label then) {
    /** What was read in private must not be sent outside. */
    public static final Flow PRIVATE_THEN_OUTSIDE =
            new Flow("private-then-outside", Set.of(Label.READS_PRIVATE), Label.SENDS_OUTSIDE);

    /**
     * The "lethal trifecta" (Simon Willison, 2025): private data, untrusted content and a way out, all in one turn.
     * Untrusted content may hold orders to send the private data away, and a model may follow them.
     */
    public static final Flow LETHAL_TRIFECTA =
            new Flow("lethal-trifecta", Set.of(Label.READS_PRIVATE, Label.SEES_UNTRUSTED), Label.SENDS_OUTSIDE);

    /**
     * Keeps a copy of the labels.
     *
     * @param name its name
     * @param after the labels that come before
     * @param then the label that must not follow
     */
    @SuppressWarnings("NullAway") // a null from a host that is not checked is a fault, not an exception
    public Flow {
        Set<Label> copy = after == null ? Set.of() : new HashSet<>(after);
        after = Collections.unmodifiableSet(copy);
    }

    List<String> faults() {
        Faults faults = new Faults("flow '" + name + "'")
                .when(after.isEmpty(), "there is no label that comes before; give one, such as Label.READS_PRIVATE")
                .whenNull(then, "the label that must not follow", "Label.SENDS_OUTSIDE")
                .when(
                        then != null && after.contains(then),
                        "the label that must not follow is among those before; every such tool would be blocked");
        Names.faultOf("flow", name).ifPresent(fault -> faults.when(true, fault));
        for (Label label : after) {
            Names.faultOf("label", label == null ? null : label.name()).ifPresent(fault -> faults.when(true, fault));
        }
        if (then != null) {
            Names.faultOf("label", then.name()).ifPresent(fault -> faults.when(true, fault));
        }
        return faults.found();
    }
}
