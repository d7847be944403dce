// Samples as token strips: the HTML that lessonlib.views.strips draws, byte for byte.

import { each, isSpecial } from "./core.js";
import data from "./data.js";
import { escape, letters, say } from "./words.js";

const { boxed: BOXED, centred: CENTRED } = data.styles;
const { width, frame, character, gap, narrowest, widest, longest_name: longestName } = data.sizes;
const { narrow } = data.sizes;
const { nothing: NO_QUESTION, unknown: UNKNOWN } = data.signs;

let room = width; // of a line of tokens, in pixels

/** Let what is drawn from now on suit a place so wide; 0 is one that is not seen yet. */
export function suit(pixels) {
  room = Math.min(pixels || Infinity, width + frame) - frame;
}

const lines = (tokens, columns) => Math.ceil(tokens / columns);

/** Draw one sample; `columns` is how many tokens go on a line, by default what suits it. */
export function strip(sample, values = "", columns = 0) {
  const { title, slogan } = data.words.objectives[sample.objective];
  const captions = [`<strong>${escape(title)}</strong> ${escape(slogan)}`, ""];
  const size = [columns || columnsOf(sample), lettersOf(sample)];
  const drawn = tables(sample).map((rows, nth) => table(captions[nth], rows, ...size));
  const looks = whoMayLook(sample);
  const said = `<p><strong>${countQuestions(sample)}</strong>${looks && ` · ${looks}`}</p>`;
  const below = values && `<pre>${escape(values)}</pre>`;
  const { architecture } = data.patterns[sample.attention[0]];
  return `<section class="lesson-strip ${architecture}"${roomForNames()}>${drawn.join("")}${said}${below}</section>`;
}

/** Draw a plain sentence where a strip would be. */
export const message = (text) => `<p class="lesson-message">${escape(text)}</p>`;

/** Decide how many tokens go on a line: what fits, and all lines about equally many. */
export function columnsOf(sample) {
  const { source, inputs, targets } = sample;
  let longest = Math.max(inputs.length, targets.length, 1);
  if (source !== null) {
    longest = Math.max(longest, source.length);
    if (sample.objective === "prefix_lm" || source[0] === data.markers.sequential)
      longest = Math.max(longest, source.length + targets.length);
    else if ([...source, ...targets].some(isSpecial))
      longest = Math.max(longest, ...placesOf(sample).map((place) => place[1] + 2));
  }
  const fits = Math.max(Math.trunc(room / (character * lettersOf(sample) + gap)), 1);
  return lines(longest, lines(longest, fits));
}

function countQuestions({ targets, loss_mask }) {
  const asked = targets.filter((_, k) => loss_mask[k]);
  const markers = asked.filter(isSpecial).length;
  const key = markers ? "questions_and_markers" : "questions";
  return say(`views.strip.${key}`, { count: asked.length, markers });
}

// What stands in the slots of a pattern's words, from the sizes of a sample.
const SLOTS = {
  causal: (size) => ({ middle: Math.floor(Math.max(size - 1, 0) / 2) }),
  prefix: (_, split) => ({ last: split - 1, split }),
};

function whoMayLook(sample) {
  const [pattern, ...sizes] = sample.attention;
  const key = isMoved(sample) && "steps" in data.words.attention[pattern] ? "steps" : "words";
  return say(`attention.${pattern}.${key}`, SLOTS[pattern]?.(...sizes));
}

const isMoved = ({ source, places }) => source !== null || places !== null;

function tables(sample) {
  const questions = (reads, says) => questionRows(sample, reads, says);
  if (sample.source === null) return [questions("reads", "must_say")];
  const position = [said("position"), "small", placesOf(sample).map(placed)];
  const reads = [said("reads"), "", sample.source.map(read)];
  return [[position, reads], questions("has_written", "must_write")];
}

// The largest strip of a kind has no places: nothing there is a text.
function placesOf({ objective, source, places }) {
  if (places !== null) return places;
  return objective === "prefix_lm" ? each(source.length) : source.map(() => UNKNOWN);
}

function placed(place) {
  if (place === UNKNOWN) return [UNKNOWN, ""];
  const [start, end] = place;
  if (end - start === 1) return [String(start), ""];
  return [start < end ? `${start}–${end - 1}` : said("no_place"), "hides"];
}

const said = (name) => say(`views.strip.${name}`);

function questionRows(sample, reads, says) {
  const asked = sample.targets.map((target, k) => answer(target, sample.loss_mask[k]));
  const arrows = asked.map(([, kind]) => (kind === "aside" ? ["", ""] : ["↓", "arrow"]));
  const counter = isMoved(sample) ? "step" : "position";
  return [
    [said(counter), "small", asked.map((_, k) => [String(k), ""])],
    [said(reads), "", sample.inputs.map(read)],
    ["", "small", arrows],
    [said(says), "", asked],
  ];
}

const read = (token) => [token, isSpecial(token) ? "marker" : "read"];

function answer(target, counts) {
  if (!counts) return [NO_QUESTION, "aside"];
  return [target, ["asked", ...(isSpecial(target) ? ["marker"] : [])].join(" ")];
}

function roomForNames() {
  const longest = Math.max(...data.rows.map((name) => letters(said(name)).length));
  return longest > longestName ? ` style="--names:${8 * longest}px"` : "";
}

function lettersOf({ source, inputs, targets }) {
  const lengths = [...(source ?? []), ...inputs, ...targets].map((token) => letters(token).length);
  return Math.min(Math.max(0, ...lengths, narrowest), widest);
}

function table(caption, rows, columns, wide) {
  const head = caption && `<caption>${caption}</caption>`;
  const longest = Math.max(...rows.map(([, , cells]) => cells.length));
  const parts = [];
  for (let start = 0; start < Math.max(longest, 1); start += columns) {
    const drawn = rows.map(([name, kind, cells]) => {
      const first = name ? `<th scope="row">${name}</th>` : "<td></td>";
      const line = cells.slice(start, start + columns).map(cell);
      return `${kind ? `<tr class="${kind}">` : "<tr>"}${first}${line.join("")}</tr>`;
    });
    parts.push(`<tbody>${drawn.join("")}</tbody>`);
  }
  const sizes = `<colgroup><col class="names"><col span="${columns}"></colgroup>`;
  const kinds = `lesson-tokens${onANarrowLine(rows, columns)}`;
  return `<table class="${kinds}" style="--n:${columns};--w:${wide}">${head}${sizes}${parts.join("")}</table>`;
}

// What fits a line of a narrow explorer if columns are as wide as their words: see strips.py.
function onANarrowLine(rows, columns) {
  const widths = Array.from({ length: columns }, () => 0);
  for (const [, , cells] of rows)
    cells.forEach(([text], at) => {
      const longest = Math.max(...parts(text).map((part) => letters(part).length));
      widths[at % columns] = Math.max(widths[at % columns], longest);
    });
  const names = rows.map(([name]) => name), blank = letters(data.markers.mask).length;
  if (!fitsANarrowLine(widths, names))
    return fitsANarrowLine(widths, names, narrow.small) ? " lesson-whole lesson-small" : "";
  const steady = fitsANarrowLine(widths.map((wide) => Math.max(wide, blank)), names);
  return ` lesson-whole${steady ? " lesson-steady" : ""}`;
}

/** Say whether columns of so many letters fit a line of a narrow explorer, beside rows' names. */
export function fitsANarrowLine(widths, names = data.rows.map(said), letter = narrow.letter) {
  const words = names.flatMap((name) => name.split(/\s+/)).map((word) => letters(word).length);
  const free = narrow.line - narrow.name * Math.max(0, ...words) - narrow.gap * widths.length;
  const all = widths.reduce((sum, wide) => sum + Math.max(wide, narrow.shortest), 0);
  return all * letter <= free;
}

// A marker may go on in another line after its first "_".
const parts = (token) => (isSpecial(token) ? token.replace("_", "_ ").split(" ") : [token]);

const BOXES = new Set(["read", "marker", "asked"]);

function cell([text, kind]) {
  const kinds = kind.split(" "), written = parts(text).map((part) => escape(part)).join("<wbr>");
  const shown = kinds.includes("asked") ? `<strong>${written}</strong>` : written;
  const style = kinds.some((one) => BOXES.has(one)) ? BOXED : CENTRED;
  return kind ? `<td class="${kind}"${style}>${shown}</td>` : `<td${style}>${shown}</td>`;
}
