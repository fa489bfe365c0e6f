// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import java.lang.management.ManagementFactory;

/** The time that this thread was at work: other programs on the machine add nothing to it. */
public final class CpuTime {

    private CpuTime() {}

    /** {@return the nanoseconds of this thread so far} */
    public static long nanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
