"""What every notebook keeps to: short cells, words for every picture, links that lead somewhere."""

import json
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.command import out_of_date
from lessonlib.authoring.overview import covered
from lessonlib.styles import VIEW
from lessonlib.views.figures import ALL_OBJECTIVES
from lessonlib.views.matrix import ABILITIES

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [*NOTEBOOKS, *sorted((ROOT / "solutions").glob("*.ipynb"))]
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))
UNCOMPARED = {"nbval-ignore-output", "nbval-skip", "raises-exception"}
SHORTEST_ALT = 12


def read(path):
    return nbformat.read(path, 4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def lines_of(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def outputs_of(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def html_of(path):
    return "".join(str(output.get("data", {}).get("text/html", "")) for output in outputs_of(path))


def names(paths):
    return {"argvalues": paths, "ids": [f"{path.parent.name}/{path.stem}" for path in paths]}


def test_every_notebook_is_what_its_source_makes():
    assert list(out_of_date(ROOT)) == []


@pytest.mark.parametrize("path", **names([*PAGES, *EXERCISES]))
def test_no_code_cell_is_long(path):
    longest = max((len(lines_of(cell)) for cell in code_cells(path)), default=0)
    assert longest <= 25


def test_the_median_code_cell_has_five_lines_or_fewer():
    lengths = [len(lines_of(cell)) for path in NOTEBOOKS for cell in code_cells(path)]
    assert statistics.median(lengths) <= 5


@pytest.mark.parametrize("path", **names(PAGES))
def test_no_output_is_an_error_or_a_warning(path):
    kinds = {(output.output_type, output.get("name")) for output in outputs_of(path)}
    assert not [kind for kind in kinds if kind[0] == "error" or kind[1] == "stderr"]


@pytest.mark.parametrize("path", **names(NOTEBOOKS))
def test_what_is_not_compared_trains_or_draws_it_and_the_verdict_after_it_is_compared(path):
    cells = code_cells(path)
    tags = [UNCOMPARED & set(cell.metadata.get("tags", ())) for cell in cells]
    for index, cell in enumerate(cells):
        if tags[index]:
            assert tags[index] == {"nbval-ignore-output"}, cell.source
            following = next(n for n in range(index, len(cells)) if not tags[n])
            assert following - index <= 2, "at most the training and its picture"
            assert cells[following].outputs, "the verdict after a training prints something"


def test_few_cells_are_not_compared():
    tagged = [
        cell
        for path in PAGES
        for cell in code_cells(path)
        if UNCOMPARED & set(cell.metadata.get("tags", ()))
    ]
    assert len(tagged) <= 8
    assert not [cell for path in PAGES for cell in code_cells(path) if "NBVAL" in cell.source]


@pytest.mark.parametrize("path", **names(PAGES))
def test_every_picture_says_what_is_seen(path):
    html = html_of(path)
    for tag in re.findall(r"<img\b[^>]*>", html):
        alt = re.search(r'alt="([^"]*)"', tag)
        assert alt, tag[:200]
        assert len(alt[1]) >= SHORTEST_ALT, tag[:200]
    for tag in re.findall(r"<svg\b[^>]*>", html):
        assert re.search(rf'aria-label="[^"]{{{SHORTEST_ALT},}}"', tag), tag[:200]
    bare = [
        o
        for o in outputs_of(path)
        if "image/png" in o.get("data", {}) and "text/html" not in o.data
    ]
    assert not bare


def test_no_two_figures_of_a_notebook_have_the_same_words():
    for path in PAGES:
        alts = re.findall(r'<img\b[^>]*alt="([^"]*)"', html_of(path))
        assert len(alts) == len(set(alts)), path.name


def test_at_least_six_notebooks_hold_an_explorer_whose_stored_text_names_its_controls():
    def has_explorer(path):
        shown = [output.get("data", {}) for output in outputs_of(path)]
        texts = [data.get("text/plain", "") for data in shown if VIEW in data]
        return any(re.match(r"[a-z][a-z ]*: ", text) for text in texts)

    assert sum(map(has_explorer, NOTEBOOKS)) >= 6


def test_every_heading_of_the_lesson_has_a_place():
    headings = (ROOT / "tests" / "data" / "lesson_headings.txt").read_text("utf-8").splitlines()
    found = [heading for path in PAGES for heading in covered(read(path))]
    assert sorted(found) == sorted(headings)


def test_the_list_of_headings_is_the_lessons_own():
    lesson = ROOT.parent / "shared" / "lesson" / "lesson.txt"
    if not lesson.exists():
        pytest.skip("the lesson's text is not beside the course")
    headings = (ROOT / "tests" / "data" / "lesson_headings.txt").read_text("utf-8").splitlines()
    text = lesson.read_text("utf-8")
    assert [heading for heading in headings if f"“{heading}" not in text] == []
    # One title is broken off in the lesson's text; every other heading is counted here.
    assert abs(text.count("Section titled “") - len(headings)) <= 1


def anchors(path):
    """Return the anchors of a page's headings, as GitHub makes them."""
    if path.suffix == ".ipynb":
        text = "\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")
    else:
        text = path.read_text("utf-8")
    titles = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", **names([*PAGES, *EXERCISES]))
def test_every_link_leads_to_something_in_the_course(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    text = re.sub(r"`[^`]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        assert "://" not in file, f"{target} needs the network"
        page = (path.parent / file).resolve() if file else path
        assert page.is_file(), target
        assert not anchor or anchor.lower() in anchors(page), target


@pytest.mark.parametrize("path", **names(NOTEBOOKS))
def test_a_notebook_opens_with_what_you_will_be_able_to_do_and_closes_with_questions(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert "**After this notebook you can**" in text
    assert "*Time: about" in text
    if not path.stem.startswith("09"):
        assert "## Can you answer these now?" in text
        assert "**Next:**" in text


def test_nothing_names_a_machine_or_an_address():
    for path in [*PAGES, *EXERCISES]:
        text = json.dumps(json.loads(path.read_text("utf-8")).get("cells"))
        assert not re.search(r"/(?:root|home/\w+|Users/\w+|tmp)/", text), path.name


def test_results_speak_of_objectives_and_abilities_in_words():
    keys = [key for key in (*ABILITIES, *ALL_OBJECTIVES) if "_" in key]
    assert keys
    for path in PAGES:
        for cell in code_cells(path):
            for output in cell.outputs:
                data = output.get("data", {})
                text = output.get("text", "") + data.get("text/plain", "")
                text += re.sub(r"<[^>]*>", " ", data.get("text/html", ""))
                assert not [key for key in keys if re.search(rf"\b{key}\b", text)], cell.source


def test_spelling():
    words = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["codespell"]
    assert words is not None
    folders = ["README.md", "CONTRIBUTING.md", "lessonlib", "notebooks/text", "solutions/text"]
    folders.append("notebooks/teaching.md")
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *folders], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
