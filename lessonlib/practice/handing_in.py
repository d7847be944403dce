"""The last cell of an exercise: tell whether its file is complete, and the one on screen."""

import os
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.core.getipython import get_ipython

from lessonlib.practice import course, saved, store
from lessonlib.practice.checking import failed_again
from lessonlib.practice.controls import Form, result
from lessonlib.practice.course import Step
from lessonlib.practice.page import paragraph
from lessonlib.practice.saved import ANSWERED, Answer
from lessonlib.views.live import reading_card

LOOK = "Look at the saved file"
BEGIN = (
    "Save this page with Ctrl+S (on a Mac ⌘S), then press the button. It reads the file that you "
    "will hand in, and says whether anything is missing."
)
UNSAVED = "This page has changes that are not in the file. Save with Ctrl+S, then press again."
OPEN = "Not complete yet: {} {} open. What is open counts as not answered."
NOT_AS_RUN = (
    "The file holds another {} than the one that you ran last. Run its cell and its check, save "
    "with Ctrl+S, then press again."
)
BROKEN = "{} does not run ({}). Mend it, run its cell and its check, save, then press again."
RENAMED = (
    "But give it its name back first: nobody can see which exercise it is unless its name has {} "
    "in it (in the menu: File, Rename Notebook)."
)
NOT_RIGHT = "The check has not said Right for {}. You may hand it in all the same."
RIGHT_BEFORE = (
    "Your last check of {} was not right, though one before it was. What you hand in is what "
    "stands in the file now."
)
READY = "✓ Ready to hand in: {}. Send this file the way your teacher told you."
RUN_AGAIN = "Run this cell again (Shift+Enter): then it says how your file stood."
LAST_TIME = "{} If you have changed the page since then, save it and press again."
HANDED = "ready to hand in"
UNKNOWN = "Whether the page has changed since then cannot be told here: save it before you send it."
NOT_FOUND = (
    "The file of this page was not found in the folder where Python works, {}. Write where it is "
    "into the cell above, as in hand_in({!r}, file={!r}), and run the cell again."
)
NOT_READ = "{} could not be read: {}. Save the page with Ctrl+S, then press again."
FAILED = "The file could not be looked at ({}). Save the page with Ctrl+S, and send its file."
AS_RUN = {
    True: "answered, as you ran it last",
    False: "answered, but not what you ran last",
    None: "answered; not run since the page was opened",
}

_BUTTON = """
// In JupyterLab the tab of the page has its name, and a mark where something is not saved.
function page(el) {
  const panel = el.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector(`.lm-TabBar-tab[data-id="${CSS.escape(panel.id)}"]`);
  if (!tab) return { name: null, unsaved: null };
  return {
    name: tab.querySelector(".lm-TabBar-tabLabel")?.textContent ?? null,
    unsaved: tab.classList.contains("jp-mod-dirty"),
  };
}

export default {
  render({ model, el }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "jupyter-button widget-button lesson-button";
    button.textContent = model.get("text");
    button.addEventListener("click", () => model.send(page(el)));
    el.append(button);
  },
};
"""


def hand_in(page: str, file: str | os.PathLike | None = None) -> "HandIn":
    """Look at the saved file of an exercise before it is handed in.

    Parameters
    ----------
    page : str
        The exercise, such as ``"exercise 3"``.
    file : path, optional
        Its file, where it is not found by itself.

    Returns
    -------
    HandIn
        A widget; the last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If there is no such exercise.
    """
    return HandIn(course.step_named(page), file)


class LookButton(anywidget.AnyWidget):
    """A button that sends what JupyterLab shows of the page: its name, and whether it is saved."""

    _esm = _BUTTON

    text = traitlets.Unicode(LOOK).tag(sync=True)

    def __repr__(self) -> str:
        return f"Button {LOOK!r}"


class HandIn(Form):
    """A button that reads the file of the page and says what it holds.

    Attributes
    ----------
    result : ipywidgets.HTML
        What is said.
    """

    def __init__(self, step: Step, file: str | os.PathLike | None = None) -> None:
        self.step, self.file = step, file
        self.button, self.result = LookButton(), result()
        super().__init__([self.button, self.result], RUN_AGAIN)
        last = store.kept(HANDED).get(step.name)
        self.said = paragraph(LAST_TIME.format(last) if last else BEGIN)
        self.button.on_msg(self._on_message)

    @property
    def said(self) -> str:
        """What is said, as HTML."""
        return self.result.value

    @said.setter
    def said(self, html: str) -> None:
        self.result.value = html

    def look(self, name: object = None, unsaved: object = None) -> None:
        """Read the file, and say what it holds; nothing that may be wrong with it raises.

        Parameters
        ----------
        name : str or None
            What the page is called on screen.
        unsaved : bool or None
            Whether the screen holds what the file does not; None where that cannot be told.
        """
        try:
            self.said = self._look(name, unsaved)
        except Exception as error:
            self.said = paragraph(FAILED.format(f"{type(error).__name__}: {error}"))

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return reading_card("Run this cell: a button appears here.", paragraph(BEGIN))

    def _on_message(self, _: object, content: dict[str, Any], __: object) -> None:
        self.look(content.get("name"), content.get("unsaved"))

    def _look(self, name: object, unsaved: object) -> str:
        shell = get_ipython()
        names = shell.user_ns if shell else {}
        folder = Path((names.get("_dh") or [Path.cwd()])[0])
        path = saved.find(self.step, _places(self.file, name, names, folder), folder)
        if path is None:
            example = f"{self.step.name}.ipynb"
            return paragraph(NOT_FOUND.format(folder, self.step.page, example))
        try:
            cells, when = saved.read(path), datetime.fromtimestamp(path.stat().st_mtime)
        except (OSError, saved.UnreadableError) as error:
            return paragraph(NOT_READ.format(path.name, error))
        answers = saved.answers(self.step, cells)
        history = shell.history_manager.input_hist_raw if shell else []
        as_run = {each.question: _as_run(each, history) for each in answers}
        self._keep(answers)
        left = [each.title for each in answers if each.state != ANSWERED]
        other = [name for name, same in as_run.items() if same is False]
        code = [each for each in answers if each.question in self.step.checks]
        broken = [(each, why) for each in code if (why := saved.does_not_run(each))]
        renamed = not saved.is_named_after(path, self.step)
        problems = [
            *([OPEN.format(_listed(left), "are" if left[1:] else "is")] if left else []),
            *(BROKEN.format(each.title, why) for each, why in broken),
            *([NOT_AS_RUN.format(_listed(other))] if other else []),
        ]
        if unsaved:  # what is wrong with the file may be right on the screen
            problems = [UNSAVED]
        right = store.kept("done")
        not_right = [each.title for each in code if right.get(each.question) != "check"]
        again = [each.title for each in code if each.question in failed_again()]
        file = f"{path.name}, in the folder {path.parent.name}, saved {_time(when)}"
        if not problems:
            course.mark_done("step", self.step.name, tell=False)
            store.keep(HANDED, {self.step.name: READY.format(file)}, tell=False)
            progress = f"{course.how_many_done()}. {course.goes_on(self.step)}"
            sentences = [
                READY.format(file),
                *([RENAMED.format(self.step.name)] if renamed else []),
                *([NOT_RIGHT.format(_listed(not_right))] if not_right else []),
                *([RIGHT_BEFORE.format(_listed(again))] if again else []),
                *([UNKNOWN] if unsaved is None else []),
                progress,
            ]
        else:
            store.keep(HANDED, {self.step.name: ""}, tell=False)
            sentences = [*problems, f"The file: {file}."]
        first, *others = sentences
        return (
            f"<p><strong>{escape(first)}</strong></p>{''.join(map(paragraph, others))}"
            f"{_table(self.step, answers, as_run)}"
        )

    def _keep(self, answers: Sequence[Answer]) -> None:
        """Mark what is written; quietly, as a renewed line on the page would have to be saved."""
        for each in answers:
            if each.question in self.step.written and each.state == ANSWERED:
                course.mark_done("written", each.question, tell=False)

    def __repr__(self) -> str:
        return f"Hand in {self.step.title!r}: Button {LOOK!r}"


def _places(
    file: object, name: object, names: dict[str, Any], folder: Path
) -> list[str | os.PathLike]:
    """List where the file may be: where the learner, the tab, the server or the editor says."""
    tab = folder / name if isinstance(name, str) else None
    found = (file, tab, os.environ.get("JPY_SESSION_NAME"), names.get("__vsc_ipynb_file__"))
    return [folder / place for place in found if isinstance(place, (str, os.PathLike))]


def _as_run(answer: Answer, history: Sequence[str]) -> bool | None:
    """Tell whether the file holds the function that was run last; None if none was run."""
    runs = [text for text in history if saved.defines(text, answer.question)]
    if not runs or answer.state != ANSWERED:
        return None
    return any(saved.same_text(text, runs[-1]) for text in answer.texts)


def _table(step: Step, answers: Sequence[Answer], as_run: dict[str, bool | None]) -> str:
    from lessonlib.views.tables import Table

    rows = [
        [
            each.title,
            str(each.points),
            AS_RUN[as_run[each.question]]
            if each.question in step.checks and each.state == ANSWERED
            else each.state,
            each.begins,
        ]
        for each in answers
    ]
    return Table(["Question", "Points", "In the saved file", "It begins"], rows)._repr_html_()


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _time(when: datetime) -> str:
    return f"at {when:%H:%M:%S} on {when.day} {when:%B}"
