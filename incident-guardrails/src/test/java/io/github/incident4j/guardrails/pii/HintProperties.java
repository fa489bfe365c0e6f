// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.BackwardRecogniser;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Where rules say that they need not be asked they would have found nothing. All values are synthetic. */
class HintProperties {
    private static final List<Recogniser> RULES = PiiRails.rules().recognisers();
    private static final TextScanner HINTED = new TextScanner(RULES, 0);
    private static final TextScanner UNHINTED = new TextScanner(
            RULES.stream()
                    .map(rule -> rule instanceof BackwardRecogniser ? rule : new Unhinted(rule))
                    .toList(),
            0);

    /** A rule that is asked at each of its triggers. */
    private record Unhinted(Recogniser of) implements Recogniser {
        @Override
        public String rule() {
            return of.rule();
        }

        @Override
        public String category() {
            return of.category();
        }

        @Override
        public boolean verifies() {
            return of.verifies();
        }

        @Override
        public Set<String> against() {
            return of.against();
        }

        @Override
        public String triggers() {
            return of.triggers();
        }

        @Override
        public boolean atWordStart() {
            return of.atWordStart();
        }

        @Override
        public List<String> literals() {
            return of.literals();
        }

        @Override
        public int reach() {
            return of.reach();
        }

        @Override
        public Set<String> context() {
            return of.context();
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            return of.find(view, at);
        }
    }

    @Property(tries = 3_000)
    void hints_loseNothing(@ForAll("texts") String text) {
        assertThat(HINTED.scan(text)).isEqualTo(UNHINTED.scan(text));
    }

    @Provide
    Arbitrary<String> texts() {
        return PiiProperties.valuesAndPieces();
    }
}
