"""Fine-tuning as BERT did it: one small head on one position, and all weights learn.

Three tasks: who gives (classification), mark the giver (extraction: a yes or no for every word, the
surest yes is the answer), and same meaning (two sentences; half of those that do not mean the same
differ only in who gives and who gets). A decoder answers behind the last word, an encoder at a mask
in front, an encoder-decoder at the decoder's first step; words are marked where they are read, by
an encoder-decoder in its decoder, which reads the sentence again (as BART does). Pretrained models
are compared with never-pretrained ones of the same shape.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import described, practise, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row, log_softmax
from lessonlib.exams.results import stored_rows
from lessonlib.exams.results.rows import stored
from lessonlib.exams.sentences.abilities import twin
from lessonlib.exams.sentences.candidates.pairs import enlarged
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES, THREE
from lessonlib.exams.sentences.trained import SEED
from lessonlib.exams.sentences.trained import trained as stored_model
from lessonlib.exams.sentences.unread import READ, UNREAD, PartOfLanguage, read_village
from lessonlib.exams.vocabulary import END, PAD
from lessonlib.models import Transformer
from lessonlib.models.layers import Parameter, cross_entropy, linear
from lessonlib.samples import MASK, START, sentinel
from lessonlib.worlds.sentences import PEOPLE, Sentence

EXAMPLES = (8, 32, 128, 512)
SEARCHED_WITH = 128  # examples
STEPS, AT_ONCE = 200, 32
RATES = (1e-3, 2e-3, 4e-3)
QUESTIONS, GLANCED = 500, 300
HEAD = tuple(sentinel(number) for number in range(9, 4, -1))  # tokens that no text contains

Lesson = tuple[list[int], list[int], list[int], list[int]]  # two texts, places, classes


@cache
def people() -> tuple[str, ...]:
    """Return the persons, in the order of the classes."""
    return tuple(sorted(PEOPLE))


def who_gives(part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[Lesson]:
    """Draw sentences with the number of the person who gives; place 0 is asked."""
    return [
        (part.vocabulary.encode(one.words), [], [0], [people().index(one.meaning.giver)])
        for one in _drawn(part, count, rng)
    ]


def mark_the_giver(part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[Lesson]:
    """Draw sentences with a class for every word: 1 for the one who gives, 0 for all others."""
    lessons = []
    for one in _drawn(part, count, rng):
        names = {name + end for name in PEOPLE[one.meaning.giver] for end in ("", "s")}
        classes = [int(word in names) for word in one.words]
        places = [*range(1, len(classes) + 1)]
        lessons.append((part.vocabulary.encode(one.words), [], places, classes))
    return lessons


def same_meaning(part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[Lesson]:
    """Draw two sentences in opposite wordings: 1 if they mean the same."""
    lessons = []
    for number, one in enumerate(_drawn(part, count, rng)):
        kind = number % 4  # two of four mean the same, one is a twin, one is anything else
        other = part.world.paraphrase(one)
        if kind == 2:
            other = twin(one.meaning, one.wording.opposite())
        while kind == 3:
            stranger = _drawn(part, 1, rng)[0]
            other = part.world.paraphrase(stranger)
            kind = 3 if stranger.meaning == one.meaning else 4
        texts = (part.vocabulary.encode(words) for words in (one.words, other))
        lessons.append((*texts, [0], [int(number % 4 < 2)]))
    order = rng.permutation(count)
    return [lessons[place] for place in order]


TASKS = {
    "classification": (who_gives, len(PEOPLE)),
    "extraction": (mark_the_giver, 2),
    "matching": (same_meaning, 2),
}


def _drawn(part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[Sentence]:
    return [part.world.sentences[row] for row in part.world.sample(count, rng)]


class Headed:
    """A copy of a model with a new head, and room for a second text at a fixed place."""

    def __init__(self, model: Transformer, part: PartOfLanguage, seed: int) -> None:
        self.vocabulary, self.slot = part.vocabulary, part.longest + 2
        self.architecture = model.config.architecture
        # The second text is read as the first one is.
        self.model = enlarged(model, self.slot + part.longest + 1, self.slot)
        ids = self.vocabulary.encode(HEAD)
        self.rows = slice(ids[0], ids[-1] + 1)
        drawn = np.random.default_rng([seed, 20]).normal(0, 0.02, (len(HEAD), model.config.width))
        self.model.parameters["tokens"].value[self.rows] = drawn

    def learn(self, lessons: Sequence[Lesson], classes: int, rate: float, seed: int) -> None:
        """Tune all weights on lessons drawn with repetition."""
        rng = np.random.default_rng([seed, 21])

        def stream() -> Iterator[Batch]:
            while True:
                yield self.batch([lessons[n] for n in rng.integers(len(lessons), size=AT_ONCE)])

        def loss(_: Transformer, batch: Batch) -> float:
            return self._loss(batch, classes)

        practise(self.model, stream(), STEPS, learning_rate=rate, loss=loss)

    def log_probabilities(self, lessons: Sequence[Lesson], classes: int) -> list[np.ndarray]:
        """Of every class at every place that is asked, for each lesson."""
        batch = self.batch(lessons)
        states, _ = self.model.hidden(
            batch.inputs, batch.attention_mask, batch.loss_mask, source=batch.source
        )
        found = log_softmax(states @ self._head(classes).value)
        return np.split(found, np.cumsum([len(places) for _, _, places, _ in lessons])[:-1])

    def batch(self, lessons: Sequence[Lesson]) -> Batch:
        """Lay out what is read; place 0 is where a whole text is judged, n is its nth word."""
        pad, start, mask, end = self.vocabulary.encode([PAD, START, MASK, END])
        two_stacks = self.architecture == "encoder-decoder"
        front = [] if two_stacks else [mask if self.architecture == "encoder-only" else start]
        read = [self._row(front, first, second, end) for first, second, _, _ in lessons]
        inputs = source = self.vocabulary.padded(read)
        words = len(lessons[0][2]) > 1 or lessons[0][2] != [0]
        if two_stacks:
            written = [[start, *first] if words else [start] for first, *_ in lessons]
            inputs = self.vocabulary.padded(written)
        real = inputs != pad
        asked, targets = np.zeros(inputs.shape, bool), np.zeros(inputs.shape, int)
        for row, (_, _, places, classes) in enumerate(lessons):
            last = int(np.flatnonzero(real[row])[-1])
            whole = last if self.architecture == "decoder-only" else 0
            there = [place or whole for place in places]
            asked[row, there], targets[row, there] = True, classes
        pattern: tuple = ("causal",)
        if two_stacks:
            pattern = ("encoder_decoder", source != pad)
        elif self.architecture == "encoder-only":
            pattern = ("bidirectional",)
        return Batch("head", source if two_stacks else None, inputs, targets, asked, pattern, real)

    def _row(self, front: list[int], first: list[int], second: list[int], end: int) -> list[int]:
        row = [*front, *first]
        if second:
            row += [self.vocabulary[PAD]] * (self.slot - len(row)) + second
            row[self.slot - 1] = end
        return row

    def _head(self, classes: int) -> Parameter:
        table, rows = self.model.parameters["tokens"], slice(self.rows.start, None)
        return Parameter(table.value[rows][:classes].T, table.gradient[rows][:classes].T)

    def _loss(self, batch: Batch, classes: int) -> float:
        states, back = self.model.hidden(
            batch.inputs, batch.attention_mask, batch.loss_mask, source=batch.source
        )
        logits, back_logits = linear(states, self._head(classes))
        loss, back_loss = cross_entropy(logits, batch.targets[batch.loss_mask])
        back(back_logits(back_loss()))
        return loss


def judged(task: str, said: list[np.ndarray], lessons: Sequence[Lesson]) -> Iterator[Measurement]:
    """Compare with the truth: right answers, and cross-entropy."""
    count = len(lessons)
    truth = [classes for *_, classes in lessons]
    if task == "extraction":  # which word is it? The two persons are equally likely
        odds = [found[:, 1] - found[:, 0] for found in said]
        right = [classes[int(odd.argmax())] == 1 for odd, classes in zip(odds, truth, strict=True)]
        shares = [odd - np.logaddexp.reduce(odd) for odd in odds]
        costs = [-found[classes.index(1)] for found, classes in zip(shares, truth, strict=True)]
        chance, spread = 0.5, float(np.log(2))
    else:
        single = np.array(truth)[:, 0]
        table = np.concatenate(said)
        right, costs = table.argmax(axis=1) == single, -table[np.arange(count), single]
        each = np.bincount(single, minlength=table.shape[1]) / count
        chance, spread = float(each.max()), float(-(each[each > 0] * np.log(each[each > 0])).sum())
    raw = float(np.mean(right))
    yield Measurement(NATIVE, "right", count, raw, chance, 1.0, 1.0)
    yield Measurement(NATIVE, "cross_entropy", count, float(np.mean(costs)), spread, 0.0, 1.0)


def tuned(
    model: Transformer, task: str, examples: int, seed: int, rate: float, count: int = QUESTIONS
) -> Iterator[tuple[str, Measurement]]:
    """Tune a copy of a model on so many examples of read meanings, and ask about both parts."""
    parts = read_village().parts
    draw, classes = TASKS[task]
    number = list(TASKS).index(task)
    lessons = draw(parts[READ], max(EXAMPLES), np.random.default_rng([seed, 22, number]))
    learner = Headed(model, parts[READ], seed)
    learner.learn(lessons[:examples], classes, rate, seed)
    for meanings in (UNREAD, READ):
        asked = draw(parts[meanings], count, np.random.default_rng([seed, 23, number]))
        for found in judged(task, learner.log_probabilities(asked, classes), asked):
            yield meanings, found


PRETRAINED, NEVER = STARTS = ("pretrained", "never pretrained")


def point(objective: str, start: str, task: str, examples: int) -> Row:
    """Tune the model that comes with the course, or its like that has no past, and ask it.

    Returned is how many answers about unread meanings are right.
    """
    candidate = stored_model(objective)
    if start == NEVER:
        candidate = candidate.never_pretrained(SEED)
    rate = tuning_rate(objective, task, start)
    found = next(tuned(candidate.model, task, examples, SEED, rate, GLANCED))[1]
    return found.row(objective=objective, start=start, ability=task, examples=examples)


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.jobs(glance if size.quick else curve, THREE, len(SEEDS))


def glance(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Look at two numbers of examples."""
    return curve(objective, seed, steps, kept, (32, 128))


def curve(
    objective: str,
    seed: int,
    steps: int,
    kept: Path | None = None,
    examples: Sequence[int] = EXAMPLES,
) -> list[Row]:
    """Tune a pretrained model and its never-pretrained like, for all tasks and so many examples.

    Rows have "start" and "examples"; their learning rate is that of the tuning.
    """
    rows = []
    for start, model, about in starting(objective, seed, steps, kept):
        for task in TASKS:
            about["learning_rate"] = tuning_rate(objective, task, start)
            for count in examples:
                who = about | {"ability": task, "start": start, "examples": count, "seed": seed}
                for meanings, found in tuned(model, task, count, seed, about["learning_rate"]):
                    rows.append(found.row(**who, meanings=meanings))
    return rows


def starting(
    objective: str, seed: int, steps: int, kept: Path | None
) -> Iterator[tuple[str, Transformer, Row]]:
    """Yield both starts: what they are called, the model, and what rows say of it."""
    recipe = RECIPES[objective]
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    never = candidate.never_pretrained(seed).model
    for start, model in zip(STARTS, (candidate.model, never), strict=True):
        yield start, model, described(recipe, candidate)


def tuning_rate(objective: str, task: str, start: str) -> float:
    """Return the learning rate that was best for a task and start in the stored search."""
    found = {
        row["learning_rate"]: row["raw"]
        for row in _search()
        if (row["objective"], row["ability"], row["start"]) == (objective, task, start)
    }
    return min(found, key=found.__getitem__, default=RATES[1])


@cache
def _search() -> list[Row]:
    name = "fine_tuning_search"
    rows = stored_rows(name) if name in stored() else []
    return [r for r in rows if (r["metric"], r["meanings"]) == ("cross_entropy", READ)]
