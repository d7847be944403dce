"""The pages on which a person reads what waits: a question each, one learner after the other.

What was handed in is drawn in boxes that nothing gets out of. No page runs or loads anything.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from lessonlib.grading.books.cells import box, preformatted, shown
from lessonlib.grading.books.flags import said
from lessonlib.grading.books.gradebook import title
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.books.reports import page, table
from lessonlib.grading.intake.around import Around
from lessonlib.grading.paper.markdown import rendered
from lessonlib.grading.paper.text import escaped
from lessonlib.grading.paper.words import WORDS
from lessonlib.styles import STYLE

FOLDER = "to_mark"
AT_ONCE = 200  # answers on one page: with pictures, a browser gets slow above that
_FORM = "<!-- form -->"  # in an answer, before anything that was handed in
_ANSWERS = "<!-- answers -->"  # where a page's long middle goes

Look = Callable[[Record], Mapping[str, Around]]
Form = Callable[[Record, Question], str]  # what stands below the name, as HTML


@dataclass
class _Page:
    """The page of one question: where the answers lie in a file of all, in the learners' order."""

    exercise: str
    question: Question
    places: list[tuple[int, int]] = field(default_factory=list)
    open: int = 0

    @property
    def name(self) -> str:
        """The name of the first file, safe for any name of an exercise."""
        return self.names[0]

    @property
    def names(self) -> list[str]:
        """The names of all files that the answers lie in."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.exercise}-{self.question.question}")
        parts = range(1, -(-len(self.places) // AT_ONCE))
        return [f"{name}.html", *(f"{name}.{part + 1}.html" for part in parts)]


def write_marking_pages(
    out: Path,
    records: Iterable[Record],
    look: Look = lambda _: {},
    form: Form = lambda *_: "",
) -> None:
    """Write a page for each question that waits, or waited, for a person; drop old pages.

    `look` finds what stands around the answers of a submission. ``to_mark.html`` lists the pages.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[tuple[str, int, str], _Page] = {}
    with tempfile.TemporaryFile() as answers:
        for record in records:
            waiting = [(n, each) for n, each in enumerate(record.questions) if each.waits]
            try:
                found = look(record) if waiting else {}
            except Exception:  # the next learner must not suffer for what is odd in this notebook
                found = {}
            for number, question in waiting:
                key = record.exercise, number, question.question
                own = pages.setdefault(key, _Page(record.exercise, question))
                around = found.get(question.question, Around())
                html = _safely(record, question, around, len(own.places) + 1)
                html = html.replace(_FORM, form(record, question), 1).encode()
                own.places.append((answers.tell(), len(html)))
                own.open += question.verdict == "pending"
                answers.write(html)
        in_order = [pages[key] for key in sorted(pages)]
        for own, after in zip(in_order, [*in_order[1:], None], strict=False):
            _write(folder, own, after, answers)
    (out / f"{FOLDER}.html").write_text(_index(in_order), encoding="utf-8")
    for old in folder.glob("*.html"):
        if old.name not in {name for each in in_order for name in each.names}:
            old.unlink()


def _index(pages: list[_Page]) -> str:
    lines = [
        (
            f'<a href="{FOLDER}/{each.name}"><code>{escaped(each.question.question)}</code></a>',
            escaped(title(each.exercise)),
            str(len(each.places)),
            str(each.open),
        )
        for each in pages
    ]
    columns = [_said(name) for name in ("question", "exercise", "answers", "open")]
    listed = table(_said("questions"), columns, lines) if lines else _said("nothing_waits")
    return page(_said("title"), f"<p>{_said('how')}</p>{listed}")


def _write(folder: Path, own: _Page, after: _Page | None, answers: IO[bytes]) -> None:
    question = own.question
    links = [f'<a href="../{FOLDER}.html">{_said("all_questions")}</a>']
    if after:
        following = _said("next_question", question=escaped(after.question.question))
        links.append(f'<a href="{after.name}">{following}</a>')
    rubric = "".join(f"<li>{escaped(line)}</li>" for line in question.rubric)
    aside = (
        f"<h2>{_said('rubric')}</h2><p>{_said('points', count=question.max_points)}</p>"
        f"<ul>{rubric}</ul><details><summary>{_said('asked')}</summary>"
        f"{box(rendered(question.asked))}</details>"
    )
    heading = f"{escaped(title(own.exercise))}: <code>{escaped(question.question)}</code>"
    plain_title = f"{escaped(question.question)}, {escaped(title(own.exercise))}"
    parts = [_part(own, number) for number in range(len(own.names))]
    for number, name in enumerate(own.names):
        here = [*parts[:number], _range(own, number), *parts[number + 1 :]] if parts[1:] else []
        body = (
            f"{STYLE}<nav>{_line(links)}{_line(here)}</nav>"
            f'<div class="beside"><div>{_ANSWERS}</div>'
            f'<aside aria-label="{_said("rubric")}" tabindex="0">{aside}</aside></div>'
        )
        head, foot = page(heading, body, plain_title).split(_ANSWERS)
        first = number * AT_ONCE
        with (folder / name).open("wb") as file:
            file.write(head.encode())
            for place, length in own.places[first : first + AT_ONCE]:
                answers.seek(place)
                file.write(answers.read(length))
            end = parts[number + 1] if parts[number + 1 :] else _said("end")
            last = min(first + AT_ONCE, len(own.places))
            file.write(f'<p id="a{last + 1}">{end}</p>{foot}'.encode())


def _line(links: list[str]) -> str:
    return f"<p>{' · '.join(links)}</p>" if links else ""


def _range(own: _Page, number: int) -> str:
    first, last = number * AT_ONCE + 1, min((number + 1) * AT_ONCE, len(own.places))
    return _said("part", first=first, last=last)


def _part(own: _Page, number: int) -> str:
    return f'<a href="{own.names[number]}">{_range(own, number)}</a>'


def _safely(record: Record, question: Question, around: Around, number: int) -> str:
    try:
        return _answer(record, question, around, number)
    except Exception:  # as above; then there is at least the text
        return _answer(record, replace(question, written=False), Around(), number)


def _answer(record: Record, question: Question, around: Around, number: int) -> str:
    links = [f'<a href="#a{number + 1}">{_said("next")}</a>']
    if (number - 1) % AT_ONCE:  # is not the first of its page
        links.insert(0, f'<a href="#a{number - 1}">{_said("previous")}</a>')
    told = {"points": question.points, "most": question.max_points}
    state = "waits" if question.verdict == "pending" else "marked"
    state = "excused" if question.verdict == "excused" else state
    parts = [
        f'<section id="a{number}" aria-labelledby="h{number}">',
        f'<h2 id="h{number}"><bdi>{escaped(record.learner)}</bdi></h2>',
        f'<p><span class="stands">{_said(state, **told)} · </span>{" · ".join(links)}</p>{_FORM}',
    ]
    if flags := "".join(f"<li>{escaped(said(flag))}</li>" for flag in question.flags):
        parts.append(f"<h3>{_said('look')}</h3><ul>{flags}</ul>")
    if question.comment:
        parts.append(f"<h3>{WORDS('report.comment')}</h3>{preformatted(question.comment)}")
    parts += [f"<h3>{_said('answer')}</h3>", *_own(question, around)]
    if not question.written and question.message:
        parts.append(f"<h3>{WORDS('report.came_out')}</h3>{preformatted(question.message)}")
    if around.beside:
        parts += [f"<h3>{_said('beside')}</h3>", *map(shown, around.beside)]
    return "\n".join([*parts, "</section>\n"])


def _own(question: Question, around: Around) -> Iterable[str]:
    """Yield the answer as it was graded, with the pictures and outputs of its cells."""
    if "\n\n".join(piece.cell.source for piece in around.own) == question.answer:
        yield from map(shown, around.own)
        return
    if question.written:
        yield box(rendered(question.answer))
    else:
        yield preformatted(question.answer)
    yield from (shown(piece, with_source=False) for piece in around.own if piece.cell.code)


def _said(key: str, **slots: object) -> str:
    return WORDS(f"marking.{key}", **slots)
