// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Tells what means "nobody waits for an answer any more" from what is a failure of the model. */
final class Interruptions {
    private Interruptions() {}

    static boolean isInterruption(Throwable thrown) {
        return thrown instanceof CancellationException
                || tellsOfAnInterrupt(thrown)
                || Thread.currentThread().isInterrupted();
    }

    /**
     * Whether it comes of an interrupt of this thread, on which the host works for somebody else: it does not mean that
     * nobody waits, as a cancellation does.
     */
    static boolean isOfAThread(Throwable thrown) {
        return !(thrown instanceof CancellationException)
                && !(thrown instanceof VirtualMachineError)
                && isInterruption(thrown);
    }

    /** Whether it says of itself that a thread was interrupted, which need not be this one. */
    static boolean tellsOfAnInterrupt(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || (thrown.getClass() == InterruptedIOException.class && saysInterrupt(thrown.getMessage()));
    }

    /**
     * Clients tell of their own time-outs by {@link InterruptedIOException}, too, by subclasses such as
     * {@code SocketTimeoutException} or by the class itself and a message; an interrupted pipe says nothing, others say
     * what they are.
     */
    private static boolean saysInterrupt(@Nullable String message) {
        return message == null || message.toLowerCase(Locale.ROOT).contains("interrupt");
    }

    /** The exception may reach code that does not expect it; the flag is what everybody looks at. */
    static void keep(Throwable thrown) {
        if (tellsOfAnInterrupt(thrown)) {
            Thread.currentThread().interrupt();
        }
    }
}
