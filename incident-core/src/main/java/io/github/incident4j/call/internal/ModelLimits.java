// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.incident4j.killswitch.internal.RateGate;
import io.github.incident4j.model.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How often the model's routes may be called: all together, and for each value of a segment attribute. */
public final class ModelLimits {
    /** No limit. */
    public static final ModelLimits NONE = new ModelLimits(null, 0, List.of(), List.of(), List.of(), 0);

    private static final int MAX_VALUES = 10_000;

    private final @Nullable RateGate gate;
    private final @Nullable String rate;
    private final @Nullable Permits permits;
    private final int maxConcurrent;
    private final List<BySegment> bySegment = new ArrayList<>();
    private final List<AtOnce> atOnce = new ArrayList<>();

    /** How many calls run of each value of one attribute; a value of which none runs is forgotten. */
    private record AtOnce(int index, String attribute, int max, ConcurrentHashMap<String, Integer> running) {
        boolean tryAcquire(String value) {
            boolean[] acquired = new boolean[1];
            running.compute(value, (key, count) -> {
                int before = count == null ? 0 : count;
                acquired[0] = before < max;
                return acquired[0] ? before + 1 : before;
            });
            return acquired[0];
        }

        void release(String value) {
            running.computeIfPresent(value, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** The gates of one attribute; those of values that were not seen for long make room. */
    private record BySegment(int index, String attribute, Limit.Rate rate, Cache<String, RateGate> gates) {}

    /**
     * Creates limits.
     *
     * @param rate how often, or null
     * @param maxConcurrent how many at once, or 0
     * @param attributes the names of the segment attributes
     * @param rates the rate for each value of an attribute, null where it has none
     * @param maxima how many at once for each value of an attribute, 0 where it is not limited
     * @param nowNanos the monotonic clock's reading
     */
    public ModelLimits(
            Limit.@Nullable Rate rate,
            int maxConcurrent,
            List<String> attributes,
            List<Limit.@Nullable Rate> rates,
            List<Integer> maxima,
            long nowNanos) {
        this.gate = rate == null ? null : new RateGate(rate, nowNanos);
        this.rate = rate == null ? null : rate.toString();
        this.permits = maxConcurrent == 0 ? null : new Permits(maxConcurrent);
        this.maxConcurrent = maxConcurrent;
        for (int i = 0; i < attributes.size(); i++) {
            if (maxima.get(i) > 0) {
                atOnce.add(new AtOnce(i, attributes.get(i), maxima.get(i), new ConcurrentHashMap<>()));
            }
            Limit.Rate each = rates.get(i);
            if (each != null) {
                bySegment.add(new BySegment(
                        i,
                        attributes.get(i),
                        each,
                        Caffeine.newBuilder()
                                .maximumSize(MAX_VALUES)
                                .executor(Runnable::run)
                                .build()));
            }
        }
    }

    /**
     * Asks for one call; returns what limit it is over, or null. Who is over one has spent nothing of the others; a
     * permit that was given must be given back by {@link #release}.
     */
    @Nullable
    String acquire(@Nullable String[] segments, long nowNanos) {
        String over = acquirePermits(segments);
        if (over != null) {
            return over;
        }
        try {
            over = passRates(segments, nowNanos);
        } catch (Throwable e) {
            release(segments);
            throw e;
        }
        if (over != null) {
            release(segments);
        }
        return over;
    }

    private @Nullable String acquirePermits(@Nullable String[] segments) {
        String over = null;
        int held = 0;
        try {
            for (; over == null && held < atOnce.size(); held += over == null ? 1 : 0) {
                AtOnce each = atOnce.get(held);
                String value = segments[each.index()];
                if (value != null && !each.tryAcquire(value)) {
                    over = each.max() + " calls at once for each " + each.attribute();
                }
            }
            if (over == null && permits != null && !permits.tryAcquire()) {
                over = maxConcurrent + " calls of the model at once";
            }
        } catch (Throwable e) {
            release(segments, held);
            throw e;
        }
        if (over != null) {
            release(segments, held);
        }
        return over;
    }

    private @Nullable String passRates(@Nullable String[] segments, long nowNanos) {
        for (int i = 0; i < bySegment.size(); i++) {
            BySegment each = bySegment.get(i);
            String value = segments[each.index()];
            if (value != null
                    && !each.gates()
                            .get(value, unseen -> new RateGate(each.rate(), nowNanos))
                            .tryPass(nowNanos)) {
                giveBack(segments, i);
                return each.rate() + " for each " + each.attribute();
            }
        }
        if (gate != null && !gate.tryPass(nowNanos)) {
            giveBack(segments, bySegment.size());
            return rate + " of the model";
        }
        return null;
    }

    /** Takes back that a call has passed the rates a moment ago, which did not go on. */
    void giveBackRates(@Nullable String[] segments) {
        if (gate != null) {
            gate.giveBack();
        }
        giveBack(segments, bySegment.size());
    }

    private void giveBack(@Nullable String[] segments, int first) {
        for (int i = 0; i < first; i++) {
            String value = segments[bySegment.get(i).index()];
            RateGate known = value == null ? null : bySegment.get(i).gates().getIfPresent(value);
            if (known != null) {
                known.giveBack();
            }
        }
    }

    /** Gives back what limits the number of calls at once. */
    void release(@Nullable String[] segments) {
        release(segments, atOnce.size()); // first: it takes more of the stack, which may be full
        if (permits != null) {
            permits.release();
        }
    }

    private void release(@Nullable String[] segments, int first) {
        for (int i = 0; i < first; i++) {
            String value = segments[atOnce.get(i).index()];
            if (value != null) {
                atOnce.get(i).release(value);
            }
        }
    }

    boolean isNone() {
        return gate == null && permits == null && bySegment.isEmpty() && atOnce.isEmpty();
    }

    boolean hasPermits() {
        return permits != null || !atOnce.isEmpty();
    }
}
