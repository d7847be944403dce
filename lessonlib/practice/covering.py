"""Keep a result covered until it has been predicted, or until somebody asks to see it.

What is covered is on the page all the same, in a closed ``<details>``: a click opens it where
nothing runs, and what is stored there is compared like any other output.
"""

import sys
from contextlib import redirect_stdout
from html import escape
from io import StringIO
from types import TracebackType
from typing import Any, Self

from lessonlib.practice.page import folded
from lessonlib.practice.predictions import (
    Prediction,
    asking,
    kept_choice,
    prediction_named,
    predictions,
)
from lessonlib.styles import STYLE
from lessonlib.words import Words

WORDS = Words("practice")
WIDGET = "application/vnd.jupyter.widget-view+json"


def covered(*names: str, shown: Any = None) -> Any:
    """Cover a result until it has been predicted; a click on "Show me" opens it before.

    Parameters
    ----------
    *names : str
        Predictions, or the number of a notebook, such as ``"04"``, for all that it answers. The
        result is open once all of them are kept. Without a name only a click opens it. TypeError or
        ValueError if there is no such prediction.
    shown : object, optional
        What is covered: anything that a notebook can show. Without it, ``with covered(...):``
        covers what is printed in its block.
    """
    asked = [prediction for name in names for prediction in _named(name)]
    if shown is None:
        return PrintedCover(asked)
    if WIDGET not in _bundle(shown):
        return Cover(asked, _html(shown), repr(shown))
    if _are_kept(asked):
        return shown
    from lessonlib.practice.covered_widget import CoveredWidget  # no grader needs ipywidgets

    cover = Cover(asked, _html(shown), "")
    return CoveredWidget(repr(cover), cover._repr_html_(), shown)


class Cover:
    """HTML and text that are seen once the predictions asked for are kept."""

    def __init__(self, asked: list[Prediction], html: str, text: str) -> None:
        self.html, self.text = html, text
        self.is_open = _are_kept(asked)
        self._missing = [prediction for prediction in asked if kept_choice(prediction) is None]

    @property
    def summary(self) -> str:
        """What stands on the cover."""
        return WORDS("cover.open") if self.is_open else asking("cover.summary", self._missing)

    def _repr_html_(self) -> str:
        return STYLE + folded(self.summary, self.html, self.is_open)

    def __repr__(self) -> str:
        return self.text if self.is_open else asking("cover.text", self._missing)


class PrintedCover:
    """A block whose printed lines are covered; an error lets them out."""

    def __init__(self, asked: list[Prediction]) -> None:
        self._asked = asked

    def __enter__(self) -> Self:
        self._printed = StringIO()
        self._redirected = redirect_stdout(self._printed)
        self._redirected.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._redirected.__exit__(kind, error, traceback)
        text = self._printed.getvalue().rstrip("\n")
        if error is not None:
            sys.stdout.write(text)
            return
        from IPython.display import display  # no grader needs it

        display(Cover(self._asked, f"<pre>{escape(text)}</pre>", text))


def _named(name: str) -> list[Prediction]:
    answered = [p for p in predictions().values() if name and name == p.answered_in]
    return answered or [prediction_named(name)]


def _are_kept(asked: list[Prediction]) -> bool:
    return bool(asked) and all(kept_choice(prediction) is not None for prediction in asked)


def _bundle(shown: Any) -> dict[str, Any]:
    describe = getattr(shown, "_repr_mimebundle_", None)
    return describe() if describe else {}


def _html(shown: Any) -> str:
    bundle = _bundle(shown)
    if WIDGET in bundle:
        return bundle.get("text/html") or f"<p>{escape(WORDS('cover.move_it'))}</p>"
    if hasattr(shown, "_repr_html_"):
        return shown._repr_html_()
    return f"<pre>{escape(str(shown))}</pre>"
