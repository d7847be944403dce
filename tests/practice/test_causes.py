"""A cause is named only where it is true: each one meets programs that do not have it."""

from random import Random

import pytest

from lessonlib.practice import check
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome, encode
from lessonlib.practice.judging import judge_all
from lessonlib.practice.questions import QUESTIONS, cases
from tests.practice.answers import RIGHT, WRONG, masking, three_samples
from tests.practice.mutants import mutants


def tried(question, function, seed):
    """Call a function on the inputs of a seed, shortly where it does not end."""
    calls = []
    for arguments in cases(question, Random(seed)):
        calls.append((arguments, run(function, arguments, 0.5, 5)))
        if calls[-1][1].timed_out:
            break
    return calls


def right(question, arguments):
    return Outcome(value=encode(question.reference(*arguments)))


def guesses(question):
    seen = {cause.name for cause in question.causes if cause.seen}
    return {cause.name for cause in question.causes} - seen


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_cause_is_guessed_from_one_wrong_call_that_right_ones_contradict(name):
    question = QUESTIONS[name]
    met = 0
    for asked, cause, function in WRONG:
        if asked != name or cause not in guesses(question):
            continue
        calls = tried(question, function, 0)
        wrong = [
            at
            for at, (arguments, outcome) in enumerate(calls)
            if outcome.failure is None
            and outcome.value is not None
            and not judge_all(question, [(arguments, outcome)]).passed
        ]
        for only in wrong if len(wrong) > 1 else ():
            mixed = [
                call if at == only else (call[0], right(question, call[0]))
                for at, call in enumerate(calls)
            ]
            # Whoever looks a word up may well find it: only there is one wrong call enough.
            may_be_right = {each.name for each in question.causes if each.may_be_right}
            told = judge_all(question, mixed).cause
            assert told not in {cause} - may_be_right, function.__name__
            met += 1
    assert met > 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_cause_guessed_of_a_mutant_does_not_hang_on_the_inputs_drawn(name):
    question = QUESTIONS[name]
    guessed = 0
    for asked, function in RIGHT:
        for what, mutant in mutants(function) if asked == name else ():
            cause = judge_all(question, tried(question, mutant, 0)).cause
            if cause in guesses(question):
                again = judge_all(question, tried(question, mutant, 1)).cause
                assert again == cause or again.startswith("raised"), what
                guessed += 1
    assert guessed > 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_right_on_so_many_is_never_said_beside_a_cause_that_shows_there(name):
    question = QUESTIONS[name]
    for asked, cause, function in WRONG:
        if asked != name:
            continue
        verdict = check(name, function)
        if "is right on" in verdict.message and cause in guesses(question):
            assert "where this makes no difference" in verdict.message


def going_up(arguments, names):
    """Put positions, and what belongs to them, in ascending order."""
    at = next(k for k, name in enumerate(names) if name.endswith("positions"))
    order = sorted(range(len(arguments[at])), key=arguments[at].__getitem__)
    return arguments[0], *([each[k] for k in order] for each in arguments[1:])


@pytest.mark.parametrize("name", ["build_masked_example", "mask_80_10_10"])
def test_who_is_told_to_count_on_order_is_right_wherever_positions_go_up(name):
    question, told = QUESTIONS[name], 0
    programs = [mutant for asked, f in RIGHT if asked == name for _, mutant in mutants(f)]
    programs += [function for asked, _, function in WRONG if asked == name]
    for function in programs:
        if judge_all(question, tried(question, function, 0)).cause == "counts_on_order":
            ordered = [
                going_up(arguments, question.parameters)
                for seed in range(1, 8)
                for arguments in cases(question, Random(seed))
            ]
            calls = [(arguments, run(function, arguments)) for arguments in ordered]
            assert judge_all(question, calls).passed, function.__name__
            told += 1
    assert told > 0


def inverted(tokens, positions, rolls, random_words):
    inputs = [masking.MASK] * len(tokens)
    for at in positions:
        inputs[at] = tokens[at]
    return inputs, {at: tokens[at] for at in positions}


def thresholds(hide, replace):
    def answer(tokens, positions, rolls, random_words):
        shown = masking._inputs(tokens, positions, rolls, random_words, hide, replace)
        return shown, masking._labels(tokens, positions)

    return answer


def marks_directly(tokens, mask_positions):
    masked = ["[MASK]" if at in mask_positions else word for at, word in enumerate(tokens)]
    return masked, dict.fromkeys(mask_positions, "[MASK]")


@pytest.mark.parametrize(
    ("question", "function", "never", "says"),
    [
        (three_samples.MASKED, three_samples.masked_from_left_to_right, "one position only", ""),
        (masking.NAME, masking.compares_with_eighty, "roll dice of your own", "not below 80"),
        (masking.NAME, thresholds(80, 90), "roll dice of your own", "not below 80"),
        (masking.NAME, thresholds(0.6, 0.9), "roll dice of your own", "you replace; below 0.8"),
        (masking.NAME, masking.puts_all_words_in, "brackets of", "holds the words for all chosen"),
        (masking.NAME, masking.does_nothing_below_eight, "put a random word", "never put into"),
        (masking.NAME, inverted, "was given", "a position that was not chosen"),
        (three_samples.MASKED, marks_directly, "you had already", "Perhaps you save each word"),
        (three_samples.CAUSAL, three_samples.causal_in_capitals, "for another", "position 0"),
    ],
)
def test_a_false_cause_is_not_named(question, function, never, says):
    message = check(question, function).message
    assert never not in message
    assert says in message


@pytest.mark.parametrize(
    ("question", "function", "says"),
    [
        (masking.NAME, masking.inserts, "Your list has grown"),
        (masking.NAME, masking.labels_become_a_word, "`labels[position] = ...` adds one entry"),
        (masking.NAME, masking.looks_up_every_random_word, "`index` and `remove` stop"),
        ("labels_to_learn", lambda ids, flags, n: ids[: ids.index(2)], "ids.index(2)"),
        ("build_causal_mask", lambda n: int("x"), "print the values of that line"),
    ],
)
def test_an_error_of_python_gets_its_sentence_and_the_line(question, function, says):
    message = check(question, function).message
    assert says in message
    assert "  called" in message
