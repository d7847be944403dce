"""Texts by name: slots, plurals, lists, what a translation lacks, and the language for tests."""

import re
import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib import words
from lessonlib.words import SETTING, Words, listed
from lessonlib.words.__main__ import compared
from lessonlib.words.pseudo import _LEFT_ALONE, CLOSE, OPEN, translated

TONGUES = [path.parent.name for path in words.files(words.__name__).glob("*/language.toml")]

POLISH = """
[plural]
rule = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"
forms = ["one", "few", "many"]

[lists]
and = [", ", "{} i {}"]
or = [", ", "{} lub {}"]
"""


@pytest.fixture(autouse=True)
def _read_afresh():
    words._texts.cache_clear()
    words._plural.cache_clear()
    yield
    words._texts.cache_clear()
    words._plural.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of languages with one small file."""
    for tongue in ("en", "pl"):
        (tmp_path / tongue).mkdir()
    (tmp_path / "en" / "language.toml").write_text(
        (words.files(words.__name__) / "en" / "language.toml").read_text("utf-8")
    )
    (tmp_path / "pl" / "language.toml").write_text(POLISH)
    (tmp_path / "en" / "files.toml").write_text(
        'missing = "{name} is missing"\n'
        'only_english = "nobody translated this"\n'
        "[seen]\n"
        'files = { one = "one file", other = "{count} files" }\n'
    )
    (tmp_path / "pl" / "files.toml").write_text(
        'missing = "brakuje {name}"\n'
        "[seen]\n"
        'files = { one = "{count} plik", few = "{count} pliki", many = "{count} plików" }\n'
    )
    monkeypatch.setattr(words, "files", lambda _: tmp_path)
    return Words("files")


def test_slots_are_filled_and_numbers_choose_their_form(folder):
    assert folder("missing", name="03") == "03 is missing"
    assert [folder("seen.files", count=n) for n in (0, 1, 2)] == ["0 files", "one file", "2 files"]


def test_a_language_counts_as_it_does(folder, monkeypatch):
    monkeypatch.setenv(SETTING, "pl")
    said = [folder("seen.files", count=n) for n in (1, 2, 5, 22, 112)]
    assert said == ["1 plik", "2 pliki", "5 plików", "22 pliki", "112 plików"]
    assert listed("abc", "or") == "a, b lub c"


def test_what_a_translation_lacks_is_said_in_english(folder, monkeypatch):
    monkeypatch.setenv(SETTING, "pl")
    assert folder("only_english") == "nobody translated this"


def test_an_unknown_text_or_language_is_named(folder, monkeypatch):
    with pytest.raises(KeyError, match=r"seen\.folders.*files\.toml"):
        folder("seen.folders", count=1)
    monkeypatch.setenv(SETTING, "xx")
    with pytest.raises(ValueError, match=r"'xx' is no language .* en, pl"):
        folder("missing", name="03")


def test_what_a_translation_lacks_and_what_is_wrong_in_it_is_named(folder, tmp_path):
    assert compared("en") == ([], [])
    assert compared("pl") == (["files.toml: only_english"], [])
    with (tmp_path / "pl" / "files.toml").open("a") as file:
        file.write('count = "x"\n[other]\nnobody_asks = "x"\n')
    (tmp_path / "pl" / "others.toml").write_text("")
    text = (tmp_path / "pl" / "files.toml").read_text().replace("{name}", "{imię}")
    (tmp_path / "pl" / "files.toml").write_text(text.replace("many =", "other ="))
    lacks, wrong = compared("pl")
    assert lacks == ["files.toml: only_english"]
    told = ("others.toml", "missing has other slots", "few, many, one", "seen.count", "nobody_asks")
    assert all(sum(each in line for line in wrong) == 1 for each in told)
    assert len(wrong) == len(told)


@pytest.mark.parametrize("tongue", TONGUES)
def test_nothing_is_wrong_in_a_translation(tongue):
    assert compared(tongue)[1] == []


@given(st.lists(st.text("xyz", min_size=1), min_size=1, max_size=5))
def test_a_list_names_everything_in_order(items):
    assert re.split(", | and ", listed(items)) == items


@given(st.text("ab {x}`<b>", max_size=40))
def test_what_is_no_language_survives_its_translation(text):
    if text.strip():
        said = translated(text)
        assert said.startswith(OPEN)
        assert said.endswith(CLOSE)
        for kept in _LEFT_ALONE.findall(text):
            assert kept in said


FILES = sorted(p for p in (words.files(words.__name__) / "en").iterdir() if p.suffix == ".toml")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_plural_has_all_forms_of_english_and_their_slots(file):
    texts = tomllib.loads(file.read_text("utf-8"))

    def check(table):
        for text in table.values():
            if isinstance(text, Mapping):
                forms = text.keys() & {"zero", "one", "two", "few", "many", "other"}
                assert forms in (set(), {"one", "other"}), text
                if forms:
                    slots = [set(re.findall(r"\{(\w+)", text[form])) for form in forms]
                    assert {"count"} | slots[0] == {"count"} | slots[1], text
                else:
                    check(text)

    check(texts)
