"""In the place of modules that are not there: what does no harm and gives nothing away."""

import importlib
import sys
from unittest.mock import patch

import pytest

import lessonlib.practice
from lessonlib.grading.confined.inside.course import Rooms
from lessonlib.grading.confined.inside.stand_in import stand_in

ABSENT = "no_such_module_anywhere"


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(lessonlib, "practice", lessonlib.practice)  # an import would replace it
    with patch.dict(sys.modules):
        yield


def after(*lines, names=(ABSENT,)):
    stand_in(list(names))
    space = {}
    exec("\n".join(lines), space)
    return space


@pytest.mark.parametrize(
    "line",
    [
        f"import {ABSENT}",
        f"import {ABSENT}.part.of_it as x",
        f"from {ABSENT} import one, other",
        f"from {ABSENT}.part import *",
        f"import {ABSENT} as x; x.set_option('a', 1); x.a.b.c(2)[3].d",
        f"from {ABSENT} import C\nclass D(C):\n    pass\nD()",
        f"import {ABSENT} as x\nwith x.opened() as y:\n    pass\nfor each in x.rows:\n    1 / 0",
        f"import {ABSENT} as x\ndef f(a: x.T) -> x.U[x.V]:\n    pass",
    ],
)
def test_an_import_that_is_not_used_costs_nothing(line):
    with pytest.raises(ImportError):
        exec(line, {})
    after(line)


def test_what_it_decorates_stays_as_it_is():
    def own():
        return 3

    decorated = after(f"from {ABSENT} import jit")["jit"]
    assert decorated(own) is own
    assert decorated(nopython=True)(own) is own


def test_what_is_there_is_taken():
    assert after("import json", names=["json"])["json"].dumps([1]) == "[1]"
    assert after("import email.mime.text as t", names=["email"])["t"].__file__
    with pytest.raises(ImportError):
        after("import another_that_is_not_there")


def test_it_is_nothing_that_a_function_could_give_back():
    something = after(f"import {ABSENT} as x")["x"].read("words")
    assert not something
    assert list(something) == []
    assert not isinstance(something, (str, list, tuple, dict, int, float))
    assert something != []
    with pytest.raises(AttributeError):
        _ = something.__array__


def test_of_the_course_it_gives_what_the_sandbox_refuses(tmp_path):
    (tmp_path / "practice").mkdir()
    rooms = Rooms(str(tmp_path), {"practice": ["check"]}, "{name} is not there")
    sys.meta_path.insert(0, rooms)
    for name in [each for each in sys.modules if each.startswith("lessonlib.practice")]:
        del sys.modules[name]
    practice = importlib.import_module("lessonlib.practice")
    line = (
        "from lessonlib.practice import check, Verdict\nfrom lessonlib.practice.questions import Q"
    )
    with pytest.raises(ImportError, match="is not there"):
        exec(line, {})
    with pytest.raises(ImportError, match="is not there"):
        _ = practice.Verdict
    given = after(line, names=["lessonlib"])
    assert not given["Verdict"]
    assert not given["Q"]
    given["check"]("a", 1)
