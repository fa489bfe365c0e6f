// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.internal.RecentKeys;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tools may not follow which in a turn. Remembers. */
final class Flows implements Guardrail<ToolCall> {
    static final String NAME = "tool-flow";

    /** When the turn was heard of last, the labels of what passed, and what the last call would have completed. */
    private record Turn(
            long last, Set<Label> used, @Nullable Flow completed) {}

    private final Toolbox tools;
    private final Memory memory;
    private final List<Flow> flows;
    private final RecentKeys<Turn> turns;

    Flows(Toolbox tools, Memory memory, List<Flow> flows) {
        this.tools = tools;
        this.memory = memory;
        this.flows = flows;
        turns = new RecentKeys<>(memory.keys());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<ToolCall> check(ToolCall call) {
        Tool tool = tools.tool(call.name());
        if (tool == null) {
            return Toolbox.notAllowed(NAME);
        }
        if (call.turn().isBlank()) {
            return Toolbox.missingTurn(NAME);
        }
        Flow completed = turns.update(call.turn(), known -> step(known, tool)).completed;
        return completed == null
                ? Verdict.pass()
                : Verdict.block(new Finding(
                        NAME,
                        completed.name(),
                        tool.name() + " (" + completed.then().name()
                                + ") must not follow what this turn has already done",
                        Severity.P1));
    }

    private Turn step(@Nullable Turn known, Tool tool) {
        long now = memory.time().nanoTime();
        Set<Label> used = known == null || now - known.last > memory.keep().toNanos() ? Set.of() : known.used;
        Set<Label> with = new HashSet<>(used);
        with.addAll(tool.labels());
        for (Flow flow : flows) {
            if (tool.labels().contains(flow.then()) && with.containsAll(flow.after())) {
                return new Turn(now, used, flow);
            }
        }
        return new Turn(now, with, null);
    }
}
