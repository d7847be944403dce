"""What the book adds to Sphinx: formulas as MathML, the strips, and a button on each page."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from lessonlib.site import plain
from lessonlib.site.formulas import mathml
from lessonlib.site.tables import without_empty_headings


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of it."""
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_formula, None))
    app.connect("html-page-context", _complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline_formula(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _formula(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="lesson-scrolls">{mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def _complete(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    up = "../" * (page.count("/") + 1)
    context["front"] = f"{up}index.html"
    context["body"] = without_empty_headings(context.get("body", ""))
    context["strips"] = plain.head_of_all(up)
