// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A stream of which the test decides when what comes. */
class Hand implements Flow.Publisher<String>, Flow.Subscription {
    final AtomicReference<Flow.@Nullable Subscriber<? super String>> subscriber = new AtomicReference<>();
    final AtomicBoolean cancelled = new AtomicBoolean();
    volatile long asked;

    @Override
    public void subscribe(Flow.Subscriber<? super String> newSubscriber) {
        subscriber.set(newSubscriber);
        newSubscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        asked = asked + n < 0 ? Long.MAX_VALUE : asked + n;
    }

    @Override
    public void cancel() {
        cancelled.set(true);
    }

    Flow.Subscriber<? super String> to() {
        return java.util.Objects.requireNonNull(subscriber.get());
    }
}
