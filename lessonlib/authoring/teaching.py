"""What is made for the teaching guide: the questions to vote on, and a week of self-study."""

import os
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from lessonlib.authoring.sources import read_source
from lessonlib.practice import terms
from lessonlib.practice.concepts import concepts
from lessonlib.practice.course import STEPS, Step
from lessonlib.words import Words

TEACHING = Words("teaching")
LETTERS = "ABCD"
DAYS = 7


def votes(course: Path, place: Path) -> str:
    """Write every question to vote on, with what is behind each wrong choice."""
    return "\n\n".join(_vote(vote, place) for vote in TEACHING.texts["votes"].values())


def week(course: Path, place: Path) -> str:
    """Deal out the pages of the course, in their order, to the days of a week, as evenly as can be.

    Times are those that the pages themselves say.
    """
    minutes = [_minutes(course, step) for step in STEPS]
    lines = [_row(_said("day"), _said("pages"), _said("time")), _row("---", "---", "---")]
    for number, (first, last) in enumerate(_evenly(minutes, DAYS), 1):
        pages = "; ".join(_link(step, place) for step in STEPS[first:last])
        lines.append(_row(str(number), pages, _said("minutes", minutes=sum(minutes[first:last]))))
    return "\n".join(lines)


def misconceptions() -> dict[str, str]:
    """Return what each misconception of the inventory says, by its name."""
    choices = (choice for concept in concepts().values() for choice in concept.choices)
    return {choice.misconception: choice.says for choice in choices if choice.says}


def anchor(title: str) -> str:
    """Return the part of a link that leads to a vote, in every viewer."""
    return f"vote-{terms.anchor(title)}"


def _vote(vote: dict[str, Any], place: Path) -> str:
    page = next(step for step in STEPS if step.name == vote["_page"])
    after = _said("after", page=_link(page, place))
    heads = _row("", _said("choice"), _said("thinks"), _said("say"))
    lines = [f'<a id="{anchor(vote["title"])}"></a>', "", f"### {vote['title']}", ""]
    lines += [f"*{after}* {vote['question']}", ""]
    lines += [heads, _row("---", "---", "---", "---")]
    for letter, choice in zip(LETTERS, vote["choices"], strict=True):
        thinks = choice.get("thinks") or misconceptions().get(choice.get("_misconception", ""))
        letter = letter if thinks else f"**{letter}**"
        lines.append(
            _row(letter, choice["text"], thinks or f"✓ {_said('right')}", choice["because"])
        )
    return "\n".join(lines)


def _minutes(course: Path, step: Step) -> int:
    folder = "solutions" if step.folder == "exercises" else step.folder
    source = read_source(course / folder / "text" / f"{step.name}.md")
    return source.metadata.get("lessonlib", {}).get("minutes", 0)


def _evenly(minutes: list[int], parts: int) -> list[tuple[int, int]]:
    """Cut a list into neighbouring parts so that the longest is as short as can be."""
    until = [0, *accumulate(minutes)]
    best: dict[int, tuple[int, list[int]]] = {0: (0, [0])}  # by end: the longest, and the cuts
    for _ in range(parts):
        best = {
            end: min(
                (max(longest, until[end] - until[cuts[-1]]), [*cuts, end])
                for longest, cuts in best.values()
                if cuts[-1] <= end
            )
            for end in range(len(minutes) + 1)
        }
    cuts = best[len(minutes)][1]
    return [(first, last) for first, last in pairwise(cuts) if first < last]


def _link(step: Step, place: Path) -> str:
    target = os.path.relpath(step.file, place.parent.as_posix() or ".").replace(os.sep, "/")
    return f"[{step.title}]({target})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _said(key: str, **slots: object) -> str:
    return TEACHING(f"said.{key}", **slots)
