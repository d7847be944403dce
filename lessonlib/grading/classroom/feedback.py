"""``lessonlib feedback``: reports as learners and platforms get them.

- ``learners/``: an archive for each learner, with one page for all exercises
- ``moodle/``: for *Upload multiple feedback files in a zip* of an assignment. Moodle goes by the
  folders of its own download (moodle/moodle mod/assign/feedback/file/importziplib.php). Beside it
  lies the table for *Upload grading worksheet*, whose columns are called so where Moodle speaks
  English (mod/assign/feedback/offline/importgradeslib.php)
- ``canvas/``: for *Upload Submissions* of an assignment. Canvas goes by the names of its own
  download, ``name_user_attachment_file``, and gives what comes back the name of what was handed in
  (instructure/canvas-lms ``infer_comment_context_from_filename``): so that is a notebook, too
- ``mail_merge.csv``: for programs that send each learner a letter, with an archive or with all
  that a person says as text
- ``nbgrader/``: as ``nbgrader generate_feedback`` leaves it, ``learner/exercise/exercise.html``
"""

import argparse
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from lessonlib.grading.books.gradebook import OPEN, Grade, grade, lateness, title
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.books.register import Register, of_the_class
from lessonlib.grading.books.reports import learner_page, page_name, rubric_of
from lessonlib.grading.classroom.answers import records_of
from lessonlib.grading.classroom.tables import write_table
from lessonlib.grading.intake.layouts import CANVAS, LAYOUTS, MOODLE
from lessonlib.grading.paper.text import escaped, tell, visible, without_controls
from lessonlib.grading.paper.words import WORDS, RefusedError

FOLDER = "feedback"
PAGE = "feedback{}.html"
FOLDERS = ("learners", "moodle", "canvas", "nbgrader")
WORKSHEET = ("Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments")
LETTER = ("learner", "email", "section", "group", "archive", "points", "of", "lost", "text")
_PARTICIPANT = re.compile(r"_(\d+)_assignsubmission_")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same reports give the same archive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    says, default = WORDS("feedback.gradebook"), Path("gradebook")
    parser.add_argument("gradebook", type=Path, nargs="?", default=default, help=says)


def run(arguments: argparse.Namespace) -> int:
    """Write what is to be handed back; return 2 if there is no gradebook."""
    try:
        done = write_feedback(arguments.gradebook)
    except RefusedError as problem:
        tell(WORDS("feedback.said", what=problem), error=True)
        return 2
    for name, count in done.counts.items():
        if count:
            folder = arguments.gradebook / FOLDER / name
            tell(WORDS(f"feedback.{name}", count=count, folder=folder))
    if done.open:
        tell(WORDS("feedback.open", count=done.open), error=True)
    return 0


@dataclass
class Done:
    """How many reports went where, and how many of them are not the last word."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FOLDERS, 0))
    open: int = 0
    worksheets: dict[Path, list[list[object]]] = field(default_factory=dict)


def write_feedback(gradebook: Path) -> Done:
    """Write everything anew. Nothing else in the gradebook is changed.

    RefusedError if there is no gradebook, or its marks cannot be read.
    """
    next(records_of(gradebook), None)  # which refuses what is no gradebook
    register, done = Register.read(gradebook), Done()
    records = iter(of_the_class(gradebook, register))
    first = next(records, None)
    if first is None:
        return done
    out = gradebook / FOLDER
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    archives: dict[Path, zipfile.ZipFile] = {}
    letters: list[list[object]] = [[*LETTER]]
    try:
        for learner, group in groupby(_again(first, records), key=attrgetter("learner")):
            own = list(group)
            name = Path(page_name(learner)).stem
            with zipfile.ZipFile(out / "learners" / f"{name}.zip", "w") as archive:
                _put(archive, PAGE.format(""), learner_page(learner, own))
            done.counts["learners"] += 1
            letters.append(_letter(register, own, f"learners/{name}.zip"))
            for each in own:
                if each.digest:  # something was handed in that can be handed back
                    _for_platforms(out, each, name, archives, done)
    finally:
        for archive in archives.values():
            archive.close()
    write_table(out / "mail_merge.csv", iter(letters))
    for path, lines in done.worksheets.items():
        write_table(path, iter(lines), encoding="utf-8")
    return done


def _again(first: Record, others: Iterable[Record]) -> Iterator[Record]:
    yield first
    yield from others


def _letter(register: Register, own: Sequence[Record], archive: str) -> list[object]:
    grades = [grade(each) for each in own]
    ids = (each.platform_id.partition(":") for each in own)
    email = next((told for kind, _, told in ids if kind == "email"), "")
    person = next(filter(None, map(register.person, own)), None)
    email = email or (person.ids.get("email", "") if person else "")
    where = (person.section, person.group) if person else ("", "")
    counted, of, lost = (
        float(sum(getattr(each, name) for each in grades))
        for name in ("counted", "max_points", "lost")
    )
    text = "\n\n".join(map(_letter_of, own, grades))
    return [own[0].learner, email, *where, archive, counted, of, lost, text]


def _letter_of(record: Record, one: Grade) -> str:
    """Return in words how one exercise stands, with what a person says of it."""
    told = {"exercise": title(record.exercise), "status": WORDS(f"verdicts.{one.status}")}
    line = WORDS("feedback.letter", points=one.counted, most=one.max_points, **told)
    return "\n".join(filter(None, [line, one.feedback]))


def _for_platforms(
    out: Path, record: Record, name: str, archives: dict[Path, zipfile.ZipFile], done: Done
) -> None:
    page = learner_page(record.learner, [record])
    exercise = _in_a_path(record.exercise)
    done.open += grade(record).status in OPEN
    place = out / "nbgrader" / name / exercise / f"{exercise}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(page, encoding="utf-8")
    done.counts["nbgrader"] += 1
    for platform, way in _ways(record.file, PAGE.format(f"_{exercise}")):
        path = out / platform / f"{exercise}.zip"
        if path not in archives:
            archives[path] = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        text = as_notebook(record) if platform == "canvas" else page
        if way not in archives[path].NameToInfo:  # of a group's only notebook there is one report
            _put(archives[path], way, text)
            done.counts[platform] += 1
            if found := _PARTICIPANT.search(way):
                lines = done.worksheets.setdefault(path.with_suffix(".csv"), [[*WORKSHEET]])
                one, who = grade(record), f"Participant {found[1]}"
                lines.append([who, record.learner, one.final, "", one.feedback])


def _ways(file: str, page: str) -> Iterator[tuple[str, str]]:
    """Yield the platform that a file came from, and where it looks for what comes back."""
    *folders, last = [part for part in file.split("/") if part.strip(".")] or [""]
    moodle = [each for each in LAYOUTS if each.rule in (MOODLE, "moodle_participant")]
    for part in (*folders, last):
        if found := next((found for each in moodle if (found := each.match(part))), None):
            named = part[: len(part) - len(found["file"])] if part == last else part
            between = "" if part == last and named.endswith("_") else "/"
            yield "moodle", f"{named}{between}{page}"
            return
    numbered = (each for each in LAYOUTS if each.rule == CANVAS and "version" in each.pattern)
    if any(each.files and each.match(last) for each in numbered):
        yield "canvas", last if last.endswith(".ipynb") else f"{last}.ipynb"


def as_notebook(record: Record) -> str:
    """Return a report as a notebook of text alone, which runs nothing."""
    one = grade(record)
    points = WORDS("report.points_of", points=one.counted, most=one.max_points)
    points = "\n\n".join(filter(None, [points, lateness(record)]))
    cells = [f"# {_plain(title(record.exercise))}\n\n{points}"]
    cells += [_told(each) for each in record.questions]
    made = [new_markdown_cell(text, id=f"cell-{n}") for n, text in enumerate(cells)]
    return nbformat.writes(new_notebook(cells=made))


def _told(question: Question) -> str:
    told = {"points": question.points, "count": question.max_points}
    verdict = WORDS(f"verdicts.{question.verdict}")
    parts = [f"## {_plain(question.question)}", WORDS("report.verdict", verdict=verdict, **told)]
    for key, text in (
        ("answer", question.answer),
        ("came_out", question.message),
        ("rubric", "\n".join(rubric_of(question)) if question.met else ""),
        ("comment", question.comment),
    ):
        if text:
            parts.append(f"### {WORDS(f'report.{key}')}\n\n{_fenced(text)}")
    return "\n\n".join(parts)


def _fenced(text: str) -> str:
    """Return a text as a block that nothing in it can end."""
    text = visible(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return "\n".join([f"{fence}text", text, fence])


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]$#|~-])", r"\\\1", escaped(text).replace("\n", " "))


def _in_a_path(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".") or "-"


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(without_controls(name), _EPOCH)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    archive.writestr(entry, text.encode("utf-8", "replace"))
