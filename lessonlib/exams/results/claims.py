"""What the notebooks claim of measurements, as data: each claim is recomputed from stored rows.

``claims.toml`` has, for each sentence of a page that says a number or compares, what it rests on:

- `numbers`: what is shown, and the rows of which it is the mean (``of`` a column, ``times`` 100 for
  per cent);
- `highest` and `lowest`: which objective has the highest mean `among` some, or the lowest, by rows
  (``of`` a column); whoever stands there may be a name, or say what its rows say besides, as
  ``{objective = "masked", answer = "workaround"}``;
- `at_most` and `at_least`: rows whose mean does not exceed a `limit`, or reaches it;
- `due`: the share of an ability that goes ``to`` the "objective", the "architecture" or "both", in
  per cent, where some ``objectives`` and ``architectures`` are fully crossed;
- `clear`, `unclear` and `level`: pairs of rows compared seed by seed. What is clear is clear after
  correcting for all comparisons that are claimed of the page, of any kind, or for more if a pair
  was found ``among`` more; what is unclear is not. Between those that are level no difference can
  be told, even without correcting: else that would be the easier to say the more a page compares.
  What is ``shown`` is the difference (``of`` a column) with the interval that counts.

Rows are named by what they say; see `rows_of`. What is a number or a
comparison and no measurement, is listed as such: `unclaimed` finds what is neither.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.results import NEVER_READ, stored_rows
from lessonlib.exams.results.effects import Difference, differences, effects

FILE = Path(__file__).with_name("claims.toml")

#: Words and signs by which a sentence claims something.
_CLAIMING = re.compile(
    r"\d|\b(?:more|most|less|least|best|better|worse|worst|highest|lowest|clear(?:ly)?|leads?)\b"
)
#: Names with a number in them, and references.
_NAMES = re.compile(
    r"\b[A-Z]+\d\b"
    r"|\b(?:notebooks?|exercises?|section|table) \d+[a-z]?(?:(?:, | and | to )\d+[a-z]?)*"
    r"|\[\d\d[a-z]?\b|\b20\d\d\b",
    re.IGNORECASE,
)
#: What is no sentence of a page: code, what is above the first heading, links, numbers of a list.
_LEFT_OUT = re.compile(
    r"\A.*?(?=^# )|```.*?```|^\+\+\+.*?$|^#.*?$|\]\([^)]*\)|^ *\d\. |<[^>]*>|^\*Time: .*?\*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Claim:
    """A sentence, or a part of one, and what it rests on."""

    page: str  # number of the notebook, as "04", or of an exercise, as "exercise 04"
    says: str  # as it stands in the notebook's source
    numbers: Sequence[Mapping[str, Any]] = ()
    highest: Sequence[Mapping[str, Any]] = ()
    lowest: Sequence[Mapping[str, Any]] = ()
    at_most: Sequence[Mapping[str, Any]] = ()
    at_least: Sequence[Mapping[str, Any]] = ()
    due: Sequence[Mapping[str, Any]] = ()
    clear: Sequence[Mapping[str, Any]] = ()
    unclear: Sequence[Mapping[str, Any]] = ()
    level: Sequence[Mapping[str, Any]] = ()

    @property
    def comparisons(self) -> int:
        """How many pairs it compares."""
        return len(self.clear) + len(self.unclear) + len(self.level)


@cache
def claims() -> tuple[Claim, ...]:
    """Return all claims, page by page."""
    return tuple(Claim(**one) for one in _file()["claim"])


def no_claims() -> dict[str, list[str]]:
    """Return sentences that are no claims of a measurement, by page; of long ones the beginning."""
    return _file()["no_claim"]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def wrong(claim: Claim, every: Iterable[Claim]) -> list[str]:
    """Return what does not hold of a claim; `every` claim is asked for those of its page."""
    pairs = sum(one.comparisons for one in every if one.page == claim.page)
    found = [*_wrong_numbers(claim), *_wrong_ranks(claim), *_out_of_bounds(claim)]
    found += _wrong_shares(claim)
    kinds = ((True, pairs, claim.clear), (False, pairs, claim.unclear), (False, 1, claim.level))
    for wanted, comparisons, some in kinds:
        for pair in some:
            difference = compared(pair, max(comparisons, pair.get("among", 0)))
            told = f"{100 * difference.mean:.0f} ± {100 * difference.half:.0f}".replace("-", "−")
            shown = pair.get("shown", told)
            if difference.clear != wanted or (wanted and difference.mean < 0):
                found.append(f"{pair}: {difference.mean:.3f} ± {difference.half:.3f}")
            elif shown != told or (shown not in claim.says and "shown" in pair):
                found.append(f"{shown}: {told}")
    return found


def compared(pair: Mapping[str, Any], comparisons: int) -> Difference:
    """Compare `more` with `less`, in what `alike` says of both, over all seeds that both have."""
    column = pair.get("of", "score")
    sides = [
        {row["seed"]: row[column] for row in rows_of(pair.get("alike", {}) | pair[side])}
        for side in ("more", "less")
    ]
    return differences([tuple(sides)], comparisons)[0]


def rows_of(wanted: Mapping[str, Any]) -> list[Row]:
    """Return the rows that a claim names, one at least; of the exam unless it names others.

    They are about meanings that were never read, and in the exam about usual architectures, unless
    a claim names others.
    """
    wanted = {"experiment": "exam", "baseline": None} | wanted
    rows = [
        row
        for row in _stored(wanted["experiment"])
        if all(row.get(name) == value for name, value in wanted.items())
        and ("meanings" in wanted or row["meanings"] in NEVER_READ)
        and ("architecture" in wanted or wanted["experiment"] != "exam" or row["usual"])
    ]
    if not rows:
        raise LookupError(f"{wanted}")
    return rows


_stored = cache(stored_rows)


def unclaimed(page: str, known: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a page's source that claim something, and are not known.

    A sentence is known if it is one of them, begins with one, or is a part of one.
    """
    known = list(known)
    for part in re.split(r"\n\s*\n|\n(?=- |\||\d\. )|\|", _LEFT_OUT.sub("", page)):
        for sentence in re.split(r"(?<=[.!?:])[*)]*\s+", " ".join(part.split())):
            about = any(says in sentence or sentence in says for says in known)
            if _CLAIMING.search(_NAMES.sub("", sentence)) and not about:
                yield sentence


def _wrong_numbers(claim: Claim) -> Iterator[str]:
    for number in claim.numbers:
        values = [row[number.get("of", "score")] for row in rows_of(number["rows"])]
        mean = number.get("times", 100) * float(np.mean(values))
        if not _said(number["shown"], mean, claim):
            yield f"{number['shown']}: {mean}"


def _wrong_ranks(claim: Claim) -> Iterator[str]:
    for sign, ranks in ((1, claim.highest), (-1, claim.lowest)):
        for rank in ranks:
            column = rank.get("of", "score")
            means = [sign * _mean(rank["rows"], one, column) for one in rank["among"]]
            if rank["among"][int(np.argmax(means))] != rank["objective"]:
                yield f"{rank['objective']}: {means}"


def _out_of_bounds(claim: Claim) -> Iterator[str]:
    for sign, bounds in ((1, claim.at_most), (-1, claim.at_least)):
        for bound in bounds:
            mean = _mean(bound["rows"], {}, bound.get("of", "score"))
            if sign * mean > sign * bound["limit"]:
                yield f"{bound['limit']}: {mean}"


def _wrong_shares(claim: Claim) -> Iterator[str]:
    for one in claim.due:
        objectives, architectures = one["objectives"], one["architectures"]
        cells = [
            {"objective": name, "architecture": shape, "answer": NATIVE}
            for name in objectives
            for shape in architectures
        ]
        rows = [row for cell in cells for row in rows_of(one["rows"] | cell)]
        share = 100 * effects(rows, objectives, architectures)[one["to"]].share
        if not _said(one["shown"], share, claim):
            yield f"{one['shown']}: {share}"


def _said(shown: str, value: float, claim: Claim) -> bool:
    """Tell whether a number is what is shown, and stands in the sentence by itself."""
    rounded = re.sub(r"^-(?=[0.]+$)", "", f"{value:.{len(shown.partition('.')[2])}f}")
    alone = re.search(rf"(?<![\d.]){re.escape(shown)}(?!\d|\.\d)", claim.says)
    return rounded == shown.replace("−", "-") and bool(alone)


def _mean(rows: Mapping[str, Any], who: str | Mapping[str, Any], column: str) -> float:
    named = {"objective": who} if isinstance(who, str) else who
    return float(np.mean([row[column] for row in rows_of({**rows, **named})]))
