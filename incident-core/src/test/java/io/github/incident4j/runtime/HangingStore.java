// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchStore;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store in memory that hangs while it is written to, from when it is told so until it is let go on. */
final class HangingStore implements SwitchStore {
    private final SwitchStore inMemory = SwitchSources.inMemory("hanging");
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean hanging;

    void hang() {
        hanging = true;
    }

    void awaitHanging() throws InterruptedException {
        assertThat(hangs.await(30, TimeUnit.SECONDS)).as("somebody writes").isTrue();
    }

    void goOn() {
        goOn.countDown();
    }

    @Override
    public String name() {
        return inMemory.name();
    }

    @Override
    public SwitchSnapshot read() throws IOException {
        return inMemory.read();
    }

    @Override
    public boolean replace(long expected, SwitchSnapshot next) throws IOException {
        if (hanging) {
            hangs.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return inMemory.replace(expected, next);
    }

    @Override
    public String setAside() throws IOException {
        return inMemory.setAside();
    }
}
