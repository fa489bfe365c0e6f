// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tools by name, and what all guardrails say of a call that cannot be judged. */
final class Toolbox {
    private static final int MOST = 10_000;

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Faults faults = new Faults("tools");

    Toolbox(@Nullable Collection<Tool> given) {
        List<Tool> all = given == null ? List.of() : new ArrayList<>(given);
        faults.when(all.isEmpty(), "there are no tools; give those that may be called")
                .when(all.size() > MOST, all.size() + " tools are too many; give at most " + MOST);
        for (Tool tool : all) {
            if (tool == null) {
                faults.when(true, "a tool is null; remove it");
            } else {
                faults.all(tool.faults())
                        .when(
                                tools.put(String.valueOf(tool.name()), tool) != null,
                                "two tools have the name '" + tool.name() + "'; give each its own");
            }
        }
    }

    List<String> faults() {
        return faults.found();
    }

    @Nullable
    Tool tool(String name) {
        return tools.get(name);
    }

    Collection<Tool> all() {
        return tools.values();
    }

    static Verdict<ToolCall> block(String rule, String category, String message) {
        return Verdict.block(new Finding(rule, category, message));
    }

    static Verdict<ToolCall> notAllowed(String rule) {
        return block(rule, "not-allowed", "the tool is none of those that are declared");
    }

    /** The verdict on a call whose arguments could not be read, or null. */
    static @Nullable Verdict<ToolCall> unreadable(String rule, ToolCall call) {
        return call.fault()
                .map(fault -> block(rule, "not-json", "the arguments " + fault))
                .orElse(null);
    }

    static Verdict<ToolCall> missingTurn(String rule) {
        return block(rule, "missing-turn", "the call has no turn to be counted in");
    }
}
