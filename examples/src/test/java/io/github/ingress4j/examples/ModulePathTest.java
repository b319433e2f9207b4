package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.policy.RequestView;
import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The core works as a named module that can see nothing but what its descriptor requires. */
class ModulePathTest {

  private static final String CORE = "io.github.ingress4j.core";

  /** What runs in the other process; it alone is on the class path. */
  static final class Program {

    private Program() {}

    public static void main(String[] args) {
      IngressRouter router = IngressRouter.builder().manifests(Path.of(args[0])).build();
      System.out.println(IngressRouter.class.getModule());
      System.out.println(router.route(RequestView.get("http://xyz.sample.com/a?b")));
    }
  }

  @Test
  void theCoreRoutesOnTheModulePath() throws Exception {
    Map<String, Path> modules = requiredModules();
    Path program =
        Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());

    String printed =
        JavaProcess.run(
            Path.of("."),
            "--module-path",
            modules.values().stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)),
            "--add-modules",
            CORE,
            "-cp",
            program.toString(),
            Program.class.getName(),
            "manifests/hello-ingress.yaml");

    assertThat(modules.keySet())
        .containsExactly(
            "com.fasterxml.jackson.core",
            "com.github.benmanes.caffeine",
            CORE,
            "org.apache.commons.codec",
            "org.yaml.snakeyaml");
    assertThat(printed.lines())
        .containsExactly(
            "module " + CORE, "forward /a?b to default/java-svc:9080 (default/hello-ingress)");
  }

  /** Returns where the core is, and whatever it needs when it runs, outside the JDK. */
  private static Map<String, Path> requiredModules() throws URISyntaxException {
    Map<String, ModuleReference> known = new HashMap<>();
    for (Path entry : JavaProcess.classPath()) {
      try {
        ModuleFinder.of(entry)
            .findAll()
            .forEach(module -> known.putIfAbsent(module.descriptor().name(), module));
      } catch (FindException e) {
        // Not everything on a class path can be a module; what the core needs can.
      }
    }
    Map<String, Path> required = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(CORE);
    while (!open.isEmpty()) {
      ModuleReference module = known.get(open.remove());
      if (module == null) {
        continue; // A module of the JDK, or one that is missing, which the other process reports.
      }
      required.put(
          module.descriptor().name(), Path.of(module.location().orElseThrow()).toAbsolutePath());
      for (ModuleDescriptor.Requires dependency : module.descriptor().requires()) {
        if (!dependency.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)) {
          open.add(dependency.name());
        }
      }
    }
    return required;
  }
}
