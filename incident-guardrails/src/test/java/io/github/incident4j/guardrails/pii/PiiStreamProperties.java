// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
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
    private static final TextRail REDACT =
            TextRail.builder("pii").redact(EVERYTHING).build();
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

    @Property
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        for (TextRail rail : List.of(REDACT, ORDINARY, MIXED, EVIDENCE)) {
            Screening whole = rail.screen(text);
            assertThat(Cuts.screened(rail, text, 12, new Random(seed))).isEqualTo(whole);
            assertThat(Cuts.screened(rail, text, 1, new Random(seed))).isEqualTo(whole);
        }
    }

    @Property
    void anyUnits_makeNoDifference(@ForAll long seed, @ForAll("units") String text) {
        Screening whole = REDACT.screen(text);
        assertThat(Cuts.screened(REDACT, text, 12, new Random(seed))).isEqualTo(whole);
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(60).map(String::new);
    }
}
