// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.StreamGuardrail.Session;
import io.github.incident4j.guardrail.StreamGuardrail.Step;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Guardrails on the whole of a stream. */
class StreamOutputTest extends CallTestBase {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    private StreamGuardBuilder<String, String> chat() {
        return runtime.guardStream("chat");
    }

    private static Decision<StreamSummary> decisionOf(StreamingCall<String> call) throws Exception {
        return call.decision().get(30, TimeUnit.SECONDS);
    }

    private static StreamCall<String, String> saying(String... words) {
        return input ->
                new StreamLawProperties.Scripted(
                        "word", new StreamLawProperties.Script(words.length, StreamLawProperties.End.COMPLETES)) {
                    @Override
                    String element(int number) {
                        return words[number];
                    }
                };
    }

    /** A guardrail without memory, of which nothing follows the end. */
    private static StreamGuardrail<String> each(String name, Function<String, Step<String>> step) {
        return guardrail(name, () -> new Session<>() {
            @Override
            public Step<String> next(String element) {
                return step.apply(element);
            }

            @Override
            public Step<String> end() {
                return Step.hold();
            }
        });
    }

    private static StreamGuardrail<String> guardrail(
            String name, java.util.function.Supplier<Session<String>> session) {
        return new StreamGuardrail<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Session<String> open() {
                return session.get();
            }
        };
    }

    private static Step<String> blockBad(String element) {
        return element.equals("bad") ? Step.<String>hold().block(FINDING) : Step.pass(element);
    }

    @Test
    void elementThatYieldsNothing_asksForOneMoreAndTheRestWaitsForDemand() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .output(new Window<>("window", 2))
                .build();
        Reader reader = new Reader(0);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        assertThat(hand.asked).isZero();
        reader.request(1);
        assertThat(hand.asked).isOne();
        hand.to().onNext("a");
        hand.to().onNext("b");
        assertThat(hand.asked).as("one is still owed").isEqualTo(3);
        assertThat(reader.got).isEmpty();
        hand.to().onNext("c");
        assertThat(reader.got).containsExactly("a");
        assertThat(hand.asked).as("nothing is owed").isEqualTo(3);
        hand.to().onComplete();
        assertThat(reader.got).containsExactly("a");
        assertThat(reader.end).isNotDone();
        reader.request(1);
        assertThat(reader.got).containsExactly("a", "b");
        assertThat(reader.end).isNotDone();
        reader.request(1);
        assertThat(reader.got).containsExactly("a", "b", "c");
        assertThat(reader.end()).isEqualTo("complete");
        Decision.Answered<StreamSummary> decision = (Decision.Answered<StreamSummary>) decisionOf(call);
        assertThat(decision.output().elements()).isEqualTo(3);
        assertThat(records("decision").get(0).members()).containsEntry("elements", 3);
    }

    @Test
    void block_endsTheStreamBehindWhatStandsBeforeIt() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("a", "b", "bad", "c"))
                .output(each("no-bad", StreamOutputTest::blockBad))
                .endWith(failure -> "[" + failure.code() + "]")
                .build();
        Reader reader = new Reader(Long.MAX_VALUE);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        assertThat(reader.got).containsExactly("a", "b", "[output-blocked]");
        Decision<StreamSummary> decision = decisionOf(call);
        assertThat(failureOf(decision))
                .isEqualTo(new Failure.OutputBlocked(
                        new Judgement("no-bad", Judgement.Stage.OUTPUT, Action.BLOCK, FINDING, false)));
        assertThat(decision.judgements()).hasSize(1);
    }

    @Test
    void block_tellsTheBreakerOfAStreamAsAnyOtherEndDoes() throws Exception {
        List<Object> told = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", saying("a", "bad"))
                .output(each("no-bad", StreamOutputTest::blockBad))
                .breaker(CircuitBreakerConfig.custom().recordResult(told::add).build())
                .build();
        StreamingCall<String> call = stream.open("a");
        call.subscribe(new Reader(Long.MAX_VALUE));
        decisionOf(call);
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamSummary.class,
                        summary -> assertThat(summary.elements()).isEqualTo(1));
    }

    @Test
    void block_behindElementsThatNobodyHasAskedFor_waitsWithThem() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("x"))
                .output(each(
                        "three", element -> Step.pass(List.of("1", "2", "3")).block(FINDING)))
                .build();
        Reader reader = new Reader(0);
        stream.open("a").subscribe(reader);
        reader.request(2);
        assertThat(reader.got).containsExactly("1", "2");
        assertThat(reader.end).isNotDone();
        reader.request(1);
        assertThat(reader.got).containsExactly("1", "2", "3");
        assertThat(reader.end()).contains("output-blocked");
    }

    @Test
    void blockedRouteOfWhichNothingHasLeft_isReplacedWithoutItsMemory() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("secret", "part", "bad"))
                .fallback("v1", saying("eins", "zwei"))
                .output(each("no-bad", StreamOutputTest::blockBad))
                .output(new Window<>("window", 3))
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
        assertThat(got).containsExactly("eins", "zwei");
        assertThat(routeOf(decision)).isEqualTo("v1");
        assertThat(skippedCodes(decision)).containsExactly("output-blocked");
    }

    @Test
    void findings_areOnRecordAsThoseOfElements() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("a", "secret", "odd"))
                .output(each("masks", element -> switch (element) {
                    case "secret" -> Step.pass("***").rewrite(FINDING);
                    case "odd" -> Step.pass(element).flag(FINDING);
                    default -> Step.pass(element);
                }))
                .output(each("shouts", element -> Step.pass(element.toUpperCase(java.util.Locale.ROOT))))
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
        assertThat(got).containsExactly("A", "***", "ODD");
        assertThat(decision.judgements())
                .containsExactly(
                        new Judgement("masks", Judgement.Stage.OUTPUT, Action.REWRITE, FINDING, false),
                        new Judgement("masks", Judgement.Stage.OUTPUT, Action.FLAG, FINDING, false));
    }

    @Test
    void findingsBeyondTheFirst_areCountedByTheirKind() throws Exception {
        String[] words = IntStream.range(0, 100).mapToObj(i -> "word").toArray(String[]::new);
        AtomicInteger number = new AtomicInteger();
        GuardedStream<String, String> stream = chat().route("v2", saying(words))
                .output(each("flags", element -> {
                    int now = number.incrementAndGet();
                    return Step.pass(element)
                            .flag(new Finding(now == 50 ? "rare" : "rule", "category", "number " + now));
                }))
                .build();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), element -> {});
        assertThat(decision.judgements()).hasSize(34);
        assertThat(decision.judgements().subList(0, 32)).allMatch(each -> each.times() == 1);
        assertThat(decision.judgements().get(31).finding().message()).isEqualTo("number 32");
        assertThat(decision.judgements().get(32).finding().message()).isEqualTo("number 100");
        assertThat(decision.judgements().get(32).times()).isEqualTo(67);
        assertThat(decision.judgements().get(33).finding().rule()).isEqualTo("rare");
        assertThat(decision.judgements().get(33).times()).isOne();
        List<?> recorded = (List<?>) records("decision").get(0).members().get("guardrails");
        assertThat(recorded).hasSize(34);
        assertThat(recorded.get(32).toString()).contains("times=67");
        assertThat(recorded.get(31).toString()).doesNotContain("times");
    }

    @Test
    void findingsOfManyKinds_areBounded() throws Exception {
        AtomicInteger number = new AtomicInteger();
        GuardedStream<String, String> stream = chat().route("v2", saying("a"))
                .output(each("flags", element -> {
                    Step<String> step = Step.pass(element);
                    for (int i = 0; i < 200; i++) {
                        Finding finding = new Finding("rule-" + number.incrementAndGet(), "category", "message");
                        step = step.flag(i == 100 ? finding.severity(Severity.P1) : finding);
                    }
                    return step;
                }))
                .build();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), element -> {});
        assertThat(decision.judgements()).hasSize(63);
        Finding further = decision.judgements().get(62).finding();
        assertThat(further.rule()).isEqualTo("further-findings");
        assertThat(further.message()).contains("more than 30 further kinds", "rule-200");
        assertThat(further.severity()).isEqualTo(Severity.P1);
        assertThat(decision.judgements().get(62).times()).isEqualTo(138);
    }

    @Test
    void elementGuardrails_comeFirst() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", saying("secret", "a"))
                .output(each("sees", element -> {
                    seen.add(element);
                    return Step.pass(element);
                }))
                .element(element -> element.equals("secret") ? Verdict.rewrite("***", FINDING) : Verdict.pass())
                .build();
        stream.forEach("a", CallContext.empty(), element -> {});
        assertThat(seen).containsExactly("***", "a");
    }

    @Test
    void monitored_holdsNothingBackAndStopsNothing() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("a", "bad", "b"))
                .output(new Window<>("window", 10), RailOptions.options().monitorOnly())
                .output(
                        each("no-bad", StreamOutputTest::blockBad),
                        RailOptions.options().monitorOnly().severity(Severity.P1))
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
        assertThat(got).containsExactly("a", "bad", "b");
        assertThat(decision.judgements())
                .containsExactly(new Judgement(
                        "no-bad", Judgement.Stage.OUTPUT, Action.BLOCK, FINDING.severity(Severity.P1), true));
    }

    @Test
    void guardrailThatFails_blocksUnlessItFailsOpen() throws Exception {
        List<StreamGuardrail<String>> broken = List.of(
                each("throws", element -> {
                    throw new IllegalStateException("secret");
                }),
                each("no-step", element -> nothing()),
                guardrail("no-session", StreamOutputTest::nothing),
                guardrail("throws-at-open", () -> {
                    throw new IllegalStateException("secret");
                }));
        for (StreamGuardrail<String> guardrail : broken) {
            for (RailOptions options : List.of(
                    RailOptions.options(),
                    RailOptions.options().failOpen(),
                    RailOptions.options().monitorOnly())) {
                boolean passes = options != RailOptions.options();
                GuardedStream<String, String> stream = runtime.<String, String>guardStream(
                                guardrail.name() + "-" + records("guard.built").size())
                        .route("v2", saying("a", "b"))
                        .output(guardrail, options)
                        .build();
                List<String> got = new CopyOnWriteArrayList<>();
                Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
                assertThat(got).isEqualTo(passes ? List.of("a", "b") : List.of());
                assertThat(decision.judgements()).hasSize(1);
                Judgement judgement = decision.judgements().get(0);
                assertThat(judgement.action()).isEqualTo(passes ? Action.FLAG : Action.BLOCK);
                assertThat(judgement.finding().category()).isEqualTo("guardrail-failure");
                assertThat(judgement.finding().message()).doesNotContain("secret");
            }
        }
    }

    @Test
    void interruptedGuardrail_endsTheStreamEvenIfMonitored() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", saying("a"))
                .fallback("v1", saying("b"))
                .output(
                        each("interrupted", element -> {
                            throw sneaky(new InterruptedException());
                        }),
                        RailOptions.options().monitorOnly())
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(reader.got).isEmpty();
        assertThat(reader.end()).contains("InterruptedException");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"
    }) // that a guardrail breaks its contract is what is tested
    private static <V> V nothing() {
        return null;
    }

    @Test
    void killCancelAndDeadline_dropWhatIsHeldBack() throws Exception {
        for (InFlight choice : List.of(InFlight.DISCARD, InFlight.CANCEL)) {
            Hand hand = new Hand();
            GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat-" + choice)
                    .route("v2", input -> hand)
                    .inFlight(choice)
                    .output(new Window<>("window", 1))
                    .build();
            Reader reader = new Reader(1);
            StreamingCall<String> call = stream.open("a");
            call.subscribe(reader);
            hand.to().onNext("one");
            hand.to().onNext("two");
            hand.to().onComplete(); // the rest is held until it is asked for
            runtime.switches().kill(Scope.model("chat-" + choice), CAUSE);
            reader.request(5);
            assertThat(reader.end()).contains("killed");
            assertThat(reader.got).containsExactly("one");
            assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Killed.class);
        }
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .output(new Window<>("window", 1))
                .maxConcurrent(1)
                .deadline(Duration.ofMillis(300))
                .build();
        Reader cancelling = new Reader(1);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(cancelling);
        hand.to().onNext("one");
        hand.to().onNext("two");
        hand.to().onComplete();
        cancelling.cancel();
        cancelling.request(5);
        assertThat(cancelling.got).containsExactly("one");
        assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Cancelled.class);

        Reader late = new Reader(1);
        StreamingCall<String> second = stream.open("a");
        second.subscribe(late);
        hand.to().onNext("one");
        hand.to().onNext("two");
        hand.to().onComplete();
        assertThat(late.end()).contains("timed-out");
        late.request(5);
        assertThat(late.got).containsExactly("one");
        assertThat(failureOf(decisionOf(second))).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    void firstElementThatIsHeldBack_isInTime() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .output(new Window<>("window", 5))
                .timeToFirst(Duration.ofMillis(500))
                .deadline(Duration.ofSeconds(1))
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        hand.to().onNext("one");
        assertThat(reader.end())
                .as("the deadline ends it, and not the time to the first")
                .contains("timed-out");
        Decision.Refused<StreamSummary> decision = (Decision.Refused<StreamSummary>) decisionOf(call);
        assertThat(decision.failure()).isEqualTo(new Failure.TimedOut(Duration.ofSeconds(1), true));
        assertThat(decision.partial().orElseThrow().timeToFirst()).isPresent();
        assertThat(decision.partial().orElseThrow().elements()).isZero();
    }

    /** The timer's tasks run one after another: when the second stream is late, the first one's time is up, too. */
    @Test
    void modelThatEndsWithoutAnElement_isInTimeWhileTheGuardrailsOwnWaits() throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", input -> {
                    Hand hand = new Hand();
                    hands.add(hand);
                    return hand;
                })
                .output(guardrail("signs", () -> new Session<>() {
                    @Override
                    public Step<String> next(String element) {
                        return Step.pass(element);
                    }

                    @Override
                    public Step<String> end() {
                        return Step.pass("signed");
                    }
                }))
                .timeToFirst(Duration.ofMillis(20))
                .build();
        Reader first = new Reader(0);
        stream.open("a").subscribe(first);
        hands.get(0).to().onComplete();
        Reader second = new Reader(1);
        stream.open("a").subscribe(second);
        assertThat(second.end()).contains("timed-out");
        assertThat(first.end).isNotDone();
        first.request(1);
        assertThat(first.got).containsExactly("signed");
        assertThat(first.end()).isEqualTo("complete");
    }

    @Test
    void failureOfTheModel_dropsWhatIsHeldBackAndTheNextRouteBeginsWithoutMemory() throws Exception {
        Hand first = new Hand();
        Hand second = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> first)
                .fallback("v1", input -> second)
                .output(new Window<>("window", 1))
                .restartWith(failure -> "again")
                .build();
        Reader reader = new Reader(3);
        stream.open("a").subscribe(reader);
        first.to().onNext("one");
        first.to().onNext("two");
        first.to().onError(new IOException("broke"));
        second.to().onNext("eins");
        second.to().onNext("zwei");
        assertThat(reader.got).containsExactly("one", "again", "eins");
        assertThat(second.asked).isEqualTo(2);
        second.to().onComplete();
        reader.request(1);
        assertThat(reader.got).containsExactly("one", "again", "eins", "zwei");
        assertThat(reader.end()).isEqualTo("complete");
    }

    /** One guardrail, two streams that run at once: neither gets what the other one's holds back. */
    @Test
    void streamsOfOneGuardAtOnce_shareNoMemory() throws Exception {
        Hand first = new Hand();
        Hand second = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> input.equals("first") ? first : second)
                .output(new Window<>("window", 1))
                .build();
        Reader one = new Reader(10);
        Reader two = new Reader(10);
        stream.open("first").subscribe(one);
        stream.open("second").subscribe(two);
        first.to().onNext("one");
        second.to().onNext("eins");
        first.to().onNext("two");
        assertThat(one.got).containsExactly("one");
        assertThat(two.got).isEmpty();
        second.to().onComplete();
        first.to().onComplete();
        assertThat(one.got).containsExactly("one", "two");
        assertThat(two.got).containsExactly("eins");
    }

    @Test
    void modelThatBringsMoreThanItIsAskedFor_hasFailed() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .output(new Window<>("window", 0))
                .build();
        Reader reader = new Reader(1);
        stream.open("a").subscribe(reader);
        hand.to().onNext("one");
        hand.to().onNext("two");
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end()).contains("more elements than it was asked for");
        assertThat(hand.cancelled).isTrue();
    }

    /** The model, and those who ask, are threads of their own. */
    @Test
    void threadsOfTheirOwn_loseNothingAndGetNoMoreThanTheyAskFor() throws Exception {
        int rounds = Boolean.getBoolean("incident4j.full") ? 200 : 20;
        for (InFlight choice : List.of(InFlight.FINISH, InFlight.CANCEL)) {
            List<SubmissionPublisher<String>> models = new ArrayList<>();
            GuardedStream<String, String> stream = runtime.<String, String>guardStream("threads-" + choice)
                    .route("v2", input -> {
                        SubmissionPublisher<String> model = new SubmissionPublisher<>();
                        models.add(model);
                        return model;
                    })
                    .inFlight(choice)
                    .output(new Batches<>("batches", 3))
                    .output(new Window<>("window", 4))
                    .build();
            for (int round = 0; round < rounds; round++) {
                int count = 200 + round;
                AtomicInteger asked = new AtomicInteger();
                Reader reader = new Reader(0) {
                    @Override
                    public void onNext(String element) {
                        super.onNext(element);
                        assertThat(got).hasSizeLessThanOrEqualTo(asked.get());
                    }
                };
                stream.open("a").subscribe(reader);
                SubmissionPublisher<String> model = models.get(round);
                List<Thread> threads = new ArrayList<>();
                threads.add(new Thread(() -> {
                    IntStream.range(0, count).forEach(i -> model.submit("" + i));
                    model.close();
                }));
                for (int asker = 0; asker < 2; asker++) {
                    threads.add(new Thread(() -> {
                        for (int i = 0; i < count; i += 7) {
                            asked.addAndGet(7);
                            reader.request(7);
                        }
                    }));
                }
                threads.forEach(Thread::start);
                assertThat(reader.end()).isEqualTo("complete");
                assertThat(reader.got)
                        .isEqualTo(IntStream.range(0, count)
                                .mapToObj(Integer::toString)
                                .toList());
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }
    }

    @Test
    void configuration_isCheckedAndDescribed() {
        StreamGuardrail<String> faulty = new StreamGuardrail<>() {
            @Override
            public String name() {
                return "not a name!";
            }

            @Override
            public List<String> faults() {
                return List.of("a fault of its own");
            }

            @Override
            public Session<String> open() {
                throw new AssertionError("it is not opened");
            }
        };
        StreamGuardBuilder<String, String> builder = chat().route("v2", saying("a"))
                .output(faulty)
                .output(new Window<>("slow", 1), RailOptions.options().within(Duration.ofMillis(1)))
                .output(nothing())
                .output(new Window<>("no-options", 1), nothing());
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream guardrail name")
                .hasMessageContaining("a fault of its own")
                .hasMessageContaining("it has no time limit of its own")
                .hasMessageContaining("a stream guardrail is null")
                .hasMessageContaining("the options are null");
        chat().route("v2", saying("a"))
                .output(new Window<>("window", 1), RailOptions.options().failOpen())
                .build();
        assertThat(records("guard.built"))
                .anySatisfy(built -> assertThat(built.members().toString())
                        .contains("stream_guardrails")
                        .contains("window")
                        .contains("fails_open"));
    }

    /** Holds back what may become the word, and replaces the word; a model of the redactions of incident-guardrails. */
    private static StreamGuardrail<String> redacting(String word) {
        return guardrail("redacting", () -> new Session<>() {
            private String held = "";

            @Override
            public Step<String> next(String element) {
                String text = held + element;
                boolean found = text.contains(word);
                String safe = text.replace(word, "***");
                int keep = Math.min(word.length() - 1, safe.length());
                while (!word.startsWith(safe.substring(safe.length() - keep))) {
                    keep--;
                }
                held = safe.substring(safe.length() - keep);
                String out = safe.substring(0, safe.length() - keep);
                Step<String> step = out.isEmpty() ? Step.hold() : Step.pass(out);
                return found ? step.rewrite(FINDING) : step;
            }

            @Override
            public Step<String> end() {
                return held.isEmpty() ? Step.hold() : Step.pass(held);
            }
        });
    }

    @Test
    void redaction_isAppliedToStreamsHoweverTheyAreCut() throws Exception {
        String text = "my secret is a sec";
        for (int size = 1; size <= text.length(); size++) {
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < text.length(); from += size) {
                pieces.add(text.substring(from, Math.min(text.length(), from + size)));
            }
            GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat-" + size)
                    .route("v2", saying(pieces.toArray(new String[0])))
                    .output(redacting("secret"))
                    .build();
            StringBuilder got = new StringBuilder();
            Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::append);
            assertThat(got).as("in pieces of %d", size).hasToString("my *** is a sec");
            assertThat(decision.judgements())
                    .containsExactly(
                            new Judgement("redacting", Judgement.Stage.OUTPUT, Action.REWRITE, FINDING, false));
        }
    }
}
