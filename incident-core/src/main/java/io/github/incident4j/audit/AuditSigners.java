// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.TrailKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Ready-made signers. For a key management service, implement {@link AuditSigner}. */
public final class AuditSigners {
    private AuditSigners() {}

    /**
     * A key in a file, which is made if it is not there: one line in the form of Go's note package,
     * {@code PRIVATE+KEY+name+hash+key}. Put it where whoever may write the trail may not.
     *
     * @param file the file
     * @return the signer
     * @throws UncheckedIOException if the file cannot be read or made, or holds no key
     */
    public static AuditSigner file(Path file) {
        try {
            return TrailKey.in(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
