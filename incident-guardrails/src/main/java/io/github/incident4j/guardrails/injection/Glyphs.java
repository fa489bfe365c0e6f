// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.List;

/**
 * A phrase in a script without spaces: pieces in their order, with a bounded number of any characters before each but
 * the first.
 *
 * @param confidence how much it says, from 0 to 1
 * @param pieces the pieces
 */
record Glyphs(double confidence, List<Piece> pieces) {

    /**
     * One piece.
     *
     * @param gap how many characters may stand before it
     * @param forms how it may read
     */
    record Piece(int gap, List<String> forms) {}

    Glyphs {
        pieces = List.copyOf(pieces);
    }

    /** The end of the phrase that begins at an index, -1 if it does not. Each piece is taken where it stands first. */
    int end(View view, int at) {
        int end = at;
        for (Piece piece : pieces) {
            end = end(view, end, piece);
            if (end < 0) {
                return -1;
            }
        }
        return end;
    }

    private static int end(View view, int from, Piece piece) {
        for (int start = from; start <= from + piece.gap(); start++) {
            for (String form : piece.forms()) {
                if (stands(view, start, form)) {
                    return start + form.length();
                }
            }
        }
        return -1;
    }

    private static boolean stands(View view, int at, String form) {
        for (int i = 0; i < form.length(); i++) {
            if (view.charAt(at + i) != form.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
