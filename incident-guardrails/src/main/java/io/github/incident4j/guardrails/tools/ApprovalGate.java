// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.BoundedCalls;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a call pass when a person has approved it; see {@link ToolRails#approval}. Safe for use by several threads. */
public final class ApprovalGate implements Guardrail<ToolCall>, AutoCloseable {
    static final String NAME = "tool-approval";

    /** When a request was first asked about, and whether a person has decided it since. */
    private record Asked(long since, boolean decided) {}

    private final List<String> faults;
    private final @Nullable Gate gate;

    ApprovalGate(Toolbox tools, Approval approval, ApprovalOptions options, List<String> faults) {
        this.faults = List.copyOf(faults);
        gate = faults.isEmpty() ? new Gate(tools, approval, options) : null;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public Cost cost() {
        return Cost.EXPENSIVE;
    }

    @Override
    public Verdict<ToolCall> check(ToolCall call) {
        return gate == null ? new Misconfigured<ToolCall>(NAME, faults).check(call) : gate.check(call);
    }

    /** Ends the gate's threads. Whoever waits is told at once, and what needs approval is blocked from now on. */
    @Override
    public void close() {
        if (gate != null) {
            gate.calls.close();
        }
    }

    private static final class Gate {
        private final Toolbox tools;
        private final ApprovalOptions options;
        private final BoundedCalls<Approval.Request, Approval.Answer> calls;
        private final RecentKeys<Asked> requests;

        Gate(Toolbox tools, Approval approval, ApprovalOptions options) {
            this.tools = tools;
            this.options = options;
            requests = new RecentKeys<>(options.memory().keys());
            calls = new BoundedCalls<>(
                    asked -> {
                        List<Approval.@Nullable Answer> answers = new ArrayList<>();
                        for (Approval.Request request : asked) {
                            answers.add(approval.ask(request));
                        }
                        return answers;
                    },
                    options.limits());
        }

        Verdict<ToolCall> check(ToolCall call) {
            Tool tool = tools.tool(call.name());
            if (tool == null) {
                return Toolbox.notAllowed(NAME);
            }
            if (!tool.isApproved()) {
                return Verdict.pass();
            }
            Verdict<ToolCall> unreadable = Toolbox.unreadable(NAME, call);
            if (unreadable != null) {
                return unreadable;
            }
            if (call.turn().isBlank()) {
                return Toolbox.missingTurn(NAME);
            }
            String id = call.id();
            long since = requests.update(id, this::asked).since;
            if (isOver(since)) {
                return expired(tool);
            }
            BoundedCalls.Outcome<Approval.Answer> outcome = calls.call(new Approval.Request(id, call));
            if (outcome.answer() == null) {
                BoundedCalls.Failure failure =
                        outcome.failure() == null ? BoundedCalls.Failure.GARBAGE : outcome.failure();
                return Toolbox.block(
                        NAME,
                        "approval-" + failure.category(),
                        "who approves " + tool.name() + " " + failure.sentence() + outcome.cause());
            }
            return switch (outcome.answer()) {
                case PENDING ->
                    Toolbox.block(NAME, "approval-pending", "nobody has approved this call of " + tool.name() + " yet");
                case DENIED -> {
                    decided(id, since);
                    yield Toolbox.block(NAME, "approval-denied", "a person has denied this call of " + tool.name());
                }
                case APPROVED -> {
                    if (isOver(since)) { // while it was waited for
                        yield expired(tool);
                    }
                    decided(id, since);
                    yield Verdict.pass();
                }
            };
        }

        private Asked asked(@Nullable Asked known) {
            long now = now();
            boolean anew = known == null
                    || known.decided
                    || now - known.since > options.memory().keep().toNanos();
            return known == null || anew ? new Asked(now, false) : known;
        }

        private void decided(String id, long since) {
            requests.update(id, known -> new Asked(since, true));
        }

        private boolean isOver(long since) {
            return now() - since > options.expiry().toNanos();
        }

        private long now() {
            return options.memory().time().nanoTime();
        }

        private Verdict<ToolCall> expired(Tool tool) {
            return Toolbox.block(
                    NAME,
                    "approval-expired",
                    "nobody has approved this call of " + tool.name() + " within " + options.expiry());
        }
    }
}
