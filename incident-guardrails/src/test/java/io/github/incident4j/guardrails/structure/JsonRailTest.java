// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static io.github.incident4j.guardrails.structure.Verdicts.blocked;
import static io.github.incident4j.guardrails.structure.Verdicts.passes;
import static io.github.incident4j.guardrails.structure.Verdicts.rewritten;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRailTest {
    private static final Guardrail<String> STRICT = StructureRails.json();
    private static final Guardrail<String> EXTRACTED =
            StructureRails.json(JsonOptions.strict().extracted());
    private static final Guardrail<String> REPAIRED =
            StructureRails.json(JsonOptions.strict().repaired());
    private static final Guardrail<String> BOTH =
            StructureRails.json(JsonOptions.strict().extracted().repaired());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " [1, -0, 2.5e-3, 1E9]\r\n",
                "\"a\\u00e9\\n\"",
                "null",
                "{\"a\":{\"a\":[{},[],true,false]},\"b\":\"\uD83D\"}",
                "0"
            })
    void json_passes(String text) {
        passes(STRICT, text);
        passes(BOTH, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1,}|not-json|a key in double quotes was expected at line 1, column 8",
                "{\"a\" 1}|not-json|a colon was expected after the key at line 1, column 6",
                "[1 2]|not-json|a comma or a closing square bracket was expected at line 1, column 4",
                "[1,]|not-json|a value was expected at line 1, column 4",
                "[1|not-json|a comma or a closing square bracket was expected at line 1, column 3",
                "{\"a\":tru}|not-json|a value was expected at line 1, column 6",
                "{\"a\":nulls}|not-json|a value was expected at line 1, column 6",
                "{'a':1}|not-json|a key in double quotes was expected at line 1, column 2",
                "[01]|not-json|a number begins with a needless zero at line 1, column 2",
                "[-01]|not-json|a number begins with a needless zero at line 1, column 2",
                "[1.]|not-json|a digit was expected after the decimal point at line 1, column 4",
                "[1e]|not-json|a digit was expected in the exponent at line 1, column 4",
                "[-]|not-json|a digit was expected at line 1, column 3",
                "[NaN]|not-json|a value was expected at line 1, column 2",
                "[\"a|not-json|the string that begins here has no end at line 1, column 2",
                "[\"\\x\"]|not-json|a backslash stands before a character that has no escape at line 1, column 3",
                "[\"\\u12g4\"]|not-json|an escape needs four hexadecimal digits at line 1, column 3",
                "{} x|trailing-text|text follows the JSON value at line 1, column 4",
                "1 2|trailing-text|text follows the JSON value at line 1, column 3",
                "[]]|trailing-text|text follows the JSON value at line 1, column 3",
                "{\"secret\":1,\"secret\":2}|duplicate-key|an object has the same key twice, the second at line 1, column 13",
                "// c|not-json|a value was expected at line 1, column 1"
            })
    void fault_isNamed_withItsPlace(String text, String category, String message) {
        assertThat(blocked(STRICT, text)).isEqualTo(new Finding("json", category, message));
    }

    @Test
    void place_countsLinesAndCodePoints() {
        assertThat(blocked(STRICT, "{\r\n \"💣é\": oops}").message()).endsWith("at line 2, column 8");
        assertThat(blocked(STRICT, "[\r\r\n\n oops]").message()).endsWith("at line 4, column 2");
        assertThat(blocked(STRICT, "[\"a\nb\"]").message())
                .isEqualTo("a control character stands in a string without an escape at line 1, column 4");
        assertThat(blocked(STRICT, "").message()).isEqualTo("there is no JSON value at line 1, column 1");
    }

    @Test
    void limits_hold() {
        Guardrail<String> rail =
                StructureRails.json(JsonOptions.strict().maxDepth(3).maxLength(20));
        passes(rail, "[[[1]]]");
        assertThat(blocked(rail, "[[[[1]]]]"))
                .isEqualTo(
                        new Finding("json", "too-deep", "the JSON is nested deeper than 3 levels at line 1, column 4"));
        assertThat(blocked(rail, " ".repeat(20) + "1").category()).isEqualTo("too-long");
        assertThat(blocked(STRICT, "[".repeat(100_000)).category()).isEqualTo("too-deep");
        assertThat(blocked(BOTH, "[".repeat(100_000)).category()).isEqualTo("too-deep");
        assertThat(blocked(BOTH, "{\"a\":".repeat(100_000)).category()).isEqualTo("too-deep");
        assertThat(blocked(STRICT, "1".repeat(1_001)).category()).isEqualTo("too-long");
    }

    @Test
    void finding_quotesNothing() {
        for (String text :
                new String[] {"{\"a\": SECRET}", "{SECRET: 1}", "[1] SECRET", "{\"SECRET\":1,\"SECRET\":2}"}) {
            assertThat(blocked(STRICT, text).toString()).doesNotContain("SECRET");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Here you are:\n```json\n{\"a\": 1}\n```\nAnything else?",
                "```\n{\"a\": 1}\n```",
                "  ~~~JSON5 x\n\n{\"a\": 1}\n\n  ~~~~\n",
                "````json\n{\"a\": 1}\n````\n```\ncode\n```",
                "```json\n{\"a\": 1}",
                "The answer [1] is {\"a\": 1}. It was [2] so.",
                "{oh} {\"a\": 1}",
                "Sure! {\"a\": 1}"
            })
    void json_isTakenOut(String text) {
        Verdict.Rewrite<String> rewrite = rewritten(EXTRACTED, text);
        assertThat(rewrite.value()).isEqualTo("{\"a\": 1}");
        assertThat(rewrite.finding().category()).isEqualTo("rewritten");
        assertThat(rewrite.finding().message()).startsWith("the JSON was taken out of ");
        assertThat(STRICT.check(text)).isInstanceOf(Verdict.Block.class);
    }

    @Test
    void arrays_areTakenOut_whereThereIsNoObject() {
        assertThat(rewritten(EXTRACTED, "List: [1, 2].").value()).isEqualTo("[1, 2]");
    }

    /** Neither an object inside of a broken one nor a citation beside it is the answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"approve\": true, \"limits\": {\"approve\": false},}|{\"approve\": true, \"limits\": {\"approve\": false}}",
                "So: {\"approve\": true, \"limits\": {\"approve\": false},}.|{\"approve\": true, \"limits\": {\"approve\": false}}",
                "{\"result\": {\"ok\": true}|{\"result\": {\"ok\": true}}",
                "As in [1], the answer is {\"a\": 1,}|{\"a\": 1}",
                "{\"items\":[{\"id\":1},{\"id\":2}]|{\"items\":[{\"id\":1},{\"id\":2}]}",
                "All: [{\"id\":1},{\"id\":2},]|[{\"id\":1},{\"id\":2}]"
            })
    void brokenAnswer_isRepaired_andNothingInItTaken(String text, String value) {
        assertThat(rewritten(BOTH, text).value()).isEqualTo(value);
        assertThat(blocked(EXTRACTED, text).category()).isEqualTo("not-json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"decision\": oops, \"detail\": {\"decision\":\"deny\"}}",
                "Well: {\"decision\": oops, \"detail\": {\"decision\":\"deny\"}} [1]",
                "{\"decision\": {\"decision\":\"deny\"}, \"why\": \"cut o",
                "[{\"id\":1}, oops]",
                "[{\"id\":1}, {\"id"
            })
    void partOfABrokenAnswer_isNotTheAnswer(String text) {
        assertThat(blocked(BOTH, text).category()).isEqualTo("not-json");
        assertThat(blocked(EXTRACTED, text).category()).isEqualTo("not-json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A { opens it: {\"a\": 1}",
                "In [see below: {\"a\": 1}",
                "f() { return {b: 2}; } gives {\"a\": 1}",
                "For {0, 1} and [x](y) it is {\"a\": 1} [3]"
            })
    void bracketThatIsNoJson_makesNoDifference(String text) {
        assertThat(rewritten(EXTRACTED, text).value()).isEqualTo("{\"a\": 1}");
        assertThat(rewritten(BOTH, text).value()).isEqualTo("{\"a\": 1}");
    }

    /** What looks a little like JSON in a sentence is not the answer, and does not end the search for it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Keys as in {id: 1}: [{\"id\": 7}]|[{\"id\": 7}]",
                "A list of {name: string} objects:%n[{\"name\": \"A\"}]|[{\"name\": \"A\"}]",
                "Formatted by {price:.2f}: {\"price\": 9.5}|{\"price\": 9.5}",
                "Return {name: string}. {\"name\": \"A\"}|{\"name\": \"A\"}",
                "For x in [0, 1) the answer is {\"a\": 1}|{\"a\": 1}",
                "For x in [0, 1) the answer is [{\"a\": 1}]|[{\"a\": 1}]",
                "[10:21:11] Result: [1, 2]|[1, 2]",
                "{{\"a\": 1}}|{\"a\": 1}",
                "{ {\"a\": 1} }|{\"a\": 1}",
                "[Here it is: {\"a\": 1}]|{\"a\": 1}",
                "\\boxed{{\"a\":1}}|{\"a\":1}"
            })
    void proseThatLooksLikeJson_isNotTheAnswer(String text, String value) {
        assertThat(rewritten(EXTRACTED, text.replace("%n", "\n")).value()).isEqualTo(value);
        assertThat(rewritten(BOTH, text.replace("%n", "\n")).value()).isEqualTo(value);
    }

    /** Nor is a part of an answer that was cut off, or a citation beside an object that is none yet. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[48.85, 2.35], [51.5, -0.",
                "[{name: \"A\"}, {name: \"B",
                "[1, {\"a\": 1}, \"cut",
                "As [1] says: {name: \"A\", text: \"cut off"
            })
    void partOfWhatWasCutOff_isNotTheAnswer(String text) {
        blocked(EXTRACTED, text);
        blocked(BOTH, text);
    }

    @Test
    void objectThatIsAlmostOne_isNoLessThanACitationOrAList() {
        String cited = "According to [1] it is {name: \"Paris\"}";
        blocked(EXTRACTED, cited);
        assertThat(rewritten(BOTH, cited).value()).isEqualTo("{\"name\": \"Paris\"}");
        assertThat(rewritten(BOTH, "{answer: \"Paris\", sure: true}\nSources: [\"wiki\"]")
                        .value())
                .isEqualTo("{\"answer\": \"Paris\", \"sure\": true}");
    }

    @Test
    void whatIsWrappedInWords_countsWhereThereIsNothingElse() {
        assertThat(rewritten(EXTRACTED, "[Thinking of {\"a\": 1}]\nResult: [1, 2]")
                        .value())
                .isEqualTo("[1, 2]");
        assertThat(rewritten(EXTRACTED, "[Example: {\"a\": 1}] {\"a\": 2}").value())
                .isEqualTo("{\"a\": 2}");
        blocked(EXTRACTED, "[".repeat(65) + 1 + "]".repeat(65));
    }

    /** Of the outermost brackets those count that are most like JSON; see {@link Extraction}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "For x in [0, 1] we get \\boxed{{\"a\":1}}|{\"a\":1}",
                "{{\"answer\": \"Paris\"}} [1]|{\"answer\": \"Paris\"}",
                "As [1] says: {{\"a\": 1}}|{\"a\": 1}",
                "{{\"answer\": \"Paris\"}} {price:.2f}|{\"answer\": \"Paris\"}",
                "[Here it is: {\"a\": 1}] [1]|{\"a\": 1}",
                "A list of {name: \"string\"} objects:%n[{\"name\": \"A\"}]|[{\"name\": \"A\"}]",
                "Use {name: \"A\"} as the form: {\"name\": \"Bob\"}|{\"name\": \"Bob\"}",
                "If there is none, return {}. Result: [{\"id\": 7}]|[{\"id\": 7}]",
                "try { } catch {} gives {\"a\": 1}|{\"a\": 1}",
                "The set {x : x > 2} gives [3, 4]|[3, 4]",
                "Formatted by {price:.2f}: [9.5, 3]|[9.5, 3]",
                "body {color: red}%n[1, 2]|[1, 2]",
                "According to [1]: [48.85, 2.35]|[48.85, 2.35]",
                "Nothing: {}|{}",
                "The ids: [7]|[7]"
            })
    void whatIsMostLikeJson_isTheAnswer(String text, String value) {
        assertThat(rewritten(EXTRACTED, text.replace("%n", "\n")).value()).isEqualTo(value);
        assertThat(rewritten(BOTH, text.replace("%n", "\n")).value()).isEqualTo(value);
    }

    /** What is cut off, or could be repaired, counts beside a citation, so that this is not the answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "According to [1]: [[48.85, 2.35], [51.5, -0.",
                "As [1] says: [1, {\"a\": 1}, \"cut",
                "According to [1]: [48.85, 2.35, 51.",
                "As [1] says: [1.5, tru",
                "As [1] says: {name:",
                "As [1] says: {sure: tru",
                "As [1] says: [3",
                "As [1] says: {\"answ",
                "As [1] says: {\"answer\"",
                "As [1] says: {answ",
                "As [1] says: [\"Par",
                "As [1] says: [tru",
                "As [1] says: {",
                "As [1] says: ["
            })
    void citationBesideWhatWasCutOff_isNotTheAnswer(String text) {
        blocked(EXTRACTED, text);
        blocked(BOTH, text);
    }

    /** What was cut off where an answer stands may have been it, whatever it is like so far. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Like {\"id\": 1}: [{",
                "Like {\"id\": 1}: {answ",
                "Like {\"id\": 1}:\n[7, 8",
                "For example {\"id\": 1}\n[",
                "Sources: [\"wiki\"]. Ids: [3",
                "Like {id: 'a'}: [\"Par"
            })
    void exampleBesideAnAnswerThatWasCutOff_isAmbiguous(String text) {
        blocked(EXTRACTED, text);
        assertThat(blocked(BOTH, text).category()).isEqualTo("ambiguous");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\": 1} as in [", "{\"id\": 1} (see [1", "{\"id\": 1} for x in [0, 1"})
    void proseCutOffBehindAnAnswer_leavesIt(String text) {
        assertThat(rewritten(EXTRACTED, text).value()).isEqualTo("{\"id\": 1}");
        assertThat(rewritten(BOTH, text).value()).isEqualTo("{\"id\": 1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "As [1] says: [3, 4,]|[3, 4]",
                "As [1] says: [3, 4|[3, 4]",
                "{answer: 'Paris', sure: true}%nSources: ['wiki']|{\"answer\": \"Paris\", \"sure\": true}",
                "According to [1] it is {id: 7}|{\"id\": 7}"
            })
    void citationOrListBesideWhatCanBeRepaired_isNotTheAnswer(String text, String value) {
        assertThat(blocked(EXTRACTED, text.replace("%n", "\n")).category()).isEqualTo("not-json");
        assertThat(rewritten(BOTH, text.replace("%n", "\n")).value()).isEqualTo(value);
    }

    /** What stands where an answer does is no citation: beside another one it is not clear which of them is meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Result: []%nSources: [\"wiki\"]",
                "Result: {}%nSources: [1, 2]",
                "Result: [7]%nSources: [\"wiki\"]",
                "result =%n[7]%nSources: [\"wiki\"]",
                "Nothing found.%n[]%nSee [\"wiki\"]",
                "[ ]%nSee [\"wiki\"]",
                "Answer: {}. See [1, 2].",
                "Answer: []. See [1, 2]."
            })
    void emptyAnswerOrOneNumberBesideAList_isAmbiguous(String text) {
        assertThat(blocked(EXTRACTED, text.replace("%n", "\n")).category()).isEqualTo("ambiguous");
        assertThat(blocked(BOTH, text.replace("%n", "\n")).category()).isEqualTo("ambiguous");
    }

    @Test
    void emptyAnswer_goesBeforeACitation() {
        for (Guardrail<String> rail : List.of(EXTRACTED, BOTH)) {
            assertThat(rewritten(rail, "I found nothing [1]: {}").value()).isEqualTo("{}");
            assertThat(rewritten(rail, "I found nothing [1].\n[]\n").value()).isEqualTo("[]");
            assertThat(rewritten(rail, "- [ ] to do\nThe ids: [7]").value()).isEqualTo("[7]");
        }
    }

    /** An object that cannot be repaired is not the answer, but no reason to take a citation for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{answer: Paris} [1]",
                "The answer is {answer: Paris, id: x7}. See [1].",
                "[{answer: Paris}] [1]",
                "[Here it is: {answer: Paris}] [1]",
                "```%n{answer: Paris}%n```%nSource [1]",
                "```%n{answer: Paris}%n```%nSources: [\"wiki\"]",
                "As [1] says: {answer: Paris, F",
                "{\"answer\" \"Paris\"} [1]",
                "{\"answer\"= \"Paris\"} [1]",
                "[\"Paris\" \"London\"] [1]",
                "{'answer: 1} [1]"
            })
    void citationBesideWhatCannotBeRead_isNotTheAnswer(String text) {
        assertThat(blocked(EXTRACTED, text.replace("%n", "\n")).category()).isEqualTo("not-json");
        assertThat(blocked(BOTH, text.replace("%n", "\n")).category()).isEqualTo("not-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{answer: Paris}%nSource: [1]", "{answer: Paris}%n[1]", "Form: {a: b}. Result: {}"})
    void numberOrNothingBesideWhatCannotBeRead_isAmbiguous(String text) {
        assertThat(blocked(EXTRACTED, text.replace("%n", "\n")).category()).isEqualTo("ambiguous");
        assertThat(blocked(BOTH, text.replace("%n", "\n")).category()).isEqualTo("ambiguous");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Like {\"id\": 1}: [{\"id\": 7}]",
                "Keys as in {id: 1}: [7, 8]",
                "[Thinking of {\"a\": 1}] [Result: {\"a\": 2}]",
                "The answer is [3, 4]. Sources: [\"wiki\"]"
            })
    void severalOfOneSort_areAmbiguous(String text) {
        assertThat(blocked(EXTRACTED, text).category()).isEqualTo("ambiguous");
        assertThat(blocked(BOTH, text).category()).isEqualTo("ambiguous");
    }

    @Test
    void fenceNamedJson_goesBeforeOthers_andLogsInOneAreNoJson() {
        for (String other : List.of("[INFO] started", "[ -f x ] && y", "{ int x = 1; }", "[10:21:11] started")) {
            String text = "```\n" + other + "\n```\nand\n```json\n{\"a\": 1}\n```";
            assertThat(rewritten(EXTRACTED, text).value()).as(text).isEqualTo("{\"a\": 1}");
        }
        assertThat(rewritten(EXTRACTED, "```\n[INFO] started\n```\nIt is {\"a\": 1}")
                        .value())
                .isEqualTo("{\"a\": 1}");
        assertThat(blocked(EXTRACTED, "```\n{\"a\": 1}\n```\n```\n{\"a\": 2}\n```")
                        .category())
                .isEqualTo("ambiguous");
    }

    @Test
    void formInAFenceNamedJson_isNotTheAnswerInOneWithoutAName() {
        String text = "Use:\n```json\n{\"city\": \"string\"}\n```\nAnswer:\n```\n{\"city\": \"Paris\"}\n```";
        assertThat(blocked(EXTRACTED, text).category()).isEqualTo("ambiguous");
        assertThat(blocked(BOTH, text).category()).isEqualTo("ambiguous");
    }

    @Test
    void manyLinks_hideNoAnswer_andWhatIsNotReadToItsEndIsAmbiguous() {
        String links = "see [text](https://example.com) and - [x] done\n".repeat(40);
        assertThat(rewritten(EXTRACTED, links + "{\"a\": 1}").value()).isEqualTo("{\"a\": 1}");
        assertThat(blocked(EXTRACTED, "Like {\"a\": 1}: " + links + "{\"a\": 2}")
                        .category())
                .isEqualTo("ambiguous");
        String open = "{\"a\": 1} " + "an open ( [ bracket ".repeat(40) + "{\"a\": 2}";
        assertThat(blocked(EXTRACTED, open).category()).isEqualTo("ambiguous");
    }

    @Test
    void severalValues_areAmbiguous() {
        assertThat(blocked(EXTRACTED, "{\"a\":1,} or {\"a\":2}").category()).isEqualTo("ambiguous");
        assertThat(blocked(EXTRACTED, "{\"a\":1} or {\"a\":2}"))
                .isEqualTo(new Finding(
                        "json", "ambiguous", "the text holds several values of JSON, the second at line 1, column 12"));
        assertThat(blocked(EXTRACTED, "```json\n1\n```\n```json\n2\n```").category())
                .isEqualTo("ambiguous");
    }

    @Test
    void faultInAFence_hasItsPlaceInTheWholeText() {
        assertThat(blocked(EXTRACTED, "Here:\n```json\n\n  {\"a\": oops}\n```").message())
                .endsWith("at line 4, column 9");
        assertThat(blocked(EXTRACTED, "no JSON in here").message()).endsWith("at line 1, column 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":[1,2,],}|{\"a\":[1,2]}|trailing comma (2)",
                "{'a': 'it\\'s \"x\"'}|{\"a\": \"it's \\\"x\\\"\"}|string in single quotes (2)",
                "{'a': 'it's'}|{\"a\": \"it's\"}|string in single quotes (2)",
                "{“a”: “b”}|{\"a\": \"b\"}|string in typographic quotes (2)",
                "{‘a’: ‘don’t’}|{\"a\": \"don’t\"}|string in typographic quotes (2)",
                "{a: 1, b_2$: 2, c-d: 3}|{\"a\": 1, \"b_2$\": 2, \"c-d\": 3}|key without quotes (3)",
                "[True, False, None]|[true, false, null]|constant of Python (3)",
                "[1 /* one */, 2] // two|[1 , 2]|comment (2)",
                "{\"a\":[1,{\"b\":2|{\"a\":[1,{\"b\":2}]}|missing closing bracket (3)",
                "{\"a\":[1,2}|{\"a\":[1,2]}|missing closing bracket (1)",
                "{\"a\":[1,|{\"a\":[1]}|trailing comma (1), missing closing bracket (2)",
                "{\"a\":\"x\ty\"}|{\"a\":\"x\\ty\"}|line break or tab within a string (1)",
                "\uFEFF{}|{}|byte order mark (1)",
                "{\"“\": 1,}|{\"“\": 1}|trailing comma (1)"
            })
    void defects_areRepaired_andNamed(String text, String value, String repairs) {
        Verdict.Rewrite<String> rewrite = rewritten(REPAIRED, text);
        assertThat(rewrite.value()).isEqualTo(value);
        assertThat(rewrite.finding()).isEqualTo(new Finding("json", "rewritten", "repaired: " + repairs));
        passes(STRICT, rewrite.value());
        assertThat(STRICT.check(text)).isInstanceOf(Verdict.Block.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":",
                "{\"a\"",
                "{\"a\":\"cut off",
                "{'a: 1}",
                "[1 2]",
                "[,1]",
                "[1,,2]",
                "{a 1}",
                "[.5]",
                "[NaN]",
                "[undefined]",
                "[Nonesuch]",
                "{\"a\":1}}",
                "[1}",
                "/* ",
                "{'a':1,\"a\":2}",
                "plain words",
                ""
            })
    void whatWouldBeAGuess_isBlocked(String text) {
        assertThat(blocked(REPAIRED, text).rule()).isEqualTo("json");
    }

    @Test
    void bothTogether() {
        Verdict.Rewrite<String> rewrite = rewritten(BOTH, "Well:\n```json\n{'a': True,}\n```");
        assertThat(rewrite.value()).isEqualTo("{\"a\": true}");
        assertThat(rewrite.finding().message())
                .isEqualTo("the JSON was taken out of a fenced block; repaired: trailing comma (1),"
                        + " string in single quotes (1), constant of Python (1)");
        assertThat(rewritten(BOTH, "Well: {a: 1} and so on").value()).isEqualTo("{\"a\": 1}");
        assertThat(rewritten(BOTH, "{a: 1}").finding().message()).isEqualTo("repaired: key without quotes (1)");
    }

    @Test
    void faults_areReported() {
        assertThat(StructureRails.json(JsonOptions.strict().maxLength(0).maxDepth(501))
                        .faults())
                .containsExactly(
                        "json: the limit of length 0 must be at least 1",
                        "json: the limit of depth 501 must be from 1 to 500");
        assertThat(STRICT.faults()).isEmpty();
        assertThat(STRICT.name()).isEqualTo("json");
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missing_isBlocked() {
        assertThat(blocked(STRICT, null).category()).isEqualTo("missing-text");
        assertThat(StructureRails.json(null).faults()).hasSize(1);
    }
}
