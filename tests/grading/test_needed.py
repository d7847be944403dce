"""What of a learner's cells a name needs: as little as gives it, and nothing that never ends."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.grading.intake.needed import imported, mentioned, needed, used
from tests.grading.odd_layouts import DEFINED, WRITTEN_AS

FUNCTION = "def f(x):\n    return g(x) + one"


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ([FUNCTION], [FUNCTION]),
        (["one = 1\ntwo = 2", FUNCTION], ["one = 1", FUNCTION]),
        (["one = 1", "def g(x):\n    return x * k", "k = 3", FUNCTION], [0, 1, 2, 3]),
        (["import math as g", "import json", FUNCTION], [0, 2]),
        (["from a import g, h", FUNCTION], [0, 1]),
        (["while True:\n    pass", "one = 1", FUNCTION], [1, 2]),
        (["import os\nos._exit(0)", FUNCTION], [1]),
        (["exit()", FUNCTION, "quit()"], [1]),
        (["one = 1\nraise ValueError\ng = len", FUNCTION], ["one = 1", FUNCTION]),
        (["one = 0", "one += 1", FUNCTION], [0, 1, 2]),
        (["one = {}", "one['x'] = 1", "one.update(y=2)", "print(one)", FUNCTION], [0, 1, 2, 4]),
        (["%%time\none = 1", "!ls", "%pip install x", FUNCTION], ["one = 1", FUNCTION]),
        (["files = !ls\none = 1", FUNCTION], ["one = 1", FUNCTION]),
        (["def (:", FUNCTION], [1]),
        (["if one:\n    g = len", FUNCTION], [0, 1]),
        (["class g:\n    k = 1", FUNCTION], [0, 1]),
        (
            ["(g, (one, *rest)) = (1, (2, 3))", FUNCTION],
            ["g, (one, *rest) = (1, (2, 3))", FUNCTION],
        ),
        (["for one in range(3):\n    pass", FUNCTION], [0, 1]),
        (["print((one := 3))", FUNCTION], [0, 1]),
        (["with open('x') as one:\n    pass", FUNCTION], [0, 1]),
        (["x = 3", FUNCTION], [1]),  # the function's own
    ],
)
def test_what_a_function_needs_is_kept_in_its_order(cells, kept):
    kept = [cells[each] if isinstance(each, int) else each for each in kept]
    assert needed(cells, ["f"]) == kept


def test_nothing_is_needed_for_what_nobody_gives():
    assert needed(["x = 1", "print(f)"], ["f"]) == []
    assert needed(["x = 1"], []) == []


def is_python(source):
    try:
        compile(source, "cell", "exec")
    except SyntaxError:
        return False
    return True


# But for what only a notebook can read or run, and for names that stand nowhere in the code.
BUT = ("by_exec", "by_globals", "by_setattr", "by_global", "with_processes")
READABLE = {
    name: source
    for name, source in (DEFINED | WRITTEN_AS).items()
    if is_python(source) and name not in BUT
}


@pytest.mark.parametrize("source", READABLE.values(), ids=READABLE)
def test_a_slice_defines_what_the_whole_defines(source):
    space = {"__name__": "__main__", "tokens": []}
    slice_of_it = needed([source, "while 1:\n    pass"], ["build_causal_example"])
    exec("\n".join(slice_of_it), space)
    assert [list(each) for each in space["build_causal_example"](["a", "b", "c"])] == [
        ["a", "b"],
        ["b", "c"],
    ]


@given(st.randoms(use_true_random=False), st.integers(2, 8))
def test_a_slice_gives_what_all_cells_give(rng: random.Random, count):
    """Of names that are each made of earlier ones, a slice makes the last as the whole does."""
    cells = ["v0 = 1"]
    for number in range(1, count):
        others = [f"v{rng.randrange(number)}" for _ in range(rng.randint(1, 2))]
        cells.append(f"v{number} = {' + '.join(others)} + {number}")
    wanted = f"v{rng.randrange(count)}"
    whole, part = {}, {}
    exec("\n".join(cells), whole)
    kept = needed(cells, [wanted])
    exec("\n".join(kept), part)
    assert part[wanted] == whole[wanted]
    assert set(kept) <= set(cells)


def test_deep_and_long_code_is_left_alone():
    assert needed(["f = " + "(" * 5000 + ")" * 5000, "f = 1"], ["f"]) == ["f = 1"]
    assert needed(["f = 1\n" + "#" * 200_000], ["f"]) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = y", {"y"}),
        ("def f(a, b=c):\n    d = a\n    return d + e", {"c", "e"}),
        ("import numpy as np\nx = np.array(y)", {"y"}),
        ("f = lambda a: a + b", {"a", "b"}),  # too many do no harm
        ("def (:", set()),
        ("", set()),
    ],
)
def test_names_that_code_uses(source, names):
    assert used(source) == names


def test_modules_and_what_they_are_called():
    sources = [
        "import pandas as pd, os",
        "from torch.nn import Linear as L, functional\nfrom . import x",
        "def f():\n    import pandas",
        "%load_ext x\nimport seaborn.objects",
        "no python",
    ]
    assert imported(sources) == {
        "pandas": {"pd", "pandas"},
        "torch": {"L", "functional"},
        "seaborn": {"seaborn"},
    }


def test_a_name_is_mentioned_only_where_it_is_used():
    assert not mentioned("import pandas as pd\n'pd'", {"pd"})
    assert mentioned("def f(x):\n    return pd.Series(x)", {"pd"})
