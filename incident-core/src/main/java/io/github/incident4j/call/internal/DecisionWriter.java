// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.Progress;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the record of a decision and hands it to the journal: what segments and detectors want is read here. */
final class DecisionWriter<I, O> {
    private static final @Nullable String[] NO_SEGMENTS = new String[0];
    private static final double[] NO_VALUES = new double[0];

    private final GuardInfo info;
    private final boolean recorded;
    private final SegmentSource<I>[] segments;
    private final Detection<I, O>[] detections;
    private final boolean required; // no answer without a record
    private final boolean waits; // until the record is on the disk
    private final Journal journal;

    @SuppressWarnings("unchecked") // detections only consume I and O, so a wider type serves as well
    DecisionWriter(GuardSpec<I, O> spec, Journal journal) {
        this.info = spec.info();
        this.recorded = spec.recorded();
        this.segments = (SegmentSource<I>[]) spec.segments().toArray(new SegmentSource<?>[0]);
        this.detections = (Detection<I, O>[]) spec.detections().toArray(new Detection<?, ?>[0]);
        this.required = spec.trailRequired();
        this.waits = spec.info().durability().waits();
        this.journal = journal;
    }

    Journal journal() {
        return journal;
    }

    @Nullable
    String[] segmentsOf(I input, CallContext context) {
        if (segments.length == 0) {
            return NO_SEGMENTS;
        }
        @Nullable String[] values = new String[segments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = segments[i].valueFor(input, context);
        }
        return values;
    }

    private double[] valuesOf(I input, O output) {
        if (detections.length == 0) {
            return NO_VALUES;
        }
        double[] values = new double[detections.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = detections[i].valueOf(input, output);
        }
        return values;
    }

    /** Makes sure of room for the record, where there is no call without one; before the model is asked. */
    boolean reserve(CallState<I> call) {
        call.reserved = required && journal.reserve();
        return call.reserved || !required;
    }

    /** Records an answer; returns whether the trail has it as the guard wants it, so that it may be given. */
    boolean answered(CallState<I> call, int i, O output, @Nullable Progress progress) {
        if (!recorded) {
            return true;
        }
        DecisionRecord decision = DecisionRecord.answered(
                info,
                call.number,
                call.start,
                call.end - call.start,
                i,
                call.staleForNanos(),
                Trace.skipped(call.trace),
                Trace.judgements(call.trace),
                call.segments,
                valuesOf(call.input, output));
        if (record(call, decision, progress) || !required) {
            return true;
        }
        // It may be on the disk in the end, but nobody got that answer.
        journal.offer(new Withdrawn(decision.id().toString(), info.model(), call.end));
        return false;
    }

    /** Records a refusal. */
    void refused(CallState<I> call, long end, Failure failure, @Nullable Progress progress) {
        if (recorded) {
            record(
                    call,
                    DecisionRecord.refused(
                            info,
                            call.number,
                            call.start,
                            end - call.start,
                            failure,
                            Trace.skipped(call.trace),
                            Trace.judgements(call.trace),
                            call.segments),
                    progress);
        }
    }

    private boolean record(CallState<I> call, DecisionRecord made, @Nullable Progress progress) {
        DecisionRecord decision = progress == null ? made : made.ofStream(progress);
        if (call.reserved) {
            call.reserved = false;
            return journal.recordReserved(decision, waits);
        }
        return waits ? journal.recordAndAwait(decision) : journal.record(decision);
    }

    /** The answer that a decision's record tells of was not given. */
    private record Withdrawn(String id, String model, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "decision.withdrawn";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("id", id);
            json.writeStringField("model", model);
        }
    }
}
