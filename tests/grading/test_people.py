"""No two people become one, none becomes two, no notebook is lost: random classes, every layout."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.grading.intake.names import alike, exercise_in
from lessonlib.grading.intake.submission import sorted_out

EXERCISES = ["01_your_own_sentence", "02_why_causal_generates", "07_attention_masks"]


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    login: str
    done: tuple[str, ...]


NAMES = st.one_of(
    st.sampled_from(
        "ann|Ann|Ann Bee|Anna Weiß|Anna Weiss|Jürgen Öz|Ju\u0308rgen O\u0308z|ISIL|ısıl|İsil"
        "|O'Neill"
        "|van_der_berg|李雷|r2d2|Final|Neu|Old|Section B|Group 7|Copy|Week 2|12345|7|attempt 2"
        "|Your Own Sentence|02 why causal generates|anon|x_1_2|LATE|Participant|submissions"
        "|محمد علي|Ann  Bee|ann-marie|ann marie|e\u0301va|Éva".split("|")
    ),
    st.text(st.characters(categories=["L", "M", "N", "Zs"], include_characters="_-'"), max_size=12),
).map(lambda name: name.strip(" ._-'") or "nobody")


@st.composite
def classes(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=5))
    done = st.lists(st.sampled_from(EXERCISES), min_size=1, max_size=3, unique=True).map(tuple)
    logins = st.from_regex(r"[a-z][a-z0-9_.]{0,5}[a-z0-9]", fullmatch=True)
    users = draw(st.lists(logins, min_size=len(names), max_size=len(names), unique=True))
    return [
        Person(number, name, user, draw(done))
        for number, (name, user) in enumerate(zip(names, users, strict=True))
    ]


def each_done(people):
    return [(person, exercise) for person in people for exercise in person.done]


def number(person, exercise):
    """A number that is new for each assignment, as Moodle draws it."""
    return 1000 + 37 * person.number + 500 * EXERCISES.index(exercise)


def canvas(people):
    for n, (person, exercise) in enumerate(each_done(people)):
        name = re.sub(r"\W", "", re.sub(r"_(\d+)_", r"\1", person.name)).lower() or "x"
        late = "_LATE" if n % 3 == 2 else ""
        yield f"{name}{late}_{person.number + 10}_{900 + n}_{exercise}.ipynb", person
        if n % 4 == 3:  # handed in again
            yield f"{name}{late}_{person.number + 10}_{2000 + n}_{exercise}-1.ipynb", person


def canvas_anonymous(people):
    for n, (person, exercise) in enumerate(each_done(people)):
        late = "LATE_" if n % 3 == 2 else ""
        yield f"{late}anon_k{number(person, exercise)}_{900 + n}_{exercise}.ipynb", person


def in_moodle(name):
    return re.sub(r"[&<>\"'`|:/\\]", "", name.replace("_", " ")).strip() or "x"


def moodle_folders(people):
    for person, exercise in each_done(people):
        start = f"{in_moodle(person.name)}_{number(person, exercise)}"
        yield f"{start}_assignsubmission_file_/{exercise}.ipynb", person
        yield f"{start}_assignsubmission_onlinetext_/onlinetext.html", None


def moodle_flat(people):
    for person, exercise in each_done(people):
        start = f"{in_moodle(person.name)}_{number(person, exercise)}_assignsubmission_file"
        yield f"METH-{exercise}-88/{start}_{exercise}.ipynb", person


def moodle_blind(people):
    for person, exercise in each_done(people):
        start = f"Participant_{number(person, exercise)}_assignsubmission_file_"
        yield f"{exercise}/{start}/{exercise}.ipynb", person


def blackboard(people):
    for n, (person, exercise) in enumerate(each_done(people)):
        start = f"Week_{EXERCISES.index(exercise)}_{person.login}_attempt_2024-01-31-12-00-{n:02}"
        yield f"{start}_{exercise}.ipynb", person


def blackboard_with_receipts(people):
    for path, person in blackboard(people):
        yield path, person
        receipt = re.sub(r"(_attempt_[\d-]+)_.*", r"\1.txt", path)
        yield (receipt, f"Name: {person.name} ({person.login})\nAssignment: Week\n"), None


def gradescope(people):
    for exercise in EXERCISES:
        text = "---\n"
        for person in people:
            if exercise in person.done:
                folder = f"submission_{number(person, exercise)}"
                name = person.name.replace("'", "''")
                text += (
                    f"{folder}:\n  :submitters:\n  - :name: '{name}'\n    :sid: '{person.number}'\n"
                )
                text += "  :created_at: 2024-01-31\n  :results:\n    :name: somebody else\n"
                yield f"assignment_{exercise}_export/{folder}/{exercise}.ipynb", person
        yield (f"assignment_{exercise}_export/submission_metadata.yml", text), None


def nbgrader(people):
    for n, (person, exercise) in enumerate(each_done(people)):
        yield f"submitted/{person.login}/ps{n % 2}/{exercise}.ipynb", person


def github(people):
    for person, exercise in each_done(people):
        slug, user = exercise.replace("_", "-"), re.sub(r"[_.]", "-", person.login)
        yield f"{slug}-submissions/{slug}-{user}{person.number}/exercises/{exercise}.ipynb", person


def own(people):
    for person, exercise in each_done(people):
        yield f"{person.name}/{exercise}.ipynb", person


def own_by_exercise(people):
    for person, exercise in each_done(people):
        yield f"{exercise}/{person.name}/{exercise}.ipynb", person


def own_in_sections(people):
    for person, exercise in each_done(people):
        yield f"section {person.number % 2}/{person.name}/{exercise}.ipynb", person


def own_in_named_sections(people):
    for person, exercise in each_done(people):
        yield f"{('Monday', 'Tuesday')[person.number % 2]}/{person.name}/{exercise}.ipynb", person


def own_with_attempts(people):
    for person, exercise in each_done(people):
        inside = f"attempt {person.number % 3}/" if person.number % 2 else ""
        yield f"{person.name}/{inside}{exercise}.ipynb", person
        if inside:
            yield f"{person.name}/attempt 11/{exercise}.ipynb", person


def flat(people):
    for person, exercise in each_done(people):
        yield f"{person.name}_{exercise}.ipynb", person


def flat_of_a_drive(people):
    for person, exercise in each_done(people):
        yield f"Copy of {exercise} - {person.name}.ipynb", person


LAYOUTS = [
    *(canvas, canvas_anonymous, moodle_folders, moodle_flat, moodle_blind, blackboard),
    *(blackboard_with_receipts, gradescope, nbgrader, github, own, own_by_exercise),
    *(own_in_sections, own_in_named_sections, own_with_attempts, flat, flat_of_a_drive),
]
BY_FOLDERS = {own, own_by_exercise, own_in_sections, own_in_named_sections, own_with_attempts}


ROOT = Path("from the platform")


def surveyed(files, wrapped=False):
    """Return whose each notebook is, and what the survey makes of their names alone."""
    truth, texts = {}, {}
    for path, person in files:
        path, text = path if isinstance(path, tuple) else (path, "")
        parts = (*(["downloads"] if wrapped else []), *path.split("/"))
        texts.setdefault(parts, text)
        if person:
            truth.setdefault(ROOT.joinpath(*parts), person)
    folders = {(*parts[:n], "") for parts in texts for n in range(1, len(parts))}
    return truth, sorted_out(ROOT, [*texts, *folders], EXERCISES, texts.__getitem__)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(people=classes(), wrapped=st.booleans())
@settings(max_examples=50, deadline=None)
def test_no_two_people_become_one_and_none_becomes_two(layout, people, wrapped):
    if layout in BY_FOLDERS | {flat, flat_of_a_drive}:  # one name, one folder: one person
        people = list({person.name: person for person in people}.values())
        people = [each for each in people if each.name not in ("attempt 2", "Week 2")]
    truth, seen = surveyed(layout(people), wrapped)
    learners = defaultdict(set)
    for each in seen.submissions:
        learners[each.learner].add(truth[each.path])
        for copy in seen.copies.get((each.learner, each.exercise), ()):
            learners[each.learner].add(truth[copy])
    undecided = {path for paths in seen.undecided.values() for path in paths}
    unknown = {path for paths in seen.unrecognised.values() for path in paths}
    copies = {path for paths in seen.copies.values() for path in paths}
    counted = {each.path for each in seen.submissions}
    assert counted | copies | undecided | unknown == set(truth)
    assert set(seen.owners) == set(truth)
    for learner, persons in learners.items():
        if len(persons) > 1:  # nothing told them apart, and it was said
            assert len({alike(person.name) for person in persons}) == 1, (learner, persons)
            assert any(line.startswith(f"{learner}: ") for line in seen.joined)
    for person in people:
        called = {learner for learner, persons in learners.items() if person in persons}
        assert len(called) <= 1, (person, called)
    if unknown:  # two exercises' names in one file's
        assert all(exercise_in(person.name, EXERCISES) for person in map(truth.get, unknown))


ORDINARY = ["ann bee", "Cem Dee", "Łukasz Öz", "李雷", "o'neill", "van der Berg", "12345"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_ordinary_class_is_told_without_asking(layout, wrapped):
    done = EXERCISES[:1] if layout in (canvas_anonymous, moodle_blind) else EXERCISES
    people = [
        Person(
            number,
            name,
            f"u{number}_x" if layout is blackboard_with_receipts else f"u{number}",
            tuple(done),
        )
        for number, name in enumerate(ORDINARY)
    ]
    truth, seen = surveyed(layout(people), wrapped)
    if layout is own_in_named_sections:  # sections with learners, or learners with attempts?
        assert {path for paths in seen.undecided.values() for path in paths} == set(truth)
        return
    assert not seen.undecided
    assert not seen.unrecognised
    assert len(seen.learners) == len(people)
    assert len(seen.submissions) == len(people) * len(done)
