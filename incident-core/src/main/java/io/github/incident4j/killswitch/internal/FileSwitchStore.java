// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches in one JSON file. It is read whole, followed through symbolic links, parsed to its end, and told apart by
 * its content, never by its time stamps: that survives the symlink swap of a Kubernetes mount, editors that replace the
 * file, clocks that were set back, and half-written files. Writers take turns by a lock file and replace the file by an
 * atomic rename, so that a reader sees the state before or the state after.
 */
public final class FileSwitchStore implements SwitchStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileSwitchStore.class);
    private static final long LOCK_LIMIT = TimeUnit.SECONDS.toNanos(2);
    private static final long LOCK_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long JOIN_MILLIS = 1_000;
    private static final int MAX_BYTES = 1 << 26;

    private final String name;
    private final Path file;
    private final InstantSource time;
    private final Object watching = new Object();
    private @Nullable WatchService watch; // guarded by watching
    private @Nullable Thread watcher; // guarded by watching
    private boolean closed; // guarded by watching
    private final ReentrantLock lock =
            new ReentrantLock(); // no monitor: what waits for a disk would pin a virtual thread

    // Guarded by the lock.
    private byte @Nullable [] known; // the content that was read or written last
    private byte @Nullable [] corrupt; // the content that was read last and is none
    private SwitchSnapshot snapshot = SwitchSnapshot.EMPTY; // what that content says

    /**
     * Creates a store; nothing is read or written yet.
     *
     * @param name the source's name
     * @param file the file; it need not exist
     * @param time since when a switch is set that does not say it
     */
    public FileSwitchStore(String name, Path file, InstantSource time) {
        this.name = name;
        this.file = file;
        this.time = time;
    }

    @Override
    public String name() {
        return name;
    }

    /** The file system's word that something has changed; only a hint, as it misses some changes and invents others. */
    @Override
    public void watch(Runnable changed) {
        try {
            synchronized (watching) {
                if (!closed) {
                    begin(changed);
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info(
                    "changes of {} are seen a moment later, as its directory cannot be watched: {}",
                    file,
                    e.toString());
        }
    }

    private void begin(Runnable changed) throws IOException {
        WatchService service = file.getFileSystem().newWatchService();
        watch = service;
        DurableFiles.parentOf(file)
                .register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
        Thread thread = new Thread(() -> tell(service, changed), "incident4j-watch-" + name);
        thread.setDaemon(true);
        watcher = thread;
        thread.start();
    }

    private static void tell(WatchService service, Runnable changed) {
        try {
            boolean there = true;
            while (there) {
                WatchKey key = service.take();
                key.pollEvents(); // also when events were lost: whatever it was, the file is read
                there = key.reset();
                changed.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            return; // that is the end
        }
    }

    @Override
    public void close() {
        WatchService service;
        Thread thread;
        synchronized (watching) {
            closed = true;
            service = watch;
            thread = watcher;
        }
        try {
            if (service != null) {
                service.close();
            }
            if (thread != null) {
                thread.join(JOIN_MILLIS);
            }
        } catch (IOException e) {
            LOG.debug("the watch of {} could not be closed", file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public SwitchSnapshot read() throws IOException {
        lock.lock();
        try {
            byte[] bytes = content();
            if (bytes == null) {
                known = null;
                snapshot = SwitchSnapshot.EMPTY;
            } else if (known == null || !Arrays.equals(bytes, known)) {
                snapshot = parse(bytes);
                known = bytes;
            }
            return snapshot;
        } finally {
            lock.unlock();
        }
    }

    private SwitchSnapshot parse(byte[] bytes) throws IOException {
        try {
            return SwitchJson.read(bytes, time.instant());
        } catch (SwitchJson.NewerFormatException e) { // it stays where it is, for the library that has written it
            throw new IOException("the switch file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IOException e) { // of the content, as the bytes are here already
            corrupt = bytes;
            throw new CorruptSwitchesException(
                    "the switch file " + file + " of " + bytes.length + " bytes is corrupt: " + e.getMessage(), e);
        }
    }

    private byte @Nullable [] content() throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("the switch file " + file + " has more than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public boolean replace(long expected, SwitchSnapshot next) throws IOException {
        lock.lock();
        try {
            return replaceFile(expected, next);
        } finally {
            lock.unlock();
        }
    }

    private boolean replaceFile(long expected, SwitchSnapshot next) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock turn = lock(channel, lockFile)) {
            byte[] there = content();
            if (!turn.isValid() || !isExpected(there, expected)) {
                return false;
            }
            byte[] bytes = SwitchJson.write(next);
            if (there != null || Files.isSymbolicLink(file)) {
                DurableFiles.replace(file, bytes);
            } else if (!create(bytes)) {
                return false;
            }
            known = bytes;
            snapshot = next;
            return true;
        }
    }

    /** Writes the file unless one has appeared meanwhile, as that is somebody's edit. */
    private boolean create(byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        DurableFiles.replace(fresh, bytes);
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("{} cannot be linked, and is written by a rename", file, e);
            DurableFiles.replace(file, bytes);
        } finally {
            DurableFiles.replace(fresh, new byte[0]); // makes the entry durable, too
            Files.deleteIfExists(fresh);
        }
        return true;
    }

    /** By content as well as by version: who edits by hand does not count up. */
    private boolean isExpected(byte @Nullable [] there, long expected) throws IOException {
        if (there == null) {
            return expected == 0;
        }
        if (known == null) {
            return parse(there).version() == expected;
        }
        return Arrays.equals(there, known) && snapshot.version() == expected;
    }

    private static FileLock lock(FileChannel channel, Path lockFile) throws IOException {
        long start = System.nanoTime();
        do {
            try {
                FileLock turn = channel.tryLock();
                if (turn != null) {
                    return turn;
                }
            } catch (OverlappingFileLockException e) {
                // another store in this very process has it; it will be done soon
            }
            LockSupport.parkNanos(LOCK_PAUSE);
        } while (System.nanoTime() - start < LOCK_LIMIT);
        throw new IOException("somebody else has held the lock " + lockFile + " for two seconds");
    }

    @Override
    public String setAside() throws IOException {
        lock.lock();
        try {
            if (corrupt != null && !Arrays.equals(content(), corrupt)) {
                throw new IOException("the switch file " + file + " has changed meanwhile");
            }
            corrupt = null;
            known = null;
            snapshot = SwitchSnapshot.EMPTY;
            return String.valueOf(DurableFiles.setAside(file).getFileName());
        } finally {
            lock.unlock();
        }
    }

    /** {@return the file} */
    @Override
    public String toString() {
        return file.toString();
    }
}
