// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The public format of a credential, as text and runs: {@code sk_{live|test}_{alnum 24-99}}. In braces stand
 * alternatives, or a class of characters with its number; {@code {uuid}} is short for five runs of hexadecimal digits.
 * Everything else is itself, in this case. A run takes as many characters as it may and never gives one back, so that
 * reading takes time in proportion to the length. Immutable.
 */
final class Format {
    private static final int SHORTEST_LITERAL = 3;
    private static final int LONG_RUN = 16;
    private static final String UUID = "{anyhex 8}-{anyhex 4}-{anyhex 4}-{anyhex 4}-{anyhex 12}";

    /** A piece of a format. */
    sealed interface Part {
        /** The index after the piece, or -1 when it is not there. */
        int end(View view, int at);
    }

    /** One of several texts, the first that is there. */
    record Words(List<String> texts) implements Part {
        @Override
        public int end(View view, int at) {
            for (String text : texts) {
                if (isAt(view, at, text)) {
                    return at + text.length();
                }
            }
            return -1;
        }

        private static boolean isAt(View view, int at, String text) {
            for (int i = 0; i < text.length(); i++) {
                if (view.charAt(at + i) != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Characters of one class. */
    record Run(CharClass of, int least, int most) implements Part {
        @Override
        public int end(View view, int at) {
            int to = at;
            while (to - at < most && of.has(view.charAt(to))) {
                to++;
            }
            return to - at < least ? -1 : to;
        }
    }

    private final String text;
    private final List<Part> parts;
    private final List<String> literals;
    private final boolean anyLongRun;

    private Format(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
        anyLongRun = parts.stream().anyMatch(part -> part instanceof Run run && run.least() >= LONG_RUN);
        literals = literalsOf(parts.subList(beginsWithRun() ? 1 : 0, parts.size()));
    }

    /** Reads a format; one that is wrong is a mistake in this library's tables. */
    static Format of(String text) {
        List<Part> parts = new ArrayList<>();
        String rest = text.replace("{uuid}", UUID);
        while (!rest.isEmpty()) {
            int open = rest.indexOf('{');
            int close = rest.indexOf('}');
            if (open == 0) {
                parts.add(part(rest.substring(1, close)));
                rest = rest.substring(close + 1);
            } else {
                int end = open < 0 ? rest.length() : open;
                parts.add(new Words(List.of(rest.substring(0, end))));
                rest = rest.substring(end);
            }
        }
        return new Format(text, parts);
    }

    private static Part part(String inside) {
        if (inside.contains("|")) {
            return new Words(List.of(inside.split("\\|", -1)));
        }
        int space = inside.indexOf(' ');
        if (space < 0) {
            return new Run(CharClass.named(inside), 1, 1);
        }
        String number = inside.substring(space + 1);
        int hyphen = number.indexOf('-');
        int least = Integer.parseInt(hyphen < 0 ? number : number.substring(0, hyphen));
        int most = Integer.parseInt(number.substring(hyphen + 1));
        return new Run(CharClass.named(inside.substring(0, space)), least, most);
    }

    /** The texts that the pieces may begin with, in small letters, as long as they are known. */
    private static List<String> literalsOf(List<Part> parts) {
        List<String> heads = List.of("");
        for (Part part : parts) {
            boolean isShort = heads.stream().anyMatch(head -> head.length() < SHORTEST_LITERAL);
            if (part instanceof Words words) {
                heads = joined(heads, words.texts());
            } else if (part instanceof Run run
                    && isShort
                    && run.least() > 0
                    && run.of().members().length() <= 16) {
                // A literal of two characters, and a first digit, is long enough to look for.
                heads = joined(
                        heads,
                        run.of().members().chars().mapToObj(Character::toString).toList());
                break;
            } else {
                break;
            }
        }
        return heads.stream()
                .map(head -> head.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private static List<String> joined(List<String> heads, List<String> tails) {
        return heads.stream().flatMap(head -> tails.stream().map(head::concat)).toList();
    }

    /** Whether a value begins before its literal. */
    boolean beginsWithRun() {
        return parts.get(0) instanceof Run;
    }

    List<Part> parts() {
        return parts;
    }

    /** What to look for, in small letters: the beginning, or what follows where the format begins with a run. */
    List<String> literals() {
        return literals;
    }

    /** Where a value begins whose literal stands somewhere; -1 when it cannot be one. */
    int start(View view, int literal) {
        if (!beginsWithRun()) {
            return literal;
        }
        Run first = (Run) parts.get(0);
        int from = first.of().startOfRun(view, literal - first.most() - 1, literal);
        int length = literal - from;
        return length < first.least() || length > first.most() ? -1 : from;
    }

    /** Where a value may begin whose literal stands at an index, or later. */
    int earliestStart(View view, int at) {
        return parts.get(0) instanceof Run first ? first.of().startOfRun(view, at - first.most(), at) : at;
    }

    /**
     * Reads a value.
     *
     * @param body takes the characters of the runs that are drawn
     * @return the index after the value, or -1 when there is none
     */
    int end(View view, int from, StringBuilder body) {
        int at = from;
        for (Part part : parts) {
            int end = part.end(view, at);
            if (end < 0) {
                return -1;
            }
            if (part instanceof Run run && isDrawn(run)) {
                for (int i = at; i < end; i++) {
                    body.append(view.charAt(i));
                }
            }
            at = end;
        }
        Part last = parts.get(parts.size() - 1);
        if (last instanceof Run run) {
            if (run.of().has(view.charAt(at)) && view.charAt(at) != '.') {
                return -1;
            }
            while (run.least() < run.most() && view.charAt(at - 1) == '.') {
                at--; // the end of a sentence
            }
        }
        return view.isWordAt(at) ? -1 : at;
    }

    /** Whether a run is the secret itself and not a number beside it: where there are long runs, these are. */
    private boolean isDrawn(Run run) {
        return run.least() >= LONG_RUN || !anyLongRun;
    }

    /** Whether a run of 20 or more characters is drawn from letters of both cases and digits. */
    boolean isMixed() {
        return parts.stream()
                .anyMatch(part ->
                        part instanceof Run run && run.least() >= 20 && run.of().isMixed());
    }

    /** The number of different characters that the runs draw from. */
    int variety() {
        return (int) parts.stream()
                .flatMapToInt(part -> part instanceof Run run && isDrawn(run)
                        ? run.of().members().chars()
                        : IntStream.empty())
                .distinct()
                .count();
    }

    /** The class of the first character, unless the format begins with a text. */
    @Nullable
    CharClass firstClass() {
        return parts.get(0) instanceof Run run ? run.of() : null;
    }

    /** {@return the format as it was written} */
    @Override
    public String toString() {
        return text;
    }
}
