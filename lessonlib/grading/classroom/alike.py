"""Answers that are equal up to names, the order of lines and comments, and how common each is.

An answer that half of the class has is no sign of anything. So each likeness is weighed in bits, as
information is: one of two has it, 1 bit; one of a thousand, 10.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from lessonlib.grading.books.copies import ENOUGH_CODE, Place, undressed
from lessonlib.grading.books.journal import Record

ROUNDS = 4  # so far from each other may be two lines that tell one name from another
MOST_ALIKE = 10  # what more than so many wrote leads to no pair
MOST_PAIRS = 1_000
LONGEST = 20_000  # letters

_OWN = re.compile(r"\bname\d+\b")


def form(source: str) -> str:
    """Return what is equal for code that differs in names, order of lines and comments alone.

    A name is told by the lines in which it stands, and these by the lines around the names in
    them (colour refinement, Weisfeiler and Leman 1968). A line belongs to the one that it is
    indented below. Nothing if the code is too short, too long, or none.
    """
    code = undressed(source) if len(source) <= LONGEST else None
    if code is None or len(re.findall(r"\w+|[^\w\s]", code)) < ENOUGH_CODE:
        return ""
    lines = list(_with_heads(code.splitlines()))
    colours = dict.fromkeys(_OWN.findall(code), "")
    for _ in range(ROUNDS):
        seen: dict[str, list[str]] = defaultdict(list)
        for path in lines:
            text = "\n".join(path)
            around = _hashed(_coloured(text, colours))
            for at, name in enumerate(_OWN.findall(text)):
                seen[name].append(f"{at}:{around}")
        colours = {name: _hashed("|".join(sorted(each))) for name, each in seen.items()}
    return _hashed("|".join(sorted(_coloured("\n".join(path), colours) for path in lines)))


def _with_heads(lines: list[str]) -> Iterator[list[str]]:
    """Yield each line behind those that it is indented below."""
    above: list[tuple[int, str]] = []
    for line in lines:
        depth = len(line) - len(line.lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        above.append((depth, line.strip()))
        if line.strip():
            yield [text for _, text in above]


def _coloured(text: str, colours: dict[str, str]) -> str:
    return _OWN.sub(lambda name: f"<{colours[name[0]]}>", text)


def _hashed(text: str) -> str:
    return f"{hash(text):x}"


@dataclass
class _Alike:
    """What two learners have alike: how many bits, where, and how common it is at most."""

    bits: float = 0.0
    places: list[tuple[Place, int, int]] = field(default_factory=list)


def alike_lines(records: Iterable[Record]) -> Iterator[list[object]]:
    """Yield the lines of a table of whose answers are alike, the least common likeness first.

    Short answers, and what more than ten learners wrote, lead to no line.
    """
    forms: dict[Place, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    answered: Counter[Place] = Counter()
    verdicts: dict[tuple[str, Place], str] = {}
    for record in records:
        for each in record.questions:
            if each.written or not each.answer.strip() or each.verdict in ("missing", "unreadable"):
                continue
            place = record.exercise, each.question
            answered[place] += 1
            if key := form(each.answer):
                forms[place][key].append(record.learner)
                verdicts[record.learner, place] = each.verdict
    found: dict[tuple[str, str], _Alike] = defaultdict(_Alike)
    for place, groups in forms.items():
        for learners in groups.values():
            if not 2 <= len(learners) <= MOST_ALIKE:
                continue
            for pair in combinations(sorted(learners), 2):
                alike = found[pair]
                alike.bits += -math.log2((len(learners) - 1) / max(1, answered[place] - 1))
                alike.places.append((place, len(learners), answered[place]))
    yield [
        "learner",
        "other",
        "bits",
        "alike_in",
        "exercise",
        "question",
        "verdict",
        "wrote_so",
        "of",
    ]
    by_bits = sorted(found.items(), key=lambda each: (-each[1].bits, each[0]))
    for pair, alike in by_bits[:MOST_PAIRS]:
        for place, count, of in alike.places:
            where = (len(alike.places), *place, verdicts[pair[0], place], count, of)
            yield [*pair, alike.bits, *where]
