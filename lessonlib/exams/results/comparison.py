"""“One objective is better than the other”: the best row of every column, and by how much."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from lessonlib.exams.results.stored import Cell, Results, interval


@dataclass(frozen=True)
class Best:
    """The best objective for one ability and one way to answer."""

    ability: str
    answer: str
    # the two highest means
    objective: str
    runner_up: str
    # mean difference of their scores, seed by seed, and half of its 95 % interval
    lead: float
    half: float
    cell: Cell  # the best cell, with its cost in forward passes

    @property
    def clear(self) -> bool:
        """Whether the interval of the lead lies above zero."""
        return self.lead > self.half


def ranking(
    cells: Mapping[tuple[str, str, str], Cell],
    ability: str,
    among: Container[str] | None = None,
    answer: str | None = None,
) -> list[str]:
    """Order objectives by their mean score at one ability, the best first.

    `cells` is the matrix, from (objective, ability, answer) to a cell. Only objectives in `among`
    count, and only one way of answering if `answer` names it, else the better of both. Who has no
    such answer is left out.
    """
    best: dict[str, float] = {}
    for (objective, column, way), cell in cells.items():
        wanted = column == ability and answer in (None, way)
        if wanted and (among is None or objective in among):
            best[objective] = max(cell.mean, best.get(objective, cell.mean))
    return sorted(best, key=best.__getitem__, reverse=True)


def best_rows(results: Results) -> list[Best]:
    """Compare objectives column by column: first native answers, then with work-arounds.

    A seed gives every objective the same sentences and questions, so scores are compared seed by
    seed: what a seed does to all of them cancels. A model may use a work-around where it has one;
    where it has none its native answer stands for it.
    """
    found = []
    for ability, metric in results.abilities().items():
        native = results.by_seed(ability, "native", metric)
        around = {**native, **results.by_seed(ability, "workaround", metric)}
        for answer, scores in (("native", native), ("workaround", around)):
            ranked = sorted(scores, key=lambda name: -_mean(scores[name]))
            if len(ranked) < 2:
                continue
            first, second = ranked[:2]
            seeds = sorted(set(scores[first]) & set(scores[second]))
            lead, half = interval([scores[first][s] - scores[second][s] for s in seeds])
            cell = results.cell(first, ability, answer, metric)
            cell = cell or results.cell(first, ability, "native", metric)
            found.append(Best(ability, answer, first, second, lead, half, cell))
    return found


def _mean(by_seed: dict[int, float]) -> float:
    return sum(by_seed.values()) / len(by_seed)
