"""Marks by hand: whatever a spreadsheet program makes of the file, no mark is lost."""

import csv
import io

import pytest

from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.books.marks import COLUMNS, WORDS, Marks
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.text import plain
from lessonlib.grading.paper.words import RefusedError
from tests.grading.handouts import EXERCISE, WRITTEN

LEARNERS = ("ada", "Jürgen", "007")


def waiting(learner, answer="an answer"):
    question = Question(WRITTEN, "pending", max_points=2, answer=answer, written=True)
    return Record(learner, EXERCISE, Terms(1), (question,), digest="digest")


CLASS = [waiting(learner) for learner in LEARNERS]


@pytest.fixture
def path(tmp_path):
    """The file as the grader wrote it, nothing marked yet."""
    Marks.read(tmp_path / "marks.csv").write(tmp_path / "marks.csv", CLASS)
    return tmp_path / "marks.csv"


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def save(path, lines, separator=",", encoding="utf-8", before="", columns=COLUMNS, heading=str):
    """Write lines as a spreadsheet program might."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([heading(column) for column in columns])
    writer.writerows([line[column] for column in columns] for line in lines)
    path.write_bytes((before + text.getvalue()).encode(encoding))


def fill_in(path, points="1.5", comment="gut begründet", **how):
    save(path, [line | {"points": points, "comment": comment} for line in table(path)], **how)


def given(path, records=tuple(CLASS)):
    """Return the points by learner once the file was read, written anew, and read again."""
    learners = {record.learner for record in CLASS} | {record.learner for record in records}
    Marks.read(path, learners).write(path, records)
    marks = Marks.read(path, learners)
    marked = [marks.merged(record).questions[0] for record in records]
    return {
        record.learner: (question.points, question.comment)
        for record, question in zip(records, marked, strict=True)
        if question.verdict != "pending"
    }


ALL = dict.fromkeys(LEARNERS, (1.5, "gut begründet"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("before", ["", "\r\n\r\n", "{0}{0}{0}\r\n"])
def test_every_way_to_save_the_file_keeps_the_marks(path, separator, encoding, before):
    fill_in(path, separator=separator, encoding=encoding, before=before.format(separator))
    assert given(path) == ALL


@pytest.mark.parametrize("ending", [b"\r", b"\n"])
def test_lines_may_end_in_any_way(path, ending):
    fill_in(path, separator=";")
    path.write_bytes(path.read_bytes().replace(b"\r\n", ending))
    assert given(path) == ALL


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_line_that_names_the_separator_is_passed_over(path, separator):
    fill_in(path, separator=separator, before=f"sep={separator}\r\n")
    assert given(path) == ALL


@pytest.mark.parametrize("heading", [str.title, str.upper, lambda name: f" {name} "])
def test_headings_may_be_written_otherwise(path, heading):
    fill_in(path, heading=lambda name: heading(name.replace("max_points", "max points")))
    assert given(path) == ALL


def test_columns_may_be_moved_and_left_out_if_no_mark_hangs_on_them(path):
    fill_in(path, columns=("points", "version", "question", "exercise", "learner"))
    assert given(path) == dict.fromkeys(LEARNERS, (1.5, ""))


@pytest.mark.parametrize("column", ["learner", "exercise", "question", "version", "points"])
def test_a_column_that_is_missing_is_named_and_nothing_is_written(path, column):
    fill_in(path, columns=[name for name in COLUMNS if name != column])
    before = path.read_bytes()
    with pytest.raises(RefusedError, match=f"no column {column}"):
        Marks.read(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "\n\n", "sep=;\n"])
def test_an_empty_file_is_refused_not_taken_for_no_marks(path, text):
    path.write_text(text)
    with pytest.raises(RefusedError, match="empty"):
        Marks.read(path)


def test_a_decimal_comma_is_a_decimal_point(path):
    fill_in(path, points="1,5", separator=";")
    assert given(path) == ALL


def test_a_very_long_comment_stays(path):
    words = "sehr gut begründet, " * 10_000
    fill_in(path, comment=words)
    limit = csv.field_size_limit()
    assert given(path)["ada"] == (1.5, words)
    assert csv.field_size_limit() == limit


def test_a_comment_without_points_stays(path):
    fill_in(path, points="", comment="ask again")
    Marks.read(path).write(path, CLASS)
    assert [line["comment"] for line in table(path)] == ["ask again"] * len(CLASS)


@pytest.mark.parametrize("points", ["1.5", ""])
def test_a_mark_that_fits_nobody_stays_at_the_end_and_is_told(path, points):
    fill_in(path, points=points)
    lines = table(path)
    lines[0]["learner"] = "ada lovelace"
    save(path, lines)
    unused = Marks.read(path).write(path, CLASS).unused
    assert [key[0] for key in unused] == [lines[0]["learner"]]
    kept = table(path)
    assert kept[-1] == lines[0]
    assert len(kept) == len(CLASS) + 1


def test_whoever_is_away_for_a_run_finds_the_marks_again(path):
    fill_in(path)
    unused = Marks.read(path).write(path, CLASS[:1]).unused
    assert {key[0] for key in unused} == set(LEARNERS[1:])
    assert given(path) == ALL
    assert not Marks.read(path).write(path, CLASS).unused


def test_a_mark_for_an_earlier_version_of_an_answer_stays_but_does_not_count(path):
    fill_in(path)
    again = [waiting("ada", "another answer"), *CLASS[1:]]
    assert set(given(path, again)) == set(LEARNERS[1:])
    assert table(path)[-1]["points"] == "1.5"


def test_numbers_whose_zeros_a_spreadsheet_took_away_are_found_again(path):
    fill_in(path)
    save(path, [line | {"learner": line["learner"].lstrip("'0")} for line in table(path)])
    assert given(path) == ALL
    assert [plain(line["learner"]) for line in table(path)] == list(LEARNERS)


def test_learners_whose_numbers_differ_in_zeros_keep_marks_of_their_own(tmp_path):
    path, records = tmp_path / "marks.csv", [waiting("007"), waiting("7")]
    Marks.read(path).write(path, records)
    first, second = table(path)
    save(path, [first | {"points": "1"}, second | {"points": "2"}])
    assert given(path, records) == {"007": (1, ""), "7": (2, "")}
    save(path, [first | {"points": "1"}, second])
    assert given(path, records) == {"007": (1, "")}


@pytest.mark.parametrize("others", [("7",), ("0007",), ("7", "0007")])
def test_a_mark_goes_to_nobody_else_whose_number_differs_in_zeros(tmp_path, others):
    path, learners = tmp_path / "marks.csv", {"007", *others}
    Marks.read(path, {"7"}).write(path, [waiting("7")])
    fill_in(path)
    records = [waiting(learner) for learner in sorted(learners)]
    marks = Marks.read(path, learners)
    unused = marks.write(path, records).unused
    marked = {r.learner for r in records if marks.merged(r).questions[0].points}
    assert marked == learners & {"7"}
    assert [key[0] for key in unused] == ([] if "7" in learners else ["7"])
    assert [line["points"] for line in table(path) if line["learner"] == "7"] == ["1.5"]


def test_a_column_that_a_person_added_stays(path):
    lines = [line | {"points": "1", "Read by": f"=T{n}"} for n, line in enumerate(table(path))]
    save(path, lines, columns=("Read by", *COLUMNS))
    for _ in range(2):
        Marks.read(path, LEARNERS).write(path, CLASS)
    assert [plain(line["read_by"]) for line in table(path)] == ["=T0", "=T1", "=T2"]
    Marks.read(path, LEARNERS).write(path, CLASS[:1])
    assert [plain(line["read_by"]) for line in table(path)] == ["=T0", "=T1", "=T2"]


@pytest.mark.parametrize("spoilt", ["other line", "utf-8 cut", "utf-16 cut"])
def test_a_file_that_begins_as_unicode_and_is_not_is_refused(path, spoilt):
    encoding = "utf-16" if "16" in spoilt else "utf-8-sig"
    columns = COLUMNS[: COLUMNS.index("comment") + 1]
    fill_in(path, encoding=encoding, comment="gut begründet é", columns=columns)
    saved = path.read_bytes()
    if spoilt == "other line":
        saved += "x,y,z,v,2,1,schön\r\n".encode("cp1252")
    else:
        saved = saved[:-1] if "16" in spoilt else saved.rstrip(b"\r\n")[:-1]
    path.write_bytes(saved)
    with pytest.raises(RefusedError, match="begins as Unicode"):
        Marks.read(path, LEARNERS)
    assert path.read_bytes() == saved


def problems(path, records=tuple(CLASS)):
    return Marks.read(path, LEARNERS).write(path, records).problems


def test_two_marks_for_one_answer_cost_that_answer_alone(path):
    fill_in(path)
    first, *others = table(path)
    save(path, [first, first | {"points": "2"}, *others])
    for _ in range(2):  # both lines stay for a person to choose
        (said,) = problems(path)
        assert "ada" in said
        assert "twice" in said
        assert [line["points"] for line in table(path)] == ["1.5", "2", "1.5", "1.5"]
        assert set(given(path)) == set(LEARNERS[1:])
    save(path, [first, first | {"points": "", "comment": ""}, *others])
    assert not problems(path)
    assert given(path) == ALL


SLIPS = ["two", "1/2", "1.5.", "=1+1", "-1", "2.5", "nan", "inf", "1e9"]


@pytest.mark.parametrize("points", SLIPS)
@pytest.mark.parametrize("column", ["points", "extra"])
def test_a_mark_that_cannot_be_costs_itself_alone_and_stays_as_it_was_written(path, points, column):
    fill_in(path)
    first, *others = table(path)
    save(path, [first | {"points": "1.5", column: points}, *others])
    if column == "extra" and points in ("-1", "2.5", "1e9"):
        assert given(path)["ada"] == (
            1.5 + float(points) if points != "-1" else 0.5,
            first["comment"],
        )
        return
    for _ in range(2):
        (said,) = problems(path)
        assert "ada" in said
        assert float_or_text(plain(table(path)[0][column])) == float_or_text(points)
        assert set(given(path)) == set(LEARNERS[1:])


def float_or_text(said):
    try:
        return f"{float(said):g}"
    except ValueError:
        return said


def test_all_slips_are_told_at_once(tmp_path):
    path, records = tmp_path / "marks.csv", [waiting(f"learner{n}") for n in range(len(SLIPS) + 1)]
    Marks.read(path).write(path, records)
    lines = [line | {"points": said} for line, said in zip(table(path), [*SLIPS, "1"], strict=True)]
    save(path, lines)
    said = Marks.read(path).write(path, records).problems
    assert len(said) == len(SLIPS)
    assert given(path, records) == {f"learner{len(SLIPS)}": (1, "")}


def test_the_file_as_a_person_saved_it_is_kept_beside(path):
    fill_in(path, separator=";", encoding="cp1252")
    saved = path.read_bytes()
    for _ in range(2):
        Marks.read(path).write(path, CLASS)
    assert path.with_name("marks.csv.bak").read_bytes() == saved
    assert path.read_bytes() != saved


def test_a_spreadsheet_program_sees_that_the_file_is_utf8(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "Jürgen" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("learner", ["=1+1", "'=x", " ada ", "a\x07b", 'a;b,c\t"d"', "-5", "x\ny"])
def test_odd_names_come_back_from_the_file(tmp_path, learner):
    path, records = tmp_path / "marks.csv", [waiting(learner)]
    Marks.read(path).write(path, records)
    fill_in(path, separator=";")
    assert given(path, records) == {learner: (1.5, "gut begründet")}


CZECH = "Žluťoučký kůň, výborně"
RUSSIAN = "Хорошо, но коротко"


@pytest.mark.parametrize(("encoding", "comment"), [("cp1251", RUSSIAN), ("koi8_r", RUSSIAN)])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_comment_that_can_be_read_in_several_ways_is_held_back(
    tmp_path, encoding, comment, separator
):
    path, records = tmp_path / "marks.csv", [waiting("ada"), waiting("bo", "other")]
    Marks.read(path).write(path, records)
    first, second = table(path)
    save(
        path,
        [first | {"points": "1", "comment": comment}, second | {"points": "2", "comment": "ok"}],
        encoding=encoding,
        separator=separator,
    )
    saved = path.read_bytes()
    marks = Marks.read(path)
    assert marks.write(path, records).unused == []
    assert len(marks.encodings) > 1
    assert path.read_bytes() == saved
    ada, bo = (marks.merged(record).questions[0] for record in records)
    assert (ada.points, ada.comment) == (1, WORDS("marks.unread"))
    assert (bo.points, bo.comment) == (2, "ok")
    save(path, [first | {"points": "1", "comment": comment}], encoding="utf-8-sig")
    assert given(path, records) == {"ada": (1, comment)}


@pytest.mark.parametrize(
    ("encoding", "learner", "comment"),
    [
        ("cp1250", "Jiří", CZECH),
        ("cp1251", "Иван", RUSSIAN),
        ("shift_jis", "田中", "よくできました"),
    ],
)
def test_the_names_of_the_class_tell_how_to_read_comments(tmp_path, encoding, learner, comment):
    path, records = tmp_path / "marks.csv", [waiting(learner), waiting("ada")]
    Marks.read(path).write(path, records)
    fill_in(path, comment=comment, encoding=encoding)
    marks = Marks.read(path, {learner, "ada"})
    marks.write(path, records)
    assert given(path, records) == {learner: (1.5, comment), "ada": (1.5, comment)}


def test_marks_of_names_that_can_be_read_in_several_ways_still_count(tmp_path):
    path, records = tmp_path / "marks.csv", [waiting("Иван"), waiting("Ольга", "other")]
    Marks.read(path).write(path, records)
    empty = table(path)
    fill_in(path, comment="", encoding="cp1251")
    marks = Marks.read(path)
    assert len(marks.encodings) > 1
    assert [marks.merged(record).questions[0].points for record in records] == [1.5, 1.5]
    save(path, [line | {"points": "9"} for line in empty], encoding="cp1251")
    assert len(Marks.read(path).write(path, records).problems) == 2


def test_ids_that_a_spreadsheet_would_cut_short_come_back(tmp_path):
    path, records = tmp_path / "marks.csv", [waiting("12345678901234567"), waiting("0042")]
    Marks.read(path).write(path, records)
    fill_in(path)
    assert set(given(path, records)) == {"12345678901234567", "0042"}
