"""What is handed back is found by each platform where it looks, and tells each learner alone."""

import csv
import re
import zipfile
from dataclasses import replace

import nbformat
import pytest

from lessonlib.cli import main
from lessonlib.grading.classroom.feedback import FOLDERS, LETTER, as_notebook, write_feedback
from tests.grading.simulated import PLACES, question, record, write_journal
from tests.grading.test_classroom import HOSTILE, Elements

EXERCISE, QUESTION = PLACES[0]
NOTEBOOK = f"{EXERCISE}.ipynb"


def graded(learner, file, secret="", digest="digest", exercise=EXERCISE):
    own = question(QUESTION, "failed", "labels_not_shifted", answer=f"x = {secret!r}")
    return record(learner, exercise, [own], digest, file=file)


def archive(path):
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode() for name in opened.namelist()}


def moodles_participant(way):
    """Return what Moodle takes from a path in an archive: who, which plugin, and the file."""
    parts = way.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdecimal():
            rest = [info[4] if len(info) > 4 else "", *parts]
            return info[1], "_".join(info[2:4]), "/".join(rest).lstrip("/")
    return None


def canvas_numbers(way):
    """Return what Canvas takes from a name: the user and the attachment."""
    return [part for part in way.split("_") if re.fullmatch(r"\d+", part)][:2]


@pytest.mark.parametrize(
    "file",
    [
        f"Zoltan Quixote_123_assignsubmission_file/{NOTEBOOK}",
        f"Zoltan Quixote_123_assignsubmission_file_/{NOTEBOOK}",
        f"Zoltan Quixote_123_assignsubmission_file_{NOTEBOOK}",
        f"downloads/Zoltan Quixote_123_assignsubmission_file_/notes/{NOTEBOOK}",
        f"Participant_123_assignsubmission_file_/{NOTEBOOK}",
    ],
)
def test_moodle_finds_whose_report_it_is(tmp_path, file):
    write_feedback(write_journal(tmp_path, [graded("zoltan", file, "mine")]))
    ((way, page),) = archive(tmp_path / "feedback" / "moodle" / f"{EXERCISE}.zip").items()
    told = "123", "assignsubmission_file", f"feedback_{EXERCISE}.html"
    assert moodles_participant(way) == told
    assert "mine" in page
    assert list((tmp_path / "feedback" / "canvas").iterdir()) == []


def test_moodles_worksheet_has_its_columns_and_no_grade_that_is_open(tmp_path):
    said = question(QUESTION, "passed", answer="x", comment="=well")
    waits = question(QUESTION, "pending", "to_be_read")
    class_ = [
        record(name, EXERCISE, [own], file=f"{name}_{number}_assignsubmission_file_/{NOTEBOOK}")
        for name, number, own in (("bohdan", 11, said), ("zoltan", 12, waits))
    ]
    write_feedback(write_journal(tmp_path, class_))
    with (tmp_path / "feedback" / "moodle" / f"{EXERCISE}.csv").open(encoding="utf-8") as file:
        lines = {line["Identifier"]: line for line in csv.DictReader(file)}
    assert [lines[f"Participant {n}"]["Grade"] for n in (11, 12)] == ["2", ""]
    assert "=well" in lines["Participant 11"]["Feedback comments"]
    assert "Last modified (grade)" in lines["Participant 11"]


@pytest.mark.parametrize("late", ["", "LATE_"])
def test_canvas_finds_whose_report_it_is(tmp_path, late):
    files = [f"quixotezoltan_{late}{user}_98765{user}_{NOTEBOOK}" for user in (11, 12)]
    class_ = [graded(f"zoltan_{n}", f"a/{file}", f"is {n}") for n, file in enumerate(files)]
    write_feedback(write_journal(tmp_path, class_))
    found = archive(tmp_path / "feedback" / "canvas" / f"{EXERCISE}.zip")
    for number, (file, user) in enumerate(zip(files, ("11", "12"), strict=True)):
        assert canvas_numbers(file) == [user, f"98765{user}"]
        made = nbformat.reads(found[file], as_version=4)
        nbformat.validate(made)
        assert {cell.cell_type for cell in made.cells} == {"markdown"}
        assert f"is {number}" in found[file]
    assert found.keys() == set(files)


def test_everybody_gets_an_archive_and_nbgraders_layout_of_their_own(tmp_path):
    names = ["zoltan", "bohdan", "../../up", "con", "Ünal, Ö."]
    class_ = [graded(name, f"{name}/{NOTEBOOK}", f"secret of {n}") for n, name in enumerate(names)]
    class_.append(graded("absent", "", digest=""))
    write_feedback(write_journal(tmp_path, class_))
    out = tmp_path / "feedback"
    pages = [archive(path)["feedback.html"] for path in (out / "learners").iterdir()]
    assert len(pages) == len(names) + 1
    for number in range(len(names)):
        assert sum(f"secret of {number}" in page for page in pages) == 1
    kept = sorted((out / "nbgrader").rglob("*.html"))
    assert len(kept) == len(names)
    for path in kept:
        _, *where = path.relative_to(out / "nbgrader").parts
        assert where == [EXERCISE, f"{EXERCISE}.html"]
    assert (out / "nbgrader" / "zoltan" / EXERCISE).is_dir()
    assert {path.name for path in out.iterdir()} == {*FOLDERS, "mail_merge.csv"}
    assert not (tmp_path.parent / "up").exists()


@pytest.mark.parametrize("bad", HOSTILE)
def test_nothing_that_was_handed_in_gets_out_of_its_box(tmp_path, bad):
    own = question(
        QUESTION, "failed", "odd", answer=f"{bad}\n```\n# {bad}", message=bad, comment=bad
    )
    one = record(bad, EXERCISE, [own], file=f"{bad}_12_345_{NOTEBOOK}")
    write_feedback(write_journal(tmp_path, [one]))
    for path in (tmp_path / "feedback").rglob("*.zip"):
        for name, text in archive(path).items():
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            if name.endswith(".html"):
                tags = {tag for tag, _ in Elements(text).found}
                assert not tags & {"script", "img", "iframe", "object"}
    cells = nbformat.reads(as_notebook(one), as_version=4).cells
    assert [cell.cell_type for cell in cells] == ["markdown"] * 2
    assert not re.search("[\x00-\x08\x1b\u202e]", cells[1].source)
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", cells[1].source)
    assert not re.search(r"<(?!/?strong>)|```|alert", outside)


def test_a_letter_to_each_names_their_own_archive(tmp_path):
    class_ = [
        replace(graded(name, "", name), platform_id=f"email:{name}@example.org")
        for name in ("=1+1", "zoltan")
    ]
    write_feedback(write_journal(tmp_path, class_))
    with (tmp_path / "feedback" / "mail_merge.csv").open(encoding="utf-8-sig") as file:
        letters = list(csv.DictReader(file))
    assert [each["email"] for each in letters] == ["'=1+1@example.org", "zoltan@example.org"]
    assert [*letters[0]] == [*LETTER]
    for each, name in zip(letters, ("=1+1", "zoltan"), strict=True):
        assert name in archive(tmp_path / "feedback" / each["archive"])["feedback.html"]
        assert (each["points"], each["of"], each["lost"]) == ("0.0", "2.0", "0.0")
        assert "0 of 2" in each["text"]


def test_what_waits_is_told_and_old_reports_go(tmp_path, capsys):
    open_ = record("zoltan", EXERCISE, [question(QUESTION, "pending", "to_be_read")])
    write_feedback(write_journal(tmp_path, [graded("bohdan", ""), open_]))
    (tmp_path / "feedback" / "mine.txt").write_text("kept")
    write_journal(tmp_path, [open_])
    assert main(["feedback", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "1 learner" in told.out
    assert "1 report" in told.err
    assert [path.name for path in (tmp_path / "feedback" / "learners").iterdir()] == ["zoltan.zip"]
    assert (tmp_path / "feedback" / "mine.txt").read_text() == "kept"
    assert main(["feedback", str(tmp_path / "nowhere")]) == 2
