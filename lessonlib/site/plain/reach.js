// What scrolls can be reached by keyboard, and only that: a window may be narrow, or a cover be opened.
const BOXES =
  ".lesson-strip,.lesson-scrolls,.lesson-grids,pre,.shown,.written,.output,.pst-scrollable-table-container";

const reach = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const scrolls =
      target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls && getComputedStyle(target).overflowX !== "visible") target.tabIndex = 0;
    else if (target.role !== "region") target.removeAttribute("tabindex");
  }
});

const watch = (part) => {
  for (const box of part.querySelectorAll(BOXES)) reach.observe(box);
};

// Explorers draw their strips anew.
new MutationObserver((changes) => {
  for (const { target } of changes) watch(target);
}).observe(document.body, { childList: true, subtree: true });
watch(document);
