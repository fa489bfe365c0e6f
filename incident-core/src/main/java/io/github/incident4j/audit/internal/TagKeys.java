// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys by which people are found among the secrets. There is one, unless it was lost or another one lay in its
 * place: then the trail goes on with a new one, of which the name says from which record on it is in use. All are
 * tried, so that everybody is found as soon as the right one is back.
 *
 * @param keys the keys that can be read, in the order in which they came into use
 * @param unreadable the files that should hold one and hold none
 */
record TagKeys(List<Key> keys, List<Path> unreadable) {
    private static final Logger LOG = LoggerFactory.getLogger(TagKeys.class);
    private static final int SIZE = 32;
    private static final HexFormat HEX = HexFormat.of();

    TagKeys {
        keys = List.copyOf(keys);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * One key.
     *
     * @param file where it lies
     * @param from the first record that may be filed under it
     * @param bytes the key
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Key(Path file, long from, byte[] bytes) {
        byte[] tag(String subject) {
            return SubjectSecret.tag(bytes, subject);
        }

        /** Writes the key unless it is there: somebody may have removed it, or the whole folder. */
        void keep() throws IOException {
            if (Files.exists(file)) {
                return;
            }
            Path folder = DurableFiles.parentOf(file);
            DurableFiles.createDirectories(folder);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            DurableFiles.replace(file, (HEX.formatHex(bytes) + '\n').getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Reads the keys. */
    static TagKeys of(TrailFiles files) throws IOException {
        List<Key> keys = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path file : files.tagKeys()) {
            try {
                keys.add(new Key(file, TrailFiles.usedFrom(file), read(file)));
            } catch (CharConversionException e) {
                unreadable.add(file);
            } catch (NoSuchFileException e) {
                LOG.debug("{} is gone again", file);
            }
        }
        return new TagKeys(keys, unreadable);
    }

    private static byte[] read(Path file) throws IOException {
        try {
            byte[] key = HEX.parseHex(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip());
            if (key.length == SIZE) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("{} is not written in hex digits", file, e);
        }
        throw new CharConversionException("the file " + file + " holds no key");
    }

    /** What is a key no more keeps nobody from opening the trail: it is moved out of the way. */
    static TagKeys setAsideUnreadable(TrailFiles files) throws IOException {
        TagKeys found = of(files);
        for (Path file : found.unreadable) {
            LOG.error("the file {} holds no key any more; it is kept as {}", file, DurableFiles.setAside(file));
        }
        return found;
    }

    /** The key to go on with where nothing speaks against it: the newest one that a record may be filed under. */
    Optional<Key> newest(long next) {
        return keys.stream().filter(key -> key.from <= next).reduce((older, newer) -> newer);
    }

    /** Begins another key, or goes on with one that an opening has begun of which no record has come. */
    Key begin(TrailFiles files, long from) throws IOException {
        Path file = files.tagKey(from);
        for (Key key : keys) {
            if (key.file.equals(file)) {
                return key;
            }
        }
        byte[] bytes = new byte[SIZE];
        new SecureRandom().nextBytes(bytes);
        Key key = new Key(file, from, bytes);
        key.keep();
        return key;
    }

    /** What a subject may be filed under. */
    List<byte[]> tagsOf(String subject) {
        return keys.stream().map(key -> key.tag(subject)).toList();
    }

    /** The key under which a subject has a tag, if it is here. */
    Optional<Key> keyOf(byte[] tag, String subject) {
        return keys.stream().filter(key -> Arrays.equals(key.tag(subject), tag)).findFirst();
    }

    /** Whether one of some tags is this one. */
    static boolean contain(List<byte[]> tags, byte[] tag) {
        return tags.stream().anyMatch(each -> Arrays.equals(each, tag));
    }

    /** Whether a key was in use before a record, as far as their names tell. */
    boolean cover(long until) {
        return keys.stream().anyMatch(key -> key.from < until);
    }
}
