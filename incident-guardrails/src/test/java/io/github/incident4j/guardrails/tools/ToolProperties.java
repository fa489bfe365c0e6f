// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.model.Finding;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ToolProperties {
    private static final Tool TOOL = Tool.named("f")
            .optional("a", Argument.text().maxLength(3))
            .optional("b", Argument.list(Argument.integer()).maxItems(2))
            .labels(Label.READS_PRIVATE, Label.SENDS_OUTSIDE);
    private static final List<Tool> TOOLS = List.of(TOOL, Tool.named("g").anyArguments());

    @Provide
    static Arbitrary<String> anyText() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        3, Arbitraries.strings().withCharRange('\0', '\uFFFF').ofMaxLength(40)),
                net.jqwik.api.Tuple.of(
                        3,
                        Arbitraries.strings()
                                .withChars("{}[]\",:ab01.e-\\u \ud800")
                                .ofMaxLength(40)));
    }

    @Provide
    static Arbitrary<Object> json() {
        return json(3);
    }

    private static Arbitrary<Object> json(int depth) {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange('\0', '\uFFFF')
                        .ofMaxLength(6)
                        .map(text -> text),
                Arbitraries.longs().map(number -> number),
                Arbitraries.bigDecimals().map(number -> number),
                Arbitraries.of(true, false).map(flag -> flag));
        return depth == 0
                ? plain
                : Arbitraries.oneOf(
                        plain,
                        json(depth - 1).list().ofMaxSize(3).map(list -> list),
                        Arbitraries.maps(Arbitraries.of("a", "b", "c", "\ud800"), json(depth - 1))
                                .ofMaxSize(3)
                                .map(map -> map));
    }

    @Property
    void noText_bringsAGuardrailDown(@ForAll("anyText") String text, @ForAll("anyText") String name) {
        Memory memory = Memory.of(10, Duration.ofMinutes(1));
        List<Guardrail<ToolCall>> rails = List.of(
                ToolRails.allowed(TOOLS),
                ToolRails.arguments(TOOLS, value -> Verdict.rewrite("", new Finding("r", "c", "m"))),
                ToolRails.loop(1, memory),
                ToolRails.budget(1, TOOLS, memory),
                ToolRails.flows(TOOLS, memory, Flow.PRIVATE_THEN_OUTSIDE));
        for (String tool : List.of("f", "g", name)) {
            for (ToolCall call : List.of(ToolCall.ofJson(text, tool, text), ToolCall.ofJson("t", tool, text))) {
                for (Guardrail<ToolCall> rail : rails) {
                    assertThat(rail.check(call)).isNotNull();
                }
            }
        }
    }

    @Property
    void whatIsWritten_isReadAsTheSame(@ForAll("json") Object value) {
        ToolCall call = ToolCall.of("t", "f", Map.of("x", value));
        assertThat(call.fault()).isEmpty();
        ToolCall read = ToolCall.ofJson("t", "f", call.json());
        assertThat(read.fault()).isEmpty();
        assertThat(read.json()).isEqualTo(call.json());
        assertThat(read.id()).isEqualTo(call.id());
        assertThat(read.fingerprint()).isEqualTo(call.fingerprint());
    }

    @Property
    void equalFingerprints_meanEqualValues(@ForAll("json") Object one, @ForAll("json") Object other) {
        boolean same = ToolCall.of("t", "f", Map.of("x", one))
                .fingerprint()
                .equals(ToolCall.of("t", "f", Map.of("x", other)).fingerprint());
        assertThat(same).isEqualTo(plain(one).equals(plain(other)));
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new java.util.HashMap<>();
            map.forEach((key, member) -> plain.put(key, plain(member)));
            return plain;
        } else if (value instanceof List<?> list) {
            return list.stream().map(ToolProperties::plain).toList();
        }
        return value instanceof Number number ? new BigDecimal(number.toString()).stripTrailingZeros() : value;
    }

    /** Every text is judged, exactly once, and what is rewritten stands where it stood. */
    @Property
    void argumentRails_reachEveryText(@ForAll("json") Object value) {
        Guardrail<ToolCall> rail = ToolRails.arguments(
                List.of(Tool.named("f").optional("x", Argument.any()).optional("a", Argument.any())),
                text -> text.length() == 1
                        ? Verdict.pass() // the names
                        : Verdict.rewrite("<" + text + ">", new Finding("r", "c", "m")));
        ToolCall call = ToolCall.of("t", "f", Map.of("x", value));
        Verdict<ToolCall> verdict = rail.check(call);
        Object expected = marked(value);
        if (expected.equals(value)) {
            assertThat(verdict).isSameAs(Verdict.pass());
        } else {
            assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
            assertThat(((Verdict.Rewrite<ToolCall>) verdict).value())
                    .isEqualTo(ToolCall.of("t", "f", Map.of("x", expected)));
        }
    }

    private static Object marked(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> marked = new java.util.HashMap<>();
            map.forEach((key, member) -> marked.put(key, marked(member)));
            return marked;
        } else if (value instanceof List<?> list) {
            return list.stream().map(ToolProperties::marked).toList();
        }
        return value instanceof String text && text.length() != 1 ? "<" + text + ">" : value;
    }

    /** Nothing of what the model wrote is in a finding of the declarations. */
    @Property
    void findings_holdNothingOfTheCall(@ForAll("json") Object value) {
        ToolCall call = ToolCall.of("t", "f", Map.of("Qzx9sekret", value, "a", "Qzx9sekret"));
        Verdict<ToolCall> verdict = ToolRails.allowed(TOOLS).check(call);
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        assertThat(((Verdict.Block<ToolCall>) verdict).finding().message().toLowerCase(Locale.ROOT))
                .doesNotContain("qzx9sekret");
    }
}
