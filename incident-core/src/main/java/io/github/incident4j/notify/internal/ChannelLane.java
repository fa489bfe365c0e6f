// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryException;
import io.github.incident4j.notify.Notification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One channel's queue, pauses and thread. Thread-safe. */
final class ChannelLane {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLane.class);
    private static final Duration LONGEST_SEND = Duration.ofMinutes(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250); // an injected clock may leap

    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final String name;
    private final Channel channel;
    private final Duration giveUpAfter;
    private final ChannelQueue queue;
    private final Attempts attempts;
    private final TimeSource time;
    private final Told told;
    private final Consumer<String> alarm;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Notification> repetitions = new ArrayDeque<>();
    private boolean ending;
    private boolean busy; // from the choice of a notification until it is recorded what became of it
    private boolean sending; // within the channel
    private boolean late; // the send that is under way was interrupted
    private long sendingSince;
    private long repeated;
    private @Nullable Thread thread;

    /** Is told what became of a notification, before it leaves the queue. */
    interface Told {
        /**
         * A notification is done with.
         *
         * @param channel the channel
         * @param notification the notification
         * @param given why it was given up, or null if the receiver has taken it
         */
        void done(String channel, Notification notification, @Nullable String given);
    }

    ChannelLane(
            String name,
            Channel channel,
            Duration giveUpAfter,
            ChannelQueue queue,
            Attempts attempts,
            TimeSource time,
            Told told,
            Consumer<String> alarm) {
        this.name = name;
        this.channel = channel;
        this.giveUpAfter = giveUpAfter;
        this.queue = queue;
        this.attempts = attempts;
        this.time = time;
        this.told = told;
        this.alarm = alarm;
        this.repeated = time.nanoTime();
    }

    String name() {
        return name;
    }

    /** Does something to the queue. */
    void with(Consumer<ChannelQueue> change) {
        lock.lock();
        try {
            change.accept(queue);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void add(IncidentEvent event) {
        with(each -> each.add(event));
    }

    void start() {
        lock.lock();
        try {
            Thread starting = new Thread(this::run, "incident4j-channel");
            starting.setDaemon(true);
            thread = starting;
            starting.start();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (sendDue() || awaitChange()) {
                // until it ends
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the runtime closes; what was not told is told by the next run
        }
    }

    /** Sends what is due, if anything is; returns whether it has. */
    boolean sendDue() throws InterruptedException {
        Optional<Notification> next;
        lock.lockInterruptibly();
        try {
            long now = time.nanoTime();
            next = attempts.untilNext(now) <= 0 ? due(now) : Optional.empty();
            if (next.isPresent()) {
                busy = true;
                sending = true;
                sendingSince = System.nanoTime();
                attempts.begin(now);
            }
        } finally {
            lock.unlock();
        }
        if (next.isPresent()) {
            send(next.get());
        }
        return next.isPresent();
    }

    /** Waits until something is due; returns false if the lane ends before that. */
    private boolean awaitChange() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ending && !isDue()) {
                changed.signalAll(); // whoever waits for it to be quiet
                boolean idle = queue.isEmpty() && channel.repeatEvery().isZero();
                changed.awaitNanos(idle ? IDLE_NANOS : LOOK_NANOS);
            }
            return isDue();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        long now = time.nanoTime();
        return (!queue.isEmpty() || !repetitions.isEmpty() || isToBeRepeated(now)) && attempts.untilNext(now) <= 0;
    }

    private boolean isToBeRepeated(long now) {
        long every = channel.repeatEvery().toNanos();
        return every > 0 && now - repeated >= every;
    }

    private Optional<Notification> due(long now) {
        long dropped = queue.takeDropped();
        if (dropped > 0) {
            LOG.error("channel {} takes nothing; {} incidents that waited for it were dropped", name, dropped);
        }
        Optional<Notification> next = queue.next();
        if (next.isPresent()) {
            return next;
        }
        if (isToBeRepeated(now)) {
            repeated = now;
            repetitions.clear();
            repetitions.addAll(queue.repetitions());
        }
        return Optional.ofNullable(repetitions.poll());
    }

    @SuppressWarnings("IllegalCatch") // whatever a channel throws, the next notification must reach it
    private void send(Notification notification) throws InterruptedException {
        Throwable thrown = null;
        try {
            channel.send(notification);
        } catch (Throwable e) {
            thrown = e;
        }
        boolean wasLate = endSend();
        try {
            if (thrown == null) {
                done(notification, null);
                with(each -> attempts.succeeded());
            } else if (thrown instanceof InterruptedException interrupt && !wasLate) {
                throw interrupt;
            } else {
                failed(notification, thrown);
            }
        } finally {
            with(each -> busy = false);
        }
    }

    /** Returns whether the send was interrupted as it took too long; the interrupt is over then. */
    private boolean endSend() {
        lock.lock();
        try {
            sending = false;
            boolean was = late;
            late = false;
            if (was) {
                Thread.interrupted();
            }
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void failed(Notification notification, Throwable thrown) {
        boolean useless = thrown instanceof DeliveryException delivery && delivery.isUseless();
        boolean old = notification.time().plus(giveUpAfter).isBefore(time.instant());
        boolean given = (useless || old) && !isRepetition(notification);
        LOG.warn(
                "channel {} has not taken notification {}{}: {}",
                name,
                notification.id(),
                given ? ", which is given up" : "",
                thrown.toString());
        if (given) {
            done(notification, thrown.toString());
        }
        Optional<Duration> asked =
                thrown instanceof DeliveryException delivery ? delivery.retryAfter() : Optional.empty();
        boolean[] unreachable = {old};
        with(each -> {
            long now = time.nanoTime();
            attempts.failed(now, asked);
            unreachable[0] |= attempts.isAlarming(now);
        });
        if (useless) {
            alarm.accept("channel '" + name + "' refuses notifications; the log says why");
        } else if (unreachable[0]) {
            alarm.accept("channel '" + name + "' cannot be reached: people do not hear of incidents by it");
        }
    }

    private static boolean isRepetition(Notification notification) {
        return notification instanceof Notification.OfIncident one && one.kind() == Notification.Kind.REPEATED;
    }

    /** Recorded first: what the trail does not know of is told again after a crash. */
    private void done(Notification notification, @Nullable String given) {
        if (isRepetition(notification)) {
            return;
        }
        told.done(name, notification, given);
        with(each -> Delivery.told(notification).forEach(one -> each.told(one.incident(), one.number())));
    }

    /** Interrupts a send that takes too long; from time to time, by another thread. */
    void look() {
        lock.lock();
        try {
            Thread running = thread;
            if (sending && !late && System.nanoTime() - sendingSince > LONGEST_SEND.toNanos() && running != null) {
                late = true;
                running.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything was told that can be told now; false if it took longer. */
    boolean awaitQuiet(long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (busy || isDue()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(Math.min(left, LOOK_NANOS));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tells what can be told now, and nothing more. */
    void end() {
        lock.lock();
        try {
            ending = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the thread, and interrupts it when it takes too long. By its own thread: it ends after that. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    void close(long end) throws InterruptedException {
        end();
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        TimeUnit.NANOSECONDS.timedJoin(running, Math.max(1, end - System.nanoTime()));
        if (running.isAlive()) {
            LOG.warn("channel {} did not finish before close; what it was not told the next run tells it", name);
            running.interrupt();
        }
    }
}
