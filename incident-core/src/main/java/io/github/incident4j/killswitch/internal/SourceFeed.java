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
 * source is away.
 */
final class SourceFeed {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFeed.class);

    /** A read that takes longer has failed, as far as anybody waiting for it is concerned. */
    private static final Duration OVERDUE = Duration.ofSeconds(5);

    private final SwitchSource source;
    private final SourcePolicy policy;
    private final @Nullable Path cache;
    private final TimeSource time;

    private SwitchSnapshot good = SwitchSnapshot.EMPTY;
    private long goodNanos;
    private Optional<String> fault = Optional.empty();

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
        this.goodNanos = time.nanoTime();
    }

    SwitchSource source() {
        return source;
    }

    /** Takes the state that an earlier run has kept. */
    synchronized void loadCache() {
        if (cache == null || !Files.exists(cache)) {
            return;
        }
        try {
            good = SwitchJson.read(Files.readAllBytes(cache), time.instant());
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
        SwitchSnapshot before = good;
        boolean recovered = fault.isPresent();
        good = read;
        goodNanos = time.nanoTime();
        fault = Optional.empty();
        if (!before.equals(read)) {
            keep(read);
        }
        return new News(before, read, Optional.empty(), recovered);
    }

    private void keep(SwitchSnapshot read) {
        if (cache == null) {
            return;
        }
        try {
            DurableFiles.createDirectories(DurableFiles.parentOf(cache));
            DurableFiles.replace(cache, SwitchJson.write(read));
        } catch (IOException e) {
            LOG.error("what is known of switch source {} could not be kept in {}", source.name(), cache, e);
        }
    }

    private synchronized News failed(String why) {
        boolean first = fault.isEmpty();
        fault = Optional.of(why);
        return new News(good, good, first ? fault : Optional.empty(), false);
    }

    /** Notices a read that does not come back; by another thread than the one that reads. */
    News watch() {
        synchronized (this) {
            boolean overdue = fault.isEmpty() && age().compareTo(OVERDUE) > 0;
            return overdue
                    ? failed("no read has come back for " + OVERDUE.toSeconds() + " s")
                    : new News(good, good, Optional.empty(), false);
        }
    }

    private Duration age() {
        return Duration.ofNanos(time.nanoTime() - goodNanos);
    }

    /** The switches that hold now. */
    synchronized List<Switch> switches(Instant now) {
        if (!isStale()) {
            return good.switches();
        }
        List<Switch> all = new ArrayList<>(good.switches());
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
    synchronized boolean isStale() {
        return policy.then() == SourcePolicy.Stale.KILL_EVERYTHING
                && policy.limit().filter(limit -> age().compareTo(limit) > 0).isPresent();
    }

    synchronized Optional<Cause> freeze() {
        return good.freeze();
    }
}
