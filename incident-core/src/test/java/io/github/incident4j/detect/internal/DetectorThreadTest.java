// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DetectorThreadTest {
    private final CountDownLatch handling = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<TrailEntry> control = new CopyOnWriteArrayList<>();
    private final DetectorThread detectors = new DetectorThread(this::handle, () -> {});

    private void handle(TrailEntry entry, long epochNanos) {
        handling.countDown();
        boolean interrupted = false;
        while (goOn.getCount() > 0) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!(entry instanceof DecisionRecord)) {
            control.add(entry);
        }
    }

    private void begin() throws InterruptedException {
        detectors.start();
        detectors.offer(new Marker(), 0, true);
        assertThat(handling.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Approvals, steps of ramps, openings of breakers: somebody waits for what follows. */
    @Test
    void decisionsThatTheDetectorsCannotTake_areCountedAndLeaveRoomToWhatElseThereIs() throws Exception {
        begin();
        DecisionRecord decision = DetectionEngineTest.decision(DetectionEngineTest.guard("model"), 1);
        int taken = 0;
        while (detectors.offer(decision, 0, false)) {
            taken++;
        }
        assertThat(taken).isEqualTo(1 << 16);
        assertThat(detectors.skipped()).isEqualTo(1);
        Marker approval = new Marker();
        assertThat(detectors.offer(approval, 0, true)).isTrue();
        goOn.countDown();
        detectors.close();
        assertThat(control).hasSize(2).contains(approval);
        assertThat(detectors.skipped()).isEqualTo(1);
    }

    @Test
    void recordThatHoldsTheDetectorsUp_isToldOfOnce() throws Exception {
        long anHour = TimeUnit.HOURS.toNanos(1);
        begin();
        assertThat(detectors.hanging(anHour)).isEmpty();
        assertThat(detectors.hanging(0))
                .hasValueSatisfying(what -> assertThat(what).contains("busy with one record", "nothing is detected"));
        assertThat(detectors.hanging(0)).as("told").isEmpty();
        goOn.countDown();
        detectors.close();
        assertThat(detectors.hanging(0)).isEmpty();
    }

    /** Whatever it waits for, the runtime ends. */
    @Test
    void detectorThatHangs_holdsUpNoClose() throws Exception {
        begin();
        Thread closing = new Thread(detectors::close);
        closing.setDaemon(true);
        closing.start();
        closing.join(Duration.ofSeconds(30).toMillis());
        assertThat(closing.isAlive()).isFalse();
        goOn.countDown();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** The code of a host that does not know checked exceptions. */
    @Test
    void whateverIsThrown_theThreadGoesOn() {
        DetectorThread thread = new DetectorThread(
                (entry, epochNanos) -> {
                    control.add(entry);
                    throw DetectorThreadTest.<RuntimeException>sneaky(new IOException("undeclared"));
                },
                () -> {});
        thread.start();
        thread.offer(new Marker(), 0, true);
        thread.offer(new Marker(), 0, true);
        thread.close();
        assertThat(control).hasSize(2);
    }
}
