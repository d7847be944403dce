// Two gaps in a sentence, once as T5 asks for them and once as BART does.

import { OneSentence } from "./base.js";
import { RangeSlider } from "./controls.js";
import { spanCorruption, textInfilling } from "./core.js";
import data from "./data.js";
import { message, strip } from "./drawing.js";
import { gapSizes, largestStrip, listed, range } from "./layout.js";
import { say } from "./words.js";

const meet = (gaps, fails) => gaps.slice(1).some(([start], k) => fails(gaps[k][1], start));

export function spansStrips(tokens, ...spans) {
  const ordered = spans.toSorted((one, other) => one[0] - other[0] || one[1] - other[1]);
  if (meet(ordered, (end, start) => end > start)) return message(say("views.spans.overlap"));
  const filled = ordered.filter(([start, end]) => start < end);
  const touch = meet(filled, (end, start) => end === start) ? ["touch"] : [];
  const more = filled.length < ordered.length ? ["closed"] : touch;
  const drawn = strip(spanCorruption(tokens, filled)) + strip(textInfilling(tokens, ordered));
  return drawn + said(filled.flatMap(([start, end]) => range(start, end)), ...more);
}

function spansRoom(tokens, ...spans) {
  const count = tokens.length, most = spans.length, gap = [[0, 1]];
  const repaired = largestStrip(spanCorruption(tokens, gap), gapSizes(count, most));
  const written = largestStrip(textInfilling(tokens, gap), [[count + most, count]]);
  return repaired + written + said(range(0, count), "closed");
}

function said(hidden, ...more) {
  const first = say("views.spans.hidden", { positions: listed(hidden) });
  return message([first, ...more.map((name) => say(`views.spans.${name}`))].join(" "));
}

export function exploreSpans(text) {
  const gaps = data.starts.explore_spans.map(([gap, last], k) => new RangeSlider(`gap:${k + 1}`, gap, last, true));
  const reach = new Map(gaps.map((gap) => [gap, (count) => count]));
  return new OneSentence(text, [[spansStrips, spansRoom]], reach, { mayClose: true });
}
