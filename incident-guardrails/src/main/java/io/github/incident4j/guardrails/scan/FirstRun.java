// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * What the first run of letters and digits of a value looks like, so that most words need no closer look.
 *
 * @param lengths how long it may be: bit 0 for one character, and so on
 * @param whole of these lengths those of values that end there
 * @param digits the places at which a digit stands in every layout
 * @param letters the places at which a letter does
 * @param behind what may stand behind it where the value goes on, bit 0 for a space, and so on in ASCII's order
 */
record FirstRun(long lengths, long whole, long digits, long letters, long behind) {
    private static final long ANYTHING = -1;
    private static final int END_OF_BEHIND = ' ' + Long.SIZE;

    static FirstRun of(Iterable<String> layouts) {
        long lengths = 0;
        long whole = 0;
        long digits = -1;
        long letters = -1;
        long behind = 0;
        for (String layout : layouts) {
            long layoutDigits = 0;
            long layoutLetters = 0;
            int length = 0;
            boolean ended = false;
            for (int i = 0; i < layout.length() && !ended; i++) {
                char c = layout.charAt(i);
                if (View.isWord(c)) {
                    layoutDigits |= View.isDigit(c) ? 1L << length : 0;
                    layoutLetters |= View.isLetter(c) && c != 'X' ? 1L << length : 0;
                    length++;
                    continue;
                }
                lengths |= 1L << (length - 1);
                ended = c != '_';
                String next = ended ? String.valueOf(c) : LayoutRecogniser.SEPARATORS;
                for (int j = 0; j < next.length(); j++) {
                    behind |= next.charAt(j) < END_OF_BEHIND ? 1L << (next.charAt(j) - ' ') : ANYTHING;
                }
            }
            if (!ended) {
                lengths |= 1L << (length - 1);
                whole |= 1L << (length - 1);
            }
            digits &= layoutDigits;
            letters &= layoutLetters;
        }
        return new FirstRun(lengths, whole, digits, letters, behind);
    }

    /**
     * Whether a word may be such a run.
     *
     * @param length its length as a bit of {@link #lengths}, 0 if it is longer than 64
     * @param inDigits the places of its digits
     * @param inLetters the places of its letters
     * @param next the character behind it
     */
    boolean fits(long length, long inDigits, long inLetters, char next) {
        return (lengths & length) != 0
                && (digits & inLetters) == 0
                && (letters & inDigits) == 0
                && ((whole & length) != 0 || mayGoOn(next));
    }

    private boolean mayGoOn(char next) {
        return behind == ANYTHING || (next >= ' ' && next < END_OF_BEHIND && (behind >> (next - ' ') & 1) != 0);
    }
}
