// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchAuthorizer.Action;
import io.github.incident4j.killswitch.SwitchAuthorizer.Request;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switches in memory and in the store. The hot path reads {@link #table()}.
 *
 * <p>Two locks: the board itself guards what is in memory and is held for moments only, so that a kill is in force at
 * once although the disk hangs; the store's lock is held while the store is read or written. Who needs both takes the
 * store's first.
 *
 * <p>Life: created, fed the trail's switch records by {@link #replay}, then {@link #open opened}. The store outranks
 * the trail; a missing or corrupt store is made anew from the trail, so that no kill is lost with it.
 */
public final class SwitchBoard implements KillSwitches {
    /** The name of the runtime's own store. */
    public static final String OWN = "runtime";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchBoard.class);
    private static final int ATTEMPTS = 8;
    private static final Cause ANOTHER_WRITER =
            Cause.by("another writer of the store").because("the switch is gone from the store");

    private final SwitchStore store;
    private final List<SourceFeed> feeds;
    private final SwitchPolicy policy;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Consumer<String> alarm;
    private final Function<Scope, Optional<String>> hint;
    private final List<Runnable> onRestriction = new CopyOnWriteArrayList<>();
    private final KillSwitches library = new Library();

    // Guarded by this.
    private final Map<Scope, Switch> own = new LinkedHashMap<>();
    private final Map<Scope, Switch> unstored = new LinkedHashMap<>(); // of an earlier run: in the trail alone
    private Optional<Cause> freeze = Optional.empty();
    private boolean callsEnded;
    private boolean closed;
    private volatile SwitchTable table = SwitchTable.OPEN;

    // Guarded by the store's lock.
    private final ReentrantLock storeLock = new ReentrantLock();
    private SwitchSnapshot stored = SwitchSnapshot.EMPTY;
    private Map<Scope, Switch> storedByScope = Map.of();
    private boolean storeFailing;
    private boolean unsaved; // memory holds what the store refused to take

    /**
     * Creates a board on which nothing is set.
     *
     * @param store where what is set becomes durable
     * @param feeds the other sources
     * @param policy who may change what
     * @param time the clocks
     * @param trail takes the records of changes
     * @param alarm is told what is wrong with a store or source; raises an incident
     * @param hint says what is odd about a scope, such as a model that nobody guards
     */
    SwitchBoard(
            SwitchStore store,
            List<SourceFeed> feeds,
            SwitchPolicy policy,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Consumer<String> alarm,
            Function<Scope, Optional<String>> hint) {
        this.hint = hint;
        this.store = store;
        this.feeds = List.copyOf(feeds);
        this.policy = policy;
        this.time = time;
        this.trail = trail;
        this.alarm = alarm;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param record any record of the trail
     */
    public synchronized void replay(StoredRecord record) {
        if (!record.type().startsWith("switch.")
                || !record.json().path("source").asText(OWN).equals(OWN)) {
            return;
        }
        boolean durable = record.json().path("durable").asBoolean(true);
        switch (record.type()) {
            case SwitchRecord.KILLED, SwitchRecord.LIMITED -> {
                Switch set = readSwitch(record);
                put(set);
                if (!durable) {
                    unstored.put(set.scope(), set);
                }
            }
            case SwitchRecord.RESTORED, SwitchRecord.EXPIRED ->
                own.remove(readSwitch(record).scope());
            case SwitchRecord.STORED -> {}
            default -> {
                return; // nothing was changed by it
            }
        }
        if (durable) {
            unstored.clear(); // whatever is stored is stored as a whole
        }
    }

    private static Switch readSwitch(StoredRecord record) {
        return SwitchJson.read(record.json().path("switch"), record.time());
    }

    /**
     * Takes the state of the store, and of the trail what the store could not take then; the trail's state alone where
     * the store cannot be read.
     *
     * @return what was wrong with the store, if anything
     * @throws IOException if the store can be neither read nor written
     */
    public Optional<String> open() throws IOException {
        storeLock.lock();
        try {
            Optional<String> fault = Optional.empty();
            SwitchSnapshot read = SwitchSnapshot.EMPTY;
            try {
                read = store.read();
            } catch (IOException e) {
                String aside = store.setAside();
                fault = Optional.of(e.getMessage() + "; it was moved to " + aside
                        + " and the switches were rebuilt from the audit trail");
            }
            if (read.version() > 0) {
                synchronized (this) {
                    own.clear();
                    read.switches().forEach(this::put);
                    unstored.values().forEach(this::put);
                    freeze = read.freeze();
                }
                remember(read);
                if (!unstored.isEmpty()) {
                    LOG.warn(
                            "switches that could not be stored in an earlier run are set again: {}", unstored.keySet());
                    write(UnaryOperator.identity());
                }
            } else {
                fault.ifPresentOrElse(
                        found -> LOG.error("{}. Check that these are what you want: {}", found, own.keySet()),
                        () -> warnOfMissingStore());
                write(UnaryOperator.identity());
            }
            feeds.forEach(SourceFeed::loadCache);
            unstored.clear();
            compile();
            return fault;
        } finally {
            storeLock.unlock();
        }
    }

    private synchronized void warnOfMissingStore() {
        if (!own.isEmpty()) {
            LOG.warn("the switch store {} is empty; what the audit trail knows is set again: {}", store, own.keySet());
        }
    }

    /** {@return the present switches; one volatile read} */
    public SwitchTable table() {
        return table;
    }

    /** {@return the switches as the library itself uses them: nobody is asked for permission} */
    public KillSwitches library() {
        return library;
    }

    /**
     * Has something told after each change that may stop calls that are running.
     *
     * @param task returns at once; may be run by any thread
     */
    public void onRestriction(Runnable task) {
        onRestriction.add(task);
    }

    /** Lets no call pass from now on; switches can still be changed. */
    public void endCalls() {
        synchronized (this) {
            callsEnded = true;
            table = SwitchTable.CLOSED;
        }
        onRestriction.forEach(Runnable::run);
    }

    /** Takes no change from now on. */
    public synchronized void close() {
        closed = true;
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    @Override
    public SwitchResult kill(Scope scope, SwitchState.Killed state, Cause cause) {
        return asked(Action.KILL, scope, cause, false)
                .orElseGet(() -> restrict(new Switch(scope, state, cause, time.instant())));
    }

    @Override
    public SwitchResult limit(Scope scope, Limit limit, Cause cause) {
        SwitchState.Limited state = new SwitchState.Limited(limit);
        boolean loosens = loosens(scope, limit, cause);
        return asked(Action.LIMIT, scope, cause, loosens)
                .or(() -> loosens ? secondPerson(state, scope, cause) : Optional.empty())
                .orElseGet(() -> setLimit(scope, limit, cause));
    }

    @Override
    public SwitchResult restore(Scope scope, Cause cause) {
        return asked(Action.RESTORE, scope, cause, true)
                .or(() -> isSet(scope) ? secondPerson("restore", scope, cause) : Optional.empty())
                .orElseGet(() -> loosen(scope, null, cause));
    }

    /** What the library does by itself; see {@link #library()}. */
    private final class Library implements KillSwitches {
        @Override
        public SwitchResult kill(Scope scope, SwitchState.Killed state, Cause cause) {
            return ifOpen().orElseGet(() -> restrict(new Switch(scope, state, cause, time.instant())));
        }

        @Override
        public SwitchResult limit(Scope scope, Limit limit, Cause cause) {
            return ifOpen().orElseGet(() -> setLimit(scope, limit, cause));
        }

        @Override
        public SwitchResult restore(Scope scope, Cause cause) {
            return ifOpen().orElseGet(() -> loosen(scope, null, cause));
        }

        @Override
        public List<Switch> active() {
            return SwitchBoard.this.active();
        }

        @Override
        public List<HeldBy> inForce() {
            return SwitchBoard.this.inForce();
        }

        @Override
        public SwitchResult freeze(Cause cause) {
            return SwitchBoard.this.freeze(cause);
        }

        @Override
        public SwitchResult thaw(Cause cause) {
            return SwitchBoard.this.thaw(cause);
        }

        @Override
        public Optional<Cause> frozen() {
            return SwitchBoard.this.frozen();
        }
    }

    /**
     * Asks whether a person may lift a switch, as the start of a recovery ramp does: the authorizer, and the second
     * person.
     *
     * @param scope the scope
     * @param cause who asks and why
     * @return the answer if it is not a yes
     */
    public Optional<SwitchResult> mayRestore(Scope scope, Cause cause) {
        return asked(Action.RESTORE, scope, cause, true).or(() -> secondPerson("restore", scope, cause));
    }

    private Optional<SwitchResult> ifOpen() {
        boolean refused;
        synchronized (this) {
            refused = closed;
        }
        return refused
                ? Optional.of(new SwitchResult(
                        Outcome.REFUSED, "the runtime is closed: nothing passes, and nothing was changed", List.of()))
                : Optional.empty();
    }

    private Optional<SwitchResult> asked(Action action, Scope scope, Cause cause, boolean loosens) {
        return ifOpen().or(() -> policy.refusal(new Request(action, scope, cause), loosens)
                .map(why -> refused(SwitchRecord.REFUSED, Outcome.REFUSED, scope, cause, why)));
    }

    private Optional<SwitchResult> secondPerson(Object state, Scope scope, Cause cause) {
        return policy.waitsFor(List.of(scope, state), scope, cause, time)
                .map(why -> refused(SwitchRecord.PENDING, Outcome.NEEDS_SECOND_PERSON, scope, cause, why));
    }

    private SwitchResult refused(String type, Outcome outcome, Scope scope, Cause cause, String why) {
        record(type, SwitchRecord.about(scope, cause, time.instant()), Optional.of(why));
        return new SwitchResult(outcome, why, List.of());
    }

    private synchronized boolean isSet(Scope scope) {
        return own.containsKey(scope);
    }

    private SwitchResult setLimit(Scope scope, Limit limit, Cause cause) {
        Switch set = new Switch(scope, new SwitchState.Limited(limit), cause, time.instant());
        return loosens(scope, limit, cause) ? loosen(scope, set, cause) : restrict(set);
    }

    private synchronized boolean loosens(Scope scope, Limit limit, Cause cause) {
        Switch present = own.get(scope);
        if (present == null) {
            return false;
        }
        return !(present.state() instanceof SwitchState.Limited limited
                && limit.isAsStrictAs(limited.limit())
                && endsNoEarlier(cause, present.cause()));
    }

    private static boolean endsNoEarlier(Cause cause, Cause than) {
        return cause.until().isEmpty()
                || (than.until().isPresent()
                        && !cause.until().get().isBefore(than.until().get()));
    }

    /** In memory first, then in the store. */
    private SwitchResult restrict(Switch wanted) {
        Switch set;
        synchronized (this) {
            set = notShortened(wanted, own.get(wanted.scope()));
            put(set);
            compile();
        }
        onRestriction.forEach(Runnable::run);
        Optional<String> problem = makeDurable(set);
        record(typeOf(set), set, problem);
        return problem.isEmpty()
                ? new SwitchResult(Outcome.DONE, hint.apply(set.scope()).orElse(""), List.of())
                : new SwitchResult(Outcome.NOT_DURABLE, problem.get(), List.of());
    }

    /** A kill never ends one that is in force earlier than it would end. */
    private static Switch notShortened(Switch wanted, @Nullable Switch present) {
        if (present == null || endsNoEarlier(wanted.cause(), present.cause())) {
            return wanted;
        }
        Cause cause = wanted.cause();
        return new Switch(
                wanted.scope(),
                wanted.state(),
                new Cause(cause.by(), cause.because(), present.cause().until()),
                wanted.since());
    }

    private Optional<String> makeDurable(Switch set) {
        storeLock.lock();
        try {
            if (set.equals(storedByScope.get(set.scope()))) {
                return Optional.empty(); // somebody who wrote meanwhile took it along
            }
            write(UnaryOperator.identity());
            return Optional.empty();
        } catch (IOException e) {
            unsaved = true;
            return Optional.of(problem(e, "The switch is in force, and storing it is tried again"));
        } finally {
            storeLock.unlock();
        }
    }

    private String problem(IOException e, String consequence) {
        String problem = "the switch store " + store + " could not be written: " + e;
        LOG.error("{}. {}", problem, consequence, e);
        return problem;
    }

    /** In the store first, then in memory. */
    private SwitchResult loosen(Scope scope, @Nullable Switch replacement, Cause cause) {
        storeLock.lock();
        try {
            Switch present;
            synchronized (this) {
                present = own.get(scope);
            }
            if (present == null && replacement == null) {
                return new SwitchResult(Outcome.NOTHING_TO_DO, stillHeld(scope), held(scope));
            }
            write(memory -> changed(memory, scope, present, replacement));
            synchronized (this) {
                // A kill that came meanwhile is in memory already and is not lifted by this.
                if (Objects.equals(own.get(scope), present)) {
                    own.remove(scope);
                    if (replacement != null) {
                        own.put(scope, replacement);
                    }
                    compile();
                }
            }
        } catch (IOException e) {
            String problem = problem(e, "The switch of " + scope + " was not loosened");
            record(SwitchRecord.FAILED, SwitchRecord.about(scope, cause, time.instant()), Optional.of(problem));
            return new SwitchResult(Outcome.FAILED, problem, List.of());
        } finally {
            storeLock.unlock();
        }
        if (replacement != null) {
            record(SwitchRecord.LIMITED, replacement, Optional.empty());
        } else {
            Switch lifted = SwitchRecord.about(scope, cause, time.instant());
            record(SwitchRecord.RESTORED, lifted, Optional.empty());
        }
        return new SwitchResult(Outcome.DONE, stillHeld(scope), held(scope));
    }

    private static SwitchSnapshot changed(
            SwitchSnapshot memory, Scope scope, @Nullable Switch present, @Nullable Switch replacement) {
        List<Switch> switches = new ArrayList<>(memory.switches());
        boolean removed = present == null || switches.remove(present);
        if (removed && replacement != null) {
            switches.removeIf(each -> each.scope().equals(scope));
            switches.add(replacement);
        }
        return new SwitchSnapshot(memory.version(), switches, memory.freeze());
    }

    private List<HeldBy> held(Scope scope) {
        return inForce().stream()
                .filter(each -> each.set().scope().covers(scope))
                .toList();
    }

    private String stillHeld(Scope scope) {
        List<HeldBy> held = held(scope);
        return held.isEmpty()
                ? ""
                : "calls in " + scope + " are still held by "
                        + held.stream()
                                .map(each ->
                                        "'" + each.source() + "' (" + each.set().scope() + ")")
                                .collect(Collectors.joining(", "));
    }

    @Override
    public SwitchResult freeze(Cause cause) {
        return asked(Action.FREEZE, Scope.everything(), cause, false).orElseGet(() -> {
            synchronized (this) {
                freeze = Optional.of(cause);
            }
            Optional<String> problem = Optional.empty();
            storeLock.lock();
            try {
                write(UnaryOperator.identity());
            } catch (IOException e) {
                unsaved = true;
                problem = Optional.of(problem(e, "The freeze is in force, and storing it is tried again"));
            } finally {
                storeLock.unlock();
            }
            trail.accept(new SwitchRecord(
                    SwitchRecord.FROZEN, OWN, null, cause, problem.isEmpty(), problem, time.nanoTime()));
            return problem.isEmpty()
                    ? new SwitchResult(Outcome.DONE, "", List.of())
                    : new SwitchResult(Outcome.NOT_DURABLE, problem.get(), List.of());
        });
    }

    @Override
    public SwitchResult thaw(Cause cause) {
        return asked(Action.THAW, Scope.everything(), cause, true).orElseGet(() -> {
            storeLock.lock();
            try {
                write(memory -> new SwitchSnapshot(memory.version(), memory.switches(), Optional.empty()));
                synchronized (this) {
                    freeze = Optional.empty();
                }
            } catch (IOException e) {
                return new SwitchResult(Outcome.FAILED, problem(e, "The freeze stays"), List.of());
            } finally {
                storeLock.unlock();
            }
            trail.accept(
                    new SwitchRecord(SwitchRecord.THAWED, OWN, null, cause, true, Optional.empty(), time.nanoTime()));
            return new SwitchResult(Outcome.DONE, "", List.of());
        });
    }

    @Override
    public synchronized Optional<Cause> frozen() {
        Instant now = time.instant();
        return freeze.filter(cause -> !isOver(cause, now))
                .or(() -> feeds.stream()
                        .map(SourceFeed::freeze)
                        .flatMap(Optional::stream)
                        .filter(cause -> !isOver(cause, now))
                        .findFirst());
    }

    @Override
    public synchronized List<Switch> active() {
        return List.copyOf(own.values());
    }

    @Override
    public synchronized List<HeldBy> inForce() {
        Instant now = time.instant();
        List<HeldBy> all = new ArrayList<>();
        own.values().forEach(each -> all.add(new HeldBy(OWN, each)));
        for (SourceFeed feed : feeds) {
            feed.switches(now).forEach(each -> all.add(new HeldBy(feed.source().name(), each)));
        }
        all.removeIf(each -> isOver(each.set().cause(), now));
        return all;
    }

    private static boolean isOver(Cause cause, Instant now) {
        return cause.until().isPresent() && !now.isBefore(cause.until().get());
    }

    // ---- memory and store -------------------------------------------------------------------------------------

    private void put(Switch set) {
        own.remove(set.scope());
        own.put(set.scope(), set);
    }

    private synchronized void compile() {
        if (!callsEnded) {
            table = SwitchTable.of(inForce(), table, time.nanoTime());
        }
    }

    private void remember(SwitchSnapshot snapshot) {
        stored = snapshot;
        Map<Scope, Switch> byScope = new LinkedHashMap<>();
        snapshot.switches().forEach(each -> byScope.put(each.scope(), each));
        storedByScope = byScope;
    }

    /** Writes what is in memory, changed; takes along what somebody else has written. Under the store's lock. */
    private void write(UnaryOperator<SwitchSnapshot> change) throws IOException {
        long expected = stored.version();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            SwitchSnapshot memory;
            synchronized (this) {
                memory =
                        new SwitchSnapshot(Math.max(expected, stored.version()) + 1, List.copyOf(own.values()), freeze);
            }
            SwitchSnapshot next = change.apply(memory);
            if (store.replace(expected, next)) {
                remember(next);
                storeFailing = false;
                unsaved = false;
                return;
            }
            expected = readStore();
        }
        throw new IOException("somebody else kept changing it");
    }

    /** Looks at the store and takes over what somebody else has changed; returns the version that is there. */
    private long readStore() throws IOException {
        SwitchSnapshot read;
        try {
            read = store.read();
        } catch (IOException e) {
            alarmOnce(e.getMessage() + "; what was last known stays in force");
            LOG.error("the switch store is moved to {}", store.setAside());
            return 0;
        }
        if (read.version() == 0 && stored.version() > 0 && read.switches().isEmpty()) {
            alarmOnce(
                    "the switch store " + store + " is gone; what was last known stays in force and is written again");
            return 0;
        }
        takeOver(read);
        return read.version();
    }

    private void alarmOnce(String what) {
        if (!storeFailing) {
            storeFailing = true;
            LOG.error("{}", what);
            alarm.accept(what);
        }
    }

    /** Takes over the difference between what was stored and what is stored now. */
    private void takeOver(SwitchSnapshot read) {
        if (read.equals(stored)) {
            return;
        }
        Map<Scope, Switch> before = storedByScope;
        SwitchSnapshot was = stored;
        remember(read);
        List<SwitchRecord> records = difference(OWN, before.values(), read.switches());
        synchronized (this) {
            for (Switch gone : before.values()) {
                if (!storedByScope.containsKey(gone.scope()) && gone.equals(own.get(gone.scope()))) {
                    own.remove(gone.scope());
                }
            }
            for (Switch there : read.switches()) {
                if (!there.equals(before.get(there.scope()))) {
                    put(there);
                }
            }
            if (!read.freeze().equals(was.freeze())) {
                freeze = read.freeze();
            }
            compile();
        }
        records.forEach(trail);
        onRestriction.forEach(Runnable::run);
    }

    private List<SwitchRecord> difference(String source, Iterable<Switch> before, Iterable<Switch> after) {
        Map<Scope, Switch> was = new LinkedHashMap<>();
        before.forEach(each -> was.put(each.scope(), each));
        List<SwitchRecord> records = new ArrayList<>();
        for (Switch there : after) {
            if (!there.equals(was.remove(there.scope()))) {
                records.add(new SwitchRecord(
                        typeOf(there), source, there, null, true, Optional.of("set in the store"), time.nanoTime()));
            }
        }
        for (Switch gone : was.values()) {
            records.add(new SwitchRecord(
                    SwitchRecord.RESTORED,
                    source,
                    SwitchRecord.about(gone.scope(), ANOTHER_WRITER, time.instant()),
                    null,
                    true,
                    Optional.of("gone from the store"),
                    time.nanoTime()));
        }
        return records;
    }

    private static String typeOf(Switch set) {
        return set.state() instanceof SwitchState.Killed ? SwitchRecord.KILLED : SwitchRecord.LIMITED;
    }

    private void record(String type, Switch set, Optional<String> note) {
        trail.accept(new SwitchRecord(type, OWN, set, null, note.isEmpty(), note, time.nanoTime()));
    }

    // ---- what happens by itself, on the watching threads ------------------------------------------------------

    /** Looks at the store, ends what is over, and notices sources that do not come back. */
    void tick() {
        lookAtStore();
        expire();
        for (SourceFeed feed : feeds) {
            take(feed, feed.watch());
        }
        synchronized (this) {
            boolean anyStale = feeds.stream().anyMatch(SourceFeed::isStale);
            boolean anyEnds = feeds.stream()
                    .flatMap(feed -> feed.switches(time.instant()).stream())
                    .anyMatch(each -> each.cause().until().isPresent());
            if (anyStale || anyEnds) {
                compile();
            }
        }
    }

    private void lookAtStore() {
        if (!storeLock.tryLock()) {
            return; // it is being written; there is a next time
        }
        try {
            long there = readStore();
            if (there != stored.version()) {
                rewrite(there);
            } else if (unsaved) {
                write(UnaryOperator.identity());
                trail.accept(new SwitchRecord(
                        SwitchRecord.STORED, OWN, null, null, true, Optional.empty(), time.nanoTime()));
            }
        } catch (IOException e) {
            alarmOnce("the switch store " + store + " cannot be used: " + e);
        } finally {
            storeLock.unlock();
        }
    }

    /** The store is gone or was set aside: what is in memory is written again. */
    private void rewrite(long there) throws IOException {
        SwitchSnapshot memory;
        synchronized (this) {
            memory = new SwitchSnapshot(stored.version() + 1, List.copyOf(own.values()), freeze);
        }
        if (store.replace(there, memory)) {
            remember(memory);
            storeFailing = false;
            unsaved = false;
        }
    }

    private void expire() {
        Instant now = time.instant();
        List<Switch> over;
        synchronized (this) {
            over = own.values().stream()
                    .filter(each -> isOver(each.cause(), now))
                    .toList();
            over.forEach(each -> own.remove(each.scope()));
            if (!over.isEmpty()) {
                compile();
            }
        }
        if (over.isEmpty()) {
            return;
        }
        storeLock.lock();
        try {
            write(UnaryOperator.identity());
        } catch (IOException e) {
            unsaved = true; // their end stands in the store, so they are over after a restart, too
            LOG.warn("switches that are over could not be taken out of the store {}", store, e);
        } finally {
            storeLock.unlock();
        }
        over.forEach(each -> record(SwitchRecord.EXPIRED, each, Optional.empty()));
    }

    /** Takes the news of a source. */
    void take(SourceFeed feed, SourceFeed.News news) {
        if (news.isNone()) {
            return;
        }
        String name = feed.source().name();
        news.failed().ifPresent(why -> {
            String what =
                    "switch source '" + name + "' cannot be read (" + why + "); what was last known stays in force";
            LOG.error("{}", what);
            trail.accept(new SwitchRecord(
                    SwitchRecord.SOURCE_FAILED, name, null, null, true, Optional.of(why), time.nanoTime()));
            alarm.accept(what);
        });
        if (news.recovered()) {
            LOG.warn("switch source '{}' can be read again", name);
            trail.accept(new SwitchRecord(
                    SwitchRecord.SOURCE_RECOVERED, name, null, null, true, Optional.empty(), time.nanoTime()));
        }
        compile();
        difference(name, news.before().switches(), news.after().switches()).forEach(trail);
        onRestriction.forEach(Runnable::run);
    }

    List<SourceFeed> feeds() {
        return feeds;
    }
}
