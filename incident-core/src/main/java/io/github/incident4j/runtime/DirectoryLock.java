// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.audit.internal.Ownership;
import io.github.incident4j.audit.internal.TakenOverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that one runtime alone writes to a directory. The lock file names its holder and the holder's epoch, which
 * is greater than that of each holder before. The operating system locks a file and not its name: where somebody
 * removes the file, another process can lock a new one of that name. So the holder {@linkplain #check() looks} again
 * and again whether the file is still its own. And who finds a trail without such a file, or one that tells no epoch,
 * or one that names another file than itself since it is a copy, does not know whether somebody still writes: it takes
 * the file, so that such a one sees it, and waits until he has looked, or has stopped as he could not. Its epoch begins
 * when it has waited. Where files have no keys, everybody waits, and a file that was replaced is not noticed.
 */
final class DirectoryLock implements Ownership, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
    private static final int MAX_HOLDER = 1_024;
    private static final long HANDOVER = 2 * LOOK_NANOS;
    private static final String FILE = ", file ";
    private static final String EPOCH = ", epoch ";
    private static final String REGISTERED = "io.github.incident4j.holds:";

    private final Path file;
    private final String registered;
    private final String name;
    private final long epoch;
    private boolean begun; // its epoch has
    private String line = ""; // in the file
    private FileChannel channel;
    private @Nullable Object key; // of the file that is locked; null where the file system has none, as on Windows
    private @Nullable String takenOver;

    /**
     * An open file.
     *
     * @param channel the file
     * @param key what tells it from all others, if there is such a thing
     */
    private record Opened(FileChannel channel, @Nullable Object key) {}

    private DirectoryLock(Path file, String registered, Opened opened, String name, long epoch) throws IOException {
        this.file = file;
        this.registered = registered;
        this.channel = opened.channel();
        this.key = opened.key();
        this.name = name;
        this.epoch = epoch;
        sign();
    }

    static DirectoryLock acquire(Path directory, Instant now) throws IOException {
        return acquire(directory, now, DirectoryLock::pause);
    }

    /** The same, with what waits for some nanoseconds. */
    static DirectoryLock acquire(Path directory, Instant now, LongConsumer pause) throws IOException {
        Path file = directory.resolve("runtime.lock");
        String name = "process " + ProcessHandle.current().pid() + " on " + host() + started() + ", since " + now;
        // A process that opens and closes a file once more loses its locks on it (POSIX), so it must not even try; and
        // a system property is what all class loaders of a process share.
        String registered = REGISTERED + directory.toRealPath();
        Object holder = System.getProperties().putIfAbsent(registered, name);
        if (holder != null) {
            throw held(String.valueOf(holder));
        }
        try {
            return acquire(file, registered, name, now, pause);
        } catch (IOException | RuntimeException e) {
            System.clearProperty(registered);
            throw e;
        }
    }

    private static boolean hasRecords(Path directory) throws IOException {
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory.resolve("trail/log"))) {
            return segments.iterator().hasNext();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    /** An interrupt is kept for later: it must not let two write. */
    private static void pause(long nanos) {
        boolean interrupted = false;
        long start = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static DirectoryLock acquire(Path file, String registered, String name, Instant now, LongConsumer pause)
            throws IOException {
        Opened opened = open(file);
        DirectoryLock lock;
        String before;
        try {
            before = read(opened.channel());
            if (tryLock(opened.channel()) == null) {
                throw held(before);
            }
            long epoch = Math.max(epochOf(before) + 1, now.toEpochMilli());
            lock = new DirectoryLock(file, registered, opened, name, epoch);
        } catch (IOException | RuntimeException e) {
            opened.channel().close();
            throw e;
        }
        try {
            boolean known = opened.key() != null
                    && epochOf(before) != 0
                    && fileOf(before).equals(opened.key().toString());
            if (!known && hasRecords(DurableFiles.parentOf(file))) {
                LOG.info(
                        "{} is new, changed or a copy, and does not tell who has written to the trail beside it: waiting for"
                                + " two seconds, so that who may still write notices",
                        file);
                pause.accept(HANDOVER);
                lock.check();
            }
            lock.begin();
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private synchronized void begin() throws IOException {
        begun = true;
        sign();
    }

    /** Opens the file, makes it where there is none, and its directory. */
    private static Opened open(Path file) throws IOException {
        DurableFiles.createDirectories(DurableFiles.parentOf(file));
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            LOG.trace("{} is there", file);
        }
        Object before = keyOf(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (Objects.equals(before, keyOf(file))) { // so it is that of what was opened in between
                return new Opened(channel, before);
            }
            throw new IOException(file + " is being replaced by another file");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException held(String holder) {
        return new IOException("another runtime uses it: " + holder + "; give each runtime a directory of its own");
    }

    /** Writes into the file who holds it. */
    private void sign() throws IOException {
        line = name + FILE + key + (begun ? EPOCH + epoch : "");
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** The name of this machine or container, without asking a network for it. */
    private static String host() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name;
            }
        }
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException | RuntimeException e) {
            return "an unnamed host";
        }
    }

    private static String started() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> ", started " + start)
                .orElse("");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by another runtime in this very process
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    }

    /** The epoch that a holder's line ends with; 0 if it has none. */
    private static long epochOf(String holder) {
        int at = holder.lastIndexOf(EPOCH);
        try {
            return at < 0 ? 0 : Long.parseLong(holder.substring(at + EPOCH.length()));
        } catch (NumberFormatException e) {
            return 0; // edited by hand
        }
    }

    /** The key of the file that a holder's line was written to; empty if it has none. */
    private static String fileOf(String holder) {
        int at = holder.lastIndexOf(FILE);
        int end = holder.lastIndexOf(EPOCH);
        return at < 0 || end < at ? "" : holder.substring(at + FILE.length(), end);
    }

    @Override
    public synchronized void check() throws IOException {
        if (takenOver == null) {
            look();
        }
        if (takenOver != null) {
            throw new TakenOverException("another runtime has taken the directory, as the file " + file
                    + " was removed or changed: " + takenOver + ". End one of the two and restart the other; each"
                    + " runtime needs a directory of its own");
        }
    }

    private void look() throws IOException {
        Object present;
        try {
            present = keyOf(file);
        } catch (NoSuchFileException e) {
            lockAnew();
            return;
        }
        if (!Objects.equals(present, key)) {
            lockAnew();
        } else if (isOthers(read(channel))) {
            takenOver = read(channel);
        }
    }

    private boolean isOthers(String holder) {
        long theirs = epochOf(holder);
        return theirs != 0 && theirs != epoch;
    }

    /**
     * The file is gone, or is another one: it is ours again if nobody has it, nor has had it meanwhile. It may be the
     * very file, of which the file system has changed the key; to close either channel then gives up the lock (POSIX),
     * so it is taken again when only one is left.
     */
    private void lockAnew() throws IOException {
        Opened opened = open(file);
        FileChannel next = opened.channel();
        boolean ours = false;
        try {
            FileLock lock = tryLock(next);
            String holder = read(next);
            if (isOthers(holder)) {
                takenOver = holder;
            } else if (lock == null && epochOf(holder) != epoch && !holder.equals(line)) {
                takenOver = holder.isEmpty() ? "one that has not given its name yet" : holder;
            } else {
                if (lock != null) {
                    lock.release();
                }
                channel.close();
                ours = tryLock(next) != null;
                if (ours) {
                    channel = next;
                    key = opened.key();
                    sign();
                } else {
                    takenOver = "one that came just now";
                }
            }
        } finally {
            if (!ours) {
                next.close();
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        System.clearProperty(registered);
        channel.close(); // releases the lock; the file stays, since removing it would race with the next holder
    }
}
