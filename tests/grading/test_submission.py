import os

import pytest

from lessonlib.grading.intake.names import person_in
from lessonlib.grading.intake.reading import SIZE_LIMIT, UnreadableError, read
from lessonlib.grading.intake.submission import by_name_alone, survey

EXERCISES = ["01_your_own_sentence", "02_why_causal_generates"]


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def found(folder):
    return [(each.learner, each.exercise) for each in survey(folder, EXERCISES).submissions]


def test_the_courses_own_layout(tmp_path):
    put(tmp_path, "ada/01_your_own_sentence.ipynb", "bo/02_why_causal_generates.ipynb")
    assert found(tmp_path) == [
        ("ada", "01_your_own_sentence"),
        ("bo", "02_why_causal_generates"),
    ]


def test_canvas_names(tmp_path):
    put(
        tmp_path,
        "lovelaceada_4711_90001_01_your_own_sentence.ipynb",
        "bobo_LATE_4712_90002_01_your_own_sentence-2.ipynb",
    )
    assert found(tmp_path) == [
        ("bobo_4712", "01_your_own_sentence"),
        ("lovelaceada_4711", "01_your_own_sentence"),
    ]


def test_moodle_names(tmp_path):
    put(tmp_path, "Ada Lovelace_4711_assignsubmission_file_/01_your_own_sentence.ipynb")
    assert found(tmp_path) == [("Ada Lovelace", "01_your_own_sentence")]


def test_github_classroom_names(tmp_path):
    folder = tmp_path / "week-1-submissions"
    put(folder, "week-1-ada/exercises/01_your_own_sentence.ipynb")
    assert found(folder) == [("ada", "01_your_own_sentence")]


def test_a_browser_may_put_the_name_of_the_folder_before_that_of_the_file(tmp_path):
    put(tmp_path, "eve_exercises_01_your_own_sentence.ipynb")
    put(tmp_path, "eve_02_why_causal_generates.ipynb", "bo/exercises_01_your_own_sentence.ipynb")
    assert found(tmp_path) == [
        ("bo", "01_your_own_sentence"),
        ("eve", "01_your_own_sentence"),
        ("eve", "02_why_causal_generates"),
    ]


@pytest.mark.parametrize("before", ["my_", "final_", "new ", ""])
@pytest.mark.parametrize("surely", [True, False])
def test_words_of_a_copy_before_the_name_of_the_folder_are_no_person(before, surely):
    name = f"{before}exercises_01_your_own_sentence"
    assert person_in(name, "01_your_own_sentence", surely) == ""


def test_a_browsers_copy_counts_unless_the_plain_file_is_there(tmp_path):
    put(tmp_path, "ada/01_your_own_sentence (1).ipynb", "bo/01_your_own_sentence.ipynb")
    put(tmp_path, "bo/01_your_own_sentence-Copy1.ipynb")
    paths = {each.learner: each.path.name for each in survey(tmp_path, EXERCISES).submissions}
    assert paths == {
        "ada": "01_your_own_sentence (1).ipynb",
        "bo": "01_your_own_sentence.ipynb",
    }


def test_checkpoints_and_other_notebooks_are_no_submissions(tmp_path):
    put(
        tmp_path,
        "ada/.ipynb_checkpoints/01_your_own_sentence.ipynb",
        "ada/my_notes.ipynb",
        "ada/conftest.py",
    )
    assert found(tmp_path) == []
    assert list(survey(tmp_path, EXERCISES).learners) == ["ada"]


def test_links_to_folders_are_not_followed(tmp_path):
    put(tmp_path / "elsewhere", "01_your_own_sentence.ipynb")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "in") == []


def refusal(path):
    with pytest.raises(UnreadableError) as caught:
        read(path)
    assert caught.value.message.endswith(".")
    return caught.value.cause


def test_whatever_is_not_a_plain_file_is_refused(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "link") == "link"
    assert refusal(tmp_path / "pipe") == "not-a-file"
    assert refusal(tmp_path) == "not-a-file"
    assert refusal(tmp_path / "nowhere") == "unopened"


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    assert refusal(tmp_path / "huge") == "too-large"


def test_a_plain_file_is_read(tmp_path):
    put(tmp_path, "a.ipynb")
    assert read(tmp_path / "a.ipynb") == b"{}"


@pytest.mark.parametrize("problem", [PermissionError(13, "Permission denied"), OSError(5, "I/O")])
def test_a_folder_that_cannot_be_read_is_noted_and_the_others_are_found(
    tmp_path, monkeypatch, problem
):
    put(tmp_path, "ann/01_your_own_sentence.ipynb", "bob/01_your_own_sentence.ipynb")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("ann"):
            raise problem
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    seen = survey(tmp_path, EXERCISES)
    assert [each.learner for each in seen.submissions] == ["bob"]
    assert seen.closed == {"ann": {tmp_path / "ann": problem.strerror}}


@pytest.mark.parametrize("target", ["nowhere", "ann", "../elsewhere"])
def test_a_learners_folder_that_is_a_link_is_noted(tmp_path, target):
    put(tmp_path / "elsewhere", "01_your_own_sentence.ipynb")
    put(tmp_path / "in", "bob/01_your_own_sentence.ipynb")
    (tmp_path / "in" / "ann").symlink_to(target)
    seen = survey(tmp_path / "in", EXERCISES)
    assert [each.learner for each in seen.submissions] == ["bob"]
    assert "link" in seen.closed["ann"][tmp_path / "in" / "ann"]


@pytest.mark.parametrize(
    ("before", "now"),
    [("J\u00fcrgen", "Ju\u0308rgen"), ("bob", "BOB"), ("\uff21nn", "Ann"), ("cem", "cem\u200b")],
)
def test_a_name_keeps_the_spelling_of_an_earlier_run(tmp_path, before, now):
    put(tmp_path, f"{now}/{EXERCISES[0]}.ipynb", f"dot/{EXERCISES[0]}.ipynb")
    seen = survey(tmp_path, EXERCISES, earlier={before, "eve"})
    assert {each.learner for each in seen.submissions} == set(seen.learners) == {before, "dot"}
    assert seen.joined == [f"{before}, as in an earlier run: now {now}"]
    for earlier in ({now}, {before, now}):
        seen = survey(tmp_path, EXERCISES, earlier=earlier)
        assert set(seen.learners) == {now, "dot"}
        assert not seen.joined


@pytest.mark.parametrize(
    ("name", "learner", "is_guess"),
    [
        ("Ann Bee_2002_assignsubmission_file_/{}.ipynb", "Ann Bee", True),
        ("Ann Bee_{}.ipynb", "Ann Bee", True),
        ("annbee_12_90001_{}.ipynb", "annbee_12", False),
    ],
)
def test_people_of_two_runs_who_are_known_by_name_alone_are_named(
    tmp_path, name, learner, is_guess
):
    put(tmp_path, name.format(EXERCISES[1]))
    earlier = {(learner, EXERCISES[0]), ("Cem", EXERCISES[0])}
    expected = [f"{learner}: {EXERCISES[0]}"] if is_guess else []
    assert by_name_alone(survey(tmp_path, EXERCISES), earlier) == expected


def others(folder):
    return {path.relative_to(folder).as_posix() for path in survey(folder, EXERCISES).others}


def test_what_is_no_notebook_and_may_have_been_handed_in_is_named(tmp_path):
    named = {
        "bo_01_your_own_sentence.zip",
        "cem_124_9002_mywork.html",
        "dot_01_your_own_sentence.json",
        "eve/answers.py",
        "._fay_01_your_own_sentence.ipynb",
        "ada/01_your_own_sentence.pdf",
        "ada/the_rest.zip",
        "ada/week2.tar.xz",
        "ada/02_why_causal_generates.txt",
        "ada/02_why_causal_generates",
        "hal/my_answers.txt",
        "ida/page.jpg",
    }
    put(tmp_path, *named, ".gus/01_your_own_sentence.ipynb", "ada/01_your_own_sentence.ipynb")
    put(tmp_path, "ada/01_your_own_sentence.txt", "ada/plot.png", "ada/notes.md", "roster.csv")
    put(tmp_path, "ada/helper.py", ".git/config", "ada/.ipynb_checkpoints/a-checkpoint.ipynb")
    put(tmp_path, "ada/._01_your_own_sentence.ipynb", ".config/x.json", "notes.txt")
    assert others(tmp_path) == named | {".gus"}


def test_a_link_to_an_empty_folder_is_no_learner(tmp_path):
    put(tmp_path, "in/ada/01_your_own_sentence.ipynb", "away/bo/01_your_own_sentence.ipynb")
    (tmp_path / "empty").mkdir()
    for name, target in (("void", "empty"), ("bo", "away/bo")):
        (tmp_path / "in" / name).symlink_to(tmp_path / target)
    assert set(survey(tmp_path / "in", EXERCISES).learners) == {"ada", "bo"}
