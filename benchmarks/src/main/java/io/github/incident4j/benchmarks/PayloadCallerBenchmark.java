// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.PayloadEncoder;
import io.github.incident4j.call.PayloadPolicy;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a caller pays for what is recorded of a call: a guarded call around a model that costs nothing, with a subject
 * and one payload policy after the other on an input of 24 fields, which is encoded as JSON on the caller's thread.
 * Each invocation is a burst that the queue holds; between two bursts the journal gets the time to empty it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 60)
@Measurement(iterations = 60)
@Fork(2)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the method that opens
public class PayloadCallerBenchmark {
    private static final int BURST = 4_096;

    /** The rungs: nothing but the decision, whom it is about, and what the model saw. */
    @Param({"decision", "subject", "digest", "redacted", "full"})
    public String policy;

    private Path directory;
    private IncidentRuntime runtime;
    private GuardedModel<Application, Double> model;
    private Application[] applications;

    /** Synthetic. */
    record Application(
            String customer,
            String tenant,
            String region,
            String age,
            String channel,
            String product,
            String tier,
            String origin,
            double limit,
            double income,
            double ratio,
            double term,
            double rate,
            double margin,
            double years,
            double rent,
            double debts,
            double savings,
            int children,
            int cars,
            boolean employed,
            boolean owner,
            boolean known,
            boolean insured) {}

    /** Opens the runtime and builds the guard of the rung. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("incident4j-payload");
        runtime = IncidentRuntime.builder().directory(directory).build();
        AuditOptions<Application, Double> subject =
                AuditOptions.<Application, Double>options().subject(Application::customer);
        PayloadEncoder<Application> json = PayloadEncoder.json();
        Guardrail<Application> redaction = application ->
                Verdict.rewrite(masked(application), new Finding("income", "finance", "the income is masked"));
        AuditOptions<Application, Double> options = switch (policy) {
            case "decision" -> AuditOptions.options();
            case "subject" -> subject;
            case "digest" -> subject.input(PayloadPolicy.digest(json));
            case "redacted" -> subject.input(PayloadPolicy.redacted(json, List.of(redaction)));
            default -> subject.input(PayloadPolicy.full(json));
        };
        model = runtime.<Application, Double>guard("credit-risk")
                .route("v8", Application::ratio)
                .audit(options)
                .build();
        applications = new Application[BURST];
        for (int i = 0; i < BURST; i++) {
            applications[i] = application("customer-" + i % 500);
        }
    }

    private static Application application(String customer) {
        return new Application(
                customer, "acme", "eu", "18-25", "web", "loan", "gold", "partner", 12_000, 43_000, 0.28, 36, 0.045,
                0.02, 23, 900, 2_000, 7_000, 2, 1, true, false, true, true);
    }

    private static Application masked(Application of) {
        return new Application(
                of.customer,
                of.tenant,
                of.region,
                of.age,
                of.channel,
                of.product,
                of.tier,
                of.origin,
                of.limit,
                0,
                of.ratio,
                of.term,
                of.rate,
                of.margin,
                of.years,
                of.rent,
                of.debts,
                of.savings,
                of.children,
                of.cars,
                of.employed,
                of.owner,
                of.known,
                of.insured);
    }

    /** Lets the journal empty its queue, unmeasured. */
    @TearDown(Level.Invocation)
    public void drain() {
        if (!runtime.awaitQuiet(Duration.ofSeconds(30))) {
            throw new IllegalStateException("the journal does not come to rest");
        }
    }

    /** Closes the runtime and removes its files. */
    @TearDown
    public void close() throws IOException {
        runtime.close();
        Decisions.remove(directory);
    }

    /** A burst of calls. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void call(Blackhole hole) {
        for (Application application : applications) {
            hole.consume(model.call(application));
        }
    }
}
