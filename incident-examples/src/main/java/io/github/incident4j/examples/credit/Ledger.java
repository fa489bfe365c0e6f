// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What became of each application; the story's bookkeeping, which the library knows nothing of. */
final class Ledger {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * What became of one application.
     *
     * @param affected whether the applicant belongs to the group whose account status is re-encoded
     * @param route which route answered
     * @param outcome what the applicant was told in the end, by the reviewer where the case was referred
     * @param wronglyDenied denied, although the version that answered would have approved with the right encoding
     * @param wronglyDeniedUnguarded the same of v8 alone, had nobody been watching
     */
    record Entry(
            boolean affected,
            String route,
            Score.Outcome outcome,
            boolean wronglyDenied,
            boolean wronglyDeniedUnguarded) {
        boolean approved() {
            return outcome == Score.Outcome.APPROVED;
        }
    }

    /**
     * The group's applications in a stretch of the stream.
     *
     * @param applications how many there were
     * @param approved how many were approved in the end
     * @param wronglyDenied how many were wrongly denied
     * @param wronglyDeniedUnguarded how many would have been wrongly denied by v8 alone
     */
    record Stretch(int applications, int approved, int wronglyDenied, int wronglyDeniedUnguarded) {
        double approvalRate() {
            return applications == 0 ? Double.NaN : (double) approved / applications;
        }
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    int size() {
        return entries.size();
    }

    /** The affected group from one application to before another. */
    Stretch ofGroup(int from, int to) {
        return stretch(from, to, Entry::affected);
    }

    /** Everybody else from one application to before another. */
    Stretch ofOthers(int from, int to) {
        return stretch(from, to, entry -> !entry.affected());
    }

    private Stretch stretch(int from, int to, Predicate<Entry> who) {
        List<Entry> chosen = entries.subList(from, Math.max(from, Math.min(to, entries.size()))).stream()
                .filter(who)
                .toList();
        return new Stretch(
                chosen.size(),
                count(chosen, Entry::approved),
                count(chosen, Entry::wronglyDenied),
                count(chosen, Entry::wronglyDeniedUnguarded));
    }

    private static int count(List<Entry> entries, Predicate<Entry> condition) {
        return (int) entries.stream().filter(condition).count();
    }
}
