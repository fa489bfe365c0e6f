// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often a turn may make the same call. Remembers. */
final class Loop implements Guardrail<ToolCall> {
    static final String NAME = "tool-loop";
    static final int MOST_CALLS = 64;

    private record Seen(Fingerprint call, int times) {}

    /** When the turn was heard of last, its calls, the latest first, and whether the last one passed. */
    private record Turn(long last, List<Seen> calls, boolean passed) {}

    private final int most;
    private final Memory memory;
    private final RecentKeys<Turn> turns;
    private final Verdict<ToolCall> again;

    Loop(int most, Memory memory) {
        this.most = most;
        this.memory = memory;
        turns = new RecentKeys<>(memory.keys());
        again = Toolbox.block(NAME, "loop", "the turn has made the same call " + most + " times");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<ToolCall> check(ToolCall call) {
        Verdict<ToolCall> unreadable = Toolbox.unreadable(NAME, call);
        if (unreadable != null) {
            return unreadable;
        }
        if (call.turn().isBlank()) {
            return Toolbox.missingTurn(NAME);
        }
        Fingerprint fingerprint = call.fingerprint();
        return turns.update(call.turn(), known -> step(known, fingerprint)).passed ? Verdict.pass() : again;
    }

    private Turn step(@Nullable Turn known, Fingerprint call) {
        long now = memory.time().nanoTime();
        List<Seen> before = known == null || now - known.last > memory.keep().toNanos() ? List.of() : known.calls;
        List<Seen> calls = new ArrayList<>(Math.min(before.size() + 1, MOST_CALLS));
        int times = 0;
        calls.add(new Seen(call, 0));
        for (Seen seen : before) {
            if (seen.call.equals(call)) {
                times = seen.times;
            } else if (calls.size() < MOST_CALLS) {
                calls.add(seen);
            }
        }
        calls.set(0, new Seen(call, Math.min(times + 1, most)));
        return new Turn(now, calls, times < most);
    }
}
