// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlugRailTest {
    private static final String SECRET = "synthetic secret 4711";

    private final List<PlugRail> opened = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        opened.forEach(PlugRail::close);
    }

    /** Scores a text by the numbers that stand in it: hate first, then insult. */
    private List<Map<String, Double>> scores(List<String> texts) {
        calls.incrementAndGet();
        return texts.stream()
                .map(text -> text.split(" ", -1))
                .map(parts -> Map.of(
                        "hate/threat",
                        Double.parseDouble(parts[0]),
                        "insult",
                        Double.parseDouble(parts[1]),
                        "else",
                        1.0))
                .toList();
    }

    private ClassifierPlug plug() {
        return Plugs.classifier("moderation", this::scores)
                .flag("hate/threat", 0.4)
                .rewrite("insult", 0.5, text -> "[removed]")
                .block("hate/threat", 0.8);
    }

    @Test
    void scores_areHeldAgainstTheThresholds() {
        PlugRail rail = open(plug().rail());
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.name()).isEqualTo("moderation");
        assertThat(rail.check("0 0")).isSameAs(Verdict.pass());
        assertThat(rail.check("0.39 0.49")).isSameAs(Verdict.pass());
        assertThat(judged(rail.check("0.4 0"))).isEqualTo("flag hate/threat");
        assertThat(judged(rail.check("0.8 0"))).isEqualTo("block hate/threat");
        assertThat(judged(rail.check("0.1 0.5"))).isEqualTo("rewrite insult to [removed]");
        assertThat(judged(rail.check("0.4 0.5"))).isEqualTo("rewrite insult to [removed]");
        assertThat(judged(rail.check("1 1"))).isEqualTo("block hate/threat");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void scoresThatAreNone_blockOrFlag() {
        List<Classifier> nonsense = List.of(
                texts -> List.of(Map.of()),
                texts -> List.of(Map.of("hate", 1.01)),
                texts -> List.of(Map.of("hate", -0.01)),
                texts -> List.of(Map.of("hate", Double.NaN)),
                texts -> List.of(),
                texts -> List.of(Map.of("hate", 0.0), Map.of("hate", 0.0)),
                texts -> Arrays.asList((Map<String, Double>) null));
        for (Classifier classifier : nonsense) {
            ClassifierPlug plug = Plugs.classifier("c", classifier).block("hate", 0.5);
            assertThat(judged(open(plug.rail()).check(SECRET))).isEqualTo("block no-answer");
            PlugRail lenient = open(plug.rail(PlugOptions.options().failOpen().cache(10_000, Duration.ofHours(1))));
            assertThat(judged(lenient.check(SECRET))).isEqualTo("flag no-answer");
            assertThat(judged(lenient.check(SECRET))).isEqualTo("flag no-answer");
            assertThat(lenient.metrics().failures()).isEqualTo(2);
            assertThat(lenient.metrics().hits()).isZero();
        }
        Classifier failing = texts -> {
            throw new IllegalStateException("the text was " + texts);
        };
        for (Classifier classifier : Arrays.asList(failing, texts -> null)) {
            Verdict<String> verdict = open(Plugs.classifier("c", classifier)
                            .block("hate", 0.5)
                            .rail())
                    .check(SECRET);
            assertThat(judged(verdict)).isEqualTo("block failed");
            assertThat(((Verdict.Block<String>) verdict).finding().message())
                    .contains("java.lang.")
                    .doesNotContain(SECRET, "4711");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void missingText_blocksWithoutAskingTheModel() {
        PlugRail rail = open(plug().rail(PlugOptions.options().failOpen()));
        assertThat(judged(rail.check(null))).isEqualTo("block missing-text");
        assertThat(calls).hasValue(0);
    }

    @Test
    void closedPlug_blocksEvenWhereFailuresAreLetPass() {
        PlugRail rail = plug().rail(PlugOptions.options().failOpen().cache(10_000, Duration.ofHours(1)));
        assertThat(rail.check("0 0")).isSameAs(Verdict.pass());
        rail.close();
        rail.close();
        assertThat(judged(rail.check("0 0"))).isEqualTo("block closed");
    }

    @Test
    void interruptedCaller_isBlockedAndStaysInterrupted() {
        PlugRail rail = open(plug().rail(PlugOptions.options().failOpen()));
        Thread.currentThread().interrupt();
        Verdict<String> verdict = rail.check("0 0");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(judged(verdict)).isEqualTo("block interrupted");
        assertThat(rail.metrics().interrupts()).isEqualTo(1);
    }

    @Test
    void cache_holdsAnswersForTheirTimeAndNoFailures() {
        AtomicLong nanos = new AtomicLong();
        TimeSource time = new TimeSource() {
            @Override
            public long nanoTime() {
                return nanos.get();
            }

            @Override
            public Instant instant() {
                return Instant.EPOCH;
            }
        };
        PlugRail rail = open(plug().rail(PlugOptions.options()
                .cache(1_000_000, Duration.ofMinutes(1))
                .time(time)));
        assertThat(judged(rail.check("0.9 0"))).isEqualTo("block hate/threat");
        assertThat(judged(rail.check("0.9 0"))).isEqualTo("block hate/threat");
        assertThat(judged(rail.check("0 0.9"))).isEqualTo("rewrite insult to [removed]");
        assertThat(judged(rail.check("0 0.9"))).isEqualTo("rewrite insult to [removed]");
        assertThat(calls).hasValue(2);
        assertThat(judged(rail.check("no number"))).isEqualTo("block failed");
        assertThat(judged(rail.check("no number"))).isEqualTo("block failed");
        assertThat(calls).hasValue(4);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        rail.check("0.9 0");
        assertThat(calls).hasValue(5);
        PlugMetrics metrics = rail.metrics();
        assertThat(metrics.checks()).isEqualTo(7);
        assertThat(metrics.hits()).isEqualTo(2);
        assertThat(metrics.failures()).isEqualTo(2);
        assertThat(metrics.batches()).isEqualTo(5);
    }

    @Test
    void cache_staysWithinItsWeight() {
        PlugRail rail = open(plug().rail(PlugOptions.options().cache(10_000, Duration.ofHours(1))));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 500; i++) {
                rail.check("0." + i + " 0");
            }
        }
        assertThat(rail.metrics().hits()).isLessThan(100); // at most 46 entries of 216 bytes fit
    }

    @Test
    void digests_tellTextsApartThatUtf8WouldNot() {
        TextDigest.Secret secret = new TextDigest.Secret();
        assertThat(List.of("\uD800", "\uD801", "\uDC00", "?", "", "\0", "x".repeat(4_096), "x".repeat(4_097)))
                .extracting(secret::digest)
                .doesNotHaveDuplicates();
        assertThat(secret.digest("a")).isEqualTo(secret.digest("a"));
        assertThat(new TextDigest.Secret().digest("a")).isNotEqualTo(secret.digest("a"));
    }

    @Test
    void latency_isThatOfTheCallsOfTheModel() {
        AtomicLong nanos = new AtomicLong();
        TimeSource time = new TimeSource() {
            @Override
            public long nanoTime() {
                return nanos.get();
            }

            @Override
            public Instant instant() {
                return Instant.EPOCH;
            }
        };
        Classifier slow = texts -> {
            nanos.addAndGet(Long.parseLong(texts.get(0)));
            return List.of(Map.of("hate", 0.0));
        };
        PlugRail rail = open(Plugs.classifier("c", slow)
                .block("hate", 0.5)
                .rail(PlugOptions.options().time(time)));
        rail.check("300");
        rail.check("500");
        assertThat(rail.metrics().latencySum()).isEqualTo(Duration.ofNanos(800));
        assertThat(rail.metrics().latencyMax()).isEqualTo(Duration.ofNanos(500));
    }

    @Test
    void answerThatComesTooLate_isRemembered() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Classifier late = texts -> {
            calls.incrementAndGet();
            boolean interrupted = false;
            while (true) {
                try {
                    release.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            assertThat(interrupted).isTrue();
            return List.of(Map.of("hate", 0.9));
        };
        PlugRail rail = open(Plugs.classifier("c", late)
                .block("hate", 0.5)
                .rail(PlugOptions.options().timeLimit(Duration.ofMillis(50)).cache(10_000, Duration.ofHours(1))));
        assertThat(judged(rail.check("text"))).isEqualTo("block timed-out");
        release.countDown();
        while (rail.metrics().batches() == 0) {
            LockSupport.parkNanos(200_000);
        }
        assertThat(judged(rail.check("text"))).isEqualTo("block hate");
        assertThat(calls).hasValue(1);
        assertThat(rail.metrics().timeouts()).isEqualTo(1);
        assertThat(rail.metrics().hits()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void replacementThatIsNull_blocks() {
        PlugRail rail = open(Plugs.classifier("c", this::scores)
                .rewrite("insult", 0.5, text -> null)
                .rail());
        assertThat(judged(rail.check("0 1"))).isEqualTo("block insult");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void judge_saysWhatToDo() {
        Judge judge = text -> switch (text) {
            case "pass" -> Judgement.pass();
            case "flag" -> new Judgement(Judgement.Ruling.FLAG, "advice");
            case "retry" -> new Judgement(Judgement.Ruling.RETRY, "tone");
            case "block" -> new Judgement(Judgement.Ruling.BLOCK, "advice");
            case "other" -> new Judgement(Judgement.Ruling.BLOCK, "the user said " + SECRET);
            case "half" -> new Judgement(null, "advice");
            case "null" -> null;
            default -> throw new IllegalStateException(text);
        };
        PlugRail rail = open(Plugs.judge("advice", judge, "advice", "tone").rail());
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.check("pass")).isSameAs(Verdict.pass());
        assertThat(judged(rail.check("flag"))).isEqualTo("flag advice");
        assertThat(judged(rail.check("retry"))).isEqualTo("retry tone");
        assertThat(judged(rail.check("block"))).isEqualTo("block advice");
        assertThat(judged(rail.check("other"))).isEqualTo("block no-answer");
        assertThat(judged(rail.check("half"))).isEqualTo("block no-answer");
        assertThat(judged(rail.check("null"))).isEqualTo("block no-answer");
        assertThat(judged(rail.check("?"))).isEqualTo("block failed");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsWrong_isAFaultAndBlocks() {
        Classifier classifier = this::scores;
        Judge judge = text -> Judgement.pass();
        PlugOptions good = PlugOptions.options();
        ClassifierPlug plug = Plugs.classifier("c", classifier).block("hate", 0.5);
        JudgePlug judging = Plugs.judge("j", judge, "advice");
        assertFaults(Plugs.classifier(null, null).rail(null), 4);
        assertFaults(Plugs.classifier("c", classifier).rail(), 1);
        assertFaults(plug.flag(" ", 0).rail(), 2);
        assertFaults(plug.flag(null, Double.NaN).rewrite("x", 1.1, null).rail(), 4);
        assertFaults(plug.block("hate", 0.6).rail(), 1);
        assertFaults(Plugs.judge("a b", null).rail(null), 4);
        assertFaults(Plugs.judge("j", judge, (String[]) null).rail(), 1);
        assertFaults(Plugs.judge("j", judge, null, "not a name").rail(), 2);
        assertFaults(judging.rail(good.batch(2, Duration.ofMillis(1))), 1);
        assertFaults(plug.rail(good.timeLimit(null)), 1);
        assertFaults(plug.rail(good.timeLimit(Duration.ZERO)), 1);
        assertFaults(plug.rail(good.timeLimit(Duration.ofDays(1))), 1);
        assertFaults(plug.rail(good.batch(1, Duration.ofMillis(1))), 1);
        assertFaults(plug.rail(good.batch(2, null)), 1);
        assertFaults(plug.rail(good.batch(2, Duration.ofSeconds(1))), 1);
        assertFaults(plug.rail(good.threads(0, 0)), 2);
        assertFaults(plug.rail(good.threads(257, 100_001)), 2);
        assertFaults(plug.rail(good.cache(0, null)), 2);
        assertFaults(plug.rail(good.executor(null)), 1);
        assertFaults(plug.rail(good.time(null)), 1);
    }

    private void assertFaults(PlugRail rail, int number) {
        assertThat(rail.faults()).hasSize(number).noneMatch(String::isBlank);
        assertThat(judged(rail.check("0 0"))).isEqualTo("block misconfigured");
        assertThat(rail.metrics().checks()).isZero();
        rail.close();
    }

    private PlugRail open(PlugRail rail) {
        opened.add(rail);
        return rail;
    }

    static String judged(Verdict<String> verdict) {
        if (verdict instanceof Verdict.Pass) {
            return "pass";
        } else if (verdict instanceof Verdict.Flag<String> flag) {
            return "flag " + flag.finding().category();
        } else if (verdict instanceof Verdict.Retry<String> retry) {
            return "retry " + retry.finding().category();
        } else if (verdict instanceof Verdict.Rewrite<String> rewrite) {
            return "rewrite " + rewrite.finding().category() + " to " + rewrite.value();
        }
        return "block " + finding(verdict).category();
    }

    private static Finding finding(Verdict<String> verdict) {
        return ((Verdict.Block<String>) verdict).finding();
    }

    @Test
    void plugs_areGuardrailsThatCanBeNamed() {
        Guardrail<String> named = open(plug().rail()).named("second");
        assertThat(named.name()).isEqualTo("second");
        assertThat(judged(named.check("0.9 0"))).isEqualTo("block hate/threat");
    }
}
