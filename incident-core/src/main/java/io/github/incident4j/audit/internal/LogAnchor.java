// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.github.incident4j.audit.CheckpointAnchor;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;

/** Keeps checkpoints in a log, each on one line. */
public final class LogAnchor implements CheckpointAnchor {
    private final ObjectWriter ascii = Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
    private final Logger logger;

    /**
     * Creates an anchor.
     *
     * @param logger where the lines go
     */
    public LogAnchor(Logger logger) {
        this.logger = Objects.requireNonNull(logger, "the logger of a checkpoint anchor is null; name one");
    }

    @Override
    public void publish(String checkpoint) throws IOException {
        if (!logger.isInfoEnabled()) {
            throw new IOException("the logger '" + logger.getName()
                    + "' does not take INFO, so it keeps no checkpoints; set its level to INFO");
        }
        logger.info("audit checkpoint {}", ascii.writeValueAsString(checkpoint));
    }
}
