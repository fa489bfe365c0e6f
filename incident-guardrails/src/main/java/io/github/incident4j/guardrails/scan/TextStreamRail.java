// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.model.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A text rail over guarded streams: a {@link TextStreamGuard} for each channel of each stream. */
record TextStreamRail<T>(
        TextRail rail,
        Function<? super T, ?> channel,
        Function<? super T, @Nullable String> text,
        BiFunction<? super T, String, ? extends T> withText)
        implements StreamGuardrail<T> {
    private static final int MOST_CHANNELS = 16;
    private static final int MOST_WAITING = 1_024; // elements without text, in all channels

    @Override
    public String name() {
        return rail.name();
    }

    @Override
    public List<String> faults() {
        List<String> faults = new ArrayList<>(rail.faults());
        if (channel == null || text == null || withText == null) {
            faults.add(
                    "a function of forStream(…) is null; give the one for the text, the one that replaces it and, where"
                            + " there are several texts, the one for the channel");
        }
        return faults;
    }

    @Override
    public Session<T> open() {
        return new Texts();
    }

    /** The texts of one stream. */
    private final class Texts implements Session<T> {
        private final Map<Object, Channel> channels = new LinkedHashMap<>(); // of text; null is a key, too
        private int waiting;
        private boolean stopped;

        @Override
        public Step<T> next(T element) {
            return stopped ? Step.hold() : noted(take(element));
        }

        @Override
        public Step<T> end() {
            return stopped ? Step.hold() : noted(rest());
        }

        private Step<T> noted(Step<T> step) {
            stopped = step.block().isPresent();
            return step;
        }

        private Step<T> take(T element) {
            if (!rail.faults().isEmpty()) {
                return Step.<T>hold().block(rail.misconfigured());
            }
            Object key = channel.apply(element);
            String piece = text.apply(element);
            Channel known = channels.get(key);
            if (piece == null || piece.isEmpty()) {
                return known == null || known.isDecided() ? Step.pass(element) : known.await(element);
            }
            if (known == null) {
                if (channels.size() == MOST_CHANNELS) {
                    return tooMany("channels", "the stream has more than " + MOST_CHANNELS + " channels of text");
                }
                known = new Channel(element, piece);
                channels.put(key, known);
            }
            return known.append(element, piece);
        }

        private Step<T> rest() {
            Draft draft = new Draft();
            for (Channel each : channels.values()) {
                if (!draft.isStopped()) {
                    each.end(draft);
                }
            }
            return draft.step();
        }

        private Step<T> tooMany(String what, String sentence) {
            return Step.<T>hold().block(new Finding(rail.name(), "too-many-" + what, sentence));
        }

        /** An element without text, and how much of its channel's text stands before it. */
        private record Waiting<T>(T element, int behind) {}

        /** One of the texts. */
        private final class Channel {
            private final TextStreamGuard guard = rail.stream(1);
            private final Queue<Waiting<T>> behind = new ArrayDeque<>();
            private T last; // that had text
            private String piece;
            private int decided;

            Channel(T first, String its) {
                last = first;
                piece = its;
            }

            boolean isDecided() {
                return decided == guard.length();
            }

            Step<T> await(T element) {
                if (waiting == MOST_WAITING) {
                    return tooMany(
                            "elements",
                            "more than " + MOST_WAITING + " elements without text wait for text before them");
                }
                waiting++;
                behind.add(new Waiting<>(element, guard.length()));
                return Step.hold();
            }

            Step<T> append(T element, String its) {
                last = element;
                piece = its;
                Draft draft = new Draft();
                settle(guard.take(its), draft);
                return draft.step();
            }

            void end(Draft draft) {
                settle(guard.complete(), draft);
            }

            /** Lets out what is decided; an element whose text is the whole of that is passed on as it is. */
            private void settle(int to, Draft draft) {
                decided = to;
                for (Waiting<T> next = behind.peek(); next != null && next.behind() <= to; next = behind.peek()) {
                    letOut(next.behind(), draft);
                    if (draft.isStopped()) {
                        return;
                    }
                    behind.remove();
                    waiting--;
                    draft.elements.add(next.element());
                }
                letOut(to, draft);
            }

            private void letOut(int to, Draft draft) {
                Screening safe = guard.settle(to);
                if (!safe.text().isEmpty()) {
                    draft.elements.add(safe.text().equals(piece) ? last : withText.apply(last, safe.text()));
                }
                draft.note(safe);
            }
        }

        /** A step that is being made. */
        private final class Draft {
            private final List<T> elements = new ArrayList<>();
            private final List<Remark> remarks = new ArrayList<>();
            private Optional<Finding> stop = Optional.empty();

            void note(Screening safe) {
                for (Screening.Found found : safe.found()) {
                    if (found.action().compareTo(Action.REDACT) <= 0) { // else it is the stop
                        remarks.add(new Remark(Summary.of(found), found.action() == Action.REDACT));
                    }
                }
                stop = safe.stop();
            }

            boolean isStopped() {
                return stop.isPresent();
            }

            Step<T> step() {
                return new Step<>(elements, remarks, stop);
            }
        }
    }
}
