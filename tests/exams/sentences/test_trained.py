"""The models that come with the course can do what they practised."""

import numpy as np
import pytest

from lessonlib.exams.exam import EXAM, run
from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.results import ranking
from lessonlib.exams.sentences.abilities import EXAMS
from lessonlib.exams.sentences.subject import LIVE_STEPS, QUICK, own_practice
from lessonlib.exams.sentences.trained import LIVE, SEED, STORED, live_jobs, store_trained, trained
from lessonlib.exams.sentences.unread import UNREAD, Asking

OWN = {"causal": "continuation", "masked": "blank", "span_corruption": "missing_span"}


@pytest.mark.parametrize("objective", OWN)
def test_a_stored_model_answers_what_it_practised(objective):
    candidate = trained(objective)
    ask, metric = EXAMS[OWN[objective]]
    asking = Asking(candidate.language.parts, 60, 7, (NATIVE,), (UNREAD,))
    scores = {found.metric: found.score for found, _ in ask(candidate, asking)}
    assert scores[metric] > 0.7
    never = candidate.never_pretrained(7)
    assert {found.metric: found.score for found, _ in ask(never, asking)}[metric] < 0.2


@pytest.mark.parametrize("objective", OWN)
def test_a_model_of_the_live_exam_is_what_the_live_exam_trains(objective):
    (recipe,) = (one for one in QUICK.recipes if one.objective == objective)
    candidate, material = trained(objective, LIVE), QUICK.subject.material()
    assert (QUICK.seeds, QUICK.steps) == ((SEED,), LIVE_STEPS)
    assert candidate.practised["steps"] == LIVE_STEPS
    said = own_practice(recipe, material, candidate.model, LIVE_STEPS)
    assert said == {
        **{key: candidate.practised[key] for key in said},
        "version": said["version"],
        "loss": pytest.approx(candidate.practised["loss"], abs=0.01),
    }
    assert not np.array_equal(candidate.model.values, trained(objective).model.values)


def test_models_in_files_are_small():
    assert LIVE.stat().st_size < 700_000


def test_the_live_exam_of_models_that_come_trained_says_what_the_page_says():
    heard = []
    live = run(QUICK, heard.append, live_jobs())
    cells = live.matrix()
    for objective, ability in OWN.items():
        assert ranking(cells, ability, answer="native")[0] == objective
    assert {row["objective"] for row in live.rows} == set(QUICK.objectives)
    assert {row["ability"] for row in live.rows} == set(QUICK.questions)
    assert all(row["steps"] == LIVE_STEPS and row["seed"] == SEED for row in live.rows)
    assert {each.stage for each in heard} == {EXAM, ""}


def test_what_is_stored_is_what_is_read(tmp_path, monkeypatch):
    for name, steps in (("STORED", "STEPS"), ("LIVE", "LIVE_STEPS")):
        monkeypatch.setattr(f"lessonlib.exams.sentences.trained.{name}", tmp_path / f"{name}.npz")
        monkeypatch.setattr(f"lessonlib.exams.sentences.trained.{steps}", len(name))
    store_trained(tmp_path)
    for path, usual in ((tmp_path / "STORED.npz", STORED), (tmp_path / "LIVE.npz", LIVE)):
        with np.load(path) as new, np.load(usual) as old:
            assert {*old.files} <= {*new.files}
            for objective in OWN:
                assert (new[objective].shape, new[objective].dtype) == (
                    old[objective].shape,
                    old[objective].dtype,
                )
                assert trained(objective, path).practised["steps"] == len(path.stem)
