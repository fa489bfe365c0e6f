// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/**
 * Finds what may be an encoded text, and decodes it, in pieces that overlap by half where it is long. What is found in
 * a piece stands for the whole of it, unless a decoder {@linkplain #keepsPlaces() keeps places}.
 */
interface Decoder extends Recogniser {
    /** The longest piece. */
    int LONGEST = 8_000;

    /**
     * How many signs behind the beginning of a piece the next one begins: a power of two, so that what is encoded in it
     * once more begins at a whole group of signs, too.
     */
    int STEP = 4_096;

    /** The signs of base64 that are no letters or digits (RFC 4648, sections 4 and 5). */
    String SIGNS = "+/-_";

    /** No next piece. */
    int NONE = -1;

    @Override
    default String category() {
        return "encoded";
    }

    @Override
    default int reach() {
        return LONGEST + 8;
    }

    static boolean isSign(char c) {
        return SIGNS.indexOf(c) >= 0;
    }

    /**
     * Whether the run of letters and digits that begins a text may be shorter when one of the signs of base64 follows.
     */
    default boolean goesOnBehindSigns() {
        return false;
    }

    /** Whether an encoded text may begin at an index. */
    boolean begins(View view, int at);

    /** The piece that begins at an index, null if it is none; inside of a text, or at its beginning. */
    @Nullable
    Hit piece(View view, int at, boolean inside);

    /** Where the piece begins that follows one; {@link #NONE} if that was the last. */
    int next(View view, Hit piece);

    @Override
    default @Nullable Hit find(View view, int at) {
        return begins(view, at) ? piece(view, at, false) : null;
    }

    /** Whether each character of the decoded text stands for the one at its place. */
    default boolean keepsPlaces() {
        return false;
    }

    /** The text in a piece, in the view's characters; null when it is none. */
    @Nullable
    String decode(String encoded);
}
