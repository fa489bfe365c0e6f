// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One read-only source and its last known good state, which is kept in a file so that it survives a restart while the
 * source is away. Whoever asks what holds waits for nobody: a kill must not wait for a source, nor for its file.
 */
final class SourceFeed {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFeed.class);

    /** A read that takes longer has failed, as far as anybody waiting for it is concerned. */
    private static final Duration OVERDUE = Duration.ofSeconds(5);

    /** How often it is written that the source was read well, although it says the same. */
    private static final Duration REFRESH = Duration.ofMinutes(1);

    private static final Duration ANCIENT = Duration.ofDays(36_500);

    private final SwitchSource source;
    private final String name; // asked for once: it is the host's code, and kills need it
    private final SourcePolicy policy;
    private final @Nullable Path cache;
    private final TimeSource time;

    private volatile State state;

    // Guarded by this.
    private boolean tooOldTold;
    private @Nullable Instant staleSince; // that everything is killed, for want of what is younger than
    private long staleNanos;
    private Over ended = Over.NOTHING; // of which it was told that their end has come

    // Of the thread that reads the source: what looks wrong, what it tried to keep last, and of when that was.
    private final Settling settling;
    private @Nullable SwitchSnapshot kept;
    private Over keptEnded = Over.NOTHING;
    private long keptNanos;

    /**
     * What is known.
     *
     * @param good the last good state
     * @param known whether it was ever read, in this run or, by what the cache says, in an earlier one
     * @param goodNanos when it was read
     * @param heardNanos when the source was last heard of in this run
     * @param fault what has kept it from being read since
     */
    private record State(SwitchSnapshot good, boolean known, long goodNanos, long heardNanos, Optional<String> fault) {}

    /**
     * What a look at the source has brought.
     *
     * @param before what was known before, without what has ended since and is gone
     * @param after what is known by now, without what was over when it was read first: that has never held
     * @param ended what has come to its end since this was asked for the last time
     * @param revived whether what was known before was too old to hold
     */
    record News(
            SwitchSnapshot before,
            SwitchSnapshot after,
            Over ended,
            Optional<String> failed,
            boolean recovered,
            boolean revived) {
        static News none(SwitchSnapshot good) {
            return new News(good, good, Over.NOTHING, Optional.empty(), false, false);
        }

        boolean isNone() {
            return before.equals(after) && ended.equals(Over.NOTHING) && failed.isEmpty() && !recovered && !revived;
        }
    }

    /**
     * Of what a source says, that of which the end has come.
     *
     * @param switches the switches, without since when they are set
     * @param freezes the freeze, if there is one
     */
    record Over(Set<Switch> switches, Set<Cause> freezes) {
        static final Over NOTHING = new Over(Set.of(), Set.of());

        static Over of(SwitchSnapshot good, Instant now) {
            Set<Switch> switches = new LinkedHashSet<>();
            good.switches().stream()
                    .filter(each -> OwnSwitches.isOver(each.cause(), now))
                    .map(SwitchDifferences::undated)
                    .forEach(switches::add);
            Set<Cause> freezes = good.freeze()
                    .filter(cause -> OwnSwitches.isOver(cause, now))
                    .map(Set::of)
                    .orElse(Set.of());
            return new Over(switches, freezes);
        }

        Over without(Over other) {
            return new Over(without(switches, other.switches), without(freezes, other.freezes));
        }

        private static <T> Set<T> without(Set<T> some, Set<T> others) {
            Set<T> left = new LinkedHashSet<>(some);
            left.removeAll(others);
            return left;
        }

        SwitchSnapshot takenOutOf(SwitchSnapshot good) {
            return new SwitchSnapshot(
                    good.version(),
                    good.switches().stream()
                            .filter(each -> !switches.contains(SwitchDifferences.undated(each)))
                            .toList(),
                    good.freeze().filter(cause -> !freezes.contains(cause)),
                    good.lifts());
        }
    }

    SourceFeed(SwitchSource source, SourcePolicy policy, @Nullable Path directory, TimeSource time) {
        this.source = source;
        this.name = source.name();
        this.policy = policy;
        this.cache = directory == null ? null : directory.resolve(name + ".json");
        this.time = time;
        this.settling = new Settling(time);
        long now = time.nanoTime();
        this.state = new State(SwitchSnapshot.EMPTY, false, now, now, Optional.empty());
    }

    SwitchSource source() {
        return source;
    }

    String name() {
        return name;
    }

    /**
     * Takes the state that an earlier run has kept, as old as it is; before anybody else asks.
     *
     * @return why that is lost, if it is
     */
    Optional<String> loadCache() {
        if (cache == null || !Files.exists(cache)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(cache);
            SwitchSnapshot good = SwitchJson.read(bytes, time.instant());
            Optional<Instant> at = SwitchJson.readAt(bytes);
            long now = time.nanoTime();
            long age = at.map(this::ageOf).orElse(Duration.ZERO).toNanos();
            state = new State(good, at.isPresent(), now - age, now, Optional.empty());
            ended = Over.of(good, at.orElse(Instant.MIN)); // the earlier run has told of these
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(cache + ": " + e.getMessage());
        }
    }

    /** Reads the source; one thread at a time. */
    News poll() {
        SwitchSnapshot read;
        try {
            read = source.read();
        } catch (CorruptSwitchesException | NoSuchFileException e) { // also while somebody replaces what is there
            return settling.isSettled("no switches") ? failed(e) : News.none(state.good());
        } catch (Throwable e) { // whatever the host's source throws, it has failed, and at once
            return failed(e);
        }
        settling.clear();
        if (read == null) {
            return failed("it returned null");
        }
        return took(read);
    }

    private News failed(Throwable e) {
        return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    /** All by one look at the clock: what is over when it is removed has ended by itself, and is told as an end. */
    private synchronized News took(SwitchSnapshot read) {
        State before = state;
        long now = time.nanoTime();
        Instant at = time.instant();
        state = new State(read, true, now, now, Optional.empty());
        Over was = Over.of(before.good(), at);
        Over is = Over.of(read, at);
        Over untold = was.without(ended);
        ended = is;
        return new News(
                was.without(is).takenOutOf(before.good()),
                is.without(was).takenOutOf(read),
                untold,
                Optional.empty(),
                before.fault().isPresent(),
                isStale(before));
    }

    /** Keeps what is known for the next run, and since when; by the thread that reads the source. */
    void keep() {
        State known = state;
        Over told = told();
        boolean due = !known.good().equals(kept)
                || !told.equals(keptEnded) // else it would be told again after a restart
                || known.goodNanos() - keptNanos >= refreshNanos();
        if (cache == null || !known.known() || !due) {
            return;
        }
        kept = known.good();
        keptEnded = told;
        keptNanos = known.goodNanos(); // also if it fails, so that it is not tried four times a second
        try {
            DurableFiles.createDirectories(DurableFiles.parentOf(cache));
            DurableFiles.replace(
                    cache, SwitchJson.write(known.good(), time.instant().minus(ageOf(known))));
        } catch (IOException e) {
            LOG.error("what is known of switch source {} could not be kept in {}", name, cache, e);
        }
    }

    private synchronized Over told() {
        return ended;
    }

    private synchronized News failed(String why) {
        State before = state;
        SwitchSnapshot good = before.good();
        state = new State(good, before.known(), before.goodNanos(), before.heardNanos(), Optional.of(why));
        Optional<String> news = before.fault().isEmpty() ? Optional.of(why) : Optional.empty();
        return new News(good, good, Over.NOTHING, news, false, false);
    }

    /** Notices a read that does not come back; by another thread than the one that reads. */
    synchronized News watch() {
        State now = state;
        boolean overdue = now.fault().isEmpty() && time.nanoTime() - now.heardNanos() > OVERDUE.toNanos();
        return overdue ? failed("no read has come back for " + OVERDUE.toSeconds() + " s") : News.none(now.good());
    }

    /**
     * Notices that the last known good state has become too old to hold; true once for each time. One that was never
     * read is too old only when it is known that it cannot be.
     */
    synchronized boolean becameTooOld() {
        State known = state;
        boolean tooOld = isStale(known) && (known.known() || known.fault().isPresent());
        boolean first = tooOld && !tooOldTold;
        tooOldTold = tooOld;
        return first;
    }

    private Duration ageOf(State known) {
        return Duration.ofNanos(time.nanoTime() - known.goodNanos());
    }

    /** By the wall clock, as the monotonic one ends with its process; a clock that was set back makes nothing young. */
    private Duration ageOf(Instant at) {
        Duration age = Duration.between(at, time.instant()).abs();
        return age.compareTo(ANCIENT) > 0 ? ANCIENT : age;
    }

    /** How much older a state may look after a restart than it is. */
    private long refreshNanos() {
        Duration tenth = policy.limit().map(limit -> limit.dividedBy(10)).orElse(REFRESH);
        return Math.max(TimeUnit.SECONDS.toNanos(1), (tenth.compareTo(REFRESH) > 0 ? REFRESH : tenth).toNanos());
    }

    /** The switches that hold now. */
    List<Switch> switches(Instant now) {
        State known = state;
        if (!isStale(known)) {
            return known.good().switches();
        }
        List<Switch> all = new ArrayList<>(known.good().switches());
        all.removeIf(each -> each.scope().equals(Scope.everything()));
        all.add(new Switch(
                Scope.everything(),
                SwitchState.killed(),
                Cause.by("incident4j")
                        .because("switch source '" + name + "' could not be read for longer than "
                                + policy.limit().orElseThrow() + (known.known() ? "" : ", or ever")),
                staleSince(known, now)));
        return all;
    }

    /** The same for as long as it lasts. */
    private synchronized Instant staleSince(State known, Instant now) {
        if (staleSince == null || known.goodNanos() != staleNanos) {
            staleSince = now;
            staleNanos = known.goodNanos();
        }
        return staleSince;
    }

    /** What has come to its end since this was asked for the last time. */
    synchronized Over ended() {
        Over over = Over.of(state.good(), time.instant());
        Over untold = over.without(ended);
        ended = over;
        return untold;
    }

    /** Whether the last known good state is older than its owner lets it be; one that was never read is. */
    boolean isStale() {
        return isStale(state);
    }

    private boolean isStale(State known) {
        return policy.then() == SourcePolicy.Stale.KILL_EVERYTHING
                && policy.limit()
                        .filter(limit -> !known.known() || ageOf(known).compareTo(limit) > 0)
                        .isPresent();
    }

    Optional<Cause> freeze() {
        return state.good().freeze();
    }
}
