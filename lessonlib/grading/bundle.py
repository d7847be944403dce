"""``lessonlib bundle``: the archive that learners get, without answers and grader."""

import argparse
import re
import sys
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from lessonlib.grading.paper.words import WORDS

NAME = "pretraining-methods"
HANDED_OUT = (
    *("CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-PROSE", "README.md"),
    *("environment.yml", "exercises", "jupyter-config", "lessonlib", "notebooks"),
    *("pyproject.toml", "requirements.txt"),
)
KEPT_BACK = (
    *("lessonlib/grading/*", "lessonlib/words/*/grading.toml"),
    *("lessonlib/site/*", "lessonlib/words/*/site.toml"),
    *("notebooks/teaching.md", "lessonlib/words/*/teaching.toml", "lessonlib/words/*/titles.toml"),
)
_MADE = ("__pycache__", ".pyc", ".ipynb_checkpoints")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same course gives the same archive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    archive, says = Path(f"{NAME}.zip"), WORDS("bundle.out", name=NAME)
    parser.add_argument("--out", type=Path, default=archive, help=says)
    parser.add_argument("--course", type=Path, default=Path(), help=WORDS("bundle.course"))


def run(arguments: argparse.Namespace) -> int:
    """Write the archive, and return 0 unless there is no course."""
    course = arguments.course.resolve()
    if not (course / "lessonlib").is_dir():
        print(WORDS("bundle.no_course", folder=arguments.course), file=sys.stderr)
        return 2
    count = write_bundle(course, arguments.out)
    print(WORDS("bundle.done", archive=arguments.out, count=count))
    return 0


def write_bundle(course: Path, archive: Path) -> int:
    """Write the learners' archive of a course's folder, and return the number of files in it."""
    paths = sorted(_paths(course))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in paths:
            name = path.relative_to(course).as_posix()
            data = path.read_bytes()
            if name == "pyproject.toml":  # without the tables that would look for the grader
                tables = re.split(rb"(?m)^(?=\[)", data)
                data = b"".join(each for each in tables if b"lessonlib.grading" not in each)
            entry = zipfile.ZipInfo(f"{NAME}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, data)
    return len(paths)


def _paths(course: Path) -> Iterator[Path]:
    for name in HANDED_OUT:
        top = course / name
        for path in [top, *top.rglob("*")]:
            place = path.relative_to(course)
            kept_back = any(fnmatch(place.as_posix(), pattern) for pattern in KEPT_BACK)
            made = any(part.endswith(_MADE) for part in place.parts)
            if path.is_file() and not path.is_symlink() and not kept_back and not made:
                yield path
