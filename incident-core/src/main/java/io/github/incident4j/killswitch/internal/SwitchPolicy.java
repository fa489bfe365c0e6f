// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.SwitchAuthorizer;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may change what: the authorizer's word, and the second person where one is needed. */
public final class SwitchPolicy {
    /** Says yes to everybody, and is not asked. */
    public static final SwitchAuthorizer EVERYBODY = request -> Optional.empty();

    private static final Logger LOG = LoggerFactory.getLogger(SwitchPolicy.class);
    private static final int MAX_HANGING = 16;
    private static final long LIMIT_SECONDS = 2;

    private final SwitchAuthorizer authorizer;
    private final @Nullable TwoPersonRule twoPersons;
    private final Map<Object, Pending> pending = new HashMap<>();
    private final Semaphore asking = new Semaphore(MAX_HANGING);

    private record Pending(Cause cause, Instant since) {}

    /**
     * Creates a policy.
     *
     * @param authorizer says who may do what
     * @param twoPersons when a second person is needed, or null for never
     */
    public SwitchPolicy(SwitchAuthorizer authorizer, @Nullable TwoPersonRule twoPersons) {
        this.authorizer = authorizer;
        this.twoPersons = twoPersons;
    }

    /** Asks the authorizer; one that throws or hangs refuses only what loosens. */
    Optional<String> refusal(SwitchAuthorizer.Request request) {
        if (authorizer.equals(EVERYBODY)) {
            return Optional.empty();
        }
        try {
            return asked(request).map(why -> request.cause().by() + " may not " + verb(request) + ": " + why);
        } catch (ExecutionException e) {
            LOG.error("the authorizer of switches threw, or returned null, for {}", request, e.getCause());
        } catch (TimeoutException e) {
            LOG.error("the authorizer of switches has not answered within {} s for {}", LIMIT_SECONDS, request);
        }
        return request.loosens()
                ? Optional.of("the authorizer is broken, and what loosens is then refused")
                : Optional.empty();
    }

    /** On a thread of its own, as one that hangs must not keep a kill from being set. */
    private Optional<String> asked(SwitchAuthorizer.Request request) throws ExecutionException, TimeoutException {
        if (!asking.tryAcquire()) {
            throw new TimeoutException("so many hang already");
        }
        FutureTask<Optional<String>> answer =
                new FutureTask<>(() -> Objects.requireNonNull(authorizer.refusal(request), "it returned null"));
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.run();
                    } finally {
                        asking.release();
                    }
                },
                "incident4j-authorizer");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Error e) { // a host without threads left must be able to kill above all
            asking.release();
            throw new ExecutionException(e);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // an interrupted caller may kill, too
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String verb(SwitchAuthorizer.Request request) {
        return request.action().name().toLowerCase(Locale.ROOT) + " " + request.scope();
    }

    /**
     * What the two-person rule says to a request.
     *
     * @param no why it is not carried out; empty if it may be
     * @param noted whether it waits for a second person; else it must be asked for again
     * @param first the request of the first person, where there was one
     */
    record Answer(Optional<String> no, boolean noted, Optional<Cause> first) {
        static Answer yes(Optional<Cause> first) {
            return new Answer(Optional.empty(), false, first);
        }

        static Answer no(boolean noted, String why) {
            return new Answer(Optional.of(why), noted, Optional.empty());
        }
    }

    /**
     * Asks whether the change needs another person still, and notes the first request.
     *
     * @param what identifies the change: action, scope and new state
     */
    Answer secondPerson(Object what, Scope scope, Cause cause, TimeSource time) {
        TwoPersonRule rule = twoPersons;
        return rule == null || !isUnder(rule, scope)
                ? Answer.yes(Optional.empty())
                : secondPerson(what, cause, rule.window(), time);
    }

    /** The host's own code decides; where that fails the rule holds. */
    private static boolean isUnder(TwoPersonRule rule, Scope scope) {
        try {
            return rule.scopes().test(scope);
        } catch (Throwable e) {
            LOG.error("whether {} is under the two-person rule could not be told, so it is", scope, e);
            return true;
        }
    }

    private synchronized Answer secondPerson(Object what, Cause cause, Duration window, TimeSource time) {
        Instant now = time.instant();
        pending.values()
                .removeIf(each -> Duration.between(each.since(), now).abs().compareTo(window) > 0);
        Pending first = pending.get(what);
        if (first != null && !person(first.cause()).equals(person(cause))) {
            pending.remove(what);
            return Answer.yes(Optional.of(first.cause()));
        }
        if (first == null && pending.size() >= TwoPersonRule.MAX_WAITING) {
            return Answer.no(
                    false,
                    TwoPersonRule.MAX_WAITING + " requests wait for a second person already, so this one was not noted;"
                            + " ask again when one of them was carried out or its " + window + " are over");
        }
        if (first == null) {
            pending.put(what, new Pending(cause, now));
        }
        return Answer.no(true, cause.by() + " has asked for it; another person must ask for the same within " + window);
    }

    private static String person(Cause cause) {
        return cause.by().strip().toLowerCase(Locale.ROOT);
    }
}
