"""A small course, and notebooks that learners might hand in for it."""

import copy
import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lessonlib.authoring.cells import cell_id

EXERCISE = "01_your_own_sentence"
CAUSAL, MASKED, SPAN = "build_causal_example", "build_masked_example", "build_span_corruption"
WRITTEN = "in_your_own_words"

RIGHT = {
    CAUSAL: "def build_causal_example(tokens):\n    return tokens[:-1], tokens[1:]",
    MASKED: (
        "def build_masked_example(tokens, mask_positions):\n"
        "    masked = list(tokens)\n"
        "    labels = {}\n"
        "    for position in mask_positions:\n"
        "        labels[position] = masked[position]\n"
        "        masked[position] = '[MASK]'\n"
        "    return masked, labels"
    ),
    SPAN: (
        "def build_span_corruption(tokens, start, end):\n"
        "    source = tokens[:start] + ['<extra_id_0>'] + tokens[end:]\n"
        "    target = ['<extra_id_0>'] + tokens[start:end] + ['<extra_id_1>']\n"
        "    return source, target"
    ),
    WRITTEN: "A causal model writes from left to right, which is what generation asks of it.",
}

WRONG_CAUSAL = "def build_causal_example(tokens):\n    return tokens[1:], tokens[:-1]"


def answer_cell(question: str, source: str):
    cell = new_markdown_cell if question == WRITTEN else new_code_cell
    tags = {"role": "answer", "question": question, "points": 2}
    return cell(source, id=cell_id("answer", question), metadata={"lessonlib": tags})


def check_cell(question: str):
    tags = {"role": "check", "question": question, "points": 2}
    source = f"from lessonlib import check\ncheck({question!r}, {question})"
    return new_code_cell(
        source, id=cell_id("check", question), metadata={"lessonlib": tags}, execution_count=1
    )


def solution():
    cells = [
        new_markdown_cell("# Your own sentence", id="title"),
        new_code_cell("tokens = 'a small model learns'.split()", id="given", execution_count=1),
    ]
    for question in (CAUSAL, MASKED, SPAN):
        cells += [answer_cell(question, RIGHT[question]), check_cell(question)]
    written = answer_cell(WRITTEN, RIGHT[WRITTEN])
    written.metadata["lessonlib"]["rubric"] = ["names the left-to-right order"]
    return new_notebook(cells=[*cells, written])


def placeholder(question: str) -> str:
    if question == WRITTEN:
        return "*Write here.*"
    return RIGHT[question].splitlines()[0] + "\n    return ..."


def handout(answers: dict[str, str] | None = None):
    """Return the exercise, with some answers filled in."""
    notebook = copy.deepcopy(solution())
    for cell in notebook.cells:
        tags = cell.metadata.get("lessonlib", {})
        if tags.get("role") == "answer":
            tags.pop("rubric", None)
            question = tags["question"]
            cell.source = (answers or {}).get(question, placeholder(question))
    return notebook


def write(notebook, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook))
    return path


def dumped(notebook) -> bytes:
    return json.dumps(notebook).encode()


def course(folder: Path) -> Path:
    """Write the course's reference and exercise."""
    write(solution(), folder / "solutions" / f"{EXERCISE}.ipynb")
    write(handout(), folder / "exercises" / f"{EXERCISE}.ipynb")
    return folder


def hand_in(folder: Path, learner: str, notebook=None) -> Path:
    notebook = handout(RIGHT) if notebook is None else notebook
    return write(notebook, folder / learner / f"{EXERCISE}.ipynb")
