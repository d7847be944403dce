// Tokens to click: hidden ones are asked for, in one way or in two.

import { Explorer, ofTokens } from "./base.js";
import { ClickableTokens, TextBox } from "./controls.js";
import { masked, spanCorruption, spansOf } from "./core.js";
import data from "./data.js";
import { message, strip } from "./drawing.js";
import { gapSizes, largestStrip, range } from "./layout.js";
import { cut, say } from "./words.js";

function hiddenStrips(tokens, positions) {
  if (!positions.length) return message(say("views.hiding.press"));
  return strip(masked(tokens, positions)) + strip(spanCorruption(tokens, spansOf(positions)));
}

function room(tokens) {
  const count = tokens.length;
  const gap = spanCorruption(tokens, [[0, 1]]);
  const gaps = largestStrip(gap, gapSizes(count, Math.floor(count / 2) + 1));
  return largestStrip(masked(tokens, [0]), [[0, count]]) + gaps;
}

/** A sentence, its tokens to click, and the two strips that follow. */
export class HidingExplorer extends Explorer {
  constructor(text, positions) {
    const sentence = new TextBox("sentence", text), tokens = cut(text);
    const within = positions.filter((at) => at < tokens.length);
    const clickable = new ClickableTokens(tokens, within, say("views.press_tokens"));
    const controls = [sentence, clickable];
    super(controls, [ofTokens([hiddenStrips, room])], [controls]);
    Object.assign(this, { sentence, clickable });
    this.beyond = positions.filter((at) => at >= tokens.length); // hidden in a longer sentence
  }

  settle(moved) {
    if (moved !== this.sentence) return;
    const tokens = cut(this.sentence.value), hidden = [...this.clickable.value, ...this.beyond];
    this.beyond = hidden.filter((at) => at >= tokens.length);
    this.clickable.show(tokens, hidden.filter((at) => at < tokens.length));
  }
}

/** One sentence as words to click. */
export function exploreBlanks() {
  const tokens = cut(data.sentence), all = strip(masked(tokens, range(0, tokens.length)));
  const drawn = (hidden) =>
    hidden.length ? strip(masked(tokens, hidden)) : message(say("views.hiding.click"));
  const clickable = new ClickableTokens(tokens, data.starts.explore_blanks, say("views.press_words"));
  return new Explorer([clickable], [[drawn, () => all]], [[clickable]]);
}
