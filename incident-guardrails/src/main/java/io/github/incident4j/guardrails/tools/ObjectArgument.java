// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object. A member that is not declared is a fault, unless it is {@link #open()}. */
public final class ObjectArgument extends Argument {
    private static final int LONGEST_NAME = 128;

    record Member(String name, Argument argument, boolean optional) {}

    private final List<Member> members;
    private final boolean open;
    private final Map<String, Member> byName = new LinkedHashMap<>();

    ObjectArgument(List<Member> members, boolean open) {
        this.members = members;
        this.open = open;
        members.forEach(member -> byName.put(member.name, member));
    }

    /**
     * Declares a member that must be there and not be null.
     *
     * @param name its name, 1 to 128 characters without controls; it stands in findings
     * @param argument what it is
     * @return the object with the member
     */
    public ObjectArgument required(String name, Argument argument) {
        return with(new Member(name, argument, false));
    }

    /**
     * Declares a member that may be missing or null.
     *
     * @param name its name, 1 to 128 characters without controls; it stands in findings
     * @param argument what it is
     * @return the object with the member
     */
    public ObjectArgument optional(String name, Argument argument) {
        return with(new Member(name, argument, true));
    }

    /**
     * Lets it have members that are not declared, of which nothing is checked here.
     *
     * @return the object
     */
    public ObjectArgument open() {
        return new ObjectArgument(members, true);
    }

    private ObjectArgument with(Member member) {
        List<Member> more = new ArrayList<>(members);
        more.add(member);
        return new ObjectArgument(List.copyOf(more), open);
    }

    @Override
    @Nullable
    Argument member(String name) {
        Member member = byName.get(name);
        return member == null ? null : member.argument;
    }

    @Override
    void judge(Object value, Path path, Hits hits) {
        if (!(value instanceof Map<?, ?> given)) {
            hits.add(path, ArgumentFault.WRONG_TYPE);
            return;
        }
        for (Member member : members) {
            Object one = given.get(member.name);
            if (one != null) {
                member.argument.judge(one, path.declared(member.name), hits);
            } else if (!member.optional) {
                hits.add(path.declared(member.name), ArgumentFault.MISSING);
            }
        }
        int place = 0;
        for (Object name : given.keySet()) {
            place++;
            if (open || hits.isFull()) {
                break;
            }
            if (!byName.containsKey(name)) {
                hits.add(path.undeclared(place), ArgumentFault.UNKNOWN);
            }
        }
    }

    @Override
    List<String> faults(Path path) {
        Faults faults = new Faults("argument " + path);
        List<String> found = new ArrayList<>();
        Set<@Nullable String> names = new HashSet<>();
        for (Member member : members) {
            faults.when(!isName(member.name), "the name of a member is none; give 1 to 128 characters, no controls")
                    .when(!names.add(member.name), "two members have the name '" + member.name + "'; give each its own")
                    .whenNull(member.argument, "what the member '" + member.name + "' is", "Argument.text()");
            if (member.argument != null && isName(member.name)) {
                found.addAll(member.argument.faults(path.declared(member.name)));
            }
        }
        found.addAll(0, faults.found());
        return found;
    }

    /** Whether a name of a tool or an argument can stand in a finding. */
    static boolean isName(@Nullable String name) {
        return name != null
                && !name.isBlank()
                && name.length() <= LONGEST_NAME
                && name.chars().noneMatch(Character::isISOControl);
    }
}
