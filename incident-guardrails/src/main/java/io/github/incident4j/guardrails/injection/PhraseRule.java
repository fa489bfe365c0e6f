// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Phrases that mean the same, looked for in the folded text. Of those that begin at a word the one that says most
 * counts.
 */
record PhraseRule(
        String rule,
        List<String> literals,
        String triggers,
        List<Phrase> phrases,
        List<Glyphs> glyphs,
        BitSet firstSets,
        Lexicon lexicon,
        Restraint restraint,
        Mention mention)
        implements Recogniser {

    /**
     * The words behind which an order is none: "how to ignore", "we ignore", "do not ignore"; but "you have to ignore"
     * is one.
     *
     * @param before the set of words that stand directly before
     * @param asks the set of words that make a question of somebody else, up to four words before
     * @param you the set of words that make it an order all the same
     */
    record Restraint(int before, int asks, int you) {
        private static final double SHARE = 0.3;
        private static final int FARTHEST = 4;
    }

    @Override
    public String category() {
        return InjectionRails.CATEGORY;
    }

    @Override
    public boolean readsFolded() {
        return true;
    }

    @Override
    public int reach() {
        return 256;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        if (view.charAt(at) < Grammar.FIRST_GLYPH) {
            return Words.begins(view, at) ? ofWords(view, at) : null;
        }
        Glyphs best = null;
        int bestEnd = 0;
        for (Glyphs phrase : glyphs) {
            int end = phrase.end(view, at);
            if (end > 0 && (best == null || phrase.confidence() > best.confidence())) {
                best = phrase;
                bestEnd = end;
            }
        }
        return best == null
                ? null
                : new Hit(at, bestEnd, best.confidence(), best.confidence(), mention.holds(view, at, bestEnd, lexicon));
    }

    private @Nullable Hit ofWords(View view, int at) {
        Words words = new Words(view, at, lexicon);
        BitSet first = words.sets(0);
        if (!first.intersects(firstSets)) {
            return null;
        }
        Phrase best = null;
        int bestEnd = 0;
        for (Phrase phrase : phrases) {
            if (!first.get(phrase.firstSet())
                    || (phrase.atStart() && view.charAt(at - 1) == ' ')
                    || (best != null && phrase.confidence() <= best.confidence())) {
                continue;
            }
            int end = phrase.end(words);
            if (end > 0) {
                best = phrase;
                bestEnd = end;
            }
        }
        if (best == null) {
            return null;
        }
        double share = best.order() && isRestrained(view, at) ? Restraint.SHARE : 1;
        double confidence = best.confidence() * share;
        return new Hit(at, bestEnd, confidence, confidence, mention.holds(view, at, bestEnd, lexicon));
    }

    private boolean isRestrained(View view, int at) {
        boolean restrained = false;
        int start = at;
        // what stands in quotation marks is no part of the sentence round them
        for (int i = 1;
                i <= Restraint.FARTHEST && view.charAt(start - 1) == ' ' && !Mention.isMarked(view, start - 1);
                i++) {
            BitSet sets = Words.setsBefore(view, start, lexicon);
            if (sets.get(restraint.you())) {
                return restrained && i > 2;
            }
            restrained |= sets.get(i == 1 ? restraint.before() : restraint.asks());
            start = Words.startOfWordBefore(view, start);
        }
        return restrained;
    }
}
