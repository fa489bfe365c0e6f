// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Some rules of one family, from which confidence on their values count, and how bad these are. Each method gives new
 * rules. What is wrong with them is among the faults of the guardrail that they are given to.
 *
 * <pre>{@code
 * PiiRails.rules().without("ipv4").with(staffNumber).leastConfidence(0.6)
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Rules {
    private static final double LEAST = 0.5;

    private final String family;
    private final List<Recogniser> recognisers;
    private final double leastConfidence;
    private final Map<String, Severity> severities;
    private final List<String> faults;

    private Rules(
            String family,
            List<Recogniser> recognisers,
            double leastConfidence,
            Map<String, Severity> severities,
            List<String> faults) {
        this.family = family;
        this.recognisers = recognisers;
        this.leastConfidence = leastConfidence;
        this.severities = severities;
        this.faults = faults;
    }

    /**
     * Rules that count from confidence 0.5 on.
     *
     * @param family what faults call them, such as {@code personal data}
     * @param recognisers the rules; of matches that are equal in all else the first one's stays
     * @return the rules
     */
    public static Rules of(String family, List<? extends Recogniser> recognisers) {
        Rules rules = new Rules(family, List.of(), LEAST, Map.of(), List.of());
        for (int i = recognisers.size() - 1; i >= 0; i--) {
            rules = rules.with(recognisers.get(i));
        }
        return rules;
    }

    /**
     * Some of these rules only.
     *
     * @param names the rules to keep
     * @return the new rules
     */
    public Rules only(String... names) {
        return keep(true, names);
    }

    /**
     * These rules but some.
     *
     * @param names the rules to leave out
     * @return the new rules
     */
    public Rules without(String... names) {
        return keep(false, names);
    }

    private Rules keep(boolean named, String... names) {
        Set<String> chosen = new LinkedHashSet<>(List.of(names));
        List<String> more = new ArrayList<>(faults);
        more.addAll(unknown(chosen));
        List<Recogniser> kept = recognisers.stream()
                .filter(recogniser -> chosen.contains(recogniser.rule()) == named)
                .toList();
        return new Rules(family, kept, leastConfidence, severities, List.copyOf(more));
    }

    /** These rules but those of some names, which need not be among them. */
    Rules but(List<String> names) {
        List<Recogniser> kept = recognisers.stream()
                .filter(recogniser -> !names.contains(recogniser.rule()))
                .toList();
        return new Rules(family, kept, leastConfidence, severities, faults);
    }

    private List<String> unknown(Set<String> chosen) {
        List<String> known = names();
        return chosen.stream()
                .filter(name -> !known.contains(name))
                .map(name -> family + ": there is no rule \"" + name + "\"; the rules are " + String.join(", ", known))
                .toList();
    }

    /**
     * These rules and one more, which comes before them.
     *
     * @param recogniser the rule
     * @return the new rules
     */
    public Rules with(Recogniser recogniser) {
        List<Recogniser> next = new ArrayList<>(recognisers);
        next.add(0, recogniser);
        List<String> more = new ArrayList<>(faults);
        more.addAll(recogniser.faults());
        if (recognisers.stream().anyMatch(other -> other.rule().equals(recogniser.rule()))) {
            more.add(family + ": there are two rules \"" + recogniser.rule() + "\"; name one of them otherwise");
        }
        for (String literal : recogniser.literals()) {
            if (literal.length() < 2
                    || literal.length() > 64
                    || literal.chars().anyMatch(c -> c < ' ' || c >= 0x7F || (c >= 'A' && c <= 'Z'))) {
                more.add(family + ": rule " + recogniser.rule() + " has the literal \"" + literal
                        + "\"; a literal has 2 to 64 characters of ASCII and no capitals");
            }
        }
        if (recogniser.triggers().isEmpty() && recogniser.literals().isEmpty()) {
            more.add(family + ": rule " + recogniser.rule() + " has no trigger and no literal, so that nobody asks it");
        }
        for (String word : recogniser.faults().isEmpty() ? words(recogniser) : List.<String>of()) {
            if (!ContextWords.isReadable(word)) {
                more.add(family + ": rule " + recogniser.rule() + " has the word \"" + word
                        + "\"; a word is one run of small letters, at most " + ContextWords.LONGEST);
            }
        }
        if (recogniser.reach() < 1 || recogniser.reach() > TextScanner.FARTHEST_REACH) {
            more.add(family + ": the reach " + recogniser.reach() + " of rule " + recogniser.rule()
                    + " must be from 1 to " + TextScanner.FARTHEST_REACH);
        }
        return new Rules(family, List.copyOf(next), leastConfidence, severities, List.copyOf(more));
    }

    private static List<String> words(Recogniser recogniser) {
        return Stream.of(recogniser.context(), recogniser.against())
                .flatMap(Set::stream)
                .sorted()
                .toList();
    }

    /**
     * These rules with another least confidence. At 0.5 a number that many an ordinary number passes for counts only
     * near a context word; at 0 everything counts that passes its check.
     *
     * @param confidence the confidence from which on a match counts, from 0 to 1
     * @return the new rules
     */
    public Rules leastConfidence(double confidence) {
        List<String> more = new ArrayList<>(faults);
        if (!(confidence >= 0 && confidence <= 1)) {
            more.add(family + ": the least confidence " + confidence + " must be from 0 to 1");
        }
        return new Rules(family, recognisers, confidence, severities, List.copyOf(more));
    }

    /**
     * These rules with another severity: how bad it is that a text holds one of their values. The families' rules come
     * with severities, rules of one's own with {@link Severity#P3}.
     *
     * @param severity the severity of their findings
     * @param names the rules that have it; all of them when none is named
     * @return the new rules
     */
    public Rules severity(Severity severity, String... names) {
        Set<String> chosen = new LinkedHashSet<>(names.length == 0 ? names() : List.of(names));
        List<String> more = new ArrayList<>(faults);
        more.addAll(unknown(chosen));
        Map<String, Severity> next = new HashMap<>(severities);
        if (severity == null) {
            more.add(family + ": a severity is null; leave severity(…) out");
        } else {
            chosen.forEach(name -> next.put(name, severity));
        }
        return new Rules(family, recognisers, leastConfidence, Map.copyOf(next), List.copyOf(more));
    }

    /**
     * These rules with faults of what they were made from.
     *
     * @param more one sentence for each
     * @return the new rules
     */
    public Rules withFaults(List<String> more) {
        List<String> all = new ArrayList<>(faults);
        all.addAll(more);
        return new Rules(family, recognisers, leastConfidence, severities, List.copyOf(all));
    }

    /** {@return the names of the rules, in their order} */
    public List<String> names() {
        return recognisers.stream().map(Recogniser::rule).toList();
    }

    /** {@return the rules themselves, in their order} */
    public List<Recogniser> recognisers() {
        return recognisers;
    }

    double leastConfidence() {
        return leastConfidence;
    }

    /** How bad a value of a rule is. */
    Severity severityOf(Recogniser recogniser) {
        return severities.getOrDefault(recogniser.rule(), Severity.P3);
    }

    List<String> faults() {
        if (!recognisers.isEmpty() || !faults.isEmpty()) {
            return faults;
        }
        return List.of(family + ": there is no rule left to look for; keep at least one");
    }
}
