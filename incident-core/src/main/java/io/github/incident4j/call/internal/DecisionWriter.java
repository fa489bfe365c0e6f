// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.CallFacts;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.Progress;
import io.github.incident4j.audit.internal.RuleSetUsed;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.killswitch.internal.SwitchMemory;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.TokenUsage;
import io.github.incident4j.model.TraceContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the record of a decision and hands it to the journal: what the trail and the detectors want is read here. */
final class DecisionWriter<I, O> {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionWriter.class);
    private static final Failure TRAIL_REFUSED = new Failure.TrailRefused();
    private static final int OUTPUT_ROOM = 1 << 16;
    private static final double[] NO_VALUES = new double[0];

    private final GuardInfo info;
    private final boolean recorded;
    private final SegmentSource<I>[] segments;
    private final Detection<I, O>[] numbers;
    private final Detection<I, O>[] categories;
    private final @Nullable Function<? super I, @Nullable String> subject;
    private final Payload<? super I> input;
    private final Payload<? super O> output;
    private final @Nullable Function<? super O, @Nullable TokenUsage> usage;
    private final @Nullable Supplier<@Nullable TraceContext> traces;
    private final long outputRoom; // of payload, reserved before it is known how long an answer is
    private final boolean required; // no answer without a record
    private final boolean waits; // until the record is on the disk
    private final Kills<I> kills;
    private final SwitchMemory switches;
    private final Journal journal;
    private final int review; // the number of the route that answers by a review queue; negative for none
    private final @Nullable ReviewDesk<I, O> desk;

    /** Whether a kill that came during a call makes its answer void. */
    @FunctionalInterface
    interface Kills<I> {

        /** The kill of the call's route, or null if there is none that matters to a running call. */
        @Nullable
        Failure meanwhile(CallState<I> call, int route);
    }

    @SuppressWarnings("unchecked") // detections only consume I and O, so a wider type serves as well
    DecisionWriter(GuardSpec<I, O> spec, GuardServices services, Kills<I> kills) {
        this.kills = kills;
        this.info = spec.info();
        this.recorded = spec.recorded();
        this.segments = (SegmentSource<I>[]) spec.segments().toArray(new SegmentSource<?>[0]);
        this.numbers = (Detection<I, O>[])
                spec.detections().stream().filter(Detection::readsNumber).toArray(Detection<?, ?>[]::new);
        this.categories = (Detection<I, O>[])
                spec.detections().stream().filter(Detection::readsCategory).toArray(Detection<?, ?>[]::new);
        this.subject = spec.audit().subject();
        this.input = new Payload<>("input", spec.audit().input());
        this.output = new Payload<>("output", spec.audit().output());
        this.usage = spec.audit().usage();
        this.traces = services.traces();
        this.outputRoom = output.isNone()
                ? 0
                : Math.min(OUTPUT_ROOM, spec.audit().output().maxLength());
        this.required = spec.trailRequired();
        this.waits = spec.info().recording().durability().waits();
        this.switches = services.switches().memory();
        this.journal = services.journal();
        this.review = reviewRoute(spec.routes());
        this.desk =
                review < 0 ? null : (ReviewDesk<I, O>) spec.routes().get(review).answering();
    }

    private static int reviewRoute(List<? extends Route<?, ?>> routes) {
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).answering() instanceof ReviewDesk<?, ?>) {
                return i;
            }
        }
        return -1;
    }

    Journal journal() {
        return journal;
    }

    /** How many segment attributes a call has. */
    int segments() {
        return segments.length;
    }

    void readSegments(CallState<I> call) {
        for (int i = 0; i < segments.length; i++) {
            segments[i].read(call, i);
        }
    }

    private double[] valuesOf(I input, O output) {
        if (numbers.length == 0) {
            return NO_VALUES;
        }
        double[] values = new double[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers[i].valueOf(input, output);
        }
        return values;
    }

    /** The values of the segment attributes, and the categories behind them. */
    private @Nullable String[] labelsOf(CallState<I> call, O output) {
        if (categories.length == 0) {
            return call.segments;
        }
        @Nullable String[] labels = Arrays.copyOf(call.segments, call.segments.length + categories.length);
        for (int i = 0; i < categories.length; i++) {
            labels[call.segments.length + i] = categories[i].categoryOf(call.input, output);
        }
        return labels;
    }

    /** Notes what must be read on the caller's thread, at the beginning: whom the call is about, and in which trace. */
    void begin(CallState<I> call) {
        boolean nothing = subject == null
                && traces == null
                && input.isNone()
                && output.isNone()
                && call.context.subject().isEmpty();
        if (nothing || !recorded) {
            return;
        }
        CallNotes notes = new CallNotes();
        notes.subject = call.context.subject().orElse(null);
        if (notes.subject == null && subject != null) {
            notes.subject = orNull(subject, call.input);
        }
        if (notes.subject != null && notes.subject.isBlank()) {
            notes.subject = null;
        }
        notes.trace = traces == null ? null : orNull(none -> traces.get(), call);
        call.notes(notes);
    }

    /** What the host's function says; nothing if it throws, for the host's call must not suffer for a record. */
    private static <T, R> @Nullable R orNull(Function<? super T, ? extends @Nullable R> function, T argument) {
        try {
            return function.apply(argument);
        } catch (Throwable e) {
            Interruptions.keep(e);
            return null;
        }
    }

    /** Encodes what the model will see, before it does. */
    void saw(CallState<I> call) {
        CallNotes notes = call.notes();
        if (notes != null) {
            notes.input = input.textOf(call.input, notes);
        }
    }

    /** Whether there is no call without room for its record. */
    boolean isRequired() {
        return required;
    }

    /** Makes sure of room for the record, where there is no call without one; before the model is asked. */
    boolean reserve(CallState<I> call) {
        if (!required) {
            return true;
        }
        CallNotes notes = call.notes();
        long payload = outputRoom + (notes == null || notes.input == null ? 0 : notes.input.length());
        boolean taken = journal.reserve(payload);
        call.reserved = taken ? payload : CallState.NOT_RESERVED;
        return taken;
    }

    /**
     * Records an answer; returns null if it may be given, as the trail has it as the guard wants it and nothing has
     * made it void meanwhile.
     */
    @Nullable
    Failure answered(CallState<I> call, int i, O answer, @Nullable Progress progress) {
        Failure failure = TRAIL_REFUSED;
        try {
            failure = whyNotGiven(call, i, answer, progress);
        } finally {
            if (desk != null) {
                desk.ended(call, failure == null && i == review ? answer : null);
            }
        }
        return failure;
    }

    private @Nullable Failure whyNotGiven(CallState<I> call, int i, O answer, @Nullable Progress progress) {
        if (!recorded) {
            call.recorded = true;
            return null;
        }
        DecisionRecord decision = DecisionRecord.answered(
                info,
                call.number,
                call.start,
                call.end - call.start,
                i,
                switches.table().number(),
                call.staleForNanos(),
                Trace.skipped(call.trace),
                Trace.judgements(call.trace),
                labelsOf(call, answer),
                valuesOf(call.input, answer),
                facts(call, answer, progress));
        boolean reserved = call.reserved != CallState.NOT_RESERVED;
        Failure failure = !record(call, decision) && required ? TRAIL_REFUSED : null;
        if (failure == null && waits && progress == null) {
            failure = kills.meanwhile(call, i); // the wait for the disk is a part of the call
        }
        if (failure == null) {
            return null;
        }
        // It may be on the disk in the end, but nobody got that answer, or nobody was told that it is complete.
        String id = decision.id().toString();
        journal.amend(
                progress == null || progress.elements() == 0
                        ? new Withdrawn(id, info.model(), failure, call.end)
                        : new Cut(id, info.model(), progress.elements(), failure, call.end),
                reserved);
        return failure;
    }

    /** Records a refusal. */
    void refused(CallState<I> call, long end, Failure failure, @Nullable Progress progress) {
        call.recorded |= !recorded;
        try {
            if (recorded) {
                record(
                        call,
                        DecisionRecord.refused(
                                info,
                                call.number,
                                call.start,
                                end - call.start,
                                switches.table().number(),
                                failure,
                                Trace.skipped(call.trace),
                                Trace.judgements(call.trace),
                                call.segments,
                                facts(call, null, progress)));
            }
        } finally {
            if (desk != null) {
                desk.ended(call, null);
            }
        }
    }

    private @Nullable CallFacts facts(CallState<I> call, @Nullable O answer, @Nullable Progress progress) {
        CallNotes known = call.notes();
        List<RuleSetUsed> rules = call.rules();
        if (known == null && progress == null && rules.isEmpty() && (usage == null || answer == null)) {
            return null;
        }
        return factsOf(known == null ? new CallNotes() : known, answer, withWhatLeft(call, progress), rules);
    }

    private static @Nullable Progress withWhatLeft(CallState<?> call, @Nullable Progress progress) {
        Leaving leaving = progress == null ? null : call.leaving();
        return progress == null || leaving == null ? progress : progress.letOut(leaving.left());
    }

    private CallFacts factsOf(
            CallNotes notes, @Nullable O answer, @Nullable Progress progress, List<RuleSetUsed> rules) {
        return new CallFacts(
                notes.subject,
                notes.input,
                answer == null ? null : output.textOf(answer, notes),
                notes.trace,
                usage == null || answer == null ? null : orNull(usage, answer),
                progress,
                notes.fault,
                notes.probe,
                rules);
    }

    /**
     * A call that something unexpected has ended, as an error of the JVM, has a record all the same, though not of whom
     * it was about, and gives back the room that it has reserved. Not given the call itself, which C2 would allocate
     * then, though this never runs.
     */
    void brokenOff(
            long number,
            long start,
            long end,
            @Nullable String[] ofSegments,
            @Nullable Trace trace,
            long reserved,
            @Nullable Progress progress,
            Throwable thrown) {
        boolean given = false;
        try {
            if (recorded) {
                DecisionRecord decision = DecisionRecord.refused(
                        info,
                        number,
                        start,
                        end - start,
                        switches.table().number(),
                        new Failure.ModelError(thrown),
                        Trace.skipped(trace),
                        Trace.judgements(trace),
                        ofSegments,
                        progress == null ? null : factsOf(new CallNotes(), null, progress, List.of()));
                given = reserved != CallState.NOT_RESERVED; // with the record
                boolean unused = given ? journal.recordReserved(decision, waits, reserved) : journal.record(decision);
            }
        } catch (Throwable again) { // there may be no memory for it, or no stack
            journal.lose();
            LOG.debug("a call that was broken off has no record; it is counted", again);
        } finally {
            if (reserved != CallState.NOT_RESERVED && !given) {
                journal.release(reserved);
            }
            if (desk != null) {
                desk.left(number);
            }
        }
    }

    /** What throws has not been taken, so that the call may still be recorded as broken off. */
    private boolean record(CallState<I> call, DecisionRecord decision) {
        long reserved = call.reserved;
        boolean taken;
        if (reserved != CallState.NOT_RESERVED) {
            call.reserved = CallState.NOT_RESERVED;
            taken = journal.recordReserved(decision, waits, reserved);
        } else {
            taken = waits ? journal.recordAndAwait(decision) : journal.record(decision);
        }
        call.recorded = true;
        return taken;
    }

    /** The stream that a decision's record tells of was passed on, but its end was told as a refusal. */
    private record Cut(String id, String model, long elements, Failure failure, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "decision.cut";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("id", id);
            json.writeStringField("model", model);
            json.writeStringField("failure", failure.code());
            json.writeNumberField("elements", elements);
        }
    }

    /** The answer that a decision's record tells of was not given. */
    private record Withdrawn(String id, String model, Failure failure, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "decision.withdrawn";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("id", id);
            json.writeStringField("model", model);
            json.writeStringField("failure", failure.code());
        }
    }
}
