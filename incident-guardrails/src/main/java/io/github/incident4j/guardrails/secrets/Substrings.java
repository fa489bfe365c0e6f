// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import java.util.List;

/** Words of ASCII, any of which may stand in a text. */
final class Substrings {
    private final String[][] byFirst = new String[0x80][];

    Substrings(List<String> words) {
        for (int c = 0; c < byFirst.length; c++) {
            char first = (char) c;
            byFirst[c] = words.stream().filter(word -> word.charAt(0) == first).toArray(String[]::new);
        }
    }

    boolean standIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            for (String word : c < byFirst.length ? byFirst[c] : byFirst[0]) {
                if (text.startsWith(word, i)) {
                    return true;
                }
            }
        }
        return false;
    }
}
