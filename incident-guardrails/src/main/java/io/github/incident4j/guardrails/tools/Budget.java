// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many calls a turn may make, in all and of each tool. Remembers. */
final class Budget implements Guardrail<ToolCall> {
    static final String NAME = "tool-budget";

    private enum Left {
        SOME,
        NONE,
        NONE_OF_THIS
    }

    /**
     * When the turn was heard of last, how many calls passed, those of tools with a limit, and what came of the last.
     */
    private record Turn(long last, int all, Map<String, Integer> each, Left left) {}

    private final int most;
    private final Toolbox tools;
    private final Memory memory;
    private final RecentKeys<Turn> turns;
    private final Verdict<ToolCall> none;

    Budget(int most, Toolbox tools, Memory memory) {
        this.most = most;
        this.tools = tools;
        this.memory = memory;
        turns = new RecentKeys<>(memory.keys());
        none = Toolbox.block(NAME, "budget", "the turn has made its " + most + " calls");
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
        Left left = turns.update(call.turn(), known -> step(known, tool)).left;
        return switch (left) {
            case SOME -> Verdict.pass();
            case NONE -> none;
            case NONE_OF_THIS ->
                Toolbox.block(NAME, "tool-budget", "the turn has made its " + tool.most() + " calls of " + tool.name());
        };
    }

    private Turn step(@Nullable Turn known, Tool tool) {
        long now = memory.time().nanoTime();
        if (known == null || now - known.last > memory.keep().toNanos()) {
            return step(new Turn(now, 0, Map.of(), Left.SOME), tool);
        }
        if (known.all >= most) {
            return new Turn(now, known.all, known.each, Left.NONE);
        }
        if (tool.most() == Tool.NO_LIMIT) {
            return new Turn(now, known.all + 1, known.each, Left.SOME);
        }
        int calls = known.each.getOrDefault(tool.name(), 0);
        if (calls >= tool.most()) {
            return new Turn(now, known.all, known.each, Left.NONE_OF_THIS);
        }
        Map<String, Integer> each = new HashMap<>(known.each);
        each.put(tool.name(), calls + 1);
        return new Turn(now, known.all + 1, each, Left.SOME);
    }
}
