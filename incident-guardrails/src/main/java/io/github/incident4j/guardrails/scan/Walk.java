// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Arrays;

/**
 * One walk over one view, which may grow meanwhile. Where a recogniser had to know what is still to come it is asked
 * again when the view has grown. So the answers are the same however the text was cut.
 */
final class Walk {
    private static final int KEPT = 256; // characters that recognisers and context words look back at most
    private static final int ASKED_ALWAYS = 64; // characters read, below which the view need only have grown
    private static final int FOR_A_DIGIT = -1;

    private final TextScanner scanner;
    private final Triggers triggers;
    private final View view;
    private final Sink sink;
    private final ContextWords.Reader words;
    private int at;
    private int wordEnd;
    private long digits; // the places of the digits in that word, if it has no more than 64 characters
    private long letters;
    private int digit; // the next one, or the end of what was there
    private int state = Literals.START;
    private long[] pending = new long[8]; // recogniser and index
    private int[] due = new int[8]; // how long the view is to be before they are asked again, or for a digit
    private int pendingCount;
    private int pendingBackward; // how many of them look back
    private boolean digitIsToCome; // for who is asked now: nothing is decided before that
    private boolean pendingForDigit; // whether one of them waits for a digit

    /** Takes what is found, in no order. */
    interface Sink {

        /** A value that counts, as a span of the view. */
        void found(View view, int recogniser, int from, int to, double confidence);
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
            boolean wordStart = at >= wordEnd && (at == 0 || !View.isWord(view.unit(at - 1)));
            if (wordStart && !readWord()) {
                break;
            }
            for (int recogniser : triggers.anywhere(c)) {
                askIfDigitIsNear(recogniser, at);
            }
            if (wordStart) {
                int length = wordEnd - at;
                long run = length == 0 || length > Long.SIZE ? 0 : 1L << (length - 1);
                char behind = wordEnd < view.length() ? view.unit(wordEnd) : '\n';
                for (int recogniser : triggers.atWordStart(c)) {
                    FirstRun first = triggers.firstRun(recogniser);
                    if (first == null || first.fits(run, digits, letters, behind)) {
                        askIfDigitIsNear(recogniser, at);
                    }
                }
            }
            if (hasLiterals) {
                state = literals.next(state, c);
                for (int[] end : literals.endsAt(state)) {
                    int start = at + 1 - end[1];
                    boolean inWord = start > 0 && View.isWord(view.unit(start - 1));
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
        int end = at;
        digits = 0;
        letters = 0;
        while (end < view.length() && View.isWord(view.unit(end))) {
            if (View.isDigit(view.unit(end))) {
                digits |= 1L << (end - at);
            } else {
                letters |= 1L << (end - at);
            }
            end++;
        }
        wordEnd = end;
        boolean known = end < view.length() || view.isComplete() || end - at > Long.SIZE;
        if (!known) {
            wordEnd = at;
        }
        return known;
    }

    /** Asks unless the values of a recogniser have a digit soon and none stands there. */
    private void askIfDigitIsNear(int recogniser, int index) {
        int within = triggers.digitWithin(recogniser);
        if (within == Integer.MAX_VALUE) {
            ask(recogniser, index);
        } else if (nextDigit(index) - index <= within) {
            digitIsToCome = digit == view.length();
            ask(recogniser, index);
            digitIsToCome = false;
        }
    }

    /** Where the next digit stands from an index on, which grows, or the end of what is there. */
    private int nextDigit(int index) {
        digit = Math.max(digit, index);
        while (digit < view.length() && !View.isDigit(view.unit(digit))) {
            digit++;
        }
        return digit;
    }

    private void ask(int recogniser, int index) {
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
    private void judge(int recogniser, int index, Hit hit) {
        Recogniser of = scanner.recogniser(recogniser);
        double least = scanner.leastConfidence(recogniser);
        if (Math.max(hit.confidence(), hit.inContext()) < least) {
            return;
        }
        if (hit.from() >= hit.to()
                || hit.from() < (of instanceof BackwardRecogniser ? Math.max(0, index - View.LOOK_BACK) : index)
                || hit.to() > Math.min(view.length(), index + scanner.reach(recogniser))) {
            throw new IllegalStateException("recogniser " + of.rule() + ", asked at " + index
                    + ", answered the span from " + hit.from() + " to " + hit.to() + ", which is not in its window");
        }
        if (of instanceof Decoder) {
            sink.found(view, recogniser, hit.from(), hit.to(), 1);
            return;
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
            sink.found(view, recogniser, hit.from(), hit.to(), confidence);
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
        pendingBackward += triggers.looksBack(recogniser) ? 1 : 0;
        pendingForDigit |= when == FOR_A_DIGIT;
    }

    /**
     * How long the view is to be before somebody is asked again. Who has read much already is asked once there is a
     * quarter more, or all of its window, so that a text in small pieces takes linear time too.
     */
    private int due(int index, int windowEnd) {
        int length = view.length();
        int read = length - index;
        return read < ASKED_ALWAYS || length >= windowEnd ? length + 1 : Math.min(windowEnd, length + read / 4);
    }

    private void askAgain() {
        int count = pendingCount;
        if (count == 0) {
            return;
        }
        long[] before = Arrays.copyOf(pending, count);
        int[] dueBefore = Arrays.copyOf(due, count);
        pendingCount = 0;
        pendingBackward = 0;
        int next = pendingForDigit ? nextDigit(digit) : 0; // none of those who wait for one has seen any
        pendingForDigit = false;
        for (int i = 0; i < count; i++) {
            int recogniser = (int) (before[i] >> Integer.SIZE);
            int index = (int) before[i];
            boolean forDigit = dueBefore[i] == FOR_A_DIGIT;
            if (forDigit ? next == view.length() : dueBefore[i] > view.length() && !view.isComplete()) {
                if (!forDigit || (!view.isComplete() && next - index <= triggers.digitWithin(recogniser))) {
                    askLater(recogniser, index, dueBefore[i]);
                }
            } else if (!forDigit || next - index <= triggers.digitWithin(recogniser)) {
                ask(recogniser, index);
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
            open = earliestStart((int) (pending[i] >> Integer.SIZE), (int) pending[i], open);
        }
        for (int[] begun : triggers.literals().begunAt(state)) {
            open = earliestStart(begun[0], at - begun[1], open);
        }
        for (int recogniser : triggers.lookingBack()) {
            open = earliestStart(recogniser, at, open);
        }
        return open;
    }

    /** Where a value may begin that is triggered at an index, if that is before what is open anyway. */
    private int earliestStart(int recogniser, int index, int open) {
        if (open <= index - View.LOOK_BACK
                || !triggers.looksBack(recogniser)
                || !(scanner.recogniser(recogniser) instanceof BackwardRecogniser backward)) {
            return open;
        }
        view.look(index - View.LOOK_BACK, index);
        return Math.min(open, backward.earliestStart(view, index));
    }
}
