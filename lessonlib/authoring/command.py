"""``lessonlib build``: make the notebooks from their sources, or say which are out of date."""

import argparse
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lessonlib.authoring import overview
from lessonlib.authoring.execution import execute
from lessonlib.authoring.sources import read_source, without_answers

WORKED = "solutions"
FOLDERS = ("notebooks", WORKED)
SOUND = {
    True: "Every notebook is what its source makes.",
    False: "Every notebook has the cells of its source; --run compares what they show, too.",
}
UNCOMPARED = "nbval-ignore-output"  # the tag of a cell whose output differs from run to run


@dataclass(frozen=True)
class Pair:
    """A MyST text, the notebook that runs it and, of a worked exercise, the one without answers."""

    source: Path
    notebook: Path
    exercise: Path | None


def pairs(course: Path) -> list[Pair]:
    """List every source of a course, in order, with what is made from it."""
    return [
        Pair(
            source=source,
            notebook=course / folder / f"{source.stem}.ipynb",
            exercise=course / "exercises" / f"{source.stem}.ipynb" if folder == WORKED else None,
        )
        for folder in FOLDERS
        for source in sorted((course / folder / "text").glob("*.md"))
    ]


def build(pair: Pair) -> None:
    """Write the notebooks of one source, and remember how long a notebook took."""
    started = time.perf_counter()
    notebook = execute(read_source(pair.source), pair.notebook.parent)
    _write(notebook, pair.notebook)
    if pair.exercise is not None:
        _write(without_answers(notebook), pair.exercise)
    else:
        seconds = time.perf_counter() - started
        overview.remember_seconds(pair.notebook.parents[1], pair.source.stem, seconds)


def out_of_date(course: Path, names: Collection[str] = (), run: bool = False) -> Iterator[str]:
    """Yield a sentence for each notebook, of those named or all, that is not what its source makes.

    Without `run` an output that is stale because the package changed is not noticed.
    """
    made = set()
    for pair in pairs(course):
        made |= {pair.notebook, pair.exercise}
        if names and pair.source.stem not in names:
            continue
        source = read_source(pair.source)
        trouble = _trouble(pair.notebook, source, run)
        if trouble:
            yield f"{pair.notebook.relative_to(course)} {trouble}"
        if pair.exercise is None:
            continue
        if not pair.exercise.exists():
            yield f"{pair.exercise.relative_to(course)} has not been built"
        elif pair.exercise.read_text("utf-8") != _text(without_answers(source)):
            yield f"{pair.exercise.relative_to(course)} is not its solution without the answers"
    if names:
        return
    for path in overview.renewed(course):
        yield f"a table in {path.relative_to(course)} is not what the notebooks say"
    for folder in (*FOLDERS, "exercises"):
        for notebook in sorted(set((course / folder).glob("*.ipynb")) - made):
            yield f"{notebook.relative_to(course)} has no source"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``lessonlib build``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="sources to build (default: all)")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument(
        "--run", action="store_true", help="with --check: run them, and compare what they show"
    )
    parser.add_argument("--course", type=Path, default=Path(), help="the course's folder")


def run(arguments: argparse.Namespace) -> int:
    """Build, or check, what was asked for; return 1 if something is out of date or unknown."""
    known = pairs(arguments.course)
    stems = {pair.source.stem for pair in known}
    unknown = sorted(set(arguments.names) - stems)
    if unknown:
        print(f"No source is called {', '.join(unknown)}; there are {', '.join(sorted(stems))}.")
        return 1
    if arguments.check:
        stale = list(out_of_date(arguments.course, arguments.names, arguments.run))
        print("\n".join(stale) or SOUND[arguments.run])
        return 1 if stale else 0
    for pair in known:
        if not arguments.names or pair.source.stem in arguments.names:
            print(pair.notebook.relative_to(arguments.course), flush=True)
            build(pair)
    for path, text in overview.renewed(arguments.course).items():
        path.write_text(text, "utf-8")
        for pair in known:
            if pair.source == path:
                build(pair)
    return 0


def _cells(notebook: NotebookNode) -> tuple:
    about = {key: value for key, value in notebook.metadata.items() if key != "widgets"}
    cells = [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    return about, cells


def _trouble(path: Path, source: NotebookNode, run: bool) -> str:
    """Say what is wrong with a notebook that is not what its source makes."""
    if not path.exists():
        return "has not been built"
    stored = nbformat.read(path, 4)
    if _cells(stored) != _cells(source):
        return "differs from its source"
    if not _was_run(stored):
        return "was not run from top to bottom"
    if run and _outputs(execute(source, path.parent)) != _outputs(stored):
        return "shows what its cells no longer show"
    return ""


def _outputs(notebook: NotebookNode) -> list:
    """Return what a notebook shows, but for what differs from run to run."""
    return [
        cell.outputs
        for cell in notebook.cells
        if cell.cell_type == "code" and UNCOMPARED not in cell.metadata.get("tags", ())
    ]


def _was_run(notebook: NotebookNode) -> bool:
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    return counts == list(range(1, len(counts) + 1))


def _write(notebook: NotebookNode, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(notebook), "utf-8", newline="\n")


def _text(notebook: NotebookNode) -> str:
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
