"""Read a text source as a notebook, and make an exercise from a worked notebook.

A source is a MyST text that Jupytext reads. In an answer cell the worked part is marked,
line by line or as a block, in the way that otter-grader and nbgrader have made familiar::

    labels = tokens[1:]  # SOLUTION          becomes    labels = ...
    return labels  # SOLUTION                becomes    return ...

    # BEGIN SOLUTION
    ...                                      becomes    return ...
    # END SOLUTION

A written answer is a markdown cell that is an answer as a whole.
"""

import copy
import hashlib
import re
from collections import Counter
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from lessonlib.authoring.cells import cell_id, defects, mark
from lessonlib.authoring.linking import linked
from lessonlib.practice.saved import write_here
from lessonlib.practice.terms import terms

LESSON = ("notebooks", "text")

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
LOCKED = {"answer": {"deletable": False}, "check": {"deletable": False, "editable": False}}
CODE_HERE = "# Your code goes here; put your result in place of the dots."


def read_source(path: Path) -> NotebookNode:
    """Read a MyST text as a notebook without outputs; a ValueError lists defects of its marks.

    Ids survive the insertion of a cell: those of answers and checks come from their question, all
    others from their text.
    """
    text = path.read_text("utf-8")
    if path.parts[-3:-1] == LESSON:
        text = linked(text, terms())
    notebook = jupytext.reads(text, fmt="md:myst")
    about = notebook.metadata.get("lessonlib", {})
    notebook.metadata = NotebookNode(copy.deepcopy(KERNEL))
    if about:
        notebook.metadata["lessonlib"] = about
    seen = Counter()
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            cell.metadata["slideshow"] = {"slide_type": "slide"}  # for nbconvert --to slides
        fields = cell.metadata.get("lessonlib")
        fields = fields if isinstance(fields, dict) else {}
        role, question = fields.get("role"), fields.get("question")
        if role in LOCKED and question:
            cell.id = cell_id(role, question)
            cell.metadata.update(LOCKED[role])
        else:
            text = f"{path.stem}\n{cell.cell_type}\n{cell.source}"
            seen[text] += 1
            cell.id = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:12]
    found = defects(notebook)
    if found:
        raise ValueError(f"{path.name}: " + "; ".join(found))
    return notebook


def without_answers(worked: NotebookNode) -> NotebookNode:
    """Make the exercise: a copy with the same ids, without answers, outputs, widgets and rubrics.

    A ValueError if an answer cell marks no part of its code as the solution.
    """
    exercise = copy.deepcopy(worked)
    exercise.metadata.pop("widgets", None)
    for cell in exercise.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        read = mark(cell)
        if read is not None and read.role == "answer":
            cell.metadata["lessonlib"].pop("rubric", None)
            is_code = cell.cell_type == "code"
            cell.source = blank_out(cell.source) if is_code else write_here()
    return exercise


def blank_out(source: str) -> str:
    """Put dots in the place of the marked solution; a ValueError without a mark, or a wrong one."""
    kept, block = [], None
    for line in source.splitlines():
        words = line.strip()
        if words == "# BEGIN SOLUTION" and block is None:
            block = []
        elif words == "# END SOLUTION" and block:
            kept += _placeholder(block)
            block = None
        elif words.endswith("# SOLUTION") and block is None:
            kept.append(_dots(line))
        elif "SOLUTION" in words:
            raise ValueError(f"{words!r} is no mark of a solution at this place")
        else:
            (kept if block is None else block).append(line)
    if block is not None:
        raise ValueError("'# BEGIN SOLUTION' has no '# END SOLUTION'")
    if "SOLUTION" not in source:
        raise ValueError(f"nothing is marked as the solution in:\n{source}")
    return "\n".join(kept)


def _dots(line: str) -> str:
    kept = re.match(r"\s*(return|[^=#]+[^=#!<>+*/-]=)\s", line)
    if kept is None:
        raise ValueError(f"'# SOLUTION' ends a return or an assignment, not {line.strip()!r}")
    return kept.group().rstrip() + " ..."


def _placeholder(block: list[str]) -> list[str]:
    first, last = block[0], block[-1]
    indent = first[: len(first) - len(first.lstrip())]
    returns = last.strip().startswith("return ")
    return [indent + CODE_HERE, indent + ("return ..." if returns else "...")]
