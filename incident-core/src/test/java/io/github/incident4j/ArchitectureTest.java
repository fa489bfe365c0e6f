// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the arrows of ARCHITECTURE.md. */
class ArchitectureTest {
    private static final String ROOT = "io.github.incident4j";

    /** The floors, from the ground; rooms of one floor do not know each other. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("model"),
            List.of("audit"),
            List.of("killswitch", "guardrail", "detect"),
            List.of("incident"),
            List.of("call", "response", "notify", "review"),
            List.of("runtime"));

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void import_seesTheLibrary() {
        assertThat(classes).hasSizeGreaterThan(80);
    }

    @Test
    void packages_knowOnlyFloorsBelow() {
        forbidden().forEach((room, others) -> rule(room, others).check(classes));
    }

    @Test
    void rule_failsForAForbiddenArrow() {
        // runtime knows call: the same kind of rule, turned round, must fail.
        assertThat(rule("runtime", List.of("call")).evaluate(classes).hasViolation())
                .isTrue();
    }

    @Test
    void packages_areFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void merklePackage_knowsOnlyTheJdk() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".audit.internal.merkle")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + ".audit.internal.merkle", "java..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void library_writesToNoStandardStreamAndNoJavaLogging() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(classes);
        noClasses().should().accessField(System.class, "out").check(classes);
        noClasses().should().accessField(System.class, "err").check(classes);
    }

    /** A mapped page that cannot be written when the disk is full would end the JVM. */
    @Test
    void files_areNotMappedIntoMemory() {
        DescribedPredicate<JavaMethodCall> map = DescribedPredicate.describe(
                "map a file into memory",
                call -> call.getTargetOwner().isAssignableTo(FileChannel.class)
                        && call.getName().equals("map"));
        noClasses().should().callMethodWhere(map).check(classes);
    }

    /**
     * A listener makes every success build an event; decorators pass errors by; a kill must not be a breaker's state.
     */
    @Test
    void circuitBreakers_haveNoListenersNoDecoratorsAndHoldNoKill() {
        DescribedPredicate<JavaMethodCall> forbidden = DescribedPredicate.describe(
                "subscribe to a circuit breaker, decorate by it, force it open or reset it",
                call -> call.getTargetOwner().getName().equals(CircuitBreaker.class.getName())
                        && call.getName()
                                .matches(
                                        "getEventPublisher|decorate.*|execute.*|reset|transitionTo(Forced|Metrics).*"));
        noClasses().should().callMethodWhere(forbidden).check(classes);
    }

    /** Before JDK 24 a virtual thread that waits in a monitor pins its carrier; these wait for disks and networks. */
    @Test
    void storesOfSwitches_haveNoMonitors() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .haveNameMatching(".*\\.(FileSwitchStore|StoredSwitches)")
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(classes);
    }

    @Test
    void staticFields_areFinal() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(classes);
    }

    @Test
    void exportedPackages_doNotKnowJacksonOrCaffeine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..internal..")
                .and(DescribedPredicate.describe("are public, as what encloses them is", ArchitectureTest::isApi))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "com.github.benmanes..")
                .check(classes);
    }

    private static boolean isApi(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isApi).orElse(true);
    }

    private static ArchRule rule(String room, List<String> others) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        others.stream().map(other -> ROOT + "." + other + "..").toArray(String[]::new));
    }

    private static Map<String, List<String>> forbidden() {
        Map<String, List<String>> forbidden = new LinkedHashMap<>();
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            List<String> sameOrAbove = FLOORS.subList(floor, FLOORS.size()).stream()
                    .flatMap(List::stream)
                    .toList();
            for (String room : FLOORS.get(floor)) {
                List<String> others = sameOrAbove.stream()
                        .filter(other -> !other.equals(room))
                        .toList();
                if (!others.isEmpty()) {
                    forbidden.put(room, others);
                }
            }
        }
        return forbidden;
    }
}
