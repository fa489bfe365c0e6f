// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of a trail.
 *
 * <pre>
 * trail/log/00000000000000000000.jsonl   segments, named by their first sequence number
 * trail/side/00000000000000000000.jsonl  what can be erased of a segment's records, sealed
 * trail/broken/…                         what was set aside, named in a recovery record
 * trail/aside/00000000000000000000.json  a record that is too long for a line
 * trail/opened                           what the run that writes has marked it with
 * subjects/00000000000000000000.keys     the secrets that open a segment's side records
 * subjects/tag.key                       the key by which people are found among them
 * subjects/tag.key.00000000000000004711  another one, in use from that record on, as the one before was not there
 * </pre>
 */
final class TrailFiles {
    private static final String SUFFIX = ".jsonl";
    private static final String SECRETS = ".keys";
    private static final String ASIDE = ".json";
    private static final String TAG_KEY = "tag.key";
    private static final int NAME_DIGITS = 20;

    /** What is called like this in {@code trail/broken} was a part of a trail that had a checkpoint. */
    private static final String TILES = "tile@";

    static final String KEY_UNTRUSTED = "verifier.pub@untrusted";

    private final Path trail;
    private final Path log;
    private final Path side;
    private final Path subjects;
    private final Path broken;

    TrailFiles(Path trail) {
        this.trail = trail;
        this.side = trail.resolve("side");
        this.subjects = trail.resolveSibling("subjects");
        this.log = trail.resolve("log");
        this.broken = trail.resolve("broken");
    }

    Path log() {
        return log;
    }

    /** The side records of a segment. */
    Path side(Path segment) {
        return side.resolve(nameOf(segment));
    }

    /** The line of a record that is too long for the log. */
    Path aside(long sequence) {
        return trail.resolve("aside").resolve(digits(sequence) + ASIDE);
    }

    /** The lines that were moved aside of the records before one. */
    List<Path> asidesBefore(long sequence) throws IOException {
        String end = digits(sequence);
        return asides(ASIDE).stream()
                .filter(file -> nameOf(file).compareTo(end) < 0)
                .toList();
    }

    /** How many bytes each line has that was moved aside, by the name of its file. */
    NavigableMap<String, Long> asideSizes() throws IOException {
        NavigableMap<String, Long> sizes = new TreeMap<>();
        for (Path file : asides(ASIDE)) {
            if (isNumbered(file, ASIDE)) { // nobody drops evidence by files that he puts there
                sizes.put(nameOf(file), Files.size(file));
            }
        }
        return sizes;
    }

    /**
     * Removes what a crash has left of lines that were being moved aside, or dropped.
     *
     * @param begin the first record that was not dropped
     */
    void removeAsideLeftovers(long begin) throws IOException {
        for (Path file : asidesBefore(begin)) {
            Files.deleteIfExists(file);
        }
        for (Path file : asides(ASIDE + ".next")) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> asides(String suffix) throws IOException {
        return sorted(DurableFiles.parentOf(aside(0)), file -> nameOf(file).endsWith(suffix));
    }

    /** The folder of the secrets: whoever has a copy of it can read what was erased since. */
    Path subjects() {
        return subjects;
    }

    /** The secrets of a segment's subjects. */
    Path secrets(Path segment) {
        return subjects.resolve(nameOf(segment).substring(0, NAME_DIGITS) + SECRETS);
    }

    /** The segment of which a file has the secrets. */
    Path segmentOf(Path secrets) {
        return log.resolve(nameOf(secrets).substring(0, NAME_DIGITS) + SUFFIX);
    }

    /** All files of secrets, in the order of their segments. */
    List<Path> secrets() throws IOException {
        return numbered(subjects, SECRETS);
    }

    /** Files of secrets that lay in the way of another one; they may belong to a log that comes back. */
    List<Path> secretsSetAside() throws IOException {
        return sorted(subjects, file -> isSetAside(nameOf(file)));
    }

    private static boolean isSetAside(String name) {
        return name.endsWith(".broken")
                && name.startsWith(SECRETS + '.', NAME_DIGITS)
                && isNumber(name.substring(0, NAME_DIGITS));
    }

    /** All files of side records, in the order of their segments. */
    List<Path> sides() throws IOException {
        return numbered(side, SUFFIX);
    }

    private static List<Path> numbered(Path folder, String suffix) throws IOException {
        return sorted(folder, file -> isNumbered(file, suffix));
    }

    /** Some of the files of a folder, which may not be there. */
    private static List<Path> sorted(Path folder, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(wanted).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The files that hold the keys by which subjects are found among the secrets, in the order of their use. */
    List<Path> tagKeys() throws IOException {
        return sorted(subjects, file -> usedFrom(file) >= 0); // as their names are: the first one is the shortest
    }

    /** The file of a key that is in use from a record on. */
    Path tagKey(long from) {
        return subjects.resolve(from == 0 ? TAG_KEY : TAG_KEY + '.' + digits(from));
    }

    /** From which record on a key is in use; negative where the file is none of a key. */
    static long usedFrom(Path tagKey) {
        String name = nameOf(tagKey);
        if (name.equals(TAG_KEY)) {
            return 0;
        }
        boolean later = name.startsWith(TAG_KEY + '.') && isNumber(name.substring(TAG_KEY.length() + 1));
        return later ? Long.parseLong(name.substring(TAG_KEY.length() + 1)) : -1;
    }

    TileStore tiles() {
        return new TileStore(trail);
    }

    /** Where tiles that are made anew wait until the tree is known to be the one that was signed. */
    TileStore remadeTiles() {
        return new TileStore(trail.resolve("remade"));
    }

    Path checkpoint() {
        return trail.resolve("checkpoint");
    }

    /** The mark of the run that writes. */
    Path opened() {
        return trail.resolve("opened");
    }

    Path verifierKey() {
        return trail.resolve("verifier.pub");
    }

    /**
     * Whether the trail has had a checkpoint: the indexes of segments are written after the first one, and the verifier
     * key, too; but older builds wrote the key before it, and no tile. An opening that came to no end may have moved
     * tiles and key to {@code trail/broken} before it could put on record why.
     */
    boolean wasAttested() throws IOException {
        return (Files.exists(verifierKey()) && hasTiles())
                || Files.exists(trail.resolve("index"))
                || brokenNames().stream().anyMatch(name -> name.startsWith(TILES) || name.startsWith(KEY_UNTRUSTED));
    }

    /** Whether there are tiles; in the first moments of a trail that is so before it has a checkpoint. */
    boolean hasTiles() {
        return Files.exists(trail.resolve("tile"));
    }

    Path index(Path segment) {
        String name = nameOf(segment);
        return trail.resolve("index").resolve(name.substring(0, NAME_DIGITS) + ".json");
    }

    Path segment(long firstSequence) {
        return log.resolve(digits(firstSequence) + SUFFIX);
    }

    private static String digits(long sequence) {
        return String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", sequence);
    }

    /** Returns the segments in the order of their first sequence numbers. */
    List<Path> segments() throws IOException {
        return numbered(log, SUFFIX);
    }

    private static boolean isNumbered(Path file, String suffix) {
        String name = nameOf(file);
        return name.endsWith(suffix) && isNumber(name.substring(0, name.length() - suffix.length()));
    }

    /** Whether it is a number as files are called by, which is small enough to be one. */
    private static boolean isNumber(String digits) {
        return digits.length() == NAME_DIGITS
                && digits.startsWith("00")
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static long firstSequenceOf(Path segment) {
        return Long.parseLong(nameOf(segment).substring(0, NAME_DIGITS));
    }

    /** How many bytes a file has; none if it is not there. */
    static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Where the tiles of a tree go of which nobody vouches any more. */
    Path freeBrokenTiles(long size) throws IOException {
        return freeBrokenPath(TILES + size);
    }

    /** Returns a path in the folder for broken parts that no file has yet. */
    Path freeBrokenPath(String name) throws IOException {
        DurableFiles.createDirectories(broken);
        return DurableFiles.freeBrokenPath(broken.resolve(name));
    }

    /** What was set aside under a name. */
    Path broken(String name) {
        return broken.resolve(name);
    }

    /** The names of files that were set aside, and are whole; not those of tiles, which lie in folders. */
    List<String> brokenFiles() throws IOException {
        return brokenNames().stream()
                .filter(name -> name.endsWith(".broken") && Files.isRegularFile(broken(name)))
                .toList();
    }

    /** The names of what was set aside. */
    List<String> brokenNames() throws IOException {
        return sorted(broken, file -> true).stream().map(TrailFiles::nameOf).toList();
    }
}
