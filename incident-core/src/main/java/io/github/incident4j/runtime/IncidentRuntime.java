// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.StreamGuardBuilder;
import io.github.incident4j.call.internal.CallTimer;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.detect.internal.DetectionEngine;
import io.github.incident4j.detect.internal.DetectorThread;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.SwitchAuthorizer;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.killswitch.internal.FileSwitchStore;
import io.github.incident4j.killswitch.internal.InMemorySwitchStore;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchPolicy;
import io.github.incident4j.killswitch.internal.SwitchWatch;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.IncidentListener;
import io.github.incident4j.notify.internal.Dispatcher;
import io.github.incident4j.notify.internal.Outbox;
import io.github.incident4j.response.Ramps;
import io.github.incident4j.response.ResponsePlan;
import io.github.incident4j.response.Responses;
import io.github.incident4j.response.internal.ApprovalRecord;
import io.github.incident4j.response.internal.RampControl;
import io.github.incident4j.response.internal.RampRecord;
import io.github.incident4j.response.internal.Responder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private static final long NANOS = 1_000_000_000L;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final @Nullable Path directory; // null if nothing is kept
    private final TimeSource time;
    private final @Nullable DirectoryLock lock;
    private final SwitchWatch watch;
    private final SwitchBoard switches;
    private final PermittedSwitches permitted;
    private final Dispatcher dispatcher;
    private final IncidentDesk desk;
    private final DetectionEngine detection;
    private final Responder responder;
    private final RampControl ramps;
    private final DetectorThread detectors;
    private final Journal journal;
    private final Map<String, GuardInfo> guards = new ConcurrentHashMap<>();
    private final Map<String, RouteControl> controls = new ConcurrentHashMap<>();
    private final CallTimer timer = new CallTimer();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long id;

    private IncidentRuntime(Builder builder, @Nullable Path directory, @Nullable DirectoryLock lock)
            throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.time = builder.time;
        this.id = new SecureRandom().nextLong();
        Outbox outbox = new Outbox(time, this::append);
        this.dispatcher = new Dispatcher(builder.listeners, outbox);
        this.watch = new SwitchWatch(
                builder.store(directory),
                builder.sources,
                directory == null ? null : directory.resolve("sources"),
                time,
                this::append,
                what -> raise(what),
                this::unknown);
        this.switches = watch.board();
        this.permitted =
                new PermittedSwitches(switches, new SwitchPolicy(builder.authorizer, builder.twoPersonRule), time);
        this.desk = new IncidentDesk(time, this::append, dispatcher::publish);
        this.responder = new Responder(
                builder.plan,
                desk,
                switches,
                name -> Optional.ofNullable(guards.get(name)),
                name -> Optional.ofNullable(controls.get(name)),
                new ResponderDetectors(),
                this::signalled);
        this.ramps = new RampControl(switches, permitted, desk, time, this::append, new RampDetectors());
        this.detection = new DetectionEngine(responder::respond);
        this.detectors = new DetectorThread(this::detect);
        this.journal = directory == null
                ? Journal.discarding(time, builder.ringCapacity, builder.maxWait, new Observer())
                : Journal.open(
                        directory,
                        time,
                        builder.ringCapacity,
                        builder.maxWait,
                        stored -> {
                            switches.replay(stored);
                            desk.replay(stored);
                            ramps.replay(stored);
                            outbox.replay(stored);
                        },
                        new Observer());
        detectors.start();
        journal.start();
        try {
            journal.append(new RuntimeRecord.Opened(id, time.nanoTime()));
            switches.open().ifPresent(this::raise);
            watch.start();
            desk.open().forEach(dispatcher::retell);
        } catch (IOException | RuntimeException e) {
            watch.close();
            journal.close();
            detectors.close();
            throw e;
        }
    }

    private void raise(String fault) {
        desk.raise(IncidentType.COMPLIANCE, Severity.P2, fault);
    }

    /** What is odd about a scope: it names something that no guard of this runtime has. */
    private Optional<String> unknown(Scope scope) {
        if (scope.model().isEmpty()) {
            return Optional.empty();
        }
        GuardInfo guard = guards.get(scope.model().get());
        if (guard == null) {
            return Optional.of("no model of the name '" + scope.model().get() + "' is guarded in this runtime yet");
        }
        if (scope.route().isPresent()
                && guard.routes().stream()
                        .noneMatch(route -> route.name().equals(scope.route().get()))) {
            return Optional.of("model '" + guard.model() + "' has no route of the name '"
                    + scope.route().get() + "'");
        }
        return scope.segment()
                .filter(segment -> !guard.segments().contains(segment.attribute()))
                .map(segment -> "model '" + guard.model() + "' declares no segment attribute '" + segment.attribute()
                        + "', so that no call is in the scope");
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
        return new GuardBuilder<>(name, services());
    }

    /**
     * Begins a guarded model that answers by streams.
     *
     * @param name the model's name, unique within the runtime
     * @param <I> the model's input
     * @param <T> the elements of its streams
     * @return its builder
     */
    public <I, T> StreamGuardBuilder<I, T> guardStream(String name) {
        return new StreamGuardBuilder<>(name, services());
    }

    private GuardServices services() {
        return new GuardServices(id, numbers, switches, journal, time, timer, guards::containsKey, this::register);
    }

    private void register(GuardInfo guard, List<? extends Detection<?, ?>> detections, RouteControl control) {
        if (guards.putIfAbsent(guard.model(), guard) != null) {
            throw new ConfigurationException(
                    "guard '" + guard.model() + "'",
                    List.of("this runtime already guards a model of that name; guard each model once and share it"));
        }
        controls.put(guard.model(), control);
        detection.register(guard, detections);
        journal.append(new RuntimeRecord.Guarded(guard, time.nanoTime()));
    }

    /** {@return the kill switches} */
    public KillSwitches switches() {
        return permitted;
    }

    /** {@return where people decide about containments that wait for them} */
    public Responses responses() {
        return (incident, cause) -> journal.append(new ApprovalRecord(incident, cause, time.nanoTime()));
    }

    /** {@return the recovery ramps} */
    public Ramps ramps() {
        return ramps;
    }

    /** {@return the incidents} */
    public Incidents incidents() {
        return desk;
    }

    /**
     * The audit trail, for reading.
     *
     * @return the trail
     * @throws IllegalStateException if the runtime is {@linkplain Builder#ephemeral() ephemeral}
     */
    public AuditTrail trail() {
        if (directory == null) {
            throw new IllegalStateException("this runtime is ephemeral() and keeps no trail; give it a directory(…)");
        }
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
        long end = System.nanoTime() + (limit.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : limit).toNanos();
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
        switches.endCalls();
        dispatcher.endRetries();
        awaitQuiet(LISTENER_LIMIT);
        watch.close();
        switches.close();
        journal.append(new RuntimeRecord.Closed(id, detectors.skipped(), time.nanoTime()));
        timer.close();
        journal.close();
        detectors.close();
        dispatcher.close(LISTENER_LIMIT);
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("the lock on {} could not be released; it ends with this process", directory, e);
        }
    }

    // ---- on the detector thread -------------------------------------------------------------------------------

    private void detect(TrailEntry entry, long epochNanos) {
        if (entry instanceof DecisionRecord decision) {
            if (detection.observe(decision, epochNanos)) {
                responder.decided(decision.guard().model(), instant(epochNanos));
            }
            ramps.decided(decision, instant(epochNanos));
        } else if (entry instanceof ApprovalRecord approval) {
            responder.approved(approval);
        } else if (entry instanceof RampRecord begun) {
            ramps.begun(begun);
        } else if (entry instanceof RuntimeRecord.Guarded guarded) {
            responder.guarded(guarded.guard().model());
        } else if (entry instanceof Marker marker) {
            marker.passed().complete(null);
        }
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS), Math.floorMod(epochNanos, NANOS));
    }

    private boolean signalled(Signal signal, String incident) {
        return ramps.signalled(signal, incident);
    }

    /** The engine is made after the ramps. */
    private final class RampDetectors implements RampControl.Detectors {
        @Override
        public void rearm(String model) {
            detection.rearm(model, Optional.empty());
        }

        @Override
        public double recovery(String model, String route, Optional<Segment> focus) {
            return detection.recovery(model, route, focus);
        }
    }

    /** The engine is made after the responder, which it tells of its signals. */
    private final class ResponderDetectors implements Responder.Detectors {
        @Override
        public void rearm(String model, Optional<Segment> diverted) {
            detection.rearm(model, diverted);
        }

        @Override
        public boolean learns(String model) {
            return detection.learns(model);
        }

        @Override
        public double shareOf(String model) {
            return detection.shareOf(model);
        }
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
            later(() -> raise(
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

        private final Map<String, IncidentListener> listeners = new LinkedHashMap<>();
        private final Map<SwitchSource, SourcePolicy> sources = new LinkedHashMap<>();
        private final List<String> faults = new ArrayList<>();
        private @Nullable Path directory;
        private boolean ephemeral;
        private @Nullable SwitchStore store;
        private SwitchAuthorizer authorizer = request -> Optional.empty();
        private @Nullable TwoPersonRule twoPersonRule;
        private ResponsePlan plan = ResponsePlan.standard();
        private TimeSource time = TimeSource.system();
        private int ringCapacity = DEFAULT_RING;
        private Duration maxWait = DEFAULT_MAX_WAIT;

        private Builder() {}

        /**
         * Sets where trail and switches live; they survive restarts. Each runtime needs a directory of its own, on a
         * local disk. Obligatory but for {@link #ephemeral()} ones.
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
            return namedListener("listener-" + (listeners.size() + 1), listener);
        }

        /**
         * Adds somebody who is told of incidents, under a name that stays the same when listeners are added or removed:
         * what it was told is remembered across restarts under this name.
         *
         * @param name its name, unique within the runtime
         * @param listener the listener
         * @return this builder
         */
        public Builder namedListener(String name, IncidentListener listener) {
            Names.faultOf("listener name", name).ifPresent(faults::add);
            if (listener == null) {
                faults.add("listener '" + name + "' is null");
            } else if (listeners.putIfAbsent(name, listener) != null) {
                faults.add("two listeners have the name '" + name + "'");
            }
            return this;
        }

        /**
         * Keeps nothing on a disk, for tests and for containers that may write nowhere: a restart forgets kills,
         * incidents and records. In the place of {@link #directory}.
         *
         * @return this builder
         */
        public Builder ephemeral() {
            this.ephemeral = true;
            return this;
        }

        /**
         * Adds switches from elsewhere, such as {@code SwitchSources.file("platform", path)}. While they cannot be read
         * the last known good ones stay.
         *
         * @param source the source
         * @return this builder
         */
        public Builder switchSource(SwitchSource source) {
            return switchSource(source, SourcePolicy.lastKnownGood());
        }

        /**
         * Adds switches from elsewhere.
         *
         * @param source the source
         * @param policy what holds while it cannot be read
         * @return this builder
         */
        public Builder switchSource(SwitchSource source, SourcePolicy policy) {
            if (source == null || policy == null) {
                faults.add("a switch source or its policy is null");
            } else {
                Names.faultOf("switch source name", source.name()).ifPresent(faults::add);
                boolean taken = source.name().equals(SwitchBoard.OWN)
                        || sources.keySet().stream()
                                .anyMatch(each -> each.name().equals(source.name()));
                if (taken) {
                    faults.add("two switch sources have the name '" + source.name() + "'");
                }
                sources.put(source, policy);
            }
            return this;
        }

        /**
         * Sets where the runtime's own switches become durable; by default {@code switches.json} in the directory.
         *
         * @param newStore the store
         * @return this builder
         */
        public Builder switchStore(SwitchStore newStore) {
            this.store = newStore;
            return this;
        }

        /**
         * Sets who decides who may change switches; by default everybody may.
         *
         * @param newAuthorizer the authorizer
         * @return this builder
         */
        public Builder switchAuthorizer(SwitchAuthorizer newAuthorizer) {
            this.authorizer = newAuthorizer;
            return this;
        }

        /**
         * Makes what loosens need a second person; by default it does not.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder twoPersonRule(TwoPersonRule rule) {
            this.twoPersonRule = rule;
            return this;
        }

        private SwitchStore store(@Nullable Path chosen) {
            if (store != null) {
                return store;
            }
            return chosen == null
                    ? new InMemorySwitchStore(SwitchBoard.OWN)
                    : new FileSwitchStore(SwitchBoard.OWN, chosen.resolve("switches.json"), time);
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
            check();
            Path chosen = directory;
            if (chosen == null) {
                return buildEphemeral();
            }
            try {
                DurableFiles.createDirectories(chosen);
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

        private IncidentRuntime buildEphemeral() {
            try {
                IncidentRuntime runtime = new IncidentRuntime(this, null, null);
                LOG.warn(
                        "this runtime is ephemeral: it keeps no audit trail, and a restart forgets kills and incidents");
                return runtime;
            } catch (IOException e) {
                throw new UncheckedIOException("the switch store cannot be used: " + e.getMessage(), e);
            }
        }

        private void check() {
            List<String> found = new ArrayList<>(faults);
            if (directory == null && !ephemeral) {
                found.add("no directory is set; add directory(Path.of(\"var/incident4j\")), or ephemeral() for a"
                        + " runtime that keeps nothing");
            } else if (directory != null && ephemeral) {
                found.add("a runtime has either a directory or is ephemeral(); leave one of them out");
            }
            if (authorizer == null) {
                found.add("the switch authorizer is null; leave switchAuthorizer(…) out to allow everybody");
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
            if (maxWait == null || maxWait.isNegative() || maxWait.compareTo(LONGEST_WAIT) > 0) {
                found.add("a wait for the trail of " + maxWait + " is not possible; use zero to " + LONGEST_WAIT);
            }
            if (!found.isEmpty()) {
                throw new ConfigurationException("incident runtime", found);
            }
        }
    }
}
