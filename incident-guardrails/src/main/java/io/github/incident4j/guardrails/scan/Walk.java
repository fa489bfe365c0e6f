// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.Arrays;

/**
 * One walk over one view, which may grow meanwhile. Where a recogniser had to know what is still to come it is asked
 * again when the view has grown. So the answers are the same however the text was cut.
 */
final class Walk {
    private static final int KEPT = 256; // characters that recognisers and context words look back at most
    private static final int READ_AGAIN = 64; // characters that those who wait may read again for each one that comes
    private static final int FOR_A_DIGIT = -1;
    private static final int INSIDE = 1 << 30; // with the place of a decoder that waits for the next piece

    private final TextScanner scanner;
    private final Triggers triggers;
    private final View view;
    private final Sink sink;
    private final ContextWords.Reader words;
    private int at;
    private int wordEnd;
    private int digit; // the next one, or the end of what was there
    private int state = Literals.START;
    private int lookedBackFrom; // where it was last looked back from, for triggers to come, and how far
    private int lookedBackTo;
    private long[] pending = new long[8]; // recogniser and index
    private int[] due = new int[8]; // how long the view is to be before they are asked again, or for a digit
    private long[] spare = new long[8]; // these two take turns with those two
    private int[] spareDue = new int[8];
    private int pendingCount;
    private int pendingBackward; // how many of them look back
    private boolean digitIsToCome; // for who is asked now: nothing is decided before that
    private boolean pendingForDigit; // whether one of them waits for a digit

    /** Takes what is found, in no order. */
    interface Sink {

        /** A value that counts, as a span of the view. */
        void found(View view, int recogniser, Hit hit, double confidence);
    }

    Walk(TextScanner scanner, Triggers triggers, View view, Sink sink) {
        this.scanner = scanner;
        this.triggers = triggers;
        this.view = view;
        this.sink = sink;
        this.words = scanner.contextWords().reader();
    }

    /** Goes on as far as the view goes. */
    void advance() {
        askAgain();
        Literals literals = triggers.literals();
        boolean hasLiterals = !literals.isEmpty();
        for (; at < view.length(); at++) {
            char c = view.unit(at);
            boolean wordStart = at >= wordEnd && (at == 0 || !view.goesOnAt(at));
            if (wordStart && !readWord()) {
                break;
            }
            ask(triggers.anywhere(c), at, Triggers.ANY);
            if (view.isDisguised(at)) {
                ask(triggers.anywhere(View.HIDDEN), at, Triggers.ANY);
            }
            if (wordStart) {
                char behind = wordEnd < view.length() ? view.unit(wordEnd) : '\n';
                Triggers.Asked who = triggers.atWordStart(c, wordEnd - at, behind);
                ask(who, at, who.readsNext ? nextRun() : Triggers.ANY);
            }
            if (hasLiterals) {
                state = literals.next(state, c);
                for (int[] end : literals.endsAt(state)) {
                    int start = at + 1 - end[1];
                    boolean inWord = start > 0 && view.goesOnAt(start);
                    if (!inWord || !scanner.recogniser(end[0]).atWordStart()) {
                        ask(end[0], start);
                    }
                }
            }
        }
    }

    /** The index in the view before which nobody looks again. */
    int needs() {
        return Math.min(at, firstPending()) - KEPT;
    }

    /** Looks where the word ends that begins here; false when that is still to come and matters. */
    private boolean readWord() {
        int end = endOfWord(at, Integer.MAX_VALUE);
        wordEnd = end;
        boolean known = end < view.length() || view.isComplete() || end - at > Long.SIZE;
        if (!known) {
            wordEnd = at;
        }
        return known;
    }

    private int endOfWord(int from, int most) {
        int end = from;
        while (end < view.length()
                && end < most
                && Ascii.isWord(view.unit(end))
                && (end == from || view.goesOnAt(end))) {
            end++;
        }
        return end;
    }

    /** The bit for the length of the run behind the word and one character, or all where that is still to come. */
    private long nextRun() {
        int end = endOfWord(wordEnd + 1, wordEnd + Long.SIZE);
        boolean known = end < view.length() || view.isComplete() || end - wordEnd == Long.SIZE;
        return known ? 1L << (end - wordEnd - 1) : Triggers.ANY;
    }

    /**
     * Asks those whose values may go on with a run of such a length, if they have no digit soon, and the others unless
     * none stands there.
     */
    private void ask(Triggers.Asked who, int index, long nextRun) {
        for (int i = 0; i < who.always.length; i++) {
            if ((who.alwaysNext[i] & nextRun) != 0) {
                ask(who.always[i], index);
            }
        }
        if (who.forDigit.length == 0) {
            return;
        }
        int distance = nextDigit(index) - index;
        digitIsToCome = digit == view.length();
        for (int i = 0; i < who.forDigit.length && who.within[i] >= distance; i++) {
            if ((who.forDigitNext[i] & nextRun) != 0) {
                ask(who.forDigit[i], index);
            }
        }
        digitIsToCome = false;
    }

    /** Where the next digit stands from an index on, which grows, or the end of what is there. */
    private int nextDigit(int index) {
        digit = Math.max(digit, index);
        while (digit < view.length() && !Ascii.isDigit(view.unit(digit))) {
            digit++;
        }
        return digit;
    }

    private void ask(int recogniser, int index) {
        ask(recogniser, index, false);
    }

    private void ask(int recogniser, int index, boolean inside) {
        if (scanner.isDecoder(recogniser)) {
            decode(recogniser, (Decoder) scanner.recogniser(recogniser), index, inside);
            return;
        }
        view.look(index - View.LOOK_BACK, index + scanner.reach(recogniser));
        Look look = scanner.look(recogniser);
        if (look != null) {
            Look.Seen seen = look.at(view, index);
            if (view.isUndecided()) {
                askLater(recogniser, index);
            } else if (seen != null) {
                for (int place : triggers.sharing(recogniser)) {
                    if (scanner.recogniser(place).rule().equals(seen.rule())) {
                        judge(place, index, seen.hit());
                    }
                }
            }
            return;
        }
        Hit hit = scanner.recogniser(recogniser).find(view, index);
        if (view.isUndecided()) {
            askLater(recogniser, index);
        } else if (hit != null) {
            judge(recogniser, index, hit);
        }
    }

    /** Takes what a recogniser has found if it counts, as soon as that is known. */
    private void judge(int recogniser, int index, Hit found) {
        Recogniser of = scanner.recogniser(recogniser);
        double least = scanner.leastConfidence(recogniser);
        Hit hit = scanner.against(recogniser).judged(view, found);
        if (Math.max(hit.confidence(), hit.inContext()) < least) {
            return;
        }
        if (hit.from() >= hit.to()
                || hit.from() < (of instanceof BackwardRecogniser ? Math.max(0, index - View.LOOK_BACK) : index)
                || hit.to() > Math.min(view.length(), index + scanner.reach(recogniser))) {
            throw new IllegalStateException("recogniser " + of.rule() + ", asked at " + index
                    + ", answered the span from " + hit.from() + " to " + hit.to() + ", which is not in its window");
        }
        double confidence = hit.confidence();
        if (hit.inContext() > confidence) {
            switch (words.isNear(view, recogniser, hit.from(), hit.to())) {
                case YES -> confidence = hit.inContext();
                case NO -> {}
                case UNDECIDED -> {
                    askLater(recogniser, index);
                    return;
                }
            }
        }
        if (confidence < least) {
            return;
        }
        if (scanner.allowsNearWords()) {
            switch (words.isNear(view, scanner.allowingWords(), hit.from(), hit.to())) {
                case YES -> {
                    return;
                }
                case NO -> {}
                case UNDECIDED -> {
                    askLater(recogniser, index);
                    return;
                }
            }
        }
        if (!scanner.allows(view, hit)) {
            sink.found(view, recogniser, hit, confidence);
        }
    }

    /** Looks for an encoded text that begins at an index, or goes on there, and at what follows of it. */
    private void decode(int recogniser, Decoder decoder, int index, boolean inside) {
        int next = index;
        boolean begun = inside;
        while (next != Decoder.NONE) {
            int from = next;
            view.look(from - View.LOOK_BACK, from + scanner.reach(recogniser));
            Hit piece = begun ? decoder.piece(view, from, true) : decoder.find(view, from);
            next = piece == null ? Decoder.NONE : decoder.next(view, piece);
            if (view.isUndecided()) {
                askLater(begun ? recogniser | INSIDE : recogniser, from, due(from, from + scanner.reach(recogniser)));
                return;
            }
            if (piece != null) {
                sink.found(view, recogniser, piece, 1);
            }
            begun = true;
        }
    }

    private void askLater(int recogniser, int index) {
        askLater(recogniser, index, digitIsToCome ? FOR_A_DIGIT : due(index, index + scanner.reach(recogniser)));
    }

    private void askLater(int recogniser, int index, int when) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pendingCount);
            due = Arrays.copyOf(due, 2 * pendingCount);
        }
        pending[pendingCount] = (long) recogniser << Integer.SIZE | index;
        due[pendingCount] = when;
        pendingCount++;
        pendingBackward += triggers.looksBack(recogniser & ~INSIDE) ? 1 : 0;
        pendingForDigit |= when == FOR_A_DIGIT;
    }

    /**
     * How long the view is to be before somebody is asked again. The more of them wait, and the more each has read
     * already, the more is to come before; at the most twice as much, or all of its window. So a text in small pieces
     * takes linear time too.
     */
    private int due(int index, int windowEnd) {
        int length = view.length();
        int read = length - index;
        if (length >= windowEnd) {
            return length + 1;
        }
        long shared = (long) read * (pendingCount + 1) / READ_AGAIN;
        long more = Math.min(read, Math.max(shared, read < READ_AGAIN ? 1 : read / 4));
        return (int) Math.min(windowEnd, length + Math.max(1, more));
    }

    private void askAgain() {
        int count = pendingCount;
        if (count == 0) {
            return;
        }
        long[] before = pending;
        int[] dueBefore = due;
        pending = spare;
        due = spareDue;
        spare = before;
        spareDue = dueBefore;
        pendingCount = 0;
        pendingBackward = 0;
        int next = pendingForDigit ? nextDigit(digit) : 0; // none of those who wait for one has seen any
        pendingForDigit = false;
        for (int i = 0; i < count; i++) {
            int recogniser = (int) (before[i] >> Integer.SIZE);
            int index = (int) before[i];
            int when = dueBefore[i];
            boolean forDigit = when == FOR_A_DIGIT;
            if (forDigit ? next == view.length() : when > view.length() && !view.isComplete()) {
                if (!forDigit || (!view.isComplete() && next - index <= triggers.digitWithin(recogniser))) {
                    askLater(recogniser, index, when);
                }
            } else if (!forDigit || next - index <= triggers.digitWithin(recogniser)) {
                ask(recogniser & ~INSIDE, index, (recogniser & INSIDE) != 0);
            }
        }
    }

    private int firstPending() {
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < pendingCount; i++) {
            first = Math.min(first, (int) pending[i]);
        }
        return first;
    }

    /** The index from which on a value may still be found. */
    int openFrom() {
        if (view.isComplete()) {
            return view.length();
        }
        int open = at - triggers.literals().depth(state); // a literal may begin from there on
        for (int i = 0; i < pendingCount; i++) {
            open = Math.min(open, (int) pending[i]);
        }
        for (int i = 0; pendingBackward > 0 && i < pendingCount; i++) {
            open = earliestStart((int) (pending[i] >> Integer.SIZE) & ~INSIDE, (int) pending[i], open);
        }
        for (int[] begun : triggers.literals().begunAt(state)) {
            open = earliestStart(begun[0], at - begun[1], open);
        }
        return Math.min(open, openBehind());
    }

    /** Where a value may begin whose trigger is still to come. */
    private int openBehind() {
        if (at != lookedBackFrom) {
            lookedBackFrom = at;
            lookedBackTo = at;
            if (at > 0) {
                for (int recogniser : triggers.lookingBack(view.unit(at - 1))) {
                    lookedBackTo = earliestStart(recogniser, at, lookedBackTo);
                }
            }
        }
        return lookedBackTo;
    }

    /** Where a value may begin that is triggered at an index, if that is before what is open anyway. */
    private int earliestStart(int recogniser, int index, int open) {
        BackwardRecogniser backward = triggers.backward(recogniser);
        if (backward == null || open <= index - View.LOOK_BACK) {
            return open;
        }
        view.look(index - View.LOOK_BACK, index);
        return Math.min(open, backward.earliestStart(view, index));
    }
}
