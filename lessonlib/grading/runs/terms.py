"""How a run grades: the references, the seed, the budget; the same on every machine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import nbformat

from lessonlib.grading.confined.budget import DEFAULT, Budget
from lessonlib.grading.intake.assignment import Assignment


@dataclass(frozen=True, kw_only=True)
class Setting:
    """All that a worker needs to know before its first job, on whatever machine it runs."""

    assignments: tuple[Assignment, ...]
    seed: int
    sandbox: bool
    private: tuple[str, ...] = ()
    warm: bool = True
    budget: Budget = DEFAULT

    def to_json(self) -> str:
        """Write the setting as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Setting:
        """Read what ``to_json`` wrote."""
        data = json.loads(line)
        data["assignments"] = tuple(
            Assignment(each["exercise"], nbformat.from_dict(each["notebook"]), each["placeholders"])
            for each in data["assignments"]
        )
        return cls(**data | {"budget": Budget(**data["budget"]), "private": tuple(data["private"])})
