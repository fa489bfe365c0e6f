// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.StreamGuardBuilder.CallbackCall;
import io.github.incident4j.call.StreamGuardBuilder.Sink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stream of a model that calls back. Elements that nobody has asked for yet wait, up to a bound. Serves one
 * subscriber, within the library.
 */
public final class CallbackPublisher<I, T> implements Flow.Publisher<T> {
    private static final int MAX_WAITING = 1_024;

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
        private boolean cancelled;
        private @Nullable Throwable failure;
        private @Nullable Runnable onCancel;

        Pipe(Flow.Subscriber<? super T> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public boolean next(T element) {
            Objects.requireNonNull(element, "an element is null");
            synchronized (this) {
                if (over) {
                    return false;
                }
                if (waiting.size() >= MAX_WAITING) {
                    over = true;
                    failure = new IllegalStateException("the model went on although " + MAX_WAITING
                            + " elements were waiting; stop when next(…) returns false");
                } else {
                    waiting.add(element);
                }
            }
            drain();
            synchronized (this) {
                return !over && waiting.size() < MAX_WAITING / 2;
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
                if (!cancelled) {
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
                cancelled = true;
                waiting.clear();
                action = onCancel;
            }
            if (action != null) {
                action.run();
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
