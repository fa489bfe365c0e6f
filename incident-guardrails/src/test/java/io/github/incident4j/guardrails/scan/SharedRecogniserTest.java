// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedRecogniserTest {
    private final AtomicInteger looks = new AtomicInteger();

    /** A digit behind a number sign: odd or even. */
    private final Look look = (view, at) -> {
        looks.incrementAndGet();
        if (!view.isDigitAt(at + 1)) {
            return null;
        }
        String rule = (view.charAt(at + 1) - '0') % 2 == 0 ? "even" : "odd";
        return new Look.Seen(rule, new Hit(at, at + 2, 0.9, 0.9));
    };

    private record OfLook(String rule, Look look) implements SharedRecogniser {
        @Override
        public String category() {
            return "test";
        }

        @Override
        public String triggers() {
            return "#";
        }
    }

    private final Rules rules = Rules.of("test", List.of(new OfLook("odd", look), new OfLook("even", look)));

    @Test
    void aLookIsTakenOnce_andNamesTheRule() {
        TextRail rail = TextRail.builder("test")
                .redact(rules.only("odd"))
                .flag(rules.without("odd"))
                .build();
        Screening screening = rail.screen("#1 #2 #x");
        assertThat(screening.text()).isEqualTo("[ODD] #2 #x");
        assertThat(screening.found())
                .extracting(found -> found.match().rule() + found.action())
                .containsExactly("oddREDACT", "evenFLAG");
        assertThat(looks).hasValue(3);
    }

    @Test
    void aRuleThatIsLeftOut_isNotFound() {
        TextRail rail = TextRail.builder("test").flag(rules.only("odd")).build();
        assertThat(rail.screen("#2").found()).isEmpty();
        assertThat(rail.screen("#3").found()).hasSize(1);
    }

    @Test
    void aRuleThatIsGivenTwice_isFoundForBoth() {
        TextRail rail = TextRail.builder("test").flag(rules).redact(rules).build();
        assertThat(rail.screen("#2").found()).hasSize(2);
        assertThat(rail.screen("#2").text()).isEqualTo("[EVEN]");
    }

    @Test
    void cuts_makeNoDifference() {
        TextRail rail = TextRail.builder("test").redact(rules).build();
        String text = "#1#2##3 #";
        for (int seed = 0; seed < 20; seed++) {
            assertThat(Cuts.screened(rail, text, 3, new Random(seed))).isEqualTo(rail.screen(text));
        }
    }
}
