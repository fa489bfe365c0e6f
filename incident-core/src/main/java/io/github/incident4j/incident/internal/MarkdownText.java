// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

/** Text from outside within a Markdown page. */
public final class MarkdownText {
    private MarkdownText() {}

    /**
     * Keeps a text within its line and cell, and keeps it text: no markup, no links, no images.
     *
     * @param text any text
     * @return the text, escaped
     */
    public static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '|', '[', ']', '`', '*', '\\' -> safe.append('\\').append(c);
                default -> safe.append(Character.isISOControl(c) ? ' ' : c);
            }
        }
        return safe.toString();
    }
}
