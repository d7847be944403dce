"""A score that can be compared, as a question: 0 for the cheap guesser, 1 for the best possible."""

from random import Random

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.numbers import close, wrong_formula


def share_of_achievable(score: float, chance: float, best: float) -> float:
    """Say how far a score has come from the cheap baseline to the best possible answer.

    Parameters
    ----------
    score, chance, best : float
        What the model, the baseline and the oracle reach on the same exam, in the same unit.

    Returns
    -------
    float
        0 at the baseline, 1 at the oracle, negative below the baseline.
    """
    return (score - chance) / (best - chance)


def _draw(rng: Random) -> Arguments:
    chance, best = round(rng.uniform(0.1, 0.3), 3), round(rng.uniform(0.7, 0.9), 3)
    return round(rng.uniform(chance + 0.13, best - 0.13), 3), chance, best


def _edges(rng: Random) -> list[Arguments]:
    _, chance, best = _draw(rng)
    below, above = round(chance - 0.07, 3), round(best + 0.04, 3)
    return [(below, chance, best), (above, chance, best), (chance, chance, best)]


NO_BRACKETS = (
    "Python divides before it subtracts, so only the two numbers beside `/` are divided. Put each "
    "difference into brackets of its own."
)

SHARE = Question(
    name="share_of_achievable",
    parameters=("score", "chance", "best"),
    parts=("share",),
    reference=share_of_achievable,
    draw=_draw,
    edges=_edges,
    causes=(
        wrong_formula(
            "chance_left_out",
            lambda score, chance, best: score / best,
            "You compare with the best answer only, so a model that guesses looks as if it had "
            "learnt something. Take off what chance gives, above and below the line.",
        ),
        wrong_formula(
            "chance_taken_off_once",
            lambda score, chance, best: (score - chance) / best,
            "You take chance off the score, but not off the best score. Then even a perfect model "
            "does not reach 1.",
        ),
        wrong_formula(
            "brackets_missing",
            lambda score, chance, best: score - chance / best - chance,
            NO_BRACKETS,
        ),
        wrong_formula(
            "brackets_missing",
            lambda score, chance, best: (score - chance) / best - chance,
            NO_BRACKETS,
        ),
        wrong_formula(
            "brackets_missing",
            lambda score, chance, best: score - chance / (best - chance),
            NO_BRACKETS,
        ),
        wrong_formula(
            "not_divided",
            lambda score, chance, best: score - chance,
            "You take chance off but do not divide. On a hard exam, where little can be reached, a "
            "good model would look bad.",
        ),
        wrong_formula(
            "best_left_out",
            lambda score, chance, best: (score - chance) / (1 - chance),
            "You measure against a score of 1. Where several words are possible nobody reaches "
            "that; the oracle's score is the end of the scale.",
        ),
        wrong_formula(
            "turned_round",
            lambda score, chance, best: (best - score) / (best - chance),
            "Your scale runs the wrong way: chance should give 0, and the best score 1.",
        ),
        Cause(
            "turned_round",
            lambda score, chance, best, share: close(share, (chance - score) / (best - chance)),
            "Your scale runs the wrong way: chance should give 0, and the best score 1.",
        ),
        wrong_formula(
            "upside_down",
            lambda score, chance, best: (best - chance) / (score - chance),
            "Your fraction is upside down: what was reached stands above the line, what could be "
            "reached below.",
        ),
        wrong_formula(
            "distance_to_best",
            lambda score, chance, best: best - score,
            "You return how much is missing. Say how far the model has come.",
        ),
        wrong_formula(
            "ratio_to_chance",
            lambda score, chance, best: score / chance,
            "You say how many times better than chance the score is. On such a scale the best "
            "possible model has a different number on every exam.",
        ),
        Cause(
            "in_percent",
            lambda score, chance, best, share: close(
                share, 100 * share_of_achievable(score, chance, best), 0.6
            ),
            "You return percent. Return the share itself, 1 for the best; percent is for showing.",
        ),
        Cause(
            "clipped",
            lambda score, chance, best, share: close(
                share, min(max(share_of_achievable(score, chance, best), 0), 1)
            ),
            "You cut the scale off at its end. A model below chance has learnt something wrong, "
            "and that should be seen; so should one that was lucky.",
            may_be_right=True,
        ),
        Cause(
            "size_without_sign",
            lambda score, chance, best, share: close(
                share, abs(share_of_achievable(score, chance, best))
            ),
            "You drop the minus sign: below chance is not above chance.",
        ),
    ),
    read_again="notebook 04_what_each_is_better_at, “Six abilities that can be measured”",
)

QUESTIONS = (SHARE,)
