// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;

/** Tells what means "nobody waits for an answer any more" from what is a failure of the model. */
final class Interruptions {
    private Interruptions() {}

    static boolean isInterruption(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof CancellationException
                || thrown instanceof ClosedByInterruptException
                || (thrown instanceof InterruptedIOException && !(thrown instanceof SocketTimeoutException))
                || Thread.currentThread().isInterrupted();
    }

    /** The exception may reach code that does not expect it; the flag is what everybody looks at. */
    static void keep(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
