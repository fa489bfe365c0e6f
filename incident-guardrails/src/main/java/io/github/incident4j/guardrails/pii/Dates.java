// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Dates, in figures or with the month's name in eight languages, that count near a word that speaks of birth. */
final class Dates {
    private static final Set<String> CONTEXT = Pii.words("born birth birthday birthdate dob bday geboren geburtsdatum"
            + " geburtstag geb née né naissance nacido nacida nacimiento nato nata nascita nascido nascida nascimento"
            + " geboortedatum urodzony urodzona urodzenia født född fødselsdato födelsedatum syntynyt rođen születési"
            + " narozen doğum рождения родился родилась 生年月日 出生日期 생년월일");
    /** Words for dates on which something else happens. */
    private static final Set<String> AGAINST =
            Pii.words("issued issue expires expiry expired valid until due invoice order"
                    + " ausgestellt gültig bis fällig rechnung délivré expire valable emitido caduca rilasciato scade");

    private static final Set<String> MONTHS = Pii.words("january february march april may june july august september"
            + " october november december jan feb mar apr jun jul aug sep sept oct nov dec"
            + " januar jänner februar märz mai juni juli oktober dezember okt dez"
            + " janvier février mars avril juin juillet août septembre octobre novembre décembre"
            + " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
            + " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
            + " janeiro fevereiro março maio junho julho setembro outubro novembro dezembro"
            + " januari februari maart mei augustus"
            + " stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia");
    /** The second letters of months, by their first. */
    private static final List<String> SECOND_LETTERS = IntStream.rangeClosed('a', 'z')
            .mapToObj(first -> MONTHS.stream()
                    .filter(month -> month.charAt(0) == first)
                    .map(month -> month.substring(1, 2))
                    .distinct()
                    .collect(Collectors.joining()))
            .toList();

    private static final Set<String> BETWEEN = Pii.words("of de di");
    private static final Set<String> ORDINALS = Pii.words("st nd rd th er º");
    private static final String TRIGGERS = "0123456789ABDEFGJKLMNOPSWabdefgjklmnopsw";
    private static final int LONGEST_WORD = 12;

    private Dates() {}

    /** Whether a word in small letters is the name of a month. */
    static boolean isMonth(String word) {
        return MONTHS.contains(word);
    }

    static List<Recogniser> rules() {
        return List.of(new Anchored("birth-date", TRIGGERS, true, CONTEXT, (view, at) -> {
                    char before = view.charAt(at - 1);
                    boolean inside = (before == '-' || before == '.' || before == '/') && view.isWordAt(at - 2);
                    int to = inside ? 0 : view.isDigitAt(at) ? endOfFigures(view, at) : endFromMonth(view, at);
                    return to == 0 ? null : new Hit(at, to, 0.2, 0.9);
                })
                .withDigitWithin(LONGEST_WORD + 2)
                .withAgainst(AGAINST));
    }

    private static int endOfFigures(View view, int at) {
        int first = digits(view, at);
        int length = first - at;
        if (length == 8) {
            return isEnd(view, first) && isDate(view, at, at + 4, at + 6, first) ? first : 0;
        }
        if (length == 4) {
            return endFromYear(view, at, first);
        }
        if (length > 2) {
            return 0;
        }
        char sign = view.charAt(first);
        int next = sign == '.' && view.charAt(first + 1) == ' ' ? first + 2 : first + 1;
        int second = digits(view, next);
        if ((sign == '.' || sign == '/' || sign == '-') && second > next && second - next <= 2) {
            int last = view.charAt(second + 1) == ' ' && sign == '.' ? second + 2 : second + 1;
            int end = digits(view, last);
            boolean year = view.charAt(second) == sign && (end - last == 4 || end - last == 2) && isEnd(view, end);
            boolean dayFirst = Checks.isDay(number(view, next, second), number(view, at, first));
            boolean monthFirst = Checks.isDay(number(view, at, first), number(view, next, second));
            return year && (dayFirst || monthFirst) && isYear(view, last, end) ? end : 0;
        }
        return endFromDay(view, at, first);
    }

    private static int endFromYear(View view, int at, int first) {
        char sign = view.charAt(first);
        int month = digits(view, first + 1);
        if (month == first + 1 || "-./年".indexOf(sign) < 0 || view.charAt(month) != (sign == '年' ? '月' : sign)) {
            return 0;
        }
        int end = digits(view, month + 1);
        boolean day = end > month + 1 && isDate(view, at, first + 1, month + 1, end, first, month);
        int close = sign == '年' && view.charAt(end) == '日' ? end + 1 : end;
        return day && (isEnd(view, close) || (view.charAt(end) == 'T' && view.isDigitAt(end + 1))) ? close : 0;
    }

    /** 27 December 1986, 27. Dezember 1986, 27th of December, 1986. */
    private static int endFromDay(View view, int at, int first) {
        int day = number(view, at, first);
        int to = first;
        String ordinal = word(view, first);
        if (ORDINALS.contains(ordinal)) {
            to += ordinal.length();
        } else if (view.charAt(to) == '.') {
            to++;
        }
        to = skip(view, to);
        String month = word(view, to);
        if (BETWEEN.contains(month)) {
            to = skip(view, to + month.length());
            month = word(view, to);
        }
        return MONTHS.contains(month) && day >= 1 && day <= 31 ? endWithYear(view, to + month.length()) : 0;
    }

    /** December 27, 1986. */
    private static int endFromMonth(View view, int at) {
        if (!mayBeMonth(view.charAt(at), view.charAt(at + 1))) {
            return 0;
        }
        String month = word(view, at);
        if (!MONTHS.contains(month)) {
            return 0;
        }
        int from = at + month.length();
        int start = skip(view, view.charAt(from) == '.' ? from + 1 : from);
        int to = digits(view, start);
        int day = to - start > 2 || to == start ? 0 : number(view, start, to);
        if (day < 1 || day > 31) {
            return 0;
        }
        String ordinal = word(view, to);
        return endWithYear(view, ORDINALS.contains(ordinal) ? to + ordinal.length() : to);
    }

    /** Whether the name of a month begins with two letters: most words are told apart by that. */
    private static boolean mayBeMonth(char first, char second) {
        int letter = Character.toLowerCase(first) - 'a';
        return letter >= 0
                && letter < SECOND_LETTERS.size()
                && SECOND_LETTERS.get(letter).indexOf(Character.toLowerCase(second)) >= 0;
    }

    private static int endWithYear(View view, int from) {
        int at = view.charAt(from) == ',' || view.charAt(from) == '.' ? from + 1 : from;
        at = skip(view, at);
        String between = word(view, at);
        at = BETWEEN.contains(between) ? skip(view, at + between.length()) : at;
        int end = digits(view, at);
        return end - at == 4 && isEnd(view, end) && isYear(view, at, end) ? end : 0;
    }

    private static int skip(View view, int at) {
        return view.charAt(at) == ' ' || view.charAt(at) == '-' ? at + 1 : at;
    }

    private static int digits(View view, int from) {
        int to = from;
        while (to - from <= 8 && view.isDigitAt(to)) {
            to++;
        }
        return to;
    }

    private static String word(View view, int from) {
        StringBuilder word = new StringBuilder();
        for (int i = from; i - from <= LONGEST_WORD && Character.isLetter(view.charAt(i)); i++) {
            word.append(Character.toLowerCase(view.charAt(i)));
        }
        return word.toString();
    }

    private static boolean isDate(View view, int year, int month, int day, int end) {
        return isDate(view, year, month, day, end, month, day);
    }

    private static boolean isDate(View view, int year, int month, int day, int end, int endOfYear, int endOfMonth) {
        return isYear(view, year, endOfYear)
                && endOfMonth - month <= 2
                && end - day <= 2
                && Checks.isDay(number(view, month, endOfMonth), number(view, day, end));
    }

    /** A year of somebody who lives or has lived lately; with two figures any. */
    private static boolean isYear(View view, int from, int to) {
        int year = number(view, from, to);
        return to - from == 2 || (year >= 1850 && year < 2050);
    }

    private static boolean isEnd(View view, int at) {
        char c = view.charAt(at);
        return !view.isWordAt(at) && !((c == '-' || c == '.' || c == '/') && view.isDigitAt(at + 1));
    }

    private static int number(View view, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + view.charAt(i) - '0';
        }
        return number;
    }
}
