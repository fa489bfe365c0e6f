// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

/** Throws on what the host threw, unchanged, although the signature of a guarded call cannot name it. */
final class Sneaky {
    private Sneaky() {}

    @SuppressWarnings("unchecked") // the cast to X is erased: the very same object is thrown
    static <X extends Throwable> RuntimeException rethrow(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
