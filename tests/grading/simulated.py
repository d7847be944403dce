"""Classes whose causes are known, as the grader would have written them down."""

import json
import random
from dataclasses import asdict, replace
from itertools import chain, repeat

from lessonlib.grading.books import history
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.terms import Terms

EXERCISES = {
    "01_your_own_sentence": ("build_causal_example", "build_masked_example"),
    "05_masking_80_10_10": ("mask_80_10_10",),
    "07_attention_masks": ("build_causal_mask", "build_prefix_mask"),
}
PLACES = [(exercise, name) for exercise, names in EXERCISES.items() for name in names]
ANSWER = "def {question}(tokens):  # {learner}\n    {cause} = tokens[{number}:]\n    return {cause}"


def question(name, verdict="passed", cause="right", **more):
    """Return a question of two points as the grader would rule on it."""
    points = {"passed": 2.0}.get(verdict, 0.0)
    message = f"This is {cause}.\n  you returned: ['secret value']"
    told = {"points": points, "max_points": 2.0, "message": message, "answer": "x = 1"}
    return Question(name, verdict, cause, **(told | more))


def record(learner, exercise, questions, digest="digest", **more):
    return Record(learner, exercise, Terms(1), tuple(questions), digest=digest, **more)


def planned(plan, learners, rng):
    """Return an outcome for each learner, in any order: as many of each as the plan says."""
    each = list(chain(*(repeat(what, count) for what, count in plan.items())))
    assert len(each) == len(learners)
    rng.shuffle(each)
    return dict(zip(learners, each, strict=True))


def simulated(plans, seed=0):
    """Return the records of a class, from how many have which verdict and cause, by place."""
    rng = random.Random(seed)
    count = sum(next(iter(plans.values())).values())
    learners = [f"learner{number:04}" for number in range(count)]
    outcomes = {place: planned(plan, learners, rng) for place, plan in plans.items()}
    return records_of(outcomes, learners)


def records_of(outcomes, learners):
    """Return the records of learners from each one's verdict and cause, by place."""
    found = []
    for number, learner in enumerate(learners):
        for exercise in dict.fromkeys(exercise for exercise, _ in outcomes):
            names = [name for each, name in outcomes if each == exercise]
            own = []
            for name in names:
                verdict, cause = outcomes[exercise, name][learner]
                told = {"question": name, "learner": learner, "cause": cause, "number": number % 7}
                blank = verdict in ("missing", "unreadable")
                answer = "" if blank else ANSWER.format(**told)
                own.append(question(name, verdict, cause, answer=answer))
            found.append(record(learner, exercise, own))
    return found


def scaled(count):
    """Return plans for a class of so many, which must be a multiple of 20."""
    by = count // 20
    return {
        PLACES[0]: {("passed", "right"): 8 * by, ("failed", "labels_not_shifted"): 12 * by},
        PLACES[1]: {
            ("passed", "right"): 9 * by,
            ("failed", "every_word_hidden"): 5 * by,
            ("timeout", "endless_loop"): 5 * by,
            ("missing", "unanswered"): by,
        },
        PLACES[2]: {
            ("passed", "right"): 5 * by,
            ("failed", "always_hidden"): 6 * by,
            ("missing", "not_handed_in"): 5 * by,
            ("unreadable", "not-json"): 2 * by,
            ("error", "grader_failed"): by,
            ("excused", "excused_by_a_person"): by,
        },
        PLACES[3]: {("passed", "right"): 20 * by},
        PLACES[4]: {("pending", "to_be_read"): 15 * by, ("failed", "sees_everything"): 5 * by},
    }


def write_journal(folder, records):
    """Write what a run leaves behind of these records."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "journal.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(asdict(each))}\n" for each in records)
    return folder


def handed_in_again(folder, first, last):
    """Write what two runs leave behind, with a new answer in the second."""
    history.note(write_journal(folder, first), first)
    last = [replace(each, digest="another") for each in last]
    history.note(write_journal(folder, last), last)
    return folder
