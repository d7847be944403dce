// What an argument must be, as Python's checks say it: each returns it, or throws.

import { kind, letters, repr, say, tuple } from "./words.js";

export class ValueError extends Error {
  name = "ValueError";
}

const MOST = 12, WIDEST = 80, LONGEST = 400; // members, letters of a text, letters in all

function brief(value) {
  if (Array.isArray(value)) {
    const parts = value.slice(0, MOST).map(brief);
    return `[${[...parts, ...(value.length > MOST ? ["..."] : [])].join(", ")}]`;
  }
  return typeof value === "string" ? briefText(letters(value)) : repr(value);
}

function briefText(text) {
  const written = repr(text.slice(0, WIDEST).join(""));
  if (letters(written).length <= WIDEST) return written;
  const first = Math.floor((WIDEST - 3) / 2), last = WIDEST - 3 - first;
  const kept = [...text.slice(0, first), ...text.slice(text.length - last)];
  const ends = letters(repr(kept.join("")));
  return `${ends.slice(0, first).join("")}...${ends.slice(ends.length - last).join("")}`;
}

/** Write a value in short, however long it is. */
export function shown(value) {
  const text = letters(brief(value));
  if (text.length <= LONGEST) return text.join("");
  const half = LONGEST / 2;
  return `${text.slice(0, half).join("")}...${text.slice(-half).join("")}`;
}

function wrongKind(key, value, name, more) {
  return new TypeError(say(`checks.${key}`, { name, value: shown(value), kind: kind(value), ...more }));
}

const refuse = (key, slots) => {
  throw new ValueError(say(`checks.${key}`, slots));
};

const whole = (low, high) => say(`checks.range.${low <= high ? "between" : "nothing"}`, { low, high });

export function integer(value, name, low, high) {
  const allowed = whole(low, high);
  if (!Number.isInteger(value)) throw wrongKind("no_integer", value, name, { allowed });
  if (value < low || value > high) refuse("out_of_range", { name, value: shown(value), allowed });
  return value;
}

export function oneOf(value, name, allowed) {
  const options = allowed.map(repr).join(", ");
  if (typeof value !== "string") throw wrongKind("no_option", value, name, { options });
  if (!allowed.includes(value)) refuse("unknown", { name, value: shown(value), options });
  return value;
}

function members(values, name, wanted) {
  if (!Array.isArray(values))
    throw wrongKind("wrong_kind", values, name, { wanted: say(`checks.wanted.${wanted}`, { name }) });
  return values;
}

export function tokens(values, least = 1) {
  const name = "tokens";
  members(values, name, typeof values === "string" ? "strings_for_example" : "strings");
  for (const [index, token] of values.entries())
    if (typeof token !== "string") throw wrongKind("no_string", token, `${name}[${index}]`);
  if (values.length < least) refuse("too_few_tokens", { name, value: shown(values), least });
  return [...values];
}

export function positions(values, length) {
  const names = new Map();
  for (const [index, value] of members(values, "positions", "integers").entries()) {
    const name = `positions[${index}]`, position = integer(value, name, 0, length - 1);
    if (names.has(position))
      refuse("given_twice", { name, position, first: names.get(position) });
    names.set(position, name);
  }
  return [...names.keys()];
}

export function spans(values, length, emptyAllowed = false) {
  const rule = emptyAllowed ? "start <= end" : "start < end";
  const checked = [];
  for (const span of members(values, "spans", "spans")) {
    const { length: count } = members(span, "span", "pair");
    if (count !== 2) refuse("spans.members", { count, span: shown(span) });
    const start = integer(span[0], "start", 0, length), end = integer(span[1], "end", 0, length);
    if (end < start) refuse("spans.end_before_start", { start, end, rule });
    if (end === start && !emptyAllowed) refuse("spans.empty", { start, end, rule });
    const before = checked.at(-1);
    if (before && start < before[1])
      refuse("spans.overlap", { span: tuple([start, end]), before: tuple(before) });
    checked.push([start, end]);
  }
  return checked;
}
