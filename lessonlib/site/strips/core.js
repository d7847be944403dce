// The builders: a text becomes a sample, by the same rules as in lessonlib.samples and with its errors.

import { integer, oneOf, positions as checkedPositions, spans as checkedSpans, tokens as checkedTokens } from "./checks.js";
import data from "./data.js";

const { mask: MASK, start: START, sentinels, named } = data.markers;
const ONE_STACK = "decoder-only";
export const TWO_STACKS = "encoder-decoder";

const [BEFORE, BEHIND] = sentinels;

export const sentinel = (k) => `${BEFORE}${k}${BEHIND}`;

export function isSpecial(token) {
  if (named.includes(token)) return true;
  const number = token.slice(BEFORE.length, -BEHIND.length);
  return /^(?:0|[1-9][0-9]*)$/.test(number) && token === sentinel(number);
}

const count = (length) => Array.from({ length }, (_, k) => k);

/** Return the places of tokens that stand where they stood. */
export const each = (length) => count(length).map((k) => [k, k + 1]);

function decoderOnly(objective, sequence, lossFrom = 0, prefix = 0) {
  const inputs = sequence.slice(0, -1), targets = sequence.slice(1);
  const loss_mask = targets.map((_, k) => k >= lossFrom);
  const attention = prefix ? ["prefix", inputs.length, prefix] : ["causal", inputs.length];
  return { objective, source: null, inputs, targets, loss_mask, attention, places: null };
}

function encoderOnly(objective, inputs, targets, chosen) {
  const loss_mask = targets.map((_, k) => chosen.includes(k));
  const attention = ["bidirectional", inputs.length];
  return { objective, source: null, inputs, targets, loss_mask, attention, places: null };
}

function encoderDecoder(objective, source, targets, places) {
  const inputs = [START, ...targets.slice(0, -1)], loss_mask = targets.map(() => true);
  const attention = ["encoder_decoder", source.length, inputs.length];
  return { objective, source, inputs, targets, loss_mask, attention, places };
}

export function causal(tokens) {
  return decoderOnly("causal", checkedTokens(tokens, 2));
}

export function masked(tokens, positions) {
  const text = checkedTokens(tokens), chosen = checkedPositions(positions, text.length);
  const inputs = text.map((token, k) => (chosen.includes(k) ? MASK : token));
  return encoderOnly("masked", inputs, text, chosen);
}

export function prefixLm(tokens, split, architecture = ONE_STACK) {
  const text = checkedTokens(tokens, 2), first = integer(split, "split", 1, text.length - 1);
  if (oneOf(architecture, "architecture", [ONE_STACK, TWO_STACKS]) === TWO_STACKS)
    return encoderDecoder("prefix_lm", text.slice(0, first), text.slice(first), each(first));
  return decoderOnly("prefix_lm", text, first - 1, first);
}

export function spanCorruption(tokens, spans) {
  const text = checkedTokens(tokens), gaps = merged(checkedSpans(spans, text.length));
  const source = gapped(text, gaps, gaps.map((_, k) => sentinel(k)));
  const written = gaps.flatMap(([start, end], k) => [sentinel(k), ...text.slice(start, end)]);
  const targets = [...written, sentinel(gaps.length)];
  return encoderDecoder("span_corruption", source, targets, gapped(each(text.length), gaps, gaps));
}

export function textInfilling(tokens, spans) {
  const text = checkedTokens(tokens), gaps = checkedSpans(spans, text.length, true);
  const source = gapped(text, gaps, gaps.map(() => MASK));
  return encoderDecoder("text_infilling", source, text, gapped(each(text.length), gaps, gaps));
}

function gapped(items, spans, markers) {
  const kept = [];
  let from = 0;
  for (const [k, [start, end]] of spans.entries()) {
    kept.push(...items.slice(from, start), markers[k]);
    from = end;
  }
  return [...kept, ...items.slice(from)];
}

function merged(spans) {
  const apart = [];
  for (const [start, end] of spans)
    apart.push(apart.at(-1)?.[1] === start ? [apart.pop()[0], end] : [start, end]);
  return apart;
}

/** Return the runs of neighbours among rising positions as spans, their ends not included. */
export function spansOf(positions) {
  return merged(positions.map((position) => [position, position + 1]));
}

const table = (queries, keys, may) =>
  count(queries).map((query) => count(keys).map((key) => may(query, key)));
const backwards = (query, key) => key <= query;
const everywhere = () => true;

/** The masks of the patterns, `[query][key]`; true means that the query may look at the key. */
const MASKS = {
  causal: (length) => table(length, length, backwards),
  bidirectional: (length) => table(length, length, everywhere),
  prefix: (length, split) =>
    table(length, length, (query, key) => key < split || backwards(query, key)),
  encoder_decoder: (read, written) => [
    MASKS.bidirectional(read),
    MASKS.causal(written),
    table(written, read, everywhere),
  ],
};

/** Return a sample's mask; of an encoder-decoder all three: encoder, decoder, across. */
export const attentionMask = ({ attention: [pattern, ...sizes] }) => MASKS[pattern](...sizes);

/** The builders by their names in Python. */
export const builders = {
  causal,
  masked,
  prefix_lm: prefixLm,
  span_corruption: spanCorruption,
  text_infilling: textInfilling,
};
