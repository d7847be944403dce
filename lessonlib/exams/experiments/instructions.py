"""Base models and questions: what examples in the text do, and what practice with answers does.

A text here is a few sentences; half of the time one is said again in other words, from the other
side, as texts do. A question is nothing new either: words that every text has ("to the", "from
the") after a sentence in which that person is to be found. Three causal models differ in what they
have read: sentences alone; in a tenth of the texts each sentence is followed by who gets; the same
with who gets or what. All are asked who gets, and who gives, which nobody has practised, with up to
three worked examples in front. Source of the question: Brown et al. 2020, "Language Models are
Few-Shot Learners".
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import MakeBatch, Recipe, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row, share
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.cells import PARAMETERS, searched_rate
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.sentences.practice import causal
from lessonlib.exams.sentences.shapes import FORWARD, SHAPES
from lessonlib.exams.sentences.subject import own_practice
from lessonlib.exams.sentences.tasks import names
from lessonlib.exams.sentences.unread import READ, PartOfLanguage, read_village
from lessonlib.samples import START
from lessonlib.worlds.sentences import Sentence

LENGTH = 64  # words of a text; what is longer is cut
BLOCKS = 4  # most sentences of a text, each with what belongs to it
ROWS = 32  # texts at once
WITH_ANSWERS = 0.1  # of the texts
SAID_AGAIN = 0.5  # of the sentences
EXAMPLES = (0, 1, 2, 3)
QUESTIONS = 400

#: What is asked about a sentence: the words of the question, then of the answer.
KINDS: dict[str, Callable[[Sentence], tuple[str, ...]]] = {
    "who_gets": lambda one: ("to", "the", _person(one, "receiver"), "."),
    "who_gives": lambda one: ("from", "the", _person(one, "giver"), "."),
    "what": lambda one: (*one.words[3:-4], "."),
}
ASKED = ("who_gets", "who_gives")
#: What the texts of a model ask and answer.
PRACTICES = {"none": (), "who_gets": ("who_gets",), "who_gets_and_what": ("who_gets", "what")}


def jobs(size: Size) -> list[tuple]:
    """One job for each practice and seed."""
    return size.jobs(answered, PRACTICES)


def answered(practice: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train a model on texts and ask it.

    Rows have "practice", "examples", and "answers_of_examples": right ones, or those of others.
    """
    recipe = Recipe(
        "causal", FORWARD, DecoderOnly, causal, learning_rate=searched_rate("causal", FORWARD),
        about={
            "parameters": PARAMETERS["causal"] | {"questions in texts": PRACTICES[practice]},
            "usual": False,
            "layers": SHAPES[FORWARD].layers,
            "layers_passed": SHAPES[FORWARD].passed,
        },
    )  # fmt: skip
    material = partial(Documents, practice)
    subject = Subject(f"texts with {practice}", material, {}, {}, own_practice)
    candidate = trained(recipe, subject, seed, steps, kept)
    about = described(recipe, candidate) | {"practice": practice, "seed": seed}
    return [
        found.row(**about, **more)
        for number, kind in enumerate(ASKED)
        for meanings, part in candidate.language.read.parts.items()
        for found, more in _told(candidate, kind, meanings, part, [seed, 70, number])
    ]


def _told(
    candidate: DecoderOnly, kind: str, meanings: str, part: PartOfLanguage, draw: list[int]
) -> Iterator[tuple[Measurement, dict]]:
    """Ask with every number of examples, and with answers that belong to other examples."""
    rng = np.random.default_rng(draw)
    asked = [plain(part, rng) for _ in range(QUESTIONS)]
    for count in EXAMPLES:
        for true in (True, False) if count else (True,):
            rng = np.random.default_rng([*draw, count])
            texts = [question(part, kind, one, count, true, rng) for one in asked]
            answers = "right" if true else "others"
            for metric, raw, chance in judged(candidate, kind, texts, asked):
                found = Measurement(NATIVE, metric, QUESTIONS, raw, chance, 1.0, 1.0)
                yield (
                    found,
                    {
                        "ability": kind,
                        "meanings": meanings,
                        "examples": count,
                        "answers_of_examples": answers,
                    },
                )


def question(
    part: PartOfLanguage,
    kind: str,
    asked: Sentence,
    count: int,
    true: bool,
    rng: np.random.Generator,
) -> list[str]:
    """Return a text that ends before the answer; its examples are about read meanings."""
    shown = [plain(part.parts[READ], rng) for _ in range(count)]
    answers = [KINDS[kind](one) for one in shown]
    if not true:  # each has the answer to another sentence, which is not shown
        answers = [KINDS[kind](plain(part.parts[READ], rng)) for _ in shown]
    before = [word for one, said in zip(shown, answers, strict=True) for word in one.words + said]
    return [*before, *asked.words, *KINDS[kind](asked)[:-2]]


def judged(
    candidate: DecoderOnly, kind: str, texts: Sequence[list[str]], asked: Sequence[Sentence]
) -> Iterator[tuple[str, float, float]]:
    """Yield metric, what was reached, and chance: the right person, and rather than the other.

    Guessing says the person who is right most often.
    """
    encode = candidate.vocabulary.encode
    rows = [encode((START, *words)) for words in texts]
    said = candidate.over_words(rows, [[len(row) - 1] for row in rows])
    roles = ("receiver", "giver") if kind == "who_gets" else ("giver", "receiver")
    right, other = ([encode(sorted(_names(one, role))) for one in asked] for role in roles)
    first = [int(row.argmax()) in names for row, names in zip(said, right, strict=True)]
    sure = [
        np.exp(row[a]).sum() > np.exp(row[b]).sum()
        for row, a, b in zip(said, right, other, strict=True)
    ]
    truth = [tuple(names) for names in right]
    yield "right", share(first), max(truth.count(names) for names in set(truth)) / len(truth)
    yield "role", share(sure), 0.5


def plain(part: PartOfLanguage, rng: np.random.Generator) -> Sentence:
    """Draw a sentence that gives no reason."""
    while True:
        one = part.world.sentences[part.world.sample(1, rng)[0]]
        if one.meaning.reason == "none":
            return one


def text(part: PartOfLanguage, kinds: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Write a text; in a tenth of them every sentence is followed by an answer, if any is asked."""
    words: list[str] = []
    answers = bool(kinds) and rng.random() < WITH_ANSWERS
    for _ in range(rng.integers(1, BLOCKS + 1)):
        one = plain(part, rng)
        words += one.words
        if answers:
            words += KINDS[kinds[rng.integers(len(kinds))]](one)
        elif rng.random() < SAID_AGAIN:
            words += part.world.paraphrase(one)
    return words[:LENGTH]


class Documents(Texts):
    """Texts of several sentences, written anew for each batch."""

    def __init__(self, practice: str) -> None:
        self.read, self.kinds = read_village(), PRACTICES[practice]
        self.vocabulary, self.longest = self.read.vocabulary, LENGTH

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end."""
        rng, choices = (np.random.default_rng([seed, number]) for number in (1, 2))
        encode = self.vocabulary.encode
        while True:
            written = [encode(text(self.read, self.kinds, rng)) for _ in range(rows)]
            yield make_batch(self.vocabulary.padded(written), self.vocabulary, choices)


def _person(one: Sentence, role: str) -> str:
    (word,) = _names(one, role) & set(one.words)
    return word


def _names(one: Sentence, role: str) -> set[str]:
    return names(getattr(one.meaning, role), getattr(one.meaning, f"{role}_number"))
