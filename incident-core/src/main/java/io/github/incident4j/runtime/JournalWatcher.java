// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.TakenOverException;
import io.github.incident4j.audit.internal.TrailDamage;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.internal.DetectorThread;
import java.io.IOException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;

/** On the journal's thread: hands records on to the detectors, and raises what is wrong with the trail. */
final class JournalWatcher implements JournalObserver {
    private final DetectorThread detectors;
    private final Consumer<String> alarm;
    private boolean damaged; // one incident is enough; the trail has a record of each damage

    JournalWatcher(DetectorThread detectors, Consumer<String> alarm) {
        this.detectors = detectors;
        this.alarm = alarm;
    }

    @Override
    public void passed(TrailEntry entry, long epochNanos) {
        if (!damaged && entry instanceof TrailDamage damage) {
            damaged = true;
            later("the audit trail is damaged, " + damage.segment() + ": " + damage.fault());
        }
        boolean marker = entry instanceof Marker;
        if (!detectors.offer(entry, epochNanos, marker) && entry instanceof Marker lost) {
            lost.passed().cancel(false);
        }
    }

    @Override
    public void writingFailed(IOException cause) {
        String why = cause instanceof TakenOverException
                ? String.valueOf(cause.getMessage())
                : cause.getClass().getSimpleName();
        later("the audit trail cannot be written: " + why);
    }

    @Override
    public void writingResumed(long lost) {
        // The gap record says what is missing; the incident stays open until a person has looked.
    }

    @Override
    public void warned(String what) {
        later(what);
    }

    /** Who is told appends to the journal, which the journal thread itself must not do. */
    private void later(String fault) {
        ForkJoinPool.commonPool().execute(() -> alarm.accept(fault));
    }
}
