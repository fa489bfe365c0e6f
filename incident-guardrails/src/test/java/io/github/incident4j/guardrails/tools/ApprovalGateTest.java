// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static io.github.incident4j.guardrails.tools.ToolRailsTest.assertFaults;
import static io.github.incident4j.guardrails.tools.ToolRailsTest.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.tools.Approval.Answer;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApprovalGateTest {
    private static final List<Tool> TOOLS =
            List.of(Tool.named("refund").required("amount", Argument.number()).needsApproval(), Tool.named("clock"));

    private final AtomicLong nanos = new AtomicLong();
    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    };
    private final ApprovalOptions options = ApprovalOptions.options()
            .longestWait(Duration.ofSeconds(30))
            .expiry(Duration.ofMinutes(5))
            .memory(new Memory(100, Duration.ofMinutes(60), time));
    private final List<Approval.Request> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile Answer answer = Answer.PENDING;
    private final List<ApprovalGate> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(ApprovalGate::close);
    }

    private ApprovalGate gate(Approval approval, ApprovalOptions with) {
        ApprovalGate gate = ToolRails.approval(TOOLS, approval, with);
        assertThat(gate.faults()).isEmpty();
        opened.add(gate);
        return gate;
    }

    private ApprovalGate gate() {
        return gate(
                request -> {
                    asked.add(request);
                    return answer;
                },
                options);
    }

    @Test
    void declaredTools_passWhenTheyAreApproved() {
        ApprovalGate gate = gate();
        assertThat(judged(gate, "clock", "{}")).isEqualTo("pass");
        assertThat(asked).isEmpty();
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-pending");
        answer = Answer.DENIED;
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-denied");
        answer = Answer.APPROVED;
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("pass");
        assertThat(asked)
                .extracting(Approval.Request::id)
                .containsOnly(asked.get(0).id());
        assertThat(asked.get(0).call()).isEqualTo(ToolCall.ofJson("t", "refund", "{\"amount\":1}"));
        judged(gate, "refund", "{\"amount\":2}");
        assertThat(asked.get(3).id()).isNotEqualTo(asked.get(0).id());
        assertThat(judged(gate, "other", "{}")).isEqualTo("not-allowed");
        assertThat(judged(gate, "refund", "{")).isEqualTo("not-json");
        assertThat(finding(gate.check(ToolCall.ofJson("", "refund", "{}"))).category())
                .isEqualTo("missing-turn");
        assertThat(asked).hasSize(4);
    }

    @Test
    void requestThatGrewOld_canNotBeApproved() {
        ApprovalGate gate = gate();
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-pending");
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-pending");
        nanos.incrementAndGet();
        answer = Answer.APPROVED;
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-expired");
        assertThat(asked).hasSize(2);
        assertThat(judged(gate, "refund", "{\"amount\":2}")).isEqualTo("pass");
        nanos.addAndGet(Duration.ofMinutes(55).toNanos());
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("pass"); // forgotten, and asked anew
    }

    @Test
    void approvalThatComesAfterTheExpiry_isNone() {
        ApprovalGate gate = gate(
                request -> {
                    nanos.addAndGet(Duration.ofMinutes(5).toNanos() + 1);
                    return Answer.APPROVED;
                },
                options);
        assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("approval-expired");
    }

    @Test
    void decidedRequest_beginsAnewWithTheNextCall() {
        ApprovalGate gate = gate();
        for (Answer decided : List.of(Answer.APPROVED, Answer.DENIED)) {
            answer = decided;
            judged(gate, "refund", "{\"amount\":1}");
            nanos.addAndGet(Duration.ofMinutes(6).toNanos());
            answer = Answer.APPROVED;
            assertThat(judged(gate, "refund", "{\"amount\":1}")).isEqualTo("pass");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void approvalThatHangsOrFails_isNone() {
        CountDownLatch never = new CountDownLatch(1);
        ApprovalGate hanging = gate(
                request -> {
                    never.await();
                    return Answer.APPROVED;
                },
                options.longestWait(Duration.ofMillis(50)));
        assertThat(judged(hanging, "refund", "{\"amount\":1}")).isEqualTo("approval-timed-out");
        ApprovalGate failing = gate(
                request -> {
                    throw new IllegalStateException(request.call().json());
                },
                options);
        Verdict<ToolCall> failed = failing.check(ToolCall.ofJson("t", "refund", "{\"amount\":4711}"));
        assertThat(finding(failed).category()).isEqualTo("approval-failed");
        assertThat(finding(failed).message()).contains("IllegalStateException").doesNotContain("4711");
        assertThat(judged(gate(request -> null, options), "refund", "{\"amount\":1}"))
                .isEqualTo("approval-no-answer");
        ApprovalGate closed = gate();
        closed.close();
        assertThat(judged(closed, "refund", "{\"amount\":1}")).isEqualTo("approval-closed");
        assertThat(judged(closed, "clock", "{}")).isEqualTo("pass");
        Thread.currentThread().interrupt();
        assertThat(judged(gate(), "refund", "{\"amount\":1}")).isEqualTo("approval-interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsWrong_isAFaultAndBlocks() {
        Approval approval = request -> Answer.APPROVED;
        assertFaults(ToolRails.approval(null, null, null), 3);
        assertFaults(ToolRails.approval(List.of(Tool.named("a")), approval, options), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.longestWait(Duration.ofMinutes(11))), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.longestWait(null)), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.expiry(Duration.ofMinutes(61))), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.expiry(null)), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.memory(null)), 1);
        assertFaults(ToolRails.approval(TOOLS, approval, options.memory(new Memory(0, null, time))), 2);
        assertFaults(ToolRails.approval(TOOLS, approval, options.threads(0, 0)), 2);
    }

    private static String judged(ApprovalGate gate, String tool, String json) {
        Verdict<ToolCall> verdict = gate.check(ToolCall.ofJson("t", tool, json));
        return verdict instanceof Verdict.Pass ? "pass" : finding(verdict).category();
    }
}
