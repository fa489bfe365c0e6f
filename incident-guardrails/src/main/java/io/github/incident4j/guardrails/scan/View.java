// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.internal.Characters;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text as a recogniser sees it. Digits of every script are ASCII digits; full-width and other compatibility forms are
 * plain (Unicode's NFKC, one character at a time); typographic hyphens and spaces are plain, line breaks and tabs stay;
 * what does not show (zero-width characters, bidirectional controls, tag characters, variation selectors, soft hyphens,
 * controls) is not there. A combining mark goes with what it stands on: on an ASCII letter with which Unicode composes
 * it makes another letter, elsewhere it is not there. Case stays. A character beyond the basic plane that is nothing of
 * this is {@code U+FFFD}; so is a sign that stands for ASCII letters or digits, such as ² or №, where it touches some
 * that are there themselves, as it is no part of their word.
 *
 * <p>What has to be remembered is bounded: of characters without a place of their own there may be 65,536 at first and
 * 256 more for each that has one. The next one is a unit of its own, {@code U+FFFE}.
 *
 * <p>A view can grow while it is read, and forgets what was read long ago. A recogniser sees a window of it round its
 * trigger: 128 characters before, and as many behind as its {@linkplain Recogniser#reach() reach}. Used by one thread.
 */
public final class View {
    /**
     * As a {@linkplain Recogniser#triggers() trigger} it stands for every place at which a character is in
     * {@linkplain #disguise disguise}.
     */
    public static final char HIDDEN = '\uFFFF';

    static final int LOOK_BACK = 128;

    /** Stands for one character without a place too many. */
    static final char EXCESS = '\uFFFE';
    /** How many characters without a place may stand in a row at most. */
    static final int MOST_WITHOUT_PLACE = 1 << 16;
    /** How many more of them may stand for each character that has one. */
    static final int WITHOUT_PLACE_EACH = 256;

    /** The mark of a letter or digit that is the plain form of a sign such as ², ™ or №. */
    private static final int FORM = 0x80;
    /** The mark of a unit behind which an override of the direction stands. */
    private static final int TURNED = 0x40;

    /** The mark of a form of which it is known whether it stands beside a word, and of one that does. */
    private static final int KNOWN = 0x20;

    private static final int BESIDE_WORD = 0x10;
    private static final int MOST_DISGUISE = 0x0F;
    /** So many letters and digits a sign stands for, or a few signs in a row, that stand beside a word. */
    private static final int LONGEST_FORM = 8;

    private static final int LONGEST_PUNCTUATION = 16;
    /** How far behind a recogniser's window a character may be that decides what one in it is. */
    static final int BEYOND_WINDOW = LONGEST_FORM + LONGEST_PUNCTUATION;

    /** What stands for several letters of one word. */
    private static final Set<String> LIGATURES = Set.of("ff", "fi", "fl", "ffi", "ffl", "st");

    private static final int FORMS_KNOWN = 128;
    private static final char FRACTION = '\u2044';
    private static final char OTHER = '\uFFFD';
    private static final char OUTSIDE = '\n';
    private static final int[] NONE = new int[0];
    private static final byte[] PLAIN = new byte[0];

    private char[] units;
    /** The span of each unit in the original; both empty as long as every unit lies at its own index there. */
    private int[] starts = NONE;

    private int[] ends = NONE;
    /** How much each unit is in disguise, and whether it is a {@link #FORM}; empty as long as none is either. */
    private byte[] notes = PLAIN;

    private int base; // the index of the first unit that is kept
    private int size; // how many units there are, with those that were forgotten
    private int length; // how many of them nothing that follows can change
    private boolean complete;
    private int allowance = MOST_WITHOUT_PLACE; // of characters without a place
    private int ahead; // characters that do not show before the first unit
    private boolean turnedAhead; // and whether one of them turns the direction

    private int floor;
    private int ceiling;
    private int reach;
    private boolean pastEnd;

    private int[] formOf = NONE; // which compatibility forms are known, by the last bits of their code points
    private @Nullable String[] forms = {};
    private final IdentityHashMap<Signs, int[]> passed = new IdentityHashMap<>(); // where none of them stands

    private int runAt = -1; // the run of letters and digits that was last read to its end
    private int run;
    private long digitsOfRun;

    View(int capacity) {
        units = new char[capacity];
    }

    /**
     * A character of the view.
     *
     * @param index an index; any number will do
     * @return the character there, and {@code '\n'} outside the text and outside the recogniser's window
     */
    public char charAt(int index) {
        if (index >= floor && index < ceiling) {
            byte note = notes.length == 0 ? 0 : notes[index - base];
            if ((note & (FORM | KNOWN)) == FORM) {
                note = (byte) (isBesideWord(index) ? BESIDE_WORD : 0);
            }
            return (note & BESIDE_WORD) == 0 ? units[index - base] : OTHER;
        }
        if (index >= length && index < reach) {
            pastEnd = true;
        }
        return OUTSIDE;
    }

    /**
     * Whether the text, or the recogniser's window, ends before an index.
     *
     * @param index an index, not before the window
     * @return whether nothing is to be seen there
     */
    public boolean isEnd(int index) {
        if (index >= length && index < reach) {
            pastEnd = true;
        }
        return index >= ceiling;
    }

    /**
     * How much a character is in disguise: how many characters that do not show stand behind it (or, for the first one,
     * before it), how many marks stand on it that make no letter of it, and one if it is the plain form of another.
     *
     * @param index an index; any number will do
     * @return the count, at most 15; 0 outside the text and outside the recogniser's window
     */
    public int disguise(int index) {
        return notes.length == 0 || index < floor || index >= ceiling ? 0 : notes[index - base] & MOST_DISGUISE;
    }

    /**
     * Whether a character stands behind another one (or before the first one) that turns the direction of all that
     * follows: U+202D or U+202E.
     *
     * @param index an index; any number will do
     * @return whether there is one; not outside the text and outside the recogniser's window
     */
    public boolean isTurned(int index) {
        return notes.length > 0 && index >= floor && index < ceiling && (notes[index - base] & TURNED) != 0;
    }

    /** Whether a unit, regardless of the window, is in disguise. */
    boolean isDisguised(int index) {
        return notes.length > 0 && (notes[index - base] & MOST_DISGUISE) != 0;
    }

    /**
     * Whether an ASCII letter or digit stands somewhere.
     *
     * @param index an index; any number will do
     * @return whether the character there is one
     */
    public boolean isWordAt(int index) {
        return Ascii.isWord(charAt(index));
    }

    /**
     * Whether an escape ends directly before an index, such as {@code \n}, {@code \}{@code u003d} or {@code %3D}: its
     * last letter or digit is no part of what follows.
     *
     * @param index an index; any number will do
     * @return whether one does
     */
    public boolean isBehindEscape(int index) {
        char before = charAt(index - 1);
        return (charAt(index - 2) == '\\' && Unescape.SPACES.indexOf(before) >= 0)
                || (Ascii.isHex(before) && charAt(index - 3) == '%' && Ascii.isHex(charAt(index - 2)))
                || (Ascii.isHex(before)
                        && charAt(index - 5) == 'u'
                        && charAt(index - 6) == '\\'
                        && Ascii.isHex(charAt(index - 2))
                        && Ascii.isHex(charAt(index - 3))
                        && Ascii.isHex(charAt(index - 4)));
    }

    /**
     * Whether an ASCII digit stands somewhere.
     *
     * @param index an index; any number will do
     * @return whether the character there is one
     */
    public boolean isDigitAt(int index) {
        return Ascii.isDigit(charAt(index));
    }

    /**
     * Where the first of some signs stands in a range. What was passed over once is not read again for the same signs,
     * so that many values that could begin in a text, and end far behind, take no more time than one.
     *
     * @param signs what is looked for, by which the view remembers how far it has looked
     * @param from the first index of the range, in the window
     * @param to the index after the last one
     * @return the index, or that of the end of the range, the text or the window, where {@link #charAt} says more
     */
    public int indexOf(Signs signs, int from, int to) {
        int[] free = free(signs);
        if (from < free[0] || from > free[1]) {
            free[0] = from;
            free[1] = from;
        }
        int end = Math.min(to, ceiling);
        int at = Math.max(from, free[1]);
        boolean decided = true;
        while (at < end && !signs.has(charAt(at))) {
            decided &= !pastEnd; // else it may still turn out to be another one
            at++;
            free[1] = decided ? at : free[1];
        }
        int answer = Math.max(from, Math.min(at, end));
        if (answer < to) {
            isEnd(answer);
        }
        return answer;
    }

    /**
     * From where on none of some signs stands before an index; the same as {@link #indexOf} in the other direction.
     *
     * @param signs what is looked for, with the line break
     * @param from the least index to look at
     * @param to the index before which to look, in the window
     * @return the index behind the last of them, or {@code from}, or {@code to} if one stands directly before it
     */
    public int startOfRun(Signs signs, int from, int to) {
        int[] free = free(signs);
        int least = Math.max(from, floor);
        int decided = to; // what lies before it is
        int at = to;
        while (at > least) {
            if (at > free[0] && at <= free[1]) {
                at = Math.max(least, free[0]);
                continue;
            }
            boolean before = pastEnd;
            pastEnd = false;
            boolean stop = signs.has(charAt(at - 1));
            decided = pastEnd ? at - 1 : decided;
            pastEnd |= before;
            if (stop) {
                break;
            }
            at--;
        }
        if (at < decided) {
            boolean joined = at <= free[1] && decided >= free[0];
            free[0] = joined ? Math.min(at, free[0]) : at;
            free[1] = joined ? Math.max(decided, free[1]) : decided;
        }
        return at;
    }

    /** The range in which none of some signs stands, as far as it is known. */
    private int[] free(Signs signs) {
        int[] known = passed.get(signs);
        if (known == null) {
            known = new int[2];
            passed.put(signs, known);
        }
        return known;
    }

    /** How long the run of ASCII letters and digits is that begins at an index, 65 for all lengths above 64. */
    int run(int index) {
        if (index != runAt) {
            long digits = 0;
            int length = 0;
            char c = charAt(index);
            while (length <= Long.SIZE && Ascii.isWord(c)) {
                digits |= Ascii.isDigit(c) && length < Long.SIZE ? 1L << length : 0;
                length++;
                c = charAt(index + length);
            }
            run = length;
            digitsOfRun = digits;
            runAt = !pastEnd && (index + length < ceiling || length > Long.SIZE) ? index : -1;
        }
        return run;
    }

    /** A bit for each of the first 64 characters of the run that was asked for last that is a digit. */
    long digitsOfRun() {
        return digitsOfRun;
    }

    /**
     * A text as recognisers see it that read folded texts.
     *
     * @param text a word or phrase that is looked for
     * @return its folded form
     * @see Recogniser#readsFolded()
     */
    public static String folded(String text) {
        return Fold.of(text);
    }

    /**
     * The view of a whole text.
     *
     * @param text any text; lone surrogates are fine
     * @return its view, all of which is to be seen
     */
    public static View of(String text) {
        View view = new View(text.length());
        view.append(text, 0);
        view.complete();
        view.look(0, view.length);
        return view;
    }

    /** A whole text, such as a value that is allowed, as a recogniser sees it. */
    static String normalForm(String text) {
        return of(text).toString();
    }

    /** {@return the characters that are kept and no longer change; of the view of a whole text, all} */
    @Override
    public String toString() {
        return slice(base, length);
    }

    /** The characters from an index to another, regardless of the window. */
    String slice(int from, int to) {
        return new String(units, from - base, to - from);
    }

    /** Opens a window: what lies outside it reads as a line break. */
    void look(int from, int to) {
        floor = Math.max(from, base);
        reach = to;
        ceiling = Math.min(to, length);
        pastEnd = false;
    }

    /**
     * Whether a character was asked for, since the window was opened, that is still to come. The recogniser will be
     * asked again then, whatever it answers now.
     *
     * @return whether its answer makes no difference
     */
    public boolean isUndecided() {
        return pastEnd && !complete;
    }

    /**
     * How many characters there are that no longer change. No matter for a recogniser, which sees a window only.
     *
     * @return the number of characters, those among them that were forgotten
     */
    public int length() {
        return length;
    }

    boolean isComplete() {
        return complete;
    }

    /** A character regardless of the window; the index must be below the length and not forgotten. */
    char unit(int index) {
        return units[index - base];
    }

    /** An index, or the first one that is not forgotten. */
    int kept(int index) {
        return Math.max(index, base);
    }

    /**
     * Where a character begins in the original.
     *
     * @param index its index, which must be below the length
     * @return the offset of its first UTF-16 unit
     */
    public int originalStart(int index) {
        return starts.length == 0 ? index : starts[index - base];
    }

    /**
     * Where a character ends in the original.
     *
     * @param index its index, which must be below the length
     * @return the offset after its last UTF-16 unit
     */
    public int originalEnd(int index) {
        return ends.length == 0 ? index + 1 : ends[index - base];
    }

    /** Where the first unit begins that may still change, or else the end of what was appended. */
    int openFrom(int appended) {
        return length < size ? originalStart(length) : appended;
    }

    /** Appends text of which no surrogate pair is cut; it lies at an offset of the original. */
    void append(String text, int offset) {
        int i = 0;
        while (i < text.length()) {
            int plain = i;
            while (plain < text.length() && isItself(text.charAt(plain))) {
                plain++;
            }
            if (plain > i) {
                append(text, i, plain, offset);
                i = plain;
            } else {
                int codePoint = text.codePointAt(i);
                int width = Character.charCount(codePoint);
                append(codePoint, offset + i, offset + i + width);
                i += width;
            }
        }
    }

    private static boolean isItself(char c) {
        return c < 0x7F && (c >= ' ' || c == '\n' || c == '\t');
    }

    private void append(String text, int from, int to, int offset) {
        makeRoom(to - from);
        int at = size - base;
        if (starts.length == 0 && offset + from != size) {
            keepSpans();
        }
        text.getChars(from, to, units, at);
        for (int i = from; starts.length > 0 && i < to; i++) {
            starts[at + i - from] = offset + i;
            ends[at + i - from] = offset + i + 1;
        }
        size += to - from;
        length = size - 1; // a mark may still come and change the last one
        allow(to - from);
        if (ahead > 0) {
            noteAhead();
        }
    }

    /** Appends one character that takes the place of a span of the original. */
    void append(int codePoint, int start, int end) {
        boolean invisible = Characters.isInvisible(codePoint);
        if (invisible || (size > 0 && Characters.isMark(codePoint))) {
            allowance--;
            if (allowance < 0) {
                plain(EXCESS, start, end);
            } else if (!invisible) {
                mark(codePoint, end);
            } else {
                hidden(codePoint == 0x202D || codePoint == 0x202E);
            }
        } else if (codePoint < 0x80) {
            plain((char) codePoint, start, end);
        } else if (Character.isDigit(codePoint)) {
            plain((char) ('0' + Character.digit(codePoint, 10)), start, end);
        } else if (codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029) {
            plain('\n', start, end);
        } else if (Characters.isWhiteSpace(codePoint)) {
            plain(' ', start, end);
        } else if (isPlain(codePoint) || codePoint == EXCESS) {
            plain(codePoint > 0xFFFF || codePoint == EXCESS ? OTHER : (char) codePoint, start, end);
        } else {
            String form = compatibilityForm(codePoint);
            if (form.indexOf(FRACTION) >= 0) { // as in 1/2, which is of no value
                plain((char) codePoint, start, end);
                return;
            }
            int from = size;
            boolean words = false;
            length = size;
            for (int i = 0; i < form.length(); i++) {
                char c = form.charAt(i);
                words |= Ascii.isWord(c);
                if (!Character.isLowSurrogate(c)) {
                    unit(Character.isHighSurrogate(c) ? OTHER : Characters.withPlainHyphen(c), start, end);
                }
            }
            if (form.length() == 1 && Ascii.isLetter(form.charAt(0))) {
                disguise();
            }
            for (int i = from; words && !isOfAlphabet(codePoint) && i < size; i++) {
                form(i);
            }
        }
    }

    /** Unicode's NFKC of one character, which costs more than all rules; a text has few different ones. */
    private String compatibilityForm(int codePoint) {
        if (formOf.length == 0) {
            formOf = new int[FORMS_KNOWN];
            forms = new String[FORMS_KNOWN];
        }
        int place = codePoint % FORMS_KNOWN;
        String known = formOf[place] == codePoint ? forms[place] : null;
        if (known == null) {
            known = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
            formOf[place] = codePoint;
            forms[place] = known;
        }
        return known;
    }

    private void hidden(boolean turns) {
        if (size == 0) {
            ahead++;
            turnedAhead |= turns;
        } else {
            disguise();
            if (turns) {
                notes[size - 1 - base] |= TURNED;
            }
        }
    }

    /** Notes for the first unit what stands before it and does not show. */
    private void noteAhead() {
        for (; ahead > 0; ahead--) {
            disguiseAt(0);
        }
        if (turnedAhead) {
            notes[0] |= TURNED;
            turnedAhead = false;
        }
    }

    /** Notes that a unit is of a sign that stands for ASCII letters or digits. */
    private void form(int index) {
        notes()[index - base] |= (byte) FORM;
    }

    /** Appends a unit of another view. */
    void append(char unit, boolean isForm, int start, int end) {
        append(unit, start, end);
        if (isForm && size > base) {
            form(size - 1);
        }
    }

    /** Whether a code point is of a whole alphabet: full-width or mathematical. */
    static boolean isOfAlphabet(int c) {
        return (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x1D400 && c <= 0x1D7FF);
    }

    private void mark(int codePoint, int end) {
        int last = size - 1 - base;
        char on = units[last];
        if (Ascii.isLetter(on)) {
            String composed = Normalizer.normalize(on + Character.toString(codePoint), Normalizer.Form.NFC);
            if (composed.length() == 1) {
                units[last] = composed.charAt(0);
            } else {
                disguise();
            }
        }
        if (starts.length == 0) {
            keepSpans();
        }
        ends[last] = end;
    }

    /** Notes that the last unit is not quite what it seems. */
    void disguise() {
        disguiseAt(size - 1);
    }

    private void disguiseAt(int index) {
        byte note = notes()[index - base];
        if ((note & MOST_DISGUISE) < MOST_DISGUISE) {
            notes[index - base]++;
        }
    }

    private byte[] notes() {
        if (notes.length == 0) {
            notes = new byte[units.length];
        }
        return notes;
    }

    /** Whether a unit, regardless of the window, is of a sign that stands for ASCII letters or digits. */
    boolean isForm(int index) {
        return notes.length > 0 && (notes[index - base] & FORM) != 0;
    }

    /** Whether a letter or digit, regardless of the window, goes on with the word that the one before it is of. */
    boolean goesOnAt(int index) {
        return Ascii.isWord(unit(index - 1)) && isForm(index - 1) == isForm(index);
    }

    /**
     * Whether a sign that stands for letters or digits is beside some that are there themselves, and so no part of
     * their word: a note behind a number, {@code №} before it. Of one sign alone there may be punctuation between the
     * two. A ligature inside a word is part of it, though, and signs by themselves are read as what they stand for.
     */
    private boolean isBesideWord(int index) {
        byte note = notes[index - base];
        if ((note & KNOWN) != 0) {
            return (note & BESIDE_WORD) != 0;
        }
        int from = index;
        while (index - from < LONGEST_FORM && isFormThere(from - 1)) {
            from--;
        }
        int to = index + 1;
        while (to - index < LONGEST_FORM && isFormThere(to)) {
            to++;
        }
        boolean alone = originalStart(from) == originalStart(to - 1);
        int before = from - 1;
        int behind = to;
        while (alone && from - before < LONGEST_PUNCTUATION && isPunctuation(before)) {
            before--;
        }
        while (alone && behind - to < LONGEST_PUNCTUATION && isPunctuation(behind)) {
            behind++;
        }
        boolean sure = isWordThere(before) && !Ascii.isLetter(units[index - base]); // whatever is still to come
        if (behind >= length && !complete && !sure) {
            pastEnd = true;
            return false;
        }
        boolean inside = isWordThere(from - 1)
                && isWordThere(to)
                && Ascii.isLetter(unit(from - 1))
                && Ascii.isLetter(unit(to))
                && LIGATURES.contains(slice(from, to));
        boolean beside = (isWordThere(before) || isWordThere(behind)) && !inside;
        notes[index - base] |= (byte) (beside ? KNOWN | BESIDE_WORD : KNOWN);
        return beside;
    }

    private boolean isThere(int index) {
        return index >= base && index < length;
    }

    private boolean isFormThere(int index) {
        return isThere(index) && isForm(index);
    }

    private boolean isWordThere(int index) {
        return isThere(index) && !isForm(index) && Ascii.isWord(unit(index));
    }

    private boolean isPunctuation(int index) {
        char c = isThere(index) ? unit(index) : OUTSIDE;
        return c > ' ' && c < 0x7F && !Ascii.isWord(c);
    }

    /** Whether a code point of the large scripts is sure to be its own compatibility form, or no matter. */
    private static boolean isPlain(int c) {
        return (c >= 0x0370 && c <= 0x1CFF)
                || (c >= 0x3041 && c <= 0x312F)
                || (c >= 0x3400 && c <= 0xDFFF)
                || c >= 0x20000;
    }

    private void plain(char unit, int start, int end) {
        length = size; // a mark may still come and change this one, but no earlier one
        unit(unit, start, end);
    }

    private void unit(char unit, int start, int end) {
        makeRoom(1);
        if (starts.length == 0 && (start != size || end != size + 1)) {
            keepSpans();
        }
        int at = size - base;
        units[at] = unit;
        if (starts.length > 0) {
            starts[at] = start;
            ends[at] = end;
        }
        size++;
        allow(1);
        if (ahead > 0) {
            noteAhead();
        }
    }

    private void allow(int units) {
        allowance = (int) Math.min(MOST_WITHOUT_PLACE, Math.max(0, allowance) + (long) units * WITHOUT_PLACE_EACH);
    }

    private void makeRoom(int more) {
        int needed = size - base + more;
        if (needed > units.length) {
            int larger = Math.max(needed, units.length + units.length / 2 + 16);
            units = Arrays.copyOf(units, larger);
            if (starts.length > 0) {
                starts = Arrays.copyOf(starts, larger);
                ends = Arrays.copyOf(ends, larger);
            }
            if (notes.length > 0) {
                notes = Arrays.copyOf(notes, larger);
            }
        }
    }

    /** From here on a unit may lie elsewhere in the original than at its index. */
    private void keepSpans() {
        starts = new int[units.length];
        ends = new int[units.length];
        for (int i = 0; i < size - base; i++) {
            starts[i] = base + i;
            ends[i] = base + i + 1;
        }
    }

    /** Says that nothing more comes. */
    void complete() {
        length = size;
        complete = true;
    }

    /** Forgets what lies before an index, once it is worth the move. */
    void forget(int before) {
        int gone = Math.min(before, length) - base;
        if (gone < 1_024 || gone < (size - base) / 2) {
            return;
        }
        int kept = size - base - gone;
        System.arraycopy(units, gone, units, 0, kept);
        if (starts.length > 0) {
            System.arraycopy(starts, gone, starts, 0, kept);
            System.arraycopy(ends, gone, ends, 0, kept);
        }
        if (notes.length > 0) {
            System.arraycopy(notes, gone, notes, 0, kept);
            Arrays.fill(notes, kept, notes.length, (byte) 0);
        }
        base += gone;
    }
}
