// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the packages of this module may know of each other, and what none may use. */
class GuardrailsArchitectureTest {
    private static final String ROOT = "io.github.incident4j.guardrails";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packages_areFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void engine_knowsNoFamilyOfRules() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".scan", ROOT + ".internal", ROOT + ".words")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".pii",
                        ROOT + ".secrets",
                        ROOT + ".injection",
                        ROOT + ".markup",
                        ROOT + ".structure",
                        ROOT + ".tools",
                        ROOT + ".plugs",
                        ROOT + ".presets",
                        ROOT + ".text",
                        ROOT + ".grounding",
                        ROOT + ".numeric")
                .check(CLASSES);
    }

    @Test
    void nothing_usesRegularExpressionsOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex")
                .check(CLASSES);
    }
}
