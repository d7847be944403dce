"""Copies are seen in whatever they are dressed up, and what all were given is no copy."""

import json
import random
import time
import tracemalloc

import pytest

from lessonlib.grading.books.flags import SOLUTION, Own, flags
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.terms import Terms
from tests.grading.conftest import ROOT

EXERCISE, QUESTION = "05_masking", "mask_80_10_10"

ORIGINAL = '''\
def mask_80_10_10(tokens, positions, rolls, random_words):
    """What the model reads, and what was there."""
    inputs, labels = list(tokens), {}
    for position, roll, word in zip(positions, rolls, random_words):
        # remember it
        labels[position] = tokens[position]
        if roll < 0.8:
            inputs[position] = "[MASK]"
        elif roll < 0.9:
            inputs[position] = word
    return inputs, labels'''
DISGUISES = {
    "to the letter": ORIGINAL,
    "moved comments": "# mine\n" + ORIGINAL.replace("        # remember it\n", "") + "  # done",
    "renamed": ORIGINAL.replace("inputs", "x").replace("labels", "y").replace("position", "p"),
    "renamed parameters": ORIGINAL.replace("tokens", "words_in").replace("rolls", "dice"),
    "typed": ORIGINAL.replace("(tokens,", "(tokens: list[str],").replace(
        'random_words):\n    "', 'random_words: list) -> tuple:\n    "'
    ),
    "no docstring": "\n".join(line for line in ORIGINAL.split("\n") if '"""' not in line),
    "one changed word": ORIGINAL.replace("list(tokens)", "tuple(tokens)"),
    "one word more": ORIGINAL.replace("    return", "    print(inputs)\n    return"),
    "another layout": ORIGINAL.replace("    ", "\t").replace(" = ", "="),
    "blank lines": ORIGINAL.replace("\n", "\n\n"),
}
OTHERS = {
    "by place": """\
def mask_80_10_10(tokens, positions, rolls, random_words):
    labels = {p: tokens[p] for p in positions}
    inputs = tokens[:]
    for i in range(len(positions)):
        if rolls[i] >= 0.9:
            continue
        inputs[positions[i]] = "[MASK]" if rolls[i] < 0.8 else random_words[i]
    return inputs, labels""",
    "by helper": """\
def choose(token, roll, word):
    return "[MASK]" if roll < 0.8 else word if roll < 0.9 else token

def mask_80_10_10(tokens, positions, rolls, random_words):
    where = dict(zip(positions, zip(rolls, random_words)))
    read = [choose(t, *where[i]) if i in where else t for i, t in enumerate(tokens)]
    return read, {i: tokens[i] for i in where}""",
}
TEXT = (
    "A causal model writes from left to right, one token after the other, which is exactly what "
    "a continuation asks of it; a masked one fills gaps of which it is told where they are."
)
TEXTS = {
    "to the letter": TEXT,
    "capitals and commas": TEXT.upper().replace(",", " -"),
    "one changed word": TEXT.replace("exactly", "precisely"),
    "one word less": TEXT.replace("exactly ", ""),
    "first word": TEXT.replace("A causal", "Any causal"),
    "other lines": TEXT.replace(" ", "\n"),
    "with more behind": f"{TEXT}\n\n| model | reads |\n|---|---|\n| causal | the left |",
    "in the midst of more": "I have thought about it for long. " * 3 + TEXT + " So it is, I think.",
    "halves swapped": "; ".join(reversed(TEXT.rstrip(".").split("; "))),
}
OWN_WORDS = (
    "Because its training hides everything to the right, generating is the same task again; "
    "whoever only restored missing words never practised going on without the right side."
)


def handed_in(learner, *answers, written=False, verdict="passed"):
    names = [QUESTION, *(f"another{number}" for number in range(1, len(answers)))]
    questions = (
        Question(name, verdict, points=2, answer=answer, written=written)
        for name, answer in zip(names, answers, strict=True)
    )
    return Record(learner, EXERCISE, Terms(1), tuple(questions), digest="digest")


def alike(*records, course=None):
    """Return who is said to have the same, by learner."""
    found = flags(records, course or {})
    return {
        learner: {flag.partition(":")[2] for flag in raised if flag.startswith("same_answers")}
        for (learner, _, question), raised in found.items()
        if question == QUESTION
    }


@pytest.mark.parametrize("answer", DISGUISES.values(), ids=DISGUISES)
def test_a_copy_of_one_answer_is_seen_in_any_dress(answer):
    others = [handed_in(name, text) for name, text in OTHERS.items()]
    found = alike(handed_in("ada", ORIGINAL), *others, handed_in("bo", answer))
    assert found == {"ada": {"bo"}, "bo": {"ada"}}


@pytest.mark.parametrize("answer", TEXTS.values(), ids=TEXTS)
def test_a_copy_of_a_text_is_seen_in_any_dress(answer):
    texts = {"ada": TEXT, "bo": answer, "cy": OWN_WORDS}
    found = alike(*(handed_in(name, each, written=True) for name, each in texts.items()))
    assert found == {"ada": {"bo"}, "bo": {"ada"}}


def test_all_copies_of_one_answer_are_seen_together():
    copies = [handed_in(name, text) for name, text in DISGUISES.items()]
    found = alike(*copies)
    assert found.keys() == DISGUISES.keys()


def test_one_answer_of_several_may_be_the_copy():
    found = alike(
        handed_in("ada", ORIGINAL, OTHERS["by place"]), handed_in("bo", ORIGINAL, "x = 1")
    )
    assert found == {"ada": {"bo"}, "bo": {"ada"}}


@pytest.mark.parametrize("verdict", ["missing", "unreadable"])
@pytest.mark.parametrize("written", [True, False])
def test_blank_answers_are_no_copies(verdict, written):
    blank = [TEXT] if written else [ORIGINAL, OTHERS["by helper"]]
    class_ = [handed_in(n, *blank, written=written, verdict=verdict) for n in ("ada", "bo")]
    assert alike(*class_) == {}


def test_what_the_course_gave_is_no_likeness():
    given = ORIGINAL.replace("labels[position] = tokens[position]", "labels[position] = ...")
    course = {(EXERCISE, QUESTION): Own(OTHERS["by place"], given)}
    short = [handed_in(name, ORIGINAL) for name in ("ada", "bo")]
    assert alike(*short, course=course) == {}
    assert alike(*short) != {}


def test_what_very_many_write_is_a_likeness_only_to_the_letter():
    renamed = [ORIGINAL.replace("inputs", f"x{number}") for number in range(40)]
    assert alike(*(handed_in(f"l{n}", each) for n, each in enumerate(renamed))) == {}
    found = alike(*(handed_in(f"l{n}", each) for n, each in enumerate([*renamed, renamed[0]])))
    assert found == {"l0": {"l40"}, "l40": {"l0"}}


@pytest.mark.parametrize("answer", [*DISGUISES.values(), f"{OTHERS['by place']}  # SOLUTION"])
def test_a_copy_of_the_published_solution_is_flagged(answer):
    course = {(EXERCISE, QUESTION): Own(ORIGINAL.replace("# remember it", "# SOLUTION"))}
    assert flags([handed_in("ada", answer)], course)["ada", EXERCISE, QUESTION] == (SOLUTION,)


@pytest.mark.parametrize("answer", OTHERS.values())
def test_ones_own_answer_is_not_the_published_one(answer):
    course = {(EXERCISE, QUESTION): Own(ORIGINAL)}
    assert flags([handed_in("ada", answer)], course) == {}


def test_the_courses_published_texts_are_known_when_a_word_is_changed():
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            tags = cell["metadata"].get("lessonlib", {})
            if tags.get("role") != "answer" or cell["cell_type"] == "code":
                continue
            solution = "".join(cell["source"])
            words = solution.split(" ")
            words[len(words) // 2] = "otherwise"
            course = {(EXERCISE, QUESTION): Own(solution)}
            (raised,) = flags([handed_in("ada", " ".join(words), written=True)], course).values()
            assert raised == (SOLUTION,)


def test_a_thousand_texts_are_compared_in_seconds():
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(300)]
    said = [
        " ".join(rng.choices(vocabulary, k=120)) + " as the lesson says of it" for _ in range(1000)
    ]
    said[7] = said[993].replace("lesson", "notebook")
    began = time.process_time()
    found = alike(*(handed_in(f"l{n:03}", each, written=True) for n, each in enumerate(said)))
    assert found == {"l007": {"l993"}, "l993": {"l007"}}
    assert time.process_time() - began < 60


def held_while_compared(count):
    """Return the memory that it takes when so many wrote the same."""
    records = [handed_in(f"l{number:04}", ORIGINAL) for number in range(count)]
    tracemalloc.start()
    try:
        assert len(flags(records)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_with_the_class_and_not_with_its_square():
    assert held_while_compared(1600) < 6 * held_while_compared(400)
