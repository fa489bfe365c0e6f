// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JDK 17 makes the methods of records from a few static method handles, each of which remembers the last type that it
 * was asked for (JDK-8078641, mended in JDK 18). After a record of this library that is one of its classes, by which
 * its class loader stays in memory until somebody else's record comes, although nobody uses it any longer.
 */
final class RecordMethods {
    private static final Logger LOG = LoggerFactory.getLogger(RecordMethods.class);
    private static final int LAST_THAT_REMEMBERS = 17;

    private RecordMethods() {}

    /** Asks for the same three methods of a type of the JDK, so that these are the ones remembered. */
    static void forget() {
        if (Runtime.version().feature() > LAST_THAT_REMEMBERS) {
            return;
        }
        try {
            MethodType component = MethodType.methodType(String.class);
            make("equals", MethodType.methodType(boolean.class, String.class, Object.class), component);
            make("hashCode", MethodType.methodType(int.class, String.class), component);
            make("toString", MethodType.methodType(String.class, String.class), component);
        } catch (Throwable e) { // it is only for memory's sake
            LOG.debug("the class loader of this runtime may stay in memory", e);
        }
    }

    private static void make(String method, MethodType type, MethodType component) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle getter = lookup.findVirtual(String.class, "strip", component);
        ObjectMethods.bootstrap(lookup, method, type, String.class, "component", getter);
    }
}
