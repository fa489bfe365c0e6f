// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What is said of a log at one moment (C2SP tlog-checkpoint).
 *
 * @param origin which log it is
 * @param size how many leaves it has
 * @param root the root over them; not to be changed
 * @param extensions further lines, none empty
 */
@SuppressWarnings(
        "ArrayRecordComponent") // a value of 32 bytes that nobody changes; compared by the methods that need it
public record Checkpoint(String origin, long size, byte[] root, List<String> extensions) {

    /** Copies. */
    public Checkpoint {
        root = root.clone();
        extensions = List.copyOf(extensions);
    }

    /** {@return the text that is signed} */
    public String toText() {
        StringBuilder text = new StringBuilder(origin).append('\n').append(size).append('\n');
        text.append(Base64.getEncoder().encodeToString(root)).append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * Reads the text of a checkpoint.
     *
     * @param text the text, as it was signed
     * @return the checkpoint
     * @throws NoteException if it is malformed
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        boolean wellFormed = lines.length >= 4
                && lines[lines.length - 1].isEmpty()
                && !lines[0].isEmpty()
                && lines[1].matches("0|[1-9][0-9]{0,17}");
        byte[] root = wellFormed ? NoteVerifier.decoded(lines[2]) : new byte[0];
        List<String> extensions =
                wellFormed ? new ArrayList<>(Arrays.asList(lines).subList(3, lines.length - 1)) : List.of();
        if (root.length == 0 || extensions.contains("")) {
            throw new NoteException("it is no checkpoint: origin, size and root are missing or malformed");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), root, extensions);
    }
}
