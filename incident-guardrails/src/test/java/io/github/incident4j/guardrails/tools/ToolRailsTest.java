// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static io.github.incident4j.guardrails.tools.Argument.any;
import static io.github.incident4j.guardrails.tools.Argument.bool;
import static io.github.incident4j.guardrails.tools.Argument.integer;
import static io.github.incident4j.guardrails.tools.Argument.list;
import static io.github.incident4j.guardrails.tools.Argument.number;
import static io.github.incident4j.guardrails.tools.Argument.object;
import static io.github.incident4j.guardrails.tools.Argument.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.text.TextRails;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolRailsTest {
    private static final Tool MAIL = Tool.named("send_mail")
            .required("to", list(text().maxLength(254)).maxItems(2))
            .required("body", text().maxLength(5))
            .optional("priority", text().oneOf("low", "high"))
            .optional("retries", integer().range(0, 3))
            .optional("cost", number().range(0, 0.5))
            .optional("urgent", bool())
            .optional("head/er", object().required("x~y", text()))
            .optional("free", any());

    private final Guardrail<ToolCall> allowed =
            ToolRails.allowed(List.of(MAIL, Tool.named("free").anyArguments()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "{\"to\":[],\"body\":\"\"} | pass",
                "{\"to\":[\"a\",\"b\"],\"body\":\"12345\"} | pass",
                "{\"to\":[],\"body\":\"😀😀😀😀😀\"} | pass",
                "{\"to\":[],\"body\":\"\",\"priority\":\"low\",\"retries\":3,\"cost\":0.5,\"urgent\":true} | pass",
                "{\"to\":[],\"body\":\"\",\"priority\":null,\"retries\":3.0,\"free\":[{\"x\":[]}]} | pass",
                "{\"to\":[],\"body\":\"\",\"head/er\":{\"x~y\":\"z\"}} | pass",
                "{} | missing-argument /to",
                "{\"to\":null,\"body\":\"\"} | missing-argument /to",
                "{\"to\":[\"a\",null],\"body\":\"\"} | missing-argument /to/1",
                "{\"to\":\"a\",\"body\":\"\"} | wrong-type /to",
                "{\"to\":[1],\"body\":\"\"} | wrong-type /to/0",
                "{\"to\":[\"a\",\"b\",\"c\"],\"body\":\"\"} | too-many /to",
                "{\"to\":[],\"body\":\"123456\"} | too-long /body",
                "{\"to\":[],\"body\":\"\",\"priority\":\"LOW\"} | not-one-of /priority",
                "{\"to\":[],\"body\":\"\",\"retries\":4} | out-of-range /retries",
                "{\"to\":[],\"body\":\"\",\"retries\":-1} | out-of-range /retries",
                "{\"to\":[],\"body\":\"\",\"retries\":1.5} | wrong-type /retries",
                "{\"to\":[],\"body\":\"\",\"retries\":\"1\"} | wrong-type /retries",
                "{\"to\":[],\"body\":\"\",\"cost\":0.50000000000000000000001} | out-of-range /cost",
                "{\"to\":[],\"body\":\"\",\"cost\":1e1000} | out-of-range /cost",
                "{\"to\":[],\"body\":\"\",\"urgent\":\"true\"} | wrong-type /urgent",
                "{\"to\":[],\"body\":\"\",\"head/er\":{}} | missing-argument /head~1er/x~0y",
                "{\"to\":[],\"body\":\"\",\"head/er\":[]} | wrong-type /head~1er",
                "{\"to\":[],\"body\":\"\",\"bcc\":\"sekret\"} | unknown-argument /#3",
                "{\"sekret\":1,\"to\":[],\"body\":\"\"} | unknown-argument /#1"
            })
    void arguments_areHeldAgainstTheirDeclaration(String json, String expected) {
        Verdict<ToolCall> verdict = allowed.check(ToolCall.ofJson("t", "send_mail", json));
        if (expected.equals("pass")) {
            assertThat(verdict).isSameAs(Verdict.pass());
            return;
        }
        String[] parts = expected.split(" ", -1);
        Finding finding = finding(verdict);
        assertThat(finding.category()).isEqualTo(parts[0]);
        assertThat(finding.rule()).isEqualTo("tool-call");
        assertThat(finding.message())
                .contains("argument " + parts[1] + " of send_mail")
                .doesNotContain("sekret");
    }

    @Test
    void faultsBeyondTheFirst_areNamedUpToTen() {
        Finding finding =
                finding(allowed.check(ToolCall.ofJson("t", "send_mail", "{\"body\":\"123456\",\"a\":1,\"b\":2}")));
        assertThat(finding.message())
                .isEqualTo("argument /to of send_mail is missing; also /body too-long, /#2 unknown-argument,"
                        + " /#3 unknown-argument");
        StringBuilder many = new StringBuilder("{\"x\":0");
        for (int i = 0; i < 1_000; i++) {
            many.append(",\"x").append(i).append("\":0");
        }
        assertThat(finding(allowed.check(ToolCall.ofJson("t", "send_mail", many + "}")))
                        .message())
                .hasSizeLessThan(500);
    }

    @Test
    void toolsThatAreNotDeclared_areBlockedWithoutTheirNames() {
        for (String name : List.of("sekret", "SEND_MAIL", "send_mail ", "send_mail\u200B", "")) {
            Finding finding = finding(allowed.check(ToolCall.ofJson("t", name, "{}")));
            assertThat(finding.category()).isEqualTo("not-allowed");
            assertThat(finding.message()).doesNotContain("sekret");
        }
        assertThat(allowed.check(ToolCall.ofJson("t", "free", "{\"whatever\":[1]}")))
                .isSameAs(Verdict.pass());
        assertThat(finding(allowed.check(ToolCall.ofJson("t", "free", "[1]"))).category())
                .isEqualTo("not-json");
    }

    @Test
    void textRails_judgeEveryTextAndRewriteItInItsPlace() {
        Guardrail<ToolCall> rail =
                ToolRails.arguments(List.of(MAIL, Tool.named("free").anyArguments()), PiiRails.redact());
        ToolCall call = ToolCall.ofJson(
                "t",
                "send_mail",
                "{\"to\":[\"x\",\"jo@example.com\"],\"body\":\"y\",\"free\":{\"k\":[\"mail jo@example.com\"]},\"retries\":1}");
        Verdict<ToolCall> verdict = rail.check(call);
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        Verdict.Rewrite<ToolCall> rewrite = (Verdict.Rewrite<ToolCall>) verdict;
        assertThat(rewrite.value().json())
                .isEqualTo(
                        "{\"to\":[\"x\",\"[EMAIL]\"],\"body\":\"y\",\"free\":{\"k\":[\"mail [EMAIL]\"]},\"retries\":1}");
        assertThat(rewrite.value().turn()).isEqualTo("t");
        assertThat(rewrite.finding().rule()).isEqualTo("email");
        assertThat(rewrite.finding().message()).startsWith("argument /to/1: ").doesNotContain("jo@", "example");
        assertThat(call.json()).contains("jo@example.com");
        assertThat(rail.check(ToolCall.of("t", "free", Map.of("a", List.of(1, true, "fine")))))
                .isSameAs(Verdict.pass());
    }

    @Test
    void namesThatTheModelMadeUp_areJudgedAndNeverRewritten() {
        List<Tool> tools = List.of(MAIL, Tool.named("free").anyArguments());
        Guardrail<ToolCall> redact = ToolRails.arguments(tools, PiiRails.redact());
        Guardrail<ToolCall> flag = ToolRails.arguments(tools, PiiRails.flag());
        ToolCall atTop = ToolCall.of("t", "free", Map.of("jo@example.com", 1));
        ToolCall nested = ToolCall.of("t", "free", Map.of("a", List.of(Map.of("jo@example.com", 1))));
        ToolCall inside = ToolCall.of("t", "send_mail", Map.of("free", Map.of("jo@example.com", 1)));
        for (ToolCall call : List.of(atTop, nested, inside)) {
            Finding finding = finding(redact.check(call));
            assertThat(finding.message()).startsWith("the name of argument /").doesNotContain("jo@");
            assertThat(flag.check(call)).isInstanceOf(Verdict.Flag.class);
        }
        Guardrail<ToolCall> strict = ToolRails.arguments(tools, TextRails.deniedTerms("priority"));
        assertThat(strict.check(ToolCall.of("t", "send_mail", Map.of("priority", "low"))))
                .isSameAs(Verdict.pass());
    }

    @Test
    void severalVerdicts_becomeTheStrongest() {
        Guardrail<String> rail = text -> {
            Finding finding = new Finding("r", text, "m");
            return switch (text) {
                case "flag" -> Verdict.flag(finding);
                case "rewrite" -> Verdict.rewrite("new", finding);
                case "retry" -> Verdict.retry(finding);
                case "block" -> Verdict.block(finding);
                default -> Verdict.pass();
            };
        };
        Guardrail<ToolCall> judging = ToolRails.arguments(List.of(MAIL), rail);
        assertThat(category(judging.check(free("pass")))).isEqualTo("Pass");
        assertThat(category(judging.check(free("pass", "flag", "flag")))).isEqualTo("Flag /free/1");
        assertThat(category(judging.check(free("flag", "rewrite")))).isEqualTo("Rewrite /free/1");
        assertThat(category(judging.check(free("rewrite", "flag", "rewrite")))).isEqualTo("Rewrite /free/0");
        assertThat(category(judging.check(free("rewrite", "retry", "flag")))).isEqualTo("Retry /free/1");
        assertThat(category(judging.check(free("retry", "rewrite", "block", "block"))))
                .isEqualTo("Block /free/2");
        Guardrail<ToolCall> inTurn = ToolRails.arguments(List.of(MAIL), rail, TextRails.deniedTerms("new"));
        assertThat(category(inTurn.check(free("rewrite")))).isEqualTo("Block /free/0");
    }

    private static ToolCall free(String... texts) {
        return ToolCall.of("t", "send_mail", Map.of("free", List.of(texts)));
    }

    private static String category(Verdict<ToolCall> verdict) {
        Finding finding = verdict instanceof Verdict.Flag<ToolCall> flag
                ? flag.finding()
                : verdict instanceof Verdict.Rewrite<ToolCall> rewrite
                        ? rewrite.finding()
                        : verdict instanceof Verdict.Retry<ToolCall> retry
                                ? retry.finding()
                                : verdict instanceof Verdict.Block<ToolCall> block ? block.finding() : null;
        String place =
                finding == null ? "" : finding.message().replace("argument", "").replaceAll(":.*", "");
        return verdict.getClass().getSimpleName() + place;
    }

    @Test
    void guardrails_haveLegalNames() {
        assertThat(List.of(AllowedCalls.NAME, ArgumentRail.NAME, Budget.NAME, Loop.NAME, Flows.NAME, ApprovalGate.NAME))
                .allSatisfy(name -> assertThat(Names.faultOf("guardrail", name)).isEmpty());
        assertThat(allowed.name()).isEqualTo("tool-call");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsWrongWithTheDeclarations_isAFaultAndBlocks() {
        assertFaults(ToolRails.allowed(null), 1);
        assertFaults(ToolRails.allowed(List.of()), 1);
        assertFaults(ToolRails.allowed(Arrays.asList(MAIL, null, MAIL)), 2);
        assertFaults(ToolRails.allowed(List.of(Tool.named(null))), 1);
        assertFaults(ToolRails.allowed(List.of(Tool.named("a\nb").atMost(0).labels(Label.READS_PRIVATE, null))), 3);
        assertFaults(ToolRails.allowed(List.of(Tool.named("f").required(null, null))), 2);
        assertFaults(
                ToolRails.allowed(List.of(Tool.named("f").required("a", any()).optional("a", any()))), 1);
        assertFaults(
                ToolRails.allowed(List.of(Tool.named("f")
                        .required("a", text().maxLength(0).oneOf())
                        .required("b", text().oneOf("x", null))
                        .required("c", number().range(2, 1))
                        .required("d", number().range(0, Double.NaN))
                        .required("e", integer().range(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
                        .required("f", list(null).maxItems(0))
                        .required("g", list(object().required("h", text().maxLength(-1)))))),
                9);
        assertFaults(ToolRails.arguments(List.of(MAIL)), 1);
        assertFaults(ToolRails.arguments(null, (Guardrail<String>[]) null), 2);
        assertFaults(ToolRails.arguments(List.of(MAIL), null, TextRails.deniedTerms()), 2);
    }

    static void assertFaults(Guardrail<ToolCall> rail, int number) {
        assertThat(rail.faults()).hasSize(number).allMatch(fault -> fault.startsWith(rail.name() + ": "));
        assertThat(finding(rail.check(ToolCall.ofJson("t", "send_mail", "{}"))).category())
                .isEqualTo("misconfigured");
    }

    static Finding finding(Verdict<ToolCall> verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<ToolCall>) verdict).finding();
    }
}
