package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** One thing to look for. Stateless. */
public abstract class LintRule {

  private final Rule rule;

  LintRule(String id, Severity severity, String summary, String reference) {
    this(new Rule(id, severity, summary, reference));
  }

  LintRule(Rule rule) {
    this.rule = rule;
  }

  /**
   * Returns the kinds of findings.
   *
   * @return usually one
   */
  public List<Rule> rules() {
    return List.of(rule);
  }

  /**
   * Looks for it.
   *
   * @param input where
   * @param findings takes what is found
   */
  public final void run(LintInput input, Consumer<Diagnostic> findings) {
    check(input, new Findings(rule, findings));
  }

  abstract void check(LintInput input, Findings findings);

  /** Looks at one Ingress after the other, canaries left out. */
  abstract static class OfIngress extends LintRule {

    OfIngress(String id, Severity severity, String summary, String reference) {
      super(id, severity, summary, reference);
    }

    @Override
    final void check(LintInput input, Findings findings) {
      for (NginxModel.Owner ingress : input.model().ingresses()) {
        if (!ingress.isCanary()) {
          check(ingress, input, findings);
        }
      }
    }

    abstract void check(NginxModel.Owner ingress, LintInput input, Findings findings);
  }

  /** Looks at one canary after the other. */
  abstract static class OfCanary extends LintRule {

    OfCanary(String id, Severity severity, String summary, String reference) {
      super(id, severity, summary, reference);
    }

    @Override
    final void check(LintInput input, Findings findings) {
      for (NginxModel.Owner ingress : input.model().ingresses()) {
        if (ingress.isCanary()) {
          check(ingress, input, findings);
        }
      }
    }

    abstract void check(NginxModel.Owner canary, LintInput input, Findings findings);
  }

  /** Looks at one host after the other. */
  abstract static class OfHost extends LintRule {

    OfHost(String id, Severity severity, String summary, String reference) {
      super(id, severity, summary, reference);
    }

    OfHost(Rule rule) {
      super(rule);
    }

    @Override
    final void check(LintInput input, Findings findings) {
      for (NginxModel.Host host : input.model().hosts()) {
        check(host, input, findings);
      }
    }

    abstract void check(NginxModel.Host host, LintInput input, Findings findings);
  }

  /** Looks at the paths of each Ingress until it finds something to say about the Ingress. */
  abstract static class OfIngressPaths extends LintRule {

    OfIngressPaths(String id, Severity severity, String summary, String reference) {
      super(id, severity, summary, reference);
    }

    @Override
    final void check(LintInput input, Findings findings) {
      Set<NginxModel.Owner> told = new HashSet<>();
      for (NginxModel.Host host : input.model().hosts()) {
        for (NginxModel.Location location : host.writtenPaths()) {
          WrittenPath path = WrittenPath.of(location);
          if (path != null && !told.contains(path.owner()) && check(path, input, findings)) {
            told.add(path.owner());
          }
        }
      }
    }

    /** Returns whether something was said. */
    abstract boolean check(WrittenPath path, LintInput input, Findings findings);
  }

  /** Looks at one path after the other, as their authors wrote them. */
  abstract static class OfPath extends LintRule {

    OfPath(String id, Severity severity, String summary, String reference) {
      super(id, severity, summary, reference);
    }

    OfPath(Rule rule) {
      super(rule);
    }

    @Override
    final void check(LintInput input, Findings findings) {
      for (NginxModel.Host host : input.model().hosts()) {
        for (NginxModel.Location location : host.writtenPaths()) {
          WrittenPath path = WrittenPath.of(location);
          if (path != null) {
            check(path, input, findings);
          }
        }
      }
    }

    abstract void check(WrittenPath path, LintInput input, Findings findings);
  }
}
