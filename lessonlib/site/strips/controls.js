// Controls as the browser has them, named as those of the notebooks are, each in a row of its own.

import clickable from "./clickable.js";
import { inOrder } from "./layout.js";
import { say } from "./words.js";

let made = 0;

export function element(tag, className = "", attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A control: what it is called, where it stands, and whom it tells that a learner moved it. */
class Control {
  moved = () => {};

  constructor(key, kind, ...inputs) {
    const [name, number] = key.split(":"); // such as "mask:2"
    this.name = say(`views.controls.${name}`, { number });
    this.inputs = inputs;
    // What a browser restores when a page is opened again is not what was drawn anew.
    for (const input of inputs) input.autocomplete = "off";
    this.label = element("label", "widget-label", {}, this.name);
    this.node = element("div", kind, {}, this.label);
    inputs[0].id = `lesson-control-${++made}`;
    this.label.htmlFor = inputs[0].id;
  }

  /** Follow what a learner does to an input: `settled` says where the control stands then. */
  follow(input, settled) {
    input.addEventListener("input", () => {
      const old = this.value;
      this.value = settled(input.value);
      if (String(this.value) !== String(old)) this.moved(this, old);
    });
  }

  /** Switch the control off for a reason, which may be a plain "", or on again. */
  set unused(reason) {
    const off = reason !== undefined;
    this.node.classList.toggle("lesson-off", off);
    this.node.title = reason ?? "";
    for (const input of this.inputs) input.disabled = off;
  }
}

/** A box for a sentence of one's own. */
export class TextBox extends Control {
  constructor(key, value) {
    const input = element("input", "", { type: "text", spellcheck: "false" });
    super(key, "widget-text", input);
    this.value = input.value = value;
    this.node.append(input);
    this.follow(input, String);
  }
}

/** A list to choose from. */
export class Choice extends Control {
  constructor(key, options) {
    const items = options.map((option) => element("option", "", {}, option));
    const select = element("select", "", {}, ...items);
    super(key, "widget-dropdown", select);
    [this.value] = options;
    this.node.append(select);
    this.follow(select, String);
  }
}

const handle = (least) => element("input", "", { type: "range", min: least, step: 1 });

/** A slider over whole numbers. */
export class Slider extends Control {
  constructor(key, value, last, least = 0) {
    const input = handle(least);
    super(key, "widget-slider", input);
    this.readout = element("span", "widget-readout");
    this.node.append(input, this.readout);
    this.least = least;
    this.move(last, value);
    this.follow(input, Number);
  }

  /** Give it another end and another value. */
  move(last, value) {
    this.last = last;
    this.inputs[0].max = last;
    this.value = value;
  }

  get value() {
    return this.stands;
  }

  set value(value) {
    this.stands = value;
    this.inputs[0].value = value;
    this.inputs[0].style.setProperty("--to", (value - this.least) / (this.last - this.least || 1));
    this.readout.textContent = value;
  }
}

/** A slider with two ends; whether they may meet is `mayClose`, else one pushes the other. */
export class RangeSlider extends Control {
  constructor(key, value, last, mayClose = false) {
    const ends = [handle(0), handle(0)];
    super(key, "widget-slider lesson-range", ...ends);
    ["start", "end"].forEach((end, nth) =>
      ends[nth].setAttribute("aria-label", [this.name, say(`views.helper.${end}`)].join(", ")));
    this.readout = element("span", "widget-readout");
    this.track = element("div", "lesson-track", {}, ...ends);
    this.node.append(this.track, this.readout);
    this.least = 0;
    this.move(last, value);
    ends.forEach((input, nth) =>
      this.follow(input, (at) => this.settled(Number(at), nth, mayClose)));
    this.track.addEventListener("pointerdown", (event) => this.reach(event));
  }

  settled(at, nth, mayClose) {
    const values = [...this.value], [start, end] = values;
    if (mayClose) values[nth] = nth ? Math.max(at, start) : Math.min(at, end);
    else values[nth] = at;
    return inOrder(values, nth, [Number(!mayClose)], this.last);
  }

  /** Bring the nearer end to where the line between the handles was pressed. */
  reach(event) {
    if (event.target !== this.track || this.inputs[0].disabled) return;
    const { left, width } = this.track.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(this.track).getPropertyValue("--size")); // of a handle
    const share = (event.clientX - left - size / 2) / (width - size);
    const at = Math.round(share * this.last);
    const [start, end] = this.value;
    const input = this.inputs[Number(Math.abs(at - end) < Math.abs(at - start) || at > end)];
    event.preventDefault();
    input.focus();
    input.value = at;
    input.dispatchEvent(new Event("input"));
  }

  move(last, value) {
    this.last = last;
    for (const input of this.inputs) input.max = last;
    this.value = value;
  }

  get value() {
    return this.stands;
  }

  set value(value) {
    this.stands = value;
    const [start, end] = value;
    this.inputs.forEach((input, nth) => { input.value = value[nth]; });
    this.readout.textContent = `${start} – ${end}`;
    this.track.style.setProperty("--from", start / this.last);
    this.track.style.setProperty("--to", end / this.last);
    // Where both ends lie at the right edge, the one that can still move lies on top.
    this.track.classList.toggle("lesson-start-on-top", start > this.last / 2);
  }
}

/** A box to tick; until then a page too small for everything leaves the less needed out. */
export function fold(name) {
  const box = element("input", "", { type: "checkbox", autocomplete: "off" });
  return element("label", "lesson-fold", {}, box, name);
}

/** Tokens to click, by the script of the notebooks: this is the model that it asks for. */
export class ClickableTokens {
  moved = () => {};
  unused = undefined; // it is never switched off
  heard = {};

  constructor(tokens, value, description) {
    this.state = { tokens, value, description };
    this.node = element("div");
    clickable.render({ model: this, el: this.node });
  }

  get value() {
    return this.state.value;
  }

  /** Give it other tokens, and say which of them are hidden. */
  show(tokens, value) {
    Object.assign(this.state, { tokens, value });
    this.heard["change:tokens"]();
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.before = this.state[name];
    this.state[name] = value;
  }

  on(event, listener) {
    this.heard[event] = listener;
  }

  save_changes() {
    this.heard["change:value"]();
    this.moved(this, this.before);
  }
}
