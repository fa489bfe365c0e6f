// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks for what was a placeholder before a model has written it anew. Used for one answer. */
final class Garbled {
    private static final int MOST = 100;
    private static final int LONGEST = 160; // between brackets
    private static final int MOST_BETWEEN = 3; // signs between label and number
    private static final LookAlikes LOOK_ALIKES = LookAlikes.load();
    private static final Set<String> NUMBERS =
            Set.of("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN");

    private final List<String> labels; // letters and digits of each
    private final String mark;
    private final List<String> found = new ArrayList<>();

    Garbled(Collection<String> labels, String mark) {
        this.labels = labels.stream()
                .map(label -> label.replace("_", "").toUpperCase(Locale.ROOT))
                .filter(label -> !label.isEmpty())
                .toList();
        this.mark = mark.toUpperCase(Locale.ROOT);
    }

    List<String> found() {
        return found;
    }

    /** Looks into what stands between two placeholders. */
    void lookInto(String text) {
        if (labels.isEmpty() || found.size() == MOST) {
            return;
        }
        View view = View.of(text);
        for (int at = 0; at < view.length() && found.size() < MOST; at++) {
            int end = Math.max(endOfBracketed(view, at), endOfBare(view, at));
            if (end > at) {
                found.add(text.substring(view.originalStart(at), view.originalEnd(end - 1)));
                at = end - 1;
            }
        }
    }

    /** The end of a label in brackets, with a number or without; 0 for none. */
    private int endOfBracketed(View view, int at) {
        int from = at + bracket(view, at, '[', 'b');
        if (from == at) {
            return 0;
        }
        StringBuilder inside = new StringBuilder();
        for (int i = from; i < view.length() && i < from + LONGEST && bracket(view, i, '[', 'b') == 0; i++) {
            int close = bracket(view, i, ']', 'd');
            if (close > 0) {
                boolean isLink = view.charAt(i + close) == '(';
                return !isLink && isPlaceholder(inside.toString()) ? i + close : 0;
            }
            char c = plain(view.charAt(i));
            if (Character.isLetterOrDigit(c)) {
                inside.append(c);
            }
        }
        return 0;
    }

    /** How long a bracket is that stands at an index, as itself or with a percent sign. */
    private static int bracket(View view, int at, char sign, char hex) {
        if (view.charAt(at) == sign) {
            return 1;
        }
        boolean isEncoded = view.charAt(at) == '%'
                && view.charAt(at + 1) == '5'
                && Character.toLowerCase(view.charAt(at + 2)) == hex;
        return isEncoded ? 3 : 0;
    }

    private boolean isPlaceholder(String inside) {
        for (String label : labels) {
            if (inside.startsWith(label)) {
                String number = inside.substring(label.length());
                if (number.endsWith(mark)) {
                    number = number.substring(0, number.length() - mark.length());
                }
                if (NUMBERS.contains(number) || number.chars().allMatch(Character::isDigit)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The end of a label with a hyphen or underscore and a number behind it; 0 for none. */
    private int endOfBare(View view, int at) {
        char before = view.charAt(at - 1);
        if (Character.isLetterOrDigit(before) || "-_/.%".indexOf(before) >= 0) {
            return 0;
        }
        for (String label : labels) {
            int end = endOfLabel(view, at, label);
            int number = end == 0 ? 0 : startOfNumber(view, end);
            if (number > 0) {
                return endOfNumber(view, number);
            }
        }
        return 0;
    }

    /** The end of a label that may have a sign or space between each two letters. */
    private static int endOfLabel(View view, int at, String label) {
        int i = at;
        for (int letter = 0; letter < label.length(); letter++) {
            boolean skips = letter > 0 && !Character.isLetterOrDigit(view.charAt(i)) && view.charAt(i) != '[';
            i += skips ? 1 : 0;
            if (plain(view.charAt(i)) != label.charAt(letter)) {
                return 0;
            }
            i++;
        }
        return i;
    }

    private static int startOfNumber(View view, int from) {
        boolean joined = false;
        int i = from;
        while (i - from <= MOST_BETWEEN && !Character.isLetterOrDigit(view.charAt(i)) && view.charAt(i) != '[') {
            char c = view.charAt(i);
            joined |= c == '_' || Character.getType(c) == Character.DASH_PUNCTUATION;
            i++;
        }
        return joined && Character.isDigit(view.charAt(i)) ? i : 0;
    }

    private int endOfNumber(View view, int from) {
        int end = from;
        while (Character.isDigit(view.charAt(end))) {
            end++;
        }
        boolean marked = !mark.isEmpty();
        for (int i = 0; i < mark.length(); i++) {
            marked &= plain(view.charAt(end + i)) == mark.charAt(i);
        }
        end += marked ? mark.length() : 0;
        if (Character.isLetterOrDigit(view.charAt(end))) {
            return 0;
        }
        return view.charAt(end) == ']' ? end + 1 : end;
    }

    /** A character as a placeholder has it: in capitals, of Latin. */
    private static char plain(char c) {
        return Character.toUpperCase(LOOK_ALIKES.plain(Character.toLowerCase(c)));
    }
}
