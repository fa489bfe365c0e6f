// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.TilePath;
import io.github.incident4j.audit.internal.merkle.TileSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiles of a trail as files, laid out as C2SP tlog-tiles wants them. They are not forced to the disk: they follow
 * from the log, and what a power cut takes of them is made again when the trail is opened.
 */
final class TileStore implements TileSource {
    private static final Logger LOG = LoggerFactory.getLogger(TileStore.class);
    private static final int FULL = 256;
    private static final long AHEAD = 1_024; // more tiles than lines may wait for the disk

    private final Path trail;

    TileStore(Path trail) {
        this.trail = trail;
    }

    /**
     * Forces the tiles with the hashes of some records to the disk; passes over those that are lost.
     *
     * @param from the first record
     * @param until the first record behind them
     * @param size how large the tree is
     * @return the folders that have to be forced, too, as the tiles may have been made there just now
     * @throws NoSuchFileException if one is not full yet
     */
    Set<Path> force(long from, long until, long size) throws IOException {
        Set<Path> folders = new HashSet<>();
        for (long index = from / FULL; index * FULL < until; index++) {
            Path file = trail.resolve(TilePath.of(0, index, FULL));
            try (FileChannel tile = FileChannel.open(file, StandardOpenOption.WRITE)) {
                tile.force(false);
                for (Path up = file; !up.equals(trail); ) {
                    up = DurableFiles.parentOf(up);
                    folders.add(up);
                }
            } catch (NoSuchFileException e) {
                if ((index + 1) * FULL > size) {
                    throw e;
                }
                LOG.debug("tile {} is lost", index);
            }
        }
        return folders;
    }

    /**
     * Writes a tile. Nobody looks for it before a checkpoint attests it, so a half of it does no harm.
     *
     * @return the file
     */
    Path write(int level, long index, byte[] hashes) throws IOException {
        int width = hashes.length / Hashes.SIZE;
        Path file = trail.resolve(TilePath.of(level, index, width));
        if (width < FULL && Arrays.equals(read(file, width), hashes)) {
            return file; // somebody may be reading it
        }
        try {
            Files.write(file, hashes);
        } catch (NoSuchFileException e) { // one in a thousand is the first of its folder
            Files.createDirectories(DurableFiles.parentOf(file));
            Files.write(file, hashes);
        }
        return file;
    }

    /** The files of the tiles that are not full in a tree. */
    Set<Path> partials(long size) {
        Set<Path> partials = new HashSet<>();
        int level = 0;
        for (long hashes = size; hashes > 0; hashes /= FULL) {
            if (hashes % FULL > 0) {
                partials.add(trail.resolve(TilePath.of(level, hashes / FULL, (int) (hashes % FULL))));
            }
            level++;
        }
        return partials;
    }

    /** Removes the tiles that are not full in a tree, which the next checkpoint writes anew. */
    void dropPartials(long size) throws IOException {
        int level = 0;
        for (long index = size / FULL; level == 0 || index > 0; index /= FULL) {
            for (Path partial : widest(partials(level++, index))) {
                Files.delete(partial);
            }
        }
        for (Path partial : widest(partials(level, 0))) {
            Files.delete(partial);
        }
    }

    /**
     * Removes the full tiles of records that a tree does not have: a crash has taken their lines, which were not on the
     * disk yet, and other lines will come in their place.
     */
    void dropBeyond(long size) throws IOException {
        int level = 0;
        for (long full = size / FULL; ; full /= FULL) {
            long beyond = full + Math.max(1, (AHEAD >> (8 * level)));
            for (long index = full; index <= beyond; index++) {
                Files.deleteIfExists(trail.resolve(TilePath.of(level, index, FULL)));
            }
            level++;
            if (full == 0 && level > 2) {
                return;
            }
        }
    }

    /** Moves all tiles to another folder, if there are any. */
    void moveTo(Path folder) throws IOException {
        Path tiles = trail.resolve("tile");
        if (Files.exists(tiles)) {
            Files.move(tiles, folder, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.forceDirectory(DurableFiles.parentOf(folder));
            DurableFiles.forceDirectory(trail);
        }
    }

    /** Moves all tiles into another store, where they take the places of those that are there; then nothing is left. */
    void moveTo(TileStore other) throws IOException {
        for (Path tile : files(trail)) {
            Path to = other.trail.resolve(trail.relativize(tile));
            Files.createDirectories(DurableFiles.parentOf(to));
            Files.move(tile, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        delete();
    }

    /** Removes a store that has a folder of its own. */
    void delete() throws IOException {
        if (Files.exists(trail)) {
            try (Stream<Path> all = Files.walk(trail)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private Path partials(int level, long index) {
        return DurableFiles.parentOf(trail.resolve(TilePath.of(level, index, 1)));
    }

    /** The partial tiles in a folder, the widest first. */
    private static List<Path> widest(Path partials) throws IOException {
        if (!Files.isDirectory(partials)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(partials)) {
            return files.filter(TileStore::isPartial)
                    .sorted(Comparator.comparingInt((Path file) -> Integer.parseInt(TrailFiles.nameOf(file)))
                            .reversed())
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Whether a file is called by a width that a tile can have which is not full. */
    private static boolean isPartial(Path file) {
        String name = TrailFiles.nameOf(file);
        return name.matches("[1-9][0-9]{0,2}") && Integer.parseInt(name) < FULL && Files.isRegularFile(file);
    }

    @Override
    public byte[] tile(int level, long index, int width) throws IOException {
        byte[] found = find(level, index, width);
        if (found.length == 0) {
            throw new NoSuchFileException(
                    trail.resolve(TilePath.of(level, index, width)).toString(), null, "the tile is missing or cut off");
        }
        return found;
    }

    /** The first hashes of a tile; nothing where it is missing or cut off. */
    byte[] find(int level, long index, int width) throws IOException {
        byte[] exact = read(trail.resolve(TilePath.of(level, index, FULL)), width); // before what it was made of
        if (exact.length == 0 && width < FULL) {
            exact = read(trail.resolve(TilePath.of(level, index, width)), width);
        }
        if (exact.length == 0) {
            for (Path partial : widest(partials(level, index))) {
                exact = read(partial, width);
                if (exact.length > 0) {
                    break; // the widest may be cut off
                }
            }
        }
        return exact;
    }

    /** Returns the first hashes of a tile, or nothing where the file is not there or too short. */
    private static byte[] read(Path file, int width) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length < width * Hashes.SIZE ? new byte[0] : Arrays.copyOf(bytes, width * Hashes.SIZE);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
