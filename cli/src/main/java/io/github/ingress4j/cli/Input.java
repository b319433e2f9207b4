package io.github.ingress4j.cli;

import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.source.ManifestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the manifests that the command line names. */
final class Input {

  /** What stands for standard input. */
  static final String STANDARD_INPUT = "-";

  private Input() {}

  /**
   * Reads files, directories and standard input, in the order given.
   *
   * @param parser what reads the texts
   * @param paths the paths; {@code -} once at most
   * @param streams whose standard input is read
   * @return all of it as one input
   */
  static ManifestSet read(ManifestParser parser, List<String> paths, Streams streams) {
    List<ManifestSet> sets = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (String path : paths) {
      if (path.equals(STANDARD_INPUT)) {
        addFiles(parser, files, sets);
        sets.add(parser.parse(STANDARD_INPUT, standardInput(streams)));
      } else {
        files.add(Path.of(path));
      }
    }
    addFiles(parser, files, sets);
    return ManifestSet.join(sets);
  }

  private static void addFiles(ManifestParser parser, List<Path> files, List<ManifestSet> sets) {
    if (!files.isEmpty()) {
      sets.add(ManifestFiles.read(parser, files));
      files.clear();
    }
  }

  /** Reads standard input, and no more of it than shows that it is too much. */
  static byte[] standardInput(Streams streams) {
    try {
      return streams.in().readNBytes(ManifestParser.Limits.DEFAULT.bytes() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("standard input cannot be read", e);
    }
  }
}
