"""Right answers that come in odd ways: what editors, file systems and habits make of a notebook.

None of these may cost a point. What nobody can read for sure waits for a person.
"""

import json
import zipfile
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.grading.catalogue import (
    ALL_RIGHT,
    CODING,
    HELPER,
    NOT_LOST,
    WRONG,
    Entry,
    _around,
    _beside,
    _causal,
    _edited,
    _entry,
    _file,
    _without_any_mark,
    _without_ids,
    _without_metadata,
)
from tests.grading.handouts import CAUSAL, EXERCISE, MASKED, RIGHT, SPAN, dumped, handout

PAIR = "tokens[:-1], tokens[1:]"
OWN = RIGHT[CAUSAL]
INDENTED = "\n".join(f"    {line}" for line in OWN.splitlines())

# Ways to give a function its name.
DEFINED = {
    "under_if": f"if True:\n{INDENTED}",
    "under_if_main": f"if __name__ == '__main__':\n{INDENTED}",
    "under_try": f"try:\n{INDENTED}\nexcept Exception as problem:\n    print(problem)",
    "under_finally": f"try:\n    pass\nfinally:\n{INDENTED}",
    "under_with": f"import contextlib\nwith contextlib.suppress(ValueError):\n{INDENTED}",
    "in_a_loop": f"for _ in range(2):\n{INDENTED}",
    "in_a_loop_that_breaks": f"while True:\n{INDENTED}\n    break",
    "under_match": f"match 1:\n    case 1:\n        {OWN.replace(chr(10), chr(10) + '        ')}",
    "by_exec": f"exec({OWN!r})",
    "by_globals": f"globals()['build_' + 'causal_example'] = lambda tokens: ({PAIR})",
    "by_another_function": f"def make():\n{INDENTED}\n    return build_causal_example\n"
    "build_causal_example = make()",
    "by_global": f"def make():\n    global build_causal_example\n{INDENTED}\nmake()",
    "by_walrus": f"print(build_causal_example := lambda tokens: ({PAIR}))",
    "by_unpacking": f"build_causal_example, other = (lambda tokens: ({PAIR})), 1",
    "by_an_alias": f"def my_answer(tokens):\n    return {PAIR}\nbuild_causal_example = my_answer",
    "by_setattr": f"import sys\nsetattr(sys.modules[__name__], 'build_causal_example', "
    f"lambda tokens: ({PAIR}))",
    "as_a_partial": "from functools import partial\n"
    f"def cut(first, tokens):\n    return {PAIR.replace('1:', 'first:')}\n"
    "build_causal_example = partial(cut, 1)",
    "as_a_getter": "from operator import itemgetter\n"
    "build_causal_example = itemgetter(slice(None, -1), slice(1, None))",
    "as_a_method": f"class Builder:\n    def build(self, tokens):\n        return {PAIR}\n"
    "build_causal_example = Builder().build",
    "as_a_static_method": "class Builder:\n    @staticmethod\n"
    f"    def build(tokens):\n        return {PAIR}\nbuild_causal_example = Builder.build",
    "as_a_class_method": "class Builder:\n    @classmethod\n"
    f"    def build(cls, tokens):\n        return {PAIR}\nbuild_causal_example = Builder.build",
    "as_a_class_with_new": "class build_causal_example:\n"
    f"    def __new__(cls, tokens):\n        return {PAIR}",
    "as_a_dataclass": "from dataclasses import dataclass\n@dataclass\nclass Builder:\n"
    f"    first: int = 1\n    def __call__(self, tokens):\n        return {PAIR}\n"
    "build_causal_example = Builder()",
    "twice": f"{WRONG[CAUSAL]}\n\n{OWN}",
    "three_times": "\n\n".join([OWN, WRONG[CAUSAL], OWN]),
    "and_deleted_the_rest": f"{OWN}\ndel tokens",
}
# Ways to write it.
WRITTEN_AS = {
    "typed": "from typing import List, Tuple\n"
    "def build_causal_example(tokens: List[str]) -> Tuple[List[str], List[str]]:\n"
    f"    return {PAIR}",
    "typed_for_later": "from __future__ import annotations\n"
    f"def build_causal_example(tokens: Tokens) -> Pair:\n    return {PAIR}",
    "typed_as_text": f"def build_causal_example(tokens: 'Tokens') -> 'Pair':\n    return {PAIR}",
    "typed_anew": "from collections.abc import Sequence\nTokens = list[str] | Sequence[str]\n"
    f"def build_causal_example(tokens: Tokens) -> tuple[Tokens, Tokens]:\n    return {PAIR}",
    "typed_by_numpy": "import numpy.typing as npt\nimport numpy as np\n"
    f"def build_causal_example(tokens: npt.NDArray[np.str_]):\n    return {PAIR}",
    "overloaded": "from typing import overload\n@overload\n"
    "def build_causal_example(tokens: list): ...\n@overload\n"
    "def build_causal_example(tokens: tuple): ...\n"
    f"def build_causal_example(tokens):\n    return {PAIR}",
    "decorated": "from functools import wraps\n"
    "def traced(f):\n    @wraps(f)\n    def g(*a, **k):\n        return f(*a, **k)\n    return g\n"
    f"@traced\n{OWN}",
    "timed": "import time\n"
    "def timed(f):\n    def g(*a):\n        began = time.time()\n        try:\n"
    "            return f(*a)\n        finally:\n            print(time.time() - began)\n"
    f"    return g\n@timed\n{OWN}",
    "dispatched": f"from functools import singledispatch\n@singledispatch\n{OWN}",
    "with_a_cached_helper": "from functools import cache\n"
    "@cache\ndef cut(tokens):\n    return tokens[:-1], tokens[1:]\n"
    "def build_causal_example(tokens):\n    return cut(tuple(tokens))",
    "with_any_arguments": "def build_causal_example(*args, **kwargs):\n"
    "    tokens = args[0]\n    return tokens[:-1], tokens[1:]",
    "with_more_arguments": "def build_causal_example(tokens, shift=1, *, verbose=False):\n"
    "    return tokens[:-shift], tokens[shift:]",
    "with_a_positional_one": f"def build_causal_example(tokens, /):\n    return {PAIR}",
    "with_try": "def build_causal_example(tokens):\n    try:\n"
    f"        return {PAIR}\n    except Exception as e:\n        return [], []",
    "with_asserts": "def build_causal_example(tokens):\n    assert len(tokens) > 1\n"
    f"    return {PAIR}\nassert build_causal_example(['a', 'b']) == (['a'], ['b'])",
    "with_a_docstring_test": "def build_causal_example(tokens):\n"
    '    """Shift.\n\n    >>> build_causal_example(["a", "b"])\n    ([\'a\'], [\'b\'])\n    """\n'
    f"    return {PAIR}\nimport doctest\ndoctest.testmod()",
    "as_lists_in_a_list": f"def build_causal_example(tokens):\n    return [{PAIR}]",
    "as_a_named_tuple": "from collections import namedtuple\n"
    "Pair = namedtuple('Pair', 'inputs labels')\n"
    f"def build_causal_example(tokens):\n    return Pair({PAIR})",
    "as_a_typed_pair": "from typing import NamedTuple\n"
    "class Pair(NamedTuple):\n    inputs: list\n    labels: list\n"
    f"def build_causal_example(tokens):\n    return Pair({PAIR})",
    "by_zip": "def build_causal_example(tokens):\n"
    "    pairs = list(zip(tokens, tokens[1:]))\n"
    "    return [a for a, b in pairs], [b for a, b in pairs]",
    "by_popping_a_copy": "def build_causal_example(tokens):\n"
    "    a, b = tokens.copy(), tokens.copy()\n    a.pop()\n    b.pop(0)\n    return a, b",
    "with_threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "def build_causal_example(tokens):\n    with ThreadPoolExecutor(2) as pool:\n"
    "        return tuple(pool.map(tokens.__getitem__, [slice(None, -1), slice(1, None)]))",
    "with_processes": "from multiprocessing import get_context\n"
    "def cut(pair):\n    return pair[0][pair[1]]\n"
    "def build_causal_example(tokens):\n    with get_context('fork').Pool(2) as pool:\n"
    "        return pool.map(cut, [(tokens, slice(None, -1)), (tokens, slice(1, None))])",
    "with_an_event_loop": "import asyncio\nasync def cut(tokens):\n    await asyncio.sleep(0)\n"
    f"    return {PAIR}\ndef build_causal_example(tokens):\n    return asyncio.run(cut(tokens))",
    "with_a_deep_copy": "import copy\ndef build_causal_example(tokens):\n"
    f"    tokens = copy.deepcopy(tokens)\n    return {PAIR}",
    "with_words_of_numpy": "import numpy as np\ndef build_causal_example(tokens):\n"
    "    tokens = [np.str_(each) for each in tokens]\n"
    f"    return {PAIR}",
    "indented_as_a_whole": INDENTED,
    "with_tabs": OWN.replace("    ", "\t"),
    "with_prompts": ">>> def build_causal_example(tokens):\n... " + OWN.splitlines()[1],
    "with_numbered_prompts": "In [1]: def build_causal_example(tokens):\n   ...: "
    + OWN.splitlines()[1],
    "with_semicolons": f"def build_causal_example(tokens): a, b = {PAIR}; return a, b;",
    "with_a_form_feed": f"\f{OWN}",
    "with_a_byte_order_mark": f"\ufeff{OWN}",
    "with_an_invisible_space": f"# done\u200b\n{OWN}  # \u00a0",
    "with_a_help_line": f"{OWN}\nbuild_causal_example?",
    "with_a_title": f"#@title My answer {{ display-mode: 'form' }}\nx = 3 #@param\n{OWN}",
    "with_an_encoding": f"# -*- coding: latin-1 -*-\n{OWN}",
    "with_a_cell_mark": f"# %% [answer]\n{OWN}\n# %%",
    "with_await": f"import asyncio\nawait asyncio.sleep(0)\n{OWN}",
}
# Ways to hold what stands behind the masks.
LABELS = {
    "in_an_ordered_dict": ("labels = {}", "labels = collections.OrderedDict()"),
    "in_a_default_dict": ("labels = {}", "labels = collections.defaultdict(str)"),
    "in_a_user_dict": ("labels = {}", "labels = collections.UserDict()"),
    "by_numbers_of_numpy": ("labels[position]", "labels[np.int64(position)]"),
    "by_an_array": ("in mask_positions", "in np.array(mask_positions, int)"),
}
# Magics of a cell, and lines around an answer.
MAGICS = {
    "time": "%%time",
    "capture": "%%capture",
    "capture_a_name": "%%capture output",
    "prun": "%%prun -q",
    "two": "%%time\n%%capture",
}
LINES = {
    "pip": "%pip list",
    "pip_in_a_shell": "!pip install -q numpy",
    "a_missing_package": "!pip install pandas",
    "a_shell_that_fails": "!no_such_command",
    "a_name_for_a_shell": "files = !ls",
    "reload": "%load_ext autoreload\n%autoreload 2",
    "an_unknown_extension": "%load_ext no_such_extension",
    "config": "%config InlineBackend.figure_format = 'retina'",
    "who": "%whos",
    "pinfo": "?print",
    "a_timer": "%timeit -n1 -r1 sum(range(10))",
    "an_import_of_itself": "import lessonlib",
    "a_check": f"from lessonlib import check\ncheck('{CAUSAL}', {CAUSAL})",
    "a_progress": "from lessonlib import progress, hand_in\nprogress()\nhand_in()",
    "a_bar": "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass",
    "a_widget": "import ipywidgets as w\nw.IntSlider()",
    "a_seed": "import random, numpy as np\nrandom.seed(0)\nnp.random.seed(0)",
    "no_warnings": "import warnings\nwarnings.filterwarnings('ignore')",
    "a_logger": "import logging\nlogging.basicConfig(level='DEBUG')\nlogging.debug('x')",
    "a_style": "import matplotlib.pyplot as plt\nplt.style.use('no-such-style')",
    "a_doctest": "import doctest\ndoctest.testmod()",
    "unit_tests": "import unittest\nunittest.main(argv=['x'], exit=False)",
    "a_thread_that_waits": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(60,)).start()",
    "a_wait": "import time\ntime.sleep(1)",
    "an_alarm": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
    "a_changed_hook": "import sys\nsys.excepthook = sys.displayhook = None",
    "a_server": "import socket\ns = socket.socket(socket.AF_INET)\ns.close()",
}
ENDS_A_CELL = ("an_unknown_extension", "a_style")  # by an error, so that nothing after it is run
ODDLY_DEFINED = [
    *(_causal(f"defined_{name}", source) for name, source in DEFINED.items()),
    *(_causal(f"written_{name}", source) for name, source in WRITTEN_AS.items()),
    *(
        _entry(
            f"labels_{name}",
            handout(
                RIGHT
                | {MASKED: f"import collections, numpy as np\n{RIGHT[MASKED].replace(*change)}"}
            ),
        )
        for name, change in LABELS.items()
    ),
    *(_causal(f"below_the_magic_{name}", f"{line}\n{OWN}") for name, line in MAGICS.items()),
    *(
        _causal(
            f"after_the_line_of_{name}",
            f"{line}\n{OWN}",
            "pending" if name in ENDS_A_CELL else NOT_LOST if "install" in line else "passed",
            "right_by_itself" if name in ENDS_A_CELL else None,
        )
        for name, line in LINES.items()
        if name != "a_check"
    ),
    *(
        _causal(
            f"before_the_line_of_{name}",
            f"{OWN}\n{line}",
            NOT_LOST if "install" in line else "passed",
        )
        for name, line in LINES.items()
    ),
    _causal("below_the_magic_timeit", f"%%timeit\n{OWN}", "pending", "right_by_itself"),
    _causal(
        "cached_though_lists_cannot_be", f"import functools\n@functools.cache\n{OWN}", "failed"
    ),
    _causal("waits_for_itself", f"async {OWN}", "failed"),
]

# The course's own code beside an answer: of no use, or used.
TAKEN = {
    "a_function": "from lessonlib.samples import build_masked_example",
    "its_own": "from lessonlib.samples import build_causal_example as theirs",
    "a_module": "import lessonlib.samples.lesson as lesson",
    "a_room": "from lessonlib import samples, batches",
    "all": "from lessonlib.samples import *",
    "the_questions": "from lessonlib.practice.questions import QUESTIONS",
    "the_grader": "import lessonlib.grading.verdicts.ruling",
    "an_old_name": "from lessonlib.helpers import old_name",
}
GIVEN_BACK = {
    "a_function": "return build_masked_example(tokens, [])",
    "its_own": "return theirs(tokens)",
    "a_module": "return lesson.build_causal_example(tokens)",
    "a_room": "return samples.build_causal_example(tokens)",
    "the_questions": f"return QUESTIONS['{CAUSAL}'].reference(tokens)",
}
OF_THE_COURSE = [
    *(_around(f"an_unused_import_of_{name}", before=line) for name, line in TAKEN.items()),
    *(
        _beside(f"an_unused_import_in_an_own_cell_of_{name}", line, HELPER)
        for name, line in TAKEN.items()
    ),
    *(
        _causal(
            f"an_unused_import_when_called_of_{name}",
            f"def build_causal_example(tokens):\n    {TAKEN[name]}\n    return {PAIR}",
        )
        for name in ("a_function", "its_own", "a_module")
    ),
    *(
        _causal(
            f"gives_back_{name}",
            f"{TAKEN[name]}\ndef build_causal_example(tokens):\n    {line}",
            "failed",
            "leans_on_the_course",
        )
        for name, line in GIVEN_BACK.items()
    ),
    *(
        _beside(
            f"gives_back_by_an_own_cell_{name}",
            TAKEN[name],
            answer=f"def build_causal_example(tokens):\n    {line}",
            verdict="failed",
            cause="leans_on_the_course",
        )
        for name, line in GIVEN_BACK.items()
    ),
    _causal(
        "is_the_courses_own",
        "from lessonlib.samples import build_causal_example",
        "failed",
        "leans_on_the_course",
    ),
    _causal(
        "gives_back_what_it_imports_when_called",
        "def build_causal_example(tokens):\n"
        "    from lessonlib.samples import build_causal_example as theirs\n"
        "    return theirs(tokens)",
        "failed",
        "leans_on_the_course",
    ),
    _causal(
        "has_another_way_without_the_course",
        "try:\n    from lessonlib.samples import build_causal_example as theirs\n"
        "except ImportError:\n    theirs = None\n"
        "def build_causal_example(tokens):\n"
        f"    return theirs(tokens) if theirs else ({PAIR})",
    ),
]


def _cells(notebook) -> dict[str, dict]:
    return {cell["id"]: cell for cell in notebook["cells"]}


def _in_one_cell(where, also=()):
    """All three functions in one cell, and nothing in the others."""

    def change(notebook):
        cells = _cells(notebook)
        for name in CODING:
            cells[f"answer-{name}"]["source"] = ""
        whole = "\n\n".join([*(RIGHT[name] for name in CODING), *also])
        if where == "new":
            notebook["cells"].insert(2, new_code_cell(whole))
        else:
            cells[where]["source"] = whole

    return change


def _merged_into_one(notebook):
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    written = notebook["cells"][-1]
    notebook["cells"] = [new_code_cell("\n\n".join(code)), written]


def _swapped(notebook):
    cells = _cells(notebook)
    first, second = cells[f"answer-{CAUSAL}"], cells[f"answer-{MASKED}"]
    first["source"], second["source"] = second["source"], first["source"]


def _split_lines(notebook):
    """Every line that can stand alone in a cell of its own."""
    notebook["cells"][1:2] = [new_code_cell("tokens = []"), new_code_cell("tokens += ['x']")]


def _shuffled(notebook):
    cells = notebook["cells"]
    notebook["cells"] = [*cells[1::2], *cells[::2]]


def _checks_first(notebook):
    notebook["cells"].sort(key=lambda cell: not cell["id"].startswith("check"))


def _with_a_value_of_an_earlier_answer(notebook):
    value = "sign = build_causal_example(['<', '[MASK]'])[1][0]"
    source = RIGHT[MASKED].replace("'[MASK]'", "sign")
    _cells(notebook)[f"answer-{MASKED}"]["source"] = source
    notebook["cells"].insert(4, new_code_cell(value))


def _fenced(how):
    def change(notebook):
        cell = _cells(notebook)[f"answer-{CAUSAL}"]
        cell["cell_type"], cell["source"] = "markdown", how.format(OWN)
        del cell["outputs"], cell["execution_count"]

    return change


def _in_a_markdown_neighbour(how):
    def change(notebook):
        notebook["cells"].insert(2, new_markdown_cell(how.format(OWN)))

    others = {name: text for name, text in RIGHT.items() if name != CAUSAL}
    return _edited(change, others)


def _colab(notebook):
    _without_ids(notebook)
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {
        "colab": {"provenance": [], "name": "Copy of 01", "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
    }
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"id": f"aB{number}cD", "cellView": "form", "colab_type": "code"}
        cell["metadata"] |= {"outputId": "f00", "colab": {"base_uri": "https://localhost:8080/"}}
        if cell["cell_type"] == "code":
            cell["source"] = f"#@title Cell {number}\n{cell['source']}"


def _colab_ids(notebook):
    """What was an id is metadata."""
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}


def _vs_code(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"#VSC-{number:08x}"
        cell["metadata"] = {"vscode": {"languageId": "python"}}


def _deepnote(notebook):
    notebook["metadata"] = {"deepnote": {}, "deepnote_notebook_id": "x", "orig_nbformat": 2}
    for number, cell in enumerate(notebook["cells"]):
        del cell["id"]
        cell["metadata"] = {
            "cell_id": f"0000{number}",
            "deepnote_cell_type": cell["cell_type"],
            "source_hash": "1f",
            "execution_start": 1,
        }


def _kaggle(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"_uuid": f"{number}", "_cell_guid": f"{number}", "trusted": True}
        del cell["id"]


def _databricks(notebook):
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"title": "", "inputWidgets": {}}}


def _stripped(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = str(number)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _stripped_of_all(notebook):
    _stripped(notebook)
    _without_metadata(notebook)


def _without_outputs(notebook):
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _without_what_is_optional(notebook):
    _without_outputs(notebook)
    notebook.pop("metadata")
    notebook.pop("nbformat_minor")
    for cell in notebook["cells"]:
        if not cell["id"].startswith("answer"):
            cell.pop("metadata")


def _huge_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [new_output("stream", name="stdout", text="x" * 1_000_000)]


def _plot(notebook):
    points = [number / 7 for number in range(200_000)]
    data = {"application/vnd.plotly.v1+json": {"data": [{"x": points, "type": "scatter"}]}}
    notebook["cells"][1]["outputs"] = [new_output("display_data", data=data)]


def _picture_in_a_text(notebook):
    picture = f"![](data:image/png;base64,{'QUJD' * 1_000_000})"
    notebook["cells"].insert(2, new_markdown_cell(picture))


def _many_cells(notebook):
    notebook["cells"] += [new_code_cell(f"x = {number}\n" * 20) for number in range(1_000)]


def _odd_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "pyout", "text": 3}, None, {"data": {"x": "y"}}]
            cell["execution_count"] = "*"


def _attachments(notebook):
    notebook["cells"][0]["attachments"] = {"a.png": {"image/png": "x" * 100_000}}


def _black(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = cell["source"].replace("'", '"').strip() + "\n"


def _collapsed(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] |= {"collapsed": True, "jupyter": {"source_hidden": True}, "tags": ["x"]}
        cell["metadata"] |= {"slideshow": {"slide_type": "skip"}, "deletable": False}


def _version_3(notebook):
    cells = notebook.pop("cells")
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"], cell["language"] = cell.pop("source"), "python"
            cell["prompt_number"] = cell.pop("execution_count")
    cells[0] = {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}}
    notebook.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells, "metadata": {}}])


def _fractional(notebook):
    notebook["nbformat"] = 4.0


MERGED = {
    "in_the_first_answers_cell": _in_one_cell(f"answer-{CAUSAL}"),
    "in_the_last_answers_cell": _in_one_cell(f"answer-{SPAN}"),
    "in_the_given_cell": _in_one_cell("given"),
    "in_the_first_checks_cell": _in_one_cell(f"check-{CAUSAL}"),
    "in_a_new_cell": _in_one_cell("new"),
    "in_a_new_cell_with_a_loop": _in_one_cell("new", ["while True:\n    pass"]),
    "in_a_new_cell_with_a_module": _in_one_cell("new", ["import pandas as pd"]),
    "in_a_new_cell_with_checks": _in_one_cell(
        "new", [f"from lessonlib import check\ncheck('{name}', {name})" for name in CODING]
    ),
    "with_all_there_is": _merged_into_one,
    "swapped": _swapped,
    "beside_a_split_cell": _split_lines,
    "shuffled": _shuffled,
    "below_the_checks": _checks_first,
}
EDITORS = {
    "colab": _colab,
    "colab_with_ids_as_metadata": _colab_ids,
    "vs_code": _vs_code,
    "deepnote": _deepnote,
    "kaggle": _kaggle,
    "databricks": _databricks,
    "nbstripout": _stripped,
    "nbstripout_and_metadata": _stripped_of_all,
    "no_outputs": _without_outputs,
    "nothing_optional": _without_what_is_optional,
    "huge_outputs": _huge_outputs,
    "odd_outputs": _odd_outputs,
    "plotly": _plot,
    "picture_in_a_text": _picture_in_a_text,
    "many_cells": _many_cells,
    "attachments": _attachments,
    "black": _black,
    "collapsed_cells": _collapsed,
    "format_3": _version_3,
    "format_4_as_a_fraction": _fractional,
}


def _twice(first, second):
    def change(notebook):
        first(notebook)
        second(notebook)

    return change


LAID_OUT = [
    *(_entry(f"functions_{name}", _edited(change)) for name, change in MERGED.items()),
    *(_entry(f"saved_by_{name}", _edited(change)) for name, change in EDITORS.items()),
    *(
        _entry(f"functions_{name}_without_marks", _edited(_twice(MERGED[name], _without_any_mark)))
        for name in ("in_a_new_cell", "in_the_first_answers_cell", "swapped", "shuffled")
    ),
    *(
        _entry(f"{name}_in_a_markdown_answer", _edited(_fenced(how)))
        for name, how in {
            "a_fence": "```python\n{}\n```",
            "a_fence_of_tildes": "~~~\n{}\n~~~",
            "words_and_a_fence": "My answer:\n\n```python\n{}\n```\n\nIt shifts by one.",
        }.items()
    ),
    _entry(
        "words_and_no_fence_in_a_markdown_answer",
        _edited(_fenced("My answer:\n\n{}\n\nIt shifts by one.")),
        "no_code_cell",
        causal="pending",
    ),
    *(
        _entry(f"{name}_in_a_markdown_neighbour", _in_a_markdown_neighbour(how), causal=verdict)
        for name, how, verdict in (
            ("code", "{}", "passed"),
            ("a_fence", "```python\n{}\n```", "passed"),
            ("words_and_a_fence", "My answer:\n\n```\n{}\n```\nas said.", "passed"),
        )
    ),
    _beside("value_made_by_the_answer_before", "first = len([1])", HELPER.replace("1:", "first:")),
    _entry("value_made_of_an_earlier_answer", _edited(_with_a_value_of_an_earlier_answer)),
    _beside(
        "alias_in_an_own_cell_below",
        "build_causal_example = mine",
        answer=f"def mine(tokens):\n    return {PAIR}",
        at=3,
    ),
    _beside(
        "alias_of_an_own_cell",
        f"def mine(tokens):\n    return {PAIR}",
        answer="build_causal_example = mine",
    ),
    _beside(
        "helper_written_to_a_file", f"%%writefile tools.py\n{HELPER}", "from tools import shifted"
    ),
    _beside("helper_in_a_cell_with_time", f"%%time\n{HELPER}"),
    _beside("helper_with_a_prompt", ">>> shifted = lambda t: t[1:]"),
    _beside("helper_read_from_no_file", "text = open('notes.txt').read()", HELPER),
    _beside("helper_after_an_error_in_its_cell", f"1 / 0\n{HELPER}", verdict="passed"),
    _beside(
        "helper_of_a_class",
        "class Tools:\n    @staticmethod\n    def cut(t):\n        return t[1:]",
        answer="def build_causal_example(t):\n    return t[:-1], Tools.cut(t)",
    ),
    _beside(
        "helper_named_like_a_builtin",
        "def len(x):\n    return x[1:]",
        answer="def build_causal_example(t):\n    return t[:-1], len(t)",
    ),
]


def _named(name: str):
    """Hand in the right notebook under this name, from its learner's folder."""

    def write(path: Path) -> None:
        place = path.parent / name
        place.parent.mkdir(parents=True)
        place.write_bytes(dumped(handout(RIGHT)))

    return write


def _zipped(name: str, member: str, more=()):
    def write(path: Path) -> None:
        place = path.parent / name
        place.parent.mkdir(parents=True)
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo("x")
            info.filename = member  # as Windows writes it, too
            archive.writestr(info, dumped(handout(RIGHT)))
            for other in more:
                archive.writestr(other, "x")

    return write


NAMES = {
    "copy_of": f"Copy of {EXERCISE}.ipynb",
    "with_a_number": f"{EXERCISE} (1).ipynb",
    "with_a_copy": f"{EXERCISE}-Copy1.ipynb",
    "with_spaces": "01 your own sentence.ipynb",
    "with_hyphens": "01-your-own-sentence.ipynb",
    "in_capitals": "01_YOUR_OWN_SENTENCE.IPYNB",
    "as_text": f"{EXERCISE}.ipynb.txt",
    "as_json": f"{EXERCISE}.ipynb.json",
    "by_no_name": "Untitled.ipynb",
    "by_its_learners_name": "homework final.ipynb",
    "as_final": f"{EXERCISE}_final_v2.ipynb",
    "in_a_folder": f"exercises/{EXERCISE}.ipynb",
    "in_deep_folders": f"Downloads/course/exercises/{EXERCISE}.ipynb",
    "from_windows": f"C__Users_me_{EXERCISE}.ipynb",
}
ZIPS = {
    "alone": ("work.zip", f"{EXERCISE}.ipynb", ()),
    "in_a_folder": ("work.zip", f"exercises/{EXERCISE}.ipynb", ("exercises/notes.txt",)),
    "by_windows": ("work.zip", f"exercises\\{EXERCISE}.ipynb", ()),
    "by_a_mac": ("work.zip", f"{EXERCISE}.ipynb", (f"__MACOSX/._{EXERCISE}.ipynb", ".DS_Store")),
    "by_no_name": ("work.zip", "Untitled.ipynb", ()),
    "by_its_name": (f"{EXERCISE}.zip", f"{EXERCISE}.ipynb", ()),
    "below_a_folder": ("upload/work.zip", f"{EXERCISE} (2).ipynb", ()),
    "in_capitals": ("WORK.ZIP", f"{EXERCISE}.ipynb", ()),
}
TEXT = json.dumps(
    _edited(lambda notebook: notebook["cells"].append(new_markdown_cell("größe 🙂"))),
    ensure_ascii=False,
    indent="\t",
)
ENCODED = {
    "with_tabs": TEXT.encode(),
    "for_windows": TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
    "with_blank_lines_around": f"\r\n\r\n{TEXT}\n\n".encode(),
    "in_ascii": dumped(json.loads(TEXT)),
    "in_utf_16": TEXT.encode("utf-16"),
    "in_utf_16_without_a_mark": TEXT.encode("utf-16-le"),
    "in_utf_32": TEXT.encode("utf-32"),
}
FILES = [
    *(Entry(f"called_{name}", _named(file), ALL_RIGHT) for name, file in NAMES.items()),
    *(Entry(f"zipped_{name}", _zipped(*what), ALL_RIGHT) for name, what in ZIPS.items()),
    *(Entry(f"encoded_{name}", _file(data), ALL_RIGHT) for name, data in ENCODED.items()),
]

ODD = [*ODDLY_DEFINED, *OF_THE_COURSE, *LAID_OUT, *FILES]
