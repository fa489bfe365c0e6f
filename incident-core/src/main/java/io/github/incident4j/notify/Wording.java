// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.notify.internal.StandardWording;

/**
 * Puts a notification into words for people. The standard one says what is known, what was done and where to look, in
 * English; a host puts its own in its place with {@link HttpChannel#worded} or in an own {@link Channel}. Pure: called
 * by the channels' threads.
 */
@FunctionalInterface
public interface Wording {

    /**
     * A title and a text.
     *
     * @param title one line
     * @param text lines, parted by line feeds; plain, without markup
     */
    record Message(String title, String text) {}

    /**
     * Puts a notification into words.
     *
     * @param notification the notification
     * @return the words
     */
    Message of(Notification notification);

    /** {@return the standard wording} */
    static Wording standard() {
        return StandardWording.INSTANCE;
    }
}
