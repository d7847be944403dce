"""What stands beside each answer to mark it with, as HTML."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.books.marking import Look
from lessonlib.grading.books.marks import Key, Marks, key_of
from lessonlib.grading.intake.around import Around
from lessonlib.grading.paper.text import escaped
from lessonlib.grading.paper.words import WORDS

MOST_COMMENTS = 60  # in one list
_STATES = ("saved", "saving", "unsaved")


class Given(NamedTuple):
    """An answer that has a form: its key, its most points, and the lines of its rubric."""

    key: Key
    most: float
    lines: int


@dataclass
class Forms:
    """The forms of all answers, in the order in which they are asked for.

    The browser knows an answer by its number in this order alone.
    """

    marks: Marks
    comments: list[str] = field(default_factory=list)
    blind: bool = False
    looked: Look = lambda _: {}
    given: list[Given] = field(default_factory=list)
    _record: Record | None = None
    _called: Counter[str] = field(default_factory=Counter)

    def called(self, record: Record) -> Record:
        """Return a record as its page calls it, without a name if nobody is to be known.

        What is said of it stands in its form; flags would name others.
        """
        self._record = record
        flags = (() if self.blind else each.flags for each in record.questions)
        questions = (
            replace(each, comment="", flags=own)
            for each, own in zip(record.questions, flags, strict=True)
        )
        name = record.learner
        if self.blind and any(each.waits for each in record.questions):
            self._called[record.exercise] += 1
            name = WORDS("by_hand.answer", number=self._called[record.exercise])
        return replace(record, learner=name, questions=tuple(questions))

    def look(self, shown: Record) -> Mapping[str, Around]:
        """Return what stands around the answers of the record that was called last."""
        return self.looked(self._record or shown)

    def __call__(self, shown: Record, question: Question) -> str:
        """Return the form for an answer."""
        key = key_of(self._record or shown, question)
        said, most, lines = self.marks.said_of(key), question.max_points, len(question.rubric)
        data = {"answer": len(self.given), "key": "/".join(key), "seen": json.dumps(said)}
        data |= {"most": most} | {name: WORDS(f"by_hand.{name}") for name in _STATES}
        if self.blind:
            data["key"] = hashlib.sha256("/".join(key).encode("utf-8", "replace")).hexdigest()
        self.given.append(Given(key, most, lines))
        attributes = " ".join(f'data-{name}="{escaped(str(each))}"' for name, each in data.items())
        told = {
            name: escaped(WORDS(f"by_hand.{name}", most=most))
            for name in ("points", "extra", "comment", "add", "reason")
        }
        again = "".join(f"<option>{escaped(each)}</option>" for each in self._again(key, question))
        inside = [
            _boxes(question, self.marks.line_of(key).met(lines)),
            '<div class="short">',
            *(
                f'<label>{told[name]}<input name="{name}" inputmode="decimal" size="8" '
                f'value="{escaped(said[name])}"></label>'
                for name in ("points", "extra")
            ),
            "</div>",
            f'<label>{told["comment"]}<textarea name="comment" rows="3">\n'
            f"{escaped(said['comment'])}</textarea></label>",
            f"<label>{told['add']}<select><option></option>{again}</select></label>",
            f'<label>{told["reason"]}<input name="reason" '
            f'value="{escaped(said["reason"])}"></label>',
            '<output role="status"></output>',
        ]
        return f'<form autocomplete="off" {attributes}>{"".join(inside)}</form>'

    def _again(self, key: Key, question: Question) -> Iterable[str]:
        """Return what may be said again: the rubric, own comments, and what others were told."""
        used = self._used[key[1], key[2]]
        often = sorted(used, key=lambda each: (-used[each], each))
        lines = chain(question.rubric, self.comments, often)
        return list(dict.fromkeys(" ".join(each.split()) for each in lines))[:MOST_COMMENTS]

    @cached_property
    def _used(self) -> dict[tuple[str, str], Counter[str]]:
        found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (_, exercise, name, _), mark in self.marks.given.items():
            found[exercise, name].update(filter(None, [mark.said.get("comment", "")]))
        return found


def _boxes(question: Question, met: Iterable[int]) -> str:
    """Return the lines of a rubric to tick; all are worth alike, and the page adds them up."""
    lines, met = enumerate(question.rubric, 1), {*met}
    if not question.rubric:
        return ""
    share = question.max_points / len(question.rubric)
    boxes = (
        f'<label><input type="checkbox" name="rubric" value="{n}"{" checked" * (n in met)}>'
        f"<span>{escaped(line)}</span></label>"
        for n, line in lines
    )
    legend = escaped(WORDS("by_hand.lines", points=share))
    return f"<fieldset><legend>{legend}</legend>{''.join(boxes)}</fieldset>"
