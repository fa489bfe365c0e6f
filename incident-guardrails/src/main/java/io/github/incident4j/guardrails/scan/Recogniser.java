// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows what one kind of value looks like. It is asked at its triggers only: at some characters, and where one of its
 * literals stands. It sees a window of the text, from 128 characters before the trigger to its {@linkplain #reach()
 * reach} behind; so every text takes linear time, and a text that comes in pieces has to be held back no further than
 * that. Values with a fixed layout need no class of their own: see {@link LayoutRecogniser}. A recogniser whose values
 * begin before their trigger is a {@link BackwardRecogniser}.
 *
 * <p>The answer is a function of what the recogniser reads of the view. One that reads beyond the end of a text of
 * which more may come is asked again. A recogniser is used by several threads at once; it keeps no state.
 */
public interface Recogniser {

    /** {@return the name of the rule, small letters, digits and hyphens} */
    String rule();

    /** {@return the kind of trouble, such as {@code pii}} */
    String category();

    /** {@return what to put in a value's place: the rule's name in capitals, with underscores} */
    default String label() {
        return rule().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Whether to read the text folded: words in small letters without accents, look-alikes of other scripts as Latin,
     * digits and signs for letters as these, letters with something between each two joined, one space between words
     * and a full stop between sentences and lines. In that form {@code l} is {@code i}; a sign at the end of a word
     * that may stand for a letter is one in {@linkplain View#disguise disguise}, and so is a space or full stop where
     * quotation marks stand: by 1 when some begin there, by 2 when some end, by 3 when both do. A full stop where a
     * line ends and no sentence does is in disguise by 4 more, and the first letter of a word by 1, 2 or 3 where
     * {@code $}, {@code @} or {@code !} stands before it, which may be its first letter. For phrases that somebody may
     * try to hide; what the recogniser compares with is to be {@linkplain View#folded folded} too.
     *
     * @return whether the view is the folded one
     */
    default boolean readsFolded() {
        return false;
    }

    /**
     * The characters at which to look; those beyond ASCII wherever they stand.
     *
     * @return the characters; {@link View#HIDDEN} for all places at which something does not show
     */
    default String triggers() {
        return "";
    }

    /** {@return whether to look only where no ASCII letter or digit stands before the trigger} */
    default boolean atWordStart() {
        return true;
    }

    /**
     * The literals at which to look: ASCII in small letters, found in either case, and folded in a text that is. All
     * literals of a scanner are found in one pass.
     *
     * @return the literals, each of 2 to 64 characters
     */
    default List<String> literals() {
        return List.of();
    }

    /**
     * How soon a digit comes in every value: at most so many characters behind the trigger. Most words have none near,
     * and the recogniser is then not asked.
     *
     * @return the greatest distance of the first digit, or a negative number when a value may have none
     */
    default int digitWithin() {
        return -1;
    }

    /**
     * Whether a value may begin with a run of so many ASCII letters and digits, its trigger first. Where the run at a
     * trigger at the start of a word has another length the recogniser is not asked.
     *
     * @param length how long the run is: 0 when the trigger is no letter or digit, 65 for all lengths above 64
     * @return whether to ask
     */
    default boolean mayBeginWithRun(int length) {
        return true;
    }

    /**
     * Whether a value may begin with such a run and go on with another one: the same as {@link #mayBeginWithRun}, but
     * finer. Most numbers in a text are of other groups than the values of a rule.
     *
     * @param first how long the first run is, from 0 to 64
     * @param between what stands behind it: space, hyphen, full stop, slash or colon; 0 for anything else and the end
     * @param second how long the run behind that one character is, 0 for none, 63 for all lengths above 62
     * @return whether to ask
     */
    default boolean mayBeginWithRuns(int first, char between, int second) {
        return mayBeginWithRun(first);
    }

    /** {@return how many characters the recogniser reads at most, from the trigger on; up to 8,192} */
    default int reach() {
        return 640;
    }

    /**
     * How the last line of a value begins, such as {@code -----end }, if values may be longer than what is read. When
     * such a value is redacted, the lines of a key that follow it are too, up to that line and with it: lines with 16
     * letters, digits and signs of base64 in a row, at most 64 characters apart.
     *
     * @return the beginning of the line, in small letters; empty when there is no such line
     */
    default String lastLine() {
        return "";
    }

    /**
     * The signs at which a value ends of which the recogniser may read the beginning only. One of 256 characters and
     * more is taken for such a one: its rest is replaced, too, up to one of these signs, white space or what is not
     * ASCII (full-width forms and digits of other scripts are read as ASCII; what does not show ends nothing), or to a
     * backslash before one of the signs or {@code n}, {@code r}, {@code t}, {@code f}. So let a recogniser that has
     * such signs read 256 characters at least, and values of other scripts have an end within what it reads.
     *
     * @return the signs; empty when it finds no such values
     */
    default String ends() {
        return "";
    }

    /** {@return the words, each of at most 32 small letters only, that make a value nearby more likely} */
    default Set<String> context() {
        return Set.of();
    }

    /**
     * The words, each of at most 32 small letters only, that make a value less likely, by 0.3, when they stand directly
     * before it: they begin at most 32 characters before, and between them and the value stands no digit, comma,
     * semicolon, line break or context word. Context words elsewhere then do not make it likelier.
     *
     * @return the words
     */
    default Set<String> against() {
        return Set.of();
    }

    /** {@return whether it verifies more of a value than its form, such as check digits; findings say so} */
    default boolean verifies() {
        return false;
    }

    /**
     * How many values a text must hold before they count, for what is harmless a few times. Those before are passed
     * over, the last of so many is found, and none after it.
     *
     * @return the number, 1 where each counts
     */
    default int fewest() {
        return 1;
    }

    /** {@return what is wrong with this recogniser, one sentence for each fault} */
    default List<String> faults() {
        return List.of();
    }

    /**
     * Looks for a value at a trigger.
     *
     * @param view the text
     * @param at the index of the trigger in the view, for a literal that of its first character
     * @return the span, or null when there is no value
     */
    @Nullable
    Hit find(View view, int at);
}
