"""A mistake in a notebook: the sentence first, five lines at most; everything else as it was."""

import inspect
import re
import subprocess
import sys
import types

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import lessonlib
from lessonlib import notebook, practice, samples, views, worlds
from lessonlib.practice import store

ROOMS = (lessonlib, samples, views, worlds, practice)
CALLED = {
    f"{room.__name__}.{name}": getattr(room, name)
    for room in ROOMS
    for name in getattr(room, "__all__", ())
    if inspect.isroutine(getattr(room, name)) or inspect.isclass(getattr(room, name))
}
BAD = ("object()", "-1.5", "[2, 50]")


class Shell(InteractiveShell):
    """A shell that keeps what it would show of an error."""

    def _showtraceback(self, kind, value, lines):
        text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))
        self.shown = (kind, value, text.rstrip().splitlines())


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setattr(notebook, "CELLS", notebook.Cells())
    monkeypatch.setattr("lessonlib.practice.checking.CELLS", notebook.CELLS)
    store._store_at.cache_clear()
    made = Shell()
    notebook.watch(made)
    made.shown = None
    return made


def shown(shell, cell, cell_id=None):
    """Run a cell and return the lines that it shows of an error."""
    shell.shown = None
    shell.run_cell(cell, store_history=True, cell_id=cell_id)
    return shell.shown[2] if shell.shown else []


def calls_of(function):
    given = inspect.signature(function).parameters.values()
    least = sum(each.default is each.empty and each.kind < 2 for each in given)
    bad = BAD if given else ("3",)
    return ["_ = asked()"] + [f"_ = asked({', '.join([each] * max(least, 1))})" for each in bad]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_bad_argument_gives_the_sentence_first_and_five_lines_at_most(shell, room, capsys):
    functions = [f for name, f in CALLED.items() if name.rpartition(".")[0] == room.__name__]
    refused = 0
    for function in functions:
        shell.push({"asked": function})
        for call in calls_of(function):
            lines = shown(shell, call)
            if not lines:
                continue  # which is an answer, too
            kind, value, _ = shell.shown
            said = " ".join(str(value.args[0] if isinstance(value, KeyError) else value).split())
            assert lines[0].startswith(f"{kind.__name__}: {said}"), (function, call)
            assert len(lines) <= 5
            assert call in lines[2]
            assert "%tb" in lines[-1]
            refused += 1
    assert refused >= len(functions)


def test_the_whole_traceback_is_there_on_request(shell):
    assert len(shown(shell, "from lessonlib.samples import masked\nmasked(['a'], [50])")) == 4
    whole = shown(shell, "%tb")
    assert any("checks.py" in line for line in whole)
    assert "out of range" in whole[-1]


def test_a_call_with_too_few_arguments_says_how_it_is_called(shell):
    first, *_ = shown(shell, "from lessonlib.samples import masked\nmasked()")
    assert "missing" in first
    assert "masked(tokens, positions, replacements=None)" in first


def test_the_line_is_the_learners_last_one_before_the_course(shell):
    shell.run_cell("from lessonlib.samples import masked\nat = [9]")
    cell = "def mine():\n    return masked(['a'], at)\nmine()"
    assert shown(shell, cell)[2] == "----> 2 return masked(['a'], at)"


def test_a_mistake_of_ones_own_is_shown_as_ever(shell):
    cells = [
        "1 / 0",
        "nowhere",
        "def f(:\n    pass",
        "eval('1 +')",
        "%nomagic",
        "import json\njson.loads('{')",
    ]
    before = [without_numbers(shown(shell, cell)) for cell in cells]
    shell.set_custom_exc((), None)
    assert before == [without_numbers(shown(shell, cell)) for cell in cells]


def without_numbers(lines):
    """Leave the numbers of cells out, which count on."""
    return [re.sub(r"input-\d+|In\[\d+\]", "", line) for line in lines]


def test_the_course_is_folded_where_it_called_the_learner(shell):
    source = "def calls(function):\n    return function()"
    course = types.ModuleType("lessonlib.calls")
    exec(compile(source, "calls.py", "exec"), vars(course))
    shell.push({"calls": course.calls})
    lines = shown(shell, "def mine():\n    return 1 / 0\ncalls(mine)")
    assert "return 1 / 0" in "\n".join(lines)
    assert "ZeroDivisionError: division by zero" in lines
    assert "calls.py" not in "\n".join(lines)


def test_an_error_keeps_its_type_and_its_message(shell):
    shown(shell, "from lessonlib.samples import masked\nmasked(['a'], [50])")
    assert shell.shown[0] is ValueError
    with pytest.raises(ValueError, match="out of range") as caught:
        samples.masked(["a"], [50])
    assert str(shell.shown[1]) == str(caught.value)


def test_a_display_of_ones_own_is_left_alone():
    own = Shell()
    own.set_custom_exc((ArithmeticError,), lambda *_, **__: None)
    notebook.watch(own)
    assert own.custom_exceptions == (ArithmeticError,)


def test_outside_a_notebook_nothing_is_loaded_and_nothing_changes():
    code = "import sys, lessonlib; print({'IPython', 'lessonlib.notebook'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    code = "from lessonlib.samples import masked; masked(['a'], [50])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.startswith("Traceback (most recent call last)")


NAME = "build_causal_example"
OLD = f"def {NAME}(tokens):\n    return tokens, tokens"
RIGHT = f"def {NAME}(tokens):\n    return tokens[:-1], tokens[1:]"


def checked(shell):
    shell.run_cell(f"from lessonlib import check\nverdict = check({NAME!r}, {NAME})")
    return shell.user_ns["verdict"].message


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (RIGHT.replace("):", ":"), "SyntaxError in line 1"),
        (RIGHT.replace("    return", "  x = 1\n    return"), "IndentationError"),
        (f"nowhere\n{RIGHT}", "NameError: name 'nowhere' is not defined"),
        (f"import nothing_of_that_name\n{RIGHT}", "ModuleNotFoundError"),
    ],
)
def test_a_check_says_that_it_looks_at_the_version_before(shell, cell, why):
    shell.run_cell(OLD)
    assert "did not run" not in checked(shell)
    shell.run_cell(cell)
    message = checked(shell)
    assert message.startswith(f"Your cell with `{NAME}` did not run when you last tried ({why}")
    assert "the version before it" in message
    assert "Your labels are not shifted" in message
    shell.run_cell(RIGHT)
    assert "did not run" not in checked(shell)


@pytest.mark.parametrize("older", [OLD, RIGHT])
def test_the_headline_says_first_that_the_version_is_an_older_one(shell, older):
    shell.run_cell(older)
    checked(shell)
    shell.run_cell(RIGHT.replace("):", ":"))
    checked(shell)
    verdict = shell.user_ns["verdict"]
    assert repr(verdict).startswith("About an older version, not your last one: ")
    assert "<strong>About an older version" in verdict._repr_html_()
    shell.run_cell(older)
    checked(shell)
    assert repr(shell.user_ns["verdict"]).startswith("Right." if older == RIGHT else "Not yet.")


def test_an_older_version_that_is_right_makes_nothing_done(shell):
    shell.run_cell(RIGHT)
    shell.run_cell(RIGHT.replace("):", ":"))
    checked(shell)
    assert store.kept("done") == {}


def test_a_cell_that_was_given_another_name_is_told(shell):
    shell.run_cell(RIGHT, cell_id="one")
    shell.run_cell(RIGHT.replace(NAME, "mine"), cell_id="one")
    assert "no longer defines it" in checked(shell)
    shell.run_cell(RIGHT, cell_id="one")
    assert "no longer" not in checked(shell)


def test_a_function_that_moved_to_another_cell_is_no_older_version(shell):
    shell.run_cell(RIGHT, cell_id="one")
    shell.run_cell(RIGHT, cell_id="two")
    shell.run_cell("x = 1", cell_id="one")
    assert "no longer" not in checked(shell)


@pytest.mark.parametrize("call", ["check({0!r}, {0})", "try_it({0!r}, {0}, ['a', 'b'])"])
def test_a_function_that_is_not_known_yet_is_asked_for_in_a_sentence(shell, call):
    lines = shown(shell, f"from lessonlib.practice import check, try_it\n{call.format(NAME)}")
    assert lines[0].startswith(f"NameError: Python does not know `{NAME}` yet. Run the cell")
    assert len(lines) <= 5


@pytest.mark.parametrize(
    "call", ["check(build)", "try_it(build, ['a'])", "try_it(3, build)", "check('no such', build)"]
)
def test_a_check_that_is_called_wrongly_is_told_in_five_lines(shell, call):
    shell.run_cell(RIGHT.replace(NAME, "build"))
    lines = shown(shell, f"from lessonlib.practice import check, try_it\n{call}")
    assert "question" in lines[0]
    assert len(lines) <= 5


def test_a_cell_that_fails_behind_its_function_has_defined_it(shell):
    shell.run_cell(OLD)
    shell.run_cell(f"{RIGHT}\nnowhere")
    assert checked(shell).startswith(f"{NAME} gives what is expected")


def test_another_cell_that_fails_is_no_matter(shell):
    shell.run_cell(RIGHT)
    shell.run_cell("def something_else(:")
    assert "did not run" not in checked(shell)


def test_a_function_that_never_ran_is_told_by_name(shell):
    shell.run_cell(RIGHT.replace("):", ":"))
    lines = shown(shell, f"from lessonlib import check\ncheck({NAME!r}, {NAME})")
    assert lines[0].startswith(f"NameError: Your cell with `{NAME}` did not run (SyntaxError")
    assert len(lines) <= 5


def test_two_cells_with_one_function_are_told(shell):
    shell.run_cell(OLD, cell_id="one")
    shell.run_cell(OLD, cell_id="one")
    assert "Two cells" not in checked(shell)
    shell.run_cell(RIGHT, cell_id="two")
    assert checked(shell).startswith(f"Two cells define `{NAME}`")


def test_a_check_without_a_notebook_knows_nothing_of_cells():
    assert notebook.Cells().about(NAME, np.sum) == ""
