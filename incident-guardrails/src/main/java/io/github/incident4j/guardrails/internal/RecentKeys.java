// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the keys that were seen last. Never holds more keys than it was told, not even for a moment: a
 * new one takes the place of the one that was not asked for the longest. A cache that evicts later would not do.
 *
 * @param <V> what is remembered of a key
 */
public final class RecentKeys<V> {
    private static final int STRIPES = 16;
    /** Under so many keys one stripe holds them all, so that the order of eviction is exact where it is noticed. */
    private static final int FEW = 1_024;

    /**
     * From what is remembered of a key to what is to be remembered.
     *
     * @param <V> what is remembered of a key
     */
    @FunctionalInterface
    public interface Step<V> {
        /**
         * Makes what is to be remembered.
         *
         * @param known what is remembered, or null
         * @return what is to be remembered
         */
        V from(@Nullable V known);
    }

    private final List<Stripe<V>> stripes = new ArrayList<>();

    /**
     * Remembers nothing yet.
     *
     * @param most the most keys, at least 1
     */
    public RecentKeys(int most) {
        int number = most < FEW ? 1 : STRIPES;
        for (int i = 0; i < number; i++) {
            stripes.add(new Stripe<>(most / number));
        }
    }

    /**
     * Looks at what is remembered of a key and puts something else in its place, as one step.
     *
     * @param key the key
     * @param step makes what is to be remembered; must not come back here
     * @return what the step returned
     */
    public V update(Object key, Step<V> step) {
        int hash = key.hashCode() * 0x9E3779B9; // the upper bits of a product depend on all bits
        Stripe<V> stripe = stripes.get((hash >>> 28) % stripes.size());
        stripe.lock.lock();
        try {
            V next = step.from(stripe.keys.get(key));
            stripe.keys.put(key, next);
            return next;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** {@return how many keys are remembered} */
    int size() {
        int size = 0;
        for (Stripe<V> stripe : stripes) {
            stripe.lock.lock();
            try {
                size += stripe.keys.size();
            } finally {
                stripe.lock.unlock();
            }
        }
        return size;
    }

    private static final class Stripe<V> {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Object, V> keys;

        private Stripe(int most) {
            keys = new Lru<>(most);
        }
    }

    /** In the order of the last access. */
    private static final class Lru<V> extends LinkedHashMap<Object, V> {
        private static final long serialVersionUID = 1L;

        private final int most;

        private Lru(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, V> eldest) {
            return size() > most;
        }
    }
}
