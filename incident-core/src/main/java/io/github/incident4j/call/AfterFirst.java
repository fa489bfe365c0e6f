// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

/** What happens when a route fails of which elements were passed on already. Before that, the next route takes over. */
public enum AfterFirst {
    /** The stream ends: by its last element if one is defined, else by an error. */
    END,
    /** The next route begins anew, after an element that says so. */
    RESTART
}
