// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises values of a fixed layout.
 *
 * <pre>{@code
 * LayoutRecogniser staff = LayoutRecogniser.of("staff-number", "pii", "S-999999")
 *         .confidence(0.3, 0.6, 0.9)
 *         .context("staff", "employee");
 * }</pre>
 *
 * <p>In a layout {@code 9} is a digit, {@code A} a letter, {@code X} a letter or digit, and {@code _} a place for a
 * separator: all places of a value are empty or all hold the same one of space, hyphen, full stop and slash. Any other
 * character is itself, letters in either case. A value with a separator or sign in it is called grouped, another bare.
 *
 * <p>A value ends where no ASCII letter or digit follows. A digit at an end is not part of a longer number, so that
 * beyond a hyphen, full stop or slash there is no further digit, unless it is of a run of eight letters and digits or
 * more, which is a value of its own. Of the layouts the first that fits and passes the check counts. Immutable.
 */
public final class LayoutRecogniser implements Recogniser {
    private static final int LONGEST = 64;
    private static final int LONG_NUMBER = 8;
    private static final String SEPARATORS = " -./";
    private static final int NO_OTHER = -1;
    private static final String DIGITS = "0123456789";
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final String rule;
    private final String category;
    private final List<String> layouts;
    /** For each layout a bit for each length of the first run of letters and digits that its values may have. */
    private final long[] runs;

    /** For each layout a bit for each of its places for letters and digits that is for a digit, or for a letter. */
    private final long[] digits;

    private final long[] letters;
    private final List<Beginning> beginnings;

    private final @Nullable Predicate<String> check;
    private final Set<String> context;
    private final Set<String> against;
    private final double bare;
    private final double grouped;
    private final double inContext;
    private final List<String> faults;

    private LayoutRecogniser(
            String rule,
            String category,
            List<String> layouts,
            @Nullable Predicate<String> check,
            Set<String> context,
            Set<String> against,
            double bare,
            double grouped,
            double inContext,
            List<String> faults) {
        this.rule = rule;
        this.category = category;
        this.layouts = layouts;
        runs = layouts.stream().mapToLong(LayoutRecogniser::runs).toArray();
        digits = layouts.stream().mapToLong(layout -> places(layout, '9')).toArray();
        letters = layouts.stream().mapToLong(layout -> places(layout, 'A')).toArray();
        beginnings = layouts.stream().flatMap(Beginning::of).distinct().toList();
        this.check = check;
        this.context = context;
        this.against = against;
        this.bare = bare;
        this.grouped = grouped;
        this.inContext = inContext;
        this.faults = faults;
    }

    /**
     * A recogniser that takes every value of a layout, with confidence 0.5.
     *
     * @param rule its name, of small letters, digits and hyphens
     * @param category the kind of trouble, such as {@code pii}
     * @param layouts the layouts, each of 2 to 64 characters
     * @return the recogniser; what is wrong with it is in its faults
     */
    public static LayoutRecogniser of(String rule, String category, String... layouts) {
        List<String> faults = new ArrayList<>();
        if (!isName(rule)) {
            faults.add("a recogniser's rule is \"" + rule + "\"; name it with small letters, digits and hyphens");
        }
        if (layouts.length == 0) {
            faults.add("recogniser " + rule + " has no layout; give one such as \"A-999999\"");
        }
        for (String layout : layouts) {
            if (layout.length() < 2
                    || layout.length() > LONGEST
                    || !Ascii.isWord(layout.charAt(0))
                    || layout.endsWith("_")
                    || layout.contains("__")
                    || layout.chars().anyMatch(c -> c < ' ' || c >= 0x7F)) {
                faults.add("recogniser " + rule + ": the layout \"" + layout
                        + "\" must have 2 to 64 characters of ASCII, begin with a letter or digit and have single"
                        + " underscores inside only");
            }
        }
        return new LayoutRecogniser(
                rule, category, List.of(layouts), null, Set.of(), Set.of(), 0.5, 0.5, 0.5, List.copyOf(faults));
    }

    private static boolean isName(String rule) {
        return !rule.isEmpty()
                && rule.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /**
     * This recogniser with a check.
     *
     * @param next whether a value is one, given its letters and digits only, in capitals
     * @return the new recogniser
     */
    public LayoutRecogniser check(Predicate<String> next) {
        return new LayoutRecogniser(rule, category, layouts, next, context, against, bare, grouped, inContext, faults);
    }

    /**
     * This recogniser with context words. A word counts when it begins at most 60 characters before the value or 30
     * after it.
     *
     * @param words the words, each one run of at most 32 letters; case makes no difference
     * @return the new recogniser
     */
    public LayoutRecogniser context(String... words) {
        List<String> more = new ArrayList<>(faults);
        Set<String> lower = lower(words, "context word", more);
        return new LayoutRecogniser(
                rule, category, layouts, check, lower, against, bare, grouped, inContext, List.copyOf(more));
    }

    /**
     * This recogniser with words against its values, such as {@code order} for numbers of cards; see
     * {@link Recogniser#against()}.
     *
     * @param words the words, each one run of at most 32 letters; case makes no difference
     * @return the new recogniser
     */
    public LayoutRecogniser against(String... words) {
        List<String> more = new ArrayList<>(faults);
        Set<String> lower = lower(words, "word against it", more);
        return new LayoutRecogniser(
                rule, category, layouts, check, context, lower, bare, grouped, inContext, List.copyOf(more));
    }

    private Set<String> lower(String[] words, String what, List<String> wrong) {
        for (String word : words) {
            if (word.isEmpty() || !word.chars().allMatch(Character::isLetter)) {
                wrong.add("recogniser " + rule + ": the " + what + " \"" + word + "\" must be one run of letters");
            }
        }
        return Arrays.stream(words).map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * This recogniser with other confidences, each from 0 to 1.
     *
     * @param ofBare that of a value without separators
     * @param ofGrouped that of a value with separators
     * @param withContext that of either with a context word nearby
     * @return the new recogniser
     */
    public LayoutRecogniser confidence(double ofBare, double ofGrouped, double withContext) {
        List<String> more = new ArrayList<>(faults);
        for (double value : new double[] {ofBare, ofGrouped, withContext}) {
            if (!(value >= 0 && value <= 1)) {
                more.add("recogniser " + rule + ": the confidence " + value + " must be from 0 to 1");
            }
        }
        return new LayoutRecogniser(
                rule, category, layouts, check, context, against, ofBare, ofGrouped, withContext, List.copyOf(more));
    }

    @Override
    public String rule() {
        return rule;
    }

    @Override
    public String category() {
        return category;
    }

    @Override
    public Set<String> context() {
        return context;
    }

    @Override
    public Set<String> against() {
        return against;
    }

    @Override
    public boolean verifies() {
        return check != null;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public String triggers() {
        Set<Character> triggers = new TreeSet<>();
        for (String layout : layouts) {
            String of = layout.isEmpty()
                    ? ""
                    : switch (layout.charAt(0)) {
                        case '9' -> DIGITS;
                        case 'A' -> LETTERS;
                        case 'X' -> DIGITS + LETTERS;
                        default -> {
                            String first = layout.substring(0, 1);
                            yield first + first.toLowerCase(Locale.ROOT);
                        }
                    };
            of.chars().forEach(c -> triggers.add((char) c));
        }
        return triggers.stream().map(String::valueOf).collect(Collectors.joining());
    }

    @Override
    public int digitWithin() {
        return digitWithin(-1L);
    }

    /** The same of values that begin with a run of so many letters and digits. */
    int digitWithin(int run) {
        return run < 1 || run > LONGEST ? digitWithin() : digitWithin(1L << (run - 1));
    }

    private int digitWithin(long those) {
        int farthest = -1;
        for (int i = 0; i < runs.length; i++) {
            if ((runs[i] & those) != 0) {
                int first = layouts.get(i).indexOf('9');
                if (first < 0) {
                    return -1;
                }
                farthest = Math.max(farthest, first);
            }
        }
        return farthest;
    }

    @Override
    public boolean mayBeginWithRun(int length) {
        return length > 0 && length <= LONGEST && Arrays.stream(runs).anyMatch(of -> has(of, length));
    }

    @Override
    public boolean mayBeginWithRuns(int first, char between, int second) {
        return (next(first, between) >>> second & 1) != 0;
    }

    /** A bit for each length that the second run may have, 63 for all above 62. */
    long next(int first, char between) {
        long next = 0;
        for (Beginning beginning : beginnings) {
            if (beginning.first == first && beginning.second == NO_OTHER) {
                return -1;
            }
            if (beginning.first == first && beginning.between == between) {
                next |= 1L << beginning.second;
            }
        }
        return next;
    }

    /** The first two runs of values of a layout; there may be no second one. */
    private record Beginning(int first, char between, int second) {
        static Stream<Beginning> of(String layout) {
            return IntStream.rangeClosed(0, SEPARATORS.length())
                    .mapToObj(i ->
                            layout.replace("_", SEPARATORS.substring(0, i).substring(Math.max(0, i - 1))))
                    .map(Beginning::ofForm);
        }

        private static Beginning ofForm(String form) {
            int first = endOfRun(form, 0);
            if (first == form.length()) {
                return new Beginning(first, '\0', NO_OTHER);
            }
            char between = form.charAt(first);
            int second = endOfRun(form, first + 1) - first - 1;
            return new Beginning(
                    first, Triggers.BETWEEN.indexOf(between) < 0 ? 0 : between, Math.min(second, LONGEST - 1));
        }
    }

    private static int endOfRun(String form, int from) {
        int to = from;
        while (to < form.length() && Ascii.isWord(form.charAt(to))) {
            to++;
        }
        return to;
    }

    private static boolean has(long runs, int length) {
        return (runs >>> (length - 1) & 1) != 0;
    }

    private static long runs(String layout) {
        long runs = 0;
        int length = 0;
        for (int i = 0; i < Math.min(layout.length(), LONGEST); i++) {
            char c = layout.charAt(i);
            if (Ascii.isWord(c)) {
                length++;
            } else {
                runs |= length == 0 ? 0 : 1L << (length - 1);
                if (c != '_') {
                    return runs;
                }
            }
        }
        return length == 0 ? runs : runs | 1L << (length - 1);
    }

    private static long places(String layout, char kind) {
        String forWords = layout.chars()
                .filter(c -> Ascii.isWord((char) c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return IntStream.range(0, Math.min(forWords.length(), LONGEST))
                .filter(i -> forWords.charAt(i) == kind)
                .mapToLong(i -> 1L << i)
                .reduce(0, (a, b) -> a | b);
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        int run = view.run(at);
        if (run == 0 || run > LONGEST || isBeyond(view, at, -1)) {
            return null;
        }
        long places = -1L >>> (Long.SIZE - run);
        long digitsThere = view.digitsOfRun();
        for (int i = 0; i < runs.length; i++) { // most layouts begin with another run
            boolean fits =
                    has(runs[i], run) && (digits[i] & places & ~digitsThere) == 0 && (letters[i] & digitsThere) == 0;
            int end = fits ? end(layouts.get(i), view, at) : -1;
            if (end < 0) {
                continue;
            }
            String value = value(view, at, end);
            if (check == null || check.test(value)) {
                return new Hit(at, end, value.length() == end - at ? bare : grouped, inContext);
            }
        }
        return null;
    }

    /** Whether a number goes on beyond its end, to the left or to the right; a long one is a number of its own. */
    private static boolean isBeyond(View view, int digit, int step) {
        char next = view.charAt(digit + step);
        if (!view.isDigitAt(digit)
                || (next != '-' && next != '.' && next != '/')
                || !view.isDigitAt(digit + 2 * step)) {
            return false;
        }
        int length = 1;
        while (length < LONG_NUMBER && view.isWordAt(digit + (2 + length) * step)) {
            length++;
        }
        return length < LONG_NUMBER;
    }

    private static int end(String layout, View view, int from) {
        int at = from;
        char separator = 0;
        boolean undecided = true;
        for (int i = 0; i < layout.length(); i++) {
            char wanted = layout.charAt(i);
            char c = view.charAt(at);
            if (wanted == '_') {
                if (undecided) {
                    separator = SEPARATORS.indexOf(c) >= 0 ? c : 0;
                    undecided = false;
                }
                if (separator != 0) {
                    if (c != separator) {
                        return -1;
                    }
                    at++;
                }
                continue;
            }
            boolean fits = switch (wanted) {
                case '9' -> Ascii.isDigit(c);
                case 'A' -> Ascii.isLetter(c);
                case 'X' -> Ascii.isWord(c);
                default -> c == wanted || (Ascii.isLetter(c) && (c ^ 0x20) == wanted);
            };
            if (!fits) {
                return -1;
            }
            at++;
        }
        return view.isWordAt(at) || isBeyond(view, at - 1, 1) ? -1 : at;
    }

    private static String value(View view, int from, int to) {
        StringBuilder value = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = view.charAt(i);
            if (Ascii.isWord(c)) {
                value.append(c >= 'a' ? (char) (c - 0x20) : c);
            }
        }
        return value.toString();
    }
}
