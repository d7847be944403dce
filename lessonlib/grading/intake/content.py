"""Which exercise a notebook is of, whatever it is called: by the course's cells that are in it."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from lessonlib.grading.intake.reading import UnreadableError, cells_in, plain, text_of

ENOUGH = 0.3  # of an exercise's cells; a learner may have deleted the others


class Contents:
    """The exercises of a course, told apart by cells that no other exercise has.

    The references are by exercise. They are read once a notebook asks for it.
    """

    def __init__(self, references: Mapping[str, Path]) -> None:
        self.references = references

    @cached_property
    def _telling(self) -> dict[str, tuple[set[str], set[str]]]:
        own = {name: _told(path.read_bytes()) for name, path in self.references.items()}
        times = Counter(each for sets in own.values() for those in sets for each in those)
        return {
            name: tuple({each for each in those if times[each] == 1} for those in sets)
            for name, sets in own.items()
        }

    def exercise_of(self, data: bytes) -> str | None:
        """Return the exercise whose cells a notebook holds; None if that is none, or not clear."""
        try:
            ids, texts = _told(data)
        except UnreadableError:
            return None
        shares = Counter()
        for name, sets in self._telling.items():
            pairs = zip(sets, (ids, texts), strict=True)
            shares[name] = max(len(own & said) / max(1, len(own)) for own, said in pairs)
        (best, share), *others = [*shares.most_common(2), ("", 0.0)]
        return best if share >= ENOUGH and share > 2 * others[0][1] else None


def _told(data: bytes) -> tuple[set[str], set[str]]:
    cells: list[dict[str, Any]] = cells_in(data)
    ids = {cell["id"] for cell in cells if isinstance(cell.get("id"), str)}
    texts = {plain(text_of(cell) or "") for cell in cells} - {""}
    return ids, texts
