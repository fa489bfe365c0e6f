// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryException;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.io.IOException;
import java.io.PrintStream;
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
        synchronized (stream) { // as its own methods do: the line stays one
            stream.write(event);
            stream.write('\n');
            stream.flush();
        }
        if (stream.checkError()) {
            throw DeliveryException.busy("the stream does not take what is written", Optional.empty());
        }
    }
}
