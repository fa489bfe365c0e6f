// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.internal.DetectionEngine;
import io.github.incident4j.detect.internal.DetectorThread;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.IncidentListener;
import io.github.incident4j.notify.internal.Dispatcher;
import io.github.incident4j.response.ResponsePlan;
import io.github.incident4j.response.internal.Responder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that a service needs around its models, on one directory. One for each process is usual.
 *
 * <pre>{@code
 * try (IncidentRuntime runtime = IncidentRuntime.builder()
 *         .directory(Path.of("var/incident4j"))
 *         .listener(event -> pager.page(event.incident()))
 *         .build()) {
 *     GuardedModel<Application, Score> scorer = runtime.<Application, Score>guard("credit-risk")
 *             .route("v8", v8::score)
 *             .build();
 *     Score score = scorer.call(application);
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Its threads are daemons: they do not keep a JVM alive, so close the runtime to
 * have the last records on the disk. After {@link #close()} its guarded models refuse every call.
 */
public final class IncidentRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentRuntime.class);
    private static final Duration LISTENER_LIMIT = Duration.ofSeconds(5);

    private final Path directory;
    private final TimeSource time;
    private final DirectoryLock lock;
    private final SwitchBoard switches;
    private final Dispatcher dispatcher;
    private final IncidentDesk desk;
    private final DetectionEngine detection;
    private final Responder responder;
    private final DetectorThread detectors;
    private final Journal journal;
    private final Map<String, GuardInfo> guards = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long id;

    private IncidentRuntime(Builder builder, Path directory, DirectoryLock lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.time = builder.time;
        this.id = new SecureRandom().nextLong();
        this.dispatcher = new Dispatcher(List.copyOf(builder.listeners));
        this.switches = new SwitchBoard(directory, time, this::append);
        this.desk = new IncidentDesk(time, this::append, dispatcher::publish);
        this.responder =
                new Responder(builder.plan, desk, switches, name -> Optional.ofNullable(guards.get(name)), this::rearm);
        this.detection = new DetectionEngine(responder::respond);
        this.detectors = new DetectorThread(this::detect);
        this.journal = Journal.open(
                directory,
                time,
                builder.ringCapacity,
                builder.maxWait,
                stored -> {
                    switches.replay(stored);
                    desk.replay(stored);
                },
                new Observer());
        detectors.start();
        journal.start();
        try {
            journal.append(new RuntimeRecord.Opened(id, time.nanoTime()));
            switches.open().ifPresent(fault -> desk.raise(IncidentType.COMPLIANCE, Severity.P2, fault));
            responder.resume();
        } catch (IOException | RuntimeException e) {
            journal.close();
            detectors.close();
            throw e;
        }
    }

    /** For the rooms that are made before the journal; they append only once it runs. */
    private void append(TrailEntry entry) {
        journal.append(entry);
    }

    /** {@return a builder for a runtime} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins a guarded model.
     *
     * @param name the model's name, unique within the runtime
     * @param <I> the model's input
     * @param <O> the model's output
     * @return its builder
     */
    public <I, O> GuardBuilder<I, O> guard(String name) {
        return new GuardBuilder<>(
                name, new GuardServices(id, numbers, switches, journal, time, guards::containsKey, this::register));
    }

    private void register(GuardInfo guard, List<? extends Detection<?, ?>> detections) {
        if (guards.putIfAbsent(guard.model(), guard) != null) {
            throw new ConfigurationException(
                    "guard '" + guard.model() + "'",
                    List.of("this runtime already guards a model of that name; guard each model once and share it"));
        }
        detection.register(guard, detections);
        journal.append(new RuntimeRecord.Guarded(guard, time.nanoTime()));
    }

    /** {@return the kill switches} */
    public KillSwitches switches() {
        return switches;
    }

    /** {@return the incidents} */
    public Incidents incidents() {
        return desk;
    }

    /** {@return the audit trail, for reading} */
    public AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    /**
     * Waits until everything that was recorded before this call has been written, seen by the detectors, acted upon and
     * told to the listeners. For tests, and for replays that must not run ahead of the detectors.
     *
     * @param limit how long to wait
     * @return whether it came to rest within the limit; false also when the thread is interrupted, which stays set
     */
    public boolean awaitQuiet(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Marker marker = new Marker();
        return journal.append(marker) && within(marker.passed(), end) && within(dispatcher.told(), end);
    }

    private static boolean within(CompletableFuture<Void> done, long end) {
        try {
            done.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /**
     * Refuses further calls, writes everything that was recorded to the disk, lets the detectors see it and the
     * listeners hear of it (for up to five seconds), and ends the threads. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        switches.close();
        awaitQuiet(LISTENER_LIMIT);
        journal.append(new RuntimeRecord.Closed(id, detectors.skipped(), time.nanoTime()));
        journal.close();
        detectors.close();
        dispatcher.close(LISTENER_LIMIT);
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock on {} could not be released; it ends with this process", directory, e);
        }
    }

    // ---- on the detector thread -------------------------------------------------------------------------------

    private void detect(TrailEntry entry, long epochNanos) {
        if (entry instanceof DecisionRecord decision) {
            detection.observe(decision, epochNanos);
            responder.decided(
                    decision.guard().model(),
                    Instant.ofEpochSecond(
                            Math.floorDiv(epochNanos, 1_000_000_000L), Math.floorMod(epochNanos, 1_000_000_000L)));
        } else if (entry instanceof Marker marker) {
            marker.passed().complete(null);
        }
    }

    private void rearm(String model) {
        detection.rearm(model);
    }

    // ---- on the journal thread --------------------------------------------------------------------------------

    private final class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            boolean marker = entry instanceof Marker;
            if (!detectors.offer(entry, epochNanos, marker) && entry instanceof Marker lost) {
                lost.passed().cancel(false);
            }
        }

        @Override
        public void writingFailed(IOException cause) {
            later(() -> desk.raise(
                    IncidentType.COMPLIANCE,
                    Severity.P2,
                    "the audit trail cannot be written: " + cause.getClass().getSimpleName()));
        }

        @Override
        public void writingResumed(long lost) {
            // The gap record says what is missing; the incident stays open until a person has looked.
        }

        /** The desk appends to the journal, which the journal thread itself must not do. */
        private void later(Runnable task) {
            ForkJoinPool.commonPool().execute(task);
        }
    }

    /** Builds a runtime. Settings do not throw; {@link #build()} reports all faults together. Used by one thread. */
    public static final class Builder {
        private static final int DEFAULT_RING = 16_384;
        private static final int MIN_RING = 64;
        private static final int MAX_RING = 1 << 24;
        private static final Duration DEFAULT_MAX_WAIT = Duration.ofMillis(100);

        private final List<IncidentListener> listeners = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private @Nullable Path directory;
        private ResponsePlan plan = ResponsePlan.standard();
        private TimeSource time = TimeSource.system();
        private int ringCapacity = DEFAULT_RING;
        private Duration maxWait = DEFAULT_MAX_WAIT;

        private Builder() {}

        /**
         * Sets where trail and switches live; they survive restarts. Each runtime needs a directory of its own, on a
         * local disk. Obligatory.
         *
         * @param newDirectory the directory; it is created if it is missing
         * @return this builder
         */
        public Builder directory(Path newDirectory) {
            this.directory = newDirectory;
            return this;
        }

        /**
         * Adds somebody who is told of incidents, such as a pager.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(IncidentListener listener) {
            if (listener == null) {
                faults.add("a listener is null");
            } else {
                listeners.add(listener);
            }
            return this;
        }

        /**
         * Sets what is done about incidents; by default {@link ResponsePlan#standard()}.
         *
         * @param newPlan the plan
         * @return this builder
         */
        public Builder responsePlan(ResponsePlan newPlan) {
            this.plan = newPlan;
            return this;
        }

        /**
         * Sets the clocks, for tests and replays; by default those of the system.
         *
         * @param newTime the clocks
         * @return this builder
         */
        public Builder time(TimeSource newTime) {
            this.time = newTime;
            return this;
        }

        /**
         * Sets how many decisions may wait for the journal.
         *
         * @param decisions 64 to 16,777,216, by default 16,384
         * @return this builder
         */
        public Builder ringCapacity(int decisions) {
            this.ringCapacity = decisions;
            return this;
        }

        /**
         * Sets how long a call waits when that many decisions already wait. After that its record is dropped, and the
         * trail gets a record of the gap.
         *
         * @param limit zero or more, by default 100 ms
         * @return this builder
         */
        public Builder maxWaitForTrail(Duration limit) {
            this.maxWait = limit;
            return this;
        }

        /**
         * Opens the runtime: takes the directory, sets a torn end of the trail aside, finds the switches and incidents
         * of earlier runs.
         *
         * @return the runtime
         * @throws ConfigurationException if anything is wrong with the settings; it names all faults
         * @throws UncheckedIOException if the directory cannot be used: not writable, full, or in use by another
         *     runtime
         */
        public IncidentRuntime build() {
            Path chosen = checked();
            try {
                Files.createDirectories(chosen);
                DirectoryLock lock = DirectoryLock.acquire(chosen, time.instant());
                try {
                    return new IncidentRuntime(this, chosen, lock);
                } catch (IOException | RuntimeException e) {
                    lock.close();
                    throw e;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the directory " + chosen + " cannot be used: " + e.getMessage()
                                + ". Choose a directory on a local disk that this process may write and that has free"
                                + " space",
                        e);
            }
        }

        private Path checked() {
            List<String> found = new ArrayList<>(faults);
            if (directory == null) {
                found.add("no directory is set; add directory(Path.of(\"var/incident4j\"))");
            }
            if (ringCapacity < MIN_RING || ringCapacity > MAX_RING) {
                found.add("a ring of " + ringCapacity + " decisions is out of range; use " + MIN_RING + " to "
                        + MAX_RING);
            }
            if (plan == null) {
                found.add("the response plan is null; leave responsePlan(…) out for the standard one");
            }
            if (time == null) {
                found.add("the time source is null; leave time(…) out for the system's clocks");
            }
            if (maxWait == null || maxWait.isNegative()) {
                found.add("a wait for the trail of " + maxWait + " is not possible; use zero or more");
            }
            if (directory == null || !found.isEmpty()) {
                throw new ConfigurationException("incident runtime", found);
            }
            return directory;
        }
    }
}
