"""A row of tokens to click: pressed tokens are hidden, at once, without asking the kernel."""

from collections.abc import Sequence

import anywidget
import traitlets

_DRAW_THE_BUTTONS = """
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
      model.set("value", yes ? [...others, position].sort((a, b) => a - b) : others);
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
"""

_STYLE = """
.lesson-clickable { display: flex; flex-wrap: wrap; gap: 4px; margin: 4px 2px; user-select: none; }
.lesson-clickable button { font: 13px/1.3 ui-monospace, Menlo, Consolas, monospace; cursor: pointer;
  color: var(--jp-content-font-color1, #1f2328); background: var(--jp-layout-color1, #fff);
  border: 2px solid var(--jp-border-color1, #c4ccd4); border-radius: 6px; padding: 4px 8px;
  max-width: 100%; overflow-wrap: anywhere; }
.lesson-clickable button[aria-pressed=true] { border-style: dashed;
  border-color: var(--jp-content-font-color1, #1f2328); text-decoration: line-through; }
.lesson-clickable button:focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2);
  outline-offset: 2px; }
"""


class ClickableTokens(anywidget.AnyWidget):
    """A row of tokens, each a button: click it to hide the token, click again to show it.

    Drag over several, or hold Shift and press an arrow key, to hide a whole span. The arrow keys,
    Home and End move along the row; Space or Enter hides and shows.

    Parameters
    ----------
    tokens : sequence of str
        What the buttons say.
    value : sequence of int
        Positions of the tokens that are hidden at first.
    description : str
        What a screen reader says when it enters the row.

    Attributes
    ----------
    value : list of int
        Positions of the hidden tokens, in order; observe it to follow the clicks.
    """

    _esm = _DRAW_THE_BUTTONS
    _css = _STYLE

    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.List(traitlets.Int()).tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        tokens: Sequence[str],
        value: Sequence[int] = (),
        description: str = "tokens: press to hide",
    ) -> None:
        super().__init__(tokens=list(tokens), value=sorted(value), description=description)

    @traitlets.validate("value")
    def _values_are_positions(self, proposal: traitlets.Bunch) -> list[int]:
        strangers = [at for at in proposal.value if not 0 <= at < len(self.tokens)]
        if strangers:
            raise traitlets.TraitError(
                f"value={proposal.value} names {strangers}; "
                f"positions go from 0 to {len(self.tokens) - 1}"
            )
        return sorted(set(proposal.value))

    @traitlets.observe("tokens")
    def _forget_positions_beyond_the_end(self, _: object) -> None:
        self.value = [at for at in self.value if at < len(self.tokens)]

    def __repr__(self) -> str:
        return f"ClickableTokens(tokens={self.tokens!r}, value={self.value!r})"
