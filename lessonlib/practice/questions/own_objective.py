"""An objective of one's own as a question: any rule will do that makes honest questions.

What is checked are laws, not values: the answers are hidden, they come from the text, and the same
dice make the same questions.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from lessonlib import checks
from lessonlib.practice.question import Arguments, Case, Question
from lessonlib.practice.questions.sentences import distinct
from lessonlib.samples import MASK, Sample, is_special
from lessonlib.samples.sample import encoder_only

Row = list[Any]

LOOKS = ("back", "both")
ROOM = 4  # tokens that a row may have more than its text: as many as the models have room for
MOST_IN_VIEW = 0.8  # share of questions whose answer may be read off


def make_batch(texts: list[list[str]], rolls: list[list[float]]) -> tuple[list, list, str]:
    """Hide every word whose roll is below 0.3, and ask for it: masked LM, as an example.

    Returns what is read and what is to be said, row by row (None where nothing is asked), and
    whether the model looks "back" or to "both" sides.
    """
    inputs, targets = [], []
    for text, row in zip(texts, rolls, strict=True):
        hidden = [roll < 0.3 for roll in row]
        inputs.append([MASK if hide else word for word, hide in zip(text, hidden, strict=True)])
        targets.append([word if hide else None for word, hide in zip(text, hidden, strict=True)])
    return inputs, targets, "both"


def _texts(rng: Random, rows: int = 4, least: int = 6, most: int = 9) -> Arguments:
    """Draw texts, and rolls that are spread evenly, so that some are low whatever the dice do."""
    texts = [distinct(rng, least, most) for _ in range(rows)]
    count = sum(map(len, texts))
    spread = [round((place + 0.5) / count, 3) for place in range(count)]
    rng.shuffle(spread)
    return texts, [[spread.pop() for _ in text] for text in texts]


def _edges(rng: Random) -> list[Arguments]:
    again = _texts(rng)
    return [again, again, _texts(rng, rows=1), _texts(rng, 3, 3, 4), again, _texts(rng, 3, 12, 14)]


# The laws. Each is told with the first place where it is broken.


def _rows(c: Case) -> Iterator[tuple[list[str], Row, Row]]:
    yield from zip(c.texts, c.inputs, c.targets, strict=True)


def _questions(c: Case) -> Iterator[tuple[Row, int, Any]]:
    """Yield what is read in a row, the place of each question in it, and its answer."""
    for _, read, said in _rows(c):
        yield from ((read, at, answer) for at, answer in enumerate(said) if answer is not None)


def _no_rows(c: Case) -> object:
    kept = isinstance(c.inputs, list) and isinstance(c.targets, list)
    if kept and len(c.inputs) == len(c.targets) == len(c.texts):
        return all(isinstance(row, list) and row for row in [*c.inputs, *c.targets]) is False
    return True


def _unequal(c: Case) -> object:
    found = ((len(read), len(said)) for _, read, said in _rows(c) if len(read) != len(said))
    one, other = next(found, (0, 0))
    return one != other and {"read": one, "said": other}


def _foreign_input(c: Case) -> object:
    words = {word for text in c.texts for word in text}
    known = (each for _, read, _ in _rows(c) for each in read)
    other = next((w for w in known if not (w in words or is_special(w))), "")
    return other != "" and {"word": other}


def _foreign_target(c: Case) -> object:
    for text, _, said in _rows(c):
        for word in said:
            if word is not None and word not in text and not is_special(word):
                return {"word": word}
    return False


def _too_long(c: Case) -> object:
    for text, read, _ in _rows(c):
        if len(read) > len(text) + ROOM:
            return {"length": len(read), "words": len(text), "room": ROOM}
    return False


def _asks_nothing(c: Case) -> bool:
    return not any(True for _ in _questions(c))


def _share(questions: list, is_told: Callable[[Row, int, Any], bool]) -> float:
    return sum(is_told(*each) for each in questions) / max(1, len(questions))


def _copied(c: Case) -> object:
    """Fit where most answers stand at one and the same distance from their question, in view."""
    found = [each for each in _questions(c) if not is_special(each[2])]
    for distance in range(-3, 1 if c.looks == "back" else 4):

        def is_there(read: Row, at: int, answer: Any, distance: int = distance) -> bool:
            return 0 <= at + distance < len(read) and read[at + distance] == answer

        if found and _share(found, is_there) > MOST_IN_VIEW:
            return {"form": "here" if distance == 0 else "beside", "distance": abs(distance)}
    return False


def _somewhere_in_view(c: Case) -> object:
    """Fit where most answers can be read somewhere, unless the text is there in another order."""
    moved = all(sorted(map(str, read)) == sorted(text) for text, read, _ in _rows(c))
    found = [each for each in _questions(c) if not is_special(each[2])]

    def is_seen(read: Row, at: int, answer: Any) -> bool:
        return answer in (read[: at + 1] if c.looks == "back" else read)

    return not moved and _share(found, is_seen) > MOST_IN_VIEW


def _other_each_time(c: Case) -> bool:
    same = [each for each in c.calls if each.arguments == c.arguments]
    return any(each.value != c.value for each in same)


LAWS = {
    "looks_elsewhere": lambda c: c.looks not in LOOKS,
    "rows_missing": _no_rows,
    "lengths_differ": _unequal,
    "strange_input": _foreign_input,
    "strange_target": _foreign_target,
    "too_long": _too_long,
    "nothing_asked": _asks_nothing,
    "nothing_asked_here": _asks_nothing,
    "answer_in_view": _copied,
    "answer_somewhere_in_view": _somewhere_in_view,
    "other_each_time": _other_each_time,
}


def _drawn(c: Case) -> Sample:
    """Make a sample of the first row; nothing is asked where its target is None."""
    if _no_rows(c):
        raise TypeError(c.inputs)  # a text would be drawn letter by letter
    read, said = c.inputs[0], c.targets[0]
    targets = [word if answer is None else answer for word, answer in zip(read, said, strict=True)]
    asked = [at for at, answer in enumerate(said) if answer is not None]
    sample = encoder_only("masked", read, targets, asked)
    if c.looks == "both":
        return sample
    return Sample("causal", None, read, targets, sample.loss_mask, ("causal", len(read)))


OWN = Question(
    reference=make_batch,
    parts=("inputs", "targets", "looks"),
    draw=_texts,
    edges=_edges,
    mistakes=LAWS,
    accepts=lambda c: not any(law(c) for law in LAWS.values()),
    as_sample=_drawn,
)


# A prediction that says something: a range for each ability, narrow enough to be wrong.

ABILITIES = ("continuation", "blank", "missing_span")
LOWEST, HIGHEST, WIDEST = -20, 100, 40


def my_prediction(ability: str) -> tuple[float, float]:
    """Predict a score in per cent of what can be reached: from where to where it will lie."""
    known = {"continuation": (0, 10), "blank": (70, 95), "missing_span": (30, 60)}
    return known[checks.one_of(ability, "ability", known)]


PREDICTION_LAWS = {
    "in_words": lambda c: any(isinstance(each, str) for each in c.returned),
    "one_number": lambda c: isinstance(c.value, (int, float)),
    "same_for_all": lambda c: len(c.calls) > 1 and len({str(each.value) for each in c.calls}) == 1,
    "in_shares": lambda c: all(0 < each.highest <= 1 for each in c.calls),
    "turned_round": lambda c: c.lowest > c.highest,
    "outside": lambda c: c.lowest < LOWEST or c.highest > HIGHEST,
    "too_wide": lambda c: c.highest - c.lowest > WIDEST,
    "a_point": lambda c: c.highest == c.lowest,
}

PREDICTION = Question(
    reference=my_prediction,
    parts=("lowest", "highest"),
    draw=lambda rng: (rng.choice(ABILITIES),),
    edges=lambda rng: [(ability,) for ability in ABILITIES],
    mistakes=PREDICTION_LAWS,
    accepts=lambda c: not any(law(c) for law in PREDICTION_LAWS.values()),
)
