// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the values in one text, as they become known, into what may be passed on. */
final class Screen {
    private static final int LONG = 256; // no shorter value is one of which the end lies outside a window

    private final TextRail rail;
    private final @Nullable Mask mask;
    private final Original original = new Original();
    private final int[] ends; // up to where the values of each group reach that stay where they are
    private final List<Evidence> evidence = new ArrayList<>();
    private final Summary summary = new Summary();
    private int passed; // up to where the text was passed on or replaced
    private int gone; // up to where a value in plain text reaches that is replaced
    private @Nullable Rest rest; // of a long value that may go on up to here

    /** With one mask for all rules that redact, or null for their own. */
    Screen(TextRail rail, @Nullable Mask mask) {
        this.rail = rail;
        this.mask = mask;
        ends = new int[rail.groups().size()];
        rail.groups().forEach(group -> evidence.add(new Evidence(group.flagAt(), group.blockAt())));
    }

    void append(String piece) {
        original.append(piece);
    }

    /** What was appended from an offset to another, of which the first is not behind what is decided. */
    String slice(int from, int to) {
        return original.slice(from, to);
    }

    Summary summary() {
        return summary;
    }

    int length() {
        return original.end();
    }

    /** Takes the values before an offset, up to which everything is decided. */
    Screening settle(List<Span> spans, int decided) {
        if (spans.isEmpty() && decided == passed) {
            return Screening.NOTHING;
        }
        StringBuilder out = new StringBuilder();
        List<Screening.Found> found = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            int before = found.size();
            int place = rail.groupOf(span.recogniser());
            Group group = rail.groups().get(place);
            boolean stops = false;
            if (group.action() == Action.REDACT) {
                redact(span, group, out, found);
            } else if (!group.isEvidence() || (isMore(span, place) && !isGone(spans, i))) {
                stops = !passes(span, place, found);
            }
            found.subList(before, found.size()).forEach(summary::add);
            if (stops) {
                pass(span.start(), out);
                return new Screening(out.toString(), found, Optional.of(summary.finding()));
            }
        }
        pass(decided, out);
        original.forget(decided);
        return new Screening(out.toString(), found, Optional.empty());
    }

    private boolean isMore(Span span, int place) {
        String rule = rail.scanner().recogniser(span.recogniser()).rule();
        return evidence.get(place).isMore(rule, span.confidence(), span.mentioned());
    }

    /**
     * Whether evidence lies within a value that is replaced: the letters of a key are not written for a model. One that
     * was itself hidden in an encoding hides nothing.
     */
    private boolean isGone(List<Span> spans, int i) {
        Span span = spans.get(i);
        boolean is = span.end() <= gone;
        for (int next = i + 1; !is && next < spans.size() && isAt(span, spans.get(next)); next++) {
            is = isInPlainText(spans.get(next));
        }
        return is;
    }

    private static boolean isAt(Span span, Span other) {
        return span.start() == other.start() && span.end() == other.end();
    }

    private boolean isInPlainText(Span span) {
        return span.layer().isEmpty()
                && rail.groups().get(rail.groupOf(span.recogniser())).action() == Action.REDACT;
    }

    private void redact(Span span, Group group, StringBuilder out, List<Screening.Found> found) {
        if (span.layer().isEmpty()) {
            gone = Math.max(gone, span.end());
        }
        if (span.end() > passed) {
            Match match = match(span, Math.max(passed, span.start()));
            pass(match.start(), out);
            if (span.end() - span.start() >= LONG) {
                Rest next = restOf(span);
                rest = next == null ? rest : next;
            }
            // With one mask for all the text is whole, and its value has to be too.
            int end = mask == null ? match.end() : endOfRest(match.end(), original.end(), out);
            boolean decoded = mask == null && !span.decoded().isEmpty();
            Mask of = mask == null ? group.mask() : mask;
            String value = decoded ? span.decoded() : original.slice(match.start(), end);
            out.append(Objects.requireNonNull(
                    of.replacement(match, value), () -> "the mask for " + match.rule() + " has answered null"));
            passed = end;
            found.add(new Screening.Found(match, Action.REDACT));
        }
    }

    /** Notes a value that stays where it is; false when the text ends before it. */
    private boolean passes(Span span, int place, List<Screening.Found> found) {
        Group group = rail.groups().get(place);
        if (group.isEvidence()) { // also that which lies within other evidence
            return !evidence.get(place).add(match(span, span.start()), span.mentioned(), found);
        }
        if (span.end() <= ends[place]) {
            return true;
        }
        Match match = match(span, Math.max(ends[place], span.start()));
        ends[place] = span.end();
        found.add(new Screening.Found(match, group.action()));
        return group.action() == Action.FLAG;
    }

    /** The match of what is left of a span behind an offset. */
    private Match match(Span span, int from) {
        int start = original.codePointsBefore(span.start()) + original.codePointsBetween(span.start(), from);
        return rail.scanner().match(span, from, start, start + original.codePointsBetween(from, span.end()));
    }

    private void pass(int to, StringBuilder out) {
        if (to > passed) {
            int from = endOfRest(passed, to, out);
            original.copy(from, to, out);
            passed = to;
        }
    }

    /**
     * How a long value may go on. A rule reads no further than its window: of a longer value, such as a token of 10,000
     * characters, it knows the beginning only.
     */
    private @Nullable Rest restOf(Span span) {
        Recogniser recogniser = rail.scanner().recogniser(span.recogniser());
        String lastLine = recogniser.lastLine();
        boolean isDecoded = !span.layer().isEmpty() && !span.layer().equals(Layer.ESCAPES);
        if (!lastLine.isEmpty() && !isDecoded) {
            String value = View.normalForm(original.slice(span.start(), span.end()));
            return value.toLowerCase(Locale.ROOT).contains(lastLine) ? null : Rest.ofKey(lastLine);
        }
        if (!recogniser.ends().isEmpty() && !isDecoded) {
            boolean isWhole =
                    span.layer().equals(Layer.ESCAPES) && span.decoded().length() < LONG;
            return isWhole ? null : Rest.ofValue(recogniser.ends());
        }
        int last = original.slice(span.start(), span.end()).codePointBefore(span.end() - span.start());
        return Rest.isOfToken(Rest.plain(last)) ? Rest.ofToken() : null;
    }

    /**
     * Where a value ends that goes on behind an offset, at the latest at another. What was taken before that offset and
     * is none of it after all is written.
     */
    private int endOfRest(int from, int to, StringBuilder out) {
        int end = from;
        while (rest != null && end < to) {
            char c = original.charAt(end);
            boolean pair =
                    Character.isHighSurrogate(c) && end + 1 < to && Character.isLowSurrogate(original.charAt(end + 1));
            if (rest.takes(pair ? Character.toCodePoint(c, original.charAt(end + 1)) : c)) {
                end += pair ? 2 : 1;
            } else {
                char back = rest.givenBack();
                if (back != 0 && end == from) {
                    out.append(back);
                } else if (back != 0) {
                    end--;
                }
                rest = null;
                break;
            }
        }
        return end;
    }
}
