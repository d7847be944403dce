"""A score that can be compared, as a question: 0 for the cheap guesser, 1 for the best possible."""

from random import Random

from lessonlib.practice.question import Arguments, Case, Cause, Question
from lessonlib.practice.questions.numbers import close, wrong_formula


def share_of_achievable(score: float, chance: float, best: float) -> float:
    """Say how far a score has come from the cheap baseline (0) to the best possible answer (1).

    All three are of the same exam, in the same unit; below the baseline the share is negative.
    """
    return (score - chance) / (best - chance)


def _draw(rng: Random) -> Arguments:
    chance, best = round(rng.uniform(0.1, 0.3), 3), round(rng.uniform(0.7, 0.9), 3)
    return round(rng.uniform(chance + 0.13, best - 0.13), 3), chance, best


def _edges(rng: Random) -> list[Arguments]:
    _, chance, best = _draw(rng)
    below, above = round(chance - 0.07, 3), round(best + 0.04, 3)
    return [(below, chance, best), (above, chance, best), (chance, chance, best)]


def _share(c: Case) -> float:
    return share_of_achievable(*c.arguments)


SHARE = Question(
    reference=share_of_achievable,
    parts=("share",),
    draw=_draw,
    edges=_edges,
    causes=(
        wrong_formula("chance_left_out", lambda c: c.score / c.best),
        wrong_formula("chance_taken_off_once", lambda c: (c.score - c.chance) / c.best),
        wrong_formula("brackets_missing", lambda c: c.score - c.chance / c.best - c.chance),
        wrong_formula("brackets_missing", lambda c: (c.score - c.chance) / c.best - c.chance),
        wrong_formula("brackets_missing", lambda c: c.score - c.chance / (c.best - c.chance)),
        wrong_formula("not_divided", lambda c: c.score - c.chance),
        wrong_formula("best_left_out", lambda c: (c.score - c.chance) / (1 - c.chance)),
        wrong_formula("turned_round", lambda c: (c.best - c.score) / (c.best - c.chance)),
        Cause("turned_round", lambda c: close(c.share, (c.chance - c.score) / (c.best - c.chance))),
        wrong_formula("upside_down", lambda c: (c.best - c.chance) / (c.score - c.chance)),
        wrong_formula("distance_to_best", lambda c: c.best - c.score),
        wrong_formula("ratio_to_chance", lambda c: c.score / c.chance),
        Cause("in_percent", lambda c: close(c.share, 100 * _share(c), 0.6)),
        Cause("clipped", lambda c: close(c.share, min(max(_share(c), 0), 1)), may_be_right=True),
        Cause("size_without_sign", lambda c: close(c.share, abs(_share(c)))),
    ),
)
