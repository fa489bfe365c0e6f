// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list. */
public final class ListArgument extends Argument {
    private final Argument item;
    private final int maxItems;

    ListArgument(Argument item, int maxItems) {
        this.item = item;
        this.maxItems = maxItems;
    }

    /**
     * Limits the number of items.
     *
     * @param most the most items, at least 1
     * @return the list
     */
    public ListArgument maxItems(int most) {
        return new ListArgument(item, most);
    }

    @Override
    Argument item() {
        return item;
    }

    @Override
    void judge(Object value, Path path, Hits hits) {
        if (!(value instanceof List<?> items)) {
            hits.add(path, ArgumentFault.WRONG_TYPE);
            return;
        }
        if (items.size() > maxItems) {
            hits.add(path, ArgumentFault.TOO_MANY);
            return;
        }
        for (int i = 0; i < items.size() && !hits.isFull(); i++) {
            @Nullable Object one = items.get(i);
            if (one == null) {
                hits.add(path.item(i), ArgumentFault.MISSING);
            } else {
                item.judge(one, path.item(i), hits);
            }
        }
    }

    @Override
    List<String> faults(Path path) {
        Faults faults = new Faults("argument " + path)
                .when(maxItems < 1, "the number " + maxItems + " of items is none; give at least 1")
                .whenNull(item, "what its items are", "Argument.text()");
        List<String> found = new ArrayList<>(faults.found());
        if (item != null) {
            found.addAll(item.faults(path.declared("*")));
        }
        return found;
    }
}
