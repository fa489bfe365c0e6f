// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known, what was done, where to look. */
public enum StandardWording implements Wording {
    /** The only one. */
    INSTANCE;

    private static final int TOLD_OF_A_STORM = 10;
    private static final int TOLD_OF_NEWS = 12;

    @Override
    public Message of(Notification notification) {
        return notification instanceof Notification.OfStorm storm
                ? ofStorm(storm)
                : ofIncident((Notification.OfIncident) notification);
    }

    private static Message ofIncident(Notification.OfIncident told) {
        Incident incident = told.incident();
        StringBuilder text = new StringBuilder();
        line(text, "Finding", incident.finding());
        line(text, "Model", incident.model());
        incident.segment().ifPresent(segment -> line(text, "Affected", segment.toString()));
        line(text, "State", words(incident.state()) + ", " + incident.severity() + " " + words(incident.type()));
        line(text, "Since", incident.onset() + " (estimated); detected " + incident.detected());
        incident.last(TimelineEntry.Kind.CONTAINMENT)
                .ifPresent(done -> line(text, "Last containment", done.what() + " (" + done.time() + ")"));
        List<TimelineEntry> news = told.news();
        if (told.kind() != Notification.Kind.REPEATED) {
            line(text, "News", "");
            int first = Math.max(0, news.size() - TOLD_OF_NEWS);
            if (first > 0) {
                text.append("- ").append(first).append(" earlier entries\n");
            }
            for (TimelineEntry entry : news.subList(first, news.size())) {
                text.append("- ")
                        .append(entry.time())
                        .append(' ')
                        .append(words(entry.kind()))
                        .append(", by ")
                        .append(oneLine(entry.by()))
                        .append(": ")
                        .append(oneLine(entry.what()))
                        .append('\n');
            }
        }
        told.link().ifPresent(link -> line(text, "Incident " + incident.id(), link.toString()));
        if (told.link().isEmpty()) {
            line(text, "Incident", incident.id());
        }
        return new Message(title(told), text.toString().stripTrailing());
    }

    private static String title(Notification.OfIncident told) {
        String prefix = switch (told.kind()) {
            case OPENED, REPEATED -> "";
            case UPDATED -> "Update: ";
            case ACKNOWLEDGED -> "Acknowledged: ";
            case RESOLVED -> "Resolved: ";
        };
        Incident incident = told.incident();
        return prefix + "[" + incident.severity() + "] " + incident.model() + ": " + oneLine(incident.finding());
    }

    private static Message ofStorm(Notification.OfStorm storm) {
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        storm.incidents().forEach(incident -> counts.merge(incident.severity(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        int told = Math.min(TOLD_OF_A_STORM, storm.incidents().size());
        for (Incident incident : storm.incidents().subList(0, told)) {
            text.append("- ")
                    .append(incident.id())
                    .append(" [")
                    .append(incident.severity())
                    .append("] ")
                    .append(incident.model())
                    .append(", ")
                    .append(words(incident.state()))
                    .append(": ")
                    .append(oneLine(incident.finding()))
                    .append('\n');
        }
        int left = storm.incidents().size() - told;
        if (left > 0) {
            text.append("- and ").append(left).append(" more\n");
        }
        String title = "News of " + storm.incidents().size() + " incidents at once ("
                + String.join(
                        ", ",
                        counts.entrySet().stream()
                                .map(each -> each.getValue() + " " + each.getKey())
                                .toList())
                + ")";
        return new Message(title, text.toString().stripTrailing());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(oneLine(value)).append('\n');
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What comes from outside must not look like lines of ours, nor like a second header of an e-mail. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
