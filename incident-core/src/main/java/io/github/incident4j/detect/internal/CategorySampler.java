// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.detect.Detection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The category that the host's function has read, where a version of the model answered, as a number. The first half of
 * the warm-up tells which categories there are, up to 32 of them; all others are one more, whenever they come. So a
 * number means the same from the first share that is learned on, which is what the promise of {@link CategoryStatistic}
 * rests on.
 */
final class CategorySampler implements Sampler {
    /** How many numbers there are. */
    static final int CATEGORIES = 33;

    private static final int OTHERS = CATEGORIES - 1;
    private static final int LONGEST = 40; // of a name, for a person: what is no category may be anything

    private final int index;
    private final int names; // so many samples name the categories
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> known = new ArrayList<>();
    private int sampled;
    private String other = ""; // the last one of no number

    CategorySampler(Detection<?, ?> detection, GuardInfo guard) {
        this.index = guard.categories().indexOf(detection.name());
        this.names = namesOf(detection);
    }

    /** How many samples of a warm-up name the categories. */
    static int namesOf(Detection<?, ?> detection) {
        return detection.warmUp() / 2;
    }

    @Override
    public void sample(DecisionRecord decision, Sink sink) {
        String read = Monitor.isByModel(decision) ? decision.category(index) : null;
        if (read == null) {
            return;
        }
        String category = Text.clean(read); // as the trail has it, from which it may be read again
        if (sampled < names) {
            if (sink.learns()) {
                sampled++;
                name(category);
            }
            return;
        }
        Integer number = numbers.get(category);
        if (number == null) {
            other = category;
        }
        sink.take(decision.route(), number == null ? OTHERS : number);
    }

    private void name(String category) {
        if (known.size() < OTHERS && numbers.putIfAbsent(category, known.size()) == null) {
            known.add(category);
        }
    }

    /** The name of a number, for a person. */
    String nameOf(int number) {
        return number < known.size()
                ? quoted(known.get(number))
                : "other categories, the last one " + quoted(other) + ",";
    }

    private static String quoted(String name) {
        if (name.length() <= LONGEST) {
            return "'" + name + "'";
        }
        int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return "'" + name.substring(0, end) + "…'";
    }

    @Override
    public void save(ObjectNode into) {
        into.put("sampled", sampled).put("other", other);
        known.forEach(into.putArray("categories")::add);
    }

    @Override
    public void load(JsonNode from) {
        sampled = (int) Memory.whole(from, "sampled");
        other = from.path("other").asText();
        for (JsonNode name : from.path("categories")) {
            name(name.asText());
        }
    }
}
