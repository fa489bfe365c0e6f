// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.StreamGuardBuilder.CallbackCall;
import io.github.incident4j.call.StreamGuardBuilder.Sink;
import io.github.incident4j.model.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream of a model that calls back. Elements that nobody has asked for yet wait, up to a bound; beyond it the
 * stream fails, since to wait on the model's thread, which may be the reader's own, could be for ever. Serves one
 * subscriber, within the library.
 */
public final class CallbackPublisher<I, T> implements Flow.Publisher<T> {
    private static final int MAX_WAITING = 1_024;
    private static final int ROOM = 512; // fewer wait: a model that pauses goes on

    private static final Failure BEHIND = new Failure.Limited(
            String.format(Locale.ROOT, "%,d elements wait for a reader that is slower than the model", MAX_WAITING));

    private final I input;
    private final CallbackCall<? super I, T> model;

    /**
     * Creates a publisher; the model is asked when somebody subscribes.
     *
     * @param input what to answer
     * @param model the model
     */
    public CallbackPublisher(I input, CallbackCall<? super I, T> model) {
        this.input = input;
        this.model = model;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Pipe<T> pipe = new Pipe<>(subscriber);
        subscriber.onSubscribe(pipe);
        try {
            model.answer(input, pipe);
        } catch (Throwable e) { // whatever the model throws is its failure
            pipe.fail(e);
        }
    }

    /** Passes elements on as they are asked for; one thread at a time drains it. */
    private static final class Pipe<T> implements Sink<T>, Flow.Subscription {
        private final Flow.Subscriber<? super T> subscriber;
        private final Deque<T> waiting = new ArrayDeque<>();
        private long wanted;
        private boolean draining;
        private boolean over; // nothing more is taken
        private boolean told; // the end has been passed on, or nobody wants it
        private boolean cutOff; // over before the model has ended it
        private @Nullable Throwable failure;
        private @Nullable Runnable onCancel;
        private @Nullable Runnable onRoom;
        private boolean telling; // of room
        private boolean toldOver; // by what is run where there is room

        Pipe(Flow.Subscriber<? super T> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public boolean next(T element) {
            Objects.requireNonNull(element, "an element is null");
            Runnable tooMany = null;
            synchronized (this) {
                if (over) {
                    return false;
                }
                if (waiting.size() < MAX_WAITING) {
                    waiting.add(element);
                } else {
                    over = true;
                    cutOff = true;
                    failure = StoppedException.midway(BEHIND);
                    tooMany = onCancel;
                    onCancel = null;
                }
            }
            drain();
            if (tooMany != null) {
                tooMany.run();
            }
            synchronized (this) {
                return !over;
            }
        }

        @Override
        public synchronized boolean hasRoom() {
            return over || waiting.size() < ROOM;
        }

        @Override
        public void onRoom(Runnable action) {
            synchronized (this) {
                onRoom = action;
            }
            tellOfRoom();
        }

        /** One after another on one thread, as what is told may ask to be told again. */
        private void tellOfRoom() {
            while (true) {
                Runnable action;
                synchronized (this) {
                    if (telling || onRoom == null || !hasRoom()) {
                        return;
                    }
                    action = onRoom;
                    onRoom = null;
                    if (over && toldOver) {
                        return; // or one that asks each time would ask for ever
                    }
                    toldOver = over;
                    telling = true;
                }
                try {
                    action.run();
                } finally {
                    synchronized (this) {
                        telling = false;
                    }
                }
            }
        }

        @Override
        public void complete() {
            end(null);
        }

        @Override
        public void fail(Throwable thrown) {
            end(thrown);
        }

        private void end(@Nullable Throwable thrown) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                failure = thrown;
            }
            drain();
        }

        @Override
        public void onCancel(Runnable action) {
            synchronized (this) {
                if (!cutOff) {
                    onCancel = action;
                    return;
                }
            }
            action.run();
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                if (n <= 0 && !over) {
                    over = true;
                    failure = new IllegalArgumentException("a subscriber must ask for 1 element or more, not " + n);
                    waiting.clear();
                }
                wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
            }
            drain();
        }

        @Override
        public void cancel() {
            Runnable action;
            synchronized (this) {
                if (told) {
                    return;
                }
                over = true;
                told = true;
                cutOff = true;
                waiting.clear();
                action = onCancel;
                onCancel = null;
            }
            try {
                if (action != null) {
                    action.run();
                }
            } finally {
                tellOfRoom();
            }
        }

        private void drain() {
            synchronized (this) {
                if (draining) {
                    return; // whoever drains sees what was added
                }
                draining = true;
            }
            try {
                drainAll();
            } catch (Throwable thrown) { // or nobody would drain again, not even the end
                synchronized (this) {
                    draining = false;
                }
                throw thrown;
            }
            tellOfRoom();
        }

        private void drainAll() {
            while (true) {
                T element;
                boolean end;
                synchronized (this) {
                    boolean deliver = !told && wanted > 0 && !waiting.isEmpty();
                    end = !told && over && waiting.isEmpty();
                    if (!deliver && !end) {
                        draining = false;
                        return;
                    }
                    element = deliver ? waiting.poll() : null;
                    if (deliver && wanted != Long.MAX_VALUE) {
                        wanted--;
                    }
                    told |= end;
                }
                if (element != null) {
                    subscriber.onNext(element);
                } else if (failure != null) {
                    subscriber.onError(failure);
                } else {
                    subscriber.onComplete();
                }
            }
        }
    }
}
