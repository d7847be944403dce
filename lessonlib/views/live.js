// The controls live beside this widget, not inside it, and come and go: so it watches the page.
// Only what differs is written, or each write would call the observer again.
// What it says itself is in the words of its kernel.

const session = Math.random().toString(36).slice(2);
const DEAD = ".lesson-live.jupyter-widgets-disconnected";
const JUST_NOW = 1000; // milliseconds
let groups = 0;
let words = {};
let turning = null; // the form of which a page is being turned, and the group that goes away

function put(node, attribute, text) {
  if (node.getAttribute(attribute) !== text) node.setAttribute(attribute, text);
}

function nameSliders() {
  for (const slider of document.querySelectorAll(".widget-slider, .jupyter-widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent.trim();
    const name = label || slider.title || words.slider;
    const readout = slider.querySelector(".widget-readout");
    const handles = slider.querySelectorAll(".noUi-handle");
    if (handles.length === 1) {
      put(handles[0], "aria-label", name);
      if (readout) put(handles[0], "aria-valuetext", readout.textContent);
    } else {
      const ends = [`${name}, ${words.start}`, `${name}, ${words.end}`];
      handles.forEach((handle, nth) => put(handle, "aria-label", ends[nth]));
    }
    if (readout?.isContentEditable) {
      put(readout, "role", "textbox");
      put(readout, "aria-label", `${name}, ${words.value}`);
    }
  }
}

// JupyterLab would move on to the next cell.
function keepArrows(event) {
  if (event.key.startsWith("Arrow")) event.stopPropagation();
}

function nameGroups() {
  for (const group of document.querySelectorAll(".lesson-group")) {
    const box = group.querySelector(".widget-radio-box, .jupyter-widget-radio-box");
    if (!box) continue;
    if (!box.dataset.group) {
      box.dataset.group = `lesson-${session}-${groups++}`;
      box.addEventListener("keydown", keepArrows);
    }
    put(box, "role", "radiogroup");
    put(box, "aria-label", group.querySelector(".lesson-question")?.textContent?.trim() ?? "");
    for (const radio of box.querySelectorAll("input[type=radio]"))
      if (radio.name !== box.dataset.group) {
        const { checked } = radio;
        radio.name = box.dataset.group;
        radio.checked = checked;
      }
  }
  for (const status of document.querySelectorAll(".lesson-status .widget-html-content"))
    put(status, "role", "status");
}

// What is switched off can still be read, by eye and by screen reader ("inert" would hide it).
function switchOffTheDead() {
  for (const control of document.querySelectorAll(`${DEAD} :is(input, select, textarea, button)`))
    if (!control.disabled) control.disabled = true;
  for (const slider of document.querySelectorAll(`${DEAD} .noUi-target`)) put(slider, "disabled", "");
  for (const box of document.querySelectorAll(`${DEAD} [contenteditable=true]`)) {
    put(box, "contenteditable", "false");
    put(box, "aria-readonly", "true");
  }
  for (const said of document.querySelectorAll(`${DEAD} > .lesson-left .widget-html-content`))
    put(said, "role", "status");
}

// ipywidgets leaves the handles of a slider that is off in the way of the Tab key, and silent.
function switchOffHandles() {
  for (const handle of document.querySelectorAll(".noUi-target[disabled] .noUi-handle")) {
    put(handle, "aria-disabled", "true");
    put(handle, "tabindex", "-1");
    const why = handle.closest(".widget-slider, .jupyter-widget-slider")?.querySelector(".widget-label")?.title;
    if (why) put(handle, "aria-description", why);
  }
  for (const handle of document.querySelectorAll(".noUi-target:not([disabled]) [aria-disabled]")) {
    handle.removeAttribute("aria-disabled");
    handle.removeAttribute("aria-description");
    handle.tabIndex = 0;
  }
}

const shownGroup = (form) => form?.querySelector("[data-group]");

function onClick(event) {
  const form = event.target.closest?.(".lesson-turn")?.closest(".lesson-live");
  if (form) turning = { form, from: shownGroup(form) };
}

// Who turns a page goes on with the question on it.
function followTheTurn() {
  const box = shownGroup(turning?.form);
  if (!box || box === turning.from) return;
  turning = null;
  const radios = [...box.querySelectorAll("input:not(:disabled)")];
  box.tabIndex = -1;
  (radios.find((radio) => radio.checked) ?? radios[0] ?? box).focus({ preventScroll: true });
}

// After Shift+Enter JupyterLab has moved on to the next cell before there was anything to see here.
const firstSeen = new WeakMap();

function beginAtTheBeginning() {
  for (const form of document.querySelectorAll(".lesson-live")) {
    if (!firstSeen.has(form)) firstSeen.set(form, performance.now());
    if (performance.now() - firstSeen.get(form) > JUST_NOW) continue;
    const cell = form.closest(".jp-Cell");
    const top = form.closest(".jp-WindowedPanel-outer")?.getBoundingClientRect().top;
    if (cell?.nextElementSibling?.classList.contains("jp-mod-active")
        && cell.getBoundingClientRect().top < top)
      cell.scrollIntoView({ block: "start" });
  }
}

// JupyterLab's words where it knows nothing of a widget.
function explainTheMissing() {
  for (const place of document.querySelectorAll(".jp-OutputArea-output.jupyter-widgets"))
    if (place.textContent === "Error displaying widget: model not found")
      place.textContent = words.again;
}

function lookAfterThePage() {
  nameSliders();
  nameGroups();
  switchOffTheDead();
  switchOffHandles();
  followTheTurn();
  beginAtTheBeginning();
  explainTheMissing();
}

let waiting = false;
function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; lookAfterThePage(); });
}

const observer = new MutationObserver(soon);

// JupyterLab switches widgets off when their kernel restarts, but not when it is shut down.
function followTheKernel(manager) {
  const changed = manager?.context?.sessionContext?.kernelChanged;
  const onChange = (_, { oldValue }) => { if (oldValue) manager.disconnect(); };
  changed?.connect(onChange);
  return () => changed?.disconnect(onChange);
}

let shown = 0; // the helper stands in every box, and watches once
let stopFollowing;

function begin(model) {
  observer.observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"],
  });
  document.addEventListener("click", onClick, true);
  stopFollowing = followTheKernel(model.widget_manager);
}

function end() {
  observer.disconnect();
  document.removeEventListener("click", onClick, true);
  stopFollowing();
}

export default {
  render({ model, el }) {
    el.style.display = "none";
    words = model.get("words") ?? words;
    if (!shown++) begin(model);
    model.on("comm_live_update", soon);
    soon();
    setTimeout(soon, JUST_NOW / 2);
    return () => { if (!--shown) end(); };
  },
};
