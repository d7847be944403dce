"""Tables about the course are what its notebooks say, and each stands where it is asked for."""

from pathlib import Path

import pytest

from lessonlib.authoring.cells import marked
from lessonlib.authoring.overview import PACKAGE, behind, covered, remember_seconds, renewed
from lessonlib.authoring.sources import read_source

ROOT = Path(__file__).parents[2]

HEAD = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{display_name: Python 3 (ipykernel), language: python, name: python3}}
lessonlib: {{minutes: {minutes}, about: "{about}"}}
---

"""
NOTEBOOK = HEAD.format(minutes=25, about="how rain falls") + (
    '+++ {"lessonlib": {"lesson": ["First, Build a Map"]}}\n\n# Rain\n\nIt falls.\n'
)
EXERCISE = HEAD.format(minutes=40, about="") + (
    "# Catch it\n\n```{code-cell}\n:lessonlib: {role: answer, question: catch, points: 3}\n\n"
    "rain = 1  # SOLUTION\n```\n\n```{code-cell}\n"
    ":lessonlib: {role: check, question: catch, points: 3}\n\nrain\n```\n"
)


def table(name):
    return f"before\n<!-- made: {name} -->\nold\n<!-- end -->\nafter\n"


@pytest.fixture
def course(tmp_path):
    for folder, text in (("notebooks", NOTEBOOK), ("solutions", EXERCISE)):
        (tmp_path / folder / "text").mkdir(parents=True)
        (tmp_path / folder / "text" / "01_rain.md").write_text(text)
    return tmp_path


def test_a_table_of_notebooks_has_title_subject_and_times(course):
    (course / "README.md").write_text(table("notebooks"))
    remember_seconds(course, "01_rain", 7.2)
    (text,) = renewed(course).values()
    assert "| [Rain](notebooks/01_rain.ipynb) | how rain falls | 25 min | under 10 s |" in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")


def test_points_and_minutes_of_exercises_are_summed_up(course):
    (course / "README.md").write_text(table("exercises"))
    another = EXERCISE.replace("points: 3", "points: 5").replace("minutes: 40", "minutes: 35")
    (course / "solutions" / "text" / "02_more_rain.md").write_text(another)
    (text,) = renewed(course).values()
    assert "| [Catch it](exercises/01_rain.ipynb) | 3 | 40 min |" in text
    assert "| All exercises | 8 | 75 min |" in text


def test_the_lessons_headings_lead_to_the_notebook_that_covers_them(course):
    (course / "CONTRIBUTING.md").write_text(table("lesson"))
    (text,) = renewed(course).values()
    assert "| First, Build a Map | [01_rain](notebooks/01_rain.ipynb) |" in text
    assert covered(read_source(course / "notebooks" / "text" / "01_rain.md")) == [
        "First, Build a Map"
    ]


USES = """
```{code-cell}
from lessonlib import show
from lessonlib.attention import causal as looks
from lessonlib.worlds import sounds
```

```{code-cell}
print(sounds.RATE, len("lessonlib"))
```
"""


def test_what_is_behind_a_page_is_found_where_it_is_written(course):
    (course / "CONTRIBUTING.md").write_text(table("behind"))
    page = course / "notebooks" / "text" / "01_rain.md"
    page.write_text(NOTEBOOK + USES)
    assert behind(read_source(page)) == {
        "views/strips.py": {"show"},
        "attention.py": {"causal"},
        "worlds/sounds.py": {"RATE"},
    }
    (text,) = renewed(course).values()
    row = "`attention.py`: causal; `views/strips.py`: show; `worlds/sounds.py`: RATE |"
    assert f"| [01_rain](notebooks/01_rain.ipynb) | {row}" in text
    assert "| [01_rain](exercises/01_rain.ipynb) |  |" in text


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/text/*.md")), ids=lambda path: path.stem)
def test_every_page_has_something_behind_it_and_every_check_its_question(path):
    notebook = read_source(path)
    found = behind(notebook)
    assert found
    assert all((PACKAGE / file).is_file() for file in found)
    checks = {f"check of {question}" for question in marked(notebook, "check")}
    rooms = {file for file in found if file.startswith("practice/questions/")}
    assert checks == {name for file in rooms for name in found[file]}


def test_what_was_renewed_needs_no_renewing(course):
    (course / "README.md").write_text(table("notebooks"))
    ((path, text),) = renewed(course).items()
    path.write_text(text)
    assert renewed(course) == {}


def test_a_link_on_the_start_page_is_seen_from_its_folder(course):
    start = course / "notebooks" / "text" / "00_start_here.md"
    start.write_text(HEAD.format(minutes=5, about="begin") + "# Begin\n\n" + table("notebooks"))
    (text,) = renewed(course).values()
    assert "[Rain](01_rain.ipynb)" in text


def test_an_unknown_table_is_refused_with_what_there_is(course):
    (course / "README.md").write_text(table("weather"))
    with pytest.raises(ValueError, match="there are notebooks, exercises, lesson, behind"):
        renewed(course)


@pytest.mark.parametrize(("seconds", "kept"), [(0.4, 5), (5.1, 10), (61, 65)])
def test_seconds_are_rounded_up_so_that_they_seldom_change(course, seconds, kept):
    remember_seconds(course, "01_rain", seconds)
    text = Path(course, "notebooks", "text", "seconds.json").read_text()
    assert f'"01_rain": {kept}' in text
