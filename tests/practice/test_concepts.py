"""The concept inventory: before and after, what changed, and questions that come back."""

import json
import random
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from ipywidgets import HTML, Text

from lessonlib.practice import inventory, inventory_change, store
from lessonlib.practice.concepts import (
    FORMS,
    PHASES,
    RIGHT,
    UNKNOWN,
    concepts,
    form_of,
    forms_kept,
    kept_answers,
    other_form,
)
from lessonlib.practice.drawn import drawn_html, drawn_text
from lessonlib.practice.kept_form import concept_as_text
from lessonlib.practice.predictions import prediction_named
from lessonlib.practice.recalling import notebooks
from lessonlib.words import Words

WORDS = Words("practice")
ROOT = Path(__file__).parents[2]
HEDGES = re.compile(
    r"\b(?:may|might|depends|perhaps|often|mostly|nearly|though|partly|usually|some)\b"
)
DO_NOT_KNOW = WORDS("inventory.do_not_know")
QUESTIONS = [concept for form in FORMS for concept in concepts(form).values()]
ALL = pytest.mark.parametrize(
    "concept", QUESTIONS, ids=[f"{name}_{form}" for form in FORMS for name in concepts(form)]
)
FUNCTION_WORDS = {
    *"about also because been does each every from have into many more most much must".split(),
    *"nobody nothing once only other same since such than that their them then there these".split(),
    *"they this those what when where which will with".split(),
}
OLD = {"masked_loss": "loss_on_every_token", "no_longer_asked": "whatever"}
CASES = {  # what the questions on cases that no page shows are about
    "same_text": "dance|chess",
    "windows_apart": "dance|protein",
    "all_at_once": "dance|protein",
    "picture_and_caption": "weather|chess",
}
COVERED = {
    "loss_on_every_token",
    "t5_masks_single_tokens",
    "lower_loss_is_better_anywhere",
    "causal_cannot_fill_blanks",
    "shifting_twice_is_harmless",
    "marker_number_is_the_length",
    "decoder_sees_the_future",
    "self_supervised_is_neutral",
    "fine_tuning_repairs_everything",
    "pretraining_follows_instructions",
    "more_context_is_always_better",
    "loss_in_the_prefix",
    "text_to_text_needs_two_stacks",
    "both_write_the_whole_text",
}


def misconceptions():
    return [c.misconception for q in concepts().values() for c in q.choices]


def asked(phase):
    """Return the questions as they are asked in a phase."""
    return concepts(form_of(phase))


def descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


def answer(phase, pick):
    """Fill in the inventory, choosing by `pick(concept)`; after the course, let it be explained."""
    form = inventory(phase)
    for name, concept in asked(phase).items():
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


def test_the_inventory_covers_what_is_often_misunderstood():
    assert set(misconceptions()) >= COVERED
    wrongs = [name for name in misconceptions() if name != RIGHT]
    assert len(wrongs) == len(set(wrongs))


def test_both_forms_ask_about_the_same_misconceptions_in_another_case():
    one, other = map(concepts, FORMS)
    assert list(one) == list(other)
    for first, second in zip(one.values(), other.values(), strict=True):
        kinds = [[c.misconception for c in concept.choices] for concept in (first, second)]
        assert kinds[0] == kinds[1][::-1]
        assert [c.says for c in first.choices] == [c.says for c in second.choices][::-1]
        assert first.question != second.question
        assert (first.topic, first.notebook) == (second.topic, second.notebook)
        assert (first.drawn is None) == (second.drawn is None)
        assert first.drawn is None or first.drawn != second.drawn
        texts = {c.text for c in first.choices} & {c.text for c in second.choices}
        assert len(texts) <= 1, first.name


def test_the_forms_are_about_as_long_as_each_other():
    lengths = [
        sum(len(c.question) + sum(len(each.text) for each in c.choices) for c in every)
        for every in (concepts(form).values() for form in FORMS)
    ]
    assert max(lengths) < 1.1 * min(lengths)


def test_there_are_twenty_half_of_them_drawn_and_four_about_what_no_page_shows():
    for form in FORMS:
        every = concepts(form).values()
        assert len(every) == 20
        assert sum(concept.drawn is not None for concept in every) >= 10
        assert sum(concept.transfer for concept in every) == 4


@pytest.mark.parametrize("form", FORMS)
def test_neither_place_nor_length_nor_a_hedge_gives_the_right_choice_away(form):
    places, shortest = Counter(), 0
    for concept in concepts(form).values():
        said, others = right(concept), [c.text for c in concept.choices if c.says]
        places[[c.text for c in concept.choices].index(said)] += 1
        shortest += len(said) < min(map(len, others))
        assert len(said) < max(map(len, others)), concept.name
        assert not HEDGES.search(said), concept.name
    assert min(places.values()) >= len(concepts()) / 8
    assert len(places) == 4
    assert shortest <= len(concepts()) / 3


def test_whoever_picks_by_length_alone_does_no_better_than_by_guessing():
    """Once the longest, once the second, and so on: none of these habits finds much."""
    ranks = Counter()
    for concept in QUESTIONS:
        longest_first = sorted(concept.choices, key=lambda choice: -len(choice.text))
        ranks[[choice.misconception for choice in longest_first].index(RIGHT)] += 1
    assert max(ranks.values()) <= len(QUESTIONS) / 2, ranks


def words(text):
    return {*re.findall(r"[a-z]{4,}", text.lower())} - FUNCTION_WORDS


@pytest.mark.parametrize(
    ("page", "call"),
    [
        ("00_start_here.md", 'inventory("before")'),
        ("09_evidence_and_summary.md", 'inventory("after")'),
    ],
)
@ALL
def test_the_page_above_a_form_does_not_say_the_right_choice(concept, page, call):
    """What tells a choice from its question may be on the page, but not more than of the others."""
    above, found, _ = (ROOT / "notebooks" / "text" / page).read_text("utf-8").partition(call)
    assert found
    own = {choice.text: words(choice.text) - words(concept.question) for choice in concept.choices}
    told = {text: len(tells & words(above)) for text, tells in own.items()}
    of_right, tells = told.pop(right(concept)), len(own[right(concept)])
    assert of_right <= max(told.values()) + 1
    assert of_right < max(tells, 3)


def test_a_case_that_is_said_to_be_on_no_page_is_on_none():
    folders = [ROOT / at / "text" for at in ("notebooks", "solutions")]
    pages = "".join(path.read_text("utf-8") for at in folders for path in at.glob("*.md"))
    assert {*CASES} == {name for name, concept in concepts().items() if concept.transfer}
    for name, case in CASES.items():
        assert not re.search(case, pages, re.IGNORECASE), name
        for form in FORMS:
            assert re.search(case, concepts(form)[name].question, re.IGNORECASE), name


@pytest.mark.parametrize("concept", [c for c in QUESTIONS if c.drawn], ids=lambda c: c.name)
def test_what_is_drawn_can_be_read_without_seeing_it(concept):
    html, says = drawn_html(concept.drawn), concept.drawn["says"]
    assert says.endswith(".")
    assert says in unescape(html)
    if "_mask" in concept.drawn:
        assert f'alt="{says}"' in unescape(html)
        assert len(concept.drawn["_tokens"].split()) == concept.drawn["_mask"][1]
    else:
        rows = [row["_tokens"].split() for row in concept.drawn["rows"]]
        assert len({*map(len, rows)}) == 1
        assert html.count('<th scope="row">') == len(rows)
        words = unescape(html.replace("<wbr>", ""))
        assert all(token in words for row in rows for token in row)
    assert "\n".join(drawn_text(concept.drawn)) in "\n".join(concept_as_text(concept, Text()))
    assert right(concept) not in says


@pytest.mark.parametrize("form", FORMS)
def test_the_second_time_each_question_has_its_other_form(form, progress_file, monkeypatch):
    monkeypatch.setattr("secrets.choice", lambda forms: form)
    assert (form_of("before"), form_of("after")) == (form, other_form(form))
    assert form_of("recall") == form
    texts = [
        {unescape(part.value) for part in descendants(page) if isinstance(part, HTML)}
        for phase in PHASES
        for page in inventory(phase).pages.pages
    ]
    count = len(concepts())
    for before, after in zip(texts[:count], texts[count:], strict=True):
        assert before & after <= {""}


def test_which_form_comes_first_is_drawn_once_and_for_a_class_about_evenly(
    progress_file, another_notebook
):
    drawn = Counter()
    for _ in range(200):
        progress_file.unlink(missing_ok=True)
        another_notebook()
        form = form_of("before")
        another_notebook()
        assert form_of("before") == form  # it stays
        drawn[form] += 1
    assert min(drawn[form] for form in FORMS) > 50  # by chance less than once in a billion


def test_pages_that_are_built_begin_with_the_first_form():
    assert forms_kept() == {}
    assert [form_of(phase) for phase in PHASES] == [*FORMS]


@pytest.mark.parametrize(
    ("older", "forms"),
    [
        ({"before": OLD}, ["a", "b"]),
        ({"recall": OLD}, ["a", "b"]),
        ({"before": OLD, "after": OLD, "inventory": {"after": "finished"}}, ["a", "a"]),
    ],
)
def test_answers_of_an_earlier_version_were_to_the_first_form(older, forms, progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text(json.dumps(older))
    assert [form_of(phase) for phase in PHASES] == forms
    for phase in {*PHASES} & {*older}:
        chosen = inventory(phase).choices["masked_loss"].value
        assert chosen == concepts("a")["masked_loss"].choice("loss_on_every_token").text
    assert repr(inventory_change())
    assert store.kept("before") == older.get("before", {})  # what is no longer asked stays, too


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
    because = asked("after")[first].choice("right").because
    assert because in unescape(form._explanations[first].value)
    assert form.choices[first].disabled
    assert not form.choices[second].disabled
    assert not form._explanations[second].value
    form.choices[second].value = right(asked("after")[second])
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
            shows = {choice.text: choice.misconception for choice in asked(phase)[name].choices}
            answers[phase][name] = concepts()[name].choice(shows.get(control.value))
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


def test_a_phase_is_before_or_after():
    with pytest.raises(ValueError, match="between"):
        inventory("between")


def test_the_stored_text_is_words_with_the_state_and_the_same_each_time():
    form = inventory("before")
    text = form._repr_mimebundle_()["text/plain"]
    assert text == inventory("before")._repr_mimebundle_()["text/plain"]
    assert "RadioButtons" not in text
    assert " at 0x" not in text
    control = next(iter(form.choices.values()))
    control.value = control.options[0]
    assert f"(•) {control.options[0]}" in repr(form)


def test_who_guesses_how_many_will_be_right_is_told_how_many_are_asked():
    guess = prediction_named("right_in_the_end")
    assert list(guess.number) == [0, len(concepts())]
    assert f" {len(concepts())} " in guess.question
