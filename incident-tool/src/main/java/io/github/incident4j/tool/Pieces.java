// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts texts as a model sends them. */
final class Pieces {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:\\.\\.(\\d{1,6}))?");

    private final int least;
    private final int most;
    private final Random random;

    private Pieces(int least, int most, Random random) {
        this.least = least;
        this.most = most;
        this.random = random;
    }

    /** Reads a range such as {@code 1..16}, or one length. */
    static Pieces of(String range, Random random) {
        Matcher matcher = RANGE.matcher(range);
        int least = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        int most = least == 0 || matcher.group(2) == null ? least : Integer.parseInt(matcher.group(2));
        if (least < 1 || most < least) {
            throw new IllegalArgumentException(
                    "--chunks is \"" + range + "\"; give a range of lengths such as 1..16, or one length");
        }
        return new Pieces(least, most, random);
    }

    List<String> of(String text) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + least + random.nextInt(most - least + 1));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
