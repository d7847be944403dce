"""A prediction is kept before its answer can be shown, scored, and summed up."""

import re
from html import unescape
from pathlib import Path

import pytest

from lessonlib.practice import predict, prediction_summary, reveal
from lessonlib.practice.predictions import (
    CONFIDENCES,
    commit,
    kept_choice,
    kept_confidence,
    prediction_named,
    predictions,
    right_answers,
)
from lessonlib.words import Words

KEEP, SHOW = (Words("practice")(f"forms.{key}") for key in ("keep", "show"))
SOURCES = Path(__file__).parents[2].glob("notebooks/text/*.md")
ALL = pytest.mark.parametrize("prediction", predictions().values(), ids=predictions())
KNOWN = [p for p in predictions().values() if p.answer is not None and p.choices]
MEASURED = [p for p in predictions().values() if p.answer is None]
NUMBERS = [p for p in predictions().values() if p.number]


def wrong(prediction):
    return next(option for option in prediction.options if option != prediction.answer)


@ALL
def test_the_data_says_all_that_is_needed(prediction):
    assert bool(prediction.choices) != bool(prediction.number)
    assert "?" in prediction.question
    assert re.fullmatch(r"\d\d[a-z]?", prediction.notebook)
    assert len(set(prediction.options)) >= 2
    assert all(explanation.endswith((".", "?")) for explanation in prediction.choices.values())
    assert prediction.choices or prediction.because
    # A choice is quoted in sentences and kept in one line.
    assert not any(option.endswith(".") or "\n" in option for option in prediction.options)


@ALL
def test_the_answer_is_known_or_comes_not_earlier_than_the_question(prediction):
    if prediction.answer is None:
        assert prediction.answered_in >= prediction.notebook
    else:
        assert prediction.answer in prediction.options
        assert not prediction.answered_in


def test_notebooks_ask_for_predictions_of_their_own_only():
    for source in SOURCES:
        number = source.stem.partition("_")[0]
        for name in re.findall(r'\bpredict\("(\w+)"\)', source.read_text("utf-8")):
            assert prediction_named(name).notebook == number, (source.name, name)


@ALL
def test_nothing_gives_the_answer_away_before_a_prediction_is_kept(prediction):
    form = predict(prediction.name)
    shown = repr(form) + unescape(form.result.value)
    assert not any(explanation in shown for explanation in prediction.choices.values())
    assert form.button.description == KEEP
    form.button.click()
    if prediction.choices:  # nothing is chosen yet, so nothing can be kept
        assert kept_choice(prediction) is None
        assert form.button.description == KEEP


@pytest.mark.parametrize("prediction", KNOWN, ids=lambda p: p.name)
def test_choose_keep_show(prediction):
    form = predict(prediction.name)
    form.choice.value = wrong(prediction)
    form.button.click()
    assert kept_choice(prediction) == wrong(prediction)
    assert form.choice.disabled
    assert form.button.description == SHOW
    assert "The answer" not in form.result.value
    form.button.click()
    assert "✗" in form.result.value
    assert prediction.answer in unescape(form.result.value)


def test_a_right_prediction_is_told_so_with_its_reason():
    form = predict("causal_questions")
    form.choice.value = "11"
    form.button.click()
    form.button.click()
    assert "✓ Right" in form.result.value
    assert prediction_named("causal_questions").choices["11"] in form.result.value


@pytest.mark.parametrize("prediction", NUMBERS, ids=lambda p: p.name)
def test_a_number_is_predicted_within_its_bounds(prediction):
    form = predict(prediction.name)
    form.choice.value = 10**6
    form.button.click()
    assert kept_choice(prediction) == str(prediction.number[1])


@pytest.mark.parametrize("prediction", NUMBERS, ids=lambda p: p.name)
def test_a_number_that_nobody_typed_is_asked_for_once_more(prediction):
    form = predict(prediction.name)
    form.button.click()
    assert kept_choice(prediction) is None
    assert "Type your number" in form.result.value
    form.button.click()
    assert kept_choice(prediction) == str(prediction.number[0])


def test_the_first_prediction_stays():
    form, other = predict("causal_questions"), predict("causal_questions")
    form.choice.value, other.choice.value = "10", "11"
    form.button.click()
    other.button.click()
    assert kept_choice(prediction_named("causal_questions")) == "10"
    assert other.choice.value == "10"
    assert predict("causal_questions").choice.disabled


def test_a_cell_that_asks_the_same_shows_at_once_what_was_kept_elsewhere():
    form, other = predict("causal_questions"), predict("causal_questions")
    form.choice.value = "11"
    form.button.click()
    assert other.choice.value == "11"
    assert other.choice.disabled
    form.button.click()  # shows the answer
    explained = form.result.value
    predict("masked_labels").button.click()
    assert form.result.value == explained


@pytest.mark.parametrize("prediction", predictions().values(), ids=lambda p: p.name)
def test_a_button_for_an_answer_is_there_only_if_there_is_an_answer(prediction):
    form = predict(prediction.name)
    form.choice.value = prediction.options[0] if prediction.choices else form.choice.max
    form.button.click()
    known = prediction.answer is not None
    assert (form.button.layout.display != "none") is known
    if not known:
        reveal(prediction.name, prediction.options[0])
        assert predict(prediction.name).button.layout.display != "none"


def test_a_prediction_lasts_until_another_notebook_reveals_its_answer(
    progress_file, another_notebook
):
    form = predict("who_writes_the_story")
    first, second, _ = form.prediction.options
    form.choice.value = second
    form.button.click()
    form.button.click()
    assert "no answer yet" in form.result.value
    another_notebook()
    text = repr(reveal("who_writes_the_story", first))
    assert f"you predicted “{second}”" in text
    assert f"The answer: “{first}”" in text
    assert form.prediction.choices[second] in text
    another_notebook()
    assert right_answers(form.prediction) == [first]
    assert "1 surprised you" in repr(prediction_summary(form.prediction.notebook))


@pytest.mark.parametrize("prediction", MEASURED, ids=lambda p: p.name)
def test_a_measured_answer_may_be_several(prediction):
    first, *others = prediction.options
    commit(prediction, others[-1])
    assert "✓ Right" in repr(reveal(prediction.name, [first, others[-1]]))
    assert "✗" in repr(reveal(prediction.name, first))


def test_reveal_refuses_what_could_not_be_predicted():
    with pytest.raises(ValueError, match="none of what could be predicted"):
        reveal("who_writes_the_story", "Nobody")
    with pytest.raises(ValueError, match="none of what could be predicted"):
        reveal("who_writes_the_story", [])
    with pytest.raises(ValueError, match="known answer"):
        reveal("causal_questions", "11")
    with pytest.raises(ValueError, match="no_such"):
        reveal("no_such", "7")


@pytest.mark.parametrize("call", [predict, prediction_summary])
@pytest.mark.parametrize(("name", "error"), [("nothing", ValueError), (3, TypeError)])
def test_unknown_names_are_refused(call, name, error):
    with pytest.raises(error, match=repr(name)):
        call(name)


def test_the_summary_counts_what_came_true_and_explains_what_did_not():
    asked = [p for p in predictions().values() if p.notebook == "03" and p.answer]
    assert "No predictions have been kept" in repr(prediction_summary("03"))
    *right, last = asked
    for prediction in right:
        commit(prediction, prediction.answer)
    assert f"{len(right)} came true, 0 surprised you" in repr(prediction_summary("03"))
    commit(last, wrong(last))
    text = repr(prediction_summary("03"))
    assert f"{len(right)} came true, 1 surprised you" in text
    assert last.choices[wrong(last)] in text
    assert not any(p.choices[p.answer] in text for p in right if p.choices)


def test_the_stored_text_is_words_with_the_state_and_the_same_each_time():
    form = predict("causal_questions")
    text = form._repr_mimebundle_()["text/plain"]
    assert text == predict("causal_questions")._repr_mimebundle_()["text/plain"]
    assert "RadioButtons" not in text
    assert " at 0x" not in text
    form.choice.value = "10"
    assert repr(form) == text.replace("( ) 10", "(•) 10")


@pytest.mark.parametrize("confidence", [None, *CONFIDENCES])
def test_how_sure_one_is_is_kept_with_the_prediction_and_need_not_be_said(confidence):
    form = predict("causal_questions")
    form.choice.value, form.sure.value = "11", confidence
    form.button.click()
    assert kept_confidence(form.prediction) == confidence
    again = predict("causal_questions")
    assert (again.sure.value, again.sure.disabled) == (confidence, True)


def test_how_sure_one_was_stays_with_the_first_prediction():
    form, other = predict("causal_questions"), predict("causal_questions")
    form.choice.value, form.sure.value = "10", "guess"
    other.choice.value, other.sure.value = "11", "very"
    form.button.click()
    other.button.click()
    assert (kept_confidence(form.prediction), other.sure.value) == ("guess", "guess")
