"""Pages for each learner, for all, and for whoever marks; what was handed in is text on them.

It is escaped, without control characters, on a page that may load nothing and run nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from string import Template

from lessonlib.grading.books.flags import said
from lessonlib.grading.books.gradebook import Grade, grade, title
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.text import without_controls
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import language

_PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
_ANSWERS = "<!-- answers -->"  # where a page's long middle goes

# Marks that turn the direction of writing can make code read differently from what it does.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def write_reports(folder: Path, records: Iterable[Record]) -> None:
    """Write a page for each learner, whose records come together, and a list; drop old pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"index.html"}
    lines = []
    for learner, group in groupby(records, attrgetter("learner")):
        own, name = list(group), page_name(learner)
        (folder / name).write_text(_learner_page(learner, own), encoding="utf-8")
        pages.add(name)
        lines += [_index_line(each, name) for each in own]
    index = _page(_said("all_reports"), _table("every_submission", _OF_ALL, lines))
    (folder / "index.html").write_text(index, encoding="utf-8")
    for old in folder.glob("*.html"):
        if old.name not in pages:
            old.unlink()


def write_marking_page(path: Path, records: Iterable[Record]) -> None:
    """Write the page that shows every answer a person has to read, beside its rubric."""
    page = _page(_said("to_be_marked"), f"<p>{_said('how_to_mark')}</p>{_ANSWERS}")
    head, foot = page.split(_ANSWERS)
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for each in records:
            heading = f"<h2>{_isolated(each.learner)}, {_text(title(each.exercise))}</h2>"
            waiting = (one for one in each.questions if one.verdict == "pending")
            file.writelines(
                f"<section>{heading}{_question(each, one)}</section>\n" for one in waiting
            )
        file.write(foot)


def page_name(learner: str) -> str:
    """Return the file name of a learner's page, safe for any name."""
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", learner).strip(".-")[:60]
    if slug == learner and slug.lower() != "index":
        return f"{slug}.html"
    return f"{slug}-{hashlib.sha256(learner.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"


_OF_ALL = ("learner", "exercise", "points", "status", "for_a_person")
_OF_ONE = ("exercise", "points", "status")


def _learner_page(learner: str, records: Sequence[Record]) -> str:
    grades = [(_text(title(each.exercise)), *_status(grade(each))) for each in records]
    body = [_table("points_by_exercise", _OF_ONE, grades)]
    for each in records:
        body += ["<section>", f"<h2>{_text(title(each.exercise))}</h2>", _list(each.notes)]
        body += [*(_question(each, question) for question in each.questions), "</section>"]
    heading, page = (_said("report_for", learner=shown(learner)) for shown in (_isolated, _text))
    return _page(heading, "\n".join(body), page)


def _question(record: Record, question: Question) -> str:
    told = {"points": question.points, "count": question.max_points}
    verdict = _said("verdict", verdict=WORDS(f"verdicts.{question.verdict}"), **told)
    name = f"<code>{_text(question.question)}</code>"
    heading = f"{_said('written')} {name}" if question.written else name
    parts = [f"<h3>{heading}</h3>", f"<p>{verdict}</p>"]
    if not record.terms.confined:
        parts.append(f"<p>{_said('no_sandbox')}</p>")
    for heading, text in (
        ("asked", question.asked),
        ("answer", question.answer),
        ("came_out", question.message),
        ("printed", question.output),
        ("rubric", question.rubric),
        ("comment", question.comment),
    ):
        if text:
            block = f'<pre tabindex="0">{_isolated(text)}</pre>' if isinstance(text, str) else ""
            shown = block or _list(text)
            parts.append(f"<h4>{_said(heading)}</h4>\n{shown}")
    return "\n".join(parts)


def _index_line(record: Record, page: str) -> tuple[str, ...]:
    flags = sorted({flag for question in record.questions for flag in question.flags})
    link = f'<a href="{escape(page)}">{_isolated(record.learner)}</a>'
    shown = _list([said(flag) for flag in flags])
    return link, _text(title(record.exercise)), *_status(grade(record)), shown


def _status(one: Grade) -> tuple[str, str]:
    points = _said("points_of", points=one.points, most=one.max_points)
    return points, WORDS(f"verdicts.{one.status}")


def _page(heading: str, body: str, title: str = "") -> str:
    return _PAGE.substitute(language=language(), title=title or heading, heading=heading, body=body)


def _table(caption: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_said(f"columns.{column}")}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>\n'
        for first, *others in lines
    )
    return (
        f"<table><caption>{_said(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table>"
    )


def _said(key: str, **slots: object) -> str:
    return WORDS(f"report.{key}", **slots)


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in items)}</ul>" if items else ""


def _isolated(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: str) -> str:
    plain = without_controls(_COLOURS.sub("", text))
    return escape(_TURNS.sub(lambda mark: f"<U+{ord(mark.group()):04X}>", plain))
