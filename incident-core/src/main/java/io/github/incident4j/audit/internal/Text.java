// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

/** Makes text from outside fit to be written: no lone surrogates, which UTF-8 cannot hold, and a bounded length. */
public final class Text {
    static final int MAX_LENGTH = 4_096;

    private Text() {}

    /**
     * Returns the text as the trail may hold it.
     *
     * @param text any text
     * @return the same text, cut at 4,096 characters with a mark, lone surrogates replaced by U+FFFD
     */
    public static String clean(String text) {
        if (text.length() > MAX_LENGTH) {
            return whole(text.substring(0, MAX_LENGTH - 1)) + "…";
        }
        return whole(text);
    }

    /** Whether a text that was made fit may have been another one before. */
    static boolean isChanged(String clean) {
        return clean.length() >= MAX_LENGTH || clean.indexOf('\uFFFD') >= 0;
    }

    /**
     * Returns the text as UTF-8 can hold it, however long it is.
     *
     * @param text any text
     * @return the same text, lone surrogates replaced by U+FFFD
     */
    public static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (isPairAt(text, i)) {
                    i++;
                } else {
                    return replaceLoneSurrogates(text);
                }
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                clean.append(c);
            } else if (isPairAt(text, i)) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append('\uFFFD');
            }
        }
        return clean.toString();
    }

    private static boolean isPairAt(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
