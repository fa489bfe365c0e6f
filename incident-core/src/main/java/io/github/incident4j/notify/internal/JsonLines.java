// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryException;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;

/** Writes each notification as a CloudEvent on a line. */
public final class JsonLines implements Channel {
    private final PrintStream stream;

    /**
     * Creates the channel.
     *
     * @param stream takes the lines
     */
    public JsonLines(PrintStream stream) {
        this.stream = stream;
    }

    @Override
    public void send(Notification notification) throws IOException {
        Wording.Message message = Wording.standard().of(notification);
        byte[] event = Bodies.bytes(CloudEvents.event(notification, message));
        byte[] line = Arrays.copyOf(event, event.length + 1);
        line[event.length] = '\n';
        boolean failedBefore = stream.checkError(); // which it never forgets
        stream.write(line, 0, line.length);
        stream.flush();
        if (!failedBefore && stream.checkError()) {
            throw DeliveryException.busy("the stream does not take what is written", Optional.empty());
        }
    }
}
