// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.model.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a route comes back, or a new version comes in: by growing shares of the traffic, each for a least number of
 * decisions and a least time. A step passes only when two things have been shown, each at a level of 5 %: that what the
 * model's detectors watch lies within their tolerance, and that the route fails in less than the
 * {@linkplain #failureTolerance tolerated share} of its attempts. That nothing was signalled is no evidence. A step
 * that has not passed within the patience is inconclusive, also if no decision has come at all. One in which it is
 * shown, at the same level, that the route fails more often than tolerated is undone at once, and so is one in which
 * results, or a detector, open the route's circuit breaker.
 *
 * <p>An attempt has failed if the model threw, had no answer, did not answer in time, or gave an answer that a
 * guardrail blocked. A call that the circuit breaker does not let through is no attempt.
 *
 * <pre>{@code
 * RampPlan.standard()
 * RampPlan.standard().shares(0.05, 0.5, 1).minDecisions(500).patience(Duration.ofHours(6))
 * }</pre>
 *
 * <p>Immutable: each setting returns another plan. Settings do not throw; {@link Ramps#start} reports all faults
 * together.
 *
 * @param shares the shares of the traffic, growing, the last one 1
 * @param minDecisions how many decisions a step needs at least for which the route was tried
 * @param minTime how long a step takes at least
 * @param patience how long a step may take before it is inconclusive
 * @param whenInconclusive what happens then
 * @param failureTolerance in which share of the attempts the route may fail
 */
public record RampPlan(
        List<Double> shares,
        long minDecisions,
        Duration minTime,
        Duration patience,
        Inconclusive whenInconclusive,
        double failureTolerance) {
    private static final RampPlan STANDARD = new RampPlan(
            List.of(0.01, 0.05, 0.25, 0.5, 1.0),
            200,
            Duration.ofMinutes(5),
            Duration.ofHours(24),
            Inconclusive.WAIT,
            0.05);

    /** What happens when a step is inconclusive. */
    public enum Inconclusive {
        /** The ramp stays where it is until a person advances or undoes it. */
        WAIT,
        /**
         * The next step begins, although nothing has shown that it is safe. Where the route is killed, so that nothing
         * could be shown, the ramp waits for a person as with {@link #WAIT}.
         */
        ADVANCE,
        /** The route is killed again. */
        UNDO
    }

    /**
     * Copies the list.
     *
     * @param shares the shares of the traffic
     * @param minDecisions how many decisions a step needs
     * @param minTime how long a step takes at least
     * @param patience how long a step may take
     * @param whenInconclusive what happens then
     * @param failureTolerance in which share of the attempts the route may fail
     */
    public RampPlan {
        shares = List.copyOf(shares);
    }

    /**
     * {@return 1 %, 5 %, 25 %, 50 % and 100 %, each for 200 decisions and 5 minutes, waiting for a person after a day;
     * failures in 5 % of the attempts are tolerated}
     */
    public static RampPlan standard() {
        return STANDARD;
    }

    /**
     * Sets the shares.
     *
     * @param growing the shares of the traffic, each above the one before, the last one 1
     * @return the plan
     */
    public RampPlan shares(double... growing) {
        List<Double> all = new ArrayList<>();
        for (double share : growing) {
            all.add(share);
        }
        return new RampPlan(all, minDecisions, minTime, patience, whenInconclusive, failureTolerance);
    }

    /**
     * Sets how many decisions a step needs at least for which the route was tried.
     *
     * @param decisions 1 or more
     * @return the plan
     */
    public RampPlan minDecisions(long decisions) {
        return new RampPlan(shares, decisions, minTime, patience, whenInconclusive, failureTolerance);
    }

    /**
     * Sets how long a step takes at least.
     *
     * @param time zero or more
     * @return the plan
     */
    public RampPlan minTime(Duration time) {
        return new RampPlan(shares, minDecisions, time, patience, whenInconclusive, failureTolerance);
    }

    /**
     * Sets how long a step may take before it is inconclusive.
     *
     * @param time the least time or more
     * @return the plan
     */
    public RampPlan patience(Duration time) {
        return new RampPlan(shares, minDecisions, minTime, time, whenInconclusive, failureTolerance);
    }

    /**
     * Sets what happens when a step is inconclusive.
     *
     * @param choice what happens
     * @return the plan
     */
    public RampPlan whenInconclusive(Inconclusive choice) {
        return new RampPlan(shares, minDecisions, minTime, patience, choice, failureTolerance);
    }

    /**
     * Sets in which share of the attempts the route may fail. It is the edge of harm, not what is usual: a step passes
     * the sooner, the further the route stays below it. A route without any failure passes after about 80 attempts with
     * the standard plan's 5 %, and after about 360 with 1 %.
     *
     * @param share above 0, below 1
     * @return the plan
     */
    public RampPlan failureTolerance(double share) {
        return new RampPlan(shares, minDecisions, minTime, patience, whenInconclusive, share);
    }

    /** {@return what is wrong with it, one sentence each with the value and the remedy} */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        double before = 0;
        for (double share : shares) {
            if (!(share > before && share <= 1)) {
                faults.add("the share " + share + " does not grow from " + before + " towards 1");
            }
            before = share;
        }
        if (shares.isEmpty() || before != 1) {
            faults.add("the last share must be 1 but the shares are " + shares);
        }
        if (minDecisions < 1) {
            faults.add("a step of " + minDecisions + " decisions shows nothing; use 1 or more");
        }
        if (minTime == null || patience == null || whenInconclusive == null) {
            faults.add("the least time, the patience or what happens when a step is inconclusive is null");
        } else if (minTime.isNegative()) {
            faults.add("the least time of " + Durations.text(minTime) + " is negative; use zero or more");
        } else if (patience.compareTo(minTime) < 0) {
            faults.add("the patience of " + Durations.text(patience) + " is shorter than the least time of "
                    + Durations.text(minTime));
        }
        if (!(failureTolerance > 0 && failureTolerance < 1)) {
            faults.add("a tolerance of " + failureTolerance + " for failures is out of range; use a share above 0 and"
                    + " below 1");
        }
        return faults;
    }
}
