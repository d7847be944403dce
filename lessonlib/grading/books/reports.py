"""One HTML page for each learner, and a list of them all.

Everything that comes out of a submission is shown as text: escaped, without control characters,
on a page that may load nothing and run nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from lessonlib.checks import counted
from lessonlib.grading.books.gradebook import Grade, grade
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.text import without_controls

WORDS = {
    "passed": "Passed",
    "failed": "Not right yet",
    "missing": "Missing",
    "unreadable": "Not readable",
    "timeout": "Stopped: took too long",
    "pending": "Waits for a person to read it",
    "error": "The grader failed here; ask your teacher",
    "graded": "Graded",
}

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 55rem; margin: auto; padding: 1rem; }}
pre {{ border: 1px solid; padding: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
section {{ border-top: 2px solid; margin-top: 2rem; }}
bdi {{ unicode-bidi: isolate; }}
</style>
</head>
<body>
<main>
<h1>{heading}</h1>
{body}
</main>
</body>
</html>
"""

_ANSWERS = "<!-- answers -->"  # where a page's long middle goes

# Marks that turn the direction of writing can make code read differently from what it does.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def write_reports(folder: Path, records: Iterable[Record]) -> None:
    """Write one page for each learner, and ``index.html``.

    Parameters
    ----------
    folder
        Where to; pages of learners who are gone are removed.
    records
        All that was graded, those of one learner one after the other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"index.html"}
    lines = []
    for learner, group in groupby(records, attrgetter("learner")):
        own, name = list(group), page_name(learner)
        (folder / name).write_text(_learner_page(learner, own), encoding="utf-8")
        pages.add(name)
        lines += [_index_line(each, name) for each in own]
    (folder / "index.html").write_text(_index_page(lines), encoding="utf-8")
    for old in folder.glob("*.html"):
        if old.name not in pages:
            old.unlink()


def write_marking_page(path: Path, records: Iterable[Record]) -> None:
    """Write the page that shows every answer a person has to read, beside its rubric."""
    head, foot = _PAGE.format(
        title="To be marked",
        heading="To be marked",
        body="<p>Each answer below waits for a person. Write the points into marks.csv and run the "
        f"same command again.</p>{_ANSWERS}",
    ).split(_ANSWERS)
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(
            f"<section><h2><bdi>{_text(each.learner)}</bdi>, {_text(each.exercise)}</h2>"
            f"{_question(question)}</section>\n"
            for each in records
            for question in each.questions
            if question.row.verdict == "pending"
        )
        file.write(foot)


def page_name(learner: str) -> str:
    """Return the file name of a learner's page, safe for any name."""
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", learner).strip(".-")[:60]
    if slug == learner and slug.lower() != "index":
        return f"{slug}.html"
    return f"{slug}-{hashlib.sha256(learner.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"


def _learner_page(learner: str, records: Sequence[Record]) -> str:
    table = _table(
        "Points by exercise",
        ("Exercise", "Points", "Status"),
        [
            (_text(each.exercise), _points(grade(each)), WORDS[grade(each).status])
            for each in records
        ],
    )
    body = [table, *(_exercise(each) for each in records)]
    return _PAGE.format(
        title=f"Report for {_text(learner)}",
        heading=f"Report for <bdi>{_text(learner)}</bdi>",
        body="\n".join(body),
    )


def _exercise(record: Record) -> str:
    notes = "".join(f"<li>{_text(note)}</li>" for note in record.notes)
    return "\n".join(
        [
            "<section>",
            f"<h2>{_text(record.exercise)}</h2>",
            f"<ul>{notes}</ul>" if notes else "",
            *(_question(question) for question in record.questions),
            "</section>",
        ]
    )


def _question(question: Question) -> str:
    row = question.row
    parts = [
        f"<h3>{_text(row.question)}</h3>",
        f"<p><strong>{WORDS[row.verdict]}</strong> ({_text(row.cause.replace('_', ' '))}), "
        f"{row.points:g} of {counted(row.max_points, 'point')}.</p>",
    ]
    if row.sandbox == "none":
        parts.append("<p>Graded without a sandbox.</p>")
    if question.asked:
        parts += ["<h4>What was asked</h4>", _block(question.asked)]
    if question.answer:
        parts += ["<h4>Your answer</h4>", _block(question.answer)]
    if question.message and row.verdict != "passed":
        parts += ["<h4>What came out</h4>", _block(question.message)]
    if question.output:
        parts += ["<h4>What your cell printed</h4>", _block(question.output)]
    if question.rubric:
        asked = "".join(f"<li>{_text(point)}</li>" for point in question.rubric)
        parts += ["<h4>What a good answer holds</h4>", f"<ul>{asked}</ul>"]
    if question.comment:
        parts += ["<h4>Comment</h4>", _block(question.comment)]
    return "\n".join(parts)


def _index_line(record: Record, page: str) -> tuple[str, ...]:
    flags = sorted({flag for question in record.questions for flag in question.row.flags})
    one = grade(record)
    return (
        f'<a href="{escape(page)}"><bdi>{_text(record.learner)}</bdi></a>',
        _text(record.exercise),
        _points(one),
        WORDS[one.status],
        _text(", ".join(flags)),
    )


def _index_page(lines: Sequence[Sequence[str]]) -> str:
    columns = ("Learner", "Exercise", "Points", "Status", "For a person to look at")
    return _PAGE.format(
        title="All reports",
        heading="All reports",
        body=_table("Every submission", columns, lines),
    )


def _table(caption: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(
        "<tr>"
        + f'<th scope="row">{line[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in line[1:])
        + "</tr>\n"
        for line in lines
    )
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table>"
    )


def _points(one: Grade) -> str:
    return f"{one.points:g} of {one.max_points:g}"


def _block(text: str) -> str:
    return f'<pre tabindex="0"><bdi>{_text(text)}</bdi></pre>'


def _text(text: str) -> str:
    plain = without_controls(_COLOURS.sub("", text))
    return escape(_TURNS.sub(lambda mark: f"<U+{ord(mark.group()):04X}>", plain))
