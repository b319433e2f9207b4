package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.policy.BlockList;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.policy.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what the settings say about every request, whatever its route: who may speak for
 * clients, who is turned away, what back ends are told, what refusals carry.
 *
 * <p>Source: ingress-nginx, order of evaluation, steps 1 to 4, and headers.
 */
final class ReadingCompiler {

  private final Compilation.Options options;
  private final ControllerSettings settings;
  private final References references;
  private final Set<String> groupNames;
  private final Consumer<Diagnostic> findings;

  private ReadingCompiler(
      Compilation.Options options,
      ControllerSettings settings,
      References references,
      Set<String> groupNames,
      Consumer<Diagnostic> findings) {
    this.options = options;
    this.settings = settings;
    this.references = references;
    this.groupNames = groupNames;
    this.findings = findings;
  }

  /**
   * Compiles the settings.
   *
   * @param groupNames the names of all groups of all patterns in force, which are variables
   * @param certificates the hosts with a certificate
   * @param findings takes what is found
   */
  static Exchange.Reading compile(
      Compilation.Options options,
      ControllerSettings settings,
      References references,
      Set<String> groupNames,
      Set<String> certificates,
      Consumer<Diagnostic> findings) {
    return new ReadingCompiler(options, settings, references, groupNames, findings)
        .reading(certificates);
  }

  private Exchange.Reading reading(Set<String> certificates) {
    BlockList blocked = blocked();
    ForwardingSettings.report(settings, options.trustedProxies(), options.pathPolicy(), findings);
    return new Exchange.Reading(
        true,
        true,
        true,
        ServerDraft.DEFAULT,
        ForwardingSettings.rules(
            settings, options.trustedProxies(), options.pathPolicy(), setHeaders()),
        certificates,
        blocked,
        headers());
  }

  /** Who is turned away on every host, or null if there is no such list. */
  private @Nullable BlockList blocked() {
    List<BlockList.Entry> agents = new ArrayList<>();
    List<BlockList.Entry> referers = new ArrayList<>();
    boolean isComplete = read(Settings.BLOCK_USER_AGENTS, agents);
    isComplete &= read(Settings.BLOCK_REFERERS, referers);
    BlockList list =
        new BlockList(agents, referers, !isComplete && !options.ignoreProtectingAnnotations());
    return list.equals(BlockList.NONE) ? null : list;
  }

  /**
   * Reads the entries of a list.
   *
   * @return whether all of them could be read; nobody knows whom the others are to block
   */
  private boolean read(Setting<List<String>> setting, List<BlockList.Entry> entries) {
    List<String> texts = settings.get(setting);
    boolean isComplete = true;
    for (String text : texts == null ? List.<String>of() : texts) {
      BlockList.Result result = BlockList.Entry.parse(text);
      if (result instanceof BlockList.Entry entry) {
        entries.add(entry);
        continue;
      }
      isComplete = false;
      String reason = ModelRules.clause(((BlockList.Fault) result).reason().message());
      findings.accept(
          settings
              .finding(
                  setting,
                  NginxRules.SETTING_INVALID,
                  "the entry "
                      + PrintableText.quote(text)
                      + " of "
                      + setting.key()
                      + " cannot be carried out, so "
                      + (options.ignoreProtectingAnnotations()
                          ? "it blocks nobody: "
                          : "all routes are closed and answer 503: ")
                      + reason)
              .withSeverity(Severity.ERROR)
              .withHelp("correct the expression behind the ~"));
    }
    return isComplete;
  }

  /** The fields that are set on every request to a back end. */
  private Map<String, String> setHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    ConfigMap map = map(Settings.PROXY_SET_HEADERS);
    if (map == null) {
      return headers;
    }
    for (Map.Entry<String, String> entry : map.data().entrySet()) {
      if (!HeaderName.isSettable(entry.getKey())) {
        reportHeader(
            Settings.PROXY_SET_HEADERS,
            map,
            entry.getKey(),
            "its name is none of a header that can be set on a request, because it is no token or"
                + " belongs to whoever sends the request",
            "remove it; the Host of the back end is what upstream-vhost says, and its connection is"
                + " what connection-proxy-header says");
      } else if (isPlain(entry.getValue())) {
        headers.put(entry.getKey(), entry.getValue());
      } else {
        reportHeader(
            Settings.PROXY_SET_HEADERS,
            map,
            entry.getKey(),
            "its value holds a variable or a control character",
            "write the value as it is to be sent");
      }
    }
    return headers;
  }

  private static boolean isPlain(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c != 0x7F && c <= 0xFF && c != '$');
  }

  /** The fields of refusals, which are those of all answers; what is wrong with them is said. */
  private ResponseHeaders headers() {
    ConfigMap map = map(Settings.ADD_HEADERS);
    if (map != null) {
      map.data()
          .forEach(
              (name, value) -> {
                if (!HeaderName.isSettable(name)) {
                  reportHeader(
                      Settings.ADD_HEADERS,
                      map,
                      name,
                      "its name is none of a header that a response can be given",
                      "use a name of letters, digits and -");
                } else if (Template.parse(value, groupNames, ReplyCompiler.NO_LOCATION)
                    instanceof Template.Fault fault) {
                  reportHeader(
                      Settings.ADD_HEADERS,
                      map,
                      name,
                      ModelRules.clause(fault.message()),
                      "write the value without this variable");
                }
              });
    }
    return ReplyCompiler.ofSettings(settings, references, groupNames).headers();
  }

  /** The ConfigMap that a setting names, or null without one. */
  private @Nullable ConfigMap map(Setting<String> setting) {
    String name = settings.get(setting);
    if (name == null || name.isEmpty()) {
      return null;
    }
    ConfigMap map = references.configMap(null, name).object();
    if (map == null) {
      findings.accept(
          settings
              .finding(
                  setting,
                  NginxRules.SETTING_MAP_MISSING,
                  setting.key()
                      + " names the ConfigMap "
                      + PrintableText.quote(name)
                      + ", which is not in the input")
              .withHelp("add the ConfigMap, and name it as namespace/name"));
    }
    return map;
  }

  private void reportHeader(
      Setting<String> setting, ConfigMap map, String name, String reason, String help) {
    findings.accept(
        Diagnostic.of(
                NginxRules.SETTING_INVALID,
                "the header "
                    + PrintableText.quote(name)
                    + " of "
                    + setting.key()
                    + " is not sent: "
                    + reason)
            .withSource(map.dataOrigin().of(name))
            .withObject(map.label())
            .withField("data")
            .withHelp(help));
  }
}
