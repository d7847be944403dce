// What scrolls can be reached by keyboard, and only that: a window may be narrow, or a cover be opened.
const BOXES =
  ".lesson-strip,.lesson-scrolls,.lesson-grids,pre,.shown,.written,.output,.pst-scrollable-table-container";

const reach = new ResizeObserver((changes) => {
  for (const box of new Set(changes.map(({ target }) => target.closest(BOXES)))) {
    if (!box) continue; // it was drawn anew meanwhile
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
    else if (box.role !== "region") box.removeAttribute("tabindex");
  }
});

// What is in a box may grow while the box does not.
const watch = (part) => {
  for (const box of part.querySelectorAll(BOXES))
    for (const each of [box, ...box.children]) reach.observe(each);
};

// Explorers draw their strips anew.
new MutationObserver((changes) => {
  for (const { target } of changes) watch(target);
}).observe(document.body, { childList: true, subtree: true });
watch(document);
