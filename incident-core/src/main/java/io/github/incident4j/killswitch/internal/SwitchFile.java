// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.killswitch.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The switches on the disk: {@code switches.json} under the runtime's directory, replaced as a whole by an atomic
 * rename, so that a reader sees the state before or the state after and never a half.
 */
final class SwitchFile {
    private static final int VERSION = 1;

    private final Path file;
    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    SwitchFile(Path directory) {
        this.file = directory.resolve("switches.json");
    }

    Path path() {
        return file;
    }

    /**
     * Reads the switches.
     *
     * @return the switches, or empty if there is no file
     * @throws CorruptException if the file is there and is not what was written
     * @throws IOException if it cannot be read
     */
    Optional<List<Switch>> read() throws IOException, CorruptException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            JsonNode root = mapper.readTree(bytes);
            JsonNode all = root == null ? null : root.get("switches");
            if (root == null || root.path("v").asInt() != VERSION || all == null || !all.isArray()) {
                throw new CorruptException("it is not a version " + VERSION + " switch file", null);
            }
            List<Switch> switches = new ArrayList<>();
            for (JsonNode each : all) {
                switches.add(SwitchJson.read(each));
            }
            return Optional.of(switches);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CorruptException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Replaces the file durably. */
    void write(Collection<Switch> switches) throws IOException {
        ObjectNode root = mapper.createObjectNode().put("v", VERSION);
        ArrayNode all = root.putArray("switches");
        switches.forEach(each -> SwitchJson.write(all.addObject(), each));
        DurableFiles.replace(file, mapper.writeValueAsBytes(root));
    }

    /** The file is not what was written. */
    static final class CorruptException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
