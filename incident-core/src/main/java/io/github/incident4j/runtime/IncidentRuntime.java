// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.EvidenceHolds;
import io.github.incident4j.audit.internal.Erasure;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.HoldKeeper;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.Ownership;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.StreamGuardBuilder;
import io.github.incident4j.call.internal.CallTimer;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.RuleSets;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.RunningDetectors;
import io.github.incident4j.detect.internal.DetectorStates;
import io.github.incident4j.detect.internal.DetectorThread;
import io.github.incident4j.detect.internal.FeedbackRecord;
import io.github.incident4j.detect.internal.InstructionRecord;
import io.github.incident4j.detect.internal.Past;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.Report;
import io.github.incident4j.incident.Responsibilities;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchWatch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Label;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TraceContext;
import io.github.incident4j.notify.internal.ChannelOutbox;
import io.github.incident4j.notify.internal.Dispatcher;
import io.github.incident4j.notify.internal.Outbox;
import io.github.incident4j.response.Ramps;
import io.github.incident4j.response.ResponsePlan;
import io.github.incident4j.response.Responses;
import io.github.incident4j.response.internal.Approvals;
import io.github.incident4j.response.internal.RampControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
 * have the last records on the disk. After {@link #close()} its guarded models refuse every call, and ten seconds after
 * its last work nothing but soft references keeps its class loader in memory.
 */
public final class IncidentRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentRuntime.class);
    private static final Duration LISTENER_LIMIT = Duration.ofSeconds(5);
    private static final long LONGEST_TURN = TimeUnit.MINUTES.toNanos(1); // of the detectors, with one record
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final @Nullable Path directory; // null if nothing is kept
    private final TimeSource time;
    private final @Nullable DirectoryLock lock;
    private final SwitchWatch watch;
    private final SwitchBoard switches;
    private final PermittedSwitches permitted;
    private final Dispatcher dispatcher;
    private final ChannelOutbox channels;
    private final IncidentDesk desk;
    private final DetectorWork work;
    private final RampControl ramps;
    private final HoldKeeper evidence;
    private final RuleSets ruleSets;
    private final DetectorThread detectors;
    private final Journal journal;
    private final Map<String, GuardInfo> guards = new ConcurrentHashMap<>();
    private final CallTimer timer = new CallTimer();
    private final @Nullable Supplier<@Nullable TraceContext> traces;
    private final Responsibilities responsibilities;
    private final ResponsePlan plan;
    private final AtomicLong numbers = new AtomicLong();
    private final RunningDetectors told = new Told();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean opened;
    private final long id;

    IncidentRuntime(RuntimeSettings settings, @Nullable DirectoryLock lock) throws IOException {
        this.directory = settings.directory();
        this.lock = lock;
        this.time = settings.time();
        this.traces = settings.traces();
        this.responsibilities = settings.incidents().responsibilities();
        this.plan = settings.plan();
        this.id = new SecureRandom().nextLong();
        Outbox outbox = new Outbox(time, this::append);
        this.dispatcher = new Dispatcher(settings.listeners(), outbox);
        this.channels = new ChannelOutbox(
                settings.channels(), settings.links(), time, this::append, what -> raise(Severity.P1, what));
        this.watch = new SwitchWatch(
                settings.store(),
                settings.sources(),
                directory == null ? null : directory.resolve("sources"),
                time,
                this::append,
                what -> raise(what),
                new SwitchHints(guards)::unknown);
        watch.alsoLook(this::look);
        this.switches = watch.board();
        this.permitted = new PermittedSwitches(switches, settings.switchPolicy(), time);
        this.desk = new IncidentDesk(time, settings.incidents(), this::append, event -> {
            channels.publish(event);
            dispatcher.publish(event);
        });
        DetectorStates states = new DetectorStates();
        this.work = new DetectorWork(
                settings.plan(), desk, switches, permitted, guards, time, this::append, states, this::raise);
        this.ramps = work.ramps();
        this.evidence = new HoldKeeper(time, this::appendAndAwait);
        this.ruleSets = new RuleSets(time, this::append, this::raise);
        this.detectors = new DetectorThread(work::take, this::tick);
        JournalObserver observer = new JournalWatcher(detectors, this::raise);
        LastRun lastRun = new LastRun();
        this.journal = directory == null
                ? Journal.discarding(settings.trail(), time, observer)
                : Journal.open(
                        directory,
                        settings.trail(),
                        time,
                        stored -> {
                            switches.replay(stored);
                            channels.replay(stored);
                            if (stored.type().equals(RuntimeRecord.Opened.TYPE)) {
                                channels.opened(RuntimeRecord.Opened.channelsOf(stored));
                            }
                            desk.replay(stored).ifPresent(channels::publish);
                            ramps.replay(stored);
                            work.replay(stored);
                            outbox.replay(stored);
                            evidence.replay(stored);
                            ruleSets.replay(stored);
                            states.replay(stored);
                            lastRun.replay(stored);
                        },
                        List.of(desk, channels, ramps, evidence, ruleSets),
                        lock == null ? Ownership.UNDISPUTED : lock,
                        observer);
        try {
            detectors.start();
            journal.start();
            journal.append(new RuntimeRecord.Opened(id, channels.configured(), lastRun.unclosed(), time.nanoTime()));
            switches.open().ifPresent(this::raise);
            watch.start();
            ramps.resume();
            desk.open().forEach(dispatcher::retell);
            channels.opened(channels.configured());
            channels.start();
            opened = true;
        } catch (Throwable e) { // such as of a host without threads left
            watch.close();
            journal.close();
            detectors.close();
            dispatcher.close(LISTENER_LIMIT);
            channels.close(Duration.ZERO);
            throw e;
        }
    }

    private void raise(String fault) {
        raise(Severity.P2, fault);
    }

    private void raise(Severity severity, String fault) {
        desk.raise(IncidentType.COMPLIANCE, severity, fault);
    }

    /** For the rooms that are made before the journal; they append only once it runs. */
    private void append(TrailEntry entry) {
        journal.append(entry);
    }

    private boolean appendAndAwait(TrailEntry entry) {
        return journal.appendAndAwait(entry);
    }

    /** {@return a builder for a runtime} */
    public static RuntimeBuilder builder() {
        return new RuntimeBuilder();
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
        return new GuardServices(
                id, numbers, switches, journal, time, timer, ruleSets, traces, guards::containsKey, this::register);
    }

    private void register(GuardInfo guard, List<? extends Detection<?, ?>> detections, RouteControl control) {
        if (guards.putIfAbsent(guard.model(), guard) != null) {
            throw new ConfigurationException(
                    "guard '" + guard.model() + "'",
                    List.of("this runtime already guards a model of that name; guard each model once and share it"));
        }
        try {
            work.register(guard, detections, control, directory == null ? Past.NONE : new TrailPast(directory));
        } catch (RuntimeException | Error e) {
            guards.remove(guard.model()); // whoever has mended it may build it then
            throw e;
        }
        journal.append(new RuntimeRecord.Guarded(guard, time.nanoTime()));
    }

    /** {@return the kill switches} */
    public KillSwitches switches() {
        return permitted;
    }

    /** {@return where people decide about containments that wait for them} */
    public Responses responses() {
        return new Approvals(desk, this::append, time);
    }

    /**
     * Says what has turned out to be true of a decision, at any time after it was made: minutes later, or months, in
     * another process too. It is a record of the type {@code feedback} in the trail, behind the decision and with its
     * label sealed, and the model's detectors of labels ({@code Detectors.accuracy} and others) judge the answer by it.
     * The first label of a decision counts. Waits while the trail's queue is full.
     *
     * @param model the name of the guarded model that has decided
     * @param decision the decision, by {@code Decision.id()}
     * @param label what is true
     * @return whether it was taken; false only when the runtime is closed, or the queue is full and the disk hangs
     * @throws IllegalArgumentException if this runtime guards no model of that name
     */
    public boolean feedback(String model, DecisionId decision, Label label) {
        if (!guards.containsKey(model)) {
            throw new IllegalArgumentException("no model '" + model + "' is guarded by this runtime, but "
                    + new TreeSet<>(guards.keySet()) + "; build its guard before feedback is given");
        }
        return journal.append(new FeedbackRecord(
                model,
                Objects.requireNonNull(decision, "the decision's id is null"),
                Objects.requireNonNull(label, "the label is null"),
                time.nanoTime()));
    }

    /** {@return the detectors: where they stand, and what a person tells them} */
    public RunningDetectors detectors() {
        return told;
    }

    /** The detectors, as a person meets them. */
    private final class Told implements RunningDetectors {
        @Override
        public List<Reading> readings(String model) {
            return work.readings(model);
        }

        @Override
        public void maintenance(String model, Cause cause) {
            if (cause.until().isEmpty()) {
                throw new IllegalArgumentException(
                        "a maintenance of " + model + " needs an end; say it by until(instant) of its cause");
            }
            journal.append(new InstructionRecord(InstructionRecord.MAINTENANCE, model, cause, time.nanoTime()));
        }

        @Override
        public void relearn(String model, Cause cause) {
            journal.append(new InstructionRecord(InstructionRecord.RELEARN, model, cause, time.nanoTime()));
        }
    }

    /** {@return the recovery ramps} */
    public Ramps ramps() {
        return ramps;
    }

    /** {@return the holds that keep evidence from being dropped or erased} */
    public EvidenceHolds evidence() {
        return evidence;
    }

    /** {@return the incidents} */
    public Incidents incidents() {
        return desk;
    }

    /**
     * Takes in what somebody tells about a model that does harm; the same as {@code incidents().report(report)}.
     *
     * @param report what is told
     * @return the incident that it opened or joined
     */
    public Incident report(Report report) {
        return desk.report(report);
    }

    /**
     * Puts a change that the host makes on record, such as a deployment: a review lists those shortly before the onset
     * of an incident first.
     *
     * @param what what is changed, such as {@code feature pipeline 4.2 deployed}; no personal data
     * @param at when it takes effect
     * @param cause who changes it and why
     */
    public void change(String what, Instant at, Cause cause) {
        if (what.isBlank()) {
            throw new IllegalArgumentException("the change is blank; say in a few words what was changed");
        }
        journal.append(new HostChangeRecord(what, at, cause, time.nanoTime()));
    }

    /**
     * Says who may do what about an incident, and who is told.
     *
     * @param incident the incident's id
     * @return that; empty if there is no incident of this id
     */
    public Optional<Authority> whoDecides(String incident) {
        return desk.find(incident)
                .map(found -> new Authority(
                        found,
                        responsibilities.owner(found.model()),
                        found.handling().roles(),
                        responsibilities.escalation(found.model()),
                        responses().waiting(incident),
                        desk.seen(incident)
                                .map(seen -> plan.stepsFor(seen.severity(), seen.type()))
                                .orElse(List.of()),
                        channels.configured().entrySet().stream()
                                .filter(each -> found.severity().compareTo(each.getValue()) <= 0)
                                .map(Map.Entry::getKey)
                                .toList()));
    }

    /**
     * The audit trail, for reading.
     *
     * @return the trail
     * @throws IllegalStateException if the runtime is {@linkplain RuntimeBuilder#ephemeral() ephemeral}
     */
    public AuditTrail trail() {
        if (directory == null) {
            throw new IllegalStateException("this runtime is ephemeral() and keeps no trail; give it a directory(…)");
        }
        return AuditTrail.in(directory);
    }

    /**
     * Erases a person from the audit trail: destroys the secrets that open what the trail has of that person's
     * decisions (segments, values, payloads, the reference itself), durably, and has that on record. The decisions
     * themselves stay, about nobody, and every proof still holds. Decisions that are made afterwards are recorded anew.
     * Copies of the folder with the secrets that lie elsewhere are the host's to erase.
     *
     * @param subject the host's reference to the person, as {@code AuditOptions.subject} gave it
     * @param cause who wants it and why; must not name the person
     * @return how many secrets were destroyed, one for each segment of the log that knew the person; 0 if none did
     * @throws IllegalStateException if nothing can be erased: the runtime is ephemeral, an {@linkplain #evidence()
     *     evidence hold} is in force, or no guard records subjects
     * @throws UncheckedIOException if a secret could not be destroyed, or that could not be recorded; asking again does
     *     the rest. Also where people are filed under a key that is lost, or secrets are damaged, so that this person
     *     may still be readable there: everything else is erased then and on record, and the message names these
     *     records
     */
    public int erase(String subject, Cause cause) {
        Path home = directory;
        if (home == null) {
            throw new IllegalStateException("this runtime is ephemeral() and keeps nothing that could be erased");
        }
        if (subject.isBlank()) {
            throw new IllegalArgumentException("the subject is blank; name it as AuditOptions.subject(…) does");
        }
        try {
            return evidence.unlessHeld(() -> erase(new Erasure(home, journal), subject, cause));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private int erase(Erasure erasure, String subject, Cause cause) throws IOException {
        List<String> destroyed = erasure.destroy(subject, cause, time);
        if (destroyed.isEmpty()
                && !guards.isEmpty()
                && guards.values().stream().noneMatch(guard -> guard.recording().subjects())) {
            throw new IllegalStateException("no guard of this runtime records whom its decisions are about, so"
                    + " nobody can be erased; declare AuditOptions.subject(…)");
        }
        if (!erasure.record(destroyed, cause, time)) {
            throw new IOException("the subject is erased, but that could not be recorded; ask again");
        }
        return destroyed.size();
    }

    /**
     * Waits until everything that was recorded before this call has been written, seen by the detectors, acted upon and
     * told to the listeners. For tests, and for replays that must not run ahead of the detectors.
     *
     * @param limit how long to wait
     * @return whether it came to rest within the limit; false also when the thread is interrupted, which stays set
     */
    public boolean awaitQuiet(Duration limit) {
        return isQuiet(System.nanoTime() + (limit.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : limit).toNanos());
    }

    private boolean isQuiet(long end) {
        return isThrough(end)
                && within(ramps.stepped(), end)
                && isThrough(end) // what the detectors and the ramps have recorded since
                && within(dispatcher.told(), end)
                && areChannelsQuiet(end);
    }

    private boolean isThrough(long end) {
        Marker marker = new Marker();
        return journal.append(marker) && within(marker.passed(), end);
    }

    private boolean areChannelsQuiet(long end) {
        try {
            return channels.awaitQuiet(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
     * listeners hear of it (for up to five seconds each), and ends the threads. Where the disk has not answered for
     * fifteen seconds, it is not waited for; the directory then stays locked until this process ends. A switch store
     * that hangs is waited for no longer than a second, and five where a step of a ramp waits for it. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // what was recorded is worth more than a quick return
        switches.endCalls();
        interrupted |= timer.drain(LISTENER_LIMIT);
        dispatcher.endRetries();
        long end = System.nanoTime() + LISTENER_LIMIT.toNanos();
        work.end();
        while (!isQuiet(end) && Thread.interrupted()) {
            interrupted = true;
        }
        watch.close();
        switches.close();
        channels.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        journal.append(new RuntimeRecord.Closed(id, detectors.skipped(), time.nanoTime()));
        timer.close();
        journal.close();
        detectors.close();
        dispatcher.close(LISTENER_LIMIT);
        try {
            if (lock != null && !journal.isWriting()) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("the lock on {} could not be released; it ends with this process", directory, e);
        }
        RecordMethods.forget();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the detector thread, from time to time. */
    private void tick() {
        if (opened && !closed.get()) {
            work.tick();
        }
    }

    /** From time to time, on a thread that waits neither for a store nor for the detectors. */
    private void look() {
        if (opened && !closed.get()) {
            journal.look();
            channels.look();
            detectors.hanging(LONGEST_TURN).ifPresent(this::raise);
        }
    }
}
