// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/** A text as it is, or what is left of it when one kind of encoding is taken away, with all who read it. */
final class Layer {
    static final String ESCAPES = "escapes";

    private static final int DEEPEST = 3;

    private final TextScanner scanner;
    private final String name;
    private final int depth;
    private final boolean unescaped; // and so, but for the escapes, the same as the layer above
    private final Sink sink;
    private final View view;
    private final Walk walk;
    private final @Nullable Fold fold; // null when nobody reads the text folded
    private final View foldedView = new View(0);
    private final Walk foldedWalk;
    private final @Nullable Unescape unescape; // null where nothing is decoded
    private final @Nullable Hidden hidden; // null there too
    private final Offsets escapes = new Offsets();
    private final Offsets certain = new Offsets(); // those that nothing else can be
    private final Offsets certainInWords = new Offsets(); // and that end in a letter or digit

    /** Takes what is found, in no order. */
    @FunctionalInterface
    interface Sink {
        void found(Span span);
    }

    /** Opens a layer below another. */
    @FunctionalInterface
    interface Opener {
        Layer open();
    }

    private Layer(TextScanner scanner, String name, int depth, boolean unescaped, int expected, Sink sink) {
        this.scanner = scanner;
        this.name = name;
        this.depth = depth;
        this.unescaped = unescaped;
        this.sink = sink;
        boolean decodes = scanner.decodes() && depth < DEEPEST;
        view = new View(expected);
        walk = new Walk(scanner, decodes ? scanner.plain() : scanner.plainOnly(), view, this::found);
        fold = scanner.folded().isEmpty() ? null : new Fold(view, foldedView);
        foldedWalk = new Walk(scanner, scanner.folded(), foldedView, this::found);
        unescape = decodes
                ? new Unescape(view, () -> new Layer(scanner, below(ESCAPES), depth + 1, true, 512, sink))
                : null;
        hidden = decodes ? new Hidden(this) : null;
    }

    /** The text as it is. */
    static Layer outermost(TextScanner scanner, int expected, Sink sink) {
        return new Layer(scanner, "", 0, false, expected, sink);
    }

    /** Appends text that lies at an offset. */
    void append(String text, int offset) {
        view.append(text, offset);
        if (hidden != null) {
            hidden.append(text, offset);
        }
    }

    /** Appends a character of the view of the layer above. */
    void append(char unit, boolean isForm, int start, int end) {
        if (hidden != null) {
            hidden.append(unit, start, end);
        }
        view.append(unit, isForm, start, end);
    }

    /** Says that nothing more comes. */
    void complete() {
        if (hidden != null) {
            hidden.complete();
        }
        view.complete();
        advance();
    }

    /** Appends the character that an escape stands for, nothing when it is negative. */
    void escape(int codePoint, boolean isCertain, boolean inWord, int start, int end) {
        escapes.add(start);
        if (isCertain) {
            certain.add(start);
        }
        if (isCertain && inWord) {
            certainInWords.add(start);
        }
        if (codePoint < 0) {
            return;
        }
        if (hidden != null) {
            hidden.append(codePoint, start, end);
        }
        view.append(codePoint, start, end);
    }

    /**
     * Whether an escape has a part in a value: it stands in it, not far behind its begin (else this layer may begin too
     * late for it), or in what its recogniser may have read before, if it is certain that it is one. What the layer
     * above finds as well is taken once, by {@link Screen}. To decode or count it twice would be too much: there only
     * an escape directly before matters, with whose last letter or digit the layer above begins a word.
     */
    private boolean isOfEscape(View in, int recogniser, Hit hit, int start, int end) {
        boolean isCounted = scanner.isDecoder(recogniser) || scanner.fewest(recogniser) > 1;
        int first = hit.from() - (isCounted ? 1 : View.LOOK_BACK);
        int from = first < 0 ? 0 : in.originalStart(in.kept(first)); // what does not show stands at no index
        int most = scanner.isDecoder(recogniser) ? Unescape.BEFORE - View.LOOK_BACK : View.LOOK_BACK;
        return escapes.isFirstBefore(start, Math.min(end, start + most))
                || (isCounted ? certainInWords : certain).isFirstBefore(from, start);
    }

    private String below(String encoding) {
        return name.isEmpty() ? encoding : name + ">" + encoding;
    }

    void advance() {
        walk.advance();
        int needed = walk.needs();
        int foldedNeeded = 0;
        if (fold != null) {
            fold.advance();
            foldedWalk.advance();
            foldedNeeded = foldedWalk.needs();
            foldedView.forget(foldedNeeded);
            needed = Math.min(needed, fold.needs());
        }
        if (unescape != null) {
            unescape.advance();
            needed = Math.min(needed, unescape.needs());
        }
        view.forget(needed);
        if (unescaped) {
            int offset = Math.min(
                    offsetOf(view, needed), fold == null ? Integer.MAX_VALUE : offsetOf(foldedView, foldedNeeded));
            escapes.forget(offset);
            certain.forget(offset);
            certainInWords.forget(offset);
        }
    }

    /** The offset before which nobody asks for escapes that needs a view from an index on. */
    private static int offsetOf(View in, int index) {
        return index <= 0 || in.length() == 0 ? 0 : in.originalStart(Math.min(in.kept(index), in.length() - 1));
    }

    /** The offset in the text from which on something may still be found, of a text that came so far. */
    int openFrom(int appended) {
        int open = offset(view, walk.openFrom(), appended);
        if (hidden != null) {
            open = Math.min(open, hidden.openFrom(appended));
        }
        if (fold != null) {
            int unfolded = offset(view, fold.at(), appended);
            open = Math.min(open, offset(foldedView, foldedWalk.openFrom(), unfolded));
        }
        return unescape == null ? open : Math.min(open, unescape.openFrom(appended));
    }

    /** The offset in the text of an index in a view, or where the view may still change, or else its end. */
    private static int offset(View in, int index, int end) {
        return index < in.length() ? in.originalStart(index) : in.openFrom(end);
    }

    private void found(View in, int recogniser, Hit hit, double confidence) {
        int start = in.originalStart(hit.from());
        int end = in.originalEnd(hit.to() - 1);
        if (unescaped && !isOfEscape(in, recogniser, hit, start, end)) {
            return;
        }
        if (scanner.recogniser(recogniser) instanceof Decoder decoder) {
            String text = decoder.decode(in.slice(hit.from(), hit.to()));
            if (text != null && decoder.keepsPlaces()) {
                decoded(text, decoder.rule(), in, hit.from());
            } else if (text != null) {
                decoded(text, decoder.rule(), start, end);
            }
        } else {
            String decoded = name.isEmpty() ? "" : in.slice(hit.from(), hit.to());
            boolean inContext = confidence > hit.confidence();
            sink.found(new Span(recogniser, start, end, confidence, hit.mentioned(), name, inContext, decoded));
        }
    }

    /** Looks into a decoded text of which each character stands for one of a view. */
    private void decoded(String text, String how, View of, int from) {
        Layer inner = new Layer(scanner, below(how), depth + 1, false, text.length(), sink);
        for (int i = 0; i < text.length(); i++) {
            int at = from + i;
            inner.append(text.charAt(i), of.isForm(at), of.originalStart(at), of.originalEnd(at));
        }
        inner.complete();
    }

    /** Looks into a decoded text; what is there stands for all of what it was decoded from. */
    void decoded(String text, String how, int start, int end) {
        Layer inner = new Layer(
                scanner,
                below(how),
                depth + 1,
                false,
                text.length(),
                span -> sink.found(new Span(
                        span.recogniser(),
                        start,
                        end,
                        span.confidence(),
                        span.mentioned(),
                        span.layer(),
                        span.inContext(),
                        span.decoded())));
        inner.append(text, 0);
        inner.complete();
    }
}
