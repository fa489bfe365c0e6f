// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.OtherTrailException;
import io.github.incident4j.audit.internal.TakenOverException;
import io.github.incident4j.audit.internal.TrailDamage;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.internal.DetectorThread;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On the journal's thread: hands records on to the detectors, and raises what is wrong with the trail. */
final class JournalWatcher implements JournalObserver {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWatcher.class);
    private static final int WAITING = 16; // alarms, while the one before them cannot be recorded; each is in the log

    private final DetectorThread detectors;
    private final Consumer<String> alarm;
    private final ThreadPoolExecutor alarms; // not one that the host uses, too, and may have blocked
    private boolean damaged; // one incident is enough; the trail has a record of each damage

    JournalWatcher(DetectorThread detectors, Consumer<String> alarm) {
        this.detectors = detectors;
        this.alarm = alarm;
        this.alarms = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                JournalWatcher::daemon,
                new ThreadPoolExecutor.DiscardPolicy());
        alarms.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "incident4j-alarm");
        thread.setDaemon(true);
        return thread;
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
        String why = cause instanceof TakenOverException || cause instanceof OtherTrailException
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
        Runnable told = () -> alarm.accept(fault);
        try {
            alarms.execute(told);
        } catch (OutOfMemoryError e) { // the system starts no more threads; the next one tells it
            LOG.warn("an incident waits for a thread: {}", fault, e);
            if (!alarms.getQueue().offer(told)) {
                LOG.error("an incident is left out: {}", fault);
            }
        }
    }
}
