"""Pages for each learner and for all; what was handed in is text on them.

It is escaped, without control characters, on a page that may load nothing and run nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from string import Template

from lessonlib.grading.books.flags import said
from lessonlib.grading.books.gradebook import Grade, grade, lateness, title
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.text import escaped
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import language

_PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))


def write_reports(folder: Path, records: Iterable[Record]) -> None:
    """Write a page for each learner, whose records come together, and a list; drop old pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"index.html"}
    lines = []
    for learner, group in groupby(records, attrgetter("learner")):
        own, name = list(group), page_name(learner)
        (folder / name).write_text(learner_page(learner, own), encoding="utf-8")
        pages.add(name)
        lines += [_index_line(each, name) for each in own]
    index = page(_said("all_reports"), _table("every_submission", _OF_ALL, lines))
    (folder / "index.html").write_text(index, encoding="utf-8")
    for old in folder.glob("*.html"):
        if old.name not in pages:
            old.unlink()


def page_name(learner: str) -> str:
    """Return the file name of a learner's page, safe for any name."""
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", learner).strip(".-")[:60]
    if slug == learner and slug.lower() != "index":
        return f"{slug}.html"
    return f"{slug}-{hashlib.sha256(learner.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"


_OF_ALL = ("learner", "exercise", "points", "status", "for_a_person")
_OF_ONE = ("exercise", "points", "status")


def learner_page(learner: str, records: Sequence[Record]) -> str:
    """Return what a learner reads of some exercises, as a page that stands by itself."""
    grades = [(escaped(title(each.exercise)), *_status(grade(each))) for each in records]
    body = [_table("points_by_exercise", _OF_ONE, grades)]
    for each in records:
        body += [
            "<section>",
            f"<h2>{escaped(title(each.exercise))}</h2>",
            _list([*each.notes, *filter(None, [lateness(each)])]),
        ]
        body += [*(_question(each, question) for question in each.questions), "</section>"]
    heading, name = (_said("report_for", learner=shown(learner)) for shown in (_isolated, escaped))
    return page(heading, "\n".join(body), name)


def _question(record: Record, question: Question) -> str:
    told = {"points": question.points, "count": question.max_points}
    verdict = _said("verdict", verdict=WORDS(f"verdicts.{question.verdict}"), **told)
    name = f"<code>{escaped(question.question)}</code>"
    heading = f"{_said('written')} {name}" if question.written else name
    parts = [f"<h3>{heading}</h3>", f"<p>{verdict}</p>"]
    if not record.terms.confined:
        parts.append(f"<p>{_said('no_sandbox')}</p>")
    for heading, text in (
        ("asked", question.asked),
        ("answer", question.answer),
        ("came_out", question.message),
        ("printed", question.output),
        ("rubric", rubric_of(question)),
        ("comment", question.comment),
    ):
        if text:
            block = f'<pre tabindex="0">{_isolated(text)}</pre>' if isinstance(text, str) else ""
            shown = block or _list(text)
            parts.append(f"<h4>{_said(heading)}</h4>\n{shown}")
    return "\n".join(parts)


def rubric_of(question: Question) -> tuple[str, ...]:
    """Return the lines of a rubric; of each whether the answer meets it, if a person said so."""
    if not question.met:
        return question.rubric
    lines = enumerate(question.rubric, 1)
    return tuple(_said("met" if n in question.met else "not_met", line=each) for n, each in lines)


def _index_line(record: Record, page: str) -> tuple[str, ...]:
    flags = sorted({flag for question in record.questions for flag in question.flags})
    link = f'<a href="{escape(page)}">{_isolated(record.learner)}</a>'
    shown = _list([said(flag) for flag in flags])
    return link, escaped(title(record.exercise)), *_status(grade(record)), shown


def _status(one: Grade) -> tuple[str, str]:
    points = _said("points_of", points=one.counted, most=one.max_points)
    return points, WORDS(f"verdicts.{one.status}")


def page(heading: str, body: str, title: str = "") -> str:
    """Return a page on which nothing runs, and which loads nothing."""
    return _PAGE.substitute(language=language(), title=title or heading, heading=heading, body=body)


def table(caption: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table whose lines begin with their headings; all that is given is HTML.

    Lines one after the other that have the same heading share it.
    """
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = ""
    for heading, group in groupby(lines, key=itemgetter(0)):
        rows = ["".join(f"<td>{cell}</td>" for cell in others) for _, *others in group]
        over = f' rowspan="{len(rows)}"' if len(rows) > 1 else ""
        lined_up = "</tr>\n<tr>".join(rows)
        body += f'<tr><th scope="row"{over}>{heading}</th>{lined_up}</tr>\n'
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table>"
    )


def _table(caption: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return table(_said(caption), [_said(f"columns.{column}") for column in columns], lines)


def _said(key: str, **slots: object) -> str:
    return WORDS(f"report.{key}", **slots)


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(item)}</li>' for item in items)}</ul>" if items else ""


def _isolated(text: str) -> str:
    return f"<bdi>{escaped(text)}</bdi>"
