"""Every notebook of the lesson can be shown as slides, one for each heading."""

import re
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_the_summary_becomes_one_slide_for_each_heading():
    notebook = nbformat.read(NOTEBOOKS / "10_evidence_and_summary.ipynb", 4)
    headings = [
        re.match(r"#+ (.*)", cell.source)[1]
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.source.startswith("#")
    ]
    html, _ = SlidesExporter().from_notebook_node(notebook)
    slides = html.split("<section>")[1:]
    assert len([s for s in slides if re.search(r"<h[12]", s)]) >= len(headings) > 5
