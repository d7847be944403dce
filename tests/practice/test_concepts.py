"""The concept inventory: before and after, what changed, and questions that come back."""

import json
import random
import re
from html import unescape
from pathlib import Path

import pytest
from ipywidgets import HTML

from lessonlib.practice import inventory, inventory_change, recall
from lessonlib.practice.concepts import (
    PHASES,
    RIGHT,
    UNKNOWN,
    concepts,
    kept_answers,
    notebooks,
    recall_plan,
)
from lessonlib.practice.predictions import prediction_named
from lessonlib.words import Words

WORDS = Words("practice")
ROOT = Path(__file__).parents[2]
HEDGES = re.compile(
    r"\b(?:may|might|depends|perhaps|often|mostly|nearly|though|partly|usually|some)\b"
)
DO_NOT_KNOW = WORDS("inventory.do_not_know")
ALL = pytest.mark.parametrize("concept", concepts().values(), ids=concepts())
COVERED = {
    "loss_on_every_token",
    "t5_masks_single_tokens",
    "prefix_lm_is_encoder_decoder",
    "lower_loss_is_better_anywhere",
    "causal_cannot_fill_blanks",
    "shifting_twice_is_harmless",
    "marker_number_is_the_length",
    "decoder_sees_the_future",
    "self_supervised_is_neutral",
    "masked_is_more_advanced",
    "causal_is_more_advanced",
    "fine_tuning_repairs_everything",
    "pretraining_follows_instructions",
    "more_context_is_always_better",
    "loss_in_the_prefix",
    "text_to_text_needs_two_stacks",
    "both_write_the_whole_text",
}


def misconceptions():
    return [c.misconception for q in concepts().values() for c in q.choices]


def descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


def answer(phase, pick):
    """Fill in the inventory, choosing by `pick(concept)`; after the course, let it be explained."""
    form = inventory(phase)
    for name, concept in concepts().items():
        form.choices[name].value = pick(concept)
    form.button.click()
    return form


def shown(form):
    return {name: control.value for name, control in form.choices.items()}


def right(concept):
    return concept.choice("right").text


def wrong(concept):
    return next(c.text for c in concept.choices if c.misconception != RIGHT)


@ALL
def test_each_question_has_one_right_choice_and_explains_every_choice(concept):
    assert [c.misconception for c in concept.choices].count(RIGHT) == 1
    assert len(concept.choices) >= 3
    for field in ("text", "because", "misconception"):
        values = [getattr(choice, field) for choice in concept.choices]
        assert len(set(values)) == len(values)
        assert all(value.strip() == value != "" for value in values)
    assert all(choice.because.endswith((".", "...")) for choice in concept.choices)
    assert UNKNOWN not in [choice.misconception for choice in concept.choices]
    assert concept.notebook in notebooks()


def test_the_inventory_is_large_and_covers_what_is_often_misunderstood():
    assert len(concepts()) >= 16
    assert set(misconceptions()) >= COVERED
    wrongs = [name for name in misconceptions() if name != RIGHT]
    assert len(wrongs) == len(set(wrongs))


def test_neither_place_nor_length_nor_a_hedge_gives_the_right_choice_away():
    places, shortest = [0] * 4, 0
    for concept in concepts().values():
        said, others = right(concept), [c.text for c in concept.choices if c.says]
        places[[c.text for c in concept.choices].index(said)] += 1
        shortest += len(said) < min(map(len, others))
        assert len(said) < max(map(len, others)), concept.name
        assert not HEDGES.search(said), concept.name
    assert min(places) >= len(concepts()) / 8
    assert shortest <= len(concepts()) / 3


def words(text):
    return set(re.findall(r"[a-z]{4,}", text.lower()))


@pytest.mark.parametrize("name", [name for name, c in concepts().items() if c.notebook < "02"])
def test_the_page_above_the_first_form_does_not_say_the_right_choice(name):
    source = (ROOT / "notebooks" / "text" / "00_start_here.md").read_text("utf-8")
    above = words(source.partition('inventory("before")')[0])
    shared = {c.text: len(words(c.text) & above) for c in concepts()[name].choices}
    told = shared.pop(right(concepts()[name]))
    assert told < len(words(right(concepts()[name])))
    assert told <= max(shared.values())


def test_before_the_course_nothing_is_explained():
    form = answer("before", wrong)
    page = "".join(unescape(part.value) for part in descendants(form) if isinstance(part, HTML))
    assert kept_answers("before").keys() == concepts().keys()
    assert not any(choice.because in page for q in concepts().values() for choice in q.choices)


def test_after_the_course_every_question_is_explained():
    form = answer("after", wrong)
    for name in concepts():
        explained = form._explanations[name].value
        assert "✗" in explained
        assert explained.count("<p>") == 3  # the verdict, this choice, the right one
    assert form.result.value.startswith(f"<p>0 of {len(concepts())} right")


def test_all_right():
    assert f"{len(concepts())} of {len(concepts())} right" in answer("after", right).result.value


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_kept_stays_in_every_notebook(phase, progress_file, another_notebook):
    chosen = answer(phase, wrong)
    kept = kept_answers(phase)
    another_notebook()
    later = inventory(phase)
    assert kept_answers(phase) == kept
    assert kept.keys() == concepts().keys()
    assert UNKNOWN not in kept.values()
    assert shown(later) == shown(chosen)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("seed", range(3))
def test_each_answer_is_kept_at_once_and_no_rerun_erases_any(
    phase, seed, progress_file, another_notebook
):
    """Answer some, change some, rerun the cell or restart now and then: the last answers stand."""
    rng = random.Random(seed)
    form, expected = inventory(phase), dict.fromkeys(concepts())
    for _ in range(30):
        name = rng.choice(list(concepts()))
        expected[name] = form.choices[name].value = rng.choice(form.choices[name].options)
        if rng.random() < 0.3:
            another_notebook()
        if rng.random() < 0.3:
            form = inventory(phase)
        assert shown(form) == expected
    assert shown(inventory(phase)) == expected
    answered = {name for name, text in expected.items() if text}
    assert kept_answers(phase).keys() == answered


def test_not_knowing_is_an_answer_and_not_answering_is_none():
    form = inventory("before")
    first, second, *_ = concepts()
    form.choices[first].value = DO_NOT_KNOW
    assert kept_answers("before") == {first: UNKNOWN}
    assert "1 of" in form.result.value
    later = inventory("before")
    assert later.choices[first].value == DO_NOT_KNOW
    assert later.choices[second].value is None
    assert later.pages.at == 1  # it goes on where the learner stopped


@pytest.mark.parametrize("phase", PHASES)
def test_two_cells_that_ask_the_same_show_the_same(phase):
    one, other = inventory(phase), inventory(phase)
    name = next(iter(concepts()))
    for text in one.choices[name].options:
        one.choices[name].value = text
        assert other.choices[name].value == text


def test_before_can_be_changed_until_after_begins():
    form = answer("before", wrong)
    name = next(iter(concepts()))
    form.choices[name].value = concepts()[name].choice("right").text
    assert kept_answers("before")[name] == RIGHT
    inventory("after").choices[name].value = DO_NOT_KNOW
    assert all(control.disabled for control in form.choices.values())
    assert "no longer be changed" in form._how.value
    assert kept_answers("before")[name] == RIGHT


def test_after_can_be_explained_at_any_time_and_what_is_open_stays_open():
    form = inventory("after")
    first, second, *_ = concepts()
    form.choices[first].value = DO_NOT_KNOW
    assert not form._explanations[first].value
    form.button.click()
    assert concepts()[first].choice("right").because in unescape(form._explanations[first].value)
    assert form.choices[first].disabled
    assert not form.choices[second].disabled
    assert not form._explanations[second].value
    form.choices[second].value = right(concepts()[second])
    assert "✓ Right" in form._explanations[second].value
    assert form.choices[second].disabled


def test_one_question_is_on_the_page_and_all_can_be_reached():
    form = inventory("before")
    seen = []
    for number in range(1, len(concepts()) + 1):
        on_page = [c for c in form.choices.values() if c in descendants(form)]
        assert len(on_page) == 1
        assert f"Question {number} of {len(concepts())}" in form.pages._where.value
        seen += on_page
        assert form.pages.back.disabled == (number == 1)
        form.pages.next.click()
    assert seen == list(form.choices.values())
    assert form.pages.next.disabled
    form.pages.back.click()
    assert form.pages.at == len(concepts()) - 2


def test_a_file_of_an_earlier_version_is_read(progress_file):
    """It held a whole phase, what was not answered as unknown; a name may be gone by now."""
    names = list(concepts())
    old = dict.fromkeys(names, UNKNOWN) | {names[0]: RIGHT, names[1]: "no_longer_there"}
    progress_file.parent.mkdir()
    progress_file.write_text(json.dumps({"before": old}))
    form = inventory("before")
    assert form.choices[names[0]].value == right(concepts()[names[0]])
    assert form.choices[names[1]].value is None
    assert form.choices[names[2]].value == DO_NOT_KNOW


@pytest.mark.parametrize("missing", PHASES)
def test_no_change_without_both(missing):
    (there,) = set(PHASES) - {missing}
    answer(there, right)
    text = repr(inventory_change())
    assert WORDS(f"change.missing.{missing}") in text
    assert WORDS(f"change.missing.{there}") not in text


@pytest.mark.parametrize("seed", range(3))
def test_the_change_counts_and_names_misconceptions_in_words(seed):
    rng = random.Random(seed)
    answers = {phase: {} for phase in PHASES}
    for phase in PHASES:
        form = inventory(phase)
        for name, control in form.choices.items():
            if rng.random() < 0.8:  # some stay unanswered
                control.value = rng.choice(control.options)
            by_text = {choice.text: choice for choice in concepts()[name].choices}
            answers[phase][name] = by_text.get(control.value)
    page = inventory_change()
    text = repr(page)
    pairs = [(answers["before"][name], answers["after"][name]) for name in concepts()]
    for phase, nth in (("before", 0), ("after", 1)):
        rights = sum(pair[nth] is not None and not pair[nth].says for pair in pairs)
        assert f"Right {phase}: {rights} of {len(concepts())}." in text
    answered = [name in kept_answers("after") for name in concepts()]
    expected = {
        "Gone": {
            b.says
            for (b, a), known in zip(pairs, answered, strict=True)
            if b and b.says and known and a != b
        },
        "Still there": {b.says for b, a in pairs if b and b.says and a == b},
        "New": {a.says for b, a in pairs if a and a.says and a != b},
    }
    for title, said in expected.items():
        lines = [line for line in text.splitlines() if line.startswith(f"{title}: ")]
        listed = lines[0].removeprefix(f"{title}: ").removesuffix(".").split("; ") if lines else []
        assert set(listed) == said
        assert len(listed) == len(said)
    assert page._repr_html_().count("<tr>") == len(concepts()) + 1
    assert not any(name in text for name in misconceptions() if "_" in name)


@ALL
def test_every_misconception_has_words_of_its_own(concept):
    for choice in concept.choices:
        assert bool(choice.says) == (choice.misconception != RIGHT)
        assert choice.says != choice.misconception.replace("_", " ")
        assert ";" not in choice.says
        assert not choice.says.endswith(".")


def test_only_questions_of_earlier_notebooks_come_back_and_each_once():
    plan = recall_plan()
    first, *others = notebooks()
    assert (first, others[-1]) == ("00", "09")
    assert list(plan) == others
    come_back = [concept.name for asked in plan.values() for concept in asked]
    assert len(come_back) == len(set(come_back))
    for notebook, asked in plan.items():
        assert 1 <= len(asked) <= 2
        earlier = notebooks()[: notebooks().index(notebook)]
        assert all(concept.notebook in earlier for concept in asked)


@pytest.mark.parametrize("notebook", recall_plan())
def test_a_question_that_comes_back_is_explained_at_once_and_may_be_tried_again(notebook):
    form = recall(notebook)
    for concept, control, check, said in zip(
        form.asked, form.choices, form.buttons, form.results, strict=True
    ):
        check.click()
        assert "Choose one first" in said.value
        control.value = wrong(concept)
        check.click()
        assert "✗" in said.value
        control.value = right(concept)
        check.click()
        assert "✓ Right" in said.value


def test_what_was_recalled_is_there_again_in_every_cell():
    form, other = recall("03"), recall("03")
    form.choices[0].value = wrong(form.asked[0])
    form.buttons[0].click()
    for again in (other, recall("03")):
        assert again.choices[0].value == wrong(form.asked[0])
        assert again.results[0].value == form.results[0].value != ""


@pytest.mark.parametrize(
    ("name", "error"), [("00", ValueError), ("77", ValueError), (3, TypeError)]
)
def test_there_is_nothing_to_recall_outside_the_course(name, error):
    with pytest.raises(error, match=repr(name)):
        recall(name)


def test_a_phase_is_before_or_after():
    with pytest.raises(ValueError, match="between"):
        inventory("between")


@pytest.mark.parametrize("make", [lambda: inventory("before"), lambda: recall("03")])
def test_the_stored_text_is_words_with_the_state_and_the_same_each_time(make):
    form = make()
    text = form._repr_mimebundle_()["text/plain"]
    assert text == make()._repr_mimebundle_()["text/plain"]
    assert "RadioButtons" not in text
    assert " at 0x" not in text
    control = next(iter(form.choices.values() if isinstance(form.choices, dict) else form.choices))
    control.value = control.options[0]
    assert f"(•) {control.options[0]}" in repr(form)


def test_who_guesses_how_many_will_be_right_is_told_how_many_are_asked():
    guess = prediction_named("right_in_the_end")
    assert list(guess.number) == [0, len(concepts())]
    assert f" {len(concepts())} " in guess.question
