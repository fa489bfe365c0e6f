// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.internal.Rail;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Regular expressions, run by RE2/J in linear time. The only class that knows RE2/J, which may not be there. */
final class Patterns {
    private static final String DENIED = "denied-patterns";
    static final String DENIED_CATEGORY = "denied-pattern";

    private static final String ALLOWED = "allowed-patterns";

    private static final int MOST_PATTERNS = 1_000;
    private static final int LONGEST = 1_000;

    /** The time for a text grows with the size of the program; a thousand states are a microsecond a character. */
    private static final int LARGEST_PROGRAM = 5_000;

    /** RE2/J writes repeats out before it can be asked for the size, so nested ones are stopped before it. */
    private static final long MOST_REPEATS = 1_000_000;

    private Patterns() {}

    static Guardrail<String> denied(String[] patterns) {
        List<Pattern> compiled = new ArrayList<>();
        List<String> faults = faultsOf(DENIED, patterns, compiled);
        return faults.isEmpty()
                ? Rail.onText(DENIED, Action.BLOCK, text -> firstFound(compiled, text))
                : new Misconfigured<>(DENIED, faults);
    }

    /** A rule for each pattern, named by its place in the list. */
    static Rules rules(String[] patterns) {
        List<Pattern> compiled = new ArrayList<>();
        List<String> faults = new ArrayList<>(faultsOf(DENIED, patterns, compiled));
        List<PatternRule> rules = new ArrayList<>();
        int known = faults.isEmpty() ? patterns.length : 0;
        for (int i = 0; i < known; i++) {
            PatternRule rule = PatternRule.of(DENIED_CATEGORY + '-' + (i + 1), patterns[i]);
            if (rule == null) {
                faults.add(DENIED + ": pattern " + (i + 1) + " does not begin with two characters that are always the"
                        + " same, or has alternatives; give one for each, or use deniedPatterns");
            } else {
                rules.add(rule);
            }
        }
        return Rules.of(DENIED, rules).withFaults(faults);
    }

    static Guardrail<String> allowed(String[] patterns) {
        List<Pattern> compiled = new ArrayList<>();
        List<String> faults = faultsOf(ALLOWED, patterns, compiled);
        Finding none = new Finding(
                ALLOWED,
                "not-allowed",
                "the text as a whole matches none of the " + patterns.length + " allowed patterns");
        return faults.isEmpty()
                ? Rail.onText(
                        ALLOWED,
                        Action.BLOCK,
                        text -> compiled.stream().anyMatch(pattern -> pattern.matches(text)) ? null : none)
                : new Misconfigured<>(ALLOWED, faults);
    }

    private static @Nullable Finding firstFound(List<Pattern> patterns, String text) {
        for (int i = 0; i < patterns.size(); i++) {
            com.google.re2j.Matcher matcher = patterns.get(i).matcher(text);
            if (matcher.find()) {
                return new Finding(
                        DENIED,
                        DENIED_CATEGORY,
                        "denied pattern " + (i + 1) + " is found at " + matcher.start() + " to " + matcher.end());
            }
        }
        return null;
    }

    private static List<String> faultsOf(String name, String[] patterns, List<Pattern> compiled) {
        if (patterns.length == 0) {
            return List.of(name + ": there is no pattern; give at least one");
        } else if (patterns.length > MOST_PATTERNS) {
            return List.of(name + ": " + patterns.length + " patterns are too many; give at most " + MOST_PATTERNS);
        }
        List<String> faults = new ArrayList<>();
        List<@Nullable String> all = Arrays.asList(patterns);
        for (int i = 0; i < all.size(); i++) {
            String fault = faultOf(all.get(i), compiled);
            if (fault != null) {
                faults.add(name + ": pattern " + (i + 1) + " " + fault);
            }
        }
        return faults;
    }

    private static @Nullable String faultOf(@Nullable String pattern, List<Pattern> compiled) {
        if (pattern == null || pattern.isEmpty()) {
            return "is missing; remove it or give a regular expression";
        } else if (pattern.length() > LONGEST) {
            return "has " + pattern.length() + " characters; give at most " + LONGEST;
        }
        long repeats = repeats(pattern);
        if (repeats > MOST_REPEATS) {
            return "repeats too often when all its bounds are multiplied; repeat less, at most " + MOST_REPEATS;
        }
        try {
            Pattern program = Pattern.compile(pattern);
            compiled.add(program);
            return program.programSize() <= LARGEST_PROGRAM
                    ? null
                    : "makes a program of " + program.programSize() + " steps; repeat less, at most " + LARGEST_PROGRAM
                            + " steps";
        } catch (PatternSyntaxException e) {
            return "\"" + pattern + "\" is none that RE2 knows: " + e.getDescription()
                    + "; there are no look-arounds and no back-references";
        }
    }

    /** The product of all bounds such as {2,5}, which is what they come to when each stands in the next. */
    private static long repeats(String pattern) {
        long product = 1;
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '{') {
                continue;
            }
            long bound = 0;
            for (i++; i < pattern.length() && "0123456789,".indexOf(pattern.charAt(i)) >= 0; i++) {
                char c = pattern.charAt(i);
                bound = c == ',' ? 0 : Math.min(bound * 10 + c - '0', MOST_REPEATS);
            }
            product = Math.min(product * Math.max(bound, 1), MOST_REPEATS * 10);
        }
        return product;
    }
}
