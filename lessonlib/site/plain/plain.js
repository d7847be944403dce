// Light or dark: as the reader chose, here or in the book, or else as the system says.
const MODE = "mode"; // the book's theme keeps its own choice by this name
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem(MODE);
  } catch {
    return null; // nothing may be kept
  }
}

function isDark() {
  const mode = chosen();
  return mode === "dark" || (mode !== "light" && system.matches);
}

function turn() {
  root.dataset.theme = isDark() ? "dark" : "light";
  root.dataset.jpThemeLight = !isDark();
}

function choose() {
  try {
    localStorage.setItem(MODE, isDark() ? "light" : "dark");
  } finally {
    turn();
  }
}

system.addEventListener("change", turn);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-turns-dark]")) choose();
});
turn();
