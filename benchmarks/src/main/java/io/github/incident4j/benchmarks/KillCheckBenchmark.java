// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.TestData;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.togglz.core.Feature;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.manager.FeatureManagerBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.mem.InMemoryStateRepository;
import org.togglz.core.user.NoOpUserProvider;

/**
 * What it costs to ask whether a model call may go on when nothing keeps it from that. Every benchmark makes the same
 * model call, a sum, behind its question; with so little a call, what is measured is the question. Around a small real
 * model, {@link GuardOverheadBenchmark} compares guard and flag.
 *
 * <ol>
 *   <li>{@link #volatileFlag}: a volatile boolean written by hand.
 *   <li>{@link #guard}: our guard with the switches alone.
 *   <li>{@link #guardAmongSwitches}: the same while 10,000 segment switches are set, none of which covers the call, and
 *       the call has a segment to be looked up; here a decision with its context is made, as there is no shorter call
 *       with one.
 *   <li>{@link #openFeature}: the OpenFeature SDK with its in-memory provider.
 *   <li>{@link #launchDarkly}: the LaunchDarkly server SDK with its test data source, events off.
 *   <li>{@link #togglz}: Togglz with its in-memory repository.
 * </ol>
 *
 * Peers answer from memory and send nothing; each is set up as its documentation does for tests.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class KillCheckBenchmark {
    private static final String FLAG = "model-on";
    private static final Cause CAUSE = Cause.by("benchmark").because("switches of others");

    /** The one flag of Togglz. */
    public enum Features implements Feature {
        /** Whether the model may answer. */
        MODEL_ON
    }

    @Param("7")
    private int input;

    private volatile boolean killed;

    @SuppressWarnings("NullAway.Init") // by open()
    private IncidentRuntime runtime;

    @SuppressWarnings("NullAway.Init")
    private IncidentRuntime crowded;

    @SuppressWarnings("NullAway.Init")
    private GuardedModel<Integer, Integer> guard;

    @SuppressWarnings("NullAway.Init")
    private GuardedModel<Integer, Integer> amongSwitches;

    @SuppressWarnings("NullAway.Init")
    private Client openFeature;

    @SuppressWarnings("NullAway.Init")
    private LDClient launchDarkly;

    @SuppressWarnings("NullAway.Init")
    private FeatureManager togglz;

    private final LDContext user = LDContext.create("user-1");
    private final CallContext context = CallContext.of("tenant", "mine");

    private static Integer model(Integer value) {
        return value + 1;
    }

    /** Opens ours and the peers. */
    @Setup
    public void open() throws Exception {
        runtime = IncidentRuntime.builder().ephemeral().build();
        guard = runtime.<Integer, Integer>guard("model")
                .route("v1", KillCheckBenchmark::model)
                .withoutBreaker()
                .withoutAuditTrail()
                .build();
        crowded = IncidentRuntime.builder()
                .ephemeral()
                .switchSource(manySwitches())
                .build();
        amongSwitches = crowded.<Integer, Integer>guard("model")
                .route("v1", KillCheckBenchmark::model)
                .segment("tenant")
                .withoutBreaker()
                .withoutAuditTrail()
                .build();
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        api.setProviderAndWait(new InMemoryProvider(Map.of(
                FLAG,
                Flag.<Boolean>builder()
                        .variant("on", true)
                        .variant("off", false)
                        .defaultVariant("on")
                        .build())));
        openFeature = api.getClient();
        TestData data = TestData.dataSource();
        data.update(data.flag(FLAG).booleanFlag().variationForAll(true));
        launchDarkly = new LDClient(
                "key",
                new LDConfig.Builder()
                        .dataSource(data)
                        .events(Components.noEvents())
                        .build());
        InMemoryStateRepository repository = new InMemoryStateRepository();
        repository.setFeatureState(new FeatureState(Features.MODEL_ON, true));
        togglz = new FeatureManagerBuilder()
                .featureEnum(Features.class)
                .stateRepository(repository)
                .userProvider(new NoOpUserProvider())
                .build();
        for (int answer : List.of(volatileFlag(), guard(), openFeature(), launchDarkly(), togglz())) {
            if (answer != input + 1) {
                throw new IllegalStateException("a flag is off that must be on");
            }
        }
        if (!(guardAmongSwitches() instanceof Decision.Answered)) {
            throw new IllegalStateException("a switch of others covers the call");
        }
    }

    private static SwitchStore manySwitches() throws IOException {
        List<Switch> switches = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            switches.add(new Switch(
                    io.github.incident4j.model.Scope.model("model").segment("tenant", "tenant-" + i),
                    SwitchState.killed(),
                    CAUSE,
                    Instant.EPOCH));
        }
        SwitchStore store = SwitchSources.inMemory("others");
        store.replace(0, new SwitchSnapshot(1, switches, Optional.empty()));
        return store;
    }

    /** Closes them. */
    @TearDown
    public void close() throws IOException {
        runtime.close();
        crowded.close();
        launchDarkly.close();
        OpenFeatureAPI.getInstance().shutdown();
    }

    /** A volatile boolean written by hand. */
    @Benchmark
    public Integer volatileFlag() {
        if (killed) {
            throw new IllegalStateException("killed");
        }
        return model(input);
    }

    /** Our guard with the switches alone. */
    @Benchmark
    public Integer guard() {
        return guard.call(input);
    }

    /** Our guard among 10,000 switches that cover others. */
    @Benchmark
    public Decision<Integer> guardAmongSwitches() {
        return amongSwitches.decide(input, context);
    }

    /** OpenFeature with its in-memory provider. */
    @Benchmark
    public Integer openFeature() {
        if (!openFeature.getBooleanValue(FLAG, false)) {
            throw new IllegalStateException("killed");
        }
        return model(input);
    }

    /** LaunchDarkly with its test data. */
    @Benchmark
    public Integer launchDarkly() {
        if (!launchDarkly.boolVariation(FLAG, user, false)) {
            throw new IllegalStateException("killed");
        }
        return model(input);
    }

    /** Togglz with its in-memory repository. */
    @Benchmark
    public Integer togglz() {
        if (!togglz.isActive(Features.MODEL_ON)) {
            throw new IllegalStateException("killed");
        }
        return model(input);
    }
}
