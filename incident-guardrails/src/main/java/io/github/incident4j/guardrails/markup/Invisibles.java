// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.model.Severity;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Characters that do not show and have no business where they stand. They have where emoji are joined (UTS 51), where a
 * joiner shapes letters of Arabic or of a script of India (RFC 5892, appendix A), where a selector follows what it may
 * choose a form of, where a line is written from right to left, and between letters of scripts without spaces.
 */
final class Invisibles {
    private static final String CATEGORY = "invisible";
    private static final int ZWSP = 0x200B;
    private static final int ZWNJ = 0x200C;
    private static final int ZWJ = 0x200D;
    private static final int BLACK_FLAG = 0x1F3F4;
    private static final int CANCEL_TAG = 0xE007F;
    private static final int FLAG_LETTERS = 5;
    private static final Set<String> FLAGS = Set.of("gbeng", "gbsct", "gbwls");

    private static final Set<UnicodeScript> JOINING = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.NKO,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN,
            UnicodeScript.BALINESE,
            UnicodeScript.JAVANESE);

    private static final Set<UnicodeScript> WITHOUT_SPACES =
            EnumSet.of(UnicodeScript.THAI, UnicodeScript.LAO, UnicodeScript.KHMER, UnicodeScript.MYANMAR);

    private final String text;
    private final List<Match> found = new ArrayList<>();
    /** The first index that no longer belongs to the line that was looked at for letters from right to left. */
    private int lineEnd = -1;

    private boolean rightToLeft;

    private Invisibles(String text) {
        this.text = text;
    }

    static List<Match> in(String text) {
        Invisibles invisibles = new Invisibles(text);
        invisibles.read();
        return invisibles.found;
    }

    private void read() {
        int before = -1;
        int width;
        int codePoints = -1;
        for (int at = 0; at < text.length(); at += width) {
            int c = text.codePointAt(at);
            width = Character.charCount(c);
            codePoints++;
            if (c >= ' ' && c < 0x7F) {
                before = c;
                continue;
            }
            int flag = c == BLACK_FLAG ? flag(at + width) : 0;
            String rule = rule(c, before, at, at + width);
            if (rule != null) {
                add(rule, at, at + width, codePoints);
            }
            width += flag;
            codePoints += flag / 2;
            // What was found does not stand between its neighbours any more: a second joiner has no letter before it.
            before = rule == null ? c : -1;
        }
    }

    private void add(String rule, int start, int end, int codePoint) {
        Match last = found.isEmpty() ? null : found.get(found.size() - 1);
        if (last != null && last.end() == start && last.rule().equals(rule)) {
            found.set(found.size() - 1, match(rule, last.start(), end, last.codePointStart(), codePoint + 1));
        } else {
            found.add(match(rule, start, end, codePoint, codePoint + 1));
        }
    }

    private static Match match(String rule, int start, int end, int codePointStart, int codePointEnd) {
        return new Match(rule, CATEGORY, "", start, end, codePointStart, codePointEnd, 1, "", Severity.P3, "");
    }

    /** How many units of tags follow a black flag and make one of the flags that Unicode recommends, or 0. */
    private int flag(int from) {
        StringBuilder letters = new StringBuilder();
        int at = from;
        while (letters.length() < FLAG_LETTERS && at < text.length()) {
            int c = text.codePointAt(at);
            if (c < 0xE0061 || c > 0xE007A) {
                return 0;
            }
            letters.append((char) (c - 0xE0000));
            at += 2;
        }
        boolean ends = at < text.length() && text.codePointAt(at) == CANCEL_TAG;
        return ends && FLAGS.contains(letters.toString()) ? at + 2 - from : 0;
    }

    private @Nullable String rule(int c, int before, int at, int end) {
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            return (Characters.isWhiteSpace(c) && c < 0x1C) || c == 0x85 ? null : "control-character";
        }
        if (!Characters.isInvisible(c)) {
            return null;
        }
        int after = end < text.length() ? text.codePointAt(end) : -1;
        if (c >= 0xE0000 && c < 0xE0100) {
            return "tag-character";
        }
        if (isSelector(c)) {
            return isSelected(c, before) ? null : "variation-selector";
        }
        if (isBidirectional(c)) {
            return c != 0x202D && c != 0x202E && isRightToLeft(at) ? null : "bidi-control";
        }
        return switch (c) {
            case ZWJ -> isJoined(before, after) || joins(before, after) ? null : "zero-width";
            case ZWNJ -> joins(before, after) ? null : "zero-width";
            case ZWSP -> isAmong(WITHOUT_SPACES, before) && isAmong(WITHOUT_SPACES, after) ? null : "zero-width";
            default -> "zero-width";
        };
    }

    private static boolean isSelector(int c) {
        return (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF)
                || (c >= 0x180B && c <= 0x180F && c != 0x180E);
    }

    /** Whether what stands before may take this selector: emoji and symbols, ideographs, Mongolian. */
    private static boolean isSelected(int c, int before) {
        if (before < 0) {
            return false;
        }
        if (c >= 0xE0100) {
            return Character.isIdeographic(before);
        }
        if (c < 0xFE00) {
            return isAmong(EnumSet.of(UnicodeScript.MONGOLIAN), before);
        }
        if (c >= 0xFE0E) {
            return isPictographic(before) || isSymbol(before) || "0123456789#*".indexOf(before) >= 0;
        }
        return isSymbol(before)
                || Character.isIdeographic(before)
                || isAmong(EnumSet.of(UnicodeScript.MYANMAR, UnicodeScript.PHAGS_PA), before)
                || (before >= 0x3001 && before <= 0x3002)
                || (before >= 0xFF00 && before <= 0xFF60);
    }

    private static boolean isSymbol(int c) {
        int symbols = 1 << Character.MATH_SYMBOL | 1 << Character.OTHER_SYMBOL | 1 << Character.OTHER_PUNCTUATION;
        return c >= 0x80 && (symbols >> Character.getType(c) & 1) != 0;
    }

    private static boolean isBidirectional(int c) {
        return c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /** Whether the line of an index holds a letter that is written from right to left. */
    private boolean isRightToLeft(int at) {
        if (at >= lineEnd) {
            int start = at;
            while (start > 0 && text.charAt(start - 1) != '\n') {
                start--;
            }
            int end = text.indexOf('\n', at);
            lineEnd = end < 0 ? text.length() : end + 1;
            rightToLeft = text.substring(start, lineEnd).codePoints().anyMatch(c -> {
                byte direction = Character.getDirectionality(c);
                return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                        ? Character.isLetter(c)
                        : direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
            });
        }
        return rightToLeft;
    }

    /** Two emoji; the first may have a selector or a tone of skin. */
    private static boolean isJoined(int before, int after) {
        boolean first = isPictographic(before) || before == 0xFE0F || (before >= 0x1F3FB && before <= 0x1F3FF);
        return first && isPictographic(after);
    }

    /** Letters or marks of a script that joins, or such a one and the end of a word. */
    private static boolean joins(int before, int after) {
        return isAmong(JOINING, before)
                && (isAmong(JOINING, after)
                        || after < 0
                        || (!Character.isLetterOrDigit(after) && !Characters.isInvisible(after)));
    }

    private static boolean isAmong(Set<UnicodeScript> scripts, int c) {
        return c >= 0 && scripts.contains(UnicodeScript.of(c));
    }

    /** Unicode's Extended_Pictographic, with few more; JDK 17 does not know it. */
    private static boolean isPictographic(int c) {
        return c == 0xA9
                || c == 0xAE
                || c == 0x203C
                || c == 0x2049
                || c == 0x2122
                || c == 0x2139
                || c == 0x3030
                || c == 0x303D
                || c == 0x3297
                || c == 0x3299
                || (c >= 0x2190 && c <= 0x21FF)
                || (c >= 0x2300 && c <= 0x23FF)
                || c == 0x24C2
                || (c >= 0x25A0 && c <= 0x27BF)
                || (c >= 0x2900 && c <= 0x297F)
                || (c >= 0x2B00 && c <= 0x2BFF)
                || (c >= 0x1F000 && c <= 0x1FAFF);
    }
}
