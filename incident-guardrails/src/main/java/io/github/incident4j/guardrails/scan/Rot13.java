// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Letters thirteen places further in the alphabet, known by frequent words so written: one of six letters and more, or
 * two. A text begins with the first of them and ends a while after the last. None of them is a word of its own.
 */
record Rot13() implements Decoder {
    private static final int NEAR = 96; // characters between two of the words at most
    private static final int TAIL = 96; // behind the last one
    private static final int LONG = 6;
    private static final int ENOUGH = 6; // letters of different words

    private static final Set<String> WORDS = words(
            "the and you your that this with from have what tell make write about please answer question rules forget"
                    + " are was not for all can how has but will now user show give send call into without should would"
                    + " ignore previous instruction instructions prompt system reveal secret password passphrase"
                    + " email mail address number card phone name account key keys token code credit bank login private"
                    + " social security birthday iban born lives contact http https www com following repeat print output assistant"
                    + " developer message conversation access hidden confidential"
                    + " und der die das nicht mein meine bitte passwort anweisungen ignoriere vergiss"
                    + " les des mon vous motdepasse ignorez oubliez instrucciones clave contrase");

    private static final List<String> BEGINNINGS = beginnings(WORDS);

    private static Set<String> words(String plain) {
        Set<String> words = new HashSet<>();
        for (String word : plain.split(" ", -1)) {
            words.add(turned(word));
        }
        return Set.copyOf(words);
    }

    /** Of these none that begins with another. */
    private static List<String> beginnings(Set<String> words) {
        List<String> kept = new ArrayList<>();
        for (String word : words.stream().sorted().toList()) {
            if (kept.isEmpty() || !word.startsWith(kept.get(kept.size() - 1))) {
                kept.add(word);
            }
        }
        return List.copyOf(kept);
    }

    private static String turned(String text) {
        StringBuilder turned = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char first = c >= 'a' ? 'a' : 'A';
            turned.append(Ascii.isLetter(c) ? (char) (first + (c - first + 13) % 26) : c);
        }
        return turned.toString();
    }

    @Override
    public String rule() {
        return "rot13";
    }

    @Override
    public List<String> literals() {
        return BEGINNINGS;
    }

    @Override
    public boolean keepsPlaces() {
        return true;
    }

    @Override
    public boolean begins(View view, int at) {
        if (!isWord(view, at, endOfWord(view, at))) {
            return false;
        }
        int end = at - 1;
        while (end > at - NEAR) {
            int start = end;
            while (start > at - NEAR && Ascii.isLetter(view.charAt(start - 1))) {
                start--;
            }
            if (isWord(view, start, end)) {
                return false; // it was asked there
            }
            end = start - 1;
        }
        return true;
    }

    @Override
    public @Nullable Hit piece(View view, int at, boolean inside) {
        Set<String> found = new HashSet<>();
        int letters = 0;
        int last = at;
        int i = at;
        while (i - at < LONGEST && i - last < NEAR && !view.isEnd(i)) {
            if (!Ascii.isLetter(view.charAt(i))) {
                i++;
                continue;
            }
            int end = endOfWord(view, i);
            if (isWord(view, i, end)) {
                last = end;
                String word = text(view, i, end);
                letters += found.size() < ENOUGH && found.add(word) ? word.length() : 0;
                letters += word.length() >= LONG ? ENOUGH : 0;
            }
            i = end;
        }
        int to = last;
        while (to - at < LONGEST && to - last < TAIL && !view.isEnd(to)) {
            to++;
        }
        return (inside || letters >= ENOUGH) && to > at ? new Hit(at, to, 1, 1) : null;
    }

    @Override
    public int next(View view, Hit piece) {
        if (piece.to() - piece.from() < LONGEST) {
            return NONE;
        }
        int at = piece.from() + STEP;
        while (at < piece.to() && Ascii.isLetter(view.charAt(at - 1))) {
            at++;
        }
        return at;
    }

    @Override
    public String decode(String encoded) {
        return turned(encoded);
    }

    private static int endOfWord(View view, int at) {
        int end = at;
        while (end - at < LONGEST && Ascii.isLetter(view.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWord(View view, int from, int to) {
        return to - from > 2 && to - from < 16 && !view.isWordAt(from - 1) && WORDS.contains(text(view, from, to));
    }

    private static String text(View view, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append(view.charAt(i));
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }
}
