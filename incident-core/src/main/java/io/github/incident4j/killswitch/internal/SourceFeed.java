// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.DurableFiles;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private final SwitchSource source;
    private final SourcePolicy policy;
    private final @Nullable Path cache;
    private final TimeSource time;

    private volatile State state;
    private SwitchSnapshot kept = SwitchSnapshot.EMPTY; // in the cache; of the thread that reads the source

    /** What is known: the last good state, when it was read, and what has kept it from being read since. */
    private record State(SwitchSnapshot good, long nanos, Optional<String> fault) {}

    /** What a look at the source has brought. */
    record News(SwitchSnapshot before, SwitchSnapshot after, Optional<String> failed, boolean recovered) {
        boolean isNone() {
            return before.equals(after) && failed.isEmpty() && !recovered;
        }
    }

    SourceFeed(SwitchSource source, SourcePolicy policy, @Nullable Path directory, TimeSource time) {
        this.source = source;
        this.policy = policy;
        this.cache = directory == null ? null : directory.resolve(source.name() + ".json");
        this.time = time;
        this.state = new State(SwitchSnapshot.EMPTY, time.nanoTime(), Optional.empty());
    }

    SwitchSource source() {
        return source;
    }

    /** Takes the state that an earlier run has kept; before anybody else asks. */
    void loadCache() {
        if (cache == null || !Files.exists(cache)) {
            return;
        }
        try {
            kept = SwitchJson.read(Files.readAllBytes(cache), time.instant());
            state = new State(kept, state.nanos(), Optional.empty());
        } catch (IOException e) {
            LOG.error("what was last known of switch source {} cannot be read from {}", source.name(), cache, e);
        }
    }

    /** Reads the source; one thread at a time. */
    News poll() {
        SwitchSnapshot read;
        try {
            read = source.read();
        } catch (IOException | RuntimeException e) {
            return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        if (read == null) {
            return failed("it returned null");
        }
        return took(read);
    }

    private synchronized News took(SwitchSnapshot read) {
        State before = state;
        state = new State(read, time.nanoTime(), Optional.empty());
        return new News(before.good(), read, Optional.empty(), before.fault().isPresent());
    }

    /** Keeps what is known for the next run; by the thread that reads the source. */
    void keep() {
        SwitchSnapshot good = state.good();
        if (cache == null || good.equals(kept)) {
            return;
        }
        kept = good; // also if it fails, as it would four times a second
        try {
            DurableFiles.createDirectories(DurableFiles.parentOf(cache));
            DurableFiles.replace(cache, SwitchJson.write(good));
        } catch (IOException e) {
            LOG.error("what is known of switch source {} could not be kept in {}", source.name(), cache, e);
        }
    }

    private synchronized News failed(String why) {
        State before = state;
        state = new State(before.good(), before.nanos(), Optional.of(why));
        return new News(
                before.good(), before.good(), before.fault().isEmpty() ? Optional.of(why) : Optional.empty(), false);
    }

    /** Notices a read that does not come back; by another thread than the one that reads. */
    synchronized News watch() {
        State now = state;
        boolean overdue = now.fault().isEmpty() && ageOf(now).compareTo(OVERDUE) > 0;
        return overdue
                ? failed("no read has come back for " + OVERDUE.toSeconds() + " s")
                : new News(now.good(), now.good(), Optional.empty(), false);
    }

    private Duration ageOf(State known) {
        return Duration.ofNanos(time.nanoTime() - known.nanos());
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
                        .because("switch source '" + source.name() + "' could not be read for longer than "
                                + policy.limit().orElseThrow()),
                now));
        return all;
    }

    /** Whether the last known good state is older than its owner lets it be. */
    boolean isStale() {
        return isStale(state);
    }

    private boolean isStale(State known) {
        return policy.then() == SourcePolicy.Stale.KILL_EVERYTHING
                && policy.limit()
                        .filter(limit -> ageOf(known).compareTo(limit) > 0)
                        .isPresent();
    }

    Optional<Cause> freeze() {
        return state.good().freeze();
    }
}
