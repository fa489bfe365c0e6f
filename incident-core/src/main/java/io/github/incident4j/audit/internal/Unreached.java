// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.SecretFile.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where nobody can know whether a person is: what is filed there is filed under a key that is lost, or cannot be read
 * but may be mended. No erasure is told as whole as long as there is such a place.
 *
 * @param from the first record
 * @param until the first record behind it; {@link Long#MAX_VALUE} in the newest segment
 * @param files the files of secrets
 * @param why what is wrong
 */
record Unreached(long from, long until, List<Path> files, String why) {
    private static final String LOST = "filed under a key that is not in subjects: put that tag.key back from a copy";
    private static final String DAMAGED = "secrets are damaged: put them back from a copy";

    Unreached {
        files = List.copyOf(files);
    }

    /**
     * Looks for such places.
     *
     * @param files the trail
     * @param keys the keys that were tried
     * @param present the segment that is being written, under a key that its writer knows
     * @return the places, oldest first; those that lie side by side are one
     */
    static List<Unreached> of(TrailFiles files, TagKeys keys, Path present) throws IOException {
        List<Unreached> found = new ArrayList<>();
        List<Path> segments = files.segments();
        for (Path secrets : files.secrets()) {
            Path segment = files.segmentOf(secrets);
            long from = TrailFiles.firstSequenceOf(segment);
            long until = segments.stream()
                    .mapToLong(TrailFiles::firstSequenceOf)
                    .filter(first -> first > from)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            if (!segment.equals(present) && isLost(files, segment, until, keys)) {
                add(found, new Unreached(from, until, List.of(secrets), LOST));
            }
            if (has(secrets, Kind.UNREADABLE)) {
                add(found, new Unreached(from, until, List.of(secrets), DAMAGED));
            }
        }
        for (Path aside : files.secretsSetAside()) { // the log to which they belong may come back
            long from = TrailFiles.firstSequenceOf(aside);
            if (!keys.cover(from + 1) && has(aside, Kind.LIVING)) {
                found.add(new Unreached(from, Long.MAX_VALUE, List.of(aside), LOST));
            }
            if (has(aside, Kind.UNREADABLE)) {
                found.add(new Unreached(from, Long.MAX_VALUE, List.of(aside), DAMAGED));
            }
        }
        return found;
    }

    private static boolean isLost(TrailFiles files, Path segment, long until, TagKeys keys) throws IOException {
        return switch (Filing.of(files, segment, keys)) {
            case RIGHT -> false;
            case WRONG -> true;
            case UNKNOWN -> !keys.cover(until) && has(files.secrets(segment), Kind.LIVING);
        };
    }

    private static boolean has(Path secrets, Kind kind) throws IOException {
        return SecretFile.read(secrets).stream().anyMatch(line -> line.kind() == kind);
    }

    private static void add(List<Unreached> found, Unreached next) {
        int last = found.size() - 1;
        if (last < 0
                || found.get(last).until != next.from
                || !found.get(last).why.equals(next.why)) {
            found.add(next);
            return;
        }
        List<Path> both = new ArrayList<>(found.get(last).files);
        both.addAll(next.files);
        found.set(last, new Unreached(found.get(last).from, next.until, both, next.why));
    }

    /** Says of all of them where they are and what helps. */
    static String describe(List<Unreached> places) {
        return places.stream().map(Unreached::describe).collect(Collectors.joining("; "));
    }

    private String describe() {
        String first = TrailFiles.nameOf(files.get(0));
        String last = TrailFiles.nameOf(files.get(files.size() - 1));
        String records =
                until == Long.MAX_VALUE ? "from record " + from + " on" : "records " + from + " to " + (until - 1);
        return records + " (subjects/" + first + (files.size() == 1 ? "" : " to " + last) + "): " + why;
    }
}
