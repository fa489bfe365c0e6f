// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signed notes, one after another.
 *
 * @param notes the notes, oldest first, not checked
 * @param tail what follows the last of them: the beginning of a torn one, or nothing
 */
public record NoteFile(List<String> notes, String tail) {
    /** A text, an empty line and the lines of signatures end a note; empty lines may lie between two. */
    private static final Pattern NOTE = Pattern.compile("\\G\n*([^\n].*?\n\n(?:\u2014 [^\n]*\n)+)", Pattern.DOTALL);

    /** Copies the list. */
    public NoteFile {
        notes = List.copyOf(notes);
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return what it holds
     * @throws IOException if it cannot be read
     */
    public static NoteFile read(Path file) throws IOException {
        String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8); // a torn character is replaced
        List<String> notes = new ArrayList<>();
        Matcher matcher = NOTE.matcher(content);
        int end = 0;
        while (matcher.find()) {
            notes.add(matcher.group(1));
            end = matcher.end();
        }
        return new NoteFile(notes, content.substring(end).stripLeading());
    }

    /** The bytes of some notes as they lie in a file. */
    static byte[] bytes(List<String> notes) {
        StringBuilder content = new StringBuilder();
        notes.forEach(note -> content.append(note).append('\n'));
        return content.toString().getBytes(StandardCharsets.UTF_8);
    }
}
