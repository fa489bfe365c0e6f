// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes an answer of a fixed layout and nothing else. */
final class Layout implements Guardrail<String> {
    static final String NAME = "layout";

    private static final int LONGEST = 256;

    private final List<String> layouts;
    private final Verdict<String> block;

    private Layout(List<String> layouts) {
        this.layouts = layouts;
        block = Verdict.block(new Finding(
                NAME, "layout", "the answer has none of the layouts \"" + String.join("\", \"", layouts) + "\""));
    }

    static Guardrail<String> of(String @Nullable [] layouts) {
        Faults faults = new Faults(NAME);
        String[] given = layouts == null ? new String[0] : layouts;
        faults.when(given.length == 0, "there is no layout; give at least one, such as \"AA-9999\"");
        for (String layout : given) {
            faults.when(
                    layout == null || layout.isEmpty() || layout.length() > LONGEST || layout.endsWith("\\"),
                    "the layout \"" + layout + "\" must have 1 to " + LONGEST
                            + " characters and end with no backslash");
        }
        return faults.or(NAME, () -> new Layout(List.of(given)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<String> check(@Nullable String answer) {
        if (answer == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no answer"));
        }
        for (String layout : layouts) {
            if (fits(layout, answer)) {
                return Verdict.pass();
            }
        }
        return block;
    }

    private static boolean fits(String layout, String answer) {
        int at = 0;
        for (int i = 0; i < layout.length(); i++, at++) {
            if (at == answer.length()) {
                return false;
            }
            char wanted = layout.charAt(i);
            char c = answer.charAt(at);
            boolean fits = switch (wanted) {
                case '9' -> Ascii.isDigit(c);
                case 'A' -> Ascii.isCapital(c);
                case 'a' -> Ascii.isSmall(c);
                case 'X' -> Ascii.isDigit(c) || Ascii.isCapital(c) || Ascii.isSmall(c);
                case '\\' -> {
                    i++;
                    yield c == layout.charAt(i);
                }
                default -> c == wanted;
            };
            if (!fits) {
                return false;
            }
        }
        return at == answer.length();
    }
}
