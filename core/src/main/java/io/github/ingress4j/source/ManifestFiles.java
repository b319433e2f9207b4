package io.github.ingress4j.source;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads manifests from files and directories.
 *
 * <table>
 *   <caption>What is read</caption>
 *   <tr><th>Path</th><th>Read</th></tr>
 *   <tr><td>a file that is named</td><td>always, whatever its ending</td></tr>
 *   <tr><td>a directory</td><td>every file below it that ends in {@code .yaml}, {@code .yml} or
 *       {@code .json}, in the order of their names</td></tr>
 *   <tr><td>in a directory, a name that begins with a dot</td><td>never; so the {@code ..data}
 *       behind a mounted ConfigMap is read through its visible names only</td></tr>
 *   <tr><td>a symbolic link</td><td>what it leads to; a file or directory reached twice is read
 *       once</td></tr>
 * </table>
 *
 * <p>What cannot be read is a finding, and the rest is read all the same. Stateless and
 * thread-safe.
 */
public final class ManifestFiles {

  private static final Rule PATH_MISSING =
      new Rule("path-missing", Severity.ERROR, "a path does not exist", "reading of files");
  private static final Rule FILE_UNREADABLE =
      new Rule("file-unreadable", Severity.ERROR, "a path cannot be read", "reading of files");
  private static final Rule DIRECTORY_EMPTY =
      new Rule(
          "directory-empty", Severity.WARNING, "a directory holds no manifest", "reading of files");

  private final ManifestParser parser;
  private final List<ManifestSet> sets = new ArrayList<>();
  private final Set<Path> visited = new HashSet<>();

  private ManifestFiles(ManifestParser parser) {
    this.parser = parser;
  }

  /**
   * Reads files and directories as one input.
   *
   * @param parser what reads the texts; a file longer than its limit is not read
   * @param paths files and directories, in the order they are applied; findings name files as they
   *     are named here, with {@code /} between the parts
   * @return the objects and findings; if nothing could be read, one finding says so
   */
  public static ManifestSet read(ManifestParser parser, List<Path> paths) {
    ManifestFiles files = new ManifestFiles(parser);
    for (Path path : paths) {
      files.named(path);
    }
    return ManifestSet.join(files.sets);
  }

  /**
   * Returns every kind of finding that reading files can have besides those of {@link
   * ManifestParser#rules}.
   *
   * @return the rules
   */
  public static List<Rule> rules() {
    return List.of(PATH_MISSING, FILE_UNREADABLE, DIRECTORY_EMPTY);
  }

  private void named(Path path) {
    String name = nameOf(path);
    try {
      if (Files.isDirectory(path)) {
        directory(path, name);
      } else if (Files.exists(path)) {
        file(path, name);
      } else {
        add(PATH_MISSING, name, "there is no file or directory " + PrintableText.quote(name));
      }
    } catch (SecurityException e) {
      unreadable(name, e);
    }
  }

  private static String nameOf(Path path) {
    String separator = path.getFileSystem().getSeparator();
    return path.toString().replace(separator, "/");
  }

  /** Reads a tree of directories; a stack of its own lets it be of any depth. */
  private void directory(Path root, String rootName) {
    int before = sets.size();
    ArrayDeque<Path> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Path path = open.pop();
      boolean isRoot = path.equals(root);
      try {
        if (isRoot || Files.isDirectory(path)) {
          List<Path> children = children(path);
          for (int i = children.size() - 1; i >= 0; i--) {
            open.push(children.get(i));
          }
        } else if (isManifest(path)) {
          fileBelow(path);
        }
      } catch (IOException | SecurityException e) {
        unreadable(nameOf(path), e);
      }
    }
    if (sets.size() == before) {
      add(
          DIRECTORY_EMPTY,
          rootName,
          "the directory "
              + PrintableText.quote(rootName)
              + " holds no file that ends in .yaml, .yml or .json");
    }
  }

  private void fileBelow(Path path) {
    // A pipe or a device in a directory is no manifest and might never end.
    if (Files.isRegularFile(path)) {
      file(path, nameOf(path));
    } else if (!Files.exists(path)) {
      String name = nameOf(path);
      add(
          FILE_UNREADABLE,
          name,
          PrintableText.quote(name) + " is gone, or a link that leads nowhere");
    }
  }

  private List<Path> children(Path directory) throws IOException {
    if (!visited.add(directory.toRealPath())) {
      return List.of();
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path child : stream) {
        Path name = child.getFileName();
        if (name != null && !name.toString().startsWith(".")) {
          children.add(child);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(Comparator.comparing(child -> String.valueOf(child.getFileName())));
    return children;
  }

  private static boolean isManifest(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private void file(Path path, String name) {
    try {
      if (!visited.add(path.toRealPath())) {
        return;
      }
      // One byte more than the limit, so that the parser sees that there is too much.
      int most = Math.min(parser.limits().bytes(), Integer.MAX_VALUE - 16) + 1;
      byte[] bytes;
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(most);
      }
      sets.add(parser.parse(name, bytes));
    } catch (IOException | SecurityException e) {
      unreadable(name, e);
    }
  }

  private void unreadable(String name, Exception cause) {
    String reason;
    if (cause instanceof NoSuchFileException) {
      reason = "it is gone";
    } else if (cause instanceof AccessDeniedException || cause instanceof SecurityException) {
      reason = "access is denied";
    } else if (cause instanceof FileSystemException detailed && detailed.getReason() != null) {
      reason = PrintableText.escape(String.valueOf(detailed.getReason()));
    } else {
      reason = "input failed";
    }
    add(FILE_UNREADABLE, name, PrintableText.quote(name) + " cannot be read: " + reason);
  }

  private void add(Rule rule, String name, String message) {
    Diagnostic finding = Diagnostic.of(rule, message).withSource(new SourceSpan(name, 1, 1, 1));
    sets.add(ManifestSet.ofDiagnostics(List.of(finding)));
  }
}
