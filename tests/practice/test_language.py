"""In the language for tests every sentence of practice is marked: none stands anywhere else."""

import re

import pytest

from lessonlib.practice import (
    check,
    covered,
    evidence_card,
    finish,
    for_my_class,
    hand_in,
    inventory,
    inventory_change,
    kept_form,
    predict,
    prediction_summary,
    progress,
    recall,
    term,
    try_it,
)
from lessonlib.samples import causal
from lessonlib.words import PSEUDO, SETTING
from lessonlib.words.pseudo import CLOSE, OPEN
from tests.practice.answers import WRONG


def unmarked(text):
    """List the words that are not marked, but for the lines of evidence and what is chosen."""
    lines = [line for line in text.splitlines() if not line.startswith("  ")]
    rest = (re.sub(rf"{OPEN}.*{CLOSE}|<[^>]*>", "", line) for line in lines)
    return re.findall(r"[^\W\d_]{2,}", " ".join(rest))


@pytest.fixture(autouse=True)
def _in_the_language_for_tests(monkeypatch):
    monkeypatch.setenv(SETTING, PSEUDO)
    yield
    kept_form._open_forms.clear()  # which would go on to show what is kept, in two languages


@pytest.mark.parametrize(("question", "cause", "function"), WRONG[::3])
def test_every_sentence_about_a_wrong_answer_is_marked(question, cause, function):
    assert unmarked(repr(check(question, function))) == []


@pytest.mark.parametrize(
    "show",
    [
        lambda: predict("counting_exam"),
        lambda: inventory("before"),
        lambda: recall("03"),
        inventory_change,
        lambda: prediction_summary("01"),
        lambda: progress("03"),
        lambda: finish("03"),
        lambda: finish("03").result.value,
        lambda: hand_in("exercise 3"),
        lambda: hand_in("exercise 3").said,
        for_my_class,
        lambda: for_my_class().shown.value,
        lambda: covered("counting_exam", shown="x"),
        lambda: term(f"{OPEN}blànk~~{CLOSE}"),
        lambda: check("mean_loss", ...),
        lambda: try_it("mean_loss", len, 3),
    ],
)
def test_every_sentence_of_a_form_is_marked(show):
    said = show()
    assert unmarked(said if isinstance(said, str) else repr(said)) == []


def test_a_card_speaks_the_language_of_the_day_beside_the_words_of_its_writer():
    written = {"behaviour_effect": "It writes on and on", "limitation": "It never looks ahead"}
    html = evidence_card(causal(["a", "b"]), architecture="decoder-only", **written).to_html()
    assert f'<html lang="{PSEUDO}">' in html
    assert "Limitation" not in html
    assert written["limitation"] in html
