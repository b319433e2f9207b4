package io.github.ingress4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may import which, what the core stands on, and how large its promise is. */
class ArchitectureTest {

  private static final String BASE = "io.github.ingress4j";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  @ParameterizedTest(name = "{0} imports {1} at most")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "diagnostic    | ''",
        "routing       | ''",
        "balance       | routing diagnostic",
        "policy        | balance routing diagnostic",
        "decision      | policy balance routing diagnostic",
        "manifest      | routing diagnostic",
        "source        | manifest routing diagnostic",
        "analysis      | dialect manifest decision policy balance routing diagnostic",
        "dialect       | manifest decision policy balance routing diagnostic",
      })
  void importsFollowTheArrows(String from, String to) {
    String[] allowed =
        Arrays.stream((from + " " + to).trim().split(" +"))
            .map(name -> BASE + "." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(BASE + "." + from + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(BASE, BASE + "..").and(not(resideInAnyPackage(allowed))))
        .check(CLASSES);
  }

  /** What the controller means is data for the translation, which lies above it. */
  @ParameterizedTest(name = "dialect.{0} imports no other dialect")
  @CsvSource({"nginx, kubernetes", "kubernetes, nginx"})
  void dialectsDoNotKnowEachOther(String from, String other) {
    noClasses()
        .that()
        .resideInAPackage(BASE + ".dialect." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BASE + ".dialect", BASE + ".dialect." + other + "..")
        .check(CLASSES);
  }

  @Test
  void yamlStaysInsideManifest() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + ".manifest..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..", "org.yaml..")
        .check(CLASSES);
  }

  /** SEC-52, SEC-66: no reflection, serialisation, scripts or processes; I/O in source only. */
  @Test
  void coreIsPure() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.lang.reflect..", "javax.script..", "java.rmi..", "java.sql..", "javax.naming..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URI")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URL")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + ".source..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.nio.file..", "java.nio.channels..")
                .and(not(equivalentTo(Path.class)))
                .and(not(equivalentTo(Path[].class))))
        .check(CLASSES);
  }

  @Test
  void coreStandsOnWhatIsAllowed() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            BASE + "..",
            "java..",
            "javax.crypto..",
            "javax.security.auth.x500..",
            "org.jspecify..",
            "com.fasterxml.jackson..",
            "org.yaml..",
            "com.github.benmanes.caffeine..",
            "org.apache.commons.codec..")
        .check(CLASSES);
  }

  /** State that grows with what clients send is bounded, and lives where policies keep theirs. */
  @Test
  void boundedStateAndPasswordHashesStayInsidePolicyAndBalance() {
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE + ".policy..", BASE + ".balance..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.github.benmanes.caffeine..", "org.apache.commons.codec..")
        .check(CLASSES);
  }

  @Test
  void theFrontDoorIsImportedByNobody() {
    noClasses()
        .that()
        .resideInAnyPackage(BASE + ".*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(BASE)
        .check(CLASSES);
  }

  @Test
  void thePromiseStaysSmall() throws Exception {
    Set<String> exported;
    Path classes =
        Path.of(IngressRouter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
      exported =
          ModuleDescriptor.read(descriptor).exports().stream()
              .filter(e -> !e.isQualified())
              .map(ModuleDescriptor.Exports::source)
              .collect(Collectors.toSet());
    }
    Set<String> promised = new TreeSet<>();
    for (JavaClass c : CLASSES) {
      if (exported.contains(c.getPackageName())
          && c.isTopLevelClass()
          && c.getModifiers().contains(JavaModifier.PUBLIC)) {
        promised.add(c.getSimpleName());
      }
    }

    assertThat(exported)
        .allMatch(name -> name.startsWith(BASE))
        .doesNotContain(
            BASE + ".dialect.kubernetes", BASE + ".dialect.nginx", BASE + ".analysis.rule");
    assertThat(promised).hasSizeBetween(30, 120);
  }
}
