// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an argument of a tool may be. Immutable; what is wrong with it is among the guardrail's faults.
 *
 * <pre>{@code
 * Argument.object()
 *         .required("to", Argument.list(Argument.text().maxLength(254)).maxItems(5))
 *         .optional("priority", Argument.text().oneOf("low", "high"))
 * }</pre>
 */
public abstract sealed class Argument
        permits TextArgument, NumberArgument, ListArgument, ObjectArgument, Argument.Plain {

    Argument() {}

    /** {@return a text} */
    public static TextArgument text() {
        return new TextArgument(Integer.MAX_VALUE, null);
    }

    /** {@return a number} */
    public static NumberArgument number() {
        return new NumberArgument(false, false, 0, 0);
    }

    /** {@return a number without a fraction; 3.0 is one, as in JSON Schema} */
    public static NumberArgument integer() {
        return new NumberArgument(true, false, 0, 0);
    }

    /** {@return true or false} */
    public static Argument bool() {
        return new Plain(Boolean.class);
    }

    /** {@return anything at all} */
    public static Argument any() {
        return new Plain(Object.class);
    }

    /**
     * A list.
     *
     * @param item what each item is
     * @return the list
     */
    public static ListArgument list(Argument item) {
        return new ListArgument(item, Integer.MAX_VALUE);
    }

    /** {@return an object, without members yet} */
    public static ObjectArgument object() {
        return new ObjectArgument(List.of(), false);
    }

    /** Adds the faults of a value that is there. */
    abstract void judge(Object value, Path path, Hits hits);

    /** What is wrong with the declaration. */
    abstract List<String> faults(Path path);

    /** What is declared of a member; null where nothing is. */
    @Nullable
    Argument member(String name) {
        return null;
    }

    /** What is declared of the items; null where nothing is. */
    @Nullable
    Argument item() {
        return null;
    }

    /** A value of a type. */
    static final class Plain extends Argument {
        private final Class<?> type;

        Plain(Class<?> type) {
            this.type = type;
        }

        @Override
        void judge(Object value, Path path, Hits hits) {
            if (!type.isInstance(value)) {
                hits.add(path, ArgumentFault.WRONG_TYPE);
            }
        }

        @Override
        List<String> faults(Path path) {
            return List.of();
        }
    }
}
