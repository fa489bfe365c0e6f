// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.examples.credit.CreditData.Customer;
import io.github.incident4j.examples.credit.Score.Outcome;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Decision;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The stream: applications drawn from the customers by the seed, one in each interval of the simulated clock. After
 * each, it waits until the library has come to rest, so that the detectors, which work on another thread, find every
 * application at the same place in every run.
 */
final class Replay {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LATENCY_WINDOW = 1_000;

    private final List<Customer> customers;
    private final SplittableRandom random;
    private final Version v7;
    private final Version v8;
    private final SimulatedClock clock;
    private final StoryReport report;
    private final Ledger ledger = new Ledger();
    private final Latencies latencies = new Latencies(CreditScoringStory.APPLICATIONS);
    private int unanswered;
    private int objections;
    private int pagesShown;

    Replay(List<Customer> customers, long seed, Version v7, Version v8, SimulatedClock clock, StoryReport report) {
        this.customers = customers;
        this.random = new SplittableRandom(seed);
        this.v7 = v7;
        this.v8 = v8;
        this.clock = clock;
        this.report = report;
    }

    /** Sends the applications up to before the one of the given number. */
    void upTo(int end, GuardedModel<Application, Score> scorer, IncidentRuntime runtime, LoopbackReceiver receiver) {
        for (int number = ledger.size(); number < end; number++) {
            clock.turnTo(number);
            Application application =
                    customers.get(random.nextInt(customers.size())).application();
            long start = System.nanoTime();
            Decision<Score> decision = scorer.decide(application);
            latencies.add(System.nanoTime() - start);
            ledger.add(entry(application, decision));
            if (!runtime.awaitQuiet(PATIENCE)) {
                throw new IllegalStateException(
                        "the library did not come to rest within " + PATIENCE + " after application " + number);
            }
            report.progress(number, clock);
            for (List<String> pages = receiver.pages(); pagesShown < pages.size(); pagesShown++) {
                report.paged(number, clock, pages.get(pagesShown));
            }
        }
    }

    private Ledger.Entry entry(Application application, Decision<Score> decision) {
        boolean affected = application.ageBand().equals(CreditScoringStory.GROUP);
        Score unguarded = v8.score(application);
        Score right = v8.scoreEncodedRight(application);
        boolean wronglyDeniedUnguarded = unguarded.denied() && right.approved();
        objections += decision.judgements().size();
        if (!(decision instanceof Decision.Answered<Score> answered)) {
            unanswered++;
            return new Ledger.Entry(affected, "none", Outcome.REFERRED, false, wronglyDeniedUnguarded);
        }
        String route = answered.route();
        if (answered.output().isReferral()) {
            return new Ledger.Entry(affected, route, reviewed(application), false, wronglyDeniedUnguarded);
        }
        Score rightOfRoute = route.equals(v7.model().version()) ? v7.scoreEncodedRight(application) : right;
        return new Ledger.Entry(
                affected,
                route,
                answered.output().outcome(),
                answered.output().denied() && rightOfRoute.approved(),
                wronglyDeniedUnguarded);
    }

    /** The simulated reviewer reads the account status on paper and decides as v8 does when it is fed rightly. */
    private Outcome reviewed(Application application) {
        return v8.scoreEncodedRight(application).outcome();
    }

    StoryResult result(List<Incident> before, List<Incident> after, List<String> pages, AuditTrail trail) {
        Optional<Course> course = after.stream().findFirst().map(incident -> Course.of(incident, clock));
        int change = CreditScoringStory.CHANGE_AT;
        int end = ledger.size();
        int rolledBack = course.flatMap(Course::firstRolledBack).orElse(end);
        int reviewed = course.flatMap(Course::firstReviewed).orElse(end);
        report.measured(
                latencies.medianMicros(change - LATENCY_WINDOW, change),
                latencies.medianMicros(change, Math.min(rolledBack, change + LATENCY_WINDOW)));
        int noticed = course.map(found -> found.detected().application() + 1).orElse(end);
        return new StoryResult(
                before.size(),
                after.size(),
                course,
                ledger.ofGroup(0, change),
                ledger.ofGroup(change, noticed),
                ledger.ofGroup(change, rolledBack),
                ledger.ofGroup(rolledBack, reviewed),
                ledger.ofGroup(reviewed, end),
                ledger.ofOthers(0, change),
                ledger.ofOthers(reviewed, end),
                unanswered,
                objections,
                pages,
                decisionsIn(trail),
                trail.verify());
    }

    private static long decisionsIn(AuditTrail trail) {
        try (Stream<TrailRecord> records = trail.records()) {
            return records.filter(record -> record.type().equals("decision")).count();
        }
    }
}
