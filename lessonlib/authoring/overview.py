"""Tables made from the notebooks: what there is, how long it takes, what covers or is behind it.

A table stands between two comments, ``<!-- made: NAME -->`` and ``<!-- end -->``, in a text file.
"""

import ast
import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from nbformat import NotebookNode

import lessonlib
from lessonlib.authoring.cells import marked, points
from lessonlib.authoring.sources import read_source
from lessonlib.authoring.teaching import votes, week
from lessonlib.practice.questions import QUESTIONS

SECONDS = Path("notebooks", "text", "seconds.json")
START = Path("notebooks", "text", "00_start_here.md")
GUIDE = Path("notebooks", "teaching.md")
PACKAGE = Path(lessonlib.__file__).parent
PLACES = (Path("README.md"), Path("CONTRIBUTING.md"), START, GUIDE)
BLOCK = re.compile(r"<!-- made: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


def renewed(course: Path) -> dict[Path, str]:
    """Make every table of the course anew; return the new text of each file that changes."""
    found = {}
    for place in PLACES:
        path = course / place
        old = path.read_text("utf-8") if path.exists() else ""
        new = BLOCK.sub(lambda block, at=place: _filled(block, course, at), old)
        if new != old:
            found[path] = new
    return found


def remember_seconds(course: Path, name: str, seconds: float) -> None:
    """Keep how long a notebook took to run, rounded up to 5 seconds so that it seldom changes."""
    path = course / SECONDS
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known[name] = 5 * (int(seconds) // 5 + 1)
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")


def notebooks_table(course: Path, place: Path) -> str:
    """List the notebooks: what each is about, minutes for you, seconds for the computer."""
    path = course / SECONDS
    seconds = json.loads(path.read_text("utf-8")) if path.exists() else {}
    rows = [
        (
            _link(_title(notebook), f"notebooks/{name}.ipynb", place),
            _about(notebook).get("about", ""),
            f"{_about(notebook).get('minutes', '')} min",
            f"under {seconds[name]} s" if name in seconds else "",
        )
        for name, notebook in _sources(course, "notebooks")
    ]
    return _table(["Notebook", "What it is about", "For you", "For the computer"], rows)


def exercises_table(course: Path, place: Path) -> str:
    """List the exercises with points and minutes, and their sums."""
    rows, total_points, total_minutes = [], 0, 0
    for name, notebook in _sources(course, "solutions"):
        worth = sum(points(notebook).values())
        minutes = _about(notebook).get("minutes", 0)
        link = _link(_title(notebook), f"exercises/{name}.ipynb", place)
        rows.append((link, str(worth), f"{minutes} min"))
        total_points, total_minutes = total_points + worth, total_minutes + minutes
    rows.append(("All exercises", str(total_points), f"{total_minutes} min"))
    return _table(["Exercise", "Points", "Time"], rows)


def lesson_table(course: Path, place: Path) -> str:
    """List the headings of the lesson with the notebooks that cover them."""
    rows = [
        (heading, _link(name, f"{folder}/{name}.ipynb", place))
        for folder in ("notebooks", "solutions")
        for name, notebook in _sources(course, folder)
        for heading in covered(notebook)
    ]
    return _table(["Heading of the lesson", "Where"], rows)


def covered(notebook: NotebookNode) -> list[str]:
    """Return the headings of the lesson that a notebook's cells say they cover."""
    return [
        heading
        for cell in notebook.cells
        for heading in cell.metadata.get("lessonlib", {}).get("lesson", ())
    ]


def behind_table(course: Path, place: Path) -> str:
    """List for every notebook and exercise the names of the course that it uses, file by file."""
    rows = []
    for folder, shown in (("notebooks", "notebooks"), ("solutions", "exercises")):
        for name, notebook in _sources(course, folder):
            found = sorted(behind(notebook).items())
            files = "; ".join(f"`{file}`: {', '.join(sorted(names))}" for file, names in found)
            rows.append((_link(name, f"{shown}/{name}.ipynb", place), files))
    return _table(["Page", "What it uses, below `lessonlib/`"], rows)


def behind(notebook: NotebookNode) -> dict[str, set[str]]:
    """Return the names of the course that a notebook uses, by the file in which each is written."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    used, whole, nodes = [], {}, list(ast.walk(ast.parse(code)))
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("lessonlib"):
            for alias in node.names:
                value = getattr(import_module(node.module), alias.name, None)
                if value is None:
                    value = import_module(f"{node.module}.{alias.name}")
                if isinstance(value, ModuleType):
                    whole[alias.asname or alias.name] = value
                else:
                    used.append((alias.name, value, node.module))
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = whole.get(node.value.id)
            if module is not None:
                used.append((node.attr, getattr(module, node.attr), module.__name__))
    for question in marked(notebook, "check").keys() & QUESTIONS.keys():
        used.append((f"check of {question}", QUESTIONS[question].edges, ""))
    found = defaultdict(set)
    for name, value, module in used:
        value = inspect.unwrap(value)
        is_written = inspect.isclass(value) or inspect.isfunction(value)
        file = import_module(value.__module__ if is_written else module).__file__
        found[Path(file).relative_to(PACKAGE).as_posix()].add(name)
    return found


TABLES = {
    "notebooks": notebooks_table,
    "exercises": exercises_table,
    "lesson": lesson_table,
    "behind": behind_table,
    "votes": votes,
    "week": week,
}


def _filled(block: re.Match, course: Path, place: Path) -> str:
    name = block[1]
    if name not in TABLES:
        raise ValueError(f"{place} asks for a table {name!r}; there are {', '.join(TABLES)}")
    return f"<!-- made: {name} -->\n{TABLES[name](course, place)}\n<!-- end -->"


def _sources(course: Path, folder: str) -> Iterator[tuple[str, NotebookNode]]:
    for source in sorted((course / folder / "text").glob("*.md")):
        yield source.stem, read_source(source)


def _about(notebook: NotebookNode) -> dict:
    return notebook.metadata.get("lessonlib", {})


def _title(notebook: NotebookNode) -> str:
    return next(
        line.removeprefix("# ")
        for cell in notebook.cells
        for line in cell.source.splitlines()
        if line.startswith("# ")
    )


def _link(words: str, target: str, place: Path) -> str:
    if place in (START, GUIDE):  # a page in notebooks/ names its neighbours without the folder
        target = target.removeprefix("notebooks/") if "notebooks/" in target else f"../{target}"
    return f"[{words}]({target})"


def _table(headings: list[str], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
