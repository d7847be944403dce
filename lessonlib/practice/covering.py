"""Keep a result covered until it has been predicted, or until somebody asks to see it.

It is on the page all the same, in a closed ``<details>``: a click opens it where nothing runs.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from html import escape
from io import StringIO
from typing import Any

from lessonlib.practice import predictions
from lessonlib.practice.page import folded
from lessonlib.practice.predictions import Prediction, asking, kept_choice
from lessonlib.styles import STYLE
from lessonlib.words import Words

WORDS = Words("practice")
WIDGET = "application/vnd.jupyter.widget-view+json"


def covered(*names: str, shown: Any = None) -> Any:
    """Cover a result until it has been predicted; a click on "Show me" opens it before.

    The names are predictions, or the number of a notebook, such as ``"05"``, for all that it
    answers; TypeError or ValueError if there are none such. The result is open once all are kept.
    What is shown may be anything that a notebook can show. Without it, ``with covered(...):``
    covers what is printed in its block.
    """
    asked = [prediction for name in names for prediction in _named(name)]
    if shown is None:
        return _printed_cover(asked)
    if WIDGET not in _bundle(shown):
        return Cover(asked, _html(shown), repr(shown))
    if _are_kept(asked):
        return shown
    from lessonlib.practice.controls import CoveredWidget  # no grader needs ipywidgets

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


@contextmanager
def _printed_cover(asked: list[Prediction]) -> Iterator[None]:
    """Cover what a block prints; an error lets it out."""
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            yield
    except BaseException:
        sys.stdout.write(printed.getvalue().rstrip("\n"))
        raise
    from IPython.display import display  # no grader needs it

    text = printed.getvalue().rstrip("\n")
    display(Cover(asked, f"<pre>{escape(text)}</pre>", text))


def _named(name: str) -> list[Prediction]:
    answered = [p for p in predictions.predictions().values() if name and name == p.answered_in]
    return answered or [predictions.prediction_named(name)]


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
