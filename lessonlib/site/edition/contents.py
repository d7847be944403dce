"""What a learner has in the browser: the course's files, as far as the list of files shows them."""

import json
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lessonlib.grading.bundle import HANDED_OUT, KEPT_BACK

KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# As the kernel in the page describes itself.
LANGUAGE = {
    "codemirror_mode": {"name": "python", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.8",
}
PICTURES = "images"  # pages that are listed show them, but no learner opens them


def gather(course: Path, folder: Path) -> None:
    """Copy what learners see of a course; of the answers and the grader there is nothing."""
    for path in _paths(course):
        copy = folder / path.relative_to(course)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            notebook = _shown_as_stored(json.loads(path.read_text("utf-8")))
            copy.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
        else:
            shutil.copyfile(path, copy)


def hide(edition: Path) -> None:
    """Take the folders of pictures off the lists of files."""
    for path in (edition / "api" / "contents").rglob("all.json"):
        listing = json.loads(path.read_text("utf-8"))
        listing["content"] = [each for each in listing["content"] if each["name"] != PICTURES]
        path.write_text(json.dumps(listing), "utf-8")


def hidden(course: Path) -> list[str]:
    """Return the patterns of the names that the course's own list of files does not show."""
    settings = json.loads((course / "jupyter-config" / "course.json").read_text("utf-8"))
    return settings["ContentsManager"]["hide_globs"]


def _paths(course: Path) -> Iterator[Path]:
    unseen = [glob for glob in hidden(course) if glob != PICTURES] + [".*"]
    for top in (course / name for name in HANDED_OUT):
        for path in [top, *top.rglob("*")]:
            place = path.relative_to(course)
            left_out = any(fnmatch(part, glob) for part in place.parts for glob in unseen)
            kept_back = any(fnmatch(place.as_posix(), pattern) for pattern in KEPT_BACK)
            if path.is_file() and not path.is_symlink() and not left_out and not kept_back:
                yield path


def _shown_as_stored(notebook: dict[str, Any]) -> dict[str, Any]:
    # JupyterLite puts commas between the lines of a list, takes the style off what is not trusted,
    # and counts a notebook as changed when its kernel describes itself otherwise.
    notebook["metadata"] |= {"kernelspec": KERNEL, "language_info": LANGUAGE}
    for cell in notebook["cells"]:
        cell["metadata"]["trusted"] = True
        for output in cell.get("outputs", ()):
            for texts in (output, output.get("data", {})):
                texts.update({kind: _joined(text) for kind, text in texts.items()})
    return notebook


def _joined(text: Any) -> Any:
    lines = isinstance(text, list) and all(isinstance(line, str) for line in text)
    return "".join(text) if lines else text
