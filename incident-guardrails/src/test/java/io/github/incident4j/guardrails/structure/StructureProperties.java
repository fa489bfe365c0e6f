// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StructureProperties {
    private static final Guardrail<String> STRICT = StructureRails.json();
    private static final List<Guardrail<String>> RAILS = List.of(
            STRICT,
            StructureRails.json(JsonOptions.strict().extracted()),
            StructureRails.json(JsonOptions.strict().repaired()),
            StructureRails.json(JsonOptions.strict().extracted().repaired()),
            StructureRails.xml(),
            StructureRails.csv(CsvOptions.options().header("a", "b").withoutFormulas()),
            StructureRails.oneOfForgiving("a", "b"),
            StructureRails.layout("9A"));

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "'",
                        "“",
                        "’",
                        "a",
                        "\"a\"",
                        "'b'",
                        "1",
                        "-",
                        ".5",
                        "e9",
                        "true",
                        "None",
                        "//",
                        "/*",
                        "*/",
                        "\n",
                        " ",
                        "```json\n",
                        "```",
                        "~~~",
                        "<a>",
                        "</a>",
                        "<!DOCTYPE",
                        "&x;",
                        "\\",
                        "\\u00",
                        "\uFEFF",
                        "\uD83D",
                        "\uDCA3",
                        "\u0000",
                        "=1",
                        "\r")
                .list()
                .ofMaxSize(24)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(40).map(String::new);
    }

    @Property
    void nothingThrows_andWhatIsRewrittenPasses(@ForAll("pieces") String text) {
        holds(text);
    }

    @Property
    void anyUnits(@ForAll("units") String text) {
        holds(text);
    }

    private static void holds(String text) {
        for (Guardrail<String> rail : RAILS) {
            Verdict<String> verdict = rail.check(text);
            if (verdict instanceof Verdict.Rewrite<String> rewrite) {
                assertThat(rail.check(rewrite.value())).isSameAs(Verdict.pass());
            } else if (verdict instanceof Verdict.Block<String> block) {
                assertThat(block.finding().message()).isNotBlank();
            }
        }
    }

    /** Where Jackson would take more than one value, or a key twice, so does the rail not. */
    @Property
    void strictJson_isWhatJacksonTakes(@ForAll("pieces") String text) throws java.io.IOException {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        boolean taken;
        try {
            taken = !mapper.readTree(text).isMissingNode();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            taken = false;
        }
        assertThat(STRICT.check(text) instanceof Verdict.Pass).isEqualTo(taken);
    }

    /** The reader that explains agrees with Jackson, which decides, on all but keys that are there twice. */
    @Property
    void reader_agreesWithJackson(@ForAll("pieces") String text) {
        JsonReader reader = new JsonReader(text, 0, 64, false);
        boolean read = reader.value() && reader.end() == text.length();
        Verdict<String> verdict = STRICT.check(text);
        boolean twice = verdict instanceof Verdict.Block<String> block
                && block.finding().category().equals("duplicate-key");
        assertThat(verdict instanceof Verdict.Pass).isEqualTo(read && !twice);
    }

    @Property
    void trailingCommas_areRepaired(@ForAll("values") String value) {
        Guardrail<String> rail = StructureRails.json(JsonOptions.strict().repaired());
        Verdict<String> verdict = rail.check(value.replace("]", ",]").replace("[,]", "[]"));
        String result = verdict instanceof Verdict.Rewrite<String> rewrite ? rewrite.value() : value;
        assertThat(result).isEqualTo(value);
        assertThat(verdict).isNotInstanceOf(Verdict.Block.class);
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> leaf = Arbitraries.of("1", "\"x\"", "null", "{\"k\":true}", "[]");
        return Arbitraries.recursive(
                () -> leaf, inner -> inner.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]"), 3);
    }
}
