// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryException;
import io.github.incident4j.notify.Notification;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One channel's queue, pauses and thread. Whatever is the host's own runs outside of the lock. Thread-safe. */
final class ChannelLane {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLane.class);
    private static final Duration LONGEST_SEND = Duration.ofMinutes(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250); // an injected clock may leap
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final String name;
    private final Channel channel;
    private final Duration giveUpAfter;
    private final Function<Incident, Optional<URI>> links;
    private final long repeatEvery;
    private final ChannelQueue queue = new ChannelQueue();
    private final Attempts attempts;
    private final TimeSource time;
    private final Told told;
    private final Consumer<String> alarm;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> toRepeat = new ArrayDeque<>(); // incidents
    private volatile boolean closed;
    private boolean ending;
    private boolean busy; // from the choice of a notification until it is recorded what became of it
    private boolean sending; // within the channel
    private boolean late; // the send that is under way was interrupted
    private boolean alarmed; // since the last success
    private long sendingSince;
    private long repeated;
    private long lastRepetition;
    private boolean repeatedLast; // the last that was sent is a repetition
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
            Function<Incident, Optional<URI>> links,
            Attempts attempts,
            TimeSource time,
            Told told,
            Consumer<String> alarm) {
        this.name = name;
        this.channel = channel;
        this.giveUpAfter = giveUpAfter;
        this.links = links;
        this.attempts = attempts;
        this.time = time;
        this.told = told;
        this.alarm = alarm;
        this.repeatEvery = channel.repeatEvery().toNanos();
        this.repeated = time.nanoTime();
        this.lastRepetition = repeated;
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

    void add(IncidentEvent event, Severity least) {
        with(each -> each.add(event, least));
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

    @SuppressWarnings("IllegalCatch") // nothing but the end of the runtime may end it
    private void run() {
        boolean ended = false;
        while (!ended && !closed) {
            try {
                ended = !sendDue() && !awaitChange();
            } catch (InterruptedException e) {
                LOG.debug("channel {} was interrupted", name, e); // by the host's channel, or as the runtime closes
            } catch (Throwable e) {
                LOG.error("channel {} goes on after a failure of its own", name, e);
                with(each -> attempts.failed(time.nanoTime(), Optional.empty(), false));
            }
        }
    }

    /** Sends what is due, if anything is; returns whether it has. */
    boolean sendDue() throws InterruptedException {
        Optional<Notification> next;
        long dropped;
        lock.lockInterruptibly();
        try {
            dropped = queue.takeDropped();
            long now = time.nanoTime();
            next = isDue() ? takeNext(now) : Optional.empty();
            if (next.isPresent()) {
                busy = true;
                sending = true;
                sendingSince = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
        if (dropped > 0) {
            alarm.accept("channel '" + name + "' has more to tell than there is room for: incidents were left out");
        }
        if (next.isPresent()) {
            send(next.get());
        }
        return next.isPresent();
    }

    /** News and repetitions in turn, where there are both. */
    private Optional<Notification> takeNext(long now) {
        boolean news = isNewsDue(now);
        Optional<Notification> next = news && repeatedLast ? Optional.empty() : takeRepetition(now);
        repeatedLast = next.isPresent();
        if (next.isEmpty() && news) {
            boolean any = attempts.untilNext(now) <= 0;
            attempts.begin(now);
            next = any ? queue.next(now) : queue.nextNew(now);
        }
        return next;
    }

    private Optional<Notification> takeRepetition(long now) {
        if (!isRepetitionDue(now)) {
            return Optional.empty();
        }
        if (toRepeat.isEmpty()) {
            repeated = now;
            toRepeat.addAll(queue.known());
        }
        Optional<Notification> next = Optional.empty();
        while (next.isEmpty() && !toRepeat.isEmpty()) {
            next = queue.repetition(toRepeat.remove(), time.instant());
        }
        lastRepetition = now;
        attempts.beginRepetition(now);
        return next;
    }

    /** Waits until something is due; returns false if the lane ends before that. */
    private boolean awaitChange() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ending && !isDue()) {
                changed.signalAll(); // whoever waits for it to be quiet
                boolean idle = queue.isEmpty() && repeatEvery == 0;
                changed.awaitNanos(idle ? IDLE_NANOS : LOOK_NANOS);
            }
            return isDue();
        } finally {
            lock.unlock();
        }
    }

    /** The rate is one of news: a receiver that wants repetitions stands them. */
    private boolean isDue() {
        long now = time.nanoTime();
        return isNewsDue(now) || isRepetitionDue(now);
    }

    /** Pauses are for news that have failed: a repetition shows in time whether it is only these. */
    private boolean isRepetitionDue(long now) {
        boolean pauses = attempts.isToWait(now) || (attempts.isPausing(now) && now - lastRepetition < repeatEvery);
        return !pauses && (!toRepeat.isEmpty() || isToBeRepeated(now));
    }

    private boolean isNewsDue(long now) {
        return (attempts.untilNext(now) <= 0 && queue.isDue(now)) || (attempts.untilNew(now) <= 0 && queue.hasNew());
    }

    private boolean isToBeRepeated(long now) {
        return repeatEvery > 0 && now - repeated >= repeatEvery;
    }

    @SuppressWarnings("IllegalCatch") // whatever a channel throws, the next notification must reach it
    private void send(Notification notification) {
        Throwable thrown = null;
        try {
            channel.send(linked(notification));
        } catch (Throwable e) {
            thrown = e;
        }
        endSend();
        try {
            if (thrown == null) {
                done(notification, null);
                with(each -> {
                    each.succeeded();
                    attempts.succeeded();
                    alarmed = false;
                });
            } else if (!closed) { // else it is this end that it failed by
                failed(notification, thrown);
            }
        } finally {
            with(each -> busy = false);
        }
    }

    private Notification linked(Notification notification) {
        return notification instanceof Notification.OfIncident one
                ? new Notification.OfIncident(
                        one.id(), one.kind(), one.incident(), one.news(), links.apply(one.incident()))
                : notification;
    }

    /** An interrupt that is left of the send, its own or the channel's, is over with it. */
    private void endSend() {
        lock.lock();
        try {
            sending = false;
            late = false;
            if (!closed) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(Notification notification, Throwable thrown) {
        Optional<Duration> asked =
                thrown instanceof DeliveryException delivery ? delivery.retryAfter() : Optional.empty();
        boolean[] lasts = new boolean[1];
        boolean[] tells = new boolean[1];
        with(each -> {
            long now = time.nanoTime();
            ChannelQueue.Failed failed = each.failed(notification, now, attempts::pause);
            attempts.failed(now, asked, failed.alone());
            lasts[0] = failed.nanos() >= Attempts.ALARM_AFTER.toNanos();
            tells[0] = lasts[0] && failed.alone() && each.alarms(notification);
        });
        boolean useless = thrown instanceof DeliveryException delivery
                && delivery.isUseless()
                && notification instanceof Notification.OfIncident; // of a storm it may be one alone
        boolean old = lasts[0] && notification.time().plus(giveUpAfter).isBefore(time.instant());
        boolean given = (useless || old) && !isRepetition(notification);
        String why = String.valueOf(thrown);
        LOG.warn(
                "channel {} has not taken notification {}{}: {}",
                name,
                notification.id(),
                given ? ", which is given up" : "",
                why);
        if (given) {
            done(notification, why);
        }
        if (useless || tells[0]) {
            alarm.accept("channel '" + name + "' refuses notifications; the log says why");
        }
        look();
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
        with(each ->
                Delivery.told(notification).forEach(one -> each.told(one.incident(), one.number(), given == null)));
    }

    /**
     * Interrupts a send that takes too long, and says so where the channel does not work; from time to time, by another
     * thread, which never waits.
     */
    void look() {
        boolean tell = false;
        if (lock.tryLock()) {
            try {
                Duration sent = Duration.ofNanos(sending ? System.nanoTime() - sendingSince : 0);
                Thread running = thread;
                if (!late && running != null && sent.compareTo(LONGEST_SEND) > 0) {
                    late = true;
                    running.interrupt();
                }
                boolean failing = attempts.isAlarming(time.nanoTime()) || sent.compareTo(Attempts.ALARM_AFTER) > 0;
                tell = failing && !alarmed;
                alarmed |= failing;
            } finally {
                lock.unlock();
            }
        }
        if (tell) {
            alarm.accept("channel '" + name + "' cannot be reached: people do not hear of incidents by it");
        }
    }

    /** Waits until everything was told that can be told now; false if it took longer. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    boolean awaitQuiet(long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while ((busy || isDue()) && thread != Thread.currentThread()) {
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
        with(each -> ending = true);
    }

    /** Waits for the thread, and interrupts it when it takes too long. By its own thread: it ends after that. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    void close(long end) throws InterruptedException {
        end();
        Thread running = thread;
        try {
            if (running != null && running != Thread.currentThread()) {
                TimeUnit.NANOSECONDS.timedJoin(running, Math.max(1, end - System.nanoTime()));
            }
        } finally {
            closed = true;
            if (running != null && running.isAlive() && running != Thread.currentThread()) {
                LOG.warn("channel {} did not finish before close; what it was not told the next run tells it", name);
                running.interrupt();
            }
        }
    }
}
