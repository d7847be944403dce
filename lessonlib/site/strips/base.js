// What all explorers share, as in lessonlib.views.explorers.base: controls, and views that follow them.

import { ValueError } from "./checks.js";
import { element, TextBox } from "./controls.js";
import data from "./data.js";
import { message, suit } from "./drawing.js";
import { inOrder, wantedNow } from "./layout.js";
import { cut, escape, say } from "./words.js";


/** Put controls side by side, as many as the page is wide for. */
export const grid = (controls, ...kinds) =>
  element("div", ["lesson-controls", ...kinds].join(" "), {}, ...controls.map((each) => each.node ?? each));

/** A place for HTML, which is touched only where it says something else. */
class Html {
  constructor(kinds = [], attributes = {}) {
    this.content = element("div", "widget-html-content", attributes);
    this.node = element("div", ["widget-html", ...kinds].join(" "), {}, this.content);
  }

  show(html) {
    if (html !== this.shown) this.content.innerHTML = html;
    this.shown = html;
  }
}

/**
 * Controls, and views drawn from their values: a view is what draws it and what draws the tallest
 * that it gets. `rows` says what stands above each; `unused` which controls are off, and why.
 */
export class Explorer {
  kinds = []; // more classes

  constructor(controls, views, rows, unused) {
    Object.assign(this, { controls, unused });
    for (const control of controls) control.moved = (moved, old) => this.follow(moved, old);
    this.note = new Html(["lesson-note", "lesson-status"], { role: "status" });
    this.views = views.map(([draw, tallest]) =>
      ({ draw, tallest, room: new Html(["lesson-room"]), view: new Html() }));
    this.body = element("div", "lesson-body");
    this.views.forEach(({ room, view }, nth) => {
      const note = nth === 0 && unused ? [this.note.node] : [];
      const stack = element("div", "lesson-stack", {}, room.node, view.node);
      this.body.append(...rows[nth].map((each) => each.node ?? each), ...note, stack);
    });
  }

  /** Draw everything and let it take the place of the drawn strip. */
  start(place) {
    this.place = place;
    this.width = place.clientWidth;
    place.classList.add("lesson-live", ...this.kinds);
    place.replaceChildren(this.body);
    this.follow();
    new ResizeObserver(() => this.fitIn()).observe(place);
  }

  /** Draw anew where the page has become wider or narrower, or is seen for the first time. */
  fitIn() {
    if (this.place.clientWidth === this.width) return;
    this.width = this.place.clientWidth;
    this.draw(true);
  }

  /** Bring the other controls in order after one was moved, or all at the beginning. */
  settle() {}

  follow(moved, old) {
    this.settle(moved, old);
    this.draw(!moved || typeof moved.value === "string");
  }

  draw(anew) {
    suit(this.width);
    const values = this.controls.map((control) => control.value);
    const unused = this.unused?.(...values) ?? new Map();
    for (const control of this.controls) control.unused = unused.get(control);
    this.note.show(escape([...unused.values()].filter(Boolean).join(" "), false));
    for (const { draw, tallest, room, view } of this.views) {
      if (anew) room.show(tallest(...values));
      view.show(drawn(draw, values));
      for (const grids of view.content.querySelectorAll(".lesson-grids")) letScroll(grids.parentNode);
    }
  }
}

// What scrolls is reached by keyboard.
function letScroll(section) {
  if (section.scrollWidth <= section.clientWidth) return;
  section.classList.add("lesson-scrolls");
  section.tabIndex = 0;
  section.setAttribute("role", "region");
  section.setAttribute("aria-label", say("views.attention.whole"));
}

function drawn(draw, values) {
  try {
    return draw(...values);
  } catch (problem) {
    if (!(problem instanceof ValueError)) throw problem;
    const [first, ...others] = problem.message;
    return message(`${first.toUpperCase()}${others.join("")}.`);
  }
}

/**
 * A sentence, sliders that reach over it, and views of its tokens. `sliders` says of each how far
 * it reaches; each goes back to where a learner put it when the sentence is long enough.
 */
export class OneSentence extends Explorer {
  constructor(text, views, sliders, { others = [], rows, mayClose = false, unused } = {}) {
    const sentence = new TextBox("sentence", text);
    const controls = [...others, ...sliders.keys()];
    const [first, ...more] = rows ?? [[grid(controls)]];
    const notUsed = (typed, ...values) => {
      const tokens = cut(typed);
      if (!cannotDraw(tokens)) return unused?.(tokens, ...values) ?? new Map();
      return new Map(controls.filter(hasAnEnd).map((control) => [control, ""])); // the view says why
    };
    const all = [sentence, ...controls];
    super(all, views.map(ofTokens), [[sentence, ...first], ...more], notUsed);
    Object.assign(this, { sentence, sliders, mayClose });
    this.wanted = new Map([...sliders.keys()].map((slider) => [slider, slider.value]));
    this.note.node.hidden = !unused;
  }

  get tokens() {
    return cut(this.sentence.value);
  }

  settle(moved, old) {
    if (this.sliders.has(moved)) this.remember(moved, old);
    else this.fit();
  }

  /** Put every slider where it is wanted, as far as the sentence allows. */
  fit() {
    if (cannotDraw(this.tokens)) return;
    const count = this.tokens.length;
    const fitted = this.fittedRanges(count);
    for (const [slider, reach] of this.sliders) {
      const last = Math.max(reach(count), slider.least);
      slider.move(last, fitted.get(slider) ?? Math.min(this.wanted.get(slider), last));
    }
  }

  fittedRanges(count) {
    const ranges = [...this.sliders.keys()].filter((slider) => Array.isArray(slider.value));
    const wanted = (slider) => this.wanted.get(slider);
    ranges.sort((one, other) => wanted(one)[0] - wanted(other)[0] || wanted(one)[1] - wanted(other)[1]);
    const steps = ranges.map(wanted).flatMap(([a, b]) => [Number(a < b || !this.mayClose), 0]);
    const ends = inOrder(ranges.flatMap(wanted), 0, steps.slice(0, -1), count);
    return new Map(ranges.map((slider, k) => [slider, ends.slice(2 * k, 2 * k + 2)]));
  }

  /** Note where a learner put a slider; an end that was not moved stays as it was wanted. */
  remember(slider, old) {
    let { value } = slider;
    if (Array.isArray(value)) {
      const [start, end] = wantedNow(this.wanted.get(slider), old, value);
      if (start < end) value = [start, end];
    }
    this.wanted.set(slider, value);
  }
}

const hasAnEnd = (control) => "last" in control;

/** Turn drawings of tokens into those of a sentence; the first view says why it cannot be. */
export function ofTokens([draw, tallest], nth = 0) {
  const whole = (typed, ...values) => {
    const tokens = cut(typed), problem = cannotDraw(tokens);
    return problem && nth ? "" : problem || draw(tokens, ...values);
  };
  const room = (typed, ...values) => {
    const tokens = cut(typed);
    return cannotDraw(tokens) ? "" : tallest(tokens, ...values);
  };
  return [whole, room];
}

/** Say, as HTML, why a sentence cannot be drawn; "" if it can. */
export function cannotDraw({ length: number }) {
  const most = data.sizes.most_tokens;
  if (number < 2) return message(say("views.explorer.too_short"));
  return number > most ? message(say("views.explorer.too_long", { most, number })) : "";
}
