// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.model.Finding;
import java.lang.Character.UnicodeScript;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which scripts the letters of a text belong to. */
final class Scripts {
    static final String ALLOWED = "scripts";
    static final String MIXED = "mixed-scripts";

    /** Greek letters that look like Latin ones; the others stand beside Latin letters in many a formula. */
    private static final String GREEK_LOOK_ALIKES = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";

    private Scripts() {}

    /** A finding when more than a share of the letters belongs to other scripts than those given. */
    static @Nullable Finding outside(String text, Set<UnicodeScript> allowed, double share) {
        int letters = 0;
        int others = 0;
        UnicodeScript first = UnicodeScript.COMMON;
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (!Character.isLetter(codePoint)) {
                continue;
            }
            letters++;
            UnicodeScript script = UnicodeScript.of(codePoint);
            if (isAny(script) || allowed.contains(script)) {
                continue;
            }
            first = others == 0 ? script : first;
            others++;
        }
        if (others <= share * letters) {
            return null;
        }
        return new Finding(
                ALLOWED,
                "not-allowed",
                others + " of " + letters + " letters belong to other scripts than those allowed, the first to "
                        + first);
    }

    /** A finding when letters of two scripts that look alike stand in one word. */
    static @Nullable Finding mixed(String text) {
        UnicodeScript word = UnicodeScript.COMMON;
        int words = 0;
        int firstAt = -1;
        int start = 0;
        boolean counted = false;
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (Characters.isMark(codePoint) || Characters.isInvisible(codePoint) || Character.isDigit(codePoint)) {
                continue;
            }
            if (!Character.isLetter(codePoint) || Characters.isUnspaced(codePoint)) {
                word = UnicodeScript.COMMON;
                start = i + Character.charCount(codePoint);
                counted = false;
                continue;
            }
            UnicodeScript script = UnicodeScript.of(codePoint);
            if (isAny(script)
                    || (script == UnicodeScript.GREEK && GREEK_LOOK_ALIKES.indexOf(codePoint) < 0 && word != script)) {
                continue;
            }
            if (!isAny(word) && word != script && !counted) {
                counted = true;
                firstAt = words++ == 0 ? start : firstAt;
            }
            word = script;
        }
        return words == 0
                ? null
                : new Finding(
                        MIXED,
                        "obfuscation",
                        words + (words == 1 ? " word mixes" : " words mix")
                                + " letters of several scripts, the first at " + firstAt);
    }

    private static boolean isAny(UnicodeScript script) {
        return script == UnicodeScript.COMMON || script == UnicodeScript.INHERITED || script == UnicodeScript.UNKNOWN;
    }
}
