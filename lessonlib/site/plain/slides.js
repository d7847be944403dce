// Slides are turned by keys, by buttons and by the address. Without this they stand one below another.
const slides = [...document.querySelectorAll(".slide")];
const [back, next] = document.querySelectorAll("[data-turn]");
const where = document.querySelector("[data-where]");
const ONE = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
let at = 0;

function show(wanted, isTurned) {
  at = Math.min(Math.max(wanted, 0), slides.length - 1);
  for (const [number, slide] of slides.entries()) slide.hidden = number !== at;
  where.textContent = where.dataset.where.replace("{at}", at + 1);
  back.disabled = at === 0;
  next.disabled = at === slides.length - 1;
  if (!isTurned) return;
  history.replaceState(null, "", `#${at + 1}`);
  slides[at].scrollTop = 0;
  slides[at].focus(); // so that it is read aloud, and the arrows up and down scroll it
}

const named = () => Number.parseInt(location.hash.slice(1), 10) - 1 || 0;

document.addEventListener("keydown", (event) => {
  const isTyped = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (isTyped || event.target.closest(".lesson-explorer,input,textarea,select")) return;
  const turns = { Home: -at, End: slides.length - 1 - at, ...ONE }[event.key];
  if (turns === undefined) return;
  event.preventDefault();
  show(at + turns, true);
});
back.addEventListener("click", () => show(at - 1, true));
next.addEventListener("click", () => show(at + 1, true));
addEventListener("hashchange", () => show(named(), false));
show(named(), false);
