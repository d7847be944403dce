"""Who handed in what, however the downloads are named and wrapped."""

import os
import subprocess

import pytest

from lessonlib.grading.intake.gradescope import Roster, Submitter
from lessonlib.grading.intake.names import alike, exercise_of, readable
from lessonlib.grading.intake.submission import at, survey

FIRST, SECOND = EXERCISES = "01_your_own_sentence", "02_why_causal_generates"
CANVAS = [f"doejane_123_900_{FIRST}.ipynb", f"roejohn_LATE_124_901_{FIRST}-1.ipynb"]
MOODLE = [f"{name}_assignsubmission_file_" for name in ("Ann Smith_123", "Bob Jones_124")]


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def found(folder, **more):
    return {
        (each.learner, each.exercise): str(each.path.relative_to(folder))
        for each in survey(folder, EXERCISES, **more).submissions
    }


def asked(folder, **more):
    """Return the notebooks of which a person has to say whose they are."""
    return [
        path for paths in survey(folder, EXERCISES, **more).undecided.values() for path in paths
    ]


def pairs(*learners):
    return {(learner, FIRST) for learner in learners}


@pytest.mark.parametrize("wrapped", ["", "ex1/", "downloads/ex1/"])
def test_canvas_and_moodle_at_any_depth(tmp_path, wrapped):
    put(tmp_path / "c", *(f"{wrapped}{name}" for name in CANVAS))
    put(tmp_path / "m", *(f"{wrapped}{name}/{FIRST}.ipynb" for name in MOODLE))
    put(tmp_path / "f", *(f"{wrapped}{name}{FIRST}.ipynb" for name in MOODLE))
    assert set(found(tmp_path / "c")) == pairs("doejane_123", "roejohn_124")
    assert set(found(tmp_path / "m")) == pairs("Ann Smith", "Bob Jones")
    assert set(found(tmp_path / "f")) == pairs("Ann Smith", "Bob Jones")


def test_a_folder_for_each_exercise_gathers_what_is_one_learners(tmp_path):
    put(tmp_path, f"a/{MOODLE[0]}/{FIRST}.ipynb", f"b/{MOODLE[0]}/{SECOND}.ipynb")
    assert set(found(tmp_path)) == {("Ann Smith", FIRST), ("Ann Smith", SECOND)}


def test_several_downloads_of_github_classroom(tmp_path):
    folder = "01-your-own-sentence-submissions"
    put(tmp_path, f"{folder}/01-your-own-sentence-ann/{FIRST}.ipynb")
    put(tmp_path, f"{folder}/01-your-own-sentence-bob/exercises/{FIRST}.ipynb")
    put(tmp_path, f"week-2-submissions/week-2-ann/{SECOND}.ipynb")
    assert set(found(tmp_path)) == {*pairs("ann", "bob"), ("ann", SECOND)}


@pytest.mark.parametrize("around", ["downloads", "a/b", FIRST, "01-your-own-sentence"])
def test_a_folder_around_the_courses_own_layout(tmp_path, around):
    put(tmp_path, f"{around}/ann/{FIRST}.ipynb", f"{around}/bob/{FIRST}.ipynb")
    (tmp_path / around / "cy").mkdir()
    assert set(found(tmp_path)) == pairs("ann", "bob")
    assert list(survey(tmp_path, EXERCISES).learners) == ["ann", "bob", "cy"]


def test_a_learners_whole_course_is_one_learners(tmp_path):
    folders = ("exercises", "notebooks", "solutions")
    put(tmp_path, *(f"ann/{name}/{FIRST}.ipynb" for name in folders))
    put(tmp_path, f"bob/{FIRST}.ipynb", f"bob/old/{FIRST}.ipynb", f"bob/zz/{FIRST}.ipynb")
    assert set(found(tmp_path)) == pairs("ann", "bob")
    assert found(tmp_path)["bob", FIRST] == f"bob/{FIRST}.ipynb"


def test_nobody_hands_in_for_others_by_naming_folders_after_them(tmp_path):
    put(tmp_path, *(f"{name}/{FIRST}.ipynb" for name in ("bob", "cy", "dan")))
    put(tmp_path, f"ann/bob/{FIRST}.ipynb", f"ann/eve/{FIRST}.ipynb")
    put(tmp_path, f"ann/{MOODLE[0]}/{FIRST}.ipynb", f"ann/{CANVAS[0]}")
    put(tmp_path, f"ann/01-your-own-sentence-eve/{FIRST}.ipynb")
    assert found(tmp_path) == {
        (each, FIRST): f"{each}/{FIRST}.ipynb" for each in ("bob", "cy", "dan")
    }
    assert {path.relative_to(tmp_path).parts[0] for path in asked(tmp_path)} == {"ann"}
    put(tmp_path, f"ann/{FIRST}.ipynb")
    assert found(tmp_path)["ann", FIRST] == f"ann/{FIRST}.ipynb"
    assert set(found(tmp_path)) == pairs("ann", "bob", "cy", "dan")


def test_no_name_leads_out_of_the_folder(tmp_path):
    put(tmp_path, f"01-your-own-sentence-../{FIRST}.ipynb", f"01-your-own-sentence-/{FIRST}.ipynb")
    assert not {".", "..", ""} & set(survey(tmp_path, EXERCISES).learners)
    assert len(found(tmp_path)) == 2


@pytest.mark.parametrize(
    "name",
    [
        *("Copy of {}.ipynb", "Copy_of_{}.ipynb", "{} copy.ipynb", "{} - Kopie.ipynb"),
        *("{}[1].ipynb", "{} (1) (1).ipynb", "{}-Copy1 (1).ipynb", "{}_final.ipynb"),
        *(
            "{}.IPYNB",
            "{}.ipynb.txt",
            "{}.ipynb.json",
            " {} .ipynb",
            "ann_{}.ipynb",
            "{}_ann.ipynb",
        ),
    ],
)
def test_renamed_notebooks_are_recognised(tmp_path, name):
    put(tmp_path, f"ann/{name.format(FIRST)}")
    assert set(found(tmp_path)) == pairs("ann")


@pytest.mark.parametrize("change", [str.upper, str.title, lambda name: name.replace("_", "-")])
def test_capitals_and_dashes_make_no_other_exercise(change):
    assert exercise_of(f"{change(FIRST)}.ipynb", EXERCISES) == FIRST


def test_the_longest_name_that_fits_is_the_exercise():
    assert exercise_of("my 1_a_b.ipynb", ["1_a", "1_a_b", "a"]) == "1_a_b"


def test_what_is_not_recognised_is_listed_by_learner(tmp_path):
    put(tmp_path, "ann/Exercise 1.ipynb", f"bob/{FIRST}.ipynb.zip", f"cy/{FIRST}.py", "README.md")
    seen = survey(tmp_path, EXERCISES)
    assert seen.submissions == []
    assert {name: [path.name for path in paths] for name, paths in seen.unrecognised.items()} == {
        "ann": ["Exercise 1.ipynb"],
        "bob": [f"{FIRST}.ipynb.zip"],
    }
    assert list(seen.learners) == ["ann", "bob", "cy"]


@pytest.mark.parametrize(
    ("counts", "others"),
    [
        ("{} (10).ipynb", ["{} (2).ipynb", "{} (9).ipynb"]),
        ("{}.ipynb", ["{} (2).ipynb", "{}-Copy1.ipynb", "a/{}.ipynb", "zz/{} (99).ipynb"]),
        ("{} (1).ipynb", ["zz/{}.ipynb"]),
        ("{} (1) (2).ipynb", ["{} (1).ipynb", "{} (1) (1).ipynb"]),
        ("attempt 1/{}.ipynb", ["backup 9/{}.ipynb"]),
    ],
)
def test_which_of_several_copies_counts(tmp_path, counts, others):
    put(tmp_path, *(f"ann/{name.format(FIRST)}" for name in (counts, *others)))
    put(tmp_path, f"bob/{FIRST}.ipynb")
    seen = survey(tmp_path, EXERCISES)
    assert found(tmp_path)["ann", FIRST] == f"ann/{counts.format(FIRST)}"
    assert len(seen.copies["ann", FIRST]) == len(others)
    assert ("bob", FIRST) not in seen.copies


def test_what_canvas_numbers_as_handed_in_again_counts(tmp_path):
    start = "doejane_123_"
    put(tmp_path, f"{start}900_{FIRST}.ipynb", f"{start}901_{FIRST}-2.ipynb")
    put(tmp_path, f"{start}1005_{FIRST}-10.ipynb", f"{start}903_{FIRST}-10.ipynb")
    assert found(tmp_path) == {("doejane_123", FIRST): f"{start}1005_{FIRST}-10.ipynb"}


def test_the_number_of_an_exercise_is_none_of_canvas(tmp_path):
    folder = put(tmp_path / "ann", f"my_2_{FIRST}.ipynb")
    assert found(folder) == {("ann", FIRST): f"my_2_{FIRST}.ipynb"}


def test_an_empty_folder_for_an_exercise_makes_a_learner_no_folder_of_learners(tmp_path):
    for learner in ("ann", "bob"):
        (tmp_path / learner / FIRST).mkdir(parents=True)
    assert list(survey(tmp_path, EXERCISES).learners) == ["ann", "bob"]


def test_only_what_lasts_is_an_id(tmp_path):
    put(tmp_path, *CANVAS, f"{MOODLE[0]}/{FIRST}.ipynb", f"student_1/{FIRST}.ipynb")
    put(tmp_path, "Participant 77_assignsubmission_onlinetext_/onlinetext.html")
    put(tmp_path, f"anon_kLm8n_678910_{FIRST}.ipynb", f"{FIRST} - Dot.ipynb")
    assert survey(tmp_path, EXERCISES).learners == {
        "Ann Smith": "",
        "Dot": "",
        "Participant 77": "",
        "anon_kLm8n": "",
        "doejane_123": "canvas:123",
        "roejohn_124": "canvas:124",
        "student_1": "login:student_1",
    }


def test_what_nobody_handed_in_is_no_learner(tmp_path):
    put(tmp_path, f"ann/{FIRST}.ipynb", f"ann/._{FIRST}.ipynb", f"__MACOSX/ann/._{FIRST}.ipynb")
    put(tmp_path, ".DS_Store", f"gradebook/reports/{FIRST}.ipynb", "gradebook/journal.jsonl")
    out = tmp_path / "gradebook"
    assert set(found(tmp_path, besides=out)) == pairs("ann")
    assert list(survey(tmp_path, EXERCISES, besides=out).learners) == ["ann"]


def test_folders_without_end_do_not_stop_the_search(tmp_path):
    put(tmp_path, f"bob/{FIRST}.ipynb")
    place = tmp_path / "ann"
    place.mkdir()
    inside = os.open(place, os.O_RDONLY)
    for _ in range(1500):  # deeper than Python may call, and than a path may be long
        os.mkdir("deep", dir_fd=inside)
        below = os.open("deep", os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = below
    os.close(inside)
    try:
        assert set(found(tmp_path)) == pairs("bob")
        assert list(survey(tmp_path, EXERCISES).learners) == ["ann", "bob"]
    finally:
        subprocess.run(["rm", "-rf", place], check=True)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Jürgen".encode(), "Jürgen"),
        ("Jürgen Müßig".encode("latin-1"), "Jürgen Müßig"),
        ("Jürgen Öz".encode("cp437", "replace"), "Jürgen Öz"),
        (b"a\xff\x80", "a\\xff\\x80"),
    ],
)
def test_names_of_old_archives_are_repaired(raw, name):
    assert readable(os.fsdecode(raw)) == name


def test_learners_whose_names_are_damaged_stay_apart(tmp_path):
    for raw in (b"J\xfcrgen", b"J\xf6rgen"):
        os.mkdir(os.fsencode(tmp_path) + b"/" + raw)
        put(tmp_path / os.fsdecode(raw), f"{FIRST}.ipynb")
    assert set(found(tmp_path)) == pairs("Jürgen", "Jörgen")


def test_one_notebook_belongs_to_whom_its_folder_names(tmp_path):
    put(tmp_path, f"ann/{FIRST} (1).ipynb", f"{MOODLE[0]}/{FIRST}.ipynb", CANVAS[0], "ann/x.ipynb")
    paths = [f"ann/{FIRST} (1).ipynb", f"{MOODLE[0]}/{FIRST}.ipynb", CANVAS[0], "ann/x.ipynb"]
    learners = [[each.learner for each in at(tmp_path / path, EXERCISES)] for path in paths]
    assert learners == [["ann"], ["Ann Smith"], ["doejane_123"], []]


BEE, DEE = "ann_bee", "cem"  # user names
MANNERS = {
    "Canvas, also late and handed in again": (
        [f"{BEE}_12_34567_{FIRST}.ipynb", f"cem_LATE_13_34568_{FIRST}-1.ipynb"],
        {"ann_bee_12", "cem_13"},
    ),
    "Canvas, anonymous and late": (
        [f"anon_kLm8n_678910_{FIRST}.ipynb", f"LATE_anon_Zz9aB_678911_{FIRST}.ipynb"],
        {"anon_kLm8n", "anon_Zz9aB"},
    ),
    "Canvas, a link and a text beside a notebook": (
        [f"beeann_12_34567_{FIRST}.ipynb", "deecem_13_text.html", "eveeve_LATE_14_link.html"],
        {"beeann_12", "deecem_13", "eveeve_14"},
    ),
    "Canvas, an archive unpacked": (
        [f"beeann_1234_345678_mine/{FIRST}.ipynb", f"deecem_1235_345679_{FIRST}.ipynb"],
        {"beeann_1234", "deecem_1235"},
    ),
    "Moodle, folders": (
        [f"{name}_assignsubmission_file_/{FIRST}.ipynb" for name in ("Ann Bee_7", "Cem Dee_8")],
        {"Ann Bee", "Cem Dee"},
    ),
    "Moodle, flat": (
        [f"{name}_assignsubmission_file_{FIRST}.ipynb" for name in ("Ann Bee_7", "Cem Dee_8")],
        {"Ann Bee", "Cem Dee"},
    ),
    "Moodle, two of one name": (
        [f"{name}_assignsubmission_file_/{FIRST}.ipynb" for name in ("Ann Bee_7", "Ann Bee_8")],
        {"Ann Bee (7)", "Ann Bee (8)"},
    ),
    "Moodle, blind": (
        [f"Teilnehmer_{n}_assignsubmission_file_/{FIRST}.ipynb" for n in (71, 72)],
        {"Participant 71", "Participant 72"},
    ),
    "Blackboard": (
        [
            f"Week 1_{user}_attempt_2024-01-31-12-00-0{n}_{FIRST}.ipynb"
            for user in ("ann", "cem")
            for n in (1, 2)
        ],
        {"ann", "cem"},
    ),
    "nbgrader": (
        [
            *(f"submitted/{user}/ps1/{FIRST}.ipynb" for user in (BEE, DEE)),
            f"submitted/{BEE}/ps2/{SECOND}.ipynb",
        ],
        {BEE, DEE},
    ),
    "nbgrader, waiting to be collected": (
        [
            *(
                f"{user}+ps1+2024-01-31 12:00:00.000{n} UTC" + f"/{FIRST}.ipynb"
                for user in (BEE, DEE)
                for n in (1, 2)
            ),
            f"{BEE}+ps2+2024-02-07 12:00:00.0001 UTC+aB3/{SECOND}.ipynb",
        ],
        {BEE, DEE},
    ),
    "GitHub Classroom": (
        [f"week-1-submissions/week-1-{user}/exercises/{FIRST}.ipynb" for user in ("a-bee", "cem")],
        {"a-bee", "cem"},
    ),
    "Google Classroom": (
        [f"Ann Bee - {FIRST}.ipynb", f"Copy of {FIRST} - Cem Dee.ipynb"],
        {"Ann Bee", "Cem Dee"},
    ),
    "the course's own": ([f"{user}/{FIRST}.ipynb" for user in (BEE, DEE)], {BEE, DEE}),
    "sections": (
        [
            f"section A/ann/{FIRST}.ipynb",
            f"section A/bob/{FIRST}.ipynb",
            f"section B/cem/{FIRST}.ipynb",
        ],
        {"ann", "bob", "cem"},
    ),
    "attempts of half of them": (
        [
            *(f"{user}/attempt {n}/{FIRST}.ipynb" for user in ("ann", "bob") for n in (9, 10)),
            *(f"{user}/{FIRST}.ipynb" for user in ("cem", "dot")),
        ],
        {"ann", "bob", "cem", "dot"},
    ),
    "attempts by date": (
        [f"{user}/2024-01-{day}/{FIRST}.ipynb" for user in ("ann", "bob") for day in (30, 31)],
        {"ann", "bob"},
    ),
    "teams": ([f"group {n}/{FIRST}.ipynb" for n in (1, 2)], {"group 1", "group 2"}),
    "a folder for each learner and exercise": (
        [f"{user} {FIRST}/{FIRST}.ipynb" for user in ("ann", "cem")],
        {"ann", "cem"},
    ),
}


@pytest.mark.parametrize(("names", "learners"), MANNERS.values(), ids=MANNERS)
@pytest.mark.parametrize("wrapped", ["", "downloads/", "METH/ex1/"])
def test_each_programs_own_names(tmp_path, names, learners, wrapped):
    put(tmp_path, *(f"{wrapped}{name}" for name in names))
    seen = survey(tmp_path, EXERCISES)
    assert set(seen.learners) == learners
    assert not seen.undecided
    notebooks = [name for name in names if name.endswith(".ipynb")]
    copies = sum(map(len, seen.copies.values()))
    assert len(seen.submissions) + copies == len(notebooks)


METADATA = """---
submission_1:
  :submitters:
  - :name: Ann Bee
    :sid: '3031'
    :email: ann@example.org
  :created_at: 2024-01-31 12:00:00
  :results:
    :tests:
  - :name: not a person
submission_2:
  :submitters:
  - :name: "J\\u00fcrgen \\"J\\" O'Dee"
    :sid:
    :email: cem@example.org
  - :name: 'Eve O''Ott'
    :sid: 3033
"""


def test_gradescope_names_people_in_a_table_beside_the_folders(tmp_path):
    export = tmp_path / "assignment_5_export"
    put(export, *(f"submission_{n}/{FIRST}.ipynb" for n in (1, 2)))
    (export / "submission_metadata.yml").write_text(METADATA, encoding="utf-8")
    seen = survey(tmp_path, EXERCISES)
    assert seen.learners == {
        "Ann Bee_3031": "sid:3031",
        "Eve O'Ott_3033": "sid:3033",
        'Jürgen "J" O\'Dee_cem@example.org': "email:cem@example.org",
    }
    assert len(seen.submissions) == 3  # a team's notebook is each member's
    assert not seen.undecided


@pytest.mark.parametrize("name", ["../../etc", "..", "a/b", "x\\\\y", "..\\0"])
def test_no_name_on_gradescope_leads_out_of_a_folder(name):
    for each in (Submitter(name, "7"), Submitter("", name), Submitter("", "", name)):
        assert not {"/", "\\", "\0"} & set(each.shown)
        assert not each.shown.startswith(".")


def test_a_folder_of_gradescope_without_the_table_has_a_number_alone(tmp_path):
    put(tmp_path, *(f"submission_{n}/{FIRST}.ipynb" for n in (1, 2)))
    assert set(found(tmp_path)) == pairs("submission_1", "submission_2")


def test_blackboards_receipts_tell_user_names(tmp_path):
    for user in ("ab_cd", "xy_cd"):
        for week, exercise in enumerate(EXERCISES):
            start = f"Week_{week}_{user}_attempt_2024-01-31-12-00-00"
            put(tmp_path, f"{start}_{exercise}.ipynb")
            (tmp_path / f"{start}.txt").write_text(f"Name: A (B) C ({user})\nAssignment: x\n")
    assert {learner for learner, _ in found(tmp_path)} == {"ab_cd", "xy_cd"}
    for receipt in tmp_path.glob("*.txt"):
        receipt.unlink()
    assert len(asked(tmp_path)) == 4


@pytest.mark.parametrize(
    "names",
    [
        [
            f"anon_{code}_9{n}_{ex}.ipynb"
            for n, (code, ex) in enumerate([("a", FIRST), ("b", SECOND)])
        ],
        [
            f"{ex}/Participant_{n}{k}_assignsubmission_file_/{ex}.ipynb"
            for n, ex in enumerate(EXERCISES)
            for k in (1, 2)
        ],
        [f"w{n}/submission_{n}{k}/{ex}.ipynb" for n, ex in enumerate(EXERCISES) for k in (1, 2)],
        [f"w{n}/Ann Bee_{n}_assignsubmission_file_/{FIRST}.ipynb" for n in (1, 2)],
        [f"section {each}/ann/{FIRST}.ipynb" for each in "AB"],
        [f"pa{n}-ann/{ex}.ipynb" for n, ex in enumerate(EXERCISES)],
        [f"ann-ex{n}/{ex}.ipynb" for n, ex in enumerate(EXERCISES)],
        [f"{name}/{FIRST}.ipynb" for name in ("ann", "ann (1)", "ann - Copy", "Copy of ann")],
        [
            f"w{n}/Red-Participant_{n}_assignsubmission_file_/{ex}.ipynb"
            for n, ex in enumerate(EXERCISES)
        ],
        [f"Project {n} - Ann Bee/{FIRST}.ipynb" for n in (1, 2)],
        [
            f"{day}/{who}/{FIRST}.ipynb"
            for day, who in (("Mon", "ann"), ("Mon", "bo"), ("Tue", "cy"))
        ],
        [f"Mon/ann_{FIRST}.ipynb", f"Mon/bo_{FIRST}.ipynb", f"Tue/cy_{FIRST}.ipynb"],
        [f"{FIRST}.ipynb", f"{FIRST} (1).ipynb", f"{FIRST} (2).ipynb"],
        [f"Copy of {FIRST}.ipynb", f"{FIRST}.ipynb"],
        [f"{name}/{FIRST}.ipynb" for name in ("J\u00fcrgen", "Ju\u0308rgen")],
        [f"{name}/{FIRST}.ipynb" for name in ("ann", "ann\u200b", "\ufeffann", "a\u00adnn")],
        [f"{name}_{FIRST}.ipynb" for name in ("Ann", "ann")],
        [f"downloads/attempt {n}/{FIRST}.ipynb" for n in (1, 2)],
        [f"doe_12_900_roe_13_901_{FIRST}.ipynb"],
        [f"Default group_assignsubmission_file_/{FIRST}.ipynb"],
        [f"X/ann/{FIRST}.ipynb", f"X/bo/{SECOND}.ipynb"],
    ],
    ids=str,
)
def test_what_cannot_be_told_is_asked(tmp_path, names):
    put(tmp_path, *names)
    assert found(tmp_path) == {}
    assert not survey(tmp_path, EXERCISES).learners  # a section is nobody
    assert sorted(asked(tmp_path)) == sorted(tmp_path / name for name in names)


def test_two_of_one_name_stay_two_and_their_other_work_is_asked(tmp_path):
    for number in (7, 8):
        put(tmp_path, f"one/Ann Bee_{number}_assignsubmission_file_/{FIRST}.ipynb")
    put(tmp_path, f"two/Ann Bee_9_assignsubmission_file_/{SECOND}.ipynb")
    assert set(found(tmp_path)) == pairs("Ann Bee (7)", "Ann Bee (8)")
    assert len(asked(tmp_path)) == 1


def test_who_has_the_name_of_two_people_of_an_earlier_run_is_asked(tmp_path):
    put(tmp_path, *(f"Ann Bee_{n}_assignsubmission_file_/{FIRST}.ipynb" for n in (7, 8)))
    told = set(survey(tmp_path, EXERCISES, earlier={"Ann Bee"}).learners)
    assert told == set(survey(tmp_path, EXERCISES, earlier=told).learners)
    assert told == {"Ann Bee (7)", "Ann Bee (8)"}
    for numbers in ((27, 28), (27,)):
        folder = tmp_path / f"two {len(numbers)}"
        put(folder, *(f"ann bee_{n}_assignsubmission_file_/{SECOND}.ipynb" for n in numbers))
        assert not found(folder, earlier=told)
        assert len(asked(folder, earlier=told)) == len(numbers)
        assert len(found(folder, earlier={"Cem (7)"})) == len(numbers)


def test_a_name_that_may_begin_with_a_teams_is_asked(tmp_path):
    moodle = "{}_assignsubmission_file_/{}.ipynb".format
    put(tmp_path / "one", moodle("A-Ann Bee_7", FIRST), moodle("A-B-Cem_8", FIRST))
    put(tmp_path / "two", moodle("Ann Bee_27", SECOND), moodle("Cem_28", SECOND))
    assert set(found(tmp_path)) == {("Ann Bee", SECOND), ("Cem", SECOND)}
    assert len(asked(tmp_path)) == 2
    put(tmp_path / "one", moodle("Ann Bee_6", FIRST))  # so the other one has another name
    assert set(found(tmp_path)) >= {("A-Ann Bee", FIRST), ("Ann Bee", FIRST), ("Ann Bee", SECOND)}


def test_a_folder_beside_its_copy_is_no_learner_without_a_notebook(tmp_path):
    put(tmp_path, "ann/mine.zip", f"ann (1)/{FIRST}.ipynb", f"bob/{FIRST}.ipynb")
    seen = survey(tmp_path, EXERCISES)
    assert list(seen.learners) == ["bob"]
    assert len(seen.undecided[FIRST]) == len(seen.others) == 1


def test_folders_that_are_numbered_are_no_copies(tmp_path):
    names = [*(f"student ({n})" for n in (1, 2)), *(f"team-red{n}" for n in (1, 2)), "s12-lee"]
    put(tmp_path, *(f"{name}/{FIRST}.ipynb" for name in names))
    assert set(found(tmp_path)) == pairs(*names)


def test_one_of_canvass_numbers_is_one_person_however_the_name_changes(tmp_path):
    put(tmp_path, f"a/doejane_12_900_{FIRST}.ipynb", f"b/roejane_12_950_{SECOND}.ipynb")
    assert len({learner for learner, _ in found(tmp_path)}) == 1
    assert survey(tmp_path, EXERCISES).joined == [
        "doejane_12: doejane_12, roejane_12 under one number"
    ]


def test_what_nbgrader_made_itself_is_nobodys(tmp_path):
    put(tmp_path, f"submitted/ann/ps1/{FIRST}.ipynb", f"autograded/ann/ps1/{FIRST}.ipynb")
    put(tmp_path, f"source/ps1/{FIRST}.ipynb")
    assert found(tmp_path) == {("ann", FIRST): f"submitted/ann/ps1/{FIRST}.ipynb"}
    assert len(asked(tmp_path)) == 2


def test_the_last_attempt_counts(tmp_path):
    put(tmp_path, *(f"{user}/attempt {n}/{FIRST}.ipynb" for user in "ab" for n in (2, 9, 10)))
    assert found(tmp_path)["a", FIRST] == f"a/attempt 10/{FIRST}.ipynb"
    start = "HW_{}_attempt_2024-01-{}-12-00-00_" + FIRST
    put(tmp_path / "bb", *(f"{start.format(u, day)}.ipynb" for u in "ab" for day in (30, 31)))
    assert found(tmp_path / "bb")["a", FIRST] == f"{start.format('a', 31)}.ipynb"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("J\u00fcrgen  Öz", "ju\u0308rgen Öz", True),
        ("Ann\u00a0Bee", "ANN BEE", True),
        ("Isil", "ısıl", False),
        ("İsil", "Isil", False),
        ("Ann-Marie", "Ann Marie", False),
    ],
)
def test_names_are_equal_by_unicodes_rules(one, other, same):
    assert (alike(one) == alike(other)) is same


MOODLES = "Ann Bee_{}_assignsubmission_file_/{}.ipynb"


@pytest.mark.parametrize("place", ["METH-Week 1-88/", ""])
@pytest.mark.parametrize("second", [SECOND, "my work"])
def test_two_numbers_of_one_assignment_are_two_whatever_they_hand_in(tmp_path, place, second):
    put(tmp_path / place, MOODLES.format(1001, FIRST), MOODLES.format(1003, second))
    for number in (1002, 1004, 1005):
        put(tmp_path / place, f"Cem {number}_{number}_assignsubmission_file_/{FIRST}.ipynb")
    seen = survey(tmp_path, EXERCISES)
    assert {"Ann Bee (1001)", "Ann Bee (1003)"} <= set(seen.learners)
    assert "Ann Bee" not in seen.learners


def test_numbers_of_several_assignments_in_one_folder_are_one_person(tmp_path):
    put(tmp_path, MOODLES.format(1001, FIRST), MOODLES.format(2001, SECOND))
    put(tmp_path, *(f"Cem_{n}_assignsubmission_file_/{e}.ipynb" for n, e in ((1002, FIRST),)))
    assert ("Ann Bee", SECOND) in found(tmp_path)


def test_a_folder_of_several_people_is_no_learner(tmp_path):
    put(tmp_path, *(f"{name}/{FIRST}.ipynb" for name in ("ann", "bob", "groupX/cem", "groupX/dot")))
    put(tmp_path, "groupX/readme.txt")
    assert len(asked(tmp_path)) == 2
    assert set(survey(tmp_path, EXERCISES).learners) == {"ann", "bob"}


@pytest.mark.parametrize(
    "names",
    [
        (f"Strauß/{FIRST}.ipynb", f"Strauss/{SECOND}.ipynb"),
        (f"Ann/{FIRST}.ipynb", f"ann/{SECOND}.ipynb"),
        (f"ann_{FIRST}.ipynb", f"ann_final_{FIRST}.ipynb", f"final_ann_{SECOND}.ipynb"),
        (f"ann_{FIRST}.ipynb", f"ann v2_{SECOND}.ipynb"),
        (f"ann lee_{FIRST}.ipynb", f"ann_lee_{SECOND}.ipynb"),
    ],
)
def test_names_that_hardly_differ_beside_one_another_are_asked(tmp_path, names):
    put(tmp_path, *names, f"zoe_{FIRST}.ipynb", f"yan/{FIRST}.ipynb")
    assert sorted(asked(tmp_path)) == sorted(tmp_path / name for name in names)


def test_numbered_learners_are_told_without_asking(tmp_path):
    put(tmp_path, *(f"student {n}_{e}.ipynb" for n in (1, 2) for e in EXERCISES[:2]))
    assert len(found(tmp_path)) == 4


def test_names_that_hardly_differ_in_two_folders_are_one_person(tmp_path):
    put(tmp_path, f"{FIRST}/Ann/{FIRST}.ipynb", f"{SECOND}/ann/{SECOND}.ipynb")
    assert set(found(tmp_path)) == {("Ann", FIRST), ("Ann", SECOND)}


@pytest.mark.parametrize(
    ("sid", "email", "learners", "questions"),
    [
        ("", "Ann@x.org", {"Ann Bee_12"}, 0),  # no number yet, the same address
        ("", "bee@x.org", {"Ann Bee_12"}, 1),  # the same name, another address
        ("13", "bee@x.org", {"Ann Bee_12", "Ann Bee_13"}, 0),
    ],
)
def test_somebody_without_a_number_yet_is_known_by_the_address_or_asked(
    tmp_path, sid, email, learners, questions
):
    said = (("1", FIRST, "12", "ann@x.org"), ("2", SECOND, sid, email))
    for number, exercise, number_of_person, address in said:
        export = tmp_path / f"assignment_{number}_export"
        put(export, f"submission_{number}/{exercise}.ipynb")
        (export / "submission_metadata.yml").write_text(
            f"---\nsubmission_{number}:\n  :submitters:\n  - :name: Ann Bee\n"
            f"    :sid: '{number_of_person}'\n    :email: {address}\n"
        )
    assert {name for name, _ in found(tmp_path)} == learners
    assert len(asked(tmp_path)) == questions


@pytest.mark.parametrize(("numbers", "sid"), [(("12",), "12"), (("12", "12"), "12"), ((), "")])
def test_an_address_stands_for_a_number_only_where_it_has_one(numbers, sid):
    assert _roster(*numbers).known(Submitter("Ann", email="a@x.org")).sid == sid


def test_an_address_with_two_numbers_is_nobodys():
    assert _roster("12", "13").known(Submitter("Ann", email="a@x.org")) is None


def _roster(*numbers):
    return Roster(
        f"submission_1:\n  :submitters:\n  - :name: Ann\n    :sid: '{n}'\n    :email: a@x.org\n"
        for n in numbers
    )
