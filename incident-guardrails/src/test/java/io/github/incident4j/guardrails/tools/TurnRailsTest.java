// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static io.github.incident4j.guardrails.tools.ToolRailsTest.assertFaults;
import static io.github.incident4j.guardrails.tools.ToolRailsTest.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The guardrails that remember turns. */
class TurnRailsTest {
    private static final Tool CRM =
            Tool.named("crm").anyArguments().labels(Label.READS_PRIVATE).atMost(2);
    private static final Tool WEB = Tool.named("web").anyArguments().labels(Label.SEES_UNTRUSTED);
    private static final Tool MAIL = Tool.named("mail").anyArguments().labels(Label.SENDS_OUTSIDE);
    private static final Tool CLOCK = Tool.named("clock");
    private static final List<Tool> TOOLS = List.of(CRM, WEB, MAIL, CLOCK);

    private static final class Clock implements TimeSource {
        private long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    }

    private final Clock clock = new Clock();
    private final Memory memory = new Memory(100, Duration.ofMinutes(1), clock);

    @Test
    void budget_isThatOfTheTurnAndOfTheTool() {
        Guardrail<ToolCall> rail = ToolRails.budget(4, TOOLS, memory);
        assertThat(judged(rail, "t", "crm")).isEqualTo("pass");
        assertThat(judged(rail, "t", "crm")).isEqualTo("pass");
        assertThat(judged(rail, "t", "crm")).isEqualTo("tool-budget");
        assertThat(judged(rail, "t", "clock")).isEqualTo("pass");
        assertThat(judged(rail, "t", "clock")).isEqualTo("pass");
        assertThat(judged(rail, "t", "clock")).isEqualTo("budget");
        assertThat(judged(rail, "t", "crm")).isEqualTo("budget");
        assertThat(judged(rail, "u", "crm")).isEqualTo("pass");
        assertThat(judged(rail, "t", "other")).isEqualTo("not-allowed");
        assertThat(judged(rail, " ", "crm")).isEqualTo("missing-turn");
    }

    @Test
    void turns_areForgottenAfterTheirSilenceOnly() {
        Guardrail<ToolCall> budget = ToolRails.budget(1, TOOLS, memory);
        Guardrail<ToolCall> loop = ToolRails.loop(1, memory);
        Guardrail<ToolCall> flows = ToolRails.flows(TOOLS, memory, Flow.PRIVATE_THEN_OUTSIDE);
        judged(budget, "t", "crm");
        judged(loop, "t", "mail");
        judged(flows, "t", "crm");
        for (int i = 0; i < 3; i++) {
            clock.nanos += Duration.ofMinutes(1).toNanos();
            assertThat(judged(budget, "t", "crm")).isEqualTo("budget");
            assertThat(judged(loop, "t", "mail")).isEqualTo("loop");
            assertThat(judged(flows, "t", "mail")).isEqualTo("private-then-outside");
        }
        clock.nanos += Duration.ofMinutes(1).toNanos() + 1;
        assertThat(judged(budget, "t", "crm")).isEqualTo("pass");
        assertThat(judged(loop, "t", "mail")).isEqualTo("pass");
        assertThat(judged(flows, "t", "mail")).isEqualTo("pass");
    }

    @Test
    void sameCall_isALoopAlsoBetweenOthers() {
        Guardrail<ToolCall> rail = ToolRails.loop(2, memory);
        ToolCall one = ToolCall.ofJson("t", "crm", "{\"id\":1,\"part\":2}");
        ToolCall same = ToolCall.ofJson("t", "crm", "{\"part\":2.0,\"id\":1}");
        ToolCall other = ToolCall.ofJson("t", "crm", "{\"id\":2,\"part\":2}");
        assertThat(judged(rail.check(one))).isEqualTo("pass");
        assertThat(judged(rail.check(other))).isEqualTo("pass");
        assertThat(judged(rail.check(same))).isEqualTo("pass");
        assertThat(judged(rail.check(other))).isEqualTo("pass");
        assertThat(judged(rail.check(one))).isEqualTo("loop");
        assertThat(judged(rail.check(same))).isEqualTo("loop");
        assertThat(judged(rail.check(other))).isEqualTo("loop");
        assertThat(judged(rail.check(ToolCall.ofJson("t", "web", "{\"id\":1,\"part\":2}"))))
                .isEqualTo("pass");
        assertThat(judged(rail.check(ToolCall.ofJson("u", "crm", "{\"id\":1,\"part\":2}"))))
                .isEqualTo("pass");
        assertThat(judged(rail.check(ToolCall.ofJson("", "crm", "{}")))).isEqualTo("missing-turn");
        assertThat(judged(rail.check(ToolCall.ofJson("t", "crm", "{")))).isEqualTo("not-json");
    }

    @Test
    void loop_remembersTheLast64CallsOfATurn() {
        Guardrail<ToolCall> rail = ToolRails.loop(1, memory);
        for (int i = 0; i < Loop.MOST_CALLS; i++) {
            assertThat(judged(rail.check(numbered(i)))).isEqualTo("pass");
        }
        assertThat(judged(rail.check(numbered(0)))).isEqualTo("loop"); // and is the latest again
        assertThat(judged(rail.check(numbered(64)))).isEqualTo("pass"); // takes the place of number 1
        assertThat(judged(rail.check(numbered(0)))).isEqualTo("loop");
        assertThat(judged(rail.check(numbered(2)))).isEqualTo("loop");
        assertThat(judged(rail.check(numbered(1)))).isEqualTo("pass");
    }

    private static ToolCall numbered(int i) {
        return ToolCall.of("t", "crm", Map.of("id", i));
    }

    /** All orders of up to four tools, against the rule said in other words. */
    @Test
    void flows_blockWhatWouldCompleteThem() {
        Guardrail<ToolCall> trifecta = ToolRails.flows(TOOLS, memory, Flow.LETHAL_TRIFECTA);
        Guardrail<ToolCall> pair = ToolRails.flows(TOOLS, memory, Flow.PRIVATE_THEN_OUTSIDE);
        int turn = 0;
        for (int order = 0; order < 256; order++) {
            String key = "turn-" + turn++;
            Set<String> seen = new HashSet<>();
            for (int place = 0; place < 4; place++) {
                Tool tool = TOOLS.get((order >> (2 * place)) & 3);
                boolean sends = tool == MAIL;
                assertThat(judged(trifecta, key, tool.name()))
                        .isEqualTo(sends && seen.contains("crm") && seen.contains("web") ? "lethal-trifecta" : "pass");
                assertThat(judged(pair, key, tool.name()))
                        .isEqualTo(sends && seen.contains("crm") ? "private-then-outside" : "pass");
                seen.add(tool.name());
            }
        }
    }

    @Test
    void toolThatHasAllLabels_isAFlowByItself() {
        Tool all = Tool.named("all").labels(Label.READS_PRIVATE, Label.SEES_UNTRUSTED, Label.SENDS_OUTSIDE);
        Tool browse = Tool.named("browse").labels(Label.SEES_UNTRUSTED, Label.SENDS_OUTSIDE);
        Guardrail<ToolCall> rail = ToolRails.flows(List.of(all, browse, CRM), memory, Flow.LETHAL_TRIFECTA);
        assertThat(judged(rail, "t", "browse")).isEqualTo("pass");
        assertThat(judged(rail, "t", "all")).isEqualTo("lethal-trifecta");
        assertThat(judged(rail, "t", "browse")).isEqualTo("pass"); // what was blocked has read nothing
        assertThat(judged(rail, "t", "crm")).isEqualTo("pass");
        assertThat(judged(rail, "t", "browse")).isEqualTo("lethal-trifecta");
        assertThat(judged(rail, "t", "other")).isEqualTo("not-allowed");
        assertThat(judged(rail, "", "crm")).isEqualTo("missing-turn");
        Finding finding = finding(rail.check(ToolCall.ofJson("t", "browse", "{}")));
        assertThat(finding.rule()).isEqualTo("tool-flow");
        assertThat(finding.message()).contains("browse (sends-outside)");
    }

    @Test
    void turnNotHeardOfTheLongest_isDisplaced() {
        Memory few = new Memory(3, Duration.ofMinutes(1), clock);
        Guardrail<ToolCall> budget = ToolRails.budget(1, TOOLS, few);
        Guardrail<ToolCall> loop = ToolRails.loop(1, few);
        Guardrail<ToolCall> flows = ToolRails.flows(TOOLS, few, Flow.PRIVATE_THEN_OUTSIDE);
        for (int i = 0; i < 100; i++) {
            judged(budget, "turn-" + i, "crm");
            judged(loop, "turn-" + i, "mail");
            judged(flows, "turn-" + i, "crm");
        }
        for (int i = 97; i < 100; i++) {
            assertThat(judged(budget, "turn-" + i, "crm")).isEqualTo("budget");
            assertThat(judged(loop, "turn-" + i, "mail")).isEqualTo("loop");
            assertThat(judged(flows, "turn-" + i, "mail")).isEqualTo("private-then-outside");
        }
        assertThat(judged(budget, "turn-96", "crm")).isEqualTo("pass");
        assertThat(judged(loop, "turn-96", "mail")).isEqualTo("pass");
        assertThat(judged(flows, "turn-96", "mail")).isEqualTo("pass");
    }

    @Test
    void callsOfOneTurn_areJudgedOneAfterTheOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 100; round++) {
                String turn = "turn-" + round;
                Guardrail<ToolCall> budget = ToolRails.budget(7, TOOLS, memory);
                Guardrail<ToolCall> loop = ToolRails.loop(5, memory);
                List<Callable<int[]>> tasks = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tasks.add(() -> {
                        int[] passed = new int[2];
                        for (int call = 0; call < 10; call++) {
                            passed[0] += judged(budget, turn, "web").equals("pass") ? 1 : 0;
                            passed[1] += judged(loop, turn, "web").equals("pass") ? 1 : 0;
                        }
                        return passed;
                    });
                }
                int[] sum = new int[2];
                for (Future<int[]> future : threads.invokeAll(tasks)) {
                    sum[0] += future.get()[0];
                    sum[1] += future.get()[1];
                }
                assertThat(sum).containsExactly(7, 5);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsWrong_isAFaultAndBlocks() {
        assertFaults(ToolRails.budget(0, null, null), 3);
        assertFaults(ToolRails.loop(0, null), 2);
        assertFaults(ToolRails.loop(1, new Memory(0, null, null)), 3);
        assertFaults(ToolRails.flows(TOOLS, memory), 1);
        assertFaults(ToolRails.flows(TOOLS, memory, (Flow[]) null), 1);
        assertFaults(ToolRails.flows(TOOLS, memory, Flow.LETHAL_TRIFECTA, null), 1);
        assertFaults(ToolRails.flows(List.of(CRM), memory, Flow.LETHAL_TRIFECTA), 2);
        assertFaults(ToolRails.flows(TOOLS, memory, new Flow("no name", null, null)), 3);
        assertFaults(
                ToolRails.flows(
                        TOOLS,
                        memory,
                        new Flow("f", new HashSet<>(Arrays.asList(Label.READS_PRIVATE, null)), Label.READS_PRIVATE)),
                2);
    }

    private static String judged(Guardrail<ToolCall> rail, String turn, String tool) {
        return judged(rail.check(ToolCall.ofJson(turn, tool, "{}")));
    }

    private static String judged(Verdict<ToolCall> verdict) {
        return verdict instanceof Verdict.Pass ? "pass" : finding(verdict).category();
    }
}
