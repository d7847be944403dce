"""A learner's file for the class: shown as it is made, nameless, and read without trust."""

import json
import os
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.practice import class_file, concepts, predictions, store
from lessonlib.practice.class_file import ClassFileError, Predicted, read, to_hand_in
from lessonlib.practice.for_class import ClassForm, for_my_class

CONCEPT = concepts.concepts()["masked_loss"]
WRONG = next(choice for choice in CONCEPT.choices if choice.says)
KNOWN = predictions.predictions()["causal_questions"]
MEASURED = predictions.predictions()["best_continuer"]


@pytest.fixture
def answered(monkeypatch, tmp_path):
    """Someone has answered and predicted, and works in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    concepts.keep_answer("before", CONCEPT, WRONG.text)
    concepts.keep_answer("after", CONCEPT, CONCEPT.choice("right").text)
    predictions.commit(KNOWN, KNOWN.options[0])
    predictions.commit(MEASURED, MEASURED.options[1])
    return tmp_path


def written(path, **changes):
    """Write a file with something else in it than the course would write."""
    whole = json.loads(to_hand_in().as_text()) | changes
    path.write_text(json.dumps(whole))
    return path


def test_what_is_made_is_read_as_it_was(answered, tmp_path):
    handed = to_hand_in("Ada Lovelace")
    (tmp_path / "file.json").write_text(handed.as_text())
    assert read(tmp_path / "file.json") == handed
    assert handed.answers == {
        "before": {CONCEPT.name: WRONG.misconception},
        "after": {CONCEPT.name: "right"},
    }
    assert handed.forms == concepts.forms_kept()
    assert handed.predicted[MEASURED.name] == Predicted(1)
    assert handed.predicted[KNOWN.name].right == (KNOWN.options.index(KNOWN.answer),)


def test_the_button_writes_what_was_shown_and_nothing_else(answered):
    form = for_my_class()
    shown = form.shown.value
    assert list(answered.iterdir()) == []
    form.button.click()
    (path,) = answered.iterdir()
    assert path.name == class_file.FILE
    assert class_file.FILE in form.result.value
    assert escape(path.read_text("utf-8")) in shown
    assert read(path).name == ""


def test_a_name_is_in_the_file_only_if_it_is_typed(answered):
    form = ClassForm()
    form.name.value = "  Ada\u202e \n Lovelace "
    assert "Ada Lovelace" in form.shown.value
    form.button.click()
    assert read(answered / class_file.FILE).name == "Ada Lovelace"


def test_files_of_one_learner_have_one_number_and_count_up(answered):
    form = ClassForm()
    form.button.click()
    first = read(answered / class_file.FILE)
    form.button.click()
    second = read(answered / class_file.FILE)
    assert first.copy == second.copy != ""
    assert second.edition == first.edition + 1


def test_the_form_follows_what_is_answered(progress_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form = ClassForm()
    assert form.button.disabled
    concepts.keep_answer("before", CONCEPT, WRONG.text)
    assert not form.button.disabled
    assert WRONG.misconception in form.shown.value


def test_without_answers_there_is_no_file_and_no_number(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    form = ClassForm()
    form.button.click()
    assert list(tmp_path.iterdir()) == []
    assert not store.kept(class_file.SECTION)


def test_a_folder_that_cannot_be_written_is_told(answered):
    (answered / class_file.FILE).mkdir()
    form = ClassForm()
    form.button.click()
    assert "could not be made" in form.result.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"format": ' + b"9" * 50_000 + b"}",
        b" " * (class_file.LARGEST + 1),
        b'{"format": "lessonlib-class-2"}',
    ],
    ids=["empty", "list", "other", "no text", "deep", "long number", "large", "newer"],
)
def test_what_is_no_such_file_is_refused(tmp_path, data):
    path = tmp_path / "file.json"
    path.write_bytes(data)
    with pytest.raises(ClassFileError, match=r"\w{3}"):
        read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this machine")
def test_links_pipes_and_folders_are_refused_at_once(answered, tmp_path):
    written(tmp_path / "real.json")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises((ClassFileError, OSError)):
            read(tmp_path / f"{name}.json")


def test_what_the_course_does_not_ask_is_left_out(answered, tmp_path):
    path = written(
        tmp_path / "odd.json",
        before={CONCEPT.name: "=cmd()", "<script>": "right", "ranking": 3},
        after=["right"],
        predictions={
            KNOWN.name: {"chosen": 0, "right": [0]},
            MEASURED.name: {"chosen": True, "right": [1]},
            "masks_in_use": {"chosen": -1},
            "hidden_half": {"chosen": 99},
            "unheard_of": {"chosen": 0},
        },
        copy="../../etc",
        edition=-5,
        name="x" * 10_000,
    )
    handed = read(path)
    assert handed.answers == {"before": {}, "after": {}}
    # What is right is not for the file to say where the course knows it.
    assert handed.predicted == {
        KNOWN.name: Predicted(0, (KNOWN.options.index(KNOWN.answer),)),
    }
    assert handed.copy == ""
    assert handed.edition == 0
    assert len(handed.name) == class_file.LONGEST_NAME


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
KEYS = ["name", "copy", "edition", "before", "after", "predictions"]
NAMES = st.sampled_from([CONCEPT.name, KNOWN.name, MEASURED.name])


@given(st.dictionaries(st.sampled_from(KEYS), JSON | st.dictionaries(NAMES, JSON)))
def test_whatever_else_is_in_it_is_read_as_known_names_and_places(tmp_path_factory, whole):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps({**whole, "format": class_file.FORMAT}))
    handed = read(path)
    for answers in handed.answers.values():
        assert all(concepts.concepts()[name].text_of(shows) for name, shows in answers.items())
    for name, each in handed.predicted.items():
        options = predictions.predictions()[name].options
        assert {each.chosen, *each.right} <= {*range(len(options))}
    assert handed.name.isprintable()
