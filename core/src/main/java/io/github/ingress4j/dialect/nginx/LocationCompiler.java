package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the compilers of a location's policies have in common.
 *
 * @param owner whose annotations count
 * @param path the text of the location
 * @param ruleHost the host as rules write it
 * @param pathType the type as rules write it
 * @param settings the controller's settings
 * @param references where Secrets and ConfigMaps come from
 * @param groupNames the names of groups, which are variables
 * @param constants the variables that are known with the location
 * @param findings takes findings
 * @param closures takes reasons why the location must be closed
 */
record LocationCompiler(
    ServedIngress owner,
    String path,
    String ruleHost,
    String pathType,
    ControllerSettings settings,
    References references,
    Set<String> groupNames,
    Map<String, String> constants,
    Consumer<Diagnostic> findings,
    List<String> closures) {

  /** What to write in place of a variable that is not known. */
  static final String VARIABLES =
      "use variables such as $host, $request_uri, $scheme or $http_ and a header's name";

  AnnotationValues values() {
    return owner.annotations();
  }

  /** Closes the location, and says why. */
  void deny(Annotation<?> annotation, String fault, String help) {
    closures.add(annotation.name() + " " + fault);
    findings.accept(
        values()
            .finding(
                annotation,
                NginxRules.ANNOTATION_DENIES_ROUTES,
                annotation.name() + " " + fault + ", so the routes answer 503")
            .withHelp(help));
  }

  /** A text with variables; if it cannot be read, the location is closed. */
  @Nullable Template template(Annotation<String> annotation, String text) {
    Template.Result result = Template.parse(text, groupNames, constants);
    if (result instanceof Template.Parsed parsed) {
      return parsed.template();
    }
    String message = ((Template.Fault) result).message();
    deny(
        annotation,
        "cannot be carried out: " + message.substring(0, message.length() - 1),
        VARIABLES);
    return null;
  }
}
