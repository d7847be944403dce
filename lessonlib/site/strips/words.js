// What Python's texts say, filled and chosen as Python does, and values written as Python writes them.

import data from "./data.js";

const CONTROL = { "\t": "t", "\n": "n", "\r": "r" };
const NOT_SHOWN = /(?! )[\p{C}\p{Z}]/u;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** Say a text by its name; `count` among what fills its slots chooses the form of a number. */
export function say(name, slots) {
  const found = name.split(".").reduce((texts, key) => texts[key], data.words);
  const text = typeof found === "string" ? found : found[form(slots.count)];
  return slots ? text.replaceAll(/\{(\w+)\}/g, (_, slot) => slots[slot]) : text;
}

function form(count) {
  const { forms, chosen } = data.numbers;
  return forms[chosen[Math.min(count, chosen.length - 1)]];
}

/** Cut a sentence into its words, where Python would. */
export function cut(sentence) {
  const words = [""];
  for (const letter of sentence) {
    if (data.spaces.includes(letter)) words.push("");
    else words.push(words.pop() + letter);
  }
  return words.filter(Boolean);
}

/** Return a text's letters; Python counts them, and not the halves of the rare ones. */
export const letters = (text) => [...text];

/** Write a text as HTML; within an element quotes may stay. */
export const escape = (text, quotes = true) =>
  text.replaceAll(quotes ? /[&<>"']/g : /[&<>]/g, (letter) => ENTITIES[letter]);

/** Return the name of Python's type for a value. */
export function kind(value) {
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return { boolean: "bool", string: "str" }[typeof value];
}

/** Write a value as Python does. */
export function repr(value) {
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map((pair) => pair.map(repr).join(": ")).join(", ")}}`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  return typeof value === "string" ? quoted(value) : String(value);
}

/** Write some values as one tuple. */
export const tuple = (values) => `(${values.map(repr).join(", ")})`;

function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const written = letters(text).map((letter) => {
    if (letter === "\\" || letter === quote) return `\\${letter}`;
    if (letter in CONTROL) return `\\${CONTROL[letter]}`;
    return NOT_SHOWN.test(letter) ? numbered(letter.codePointAt(0)) : letter;
  });
  return quote + written.join("") + quote;
}

function numbered(code) {
  const [sign, width] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${sign}${code.toString(16).padStart(width, "0")}`;
}
