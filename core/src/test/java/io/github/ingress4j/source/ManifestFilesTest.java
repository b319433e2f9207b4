package io.github.ingress4j.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ManifestFilesTest {

  @TempDir Path root;

  private static String map(String name) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}\n";
  }

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private static ManifestSet read(Path... paths) {
    return ManifestFiles.read(ManifestParser.create(), List.of(paths));
  }

  private static String names(ManifestSet set) {
    return set.objects().stream().map(o -> o.metadata().name()).collect(Collectors.joining(" "));
  }

  private String findings(ManifestSet set) {
    return set.diagnostics().stream()
        .map(Diagnostic::toString)
        .collect(Collectors.joining("\n"))
        .replace(root.toString().replace('\\', '/'), "ROOT");
  }

  @Test
  void readsADirectoryInTheOrderOfNames() throws IOException {
    write("b.yml", map("b"));
    write("a/z.yaml", map("az"));
    write("a/y.JSON", map("ay"));
    write("c.yaml", map("c"));
    write("notes.txt", map("no"));
    write(".hidden.yaml", map("no"));
    write(".git/x.yaml", map("no"));
    ManifestSet set = read(root);
    assertThat(findings(set)).isEmpty();
    assertThat(names(set)).isEqualTo("ay az b c");
    assertThat(set.objects().get(0).origin().span()).isNotNull();
    assertThat(String.valueOf(set.objects().get(0).origin().span()))
        .isEqualTo(root.toString().replace('\\', '/') + "/a/y.JSON:1:1");
  }

  @Test
  void readsANamedFileWhateverItsEnding() throws IOException {
    assertThat(names(read(write("x.txt", map("x")), write("y", map("yy"))))).isEqualTo("x yy");
  }

  @Test
  void readsAMountedConfigMapOnce() throws IOException {
    write("..2024_01_01/a.yaml", map("a"));
    write("..2024_01_01/b.yaml", map("b"));
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2024_01_01"));
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("..data/a.yaml"));
    Files.createSymbolicLink(root.resolve("b.yaml"), Path.of("..data/b.yaml"));
    ManifestSet set = read(root);
    assertThat(findings(set)).isEmpty();
    assertThat(names(set)).isEqualTo("a b");
  }

  @Test
  void doesNotFollowLinksInCirclesOrReadAnythingTwice() throws IOException {
    Path file = write("d/a.yaml", map("a"));
    Files.createSymbolicLink(root.resolve("d/up"), root);
    Files.createSymbolicLink(root.resolve("d/again.yaml"), file);
    Files.createSymbolicLink(root.resolve("self.yaml"), root.resolve("self.yaml"));
    Files.createSymbolicLink(root.resolve("gone.yaml"), root.resolve("nowhere"));
    ManifestSet set = read(root, root.resolve("d"), file);
    assertThat(names(set)).isEqualTo("a");
    assertThat(findings(set))
        .contains(
            "ROOT/gone.yaml:1:1: error[file-unreadable]: \"ROOT/gone.yaml\" is gone, or a link that"
                + " leads nowhere")
        .contains("ROOT/self.yaml:1:1: error[file-unreadable]");
  }

  @Test
  void reportsWhatCannotBeReadAndReadsTheRest() throws IOException {
    Path good = write("good.yaml", map("good"));
    Path empty = Files.createDirectories(root.resolve("empty"));
    Path latin = root.resolve("latin.yaml");
    Files.write(latin, new byte[] {'#', (byte) 0xE9, '\n'});
    Path big = write("big.yaml", "#".repeat(2000));
    ManifestSet set =
        ManifestFiles.read(
            ManifestParser.create().withLimits(ManifestParser.Limits.DEFAULT.withBytes(1000)),
            List.of(root.resolve("none.yaml"), empty, latin, big, good));
    assertThat(names(set)).isEqualTo("good");
    assertThat(findings(set))
        .isEqualTo(
            """
            ROOT/none.yaml:1:1: error[path-missing]: there is no file or directory "ROOT/none.yaml"
            ROOT/empty:1:1: warning[directory-empty]: the directory "ROOT/empty" holds no file that ends in .yaml, .yml or .json
            ROOT/latin.yaml:1:2: error[not-utf8]: the text is not encoded in UTF-8
            ROOT/big.yaml:1:1: error[text-too-big]: the text has more than 1000 bytes""");
  }

  @Test
  void saysThatNothingCouldBeRead() {
    ManifestSet set = read(root);
    assertThat(set.isReadable()).isFalse();
    assertThat(findings(set)).endsWith("\nerror[nothing-readable]: the input holds no object");
    assertThat(findings(read())).isEqualTo("error[nothing-readable]: the input holds no object");
  }

  @Test
  void reportsAFileThatMayNotBeRead() throws IOException {
    Path secret = write("locked.yaml", map("x"));
    if (Files.getFileStore(secret).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    }
    if (Files.isReadable(secret)) {
      // Nothing is locked for the superuser.
      assertThat(names(read(secret))).isEqualTo("x");
    } else {
      assertThat(findings(read(secret)))
          .startsWith("ROOT/locked.yaml:1:1: error[file-unreadable]")
          .contains("access is denied");
    }
  }

  @Test
  void namesFilesAsTheyWereNamed() {
    assertThat(read(Path.of("no", "such.yaml")).diagnostics().get(0))
        .hasToString(
            "no/such.yaml:1:1: error[path-missing]: there is no file or directory \"no/such.yaml\"");
  }

  @Test
  void readsAVeryDeepDirectory() throws IOException {
    Path path = root;
    for (int i = 0; i < 200; i++) {
      path = path.resolve("d");
    }
    Files.createDirectories(path);
    Files.writeString(path.resolve("a.yaml"), map("deep"));
    assertThat(names(read(root))).isEqualTo("deep");
  }
}
