// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a segment needs of its file; tests put faults in between. */
interface SegmentChannel extends Closeable {

    /** Opens files for segments. */
    @FunctionalInterface
    interface Opener {
        /** Opens a file for writing, which is created if it is not there. */
        SegmentChannel open(Path file) throws IOException;

        /** Makes what was created in a directory durable: without that a power cut may take a file whole. */
        default void forceDirectory(Path directory) throws IOException {
            DurableFiles.forceDirectory(directory);
        }
    }

    /** Writes all of the bytes at a position. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Forces what was written to the disk. */
    void force() throws IOException;

    /** Cuts the file off. */
    void truncate(long size) throws IOException;

    /** Opens a file of the operating system. */
    static SegmentChannel of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new SegmentChannel() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                long at = position;
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(false);
            }

            @Override
            public void truncate(long size) throws IOException {
                channel.truncate(size);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
