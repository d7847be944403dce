// A prefix LM sample in both its forms: one stack, or encoder and decoder.

import { OneSentence } from "./base.js";
import { Slider } from "./controls.js";
import { prefixLm, TWO_STACKS } from "./core.js";
import data from "./data.js";
import { strip } from "./drawing.js";
import { largestStrip, range } from "./layout.js";

export const prefixStrips = (tokens, split) =>
  strip(prefixLm(tokens, split)) + strip(prefixLm(tokens, split, TWO_STACKS));

function room(tokens, split) {
  const count = tokens.length, sizes = range(1, count).map((read) => [read, count - read]);
  const one = largestStrip(prefixLm(tokens, split), [[0, count - 1]]);
  return one + largestStrip(prefixLm(tokens, split, TWO_STACKS), sizes);
}

export function explorePrefix(text) {
  const [prefix] = data.starts.explore_prefix;
  const split = new Slider("prefix_length", ...prefix);
  const reach = new Map([[split, (count) => count - 1]]);
  return new OneSentence(text, [[prefixStrips, room]], reach);
}
