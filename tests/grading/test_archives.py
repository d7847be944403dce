"""A learner's archive is opened as a folder is, within bounds, and nothing in it leads out."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from lessonlib.grading.intake import archives
from lessonlib.grading.intake.archives import read, ways
from lessonlib.grading.intake.reading import SIZE_LIMIT, UnreadableError
from lessonlib.grading.intake.submission import fetch, survey

FIRST, SECOND = EXERCISES = ["01_your_own_sentence", "02_why_causal_generates"]
NOTEBOOK = f"{FIRST}.ipynb"


def zipped(members, pack=zipfile.ZIP_DEFLATED):
    """Make an archive of pairs of names, or entries, and contents."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", pack) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def entry(name, mode=0o644, **fields):
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def submissions(folder):
    return {
        (each.learner, each.exercise): read(each.path)
        for each in survey(folder, EXERCISES).submissions
    }


@pytest.mark.parametrize(
    ("name", "learner"),
    [
        ("ada.zip", "ada"),
        ("ada.ZIP", "ada"),
        ("ada/work.zip", "ada"),
        ("ada/week 1/work.zip", "ada"),
        (f"ada_{FIRST}.zip", "ada"),
        ("lovelaceada_4711_90001_work.zip", "lovelaceada_4711"),
        (f"lovelaceada_LATE_4711_90001_{FIRST}.zip", "lovelaceada_4711"),
        ("Ada Lovelace_4711_assignsubmission_file_/work.zip", "Ada Lovelace"),
        ("submitted/ada/week1/work.zip", "ada"),
    ],
)
@pytest.mark.parametrize("inner", ["", "exercises/", "my work/exercises/", "ada/"])
def test_the_archive_of_a_learner_is_the_learners(tmp_path, name, learner, inner):
    members = [(f"{inner}{NOTEBOOK}", b"{1}"), (f"{inner}notes.txt", b"x")]
    put(tmp_path / name, zipped([*members, ("__MACOSX/._x.ipynb", b""), (".git/config", b"")]))
    put(tmp_path / f"bo/{NOTEBOOK}", b"{2}")
    found = submissions(tmp_path)
    assert found.get((learner, FIRST)) == b"{1}"
    assert not survey(tmp_path, EXERCISES).others
    (path,) = [
        each.path for each in survey(tmp_path, EXERCISES).submissions if each.learner == learner
    ]
    said = {path.relative_to(tmp_path).as_posix(): ["eve"]}
    assert ("eve", FIRST) in {
        (s.learner, s.exercise) for s in survey(tmp_path, EXERCISES, said=said).submissions
    }


def test_two_learners_archives_stay_two_peoples(tmp_path):
    for learner in ("ada", "bo"):
        put(tmp_path / f"{learner}.zip", zipped([(NOTEBOOK, learner)]))
    assert submissions(tmp_path) == {("ada", FIRST): b"ada", ("bo", FIRST): b"bo"}


def test_an_archive_beside_what_was_unpacked_of_it_is_not_opened(tmp_path):
    put(tmp_path / "ada.zip", zipped([(NOTEBOOK, b"packed")]))
    put(tmp_path / "ada" / NOTEBOOK, b"unpacked")
    assert submissions(tmp_path) == {("ada", FIRST): b"unpacked"}
    assert survey(tmp_path, EXERCISES).others == [tmp_path / "ada.zip"]


def test_an_archive_without_notebooks_and_one_in_another_are_named_and_not_opened(tmp_path):
    inner = zipped([(NOTEBOOK, b"{}")])
    put(tmp_path / "ada" / "photos.zip", zipped([("a.png", b"x")]))
    put(tmp_path / "bo.zip", zipped([("inner.zip", inner), (f"{SECOND}.ipynb", b"{}")]))
    seen = survey(tmp_path, EXERCISES)
    assert [(each.learner, each.exercise) for each in seen.submissions] == [("bo", SECOND)]
    assert set(seen.others) == {tmp_path / "ada/photos.zip", tmp_path / "bo.zip/inner.zip"}


def test_names_in_any_writing_are_read_as_they_were_meant(tmp_path):
    raw = zipped([(f"XXXX/{NOTEBOOK}", b"{}")]).replace(b"XXXX", "öé".encode())
    assert ways(put(tmp_path / "a.zip", raw)) == [("öé", NOTEBOOK)]
    path = put(tmp_path / "b.zip", zipped([("XXXX" + NOTEBOOK, b"{}")]).replace(b"XXXX", b"ada\\"))
    assert ways(path) == [("ada", NOTEBOOK)]


def lying(data, **sizes):
    """Say in an archive's list that its one file has another size."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<L", sizes["size"]) + data[at + 28 :]


REFUSED = {
    "way out": zipped([("../bo/" + NOTEBOOK, b"{}")]),
    "way out further down": zipped([("x/../../bo/" + NOTEBOOK, b"{}")]),
    "absolute": zipped([("/etc/" + NOTEBOOK, b"{}")]),
    "drive": zipped([("C:/x/" + NOTEBOOK, b"{}")]),
    "way out for windows": zipped([("XX\\..\\" + NOTEBOOK, b"{}")]).replace(b"XX\\..", b"..\\bo"),
    "link": zipped([(entry(NOTEBOOK, stat.S_IFLNK | 0o777), "/etc/passwd")]),
    "encrypted": zipped([(NOTEBOOK, b"{}")]).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    ),
    "bzip2": zipped([(NOTEBOOK, b"{}")], zipfile.ZIP_BZIP2),
    "lzma": zipped([(NOTEBOOK, b"{}")], zipfile.ZIP_LZMA),
    "very many files": zipped((f"{n}.txt", b"") for n in range(archives.MOST_FILES + 1)),
    "long list": zipped((f"{n}{'x' * 60_000}", b"") for n in range(20)),
    "nothing": b"",
    "no archive": b"PK\x03\x04" + bytes(1000),
    "cut off": zipped([(NOTEBOOK, b"{}" * 1000)])[:-30],
    "a list of its own size": zipped([(NOTEBOOK, b"{}")]).replace(
        b"PK\x05\x06", b"PK\x06\x07" * 5 + b"PK\x05\x06"
    ),
    "more than it says": lying(zipped([(NOTEBOOK, b"{}")]), size=archives.MOST_UNPACKED + 1),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_may_do_harm_is_refused_as_a_whole_and_in_words(tmp_path, data):
    path = put(tmp_path / "ada.zip", data)
    put(tmp_path / f"bo/{NOTEBOOK}", b"{}")
    with pytest.raises(UnreadableError) as caught:
        ways(path)
    assert caught.value.message.endswith(".")
    seen = survey(tmp_path, EXERCISES)
    assert [each.learner for each in seen.submissions] == ["bo"]
    assert list(seen.closed["ada"].values()) == [caught.value.message]
    assert seen.others == [path]


def test_one_name_twice_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = put(tmp_path / "ada.zip", zipped([(NOTEBOOK, b"{1}"), (NOTEBOOK, b"{2}")]))
    with pytest.raises(UnreadableError):
        ways(path)


def test_a_link_to_an_archive_is_not_followed(tmp_path):
    put(tmp_path / "away" / "ada.zip", zipped([(NOTEBOOK, b"{}")]))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.zip").symlink_to(tmp_path / "away" / "ada.zip")
    assert submissions(tmp_path / "in") == {}


@pytest.mark.parametrize("size", [SIZE_LIMIT + 1, 200 * SIZE_LIMIT // 4])
def test_a_notebook_that_unpacks_to_very_much_is_refused_in_little_memory(tmp_path, size):
    path = put(tmp_path / "ada.zip", zipped([(NOTEBOOK, bytes(size))]))
    for data in (path.read_bytes(), lying(path.read_bytes(), size=1000)):
        path.write_bytes(data)
        tracemalloc.start()
        (found,) = survey(tmp_path, EXERCISES).submissions
        job = fetch(found)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert "unreadable" in job
        assert most < 3 * SIZE_LIMIT
