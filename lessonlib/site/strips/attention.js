// Who may look at whom, in each architecture.

import { OneSentence } from "./base.js";
import { Choice, Slider } from "./controls.js";
import { attentionMask, causal, masked, prefixLm, spanCorruption } from "./core.js";
import data from "./data.js";
import { escape, letters, say } from "./words.js";

const NAMES = ["decoder", "prefix", "encoder", "both"];
const [DECODER, PREFIX, ENCODER, BOTH] = NAMES.map((name) => say(`views.attention.${name}`));

const { wide: WIDE, few: FEW, longest_head: LONGEST } = data.sizes;
const { may_look: MAY_LOOK, hidden: HIDDEN } = data.signs;
const [LOOKING, POINTER] = data.pointed_out;

function head(token) {
  const all = letters(token);
  const cut = all.length > LONGEST;
  return escape(cut ? `${all.slice(0, 12).join("")}…${all.slice(-6).join("")}` : token);
}

function maskGrid(mask, queries, keys, caption, looking = -1) {
  const names = [say("views.attention.who"), ...keys.map(head)];
  const heads = names.map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = mask.map((row, at) => {
    const cells = row.map((may) => (may ? `<td class="may-look">${MAY_LOOK}</td>` : `<td>${HIDDEN}</td>`));
    const [points, pointer] = at === looking ? [LOOKING, POINTER] : ["", ""];
    return `<tr${points}><th scope="row">${pointer}${head(queries[at])}</th>${cells.join("")}</tr>`;
  });
  const many = keys.length > FEW ? " lesson-many" : "";
  return `<table class="lesson-grid${many}"><caption>${escape(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

const seen = (row, tokens) => tokens.filter((_, k) => row[k]);

function sampleOf(tokens, architecture, position, split) {
  const count = tokens.length;
  if (architecture === BOTH) return spanCorruption(tokens, [[Math.floor(count / 2), count]]);
  if (architecture === ENCODER) return masked(tokens, [Math.min(position, count - 1)]);
  return architecture === PREFIX ? prefixLm(tokens, Math.min(split, count - 1)) : causal(tokens);
}

function gridsOf(sample, architecture, looking) {
  const { source, inputs } = sample, mask = attentionMask(sample);
  if (architecture !== BOTH)
    return [[maskGrid(mask, inputs, inputs, architecture, looking)], seen(mask[looking], inputs)];
  const [encoder, decoder, across] = mask;
  const [alone, back, over] = ["encoder_looks", "decoder_looks_back", "decoder_looks_across"]
    .map((name) => say(`views.attention.${name}`));
  const grids = [
    maskGrid(encoder, source, source, alone),
    maskGrid(decoder, inputs, inputs, back, looking),
    maskGrid(across, inputs, source, over, looking),
  ];
  return [grids, [...seen(across[looking], source), ...seen(decoder[looking], inputs)]];
}

export function attentionPicture(tokens, architecture, position, split) {
  const sample = sampleOf(tokens, architecture, position, split);
  const looking = Math.min(position, sample.inputs.length - 1), token = sample.inputs[looking];
  const [grids, looks] = gridsOf(sample, architecture, looking);
  const words = say("views.attention.may_look", { position: looking, token, seen: looks.join(", ") });
  const scrolls = tokens.length > WIDE;
  const whole = escape(say("views.attention.whole"));
  const reached = scrolls ? ` tabindex="0" role="region" aria-label="${whole}"` : "";
  const kind = data.patterns[sample.attention[0]].architecture + (scrolls ? " lesson-scrolls" : "");
  const drawn = `<p>${escape(words, false)}</p><div class="lesson-grids">${grids.join("")}</div>`;
  return `<section class="lesson-strip ${kind}"${reached}>${drawn}</section>`;
}

// The last position sees most.
const room = (tokens, architecture, _, split) =>
  attentionPicture(tokens, architecture, tokens.length, split);

export function exploreAttention(text) {
  const architecture = new Choice("architecture", [DECODER, PREFIX, ENCODER, BOTH]);
  const [looks, prefix] = data.starts.explore_attention;
  const position = new Slider("looking_position", ...looks);
  const split = new Slider("prefix_length", ...prefix);
  const lastPosition = (count) => {
    const blank = Array.from({ length: count }, () => "");
    return sampleOf(blank, architecture.value, 0, 1).inputs.length - 1;
  };
  const unused = (_, chosen) =>
    new Map(chosen === PREFIX ? [] : [[split, say("views.attention.no_prefix")]]);
  const sliders = new Map([[position, lastPosition], [split, (count) => count - 1]]);
  return new OneSentence(text, [[attentionPicture, room]], sliders, { others: [architecture], unused });
}
