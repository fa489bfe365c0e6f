// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.notify.IncidentListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners, each on a thread of its own that lives only while there is something to tell. An event
 * that a listener throws at is told again after a pause, and after a restart if it was to no avail.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int QUEUE = 1_024;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private static final int ATTEMPTS = 6;
    private static final long FIRST_PAUSE_MILLIS = 1_000; // doubles: half a minute in all

    private final List<Lane> lanes = new ArrayList<>();
    private final Outbox outbox;
    private final CountDownLatch ending = new CountDownLatch(1);

    /**
     * Creates a dispatcher; no thread is started yet.
     *
     * @param listeners who is told, by name
     * @param outbox knows who was told what
     */
    public Dispatcher(Map<String, IncidentListener> listeners, Outbox outbox) {
        this.outbox = outbox;
        listeners.forEach((name, listener) -> lanes.add(new Lane(name, listener)));
    }

    /**
     * Queues what the listeners were not told of an incident in an earlier run.
     *
     * @param incident the incident, open
     */
    public void retell(Incident incident) {
        lanes.forEach(lane -> outbox.untold(lane.name, incident).ifPresent(lane::tell));
    }

    /** Has events told once more at the most from now on. */
    public void endRetries() {
        ending.countDown();
    }

    /**
     * Queues an event for every listener and returns at once.
     *
     * @param event the event
     */
    public void publish(IncidentEvent event) {
        lanes.forEach(lane -> lane.tell(event));
    }

    /**
     * {@return completes when every listener has been told of all events that were published before; a listener that
     * asks does not wait for itself}
     */
    public CompletableFuture<Void> told() {
        return CompletableFuture.allOf(lanes.stream().map(Lane::told).toArray(CompletableFuture[]::new));
    }

    /**
     * Lets listeners finish within a limit, then interrupts them. A listener that calls this is let finish.
     *
     * @param limit how long to wait for all of them together
     */
    public void close(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        lanes.forEach(lane -> lane.executor.shutdown());
        boolean interrupted = false;
        for (Lane lane : lanes) {
            if (lane.isCurrent()) {
                continue; // it closes the runtime itself and cannot end before this returns
            }
            boolean ended = false;
            for (boolean waited = false; !waited; ) {
                try {
                    ended = lane.executor.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    waited = true;
                } catch (InterruptedException e) {
                    interrupted = true; // what listeners are told is worth more than a quick return
                }
            }
            if (!ended) {
                int left = lane.executor.shutdownNow().size();
                LOG.warn("listener {} did not finish before close; {} events were not told", lane.name, left);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One listener's queue and thread. */
    private final class Lane {
        private final IncidentListener listener;
        private final String name;
        private final ThreadPoolExecutor executor;
        private volatile @Nullable Thread thread;

        Lane(String name, IncidentListener listener) {
            this.listener = listener;
            this.name = name;
            this.executor = new ThreadPoolExecutor(
                    1,
                    1,
                    KEEP_ALIVE_SECONDS,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(QUEUE),
                    task -> {
                        Thread thread = new Thread(task, "incident4j-listener");
                        thread.setDaemon(true);
                        return thread;
                    },
                    (task, full) -> {
                        if (!full.isShutdown()) {
                            LOG.error("the queue of listener {} is full; its oldest event is dropped", name);
                            full.getQueue().poll();
                            full.execute(task);
                        }
                    });
            executor.allowCoreThreadTimeOut(true);
        }

        void tell(IncidentEvent event) {
            executor.execute(() -> {
                thread = Thread.currentThread();
                try {
                    deliver(event);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    thread = null;
                }
            });
        }

        private void deliver(IncidentEvent event) throws InterruptedException {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                try {
                    listener.on(event);
                    outbox.delivered(name, event);
                    return;
                } catch (InterruptedException e) {
                    throw e;
                } catch (Throwable e) { // whatever a listener throws, the next event must reach it
                    LOG.error(
                            "listener {} failed on event {} of incident {}, attempt {} of {}",
                            name,
                            event.entry().kind(),
                            event.incident().id(),
                            attempt,
                            ATTEMPTS,
                            e);
                }
                if (attempt == ATTEMPTS || ending.await(FIRST_PAUSE_MILLIS << (attempt - 1), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }

        @SuppressWarnings("ReferenceEquality") // whether it is this very thread
        boolean isCurrent() {
            return Thread.currentThread() == thread;
        }

        CompletableFuture<Void> told() {
            if (isCurrent()) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> told = new CompletableFuture<>();
            executor.execute(() -> told.complete(null));
            if (executor.isShutdown()) {
                told.complete(null);
            }
            return told;
        }
    }
}
