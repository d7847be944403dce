"""Questions that come back: twice each, near and far, and once in a line of one's own."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from lessonlib.practice import recall, store
from lessonlib.practice.concepts import FORMS, RECALLS, RIGHT, concepts, form_of, kept_answers
from lessonlib.practice.recalling import LONGEST_LINE, kept_line, notebooks, recall_plan
from lessonlib.words import Words

WORDS = Words("practice")
TEXTS = Path(__file__).parents[2] / "notebooks" / "text"
PLAN = recall_plan(FORMS[0])
LINE = "it is asked about what is hidden"


def right(part):
    return part.concept.choice(RIGHT).text


def wrong(part):
    return next(c.text for c in part.concept.choices if c.misconception != RIGHT)


def parts(typed):
    """Return parts of forms, anew each time, in which a line is typed or is not."""
    every = [part for notebook in PLAN for part in recall(notebook).parts]
    return [part for part in every if part.recall.typed == typed]


def type_a_line(part, line=LINE):
    part.line.value = line
    part.keep.click()


def test_each_question_comes_back_near_and_far_and_is_once_answered_in_a_line():
    distances, order = defaultdict(list), notebooks()
    for notebook, recalls in PLAN.items():
        assert 1 <= len(recalls) <= 3
        for each in recalls:
            gone_by = order.index(notebook) - order.index(each.concept.notebook)
            distances[each.concept.name].append((gone_by, each.typed))
    assert distances.keys() == concepts().keys()
    for name, (near, far) in distances.items():
        assert 1 <= near[0] <= 2, name
        assert far[0] >= near[0] + 3, name
        assert (near[1], far[1]) == (False, True)


def test_nothing_comes_back_beside_the_last_form_of_the_inventory():
    assert PLAN.keys() == {*notebooks()} - {"00", "09"}


@pytest.mark.parametrize("notebook", notebooks())
def test_a_page_brings_back_what_is_planned_for_it(notebook):
    (page,) = TEXTS.glob(f"{notebook}_*.md")
    called = re.findall(r'^recall\("(\w+)"\)', page.read_text("utf-8"), re.M)
    assert called == [notebook] * (notebook in PLAN)


@pytest.mark.parametrize("form", FORMS)
def test_they_come_back_in_the_form_of_before_never_in_that_of_after(
    form, progress_file, monkeypatch
):
    monkeypatch.setattr("secrets.choice", lambda forms: form)
    after = {concept.question for concept in concepts(form_of("after")).values()}
    asked = {each.concept.question for each in recall_plan()["03"]}
    assert asked <= {concept.question for concept in concepts(form).values()}
    assert not asked & after
    topics = [each.concept.topic for each in recall_plan()["03"]]
    card = recall("03").reading_form()
    assert all(topic in card for topic in topics)
    assert not any(question in card for question in asked | after)


@pytest.mark.parametrize("notebook", PLAN)
def test_a_question_that_comes_back_is_explained_at_once_and_may_be_tried_again(notebook):
    for part in recall(notebook).parts:
        if part.recall.typed:
            type_a_line(part)
        part.button.click()
        assert "Choose one first" in part.result.value
        part.choice.value = wrong(part)
        part.button.click()
        assert "✗" in part.result.value
        part.choice.value = right(part)
        part.button.click()
        assert "✓ Right" in part.result.value


def test_one_question_is_on_the_page_at_a_time():
    form = recall("04")
    assert len(form.parts) == 3
    pages = form.children[-1]
    assert pages._place.children == (form.parts[0],)
    pages.next.click()
    assert pages._place.children == (form.parts[1],)


def test_the_choices_are_not_there_before_a_line_is_typed():
    for part in parts(typed=True):
        assert not part.shows_choices
        assert right(part) not in repr(part)
        type_a_line(part, "  ")
        assert WORDS("forms.type_first") in part._open_line.value
        assert not part.shows_choices
        type_a_line(part)
        assert part.shows_choices
        assert LINE in part.children[0].value
        assert right(part) in repr(part)
        assert kept_answers(part.recall.distance) == {}  # a line is no answer that counts


def test_near_ones_have_their_choices_at_once():
    assert all(part.shows_choices for part in parts(typed=False))


def test_a_line_is_kept_for_the_learner_alone(progress_file, another_notebook):
    part = parts(typed=True)[0]
    type_a_line(part, f"  {'<b>' * LONGEST_LINE}")
    another_notebook()
    assert kept_line(part.concept) == ("<b>" * LONGEST_LINE)[:LONGEST_LINE]
    again = next(p for p in parts(typed=True) if p.concept.name == part.concept.name)
    assert again.shows_choices
    assert "<b>" not in again.children[0].value


def test_what_was_recalled_is_there_again_in_every_cell_but_not_when_it_comes_back_far():
    part, other = (recall("03b").parts[0] for _ in range(2))
    part.choice.value = wrong(part)
    part.button.click()
    for again in (other, recall("03b").parts[0]):
        assert again.choice.value == wrong(part)
        assert again.result.value == part.result.value != ""
    (far,) = [p for p in parts(typed=True) if p.concept.name == part.concept.name]
    assert far.choice.value is None


def test_what_was_recalled_in_an_earlier_version_is_read(progress_file):
    progress_file.parent.mkdir()
    kept = {"masked_loss": "loss_on_every_token", "no_longer_asked": "whatever"}
    progress_file.write_text(json.dumps({"recall": kept}))
    (part,) = [p for p in recall("03b").parts if p.concept.name == "masked_loss"]
    assert part.choice.value == part.concept.choice("loss_on_every_token").text
    assert store.kept("recall") == kept  # nothing of it is lost


@pytest.mark.parametrize(
    ("name", "error"), [("00", ValueError), ("09", ValueError), ("77", ValueError), (3, TypeError)]
)
def test_there_is_nothing_to_recall_outside_the_course(name, error):
    with pytest.raises(error, match=repr(name)):
        recall(name)


def test_the_stored_text_is_words_and_the_same_each_time():
    one, other = (recall("04")._repr_mimebundle_()["text/plain"] for _ in range(2))
    assert one == other
    assert "RadioButtons" not in one
    assert WORDS("forms.in_a_line") in one
    form = recall("04")
    form.parts[0].choice.value = form.parts[0].choice.options[0]
    assert f"(•) {form.parts[0].choice.options[0]}" in repr(form)


def test_the_two_recalls_are_kept_apart():
    assert len({*RECALLS}) == 2
