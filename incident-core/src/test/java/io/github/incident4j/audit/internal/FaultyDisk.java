// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Segment files that fail when told to, and that remember which writes were forced, so that the images which a power
 * cut may leave can be made: everything that was forced, and of the rest any part, in any order, each write whole or
 * torn, each truncation done or not; a file of which the directory was not forced since it was created may be missing.
 */
final class FaultyDisk implements SegmentChannel.Opener {
    /** What goes wrong next. */
    enum Fault {
        NONE,
        /** A write throws and has written nothing. */
        WRITE,
        /** A write throws and has written a half of it, as a full disk does. */
        SHORT_WRITE,
        /** A force throws, the pages are dropped, and the next force succeeds. */
        FORCE,
        /** There is no memory for a write. */
        WRITE_ERROR,
        /** There is no memory for a force; nobody knows what it has done. */
        FORCE_ERROR,
        /** A force does not return until another fault is set. */
        HANG,
        /** A file cannot be opened: somebody has taken the permission away. */
        OPEN,
        /** A write that would make the file longer throws; the room that it has takes more. */
        FULL
    }

    /** Whose files are struck. */
    enum Kind {
        ANY(""),
        LOG("log"),
        SIDE("side"),
        KEYS("subjects");

        private final String folder;

        Kind(String folder) {
            this.folder = folder;
        }

        private boolean has(Path file) {
            return folder.isEmpty()
                    || folder.equals(String.valueOf(DurableFiles.parentOf(file).getFileName()));
        }
    }

    /** One write that was not forced yet. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(Path file, long position, byte[] bytes) {
        @Override
        public String toString() {
            return file.getFileName() + "@" + position + "+" + bytes.length;
        }
    }

    private final Map<Path, byte[]> forced = new TreeMap<>();
    private final List<Write> loose = new ArrayList<>();
    private final Map<Path, Long> cuts = new TreeMap<>(); // shorter than what was forced, and not forced since
    private final Set<Path> unnamed = new HashSet<>(); // created, in a directory that was not forced since
    private Fault fault = Fault.NONE;
    private Kind kind = Kind.ANY;
    private final AtomicInteger faults = new AtomicInteger(); // read without the lock, which the disk needs
    private final AtomicInteger open = new AtomicInteger();
    private Runnable beforeForce = () -> {};
    private Kind beforeForceOf = Kind.ANY;

    /** Has something run in every moment before a force, when the most is in the balance. */
    void beforeForce(Runnable task) {
        beforeForceOf(Kind.ANY, task);
    }

    /** The same for some files only. */
    synchronized void beforeForceOf(Kind of, Runnable task) {
        beforeForce = task;
        beforeForceOf = of;
    }

    void fail(Fault next) {
        fail(next, Kind.ANY);
    }

    synchronized void fail(Fault next, Kind of) {
        fault = next;
        kind = of;
        notifyAll();
    }

    /** How often something went wrong. */
    int faults() {
        return faults.get();
    }

    /** How many files are open. */
    int open() {
        return open.get();
    }

    private synchronized void hang() throws IOException {
        while (fault == Fault.HANG) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private boolean strikes(Fault what, Path file) {
        if (fault != what || !kind.has(file)) {
            return false;
        }
        faults.incrementAndGet();
        return true;
    }

    @Override
    public SegmentChannel open(Path file) throws IOException {
        synchronized (this) {
            if (strikes(Fault.OPEN, file)) {
                throw new AccessDeniedException(file.toString());
            }
        }
        boolean isNew = Files.notExists(file);
        FileChannel real =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        synchronized (this) {
            open.incrementAndGet();
            if (isNew) {
                unnamed.add(file);
            }
            if (!forced.containsKey(file)) {
                forced.put(file, read(real));
            }
        }
        return new SegmentChannel() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                synchronized (FaultyDisk.this) {
                    if (strikes(Fault.WRITE, file)) {
                        throw new IOException("Input/output error (injected)");
                    }
                    if (strikes(Fault.WRITE_ERROR, file)) {
                        throw new OutOfMemoryError("injected");
                    }
                    if (position + bytes.remaining() > real.size() && strikes(Fault.FULL, file)) {
                        throw new IOException("No space left on device (injected)");
                    }
                    boolean half = strikes(Fault.SHORT_WRITE, file);
                    if (half) {
                        bytes.limit(bytes.position() + bytes.remaining() / 2);
                    }
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    loose.add(new Write(file, position, copy));
                    real.write(ByteBuffer.wrap(copy), position);
                    if (half) {
                        throw new IOException("No space left on device (injected)");
                    }
                }
            }

            @Override
            public void force() throws IOException {
                synchronized (FaultyDisk.this) {
                    if (beforeForceOf.has(file)) {
                        beforeForce.run();
                    }
                    if (strikes(Fault.HANG, file)) {
                        hang();
                    }
                    if (strikes(Fault.FORCE, file)) {
                        fault = Fault.NONE;
                        // As Linux does: the pages are clean now, but never reached the disk.
                        loose.removeIf(write -> write.file.equals(file));
                        throw new IOException("Input/output error on force (injected)");
                    }
                    if (strikes(Fault.FORCE_ERROR, file)) {
                        fault = Fault.NONE;
                        loose.removeIf(write -> write.file.equals(file));
                        throw new OutOfMemoryError("injected");
                    }
                    Long cut = cuts.remove(file);
                    if (cut != null) {
                        forced.compute(file, (path, image) -> cutAt(image, cut));
                    }
                    for (Write write : List.copyOf(loose)) {
                        if (write.file.equals(file)) {
                            forced.compute(file, (path, image) -> with(image, write.position, write.bytes));
                            loose.remove(write);
                        }
                    }
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                real.truncate(size);
                synchronized (FaultyDisk.this) {
                    cuts.merge(file, size, Math::min);
                    loose.removeIf(write -> write.file.equals(file) && write.position >= size);
                }
            }

            @Override
            public void close() throws IOException {
                if (real.isOpen()) {
                    open.decrementAndGet();
                }
                real.close();
            }
        };
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        DurableFiles.forceDirectory(directory);
        unnamed.removeIf(file -> directory.equals(DurableFiles.parentOf(file)));
    }

    private static byte[] read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
        return bytes.array();
    }

    private static byte[] cutAt(byte[] image, long size) {
        return Arrays.copyOf(image, (int) Math.min(image.length, size));
    }

    private static byte[] with(byte[] image, long position, byte[] bytes) {
        byte[] next = Arrays.copyOf(image, (int) Math.max(image.length, position + bytes.length));
        System.arraycopy(bytes, 0, next, (int) position, bytes.length);
        return next;
    }

    /** What may lie on the disk after a power cut now. */
    synchronized Map<Path, byte[]> afterPowerCut(Random random) {
        Map<Path, byte[]> image = new TreeMap<>(forced);
        cuts.forEach((file, size) -> {
            if (random.nextBoolean()) {
                image.computeIfPresent(file, (path, bytes) -> cutAt(bytes, size));
            }
        });
        List<Write> rest = new ArrayList<>(loose);
        java.util.Collections.shuffle(rest, random);
        Set<Path> copied = new HashSet<>();
        for (Write write : rest) {
            int fate = random.nextInt(3);
            if (fate == 0) {
                continue; // lost
            }
            byte[] part = fate == 1 ? write.bytes : Arrays.copyOf(write.bytes, random.nextInt(write.bytes.length + 1));
            byte[] old = image.getOrDefault(write.file, new byte[0]);
            boolean fits = copied.contains(write.file) && write.position + part.length <= old.length;
            byte[] next = fits ? old : Arrays.copyOf(old, Math.max(old.length, (int) write.position + part.length));
            System.arraycopy(part, 0, next, (int) write.position, part.length);
            image.put(write.file, next);
            copied.add(write.file);
        }
        for (Path file : unnamed) {
            if (random.nextBoolean()) {
                image.remove(file);
            }
        }
        return image;
    }
}
