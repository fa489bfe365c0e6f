// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a stream lets out and finds does not depend on where it was cut. */
class PiiStreamProperties {
    private static final Rules EVERYTHING = PiiRails.rules().leastConfidence(0);
    private static final TextRail REDACT = PiiRails.redact(EVERYTHING);
    private static final TextRail ORDINARY = PiiRails.redact();
    private static final TextRail MIXED = TextRail.builder("mixed")
            .redact(EVERYTHING.only("email", "iban", "credit-card"))
            .flag(EVERYTHING.without("email", "iban", "credit-card", "us-ssn"))
            .block(EVERYTHING.only("us-ssn"))
            .allowNear("fax")
            .build();
    private static final TextRail EVIDENCE =
            TextRail.builder("evidence").weigh(EVERYTHING, 0.9, 0.999).build();

    @Provide
    Arbitrary<String> texts() {
        return PiiProperties.valuesAndPieces();
    }

    @Property(tries = 3_000)
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        for (TextRail rail : List.of(REDACT, ORDINARY, MIXED, EVIDENCE)) {
            Screening whole = rail.screen(text);
            assertThat(inPieces(rail, text, new Random(seed))).isEqualTo(whole);
            assertThat(inPieces(rail, text, null)).isEqualTo(whole);
        }
    }

    @Property
    void anyUnits_makeNoDifference(@ForAll long seed, @ForAll("units") String text) {
        Screening whole = REDACT.screen(text);
        assertThat(inPieces(REDACT, text, new Random(seed))).isEqualTo(whole);
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(60).map(String::new);
    }

    /** One character at a time where there is no source of chance. */
    private static Screening inPieces(TextRail rail, String text, @org.jspecify.annotations.Nullable Random random) {
        TextStreamGuard guard = rail.stream();
        StringBuilder out = new StringBuilder();
        List<Screening.Found> found = new ArrayList<>();
        Screening last = null;
        for (int at = 0; at < text.length() && (last == null || last.stop().isEmpty()); ) {
            int end = random == null ? at + 1 : Math.min(text.length(), at + random.nextInt(12));
            last = guard.append(text.substring(at, end));
            out.append(last.text());
            found.addAll(last.found());
            at = end;
        }
        if (last == null || last.stop().isEmpty()) {
            last = guard.end();
            out.append(last.text());
            found.addAll(last.found());
        }
        assertThat(guard.append("x").text()).as("after the end").isEmpty();
        return new Screening(out.toString(), found, last.stop());
    }
}
