package io.github.ingress4j.routing;

import java.util.List;

/** A part of a regular expression. Options such as caselessness are resolved in the leaves. */
sealed interface PcreNode {

  /** More than any number of repeats. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** One byte out of a set; a literal is a set of one byte, or of both cases of a letter. */
  record OneOf(ByteSet set) implements PcreNode {}

  /** One part after another; nothing at all if there are none. */
  record Sequence(List<PcreNode> parts) implements PcreNode {}

  /** The first branch that leads to a match. */
  record Alternation(List<PcreNode> branches) implements PcreNode {}

  /** Parentheses that capture. */
  record Capture(int number, PcreNode body, int position) implements PcreNode {}

  /** Parentheses that are not entered again. */
  record Atomic(PcreNode body) implements PcreNode {}

  /** What has to follow or go before, or must not. */
  record Look(boolean ahead, boolean negative, PcreNode body, int position) implements PcreNode {}

  /** How a repeat chooses. */
  enum Greed {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  /** A part several times. */
  record Repeat(PcreNode body, int min, int max, Greed greed) implements PcreNode {}

  /** What a group captured. */
  record BackReference(int group, boolean ignoresCase, int position) implements PcreNode {}

  /** A place in the text. */
  enum Assertion implements PcreNode {
    /** {@code ^} and {@code \A}. */
    START,
    /** {@code ^} in several lines. */
    LINE_START,
    /** {@code $} and {@code \Z}: the end, or before a line feed that ends the text. */
    END,
    /** {@code $} in several lines. */
    LINE_END,
    /** {@code \z}. */
    VERY_END,
    /** {@code \G}: where the search begins. */
    SEARCH_START,
    /** {@code \b}. */
    WORD_BOUNDARY,
    /** {@code \B}. */
    NO_WORD_BOUNDARY
  }

  PcreNode EMPTY = new Sequence(List.of());
}
