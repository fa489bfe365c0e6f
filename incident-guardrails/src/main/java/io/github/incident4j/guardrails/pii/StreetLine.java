// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A street with its number, read from the number on.
 *
 * @param from where it begins in the view
 * @param to where it ends
 * @param kind how sure it is
 * @param lowerCase whether its name is written without capitals
 */
record StreetLine(int from, int to, Kind kind, boolean lowerCase) {
    /** Types that follow the name and the number: 12 Main Street. */
    private static final Set<String> AFTER =
            Pii.words("street road avenue boulevard lane highway parkway terrace crescent"
                    + " freeway expressway turnpike esplanade promenade rd ave blvd ln hwy pkwy cres");
    /** Such types that are ordinary words, too. */
    private static final Set<String> ORDINARY = Pii.words("st dr drive court ct way place pl square sq close trail trl"
            + " circle cir loop row gardens grove mews walk hill park view rise alley bend crossing gate green heights"
            + " path plaza point ridge run ter terr av strasse");
    /** Types that come first, the number before them (rue) or after the name (Calle). */
    private static final Set<String> BEFORE = Pii.words("rue avenue boulevard bd allée allee impasse chemin quai cours"
            + " route place calle rúa avenida avda paseo plaza carrer camino carretera via viale piazza corso vicolo largo"
            + " strada rua travessa praça estrada alameda ulica ul aleja al bulevar bulevardul jalan jl ulitsa улица ул"
            + " проспект πλατεία οδός");
    /** What a word ends with that has its type in it, the number after it: Ziegelgasse 26. */
    private static final List<String> ENDINGS = List.of(
            "straße",
            "strasse",
            "str",
            "gasse",
            "weg",
            "platz",
            "allee",
            "damm",
            "ufer",
            "straat",
            "laan",
            "gracht",
            "kade",
            "plein",
            "dreef",
            "singel",
            "gatan",
            "vägen",
            "gata",
            "vegen",
            "veien",
            "gade",
            "vej",
            "gården",
            "katu",
            "kuja",
            "utca",
            "utcája",
            "útja",
            "gürtel",
            "steig",
            "stieg",
            "chaussee",
            "markt",
            "graben");

    private static final Set<String> JOINING =
            Pii.words("de du des la le les l d del della delle dello dei degli di da do dos das el los las"
                    + " van der den von und y e et of the i");
    /** Words that stand between numbers in ordinary sentences. */
    private static final Set<String> COUNTING = Pii.words(
            "and or to of in at on for from is are was times plus minus by"
                    + " than per with und oder bis von mit et ou y o e i minutes hours days weeks months years percent million");

    private static final int MOST_WORDS = 6;
    private static final int LONGEST_WORD = 24;
    private static final int LONGEST_JOINING = Long.SIZE / Character.SIZE; // four: none of them is longer
    /** The characters of each joining word, one behind the other. */
    private static final long[] JOINING_CODES = JOINING.stream()
            .mapToLong(word -> word.chars().asLongStream().reduce(0, (code, c) -> code << Character.SIZE | c))
            .sorted()
            .toArray();

    /** How a street was known. */
    enum Kind {
        /** By its type, with capitals. */
        NAMED,
        /** By its type, without. */
        LIKELY,
        /** By a second number only. */
        NUMBERED
    }

    private record Word(int from, int to, String lower, boolean capital) {}

    /** The end of a house number such as 12, 12b, 12-14 or 12/3, or 0. */
    static int endOfNumber(View view, int at) {
        char before = view.charAt(at - 1);
        if ((before == '.' || before == ',' || before == '-' || before == '/' || before == ':')
                && view.isWordAt(at - 2)) {
            return 0;
        }
        int to = endOfDigits(view, at);
        if ((view.charAt(to) == '-' || view.charAt(to) == '/') && view.isDigitAt(to + 1)) {
            to = endOfDigits(view, to + 1);
        }
        boolean letter = view.isWordAt(to) && !view.isDigitAt(to) && !view.isWordAt(to + 1);
        to += letter ? 1 : 0;
        char next = view.charAt(to);
        boolean goesOn = view.isWordAt(to) || ((next == '.' || next == ',' || next == ':') && view.isDigitAt(to + 1));
        return goesOn || to - at > 9 ? 0 : to;
    }

    private static int endOfDigits(View view, int from) {
        int to = from;
        while (to - from < 6 && view.isDigitAt(to)) {
            to++;
        }
        return to - from > 5 ? from : to;
    }

    static @Nullable StreetLine read(View view, int at, int end) {
        StreetLine behind = end == at ? null : numberLast(view, at, end);
        return behind != null || end == at ? behind : numberFirst(view, at, end);
    }

    /** Where a street may begin whose number stands at an index or is still to come: no later than that. */
    static int earliestStart(View view, int at) {
        int start = at;
        while (at - start <= LONGEST_WORD && isInWord(view.charAt(start - 1))) {
            start--; // a word that goes on
        }
        int end = start;
        while (start - end < 3 && " ,.".indexOf(view.charAt(end - 1)) >= 0) {
            end--;
        }
        int earliest = end;
        while (end - earliest <= 4 && view.isDigitAt(earliest - 1)) {
            earliest--; // of a building
        }
        boolean names = true;
        int to = end;
        for (int i = 0; i < MOST_WORDS && (names || i < 2); i++) {
            int from = startOfWord(view, to);
            if (from == to) {
                break;
            }
            if (i < 2 || BEFORE.contains(word(view, from, to).lower)) {
                earliest = Math.min(earliest, from);
            }
            names &= isName(view, from, to);
            if (view.charAt(from - 1) != ' ') {
                break;
            }
            to = endOfWordBefore(view, from);
        }
        return earliest;
    }

    private static @Nullable StreetLine numberFirst(View view, int at, int end) {
        boolean comma = view.charAt(end) == ',';
        if (comma && isYear(view, at, end)) {
            return null; // In 2023, Wall Street
        }
        List<Word> words = wordsFrom(view, comma ? end + 1 : end);
        if (words.isEmpty()) {
            return null;
        }
        int from = withBuilding(view, at);
        if (BEFORE.contains(words.get(0).lower) && words.size() > 1) {
            Word last = lastOfName(words);
            return last == null ? null : new StreetLine(from, last.to, Kind.NAMED, false);
        }
        for (int i = words.size() - 1; i > 0; i--) {
            Word type = asciiPart(view, words.get(i));
            boolean capital =
                    words.get(0).capital && words.subList(0, i).stream().allMatch(StreetLine::isName);
            boolean known = AFTER.contains(type.lower) || (ORDINARY.contains(type.lower) && type.capital && capital);
            if (known && !view.isWordAt(type.to)) {
                Kind kind = capital && type.capital ? Kind.NAMED : Kind.LIKELY;
                boolean sentence = kind == Kind.LIKELY && isCounted(words.subList(0, i));
                return sentence ? null : new StreetLine(from, withDirection(view, type), kind, !type.capital);
            }
        }
        return comma ? null : secondNumber(view, from, words); // RFC 7617, RFC 6750
    }

    private static boolean isYear(View view, int at, int end) {
        char century = view.charAt(at + 1);
        return end - at == 4
                && ((view.charAt(at) == '1' && century == '9') || (view.charAt(at) == '2' && century == '0'));
    }

    /** A word as far as it is ASCII: a letter of another kind ends a value as a sign does. */
    private static Word asciiPart(View view, Word word) {
        int to = word.from;
        while (to < word.to && view.isWordAt(to)) {
            to++;
        }
        return to == word.to ? word : word(view, word.from, to);
    }

    /** The full stop of an abbreviation, and a direction such as NW. */
    private static int withDirection(View view, Word type) {
        boolean stop = view.charAt(type.to) == '.' && type.lower.length() < 5 && !view.isWordAt(type.to + 1);
        int end = stop ? type.to + 1 : type.to;
        int to = end + 1;
        while (to - end < 4 && "NSEW".indexOf(view.charAt(to)) >= 0) {
            to++;
        }
        return view.charAt(end) == ' ' && to - end > 1 && to - end < 4 && !view.isWordAt(to) ? to : end;
    }

    /** A number, up to four words, and a number. */
    private static @Nullable StreetLine secondNumber(View view, int from, List<Word> words) {
        Word last = words.get(Math.min(words.size(), 4) - 1);
        int end = view.charAt(last.to) == '.' ? last.to + 1 : last.to;
        int to = view.charAt(end) == ' ' && view.isDigitAt(end + 1) ? endOfNumber(view, end + 1) : 0;
        boolean named = words.stream().anyMatch(word -> word.to - word.from > 2 && !JOINING.contains(word.lower));
        return to > end && named && !isCounted(words)
                ? new StreetLine(from, to, Kind.NUMBERED, words.stream().noneMatch(Word::capital))
                : null;
    }

    private static boolean isCounted(List<Word> words) {
        return words.stream().anyMatch(word -> COUNTING.contains(word.lower) || Dates.isMonth(word.lower));
    }

    private static boolean isName(Word word) {
        return word.capital || JOINING.contains(word.lower);
    }

    /** The same of a word that is asked for at each end of a text in pieces: without making a string of it. */
    private static boolean isName(View view, int from, int to) {
        if (Character.isUpperCase(view.charAt(from))) {
            return true;
        }
        long code = 0;
        for (int i = from; i < to && i - from < LONGEST_JOINING; i++) {
            code = code << Character.SIZE | Character.toLowerCase(view.charAt(i));
        }
        return to - from <= LONGEST_JOINING && Arrays.binarySearch(JOINING_CODES, code) >= 0;
    }

    private static @Nullable Word lastOfName(List<Word> words) {
        Word last = null;
        for (int i = 1; i < words.size() && isName(words.get(i)); i++) {
            last = words.get(i).capital ? words.get(i) : last;
        }
        return last;
    }

    /** A number of a building or flat may stand before that of the house. */
    private static int withBuilding(View view, int at) {
        int from = at - 1;
        while (at - from <= 4 && view.charAt(at - 1) == ' ' && view.isDigitAt(from - 1)) {
            from--;
        }
        boolean separate = !view.isWordAt(from - 1) && ".,-/:".indexOf(view.charAt(from - 1)) < 0;
        return from < at - 1 && separate ? from : at;
    }

    private static @Nullable StreetLine numberLast(View view, int at, int end) {
        List<Word> words = wordsBefore(view, at);
        if (words.isEmpty()) {
            return null;
        }
        Word near = words.get(0);
        for (int i = 1; i < words.size(); i++) {
            Word type = words.get(i);
            List<Word> name = words.subList(0, i);
            boolean capital = name.stream().anyMatch(Word::capital); // not so: in the place of 2
            if (BEFORE.contains(type.lower) && capital && name.stream().allMatch(StreetLine::isName)) {
                return new StreetLine(type.from, end, Kind.NAMED, false);
            }
        }
        for (String ending : ENDINGS) {
            if (near.lower.endsWith(ending) && near.lower.length() > ending.length() + 2) {
                return new StreetLine(near.from, end, near.capital ? Kind.NAMED : Kind.LIKELY, !near.capital);
            }
        }
        if (!ENDINGS.contains(near.lower) || words.size() < 2) {
            return null;
        }
        Word name = words.get(1);
        return new StreetLine(name.from, end, name.capital ? Kind.NAMED : Kind.LIKELY, !name.capital);
    }

    private static List<Word> wordsFrom(View view, int start) {
        List<Word> words = new ArrayList<>();
        int at = start;
        while (words.size() < MOST_WORDS && view.charAt(at) == ' ') {
            int to = at + 1;
            while (to - at <= LONGEST_WORD
                    && isInWord(view.charAt(to))
                    && isOfScript(view.charAt(at + 1), view.charAt(to))) {
                to++;
            }
            if (to == at + 1 || !isLetterOf(view.charAt(at + 1))) {
                break;
            }
            words.add(word(view, at + 1, to));
            at = view.charAt(to) == '.' && to - at <= 4 ? to + 1 : to;
        }
        return words;
    }

    /** The words before an index, the nearest first. */
    private static List<Word> wordsBefore(View view, int end) {
        if (view.charAt(end - 1) != ' ') {
            return List.of();
        }
        boolean sign = view.charAt(end - 2) == '.' || view.charAt(end - 2) == ',';
        return wordsEndingAt(view, sign ? end - 2 : end - 1);
    }

    private static List<Word> wordsEndingAt(View view, int end) {
        List<Word> words = new ArrayList<>();
        int to = end;
        while (words.size() < MOST_WORDS) {
            int from = startOfWord(view, to);
            if (from == to) {
                break;
            }
            words.add(word(view, from, to));
            if (view.charAt(from - 1) != ' ') {
                break;
            }
            to = endOfWordBefore(view, from);
        }
        return words;
    }

    /** Where the word begins that ends at an index; there when none does. */
    private static int startOfWord(View view, int to) {
        char last = view.charAt(to - 1);
        int from = to;
        char c = last;
        while (to - from <= LONGEST_WORD && isInWord(c) && isOfScript(last, c)) {
            from--;
            c = view.charAt(from - 1);
        }
        return from == to || !isLetterOf(view.charAt(from)) ? to : from;
    }

    /** Where the word ends before a space and another word. */
    private static int endOfWordBefore(View view, int from) {
        return view.charAt(from - 2) == '.' ? from - 2 : from - 1;
    }

    /** Letters of the Latin, Greek and Cyrillic scripts: the others write addresses in other ways. */
    private static boolean isLetterOf(char c) {
        return (c >= 'a' && c <= 'z') || (Character.isLetter(c) && c < 0x0530);
    }

    /** A word does not change from the Latin script to another, nor back. */
    private static boolean isOfScript(char first, char c) {
        return !isLetterOf(c) || first < 0x0250 == c < 0x0250;
    }

    private static boolean isInWord(char c) {
        return isLetterOf(c) || c == '\'' || c == '-' || c == '\u2019';
    }

    private static Word word(View view, int from, int to) {
        StringBuilder word = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            word.append(view.charAt(i));
        }
        return new Word(from, to, word.toString().toLowerCase(Locale.ROOT), Character.isUpperCase(view.charAt(from)));
    }
}
