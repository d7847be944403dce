"""Probes: fresh inputs, nothing of the answer inside, and told apart from all other output."""

import contextlib
import json
import time
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from lessonlib.grading.confined.kernel import Said, StoppedError
from lessonlib.grading.intake.merge import Merged
from lessonlib.grading.paper.terms import Budget, Ruling, Terms
from lessonlib.grading.verdicts import ruling as judging
from lessonlib.grading.verdicts.judge import JUDGING, MOST, TOO_LARGE, within
from lessonlib.grading.verdicts.probes import draw
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome
from lessonlib.practice.questions import QUESTIONS
from tests.grading.handouts import CAUSAL, EXERCISE, MASKED, RIGHT, SPAN, solution

CODING = (CAUSAL, MASKED, SPAN)


def defined(source, name):
    namespace = {}
    exec(source, namespace)
    return namespace[name]


def published(probe, function):
    """What the probe's cell would put out for a function."""
    outcomes = [run(function, arguments).to_json() for arguments in probe.drawn]
    answer = json.dumps({"defined": True, "outcomes": outcomes})
    return [new_output("display_data", data={probe.channel: answer})]


@pytest.mark.parametrize("question", CODING)
def test_a_seed_fixes_the_inputs_and_another_changes_them(question):
    first, again, other = (draw(question, EXERCISE, seed, "t").drawn for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert draw(question, "another_exercise", 1, "t").drawn != first


@pytest.mark.parametrize("question", CODING)
def test_the_expected_output_is_not_in_the_code_that_runs_beside_the_learners(question):
    probe = draw(question, EXERCISE, 3, "t")
    cell = probe.cell
    (output,) = cell.outputs
    expected = json.loads(output["data"][probe.channel])
    for each in expected:
        assert json.dumps(each["returned"]) not in cell.source.replace("\\", "")
    nbformat.validate(new_notebook(cells=[cell]))


@pytest.mark.parametrize("question", CODING)
def test_a_right_answer_is_written_as_the_reference_writes_it(question):
    probe = draw(question, EXERCISE, 3, "t")
    answer = probe.read(published(probe, defined(RIGHT[question], question)))
    assert probe.comparable(answer) == probe.cell.outputs


def test_a_tuple_and_another_order_of_keys_count_as_the_same():
    probe = draw(MASKED, EXERCISE, 3, "t")
    right = QUESTIONS[MASKED].reference

    def answer(tokens, mask_positions):
        masked, labels = right(tokens, mask_positions)
        return tuple(masked), dict(reversed(labels.items()))

    assert probe.comparable(probe.read(published(probe, answer))) == probe.cell.outputs


def test_a_wrong_answer_differs():
    probe = draw(CAUSAL, EXERCISE, 3, "t")
    answer = probe.read(published(probe, lambda tokens: (tokens[1:], tokens[:-1])))
    assert probe.comparable(answer) != probe.cell.outputs


def test_other_output_is_not_taken_for_the_answer():
    probe = draw(CAUSAL, EXERCISE, 3, "secret")
    other = draw(CAUSAL, EXERCISE, 3, "guessed")
    right = published(probe, QUESTIONS[CAUSAL].reference)
    noise = [
        new_output("stream", name="stdout", text=right[0]["data"][probe.channel]),
        *published(other, QUESTIONS[CAUSAL].reference),
    ]
    assert probe.read(noise).defined is None
    assert probe.read([*noise, *right]).defined
    assert probe.read([*right, *right]).defined is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "[]", '{"defined": 1}', '{"defined": true, "outcomes": [1]}', "[" * 100_000],
)
def test_what_is_no_answer_is_none(text):
    probe = draw(CAUSAL, EXERCISE, 3, "t")
    assert probe.read([new_output("display_data", data={probe.channel: text})]).defined is None


def test_fewer_outcomes_than_inputs_do_not_pass():
    probe = draw(CAUSAL, EXERCISE, 3, "t")
    text = json.dumps({"defined": True, "outcomes": []})
    answer = probe.read([new_output("display_data", data={probe.channel: text})])
    assert probe.comparable(answer) != probe.cell.outputs


ZEROS, WORDS = [0] * 49_000, ["abc"] * 20_000
DEEP = [0] * 90_000
for _ in range(400):
    DEEP = [DEEP]
FORGED = {
    "lists": {"value": [ZEROS, ZEROS]},
    "words": {"value": [WORDS, WORDS]},
    "deep": {"value": DEEP},
    "keys": {"value": {"dict": [[[n, [n]], [n]] for n in range(12_000)]}},
    "printed": {"printed": "a " * 140_000},
    "names": {"unread": ["tokens"] * 30_000},
    "lines": {"dots": [*range(40_000)]},
    "raised": {"failure": {"type": "E", "text": "x((" * 90_000, "line": "", "line_number": 1}},
    "longer": {"value": [ZEROS] * 4},
}


@pytest.mark.parametrize("question", CODING)
@pytest.mark.parametrize("made_up", FORGED.values(), ids=FORGED)
def test_a_long_answer_is_judged_within_its_own_budget(question, made_up):
    probe = draw(question, EXERCISE, 3, "t")
    text = json.dumps({"defined": True, "outcomes": [Outcome().to_json() | made_up]})
    began, refused = time.process_time(), ""
    try:
        with within(JUDGING):
            answer = probe.read([new_output("display_data", data={probe.channel: text})])
            assert probe.comparable(answer) != probe.cell.outputs
            judging._judged(probe, answer)
    except StoppedError as stop:
        refused = stop.cause
    assert refused == TOO_LARGE or (not refused and len(text) <= MOST)
    assert time.process_time() - began < 2 * JUDGING


def test_what_computes_for_ever_is_stopped_even_if_it_does_not_heed_it_at_first():
    def compute():
        with contextlib.suppress(StoppedError):
            while True:
                str(began)
        while True:
            str(began)

    began = time.process_time()
    with pytest.raises(StoppedError, match="too large"), within(0.1):
        compute()
    assert time.process_time() - began < 2


@pytest.fixture
def sit(monkeypatch):
    """Have a notebook run in a kernel that does nothing, and every probe pass."""

    def probed(node, probe, said, refused):
        return Ruling(probe.question, "passed", "right")

    def sit(notebook, probed=probed):
        budgets, ran = [], []

        def run(source):
            ran.append(source)
            return Said()

        kernel = SimpleNamespace(
            cpu_seconds=0,
            is_alive=lambda: True,
            look=lambda: None,
            stop=lambda: None,
            begin=budgets.append,
            run=run,
        )
        bench = SimpleNamespace(node=SimpleNamespace, start=lambda: kernel, terms=TERMS)
        monkeypatch.setattr(judging, "_probed", probed)
        probes = {name: draw(name, EXERCISE, 1, "t") for name in CODING}
        trial = judging._Trial(bench, Merged(notebook, RIGHT), None, probes)
        return trial._sit(list(CODING), CODING), budgets, ran

    return sit


TERMS = Terms(1, budget=Budget(cpu=1))


def test_once_an_answer_has_run_the_courses_cells_get_no_more_than_it(sit):
    notebook = solution()
    notebook.cells.insert(4, new_code_cell("build_causal_example(tokens)"))
    _, budgets, _ = sit(notebook)
    assert budgets == [judging.GIVEN, *[TERMS.budget] * 4]


def test_cells_about_the_page_itself_are_not_run(sit):
    notebook = solution()
    page = {"lessonlib": {"role": "page"}}
    for place in (0, 4, len(notebook.cells)):
        notebook.cells.insert(place, new_code_cell("hand_in()", metadata=page))
    _, _, ran = sit(notebook)
    assert ran
    assert "hand_in()" not in ran


def test_a_failure_of_the_grader_is_that_questions_alone(sit):
    def probed(node, probe, said, refused):
        if probe.question == MASKED:
            raise OSError("no more sockets")
        return Ruling(probe.question, "passed", "right")

    found, _, _ = sit(solution(), probed=probed)
    assert [found[name].verdict for name in CODING] == ["passed", "error", "passed"]


@pytest.mark.parametrize("value", [{"x": 1}, {"dict": [[{"dict": []}, 1]]}, {"dict": 3}])
def test_what_is_no_value_is_no_answer(value):
    probe = draw(CAUSAL, EXERCISE, 3, "t")
    outcome = run(lambda tokens: None, (["a", "b"],)).to_json() | {"value": value}
    text = json.dumps({"defined": True, "outcomes": [outcome]})
    assert probe.read([new_output("display_data", data={probe.channel: text})]).defined is None
