// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host that may start no more threads: {@link Thread#start} throws an {@link OutOfMemoryError} then. Here the factory
 * does, as executors of later JDKs start threads by a way of their own.
 */
@Timeout(60)
class ThreadShortageTest {
    private volatile boolean shortage;
    private final AtomicInteger failed = new AtomicInteger();

    /** Makes no threads while there is a shortage, all at the same time if a barrier is given. */
    private ThreadFactory threads(@Nullable CyclicBarrier together) {
        return task -> {
            if (!shortage) {
                return new Thread(task);
            }
            if (together != null) {
                try {
                    together.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
            failed.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread (injected)"); // an executor cannot tell it
        };
    }

    @Test
    void callsThatFindNoThreadAtTheSameTime_areAllCarriedOn() throws Exception {
        for (int round = 0; round < 50; round++) {
            Carriers carriers = new Carriers(threads(new CyclicBarrier(2)));
            shortage = true;
            CountDownLatch done = new CountDownLatch(2);
            Thread one = new Thread(() -> carriers.execute(done::countDown));
            one.start();
            carriers.execute(done::countDown);
            assertThat(done.await(30, TimeUnit.SECONDS)).as("round %s", round).isTrue();
            one.join();
            shortage = false;
            CountDownLatch afterwards = new CountDownLatch(300); // more than there may be threads
            for (int i = 0; i < 300; i++) {
                carriers.execute(afterwards::countDown);
            }
            assertThat(afterwards.await(30, TimeUnit.SECONDS)).isTrue();
            carriers.shutdown();
        }
        assertThat(failed).hasValue(100);
    }

    @Test
    void callsBehindTheEnd_areCarriedOnToo() throws Exception {
        Carriers carriers = new Carriers(threads(null));
        carriers.shutdown();
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            carriers.execute(done::countDown);
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Who waits for one that hangs would wait for ever. */
    @Test
    void callBehindTheEnd_waitsForNobody() throws Exception {
        Carriers carriers = new Carriers(threads(null));
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        carriers.execute(() -> {
            begun.countDown();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        carriers.shutdown();
        carriers.execute(ended::countDown);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        hangs.countDown();
    }

    @Test
    void timeLimit_isLateAtWorstAndNotAtOnce() throws Exception {
        try (CallTimer timer = new CallTimer(threads(null), TimeUnit.SECONDS.toNanos(10))) {
            shortage = true;
            CountDownLatch first = new CountDownLatch(1);
            AtomicInteger cancelled = new AtomicInteger();
            Future<?> armed = timer.limit(TimeUnit.MILLISECONDS.toNanos(1), first::countDown);
            Future<?> looked = timer.every(TimeUnit.MILLISECONDS.toNanos(1), cancelled::incrementAndGet);
            Future<?> dropped = timer.limit(TimeUnit.MILLISECONDS.toNanos(1), cancelled::incrementAndGet);
            assertThat(failed).hasValueGreaterThan(2);
            assertThat(armed).as("it is armed, though nobody runs it now").isNotNull();
            Objects.requireNonNull(looked).cancel(false);
            Objects.requireNonNull(dropped).cancel(false);
            assertThat(first.getCount()).isEqualTo(1);
            shortage = false;
            CountDownLatch second = new CountDownLatch(1);
            var unused = timer.limit(TimeUnit.MILLISECONDS.toNanos(5), second::countDown); // has a thread started
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(cancelled).as("what was cancelled does not run").hasValue(0);
        }
    }

    /** A thread that ends, as there was nothing to do, in the very moment in which there is something to do. */
    @Test
    void timeLimit_isArmedAlsoWhereTheLastThreadHasJustEnded() throws Exception {
        AtomicReference<@Nullable Thread> last = new AtomicReference<>();
        ThreadFactory counted = task -> {
            Thread thread = threads(null).newThread(task);
            last.set(thread);
            return thread;
        };
        long hour = TimeUnit.HOURS.toNanos(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (CallTimer timer = new CallTimer(counted, 1)) {
            for (int round = 0; round < 100; round++) {
                shortage = false;
                Objects.requireNonNull(timer.limit(hour, () -> {})).cancel(false);
                Thread thread = Objects.requireNonNull(last.get());
                shortage = true;
                while (thread.isAlive()) {
                    assertThat(System.nanoTime()).as("it has nothing to do").isLessThan(end);
                    Objects.requireNonNull(timer.limit(hour, () -> {})).cancel(false);
                }
            }
        }
    }

    @Test
    void timeLimitThatIsCancelled_isForgottenAlsoWhereNoThreadRunsIt() throws Exception {
        try (CallTimer timer = new CallTimer(threads(null), TimeUnit.SECONDS.toNanos(10))) {
            shortage = true;
            Object call = new Object();
            WeakReference<Object> kept = new WeakReference<>(call);
            Future<?> armed = arm(timer, call);
            call = null;
            armed.cancel(false);
            for (int i = 0; i < 100 && kept.get() != null; i++) {
                System.gc();
            }
            assertThat(kept.get()).isNull();
        }
    }

    private static Future<?> arm(CallTimer timer, Object call) {
        return Objects.requireNonNull(
                timer.limit(TimeUnit.HOURS.toNanos(1), () -> assertThat(call).isNotNull()));
    }

    /** It waits for a thread that there is, idle or busy. */
    @Test
    void guardrailThatIsCutOff_takesAThreadThatThereIs() throws Exception {
        CutOff cutOff = new CutOff(threads(null));
        CallState<String> call = new CallState<>(1, 0, "a", CallContext.empty(), 0);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Guardrail<String> slow = value -> {
            begun.countDown();
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Verdict.pass();
        };
        Guardrail<String> quick = value -> Verdict.pass();
        long limit = TimeUnit.SECONDS.toNanos(30);
        assertThat(cutOff.check(quick, "a", limit, call, false)).isInstanceOf(Verdict.Pass.class);
        shortage = true;
        assertThat(cutOff.check(quick, "a", limit, call, false))
                .as("by the idle one")
                .isInstanceOf(Verdict.Pass.class);
        AtomicReference<@Nullable Verdict<String>> first = new AtomicReference<>();
        Thread caller = new Thread(() -> first.set(cutOff.check(slow, "a", limit, call, false)));
        caller.start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        int before = failed.get();
        AtomicReference<@Nullable Verdict<String>> second = new AtomicReference<>();
        Thread next = new Thread(() -> second.set(cutOff.check(quick, "a", limit, call, false)));
        next.start();
        Eventually.until(() -> failed.get() > before); // it has found no thread of its own
        goOn.countDown();
        caller.join();
        next.join();
        assertThat(first.get()).isInstanceOf(Verdict.Pass.class);
        assertThat(second.get()).as("by the busy one").isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void guardrailThatIsCutOff_failsWhereNoThreadRunsIt() {
        CutOff cutOff = new CutOff(threads(null));
        CallState<String> call = new CallState<>(1, 0, "a", CallContext.empty(), 0);
        Guardrail<String> rail = value -> Verdict.pass();
        long limit = TimeUnit.SECONDS.toNanos(30);
        shortage = true;
        Verdict<String> verdict = cutOff.check(rail, "a", limit, call, false);
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        assertThat(((Verdict.Block<String>) verdict).finding().message()).contains("no more threads");
        assertThat(cutOff.check(rail, "a", limit, call, true)).isInstanceOf(Verdict.Flag.class);
        shortage = false;
        assertThat(cutOff.check(rail, "a", limit, call, false)).isInstanceOf(Verdict.Pass.class);
    }
}
