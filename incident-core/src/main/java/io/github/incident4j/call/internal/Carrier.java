// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Carries the caller's context (SLF4J's MDC, and what the host's hook captures) to other threads. A hook that throws,
 * or does not run what it was given, costs its context and nothing else: the task is run exactly once.
 */
final class Carrier {
    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final @Nullable Map<String, String> mdc;
    private final @Nullable Hooked hooked;

    private Carrier(@Nullable Map<String, String> mdc, @Nullable Hooked hooked) {
        this.mdc = mdc;
        this.hooked = hooked;
    }

    /** Captures the context of this thread. */
    static Carrier capture(@Nullable UnaryOperator<Runnable> hook) {
        return new Carrier(MDC.getCopyOfContextMap(), hook == null ? null : Hooked.by(hook));
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
                    hooked.run(task);
                }
            } finally {
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

    /** What the host's hook has captured. */
    private static final class Hooked {
        @SuppressWarnings(
                "ThreadLocalUsage") // of one call, and emptied when its task ends: nothing outlives a class loader
        private final ThreadLocal<@Nullable Once> current = new ThreadLocal<>();

        private final Runnable inContext;

        private Hooked(UnaryOperator<Runnable> hook) {
            this.inContext = hook.apply(() -> {
                Once task = current.get();
                if (task != null) {
                    task.run();
                }
            });
        }

        static @Nullable Hooked by(UnaryOperator<Runnable> hook) {
            try {
                Hooked hooked = new Hooked(hook);
                return hooked.inContext == null ? null : hooked;
            } catch (Throwable e) { // the host's call must not suffer for its context
                Interruptions.keep(e);
                tell(e);
                return null;
            }
        }

        void run(Runnable task) {
            Once once = new Once(task);
            current.set(once);
            try {
                inContext.run();
            } catch (Throwable e) {
                Throwable own = once.thrown;
                if (own != null) {
                    throw Sneaky.rethrow(own);
                }
                Interruptions.keep(e);
                tell(e);
            } finally {
                current.remove();
            }
            once.run(); // where the hook has not
        }

        private static void tell(Throwable thrown) {
            if (TOLD.compareAndSet(false, true)) { // a host's mistake must not flood its log
                LOG.warn("the function that carries the host's context threw; such calls go on without it", thrown);
            }
        }
    }

    /** A task that is run once, however often it is asked to. */
    private static final class Once {
        private @Nullable Runnable task;
        private @Nullable Throwable thrown;

        Once(Runnable task) {
            this.task = task;
        }

        void run() {
            Runnable first = task;
            task = null;
            if (first != null) {
                try {
                    first.run();
                } catch (Throwable own) {
                    thrown = own;
                    throw own;
                }
            }
        }
    }
}
