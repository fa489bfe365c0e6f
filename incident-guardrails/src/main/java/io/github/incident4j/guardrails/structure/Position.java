// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

/** A place in a text as an editor shows it; line and column, in code points, begin with 1. */
record Position(int line, int column) {

    /** Of an index of UTF-16 units; a line ends with LF, CR or both. */
    static Position of(String text, int index) {
        int end = Math.max(0, Math.min(index, text.length()));
        int line = 1;
        int start = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                line++;
                start = i + 1;
            }
        }
        return new Position(line, text.codePointCount(start, end) + 1);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
