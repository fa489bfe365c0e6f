// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;

/** Only the tools that are declared, with arguments as they are declared. */
record AllowedCalls(Toolbox tools) implements Guardrail<ToolCall> {
    static final String NAME = "tool-call";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<ToolCall> check(ToolCall call) {
        Tool tool = tools.tool(call.name());
        if (tool == null) {
            return Toolbox.notAllowed(NAME);
        }
        Verdict<ToolCall> unreadable = Toolbox.unreadable(NAME, call);
        if (unreadable != null) {
            return unreadable;
        }
        Hits hits = new Hits();
        tool.arguments().judge(call.arguments(), Path.ROOT, hits);
        return hits.isEmpty() ? Verdict.pass() : Verdict.block(hits.finding(NAME, tool.name()));
    }
}
