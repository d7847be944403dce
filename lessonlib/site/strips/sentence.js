// One sentence under three objectives, with sliders for masks and span; a moved mask pushes the others.

import { grid, OneSentence } from "./base.js";
import { element, fold, RangeSlider, Slider } from "./controls.js";
import { causal, masked, spanCorruption } from "./core.js";
import data from "./data.js";
import { strip } from "./drawing.js";
import { gapSizes, inOrder, largest, largestStrip, listed, range, wantedNow } from "./layout.js";
import { letters, repr, say } from "./words.js";

const { most_masks: MOST_MASKS, masks: MASKS, span: SPAN } = data.sizes;

const size = (token) => letters(token).length;

const maskedValues = (inputs, labels) =>
  say("views.values.masked", { inputs: repr(inputs), labels: repr(new Map(labels)) });

function spanValues(hidden, source, target) {
  return say("views.values.span", { hidden: listed(hidden), inputs: repr(source), target: repr(target) });
}

export function causalStrip(tokens) {
  const sample = causal(tokens), { inputs, targets } = sample;
  return strip(sample, say("views.values.causal", { inputs: repr(inputs), labels: repr(targets) }));
}

export function maskedStrip(tokens, positions) {
  const sample = masked(tokens, positions);
  return strip(sample, maskedValues(sample.inputs, positions.map((k) => [k, tokens[k]])));
}

export function spanStrip(tokens, [start, end]) {
  const sample = spanCorruption(tokens, [[start, end]]);
  return strip(sample, spanValues(range(start, end), sample.source, sample.targets));
}

function maskedRoom(tokens) {
  const longest = [...tokens.entries()].toSorted(([, one], [, other]) => size(other) - size(one));
  const inputs = tokens.map((token) => largest([token, data.markers.mask], size));
  const values = maskedValues(inputs, longest.slice(0, MOST_MASKS));
  return largestStrip(masked(tokens, [0]), [[0, tokens.length]], values, MOST_MASKS);
}

function spanRoom(tokens) {
  const count = tokens.length, whole = spanCorruption(tokens, [[0, count]]);
  const shortest = largest(range(0, count), (at) => -size(tokens[at]));
  const one = spanCorruption(tokens, [[shortest, shortest + 1]]);
  const values = spanValues(range(0, count), one.source, whole.targets);
  return largestStrip(one, gapSizes(count), values, 2);
}

export class SentenceExplorer extends OneSentence {
  kinds = ["lesson-tall"];

  constructor(text) {
    const last = Math.max(...MASKS, ...SPAN) + 1;
    const howMany = new Slider("how_many_masks", MASKS.length, MOST_MASKS);
    const every = range(0, MOST_MASKS).map((k) => new Slider(`mask:${k + 1}`, k, last));
    const masks = element("div", "widget-box"), span = new RangeSlider("span", SPAN, last);
    const rows = [[fold(say("views.explorer.python_values"))], [grid([howMany, masks], "lesson-masks")], [span]];
    const views = [
      [(tokens) => causalStrip(tokens), () => ""],
      [(tokens) => maskedStrip(tokens, this.positions), maskedRoom],
      [(tokens, ...places) => spanStrip(tokens, places.at(-1)), spanRoom],
    ];
    const reach = new Map([[span, (count) => count]]);
    super(text, views, reach, { others: [howMany, ...every], rows });
    Object.assign(this, { howMany, every, masks, span, wantedMasks: MASKS, shown: [] });
  }

  /** Where the mask sliders stand. */
  get positions() {
    return this.shown.map((mask) => mask.value);
  }

  settle(moved, old) {
    const at = this.every.indexOf(moved);
    if (moved === this.howMany) this.addOrRemoveMasks();
    else if (at < 0) super.settle(moved, old);
    else {
      const before = this.positions.with(at, old);
      const placed = this.placeMasks(this.positions, at);
      this.wantedMasks = wantedNow(this.wantedMasks, before, placed);
    }
  }

  fit() {
    super.fit();
    const most = Math.min(this.span.last, MOST_MASKS);
    this.howMany.move(most, Math.min(this.wantedMasks.length, most));
    this.placeMasks(this.wantedMasks.slice(0, most));
  }

  addOrRemoveMasks() {
    let positions = this.positions.slice(0, this.howMany.value);
    const wanted = this.wantedMasks.slice(0, positions.length);
    while (positions.length < this.howMany.value) { // behind the last one, where there is room
      const last = positions.at(-1) ?? -1;
      const free = range(0, this.span.last).filter((at) => !positions.includes(at));
      const added = free.find((at) => at > last) ?? free.at(-1);
      positions = [...positions, added].toSorted((one, other) => one - other);
      wanted.splice(positions.indexOf(added), 0, added);
    }
    this.wantedMasks = wanted;
    this.placeMasks(positions);
  }

  placeMasks(wanted, moved = 0) {
    const last = this.span.last - 1, steps = wanted.slice(1).map(() => 1);
    const positions = inOrder(wanted, moved, steps, last);
    this.every.forEach((mask, k) => mask.move(last, positions[k] ?? Math.min(mask.value, last)));
    if (positions.length !== this.shown.length) {
      this.shown = this.every.slice(0, positions.length);
      this.masks.replaceChildren(...this.shown.map((mask) => mask.node));
      this.controls = [this.sentence, this.howMany, ...this.shown, this.span];
    }
    return positions;
  }
}
