"""The last cell of a page: mark a notebook as done, or tell whether an exercise is complete."""

import os
from collections.abc import Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from IPython.core.getipython import get_ipython

from lessonlib.exams.running import in_a_browser
from lessonlib.practice import course, saved, store
from lessonlib.practice.checking import failed_again
from lessonlib.practice.controls import Form, button, result
from lessonlib.practice.course import Step
from lessonlib.practice.page import paragraph
from lessonlib.practice.saved import ANSWERED, Answer
from lessonlib.views.live import reading_card
from lessonlib.views.tables import Table
from lessonlib.words import Words, listed

WORDS = Words("practice")
HANDED = "handed_in"


def finish(page: str) -> "FinishForm":
    """Let a learner say that a notebook, such as ``"03"``, has been worked through.

    TypeError or ValueError if there is no such page.
    """
    return FinishForm(course.step_named(page))


class FinishForm(Form):
    """Say how the page stands and what comes next, and let the learner mark it as done."""

    def __init__(self, step: Step) -> None:
        self.step, self.button, self.result = step, button(WORDS("finish.button")), result()
        super().__init__([self.button, self.result])
        self.button.on_click(self._on_click)
        self._renew()
        store.watch(f"end {step.name}", self._renew)

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return paragraph(WORDS("finish.reading"))

    def _on_click(self, _: widgets.Button) -> None:
        course.mark_done("step", self.step.name)
        self._renew()

    def _renew(self) -> None:
        done = self.button.disabled = course.is_done(self.step)
        standing, count = course.standing(self.step), course.how_many_done()
        said = [WORDS("finish.this_page", standing=standing, how_many=count)]
        said += [course.goes_on(self.step)] if done else []
        self.result.value = paragraph(" ".join(said))

    def __repr__(self) -> str:
        return WORDS("finish.in_short", title=self.step.title, button=self.button.description)


def hand_in(page: str, file: str | os.PathLike | None = None) -> "HandIn":
    """Look at the saved file of an exercise, such as ``"exercise 3"``, before it is handed in.

    `file` is where it is, if it is not found by itself. TypeError or ValueError if there is none.
    """
    return HandIn(course.step_named(page), file)


class LookButton(anywidget.AnyWidget):
    """A button that sends what JupyterLab shows of the page: its name, and whether it is saved."""

    _esm = (files("lessonlib.practice") / "look_button.js").read_text("utf-8")

    text = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return WORDS("forms.button", text=self.text)


class HandIn(Form):
    """A button that reads the file of the page and says what it holds."""

    def __init__(self, step: Step, file: str | os.PathLike | None = None) -> None:
        self.step, self.file = step, file
        self.button, self.result = LookButton(text=_say("look")), result()
        super().__init__([self.button, self.result], _say("run_again"))
        last = store.kept(HANDED).get(step.name)
        self.result.value = paragraph(_say("last_time", said=last) if last else _say("begin"))
        self.button.on_msg(lambda _, sent, __: self.look(sent.get("name"), sent.get("unsaved")))

    @property
    def said(self) -> str:
        """What is said, as HTML."""
        return self.result.value

    def look(self, name: object = None, unsaved: object = None) -> None:
        """Read the file, and say what it holds; nothing that may be wrong with it raises.

        `name` is what the page is called on screen; `unsaved` whether the screen holds what the
        file does not, None where that cannot be told.
        """
        try:
            self.result.value = self._look(name, unsaved)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            self.result.value = paragraph(_say("failed", error=reason))

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return reading_card(_say("run_for_button"), paragraph(_say("begin")))

    def _look(self, name: object, unsaved: object) -> str:
        shell = get_ipython()
        names = shell.user_ns if shell else {}
        # Where the page was begun, wherever it is now; in a browser all begin at the drive's top.
        folder = Path(((not in_a_browser() and names.get("_dh")) or [Path.cwd()])[0])
        path = saved.find(self.step, _places(self.file, name, names, folder), folder)
        if path is None:
            example = f"{self.step.name}.ipynb"
            return paragraph(_say("not_found", folder=folder, page=self.step.page, example=example))
        try:
            cells, when = saved.read(path), datetime.fromtimestamp(path.stat().st_mtime)
        except (OSError, saved.UnreadableError) as error:
            return paragraph(_say("not_read", file=path.name, error=error))
        file = _say("file", name=path.name, folder=path.parent.name, when=_time(when))
        answers = saved.answers(self.step, cells)
        history = shell.history_manager.input_hist_raw if shell else []
        as_run = {each.question: _as_run(each, history) for each in answers}
        for each in answers:  # quietly, as a renewed line on the page would have to be saved
            if each.question in self.step.written and each.state == ANSWERED:
                course.mark_done("written", each.question, tell=False)
        # What is wrong with the file may be right on the screen.
        problems = [_say("unsaved")] if unsaved else self._problems(answers, as_run)
        ready = _say("ready_in_a_browser" if in_a_browser() else "ready", file=file)
        store.keep(HANDED, {self.step.name: "" if problems else ready}, tell=False)
        if problems:
            first, *others = [*problems, _say("the_file", file=file)]
        else:
            course.mark_done("step", self.step.name, tell=False)
            first, others = ready, self._notes(path, answers, unsaved)
        return (
            f"<p><strong>{escape(first)}</strong></p>{''.join(map(paragraph, others))}"
            f"{_table(self.step, answers, as_run)}"
        )

    def _problems(self, answers: Sequence[Answer], as_run: dict[str, bool | None]) -> list[str]:
        """Say what keeps the file from being handed in."""
        left = [each.title for each in answers if each.state != ANSWERED]
        other = [name for name, same in as_run.items() if same is False]
        broken = [(each, saved.does_not_run(each)) for each in self._code(answers)]
        said = [_say("open", count=len(left), what=listed(left))] if left else []
        said += [_say("broken", name=each.title, why=why) for each, why in broken if why]
        return [*said, _say("not_as_run", names=listed(other))] if other else said

    def _notes(self, path: Path, answers: Sequence[Answer], unsaved: object) -> list[str]:
        """Say what else to know of a file that is ready, and what comes next."""
        done, code = store.kept("done"), self._code(answers)
        not_right = [each.title for each in code if done.get(each.question) != "check"]
        again = [each.title for each in code if each.question in failed_again()]
        said = (
            [] if saved.is_named_after(path, self.step) else [_say("renamed", name=self.step.name)]
        )
        for key, names in (("not_right", not_right), ("right_before", again)):
            said += [_say(key, names=listed(names))] if names else []
        said += [_say("unknown")] if unsaved is None else []
        goes_on = course.goes_on(self.step)
        return [*said, _say("goes_on", how_many=course.how_many_done(), next=goes_on)]

    def _code(self, answers: Sequence[Answer]) -> list[Answer]:
        return [each for each in answers if each.question in self.step.checks]

    def __repr__(self) -> str:
        return _say("in_short", title=self.step.title, button=self.button.text)


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
    rows = []
    for each in answers:
        is_run = each.question in step.checks and each.state == ANSWERED
        state = {True: "as_run", False: "not_as_run", None: "not_run"}[as_run[each.question]]
        said = _say(f"state.{state if is_run else each.state}")
        rows.append([each.title, str(each.points), said, each.begins])
    headings = [_say(f"headings.{key}") for key in ("question", "points", "state", "begins")]
    return Table(headings, rows)._repr_html_()


def _time(when: datetime) -> str:
    month = WORDS.texts["hand_in"]["months"][when.month - 1]
    return _say("time", time=f"{when:%H:%M:%S}", day=when.day, month=month)


def _say(key: str, **slots: object) -> str:
    return WORDS(f"hand_in.{key}", **slots)
