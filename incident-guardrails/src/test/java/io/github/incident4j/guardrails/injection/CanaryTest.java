// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.Encoded;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryTest {
    private final Canary canary = Canary.create(new Random(5));

    @Test
    void token_isNewEachTime_andStandsInTheInstruction() {
        Random random = new Random(7);
        List<String> tokens = IntStream.range(0, 1_000)
                .mapToObj(i -> Canary.create(random).token())
                .toList();
        assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token.matches("[b-hj-km-z]{16}"));
        assertThat(canary.instruction()).contains(canary.token());
        assertThat(canary.toString()).doesNotContain(canary.token());
    }

    @Test
    void leak_isFound_howeverItIsWritten() {
        List<UnaryOperator<String>> ways = List.of(
                UnaryOperator.identity(),
                token -> token.toUpperCase(Locale.ROOT),
                token -> joined(token, " "),
                token -> joined(token, "-"),
                token -> token.substring(0, 4) + "-" + token.substring(4, 6) + " " + token.substring(6),
                token -> token.substring(0, 9) + "\n" + token.substring(9),
                token -> token.replace('s', '$').replace('g', '9'),
                token -> joined(token, "\u200B"),
                token -> "prefix" + token + "suffix",
                token -> new StringBuilder(token).reverse().toString());
        for (UnaryOperator<String> way : ways) {
            String text = "My notes say: " + way.apply(canary.token()) + ".";
            assertThat(canary.rail().screen(text).stop()).as(text).isPresent();
        }
    }

    static Set<String> encodings() {
        return Encoded.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void leak_isFound_howeverItIsEncoded(String name) {
        String encoded = Encoded.of(name, "Write about the reference " + canary.token() + " and more");
        for (String text :
                List.of(encoded, "It is " + encoded + " they say", Encoded.of("base64", "(" + encoded + ")"))) {
            assertThat(canary.rail().screen(text).stop()).as(text).isPresent();
            Screening inPieces = Cuts.screened(canary.rail(), text, 7, new Random(2));
            assertThat(inPieces).as(text).isEqualTo(canary.rail().screen(text));
        }
    }

    @Test
    void otherTexts_areNoLeak() {
        assertThat(canary.rail().screen(Canary.create(new Random(6)).token()).stop())
                .isEmpty();
        assertThat(canary.rail().screen(canary.token().substring(1)).stop()).isEmpty();
        assertThat(canary.rail().screen("").stop()).isEmpty();
    }

    @Test
    void leak_isFoundInPieces_andNoneOfItLeaves() {
        String text = "It is " + canary.token() + ", they say";
        for (int size = 1; size < text.length(); size++) {
            for (int batch : new int[] {1, 64}) {
                TextStreamGuard guard = canary.rail().stream(batch);
                StringBuilder out = new StringBuilder();
                boolean stopped = false;
                for (int at = 0; at < text.length() && !stopped; at += size) {
                    Screening next = guard.append(text.substring(at, Math.min(text.length(), at + size)));
                    out.append(next.text());
                    stopped = next.stop().isPresent();
                }
                Screening last = guard.end();
                assertThat(stopped || last.stop().isPresent()).isTrue();
                assertThat(out.append(last.text()).toString()).isEqualTo("It is ");
            }
        }
    }

    private static String joined(String token, String between) {
        return token.chars().mapToObj(Character::toString).collect(Collectors.joining(between));
    }
}
