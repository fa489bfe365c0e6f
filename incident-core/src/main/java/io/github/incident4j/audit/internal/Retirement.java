// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the oldest segments when retention wants it: first on record, and from the disk when a checkpoint attests that.
 * The segment that is being written always stays. Used by the attestor's thread.
 */
final class Retirement {
    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
    private static final long EVERY = Duration.ofHours(1).toNanos();
    private static final int AT_ONCE = 16; // segments: some seconds, for which checkpoints wait
    private static final Duration AHEAD = Duration.ofDays(1); // of the clock: more than a restart takes

    private final TrailFiles files;
    private final AttestedTimes times;
    private final Retention retention;
    private final List<RetentionHold> holds;
    private final TimeSource time;
    private final Predicate<TrailEntry> record;
    private final LongSupplier forced;
    private final Fence fence;
    private final Removal removal;
    private final Consumer<String> alarm;
    private final Instant earlier; // the newest time that earlier runs know
    private final long opened;
    private long last;
    private boolean told; // that the clock is ahead
    private boolean lostTold; // that tiles are lost
    private final Set<Path> damageTold = new HashSet<>(); // of segments that are to go
    private long retired = -1; // the last record that is on record as dropped
    private long attestedFrom; // how much a checkpoint attests that covers the record of what goes
    private List<Path> recorded = List.of(); // as dropped, and to be removed with the next checkpoint

    /**
     * Creates a retirement.
     *
     * @param files the trail
     * @param retention what is kept
     * @param holds what must not go
     * @param time the clocks
     * @param record puts an entry on record and says whether it is on the disk
     * @param forced tells how many records are on the disk
     * @param fence stands before whatever is removed
     * @param alarm is told what a person should look at
     * @param removal removes what goes
     * @throws IOException if the newest record cannot be read
     */
    Retirement(
            TrailFiles files,
            Retention retention,
            List<RetentionHold> holds,
            TimeSource time,
            Predicate<TrailEntry> record,
            LongSupplier forced,
            Fence fence,
            Consumer<String> alarm,
            Removal removal)
            throws IOException {
        this.alarm = alarm;
        this.removal = removal;
        this.forced = forced;
        this.fence = fence;
        this.files = files;
        this.times = new AttestedTimes(files);
        this.retention = retention;
        this.holds = List.copyOf(holds);
        this.time = time;
        this.record = record;
        this.opened = time.nanoTime();
        this.last = opened - EVERY; // once after the first checkpoint
        this.earlier = isLimited() ? newest() : Instant.MIN;
    }

    private boolean isLimited() {
        return retention.maxAge().isPresent() || retention.maxBytes().isPresent();
    }

    /** Removes a file, if it is there. */
    interface Removal {
        void remove(Path file) throws IOException;
    }

    /** Takes up that earlier runs have recorded what they drop: they may not have come to that, or not want it now. */
    void resume(long through) {
        retired = through;
    }

    /**
     * Drops what may go, once an hour and some at a time; given the last checkpoint, which attests what is said of
     * records.
     */
    void sweep(Checkpoint attested) {
        if ((!isLimited() && retired < 0) || (recorded.isEmpty() && time.nanoTime() - last < EVERY)) {
            return;
        }
        try {
            if (!recorded.isEmpty()) {
                if (attested.size() >= attestedFrom) {
                    remove(attested);
                }
            } else {
                last = time.nanoTime();
                List<Path> outdated = isLimited() ? outdated(attested) : List.of();
                takeBack(outdated);
                record(outdated, attested);
            }
            tellIfTilesAreLost();
        } catch (IOException e) {
            LOG.warn("old segments of the audit trail could not be dropped; it is tried again in an hour", e);
        }
    }

    /**
     * A clock may be set ahead, and what is gone does not come back: no more time has passed than since this run began,
     * behind what earlier runs have seen. That leaves out how long nobody ran.
     */
    private Instant now() {
        Instant passed = earlier.plusNanos(Math.max(0, time.nanoTime() - opened));
        Instant clock = time.instant();
        return clock.isBefore(passed) ? clock : passed;
    }

    /** What cannot be proved any more goes with what was written behind it, as damaged segments do. */
    private void tellIfTilesAreLost() {
        Optional<String> lost = lostTold ? Optional.empty() : times.lost();
        if (lost.isPresent()) {
            lostTold = true;
            alarm.accept("tiles of the audit trail are lost and cannot be made anew from the log: " + lost.get()
                    + ". What they attested of old records cannot be proved any more; put trail/tile back from a copy."
                    + " Retention goes on with what can be proved");
        }
    }

    private List<Path> outdated(Checkpoint attested) throws IOException {
        List<Path> outdated = outdated(now(), attested);
        tellIfAhead(outdated, attested);
        return outdated;
    }

    /** A clock that is ahead by no more than a restart takes is right. */
    private void tellIfAhead(List<Path> outdated, Checkpoint attested) throws IOException {
        Instant clock = time.instant();
        boolean ahead = !told && clock.isAfter(now().plus(AHEAD));
        int more = ahead ? outdated(clock, attested).size() - outdated.size() : 0;
        if (more > 0) {
            told = true;
            alarm.accept("the clock says " + clock + ", but the newest record of earlier runs and the time since the"
                    + " start only " + now() + ": " + more + " segments of the audit trail stay that would be too old."
                    + " Set the clock right; if it is right, as nobody ran for so long, they go after the next start");
        }
    }

    private List<Path> outdated(Instant now, Checkpoint attested) throws IOException {
        List<Path> segments = files.segments();
        times.keep(segments);
        damageTold.retainAll(segments);
        if (segments.size() < 2 || isOlderCopy()) {
            return List.of();
        }
        Instant held = heldSince();
        Instant mayGo = now.minus(retention.atLeast());
        mayGo = held.isBefore(mayGo) ? held : mayGo;
        Instant mustGo = retention.maxAge().map(now::minus).orElse(Instant.MIN);
        long bytes = 0;
        NavigableMap<String, Long> asides = files.asideSizes();
        asides.entrySet().removeIf(each -> !isOurs(segments, each.getKey(), each.getValue()));
        for (long each : asides.values()) {
            bytes += each;
        }
        for (Path segment : segments) {
            bytes += bytes(segment);
        }
        List<Path> outdated = new ArrayList<>();
        for (int i = 0; i < segments.size() - 1 && outdated.size() < AT_ONCE; i++) {
            Path segment = segments.get(i);
            Instant newest = newest(segments, i, attested);
            boolean tooMuch = bytes > retention.maxBytes().orElse(Long.MAX_VALUE);
            if (!newest.isBefore(mayGo) || !(tooMuch || newest.isBefore(mustGo))) {
                break; // what follows is younger
            }
            outdated.add(segment);
            bytes -= bytes(segment);
            NavigableMap<String, Long> itsOwn = asides.headMap(
                    TrailFiles.nameOf(files.aside(TrailFiles.firstSequenceOf(segments.get(i + 1)))), false);
            for (long each : itsOwn.values()) {
                bytes -= each;
            }
            itsOwn.clear();
        }
        return outdated;
    }

    /** One that lies in the place of the right trail knows none of the holds that came since. */
    private boolean isOlderCopy() throws IOException {
        long secrets = newest(files.secrets()); // first: who writes begins with the segment
        boolean older = secrets > newest(files.segments());
        if (older) {
            LOG.warn(
                    "nothing old is dropped: there are secrets of records that the audit trail does not have, so it may"
                            + " be an older copy, which knows none of the evidence holds that came since");
        }
        return older;
    }

    private static long newest(List<Path> numbered) {
        return numbered.isEmpty() ? -1 : TrailFiles.firstSequenceOf(numbered.get(numbered.size() - 1));
    }

    /** Nobody has evidence dropped for want of room by files that he puts there: the log names those that are ours. */
    private boolean isOurs(List<Path> segments, String name, long bytes) {
        long sequence = TrailFiles.firstSequenceOf(files.aside(0).resolveSibling(name));
        Path segment = segments.get(0);
        for (Path each : segments) {
            segment = TrailFiles.firstSequenceOf(each) <= sequence ? each : segment;
        }
        try (Lines line = SegmentIndex.find(files, segment, sequence)) {
            return line != null && LineFormat.asideBytesOf(line.array(), line.start(), line.length()) == bytes;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isHeld(Path segment, Checkpoint attested) throws IOException {
        List<Path> segments = files.segments();
        return !newest(segments, segments.indexOf(segment), attested).isBefore(heldSince());
    }

    /** Since when everything is needed. */
    private Instant heldSince() {
        Instant first = Instant.MAX;
        for (RetentionHold hold : holds) {
            Instant since = hold.heldSince().orElse(Instant.MAX);
            first = since.isBefore(first) ? since : first;
        }
        return first;
    }

    /**
     * When the newest record of a segment happened, as the checkpoint attests. Of one that is damaged nobody can say
     * that; it is older than what was written behind it.
     */
    private Instant newest(List<Path> segments, int index, Checkpoint attested) throws IOException {
        for (int i = index; i < segments.size() - 1; i++) {
            long next = TrailFiles.firstSequenceOf(segments.get(i + 1));
            Optional<Instant> newest = times.newest(segments.get(i), next, attested);
            if (newest.isPresent()) {
                return newest.get();
            }
        }
        return Instant.MAX;
    }

    /**
     * When the newest record of earlier runs happened: as attested lines tell, for others may be forged; before the
     * first checkpoint there are only others. Where none tells, nobody knows that any time has passed.
     */
    private Instant newest() throws IOException {
        Checkpoint signed;
        try {
            signed = TrailReader.signed(files);
        } catch (IOException e) {
            LOG.warn("nobody can tell how old the audit trail is, so this run drops nothing of it: {}", e.getMessage());
            return Instant.EPOCH;
        }
        List<Path> segments = files.segments();
        for (int i = segments.size() - 1; i >= 0; i--) {
            Optional<Instant> newest =
                    signed == null ? newestOf(segments.get(i)) : times.newestOf(segments.get(i), signed);
            if (newest.isPresent()) {
                return newest.get();
            }
        }
        return signed == null ? time.instant() : Instant.EPOCH;
    }

    /** When the newest record of a segment happened, as far as lines tell that. */
    private static Optional<Instant> newestOf(Path segment) throws IOException {
        return SegmentIndex.scan(segment).blocks().stream()
                .map(SegmentIndex.Block::latest)
                .filter(latest -> !latest.equals(Instant.MAX))
                .max(Instant::compareTo);
    }

    /** The first record that does not stand in a segment any more. */
    private long lastOf(Path segment) throws IOException {
        List<Path> all = files.segments();
        return TrailFiles.firstSequenceOf(all.get(all.indexOf(segment) + 1));
    }

    private long bytes(Path segment) throws IOException {
        return TrailFiles.sizeOf(segment)
                + TrailFiles.sizeOf(files.side(segment))
                + TrailFiles.sizeOf(files.secrets(segment));
    }

    private void record(List<Path> segments, Checkpoint attested) throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        long from = TrailFiles.firstSequenceOf(segments.get(0));
        List<Path> all = files.segments();
        long until = TrailFiles.firstSequenceOf(all.get(all.indexOf(segments.get(segments.size() - 1)) + 1));
        if (!tellOfDamage(segments, attested)
                || !record.test(new Dropping(Retirements.TYPE, from, until - 1, time.nanoTime()))) {
            LOG.warn("old segments of the audit trail stay, since it cannot be recorded now that they go");
            return;
        }
        retired = Math.max(retired, until - 1);
        recorded = segments;
        attestedFrom = forced.getAsLong();
        LOG.info("records {} to {} of the audit trail are dropped, as its retention wants it", from, until - 1);
    }

    /** Puts on record what is wrong with segments, as that goes with them. False if it cannot be recorded. */
    private boolean tellOfDamage(List<Path> segments, Checkpoint attested) throws IOException {
        for (Path segment : segments) {
            Optional<TrailDamage> damage = damageTold.contains(segment) ? Optional.empty() : damage(segment, attested);
            if (damage.isPresent()) {
                LOG.error(
                        "audit trail, {}: {}",
                        damage.get().segment(),
                        damage.get().fault());
                if (!record.test(damage.get())) {
                    return false;
                }
                damageTold.add(segment);
            }
        }
        return true;
    }

    /** Where lines are damaged, an index that is not theirs would only be an echo. */
    private Optional<TrailDamage> damage(Path segment, Checkpoint attested) throws IOException {
        if (times.newest(segment, lastOf(segment), attested).isEmpty()) {
            String fault = "not all of its lines were those that the checkpoint attests";
            return Optional.of(new TrailDamage(TrailFiles.nameOf(segment), fault, time.nanoTime()));
        }
        if (!SegmentIndex.isWrong(files, segment, SegmentIndex.scan(segment))) {
            return Optional.empty();
        }
        String index = "index/" + TrailFiles.nameOf(files.index(segment));
        return Optional.of(new TrailDamage(index, "it was not that of the segment", time.nanoTime()));
    }

    private void remove(Checkpoint attested) throws IOException {
        List<Path> segments = new ArrayList<>(recorded);
        recorded = List.of();
        boolean more = segments.size() == AT_ONCE;
        segments.retainAll(outdated(attested)); // somebody may have come to need them meanwhile
        takeBack(segments);
        for (Path segment : segments) {
            if (isHeld(segment, attested)) { // by now: each removal takes its time
                takeBack(List.of());
                return;
            }
            fence.pass(() -> remove(segment, attested));
        }
        last = more ? time.nanoTime() - EVERY : last; // not where one could not be removed
    }

    /** What stays although it is on record as dropped may be needed, so it must not go unnoticed. */
    private void takeBack(List<Path> going) throws IOException {
        for (Path segment : files.segments()) {
            long first = TrailFiles.firstSequenceOf(segment);
            if (first > retired) {
                return;
            }
            if (!going.contains(segment) && isWhole(segment)) {
                if (record.test(new Dropping(Retirements.KEPT, first, retired, time.nanoTime()))) {
                    LOG.info(
                            "records {} to {} of the audit trail stay, though they were to be dropped", first, retired);
                    retired = first - 1;
                }
                return;
            }
        }
    }

    /** Whether no removal has begun with it, which its secrets would be the first to go by. */
    private boolean isWhole(Path segment) throws IOException {
        if (Files.exists(files.secrets(segment))) {
            return true;
        }
        try (Lines lines = new Lines(segment)) {
            while (lines.next()) {
                if (LineFormat.commitmentOf(lines.array(), lines.start(), lines.length()) != null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What was set aside goes with the record that names it, or each opening would name it anew. */
    private void removeSetAside(Path segment) throws IOException {
        List<String> names = times.isAttested(segment) ? files.brokenFiles() : List.of();
        if (names.isEmpty()) {
            return;
        }
        try (Lines lines = new Lines(segment)) {
            while (lines.next()) {
                if (LineFormat.isOfType(lines.array(), lines.start(), lines.length(), SetAside.QUOTED)) {
                    String name = Json.mapper()
                            .readTree(lines.copy())
                            .path(SetAside.MOVED_TO)
                            .asText();
                    if (names.contains(name)) {
                        removal.remove(files.broken(name));
                    }
                }
            }
        }
    }

    private void remove(Path segment, Checkpoint attested) throws IOException {
        long end = lastOf(segment);
        removeSetAside(segment);
        times.mend(TrailFiles.firstSequenceOf(segment), end, attested);
        for (Path folder : files.tiles().force(TrailFiles.firstSequenceOf(segment), end, attested.size())) {
            DurableFiles.forceDirectory(folder); // its hashes are all that is left of it
        }
        removal.remove(files.secrets(segment)); // first: what is left over is unreadable
        removal.remove(files.side(segment));
        removal.remove(files.index(segment));
        forceFolderOf(files.secrets(segment)); // nobody looks for what is left without its segment
        forceFolderOf(files.side(segment));
        removal.remove(segment);
        DurableFiles.forceDirectory(files.log());
        for (Path aside : files.asidesBefore(end)) { // with what a crash has left of earlier ones
            removal.remove(aside);
        }
    }

    private static void forceFolderOf(Path file) throws IOException {
        Path folder = DurableFiles.parentOf(file);
        if (Files.exists(folder)) {
            DurableFiles.forceDirectory(folder);
        }
    }

    /** Records that are dropped on purpose, or stay after all. */
    private record Dropping(String type, long from, long through, long nanoTime) implements TrailEntry {
        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeNumberField("from", from);
            json.writeNumberField("through", through);
        }
    }
}
