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
import io.github.incident4j.call.ModelCall;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.incident4j.runtime.RuntimeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 *   <li>{@link #direct}: the model call alone, the floor.
 *   <li>{@link #volatileFlag}: a volatile boolean written by hand.
 *   <li>{@link #volatileFlagInWrapper}: the same boolean in a class that wraps any model call, as our guard does; what
 *       lies between the two flags is the price of a wrapper, whatever it asks.
 *   <li>{@link #guard}: our guard with the switches alone; none is set.
 *   <li>{@link #guardUnrelatedSwitch}: the same while another model is killed.
 *   <li>{@link #guardOtherRouteSwitch}: the same while another route of the model is killed.
 *   <li>{@link #guardSegment}: a decision with a context and a segment to be looked up, as there is no shorter call
 *       with a context; no switch is set.
 *   <li>{@link #guardSegmentAmongSwitches}: the same among segment switches of this model, none of which covers the
 *       call: one, which has what a decision costs once there is any, and 10,000.
 *   <li>{@link #openFeature}: the OpenFeature SDK with its in-memory provider.
 *   <li>{@link #launchDarkly}: the LaunchDarkly server SDK with its test data source, events off.
 *   <li>{@link #togglz}: Togglz with its in-memory repository.
 * </ol>
 *
 * Peers answer from memory, send nothing and write no log; each is set up as its documentation does for tests, and each
 * answers true, which is "go on". A fork opens only what its benchmark asks.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class KillCheckBenchmark {
    private static final String MODEL = "model";
    private static final String FLAG = "model-on";
    private static final Cause CAUSE = Cause.by("benchmark").because("switches of others");

    @Param("7")
    private int input;

    private volatile boolean on = true;

    private static Integer model(Integer value) {
        return value + 1;
    }

    private static IllegalStateException off() {
        return new IllegalStateException("the model is switched off");
    }

    /** Written by hand, for any model call. */
    private static final class FlagWrapper implements ModelCall<Integer, Integer> {
        private final ModelCall<Integer, Integer> function;
        private volatile boolean on = true;

        FlagWrapper(ModelCall<Integer, Integer> function) {
            this.function = function;
        }

        @Override
        public Integer call(Integer input) throws Exception {
            if (!on) {
                throw off();
            }
            return function.call(input);
        }
    }

    /** A model call behind a flag in a wrapper. */
    @State(Scope.Benchmark)
    public static class Wrapped {
        final ModelCall<Integer, Integer> model = new FlagWrapper(KillCheckBenchmark::model);
    }

    /** A runtime in which nothing is set, with a guard that has the switches alone and one that has a segment too. */
    @State(Scope.Benchmark)
    public static class Ours {
        final IncidentRuntime runtime;
        final GuardedModel<Integer, Integer> guard;
        final GuardedModel<Integer, Integer> segmented;
        final CallContext context = CallContext.of("tenant", "mine");

        /** Opens it. */
        public Ours() {
            this(IncidentRuntime.builder().ephemeral());
        }

        Ours(RuntimeBuilder builder) {
            runtime = builder.build();
            guard = runtime.<Integer, Integer>guard(MODEL)
                    .route("v1", KillCheckBenchmark::model)
                    .withoutBreaker()
                    .withoutAuditTrail()
                    .build();
            segmented = runtime.<Integer, Integer>guard("segmented")
                    .route("v1", KillCheckBenchmark::model)
                    .segment("tenant")
                    .withoutBreaker()
                    .withoutAuditTrail()
                    .build();
        }

        /** Closes it. */
        @TearDown
        public void close() {
            runtime.close();
        }
    }

    /** The same with one switch, of another model. */
    @State(Scope.Benchmark)
    public static class OursWithUnrelatedSwitch extends Ours {
        /** Sets it. */
        @Setup
        public void kill() {
            runtime.switches().kill(io.github.incident4j.model.Scope.model("another"), CAUSE);
        }
    }

    /** The same with one switch, of another route of the model. */
    @State(Scope.Benchmark)
    public static class OursWithOtherRouteSwitch extends Ours {
        /** Sets it. */
        @Setup
        public void kill() {
            runtime.switches()
                    .kill(io.github.incident4j.model.Scope.model(MODEL).route("v2"), CAUSE);
        }
    }

    /** The same among switches of the model, for segments of others: one, or many. */
    @State(Scope.Benchmark)
    public static class AmongSwitches {
        /** How many. */
        @Param({"1", "10000"})
        public int switches;

        @SuppressWarnings("NullAway.Init") // by open()
        private Ours ours;

        /** Sets them by a source, as each by itself would write all that were there before, and looks if they hold. */
        @Setup
        public void open() {
            ours = new Ours(IncidentRuntime.builder().ephemeral().switchSource(sourceOf(switches)));
            if (ours.runtime.switches().inForce().size() != switches
                    || !(ours.segmented.decide(1, CallContext.of("tenant", "t0")) instanceof Decision.Refused)) {
                throw new IllegalStateException("the switches are not in force");
            }
        }

        /** Closes it. */
        @TearDown
        public void close() {
            ours.close();
        }

        private static SwitchStore sourceOf(int number) {
            List<Switch> switches = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                switches.add(new Switch(
                        io.github.incident4j.model.Scope.model("segmented").segment("tenant", "t" + i),
                        SwitchState.killed(),
                        CAUSE,
                        Instant.EPOCH));
            }
            SwitchStore store = SwitchSources.inMemory("others");
            try {
                store.replace(0, new SwitchSnapshot(1, switches, Optional.empty()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return store;
        }
    }

    /** OpenFeature, with one flag. */
    @State(Scope.Benchmark)
    public static class OpenFeature {
        final Client client = OpenFeatureAPI.getInstance().getClient();

        /** Opens it. */
        @Setup
        public void open() throws Exception {
            OpenFeatureAPI.getInstance()
                    .setProviderAndWait(new InMemoryProvider(Map.of(
                            FLAG,
                            Flag.<Boolean>builder()
                                    .variant("on", true)
                                    .variant("off", false)
                                    .defaultVariant("on")
                                    .build())));
        }

        /** Closes it. */
        @TearDown
        public void close() {
            OpenFeatureAPI.getInstance().shutdown();
        }
    }

    /** LaunchDarkly, with one flag. */
    @State(Scope.Benchmark)
    public static class LaunchDarkly {
        final LDContext user = LDContext.create("user-1");
        final LDClient client;

        /** Opens it. */
        public LaunchDarkly() {
            TestData data = TestData.dataSource();
            data.update(data.flag(FLAG).booleanFlag().variationForAll(true));
            client = new LDClient(
                    "key",
                    new LDConfig.Builder()
                            .dataSource(data)
                            .events(Components.noEvents())
                            .logging(Components.noLogging())
                            .build());
        }

        /** Closes it. */
        @TearDown
        public void close() throws IOException {
            client.close();
        }
    }

    /** Togglz, with one flag. */
    @State(Scope.Benchmark)
    public static class Togglz {
        final FeatureManager manager;

        /** The flag. */
        public enum Features implements Feature {
            /** Whether the model may answer. */
            MODEL_ON
        }

        /** Opens it. */
        public Togglz() {
            InMemoryStateRepository repository = new InMemoryStateRepository();
            repository.setFeatureState(new FeatureState(Features.MODEL_ON, true));
            manager = new FeatureManagerBuilder()
                    .featureEnum(Features.class)
                    .stateRepository(repository)
                    .userProvider(new NoOpUserProvider())
                    .build();
        }
    }

    /** The model call alone. */
    @Benchmark
    public Integer direct() {
        return model(input);
    }

    /** A volatile boolean written by hand. */
    @Benchmark
    public Integer volatileFlag() {
        if (!on) {
            throw off();
        }
        return model(input);
    }

    /** The same boolean in a class that wraps any model call. */
    @Benchmark
    public Integer volatileFlagInWrapper(Wrapped wrapped) throws Exception {
        return wrapped.model.call(input);
    }

    /** Our guard with the switches alone. */
    @Benchmark
    public Integer guard(Ours ours) {
        return ours.guard.call(input);
    }

    /** The same while another model is killed. */
    @Benchmark
    public Integer guardUnrelatedSwitch(OursWithUnrelatedSwitch ours) {
        return ours.guard.call(input);
    }

    /** The same while another route of the model is killed. */
    @Benchmark
    public Integer guardOtherRouteSwitch(OursWithOtherRouteSwitch ours) {
        return ours.guard.call(input);
    }

    /** A decision with a segment. */
    @Benchmark
    public Integer guardSegment(Ours ours) {
        return answer(ours.segmented.decide(input, ours.context));
    }

    /** The same among switches that cover others. */
    @Benchmark
    public Integer guardSegmentAmongSwitches(AmongSwitches among) {
        return answer(among.ours.segmented.decide(input, among.ours.context));
    }

    private static Integer answer(Decision<Integer> decision) {
        if (decision instanceof Decision.Answered<Integer> answered) {
            return answered.output();
        }
        throw off();
    }

    /** OpenFeature with its in-memory provider. */
    @Benchmark
    public Integer openFeature(OpenFeature peer) {
        if (!peer.client.getBooleanValue(FLAG, false)) {
            throw off();
        }
        return model(input);
    }

    /** LaunchDarkly with its test data. */
    @Benchmark
    public Integer launchDarkly(LaunchDarkly peer) {
        if (!peer.client.boolVariation(FLAG, peer.user, false)) {
            throw off();
        }
        return model(input);
    }

    /** Togglz with its in-memory repository. */
    @Benchmark
    public Integer togglz(Togglz peer) {
        if (!peer.manager.isActive(Togglz.Features.MODEL_ON)) {
            throw off();
        }
        return model(input);
    }
}
