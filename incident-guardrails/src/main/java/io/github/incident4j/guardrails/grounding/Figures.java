// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.grounding.Figure.Reading;
import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a text: digits in groups (1,000, 1.000, 1 000, 1'000, 1,00,000), decimals after a full stop or
 * comma, multiples (3 million, 2 Mio., 5k) and units beside them. Signs are not read. Left out are digits that belong
 * to a name (H2O, B12, 3D), and what has more separators than a number can have (1.2.3).
 */
final class Figures {
    private static final int LONGEST_NUMBER = 18;
    private static final int LONGEST_WORD = 14;
    private static final int MOST_GROUPS = 8;

    /** Small numbers in words, as sources have them. */
    private static final Map<String, Integer> WORDS = new HashMap<>();

    static {
        String[] lists = {
            "zero one two three four five six seven eight nine ten eleven twelve",
            "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
            "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
            "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
            "zero um dois três quatro cinco seis sete oito nove dez onze doze",
            "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
            "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście"
        };
        for (String list : lists) {
            int value = 0;
            int from = 0;
            while (from < list.length()) {
                int space = list.indexOf(' ', from);
                int to = space < 0 ? list.length() : space;
                WORDS.putIfAbsent(list.substring(from, to), value++);
                from = to + 1;
            }
        }
    }

    private final View view;
    private final List<Figure> found = new ArrayList<>();

    private Figures(View view) {
        this.view = view;
    }

    /** The numbers in digits, in the order of the text. */
    static List<Figure> in(View view) {
        Figures figures = new Figures(view);
        int i = 0;
        while (i < view.length()) {
            i = view.isDigitAt(i) ? figures.digits(i) : i + 1;
        }
        return figures.found;
    }

    /** The small numbers in words. */
    static List<Figure> inWords(Words words) {
        Figures figures = new Figures(words.view());
        for (int i = 0; i < words.size(); i++) {
            int length = words.end(i) - words.start(i);
            Integer value = length > LONGEST_WORD ? null : WORDS.get(words.word(i));
            if (value != null) {
                figures.add(List.of(new Reading(value, 1)), List.of(), words.start(i), words.end(i));
            }
        }
        return figures.found;
    }

    /** Reads a number from its first digit on; the place after it. */
    private int digits(int start) {
        List<String> groups = new ArrayList<>();
        StringBuilder separators = new StringBuilder();
        int i = endOfDigits(start);
        groups.add(text(start, i));
        boolean point = false;
        while (isSeparator(view.charAt(i)) && view.isDigitAt(i + 1)) {
            int end = endOfDigits(i + 1);
            point |= view.charAt(i) == '.';
            boolean space = view.charAt(i) == ' ';
            if (space && (end - i != 4 || groups.get(groups.size() - 1).length() > 3 || point)) {
                break;
            }
            separators.append(plain(view.charAt(i)));
            groups.add(text(i + 1, end));
            i = end;
        }
        if (!isInName(start, i) && groups.size() <= MOST_GROUPS) {
            List<Reading> readings = readings(groups, separators.toString());
            List<Reading> row = separators.indexOf(" ") < 0
                    ? List.of()
                    : groups.stream()
                            .map(group -> new Reading(Double.parseDouble(group), 1))
                            .toList();
            if (!readings.isEmpty()) {
                add(readings, row, start, i);
            }
        }
        return i;
    }

    private static boolean isSeparator(char c) {
        char plain = plain(c);
        return plain == '.' || plain == ',' || plain == ' ' || plain == '\'';
    }

    /** Arabic has separators of its own. */
    private static char plain(char c) {
        return switch (c) {
            case '’', '٬' -> '\'';
            case '٫' -> ',';
            default -> c;
        };
    }

    private int endOfDigits(int from) {
        int i = from;
        while (view.isDigitAt(i)) {
            i++;
        }
        return i;
    }

    private String text(int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append(view.charAt(i));
        }
        return text.toString();
    }

    /** Whether letters touch the digits that make no unit, ordinal or multiple. */
    private boolean isInName(int start, int end) {
        char before = view.charAt(start - 1);
        if (isSpacedLetter(before) || before == '_') {
            return true;
        }
        if (!isSpacedLetter(view.charAt(end))) {
            return view.charAt(end) == '_';
        }
        String word = wordAt(end);
        return Unit.of(word) == null
                && !word.equals("st")
                && !word.equals("nd")
                && !word.equals("rd")
                && !word.equals("th");
    }

    private static boolean isSpacedLetter(char c) {
        return Character.isLetter(c) && !Characters.isUnspaced(c);
    }

    /** The word that begins at a place, in small letters, or the one sign there. */
    private String wordAt(int start) {
        char c = view.charAt(start);
        if (!isSpacedLetter(c)) {
            return String.valueOf(c);
        }
        StringBuilder word = new StringBuilder();
        for (int i = start; isSpacedLetter(view.charAt(i)) && word.length() <= LONGEST_WORD; i++) {
            word.append(Words.fold(view.charAt(i)));
        }
        return word.toString();
    }

    private static List<Reading> readings(List<String> groups, String separators) {
        int last = groups.size() - 1;
        String whole = String.join("", groups);
        if (whole.length() > LONGEST_NUMBER) {
            return List.of();
        }
        if (last == 0) {
            return List.of(new Reading(Double.parseDouble(whole), 1));
        }
        List<Reading> readings = new ArrayList<>();
        char end = separators.charAt(last - 1);
        boolean alike = separators.chars().allMatch(c -> c == end);
        if (alike && areThousands(groups, end)) {
            readings.add(new Reading(Double.parseDouble(whole), 1));
        }
        boolean mayBePoint = (end == '.' || end == ',') && separators.indexOf(end) == last - 1;
        boolean headAlike = separators.chars().limit(last - 1).allMatch(c -> c == separators.charAt(0));
        if (mayBePoint && headAlike && (last == 1 || areThousands(groups.subList(0, last), separators.charAt(0)))) {
            double step = Math.pow(10, -groups.get(last).length());
            readings.add(new Reading(
                    Double.parseDouble(String.join("", groups.subList(0, last)) + "." + groups.get(last)), step));
        }
        return readings;
    }

    private static boolean areThousands(List<String> groups, char separator) {
        int last = groups.size() - 1;
        String first = groups.get(0);
        if (first.length() > 3 || first.startsWith("0") || groups.get(last).length() != 3) {
            return false;
        }
        List<String> middle = groups.subList(1, last);
        return middle.stream().allMatch(group -> group.length() == 3)
                || (separator == ',' && first.length() <= 2 && middle.stream().allMatch(group -> group.length() == 2));
    }

    private void add(List<Reading> readings, List<Reading> row, int start, int end) {
        double multiple = 1;
        int at = afterSpace(end);
        Unit unit = Unit.of(wordAt(at));
        while (unit != null && unit.isMultiple() && multiple < 1e12) {
            multiple *= unit.factor();
            at += wordAt(at).length();
            at = afterSpace(view.charAt(at) == '.' ? at + 1 : at);
            unit = Unit.of(wordAt(at));
        }
        if (unit == null || unit.isMultiple()) {
            unit = unitBefore(start);
        }
        double factor = multiple;
        found.add(new Figure(
                readings.stream().map(reading -> reading.times(factor)).toList(), row, unit, start, end));
    }

    /** A currency's sign or code may stand before the number. */
    private @Nullable Unit unitBefore(int start) {
        int end = view.charAt(start - 1) == ' ' ? start - 1 : start;
        char c = view.charAt(end - 1);
        if ("$€£¥".indexOf(c) >= 0) {
            return Unit.of(String.valueOf(c));
        }
        boolean code = isSpacedLetter(view.charAt(end - 3)) && !isSpacedLetter(view.charAt(end - 4));
        Unit unit = code ? Unit.of(wordAt(end - 3)) : null;
        return unit != null && unit.dimension().length() == 3 ? unit : null;
    }

    private int afterSpace(int at) {
        return view.charAt(at) == ' ' ? at + 1 : at;
    }
}
