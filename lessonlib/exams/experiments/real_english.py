"""Real English: the same objectives on the documentation that is installed with the course.

The texts are Python's help topics and the docstrings of its and NumPy's public functions. Words are
the commonest; all others are one and the same unknown word, which nobody is asked about.

Span corruption has learned little after as many steps as in the village. What could it lack? Length
of practice, an architecture in which reading what stands around costs less, more labels in a text,
fewer words, more layers: each is changed alone.
"""

import hashlib
import inspect
import re
from collections import Counter
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row, cross_entropy, share
from lessonlib.exams.sentences.cells import CELLS, RATE, recipe
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap, first_missing
from lessonlib.exams.sentences.language import SENTINELS, Texts
from lessonlib.exams.sentences.shapes import EQUAL_LAYERS, EQUAL_WEIGHTS, PREFIX
from lessonlib.exams.sentences.subject import THREE, own_practice
from lessonlib.exams.vocabulary import Ids, Vocabulary

WINDOW = 16
KNOWN_WORDS, FEWER_WORDS = 800, 200
UNKNOWN = "<unknown>"
QUESTIONS = 3000
TEST_SHARE = 10  # one text of so many is kept for the test
LENGTHS = (2000, 20_000)  # of practice, in steps
STARTS = 2
#: What span corruption is given instead, one at a time: objective, architecture, words.
CHANGED = {
    "architecture": ("span_corruption", PREFIX, KNOWN_WORDS),
    "density": ("t5_spans_rolled", EQUAL_WEIGHTS, KNOWN_WORDS),
    "vocabulary": ("span_corruption", EQUAL_WEIGHTS, FEWER_WORDS),
    "layers": ("span_corruption", EQUAL_LAYERS, KNOWN_WORDS),
}

# fmt: off
#: Modules whose docstrings are read.
MODULES = [
    "argparse", "asyncio", "collections", "concurrent.futures", "csv", "datetime", "decimal",
    "difflib", "email", "fractions", "functools", "heapq", "http.client", "inspect", "itertools",
    "json", "logging", "math", "numpy", "numpy.fft", "numpy.linalg", "numpy.polynomial",
    "numpy.random", "os", "pathlib", "pickle", "random", "re", "shutil", "socket", "statistics",
    "subprocess", "tarfile", "textwrap", "threading", "typing", "unittest", "urllib.request",
    "zipfile",
]


def installed_documentation() -> list[str]:
    """Return help topics and docstrings of the Python that runs this, in a fixed order."""
    from pydoc_data.topics import topics  # over half a megabyte: only where it is needed

    texts = dict.fromkeys(topics[name] for name in sorted(topics))
    for name in MODULES:
        module = import_module(name)
        for _, member in sorted(vars(module).items(), key=lambda item: item[0]):
            members = [member, *vars(member).values()] if inspect.isclass(member) else [member]
            texts.update(dict.fromkeys(filter(None, map(_docstring, members))))
    return list(texts)


def _docstring(member: object) -> str | None:
    is_documented = inspect.isclass(member) or inspect.isroutine(member)
    return inspect.getdoc(member) if is_documented else None


class Windows:
    """Windows of 16 words, to be drawn from like the sentences of a world, all equally likely."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids

    def sample(self, count: int, rng: np.random.Generator) -> Ids:
        """Draw indices of windows."""
        return rng.integers(len(self.ids), size=count)


class RealTexts(Texts):
    """What models read of real texts; every tenth document is kept for the test."""

    def __init__(self, documents: list[str], known_words: int = KNOWN_WORDS) -> None:
        self.hash = hashlib.sha256("\n".join(documents).encode()).hexdigest()
        split = [_words(document) for document in documents]
        train = [words for n, words in enumerate(split) if n % TEST_SHARE]
        common = Counter(word for words in train for word in words).most_common(known_words)
        self.vocabulary = Vocabulary([UNKNOWN, *(word for word, _ in common)], SENTINELS)
        self.longest = WINDOW
        self.world = Windows(self._windows(train))
        self.test = Windows(self._windows(split[::TEST_SHARE]))
        self.ids = self.world.ids
        self.lengths = np.full(len(self.ids), WINDOW)

    @property
    def unigram(self) -> np.ndarray:
        """Log-probability of every word at a place chosen at random, from the training text."""
        counts = np.bincount(self.ids.ravel(), minlength=self.vocabulary.words) + 1
        return np.log(counts / counts.sum())

    def _windows(self, documents: list[list[str]]) -> Ids:
        known = set(self.vocabulary.tokens[: self.vocabulary.words])
        rows = []
        for document in documents:
            words = [word if word in known else UNKNOWN for word in document]
            ids = self.vocabulary.encode(words)
            starts = range(0, len(words) - WINDOW + 1, WINDOW // 2)
            rows += [ids[first : first + WINDOW] for first in starts]
        return np.array(rows)


def _words(document: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)?|[.,:;()]", document.lower())


@cache
def documentation(known_words: int = KNOWN_WORDS) -> RealTexts:
    """Return what models read here."""
    return RealTexts(installed_documentation(), known_words)


def jobs(size: Size) -> list[tuple]:
    """One job for each objective, length of practice and seed; then one for each change."""
    lengths = [size.steps(LENGTHS[0])] if size.quick else LENGTHS
    usual = [
        size.job(measure, "length", name, CELLS[name][0], KNOWN_WORDS, seed, steps)
        for seed in size.seeds(STARTS)
        for steps in lengths
        for name in THREE
    ]
    if size.quick:
        return usual
    changed = [
        size.job(measure, factor, *what, 0, LENGTHS[0]) for factor, what in CHANGED.items()
    ]
    return usual + changed


def measure(
    factor: str,
    objective: str,
    architecture: str,
    words: int,
    seed: int,
    steps: int,
    kept: Path | None = None,
) -> list[Row]:
    """Train on nine tenths of the documents and ask about the others, beside the unigram model.

    Asked are the next word, one blank, and the first word of a stretch of one to five missing ones.
    Nobody knows what is possible here, so there is no score. Rows have "factor": what was changed.
    """
    one = recipe(objective, architecture, RATE)
    material = partial(documentation, words)
    subject = Subject(f"English of {words} words", material, {}, {}, own_practice)
    candidate = trained(one, subject, seed, steps, kept)
    text = candidate.language
    about = described(one, candidate)
    about |= {"seed": seed, "factor": factor, "known_words": words, "text_sha256": text.hash}
    rng = np.random.default_rng([seed, 80])
    first_word = "next_word" if objective == "causal" else "blank"
    tasks = {"continuation": "next_word", "blank": "blank", "missing_span": first_word}
    rows = []
    for ability, task in tasks.items():
        gaps = draw(text, ability, QUESTIONS, rng)
        truth = first_missing(gaps)
        said = _known_words_only(candidate.ways[task, NATIVE](gaps))
        floor = _known_words_only(np.tile(text.unigram, (len(gaps), 1)))
        for metric, judge in (("cross_entropy", cross_entropy), ("top1", _right)):
            reached, chance = judge(said, truth), judge(floor, truth)
            found = Measurement(NATIVE, metric, len(gaps), reached, chance, None, 1.0)
            rows.append(found.row(**about, ability=ability))
    return rows


def _right(said: np.ndarray, truth: np.ndarray) -> float:
    return share(said.argmax(axis=1) == truth)


def _known_words_only(log_probabilities: np.ndarray) -> np.ndarray:
    """Take from the unknown word, which is the first, what it has, and share it out."""
    known = log_probabilities.copy()
    known[:, 0] = -np.inf
    return known - np.logaddexp.reduce(known, axis=1, keepdims=True)


def draw(text: RealTexts, ability: str, count: int, rng: np.random.Generator) -> list[Gap]:
    """Draw questions from the test windows; the first missing word is a known one."""
    gaps = []
    unknown = text.vocabulary[UNKNOWN]
    while len(gaps) < count:
        row = text.test.ids[text.test.sample(1, rng)[0]].tolist()
        missing = int(rng.integers(1, LONGEST_STRETCH + 1)) if ability == "missing_span" else 1
        start = int(rng.integers(WINDOW - missing + 1))
        if row[start] != unknown:
            right = [] if ability == "continuation" else row[start + missing :]
            gaps.append(Gap(row[:start], right, row[start : start + missing]))
    return gaps
