"""What a person should look at: ways round the questions, and nothing that is ordinary."""

import ast
import json
import tracemalloc

import pytest

from lessonlib.grading.books.flags import (
    LENGTH_LIMIT,
    LOOKS_AROUND,
    RUNS_COMMAND,
    USES_COURSE,
    VERY_LONG,
    flags,
)
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.terms import Terms
from tests.grading.conftest import ROOT
from tests.grading.handouts import CAUSAL, EXERCISE, RIGHT, WRITTEN


def handed_in(learner, answer, written=False):
    question = Question(CAUSAL, "passed", points=2, answer=answer, written=written)
    return Record(learner, EXERCISE, Terms(1), (question,), digest="digest")


def raised(answer):
    return set(flags([handed_in("ada", answer)]).get(("ada", EXERCISE, CAUSAL), ()))


@pytest.mark.parametrize(
    "answer",
    [
        "q = error.__traceback__.tb_frame.f_back.f_globals",
        "for kind in ().__class__.__base__.__subclasses__(): print(kind)",
        "import threading\ng = threading.current_thread()._target.__globals__",
        "import sys\nm = sys.__dict__['mod' + 'ules']",
        "import sys\nm = vars(sys)['m' 'odules']",
        "import sys\nm = getattr(sys, 'mod' + 'ules')",
        "look = getattr\nlook(x, 'shape')",
        "g = getattr(f, '__globals__')",
        "import operator as o, sys\nm = o.attrgetter('mod' + 'ules')(sys)",
        "import pickle\nq = pickle.loads(stored)",
        "import os\nd = list(os.scandir('.'))",
        "text = open('notes.txt').read()",
        "from pathlib import Path",
        "p = '/cou' + 'rse'",
    ],
)
def test_ways_round_the_question_are_flagged(answer):
    assert LOOKS_AROUND in raised(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "from lessonlib.samples import causal",
        "q = i('les' + 'sonlib.practice')",
        "q = i('l' + 'ess' + 'onl' + 'ib')",
        "q = load(b'c' + b'les' + b'sonlib.practice')",
        "q = ''.join(['less', 'onlib'])",
        "this is no Python: 'less' + 'onlib'",
    ],
)
def test_the_courses_name_is_seen_also_in_pieces(answer):
    assert USES_COURSE in raised(answer)


@pytest.mark.parametrize(
    "line", ["!ls", "%run x.py", "out = !python -c 'print(1)'", "  !ls", "%%bash\nls"]
)
def test_commands_are_flagged(line):
    assert RUNS_COMMAND in raised(f"def f():\n    return 1\n{line}")


def test_the_rest_of_an_answer_with_a_command_is_still_read_as_code():
    assert raised("%matplotlib inline\n# we open the door and walk\nx = 1") == {RUNS_COMMAND}
    assert raised("!ls\nx = f.__globals__") == {RUNS_COMMAND, LOOKS_AROUND}
    assert raised("!python -c \"open('/course/less''onlib/x.py')\"") == {
        *(RUNS_COMMAND, LOOKS_AROUND, USES_COURSE)
    }


def test_a_remainder_at_the_start_of_a_line_is_no_command():
    assert raised("x = (7\n% 2)\ny = 3 != 2") == set()


def solutions():
    """Yield the code of every answer in the course's own solutions."""
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            role = cell["metadata"].get("lessonlib", {}).get("role")
            if role == "answer" and cell["cell_type"] == "code":
                yield "".join(cell["source"])


@pytest.mark.parametrize("answer", [RIGHT[name] for name in RIGHT if name != WRITTEN])
def test_ordinary_answers_are_not_flagged(answer):
    assert raised(answer) == set()


def test_the_courses_own_solutions_are_not_flagged_as_looking_around():
    answers = list(solutions())
    assert answers
    assert not [answer for answer in answers if raised(answer) - {USES_COURSE}]


def test_ordinary_python_is_not_flagged():
    assert raised("def f(x):\n    '''Of course.'''\n    return getattr(x, 'size', 0) % 2") == set()
    assert raised("import numpy as np\nx = np.tril(np.ones((2, 2), bool))[::-1]") == set()


def test_a_very_long_answer_is_flagged_and_costs_no_memory_to_speak_of():
    answer = "x = [" + "[1], " * LENGTH_LIMIT + "]\nq = 'lessonlib'"
    ast.parse("x = [[1]]")  # what the parser needs once is not the answer's
    tracemalloc.start()
    found = raised(answer)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {VERY_LONG, USES_COURSE}
    assert most < 10 * len(answer)


def test_nothing_that_a_learner_writes_makes_flagging_fail():
    for answer in ("(" * 5000, "x\0", "\ud800", "if a: pass\n" + "elif a: pass\n" * 5000, "'\\z'"):
        raised(answer)
    for hard in (" " * 90_000 + "x y", "a " * 45_000, "'" * 90_000, "'  " * 30_000):
        raised(hard)


def test_few_words_of_a_written_answer_may_be_the_same_by_chance_and_many_not():
    for answer, alike in (("I do not know that.", False), ("it reads on to the left " * 2, True)):
        class_ = [handed_in(learner, answer, written=True) for learner in ("ada", "bo")]
        assert bool(flags(class_)) is alike
