// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.pii.Mask;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which credentials to look for, and what to do with them. Each method gives new options. What is wrong with them is
 * among the guardrail's faults.
 *
 * <pre>{@code
 * SecretOptions.defaults().without("password-assignment").allow(testKey).mask(Mask.LAST_FOUR)
 * }</pre>
 *
 * <p>Immutable.
 */
public final class SecretOptions {
    private static final double LEAST = 0.5;

    private final List<Recogniser> rules;
    private final double leastConfidence;
    private final Mask mask;
    private final Set<String> allowed;
    private final List<String> faults;

    private SecretOptions(
            List<Recogniser> rules, double leastConfidence, Mask mask, Set<String> allowed, List<String> faults) {
        this.rules = rules;
        this.leastConfidence = leastConfidence;
        this.mask = mask;
        this.allowed = allowed;
        this.faults = faults;
    }

    /** {@return all rules, from confidence 0.5 on, masked by their labels} */
    public static SecretOptions defaults() {
        return new SecretOptions(Secrets.rules(), LEAST, Mask.LABEL, Set.of(), List.of());
    }

    /**
     * These options with some of the rules only.
     *
     * @param names the rules to keep
     * @return the new options
     */
    public SecretOptions only(String... names) {
        return keep(true, names);
    }

    /**
     * These options without some of the rules.
     *
     * @param names the rules to leave out
     * @return the new options
     */
    public SecretOptions without(String... names) {
        return keep(false, names);
    }

    private SecretOptions keep(boolean named, String... names) {
        Set<String> chosen = new LinkedHashSet<>(List.of(names));
        List<String> more = new ArrayList<>(faults);
        Set<String> known = new LinkedHashSet<>();
        rules.forEach(rule -> known.add(rule.rule()));
        for (String name : chosen) {
            if (!known.contains(name)) {
                more.add("secrets: there is no rule \"" + name + "\"; the rules are " + String.join(", ", known));
            }
        }
        List<Recogniser> kept = rules.stream()
                .filter(rule -> chosen.contains(rule.rule()) == named)
                .toList();
        return new SecretOptions(kept, leastConfidence, mask, allowed, List.copyOf(more));
    }

    /**
     * These options with a rule more. It comes before those that are there.
     *
     * @param recogniser the rule
     * @return the new options
     */
    public SecretOptions with(Recogniser recogniser) {
        List<Recogniser> next = new ArrayList<>(rules);
        next.add(0, recogniser);
        List<String> more = new ArrayList<>(faults);
        more.addAll(recogniser.faults());
        if (rules.stream().anyMatch(rule -> rule.rule().equals(recogniser.rule()))) {
            more.add("secrets: there are two rules \"" + recogniser.rule() + "\"; name one of them otherwise");
        }
        return new SecretOptions(List.copyOf(next), leastConfidence, mask, allowed, List.copyOf(more));
    }

    /**
     * These options with another least confidence. At 0.5 placeholders, values of manuals, and names of issuers without
     * a sign of assignment do not count; at 0.6 neither does a value with a wrong checksum; at 0 everything counts.
     *
     * @param confidence the confidence from which on a match counts, from 0 to 1
     * @return the new options
     */
    public SecretOptions leastConfidence(double confidence) {
        List<String> more = new ArrayList<>(faults);
        if (!(confidence >= 0 && confidence <= 1)) {
            more.add("secrets: the least confidence " + confidence + " must be from 0 to 1");
        }
        return new SecretOptions(rules, confidence, mask, allowed, List.copyOf(more));
    }

    /**
     * These options with another mask.
     *
     * @param next what redaction puts in a value's place
     * @return the new options
     */
    public SecretOptions mask(Mask next) {
        return new SecretOptions(rules, leastConfidence, next, allowed, faults);
    }

    /**
     * These options with values that are no trouble, such as the key of a test server. A value is allowed when the
     * whole match equals one of them, once both are in normal form; case counts.
     *
     * @param values the values
     * @return the new options
     */
    public SecretOptions allow(String... values) {
        Set<String> next = new HashSet<>(allowed);
        next.addAll(List.of(values));
        return new SecretOptions(rules, leastConfidence, mask, Set.copyOf(next), faults);
    }

    List<Recogniser> rules() {
        return rules;
    }

    double leastConfidence() {
        return leastConfidence;
    }

    Mask mask() {
        return mask;
    }

    Set<String> allowed() {
        return allowed;
    }

    List<String> faults() {
        if (!rules.isEmpty() || !faults.isEmpty()) {
            return faults;
        }
        return List.of("secrets: there is no rule left to look for; keep at least one");
    }
}
