// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes down what it gets, and notices what comes after the end. */
class Reader implements Flow.Subscriber<String> {
    final List<String> got = new CopyOnWriteArrayList<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
    private final long ask;

    Reader(long ask) {
        this.ask = ask;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription.set(newSubscription);
        if (ask > 0) {
            newSubscription.request(ask);
        }
    }

    @Override
    public void onNext(String element) {
        assertThat(end).as("nothing comes after the end").isNotDone();
        got.add(element);
    }

    @Override
    public void onError(Throwable thrown) {
        assertThat(end.complete("error " + thrown)).as("one end").isTrue();
    }

    @Override
    public void onComplete() {
        assertThat(end.complete("complete")).as("one end").isTrue();
    }

    void request(long n) {
        java.util.Objects.requireNonNull(subscription.get()).request(n);
    }

    void cancel() {
        java.util.Objects.requireNonNull(subscription.get()).cancel();
    }

    String end() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }
}
