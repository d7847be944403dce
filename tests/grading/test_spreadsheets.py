"""Tables in code pages that do not say their name: read as they were typed, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.grading.paper.spreadsheets import lines_of, readings
from lessonlib.grading.paper.text import kept, plain, safe, without_controls

SAID = {
    "Jürgen": "gut begründet, aber zu kurz",
    "Jiří": "Žluťoučký kůň, výborně",
    "Łukasz": "dobrze, ale zbyt krótko: błąd",
    "Zoë": "très bien, mais où est l'exemple ?",
    "Иван": "Хорошо, но коротко",
    "Οδυσσέας": "Πολύ καλά, αλλά σύντομο",
    "İsmail": "çok iyi, ama kısa değil",
    "דוד": "טוב מאוד",
    "علي": "جيد جدا",
    "田中": "よくできました。例が足りない",
    "王芳": "写得很好，但是太短",
    "김민준": "아주 좋습니다",
    "สมชาย": "ดีมาก",
}
PAGES = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("shift_jis", "cp932", "euc_jp", "gbk", "gb18030", "cp949", "euc_kr", "cp950", "big5"),
    *("mac_roman", "mac_cyrillic", "mac_greek", "koi8_r", "cp437", "cp850", "cp852", "cp866"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15"),
)


def saved():
    """Yield a name, a comment, and both as a program might save them in a country's code page."""
    for name, comment in SAID.items():
        for page in PAGES:
            try:
                yield name, comment, page, f"learner,comment\r\n{name},{comment}".encode(page)
            except UnicodeEncodeError:
                continue


def test_a_comment_is_read_as_it_was_typed_or_in_no_single_way():
    tried = 0
    for name, comment, page, data in saved():
        for text in (f"learner,comment\r\n{comment}", f"learner,comment\r\nada,{comment}"):
            found = readings(text.encode(page))
            assert text in found, (name, page)
        assert f"{name},{comment}" in next(iter(readings(data))) or len(readings(data)) > 1
        tried += 1
    assert tried > 40


def test_the_names_of_the_class_tell_the_code_page():
    for name, comment, page, data in saved():
        found = readings(data, {name, "ada"})
        assert all(name in text for text in found), (name, page)
        assert any(comment in text for text in found), (name, page)
        if not {*name.lower()} & {*"abcdefghijklmnopqrstuvwxyz"}:
            assert len(found) == 1, (name, page, found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_certain(encoding):
    text = "learner,comment\r\nИван,Хорошо"
    assert list(readings(text.encode(encoding))) == [text]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gbk", "小写"),
        ("iso2022_jp", "よくできました"),
        ("hz", "写得很好"),
        ("iso2022_kr", "아주 좋습니다"),
    ],
)
def test_what_is_unicode_by_chance_is_not_certain(encoding, said):
    text = f"learner,comment\r\nada,{said}"
    found = readings(text.encode(encoding))
    assert len(found) > 1
    assert text in found


@pytest.mark.parametrize(
    "said", ["café", "très bien", "größer", "—", "a ~ b", "x ~} y", "Хорошо, да"]
)
def test_what_is_surely_unicode_needs_no_mark(said):
    text = f"learner,comment\r\nada,{said}"
    assert list(readings(text.encode())) == [text]


def test_a_table_that_can_be_read_in_several_ways_is_refused_in_words(tmp_path):
    path = tmp_path / "who.csv"
    path.write_bytes("path;learner\r\na.ipynb;Иван\r\n".encode("cp1251"))
    with pytest.raises(ValueError, match="save it as 'CSV UTF-8'"):
        list(lines_of(path, ("path", "learner")))
    (line,) = lines_of(path, ("path", "learner"), {"Иван", "Ольга"})
    assert line == {"path": "a.ipynb", "learner": "Иван"}


@pytest.mark.parametrize(
    "text", ["00123", "12345678901234567", "may5", "3-4", "1/2/2026", "1e5", "12:30", "TRUE", "=1"]
)
def test_what_a_spreadsheet_would_change_is_marked_as_text(text):
    assert kept(text) == f"'{text}"
    assert plain(kept(text)) == text


@pytest.mark.parametrize("text", ["4711", "ada", "01_your_own_sentence", "2 points", "Mayer", 0.5])
def test_all_else_stands_as_it_is(text):
    assert kept(text) == str(text)


@given(st.text() | st.from_regex(r"'* *[=0-9]*[0-9a-c:/-]*", fullmatch=True))
def test_what_was_marked_comes_back(text):
    assert plain(kept(text)) == plain(safe(text)) == without_controls(text)
