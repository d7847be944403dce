"""One page that shows what an objective is: a sentence three ways, for notes or a wall."""

from html import escape
from pathlib import Path

from lessonlib.samples import SENTENCE, causal, masked, span_corruption
from lessonlib.views.figures import ROUTES
from lessonlib.views.strips import Strips
from lessonlib.views.tables import WORDS, comparison_table
from lessonlib.words import language


class Poster:
    """The page: three strips, the comparison, and the main line; made by :func:`poster`."""

    def __init__(self, text: str, masks: tuple[int, ...], span: tuple[int, int]) -> None:
        self.text, tokens = text, text.split()
        self.samples = [causal(tokens), masked(tokens, masks), span_corruption(tokens, [span])]

    def _repr_html_(self) -> str:
        return (
            f"<h3>{WORDS('poster.title')}</h3><p>{escape(self.text)}</p>"
            f"{Strips(self.samples)._repr_html_()}{comparison_table(*ROUTES)._repr_html_()}"
            f"<p><strong>{WORDS('poster.main_line')}</strong></p>"
        )

    def __repr__(self) -> str:
        parts = (self.text, Strips(self.samples), comparison_table(*ROUTES))
        return "\n\n".join([*map(str, parts), WORDS("poster.main_line")])

    def save(self, path: str | Path) -> Path:
        """Write the page as an HTML file of its own; an older file there is replaced."""
        path = Path(path)
        head = f'<meta charset="utf-8"><title>{escape(self.text)}</title>'
        body = '<body style="font-family:system-ui,sans-serif;max-width:980px;margin:24px auto">'
        page = f'<!doctype html><html lang="{language()}"><head>{head}</head>{body}'
        path.write_text(f"{page}{self._repr_html_()}</body></html>", encoding="utf-8")
        return path


def poster(
    text: str = SENTENCE, masks: tuple[int, ...] = (2, 5), span: tuple[int, int] = (2, 5)
) -> Poster:
    """Show one sentence as three training samples on one page, with what each practises.

    `masks` are the positions of the blanks; `span` is the hidden stretch, its end not included.
    """
    return Poster(text, masks, span)
