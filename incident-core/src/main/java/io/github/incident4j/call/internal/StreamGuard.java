// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedStream;
import io.github.incident4j.call.StreamCall;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.call.StreamingCall;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement.Stage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams, guarded: a {@link Guard} decides which route may be opened, and {@link StreamRun} passes its elements on.
 */
public final class StreamGuard<I, T> implements GuardedStream<I, T> {
    private final String name;
    private final Guard<I, StreamSummary> guard;
    private final StreamCall<I, T>[] streams;
    private final Rails<T> elementRails;
    private final List<StreamRail<T>> streamRails;
    private final boolean notesWhatLeaves;
    private final long timeToFirstNanos;
    private final @Nullable Function<? super Failure, ? extends T> lastElement;
    private final @Nullable Function<? super Failure, ? extends T> restartMarker;
    private final CallTimer timer;

    /**
     * Creates a guard of streams.
     *
     * @param name the model's name
     * @param guard decides which route may be opened
     * @param streams what the routes do, in their order
     * @param elementRails the guardrails on elements
     * @param streamRails the guardrails on the whole of a stream
     * @param notesWhatLeaves whether a detector asks which findings have left a stream
     * @param timeToFirstNanos how long a route may take to its first element, or {@link Long#MAX_VALUE}
     * @param lastElement makes the last element of a stream that is cut, if there is to be one
     * @param restartMarker makes the element that says that another route begins anew; without it a stream of which
     *     elements were passed on ends with its route
     * @param timer tells when time is up
     */
    @SuppressWarnings("unchecked") // streams only produce T, so other bounds serve as well
    public StreamGuard(
            String name,
            Guard<I, StreamSummary> guard,
            List<StreamCall<? super I, ? extends T>> streams,
            List<Rail<T>> elementRails,
            List<StreamRail<T>> streamRails,
            boolean notesWhatLeaves,
            long timeToFirstNanos,
            @Nullable Function<? super Failure, ? extends T> lastElement,
            @Nullable Function<? super Failure, ? extends T> restartMarker,
            CallTimer timer) {
        this.name = name;
        this.guard = guard;
        this.streams = (StreamCall<I, T>[]) streams.toArray(new StreamCall<?, ?>[0]);
        this.elementRails = new Rails<>(Stage.OUTPUT, elementRails, guard.time(), new CutOff());
        this.streamRails = streamRails;
        this.notesWhatLeaves = notesWhatLeaves && !(elementRails.isEmpty() && streamRails.isEmpty());
        this.timeToFirstNanos = timeToFirstNanos;
        this.lastElement = lastElement;
        this.restartMarker = restartMarker;
        this.timer = timer;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StreamingCall<T> open(I input, CallContext context) {
        Objects.requireNonNull(context, "the context is null; use CallContext.empty()");
        return new StreamRun<>(this, input, context);
    }

    @Override
    public Decision<StreamSummary> forEach(I input, CallContext context, Consumer<? super T> elements)
            throws InterruptedException {
        StreamRun<I, T> run = new StreamRun<>(this, input, context);
        EachElement<T> subscriber = new EachElement<>(elements);
        run.subscribe(subscriber);
        try {
            Decision<StreamSummary> decision = run.decision().get();
            subscriber.ended.await(); // what is decided may be told a moment later
            Throwable thrown = subscriber.thrown;
            if (thrown != null) {
                throw Sneaky.rethrow(thrown);
            }
            return decision;
        } catch (InterruptedException e) {
            subscriber.cancel();
            throw e;
        } catch (ExecutionException e) {
            throw Sneaky.rethrow(Objects.requireNonNullElse(e.getCause(), e)); // as of a call that does not even begin
        }
    }

    /** Asks for everything. */
    private static final class EachElement<T> implements Flow.Subscriber<T> {
        private final Consumer<? super T> elements;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Flow.@Nullable Subscription subscription;
        private volatile @Nullable Throwable thrown;

        EachElement(Consumer<? super T> elements) {
            this.elements = elements;
        }

        void cancel() {
            Flow.Subscription known = subscription;
            if (known != null) {
                known.cancel();
            }
            ended.countDown(); // a stream that is cancelled says nothing more
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T element) {
            try {
                elements.accept(element);
            } catch (Throwable e) {
                thrown = e; // for the one who waits; the model has done nothing wrong
                cancel();
            }
        }

        @Override
        public void onError(Throwable thrown) {
            ended.countDown(); // the decision says why
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }
    }

    Guard<I, StreamSummary> guard() {
        return guard;
    }

    StreamCall<I, T> stream(int i) {
        return streams[i];
    }

    Rails<T> elementRails() {
        return elementRails;
    }

    List<StreamRail<T>> streamRails() {
        return streamRails;
    }

    /** Whether a detector asks which findings have left a stream, and there are guardrails that may have some. */
    boolean notesWhatLeaves() {
        return notesWhatLeaves;
    }

    long timeToFirstNanos() {
        return timeToFirstNanos;
    }

    boolean restarts() {
        return restartMarker != null;
    }

    @Nullable
    Function<? super Failure, ? extends T> lastElement() {
        return lastElement;
    }

    @Nullable
    Function<? super Failure, ? extends T> restartMarker() {
        return restartMarker;
    }

    CallTimer timer() {
        return timer;
    }
}
