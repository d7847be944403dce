"""Pages are easy to read, are spelled in the British way, and say things as an author would."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.reading_level import (
    AT_MOST,
    PAGES,
    ROOT,
    american_words,
    calques,
    cells_of,
    grade,
    measured,
    passages,
    sentences,
    texts_of,
)

WORDS = sorted((ROOT / "lessonlib" / "words" / "en").glob("*.toml"))
BANNED = ("behind", "somebody")
# A few words around each place where such a word is the right one: behind in space, above all.
MEANT: tuple[str, ...] = ()


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}/{path.stem}"


@cache
def prose_of(path: Path) -> str:
    """Return what a source says, in one line; of a page without code, of words all texts."""
    if path.suffix == ".toml":
        return " ".join(texts_of(tomllib.loads(path.read_text("utf-8"))))
    return " ".join(sentences(path))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_easy_to_read(path):
    assert grade(sentences(path)) <= AT_MOST


@pytest.mark.parametrize("path", [*PAGES, *WORDS], ids=name_of)
def test_spelling_is_british(path):
    assert american_words(prose_of(path)) == []


@pytest.mark.parametrize("path", [*PAGES, *WORDS], ids=name_of)
def test_words_that_are_taken_from_another_language_are_not_used(path):
    text = prose_of(path)
    for said in MEANT:
        text = text.replace(said, "")
    found = calques(text)
    assert {word: found[word] for word in BANNED if found[word]} == {}


def test_every_exception_is_needed():
    everything = " ".join(prose_of(path) for path in [*PAGES, *WORDS])
    assert [said for said in MEANT if said not in everything] == []


PAGE = """\
# An incomprehensible introductory heading

She sat on the bank. It was `incomprehensible_name(1)`
and $\\frac{1}{2}$ of it.

- a point
- [another](https://example.org/incomprehensibility) point

| word | what it means, in this course alone |
|---|---|
| 12 | 0.5 |
"""


def test_prose_is_without_headings_code_and_addresses():
    assert list(passages(PAGE)) == [
        "She sat on the bank. It was word and $\\frac{1}{2}$ of it.",
        "a point",
        "another point",
        "what it means, in this course alone",
    ]


def test_names_numbers_and_references_weigh_nothing():
    said = "In 2019 Sanh and Reimers (Reimers et al. 2019, section 3) had BERT-large do 0.25 of it."
    assert measured(said) == "In word word and word had word do word of it."


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("The cat sat on the mat. It saw a dog.", -3, 1),
        ("You see one word at a time, so you have to guess what the next word will be.", 2, 6),
        (
            "Representational generalisation necessitates considerable architectural variety.",
            20,
            60,
        ),
    ],
)
def test_what_is_hard_has_a_higher_grade(text, lower, upper):
    assert lower < grade([text]) < upper


def test_a_sentence_is_found_in_every_cell():
    for path in PAGES:
        assert len(cells_of(path)) > 5
        assert len(sentences(path)) > 25


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The behavior of labeled colors", ["behavior", "labeled", "colors"]),
        (
            "It generalizes and is optimized by tokenization",
            ["generalizes", "optimized", "tokenization"],
        ),
        ("We practice; a tokenizer of this size seized a prize.", []),
        ("The behaviour of labelled colours generalises: “Masked Language Modeling”.", []),
    ],
)
def test_american_spelling_is_seen(text, found):
    assert american_words(text) == found


def test_turns_of_phrase_are_counted():
    told = "What is behind it? Somebody knows what is there. It stands behind a mark."
    assert calques(told) == {"behind": 2, "somebody": 1, "what is there": 1, "stand(s)": 1}
