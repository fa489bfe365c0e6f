// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Characters that look like a letter or digit of ASCII: those that Unicode calls confusable with one (UTS #39), and
 * letters with accents. A test holds the table against ICU. Immutable.
 */
final class LookAlikes {
    private final char[] characters; // ascending
    private final char[] plain;

    private LookAlikes(long[] pairs) {
        Arrays.sort(pairs);
        characters = new char[pairs.length];
        plain = new char[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            characters[i] = (char) (pairs[i] >> Character.SIZE);
            plain[i] = (char) pairs[i];
        }
    }

    /** Reads the table: on each line a plain character, a space and those that look like it. */
    static LookAlikes load() {
        try (InputStream in = Objects.requireNonNull(LookAlikes.class.getResourceAsStream("look-alikes.txt"))) {
            return new LookAlikes(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .flatMapToLong(
                            line -> line.chars().skip(2).mapToLong(c -> (long) c << Character.SIZE | line.charAt(0)))
                    .toArray());
        } catch (IOException e) {
            throw new UncheckedIOException("the table of look-alikes cannot be read from the library's jar", e);
        }
    }

    /** The small letter or digit that a character looks like, or the character. */
    char plain(char c) {
        if (c < 0x80) {
            return c;
        }
        int at = Arrays.binarySearch(characters, c);
        return at >= 0 ? plain[at] : c;
    }
}
