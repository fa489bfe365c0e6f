// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for dates of an answer that stand in no source. */
final class Dates {
    static final String NAME = "dates";

    private static final int MOST_BETWEEN = 2;

    /** Names and their beginnings in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish. */
    private static final String[] MONTHS = {
        "january jan januar jänner janvier enero gennaio janeiro januari styczeń stycznia",
        "february feb februar février febrero febbraio fevereiro februari luty lutego",
        "march mar märz mars marzo março maart marzec marca",
        "april apr avril abril aprile kwiecień kwietnia",
        "may mai mayo maggio maio mei maj maja",
        "june jun juni juin junio giugno junho czerwiec czerwca",
        "july jul juli juillet julio luglio julho lipiec lipca",
        "august aug août agosto augustus sierpień sierpnia",
        "september sep sept septembre septiembre settembre setembro wrzesień września",
        "october oct oktober okt octobre octubre ottobre outubro październik października",
        "november nov novembre noviembre novembro listopad listopada",
        "december dec dezember dez décembre diciembre dicembre dezembro grudzień grudnia"
    };

    private static final Map<String, Integer> MONTH_OF = new HashMap<>();

    static {
        for (int i = 0; i < MONTHS.length; i++) {
            int from = 0;
            while (from < MONTHS[i].length()) {
                int space = MONTHS[i].indexOf(' ', from);
                int to = space < 0 ? MONTHS[i].length() : space;
                MONTH_OF.put(MONTHS[i].substring(from, to), i + 1);
                from = to + 1;
            }
        }
    }

    /**
     * A date with the ways to read it.
     *
     * @param readings year, month and day as one number, 0 for a part that is not given
     * @param start its first character in the view
     * @param end the one after its last
     */
    record Date(List<Integer> readings, int start, int end) {}

    private final Words words;
    private final List<Date> found = new ArrayList<>();

    private Dates(Words words) {
        this.words = words;
    }

    static @Nullable Finding missing(String answer, Collection<String> sources) {
        Words said = Words.of(answer);
        List<Date> dates = in(said);
        if (dates.isEmpty()) {
            return null;
        }
        Set<Integer> known = new HashSet<>();
        for (String source : sources) {
            for (Date date : in(Words.of(source))) {
                for (int reading : date.readings()) {
                    known.add(reading);
                    known.add(reading / 100 * 100); // without the day
                    known.add(reading % 10_000); // without the year
                }
            }
        }
        List<Date> missing = dates.stream()
                .filter(date -> date.readings().stream().noneMatch(known::contains))
                .toList();
        return missing.isEmpty()
                ? null
                : Unsupported.finding(
                        NAME,
                        "date",
                        missing.size(),
                        dates.size(),
                        said.view(),
                        missing.get(0).start(),
                        missing.get(0).end());
    }

    /** The dates in the order of the text; they do not overlap. */
    static List<Date> in(Words words) {
        Dates dates = new Dates(words);
        int i = 0;
        while (i < words.size()) {
            int next = dates.inFigures(i);
            next = next > 0 ? next : dates.inCharacters(i);
            next = next > 0 ? next : dates.withName(i);
            i = Math.max(next, i + 1);
        }
        return dates.found;
    }

    /** 2024-03-12, 12.03.2024, 3/12/24; the word after it, or 0. */
    private int inFigures(int first) {
        int a = number(first);
        int b = number(first + 1);
        int c = number(first + 2);
        if (a < 0 || b < 0 || c < 0 || goesOn(first - 1) || goesOn(first + 2)) {
            return 0;
        }
        char separator = separator(first);
        if (separator == 0 || separator != separator(first + 1)) {
            return 0;
        }
        List<Integer> readings = new ArrayList<>();
        if (digits(first) == 4) {
            add(readings, a, b, c);
        } else if (digits(first + 2) == 4 || (digits(first + 2) == 2 && separator != '-')) {
            int[] years = digits(first + 2) == 4 ? new int[] {c} : new int[] {1900 + c, 2000 + c};
            for (int year : years) {
                add(readings, year, b, a);
                if (separator != '.') {
                    add(readings, year, a, b);
                }
            }
        }
        return add(readings, first, first + 2);
    }

    /** Whether another such separator and figure touches, so that this is no date but a longer thing. */
    private boolean goesOn(int word) {
        return number(word) >= 0 && number(word + 1) >= 0 && separator(word) != 0;
    }

    /** 2024年3月12日 and its beginnings with a month. */
    private int inCharacters(int first) {
        int year = number(first);
        int month = number(first + 2);
        if (digits(first) != 4 || month < 0 || !is(first + 1, '年') || !is(first + 3, '月')) {
            return 0;
        }
        int day = number(first + 4);
        boolean withDay = day > 0 && is(first + 5, '日');
        List<Integer> readings = new ArrayList<>();
        add(readings, year, month, withDay ? day : 0);
        return add(readings, first, withDay ? first + 5 : first + 3);
    }

    /** 12 March 2024, March 12, 2024, 12. März, 12 de marzo de 2024, March 2024. */
    private int withName(int at) {
        int day = day(at);
        int month;
        int last;
        if (day > 0) {
            int name = day(at + 1) < 0 && isFiller(at + 1) ? at + 2 : at + 1;
            month = near(at, name) ? month(name) : 0;
            last = name;
        } else {
            month = month(at);
            last = at;
            if (month > 0 && near(at, at + 1) && day(at + 1) > 0) {
                day = day(at + 1);
                last = at + 1;
            }
        }
        if (month == 0) {
            return 0;
        }
        int yearAt = isFiller(last + 1) ? last + 2 : last + 1;
        int year = digits(yearAt) == 4 && near(last, yearAt) ? number(yearAt) : 0;
        if (year == 0 && day <= 0) {
            return 0;
        }
        List<Integer> readings = new ArrayList<>();
        add(readings, year, month, Math.max(day, 0));
        return add(readings, at, year == 0 ? last : yearAt);
    }

    private static void add(List<Integer> readings, int year, int month, int day) {
        if (month >= 1 && month <= 12 && day >= 0 && day <= 31) {
            readings.add(year * 10_000 + month * 100 + day);
        }
    }

    private int add(List<Integer> readings, int first, int last) {
        if (readings.isEmpty()) {
            return 0;
        }
        found.add(new Date(List.copyOf(readings), words.start(first), words.end(last)));
        return last + 1;
    }

    /** A number of at most four digits, or -1. */
    private int number(int word) {
        int digits = digits(word);
        if (digits == 0 || digits > 4) {
            return -1;
        }
        int number = 0;
        for (int i = words.start(word); i < words.end(word); i++) {
            number = 10 * number + words.view().charAt(i) - '0';
        }
        return number;
    }

    /** How many digits a word has that is made of nothing else; otherwise 0. */
    private int digits(int word) {
        if (word < 0 || word >= words.size()) {
            return 0;
        }
        for (int i = words.start(word); i < words.end(word); i++) {
            if (!words.view().isDigitAt(i)) {
                return 0;
            }
        }
        return words.end(word) - words.start(word);
    }

    /** A day of a month, as in 12 or 12th; or -1. */
    private int day(int word) {
        if (word >= words.size()) {
            return -1;
        }
        int day = 0;
        int i = words.start(word);
        for (; i < words.end(word) && words.view().isDigitAt(i) && day < 100; i++) {
            day = 10 * day + words.view().charAt(i) - '0';
        }
        int letters = words.end(word) - i;
        boolean ordinal = letters == 0 || (letters <= 3 && !words.view().isDigitAt(i));
        return i > words.start(word) && day >= 1 && day <= 31 && ordinal ? day : -1;
    }

    /** The number of a month's name, or 0. The English words that are verbs, too, must begin with a capital. */
    private int month(int word) {
        if (word >= words.size() || words.end(word) - words.start(word) > 12) {
            return 0;
        }
        String name = words.word(word);
        int month = MONTH_OF.getOrDefault(name, 0);
        boolean verb = name.equals("may") || name.equals("march") || name.equals("mar");
        return verb && !Character.isUpperCase(words.view().charAt(words.start(word))) ? 0 : month;
    }

    private boolean isFiller(int word) {
        if (word >= words.size() || words.end(word) - words.start(word) != 2) {
            return false;
        }
        String filler = words.word(word);
        return filler.equals("of") || filler.equals("de");
    }

    private boolean is(int word, char c) {
        return word < words.size() && words.view().charAt(words.start(word)) == c;
    }

    /** Whether no more than a comma or full stop and a space stand before each of the words after the first. */
    private boolean near(int first, int last) {
        for (int word = first; word < last; word++) {
            if (word + 1 >= words.size() || words.start(word + 1) - words.end(word) > MOST_BETWEEN) {
                return false;
            }
            for (int i = words.end(word); i < words.start(word + 1); i++) {
                if (" ,.".indexOf(words.view().charAt(i)) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What alone stands between a word and the next, but for a space after a full stop; 0 for anything else. */
    private char separator(int word) {
        View view = words.view();
        int from = words.end(word);
        int length = words.start(word + 1) - from;
        char c = view.charAt(from);
        boolean one = length == 1 || (length == 2 && c == '.' && view.charAt(from + 1) == ' ');
        return one && (c == '-' || c == '/' || c == '.') ? c : 0;
    }
}
