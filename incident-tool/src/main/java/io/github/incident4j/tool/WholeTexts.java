// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.text.TextRails;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Guardrails that judge a text as a whole; what one of them finds stands for all of it. */
record WholeTexts(List<Guardrail<String>> rails) {
    static final WholeTexts NONE = new WholeTexts(List.of());

    /** Those of the family text, each with an action, or with its own. */
    static WholeTexts of(String action) {
        Stream<Guardrail<String>> all = Stream.of(
                TextRails.emptyAnswer(),
                TextRails.repetition(),
                TextRails.gibberish(),
                TextRails.refusal(),
                TextRails.mixedScripts());
        return new WholeTexts(
                switch (action) {
                    case "" -> all.toList();
                    case "flag" -> all.map(Rails::flagging).toList();
                    case "block" -> all.map(Rails::blocking).toList();
                    case "retry" ->
                        all.map(Rails::blocking).map(Rails::retrying).toList();
                    default ->
                        throw new IllegalArgumentException("the family text judges whole texts, for which there is no"
                                + " action \"" + action + "\"; there are flag, block and retry");
                });
    }

    /** A screening with what these find in the text besides. */
    Screening with(Screening screening, String text) {
        List<Screening.Found> found = new ArrayList<>(screening.found());
        Optional<Finding> stop = screening.stop();
        for (Guardrail<String> rail : rails) {
            Verdict<String> verdict = rail.check(text);
            if (verdict instanceof Verdict.Flag<String> flag) {
                found.add(found(flag.finding(), Action.FLAG, text));
            } else if (verdict instanceof Verdict.Retry<String> retry) {
                found.add(found(retry.finding(), Action.RETRY, text));
                stop = stop.or(() -> Optional.of(retry.finding()));
            } else if (verdict instanceof Verdict.Block<String> block) {
                found.add(found(block.finding(), Action.BLOCK, text));
                stop = stop.or(() -> Optional.of(block.finding()));
            }
        }
        return new Screening(stop.equals(screening.stop()) ? screening.text() : "", found, stop);
    }

    private static Screening.Found found(Finding finding, Action action, String text) {
        int codePoints = text.codePointCount(0, text.length());
        return new Screening.Found(
                new Match(
                        finding.rule(),
                        finding.category(),
                        "TEXT",
                        0,
                        text.length(),
                        0,
                        codePoints,
                        1,
                        "",
                        finding.severity(),
                        ""),
                action);
    }
}
