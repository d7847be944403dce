// How explorers stay in order, and how tall their views can get: lessonlib.views.explorers.layout.

import { isSpecial } from "./core.js";
import { columnsOf, fitsANarrowLine, strip } from "./drawing.js";
import { letters, say } from "./words.js";

const LISTED = 8;

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

/** Return values in rising order: the one that was moved pushes the others, as far as there is room. */
export function inOrder(values, moved, steps, last) {
  const ordered = values.map((value, k) =>
    Math.min(Math.max(value, sum(steps.slice(0, k))), last - sum(steps.slice(k))));
  for (let k = moved + 1; k < ordered.length; k++)
    ordered[k] = Math.max(ordered[k], ordered[k - 1] + steps[k - 1]);
  for (let k = moved - 1; k >= 0; k--) ordered[k] = Math.min(ordered[k], ordered[k + 1] - steps[k]);
  return ordered;
}

/** Write positions one by one, the middle of a long list left out. */
export function listed(positions) {
  if (positions.length > LISTED) return `${positions.slice(0, 3).join(", ")}, …, ${positions.at(-1)}`;
  return positions.join(", ") || say("views.explorer.nothing");
}

/** Return where sliders are wanted after a move: what stood still, where it was wanted. */
export function wantedNow(wanted, before, now) {
  const both = Math.min(wanted.length, before.length, now.length);
  const moved = wanted.slice(0, both).map((old, k) => (before[k] === now[k] ? old : now[k]));
  return [...moved, ...wanted.slice(now.length)];
}

/** List how many tokens source and targets can have with up to `most` gaps in a sentence. */
export function gapSizes(count, most = 1) {
  const sizes = [];
  for (let gaps = 1; gaps <= most; gaps++)
    for (let hidden = gaps; hidden < count - gaps + 2; hidden++)
      sizes.push([count - hidden + gaps, hidden + gaps + 1]);
  return sizes;
}

/** Return the first of those that are largest by some measure. */
export const largest = (items, measure) =>
  items.reduce((best, item) => (measure(item) > measure(best) ? item : best));

/**
 * Draw a strip as tall as any that takes the place of a sample can get. `marks` is in how many
 * columns each of the sample's markers can stand, if not in all.
 */
export function largestStrip(sample, sizes, values = "", marks = 0) {
  const columns = columnsOf(sample), lines = (tokens) => Math.ceil(tokens / columns);
  const height = ([source, steps]) => lines(source) + 2 * lines(steps); // steps are twice as tall
  const tallest = Math.max(...sizes.map(height));
  const tall = sizes.filter((size) => height(size) === tallest);
  const [read, steps] = [0, 1].map((nth) => Math.max(...tall.map((size) => size[nth])));
  const line = widestLine(sample, columns, marks);
  const filled = (count) => Array.from({ length: count }, (_, at) => line[at % columns]);
  const source = sample.source && filled(read), said = filled(steps);
  const asked = sample.targets.some(isSpecial) ? said : said.map((token) => "·".repeat(size(token)));
  const fullest = { inputs: said, targets: asked, loss_mask: said.map(() => true), places: null };
  return strip({ ...sample, source, ...fullest }, values, columns);
}

const size = (token) => letters(token).length;
const times = (count, items) => Array.from({ length: count }, () => items).flat();

// The longest tokens that can stand side by side if they fit a narrow line unbroken; if not, or if
// all may be markers, as often the longest.
function widestLine({ source, inputs, targets }, columns, marks) {
  const tokens = [...(source ?? []), ...inputs, ...targets];
  const words = [...(source ?? []), ...targets].filter((token) => !isSpecial(token));
  const markers = [...new Set(tokens.filter(isSpecial))].toSorted();
  const line = [...times(source ? 2 : 1, words), ...times(marks, markers)]
    .toSorted((one, other) => size(other) - size(one)).slice(0, columns);
  if (marks && fitsANarrowLine(line.map(size))) return line;
  return times(columns, [largest(tokens, size)]);
}

export const range = (start, end) => Array.from({ length: end - start }, (_, k) => start + k);
