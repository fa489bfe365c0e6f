// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Carries the caller's context (SLF4J's MDC, and what the host's hook captures) to other threads. */
final class Carrier {
    private final @Nullable Map<String, String> mdc;

    @SuppressWarnings(
            "ThreadLocalUsage") // of one call, and emptied when its task ends: nothing outlives a class loader
    private final ThreadLocal<Runnable> current = new ThreadLocal<>();

    private final @Nullable Runnable hooked;

    private Carrier(@Nullable UnaryOperator<Runnable> hook) {
        this.mdc = MDC.getCopyOfContextMap();
        this.hooked = hook == null ? null : hook.apply(() -> current.get().run());
    }

    /** Captures the context of this thread. */
    static Carrier capture(@Nullable UnaryOperator<Runnable> hook) {
        return new Carrier(hook);
    }

    /** The same task, to be run in the captured context. */
    Runnable carry(Runnable task) {
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            set(mdc);
            try {
                if (hooked == null) {
                    task.run();
                } else {
                    current.set(task);
                    hooked.run();
                }
            } finally {
                current.remove();
                set(before);
            }
        };
    }

    private static void set(@Nullable Map<String, String> context) {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }
}
