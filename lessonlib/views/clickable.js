// A row of buttons, one for each token: pressed tokens are hidden, without asking the kernel.

export default {
  render({ model, el }) {
    const row = document.createElement("div");
    row.className = "lesson-clickable";
    row.setAttribute("role", "group");
    el.append(row);

    const buttons = () => [...row.children];
    const positionOf = (node) => buttons().indexOf(node.closest(".lesson-clickable button"));
    const isHidden = (position) => model.get("value").includes(position);

    function hide(position, yes) {
      const others = model.get("value").filter((other) => other !== position);
      model.set("value", yes ? [...others, position].toSorted((a, b) => a - b) : others);
      model.save_changes();
    }

    function reach(position) {
      buttons().forEach((button, nth) => { button.tabIndex = nth === position ? 0 : -1; });
    }

    function showHidden() {
      buttons().forEach((button, nth) => button.setAttribute("aria-pressed", isHidden(nth)));
    }

    function showTokens() {
      row.setAttribute("aria-label", model.get("description"));
      row.replaceChildren(...model.get("tokens").map((token) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = token;
        return button;
      }));
      reach(0);
      showHidden();
    }

    let paint = null;      // while the mouse is held down: what it does to tokens it passes
    let painted = false;   // the click that ends a stroke of the mouse has been dealt with
    row.addEventListener("pointerdown", (event) => {
      const position = positionOf(event.target);
      painted = event.pointerType === "mouse" && event.button === 0 && position >= 0;
      if (!painted) return;
      paint = !isHidden(position);
      hide(position, paint);
    });
    row.addEventListener("pointerover", (event) => {
      const position = positionOf(event.target);
      if (paint !== null && position >= 0) hide(position, paint);
    });
    const release = () => { paint = null; };
    window.addEventListener("pointerup", release);
    row.addEventListener("click", (event) => {
      const position = positionOf(event.target);
      if (position >= 0 && !painted) hide(position, !isHidden(position));
      painted = false;
    });

    row.addEventListener("focusin", (event) => reach(positionOf(event.target)));
    row.addEventListener("keydown", (event) => {
      const here = positionOf(event.target), last = row.children.length - 1;
      const there = { ArrowLeft: Math.max(here - 1, 0), ArrowRight: Math.min(here + 1, last),
                      Home: 0, End: last }[event.key];
      if (there === undefined) return;
      event.preventDefault();
      if (event.shiftKey) hide(there, isHidden(here));
      row.children[there].focus();
    });

    model.on("change:tokens", showTokens);
    model.on("change:value", showHidden);
    showTokens();
    return () => window.removeEventListener("pointerup", release);
  },
};
