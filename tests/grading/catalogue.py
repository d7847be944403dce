"""What learners hand in: right in many styles, wrong, broken, fooling and hostile.

Every entry says what the grader must find. Hostile answers are bounded, and they run nowhere but
in the sandbox.
"""

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.grading.handouts import (
    CAUSAL,
    EXERCISE,
    MASKED,
    RIGHT,
    SPAN,
    WRITTEN,
    dumped,
    handout,
    placeholder,
)

NOT_PASSED = "failed or timeout"
NOT_LOST = "passed or pending"  # what a busy machine may stop before it ends
EITHER = {NOT_PASSED: ("failed", "timeout"), NOT_LOST: ("passed", "pending")}
CODING = (CAUSAL, MASKED, SPAN)
ALL_RIGHT = dict.fromkeys(CODING, "passed") | {WRITTEN: "pending"}


@dataclass(frozen=True)
class Entry:
    name: str
    write: Callable[[Path], None]
    expected: dict[str, str]
    cause: str | None = None  # of the first question that did not pass

    def agrees(self, verdicts: dict[str, str]) -> bool:
        """Compare with what the grader found; how a runaway answer ends depends on the machine."""
        return verdicts.keys() == self.expected.keys() and all(
            verdicts[question] in EITHER.get(wanted, (wanted,))
            for question, wanted in self.expected.items()
        )


def _file(data: bytes) -> Callable[[Path], None]:
    return lambda path: (path.parent.mkdir(parents=True), path.write_bytes(data))


def _entry(name, notebook, cause=None, **verdicts) -> Entry:
    expected = ALL_RIGHT | {
        {"causal": CAUSAL, "masked": MASKED, "span": SPAN, "written": WRITTEN}[key]: verdict
        for key, verdict in verdicts.items()
    }
    return Entry(name, _file(dumped(notebook)), expected, cause)


def _causal(name, source, verdict="passed", cause=None) -> Entry:
    """An unusual answer to the first question, between usual ones to the others."""
    return _entry(name, handout(RIGHT | {CAUSAL: source}), cause, causal=verdict)


def _around(name, before="", after="") -> Entry:
    """A right answer with something harmless around it."""
    source = "\n".join(filter(None, [before, RIGHT[CAUSAL], after]))
    return _causal(name, source)


def _unreadable(name, data, cause) -> Entry:
    write = data if callable(data) else _file(data)
    return Entry(name, write, dict.fromkeys([*CODING, WRITTEN], "unreadable"), cause)


RIGHT_STYLES = [
    _entry("right", handout(RIGHT)),
    _causal(
        "tuple_of_tuples", "def build_causal_example(t):\n    return tuple(t[:-1]), tuple(t[1:])"
    ),
    _causal(
        "loop",
        "def build_causal_example(tokens):\n"
        "    inputs, labels = [], []\n"
        "    for i in range(len(tokens) - 1):\n"
        "        inputs.append(tokens[i])\n"
        "        labels.append(tokens[i + 1])\n"
        "    return inputs, labels",
    ),
    _causal("one_lambda", "build_causal_example = lambda tokens: (tokens[:-1], tokens[1:])"),
    _causal(
        "numpy",
        "import numpy as np\n"
        "def build_causal_example(tokens):\n"
        "    a = np.array(tokens)\n"
        "    return a[:-1], a[1:]",
    ),
    _causal(
        "recursion",
        "def build_causal_example(tokens):\n"
        "    if len(tokens) < 2:\n        return [], []\n"
        "    inputs, labels = build_causal_example(tokens[1:])\n"
        "    return [tokens[0]] + inputs, [tokens[1]] + labels",
    ),
    _causal(
        "callable_object",
        "class Builder:\n"
        "    def __call__(self, tokens: list[str]):\n"
        "        return list(tokens)[:-1], list(tokens)[1:]\n"
        "build_causal_example = Builder()",
    ),
    _causal(
        "helper_of_its_own",
        "def shifted(tokens):\n    return tokens[1:]\n\n"
        "def build_causal_example(tokens):\n    return tokens[:-1], shifted(tokens)",
    ),
    _entry(
        "helper_in_an_earlier_answer",
        handout(
            RIGHT
            | {
                CAUSAL: "mask = '[MASK]'\n" + RIGHT[CAUSAL],
                MASKED: RIGHT[MASKED].replace("'[MASK]'", "mask"),
            }
        ),
    ),
    _entry(
        "labels_in_another_order",
        handout(
            RIGHT
            | {
                MASKED: RIGHT[MASKED].replace(
                    "return masked, labels", "return masked, dict(reversed(labels.items()))"
                )
            }
        ),
    ),
    _around("prints", before="print('before')", after="print('after', flush=True)"),
    _causal(
        "prints_while_called",
        "def build_causal_example(tokens):\n"
        "    print('debug', tokens)\n"
        "    return tokens[:-1], tokens[1:]",
    ),
    _around("warns", before="import warnings\nwarnings.warn('take care')"),
    _around("writes_to_stderr", after="import sys\nprint('oops', file=sys.stderr)"),
    _around(
        "thread_goes_on_printing",
        after=(
            "import threading, time\n"
            "def talk():\n"
            "    for _ in range(200):\n"
            "        print('still here')\n"
            "        time.sleep(0.01)\n"
            "threading.Thread(target=talk, daemon=True).start()"
        ),
    ),
    _around("shell_line", before="!echo hello"),
    _around("magic_line", before="%matplotlib inline\n%time x = 1"),
    _around("unknown_magic", after="%no_such_magic"),
    _around("asks_for_input", after="name = input('your name? ')"),
    _around("error_after_the_function", after="raise ValueError('too late to matter')"),
    _around("calls_exit_afterwards", after="raise SystemExit(0)"),
    _around(
        "shadows_builtins", before="list = [1]\nprint = None\ninput = 3\nstr = 'x'\nexec = len = 0"
    ),
    _around("changes_folder", before="import os\nos.chdir('/')"),
    _around("low_recursion_limit", before="import sys\nsys.setrecursionlimit(120)"),
    _around("long_output", after="print('x' * 3_000_000)"),
    _causal(
        "flood_of_displays", f"{RIGHT[CAUSAL]}\nfor i in range(1500):\n    display(i)", NOT_LOST
    ),
    _around("figure", before="import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
    _around("takes_stdout_away", before="import sys\nsys.stdout = None"),
    _around("takes_stderr_away", after="import sys\nsys.stderr = None"),
    _around(
        "tee_that_cannot_flush",
        before="import sys\n"
        "class Tee:\n"
        "    def __init__(self, stream): self.stream = stream\n"
        "    def write(self, text): return self.stream.write(text)\n"
        "sys.stdout = Tee(sys.stdout)\nprint('x')",
    ),
    _around("asks_for_input_first", before="import getpass\nname = input('your name? ')"),
    _around("displays_a_number_as_text", after="display({'text/plain': 5}, raw=True)"),
    _around(
        "sends_broken_messages",
        after="kernel = get_ipython().kernel\n"
        "for kind, content in (('stream', {'name': 'stdout', 'text': None}), ('stream', {}),\n"
        "                      ('display_data', {'data': 3}), ('status', {}), ('error', {})):\n"
        "    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())",
    ),
    _around("closes_stdout", after="import sys\nsys.stdout = open('/dev/null', 'w')"),
    _around("windows_line_ends", before="x = 1\r\ny = 2\r"),
    _around("umlaute", before="größe = 'ü → 🙂'\nprint(größe)"),
    _around("skip_marker", before="# NBVAL_SKIP"),
]


def _edited(change: Callable[[dict], None], answers=RIGHT) -> dict:
    notebook = json.loads(dumped(handout(answers)))
    change(notebook)
    return notebook


def _reorder(notebook):
    notebook["cells"].reverse()


def _extra_cells(notebook):
    cells = notebook["cells"]
    for position in range(len(cells), -1, -1):
        cells.insert(position, new_code_cell("raise RuntimeError('mine')"))
        cells.insert(position, new_markdown_cell("a note"))


def _without_checks(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if not c["id"].startswith("check")]


def _without_given(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "given"]


def _another_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {
        "name": "julia-1.9",
        "display_name": "J",
        "language": "julia",
    }


def _lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _windows_lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", " \r\n")


def _without_ids(notebook):
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]


def _new_ids(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"colab{number}"


def _without_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _without_any_mark(notebook):
    _without_ids(notebook)
    _without_metadata(notebook)


def _copied_cells(notebook):
    notebook["cells"] += copy.deepcopy(notebook["cells"])


def _own_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["outputs"] = [new_output("stream", name="stdout", text="Right.\n")]


def _skip_tags(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["nbval-skip", "raises-exception", "nbval-ignore-output"]
        if cell["cell_type"] == "code":
            cell["source"] = "# NBVAL_SKIP\n" + cell["source"]


def _changed_checks(notebook):
    for cell in notebook["cells"]:
        if cell["id"].startswith("check"):
            cell["source"] = "print('Right.')"


def _wrong_points(notebook):
    for cell in notebook["cells"]:
        if "lessonlib" in cell["metadata"]:
            cell["metadata"]["lessonlib"]["points"] = 1_000_000


def _as_markdown(notebook):
    notebook["cells"] = [
        dict(cell, cell_type="raw") if cell["id"] == f"answer-{CAUSAL}" else cell
        for cell in notebook["cells"]
    ]


def _drop_causal(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != f"answer-{CAUSAL}"]


def _half_character(notebook):
    notebook["cells"][2]["source"] = "x = '\ud800'"


SPLIT = (
    "def shifted(tokens):\n    return tokens[1:]",
    "def build_causal_example(tokens):\n    return tokens[:-1], shifted(tokens)",
)


def _split_answer(notebook):
    first = notebook["cells"][2]
    second = copy.deepcopy(first)
    second["id"] = "split-off"
    first["source"], second["source"] = SPLIT
    notebook["cells"].insert(3, second)


def _with_own_cell(source, answer, at=2):
    def change(notebook):
        notebook["cells"][2]["source"] = answer
        notebook["cells"].insert(at, new_code_cell(source))

    return _edited(change)


def _import_in_a_given_cell(notebook):
    notebook["cells"][1]["source"] = "import numpy as np\n" + notebook["cells"][1]["source"]
    notebook["cells"][2]["source"] = (
        "def build_causal_example(tokens):\n    a = np.array(tokens)\n    return a[:-1], a[1:]"
    )


def _untouched_copy(notebook):
    copied = copy.deepcopy(notebook["cells"][2])
    copied["id"], copied["source"] = "a-copy", placeholder(CAUSAL)
    notebook["cells"].insert(3, copied)


def _odd_cells(notebook):
    notebook["cells"] += [None, 3, "x", [], {}, {"source": 7}, {"id": ["a"], "metadata": 4}]


WRONG = {
    CAUSAL: "def build_causal_example(tokens):\n    return tokens[1:], tokens[:-1]",
    MASKED: (
        "def build_masked_example(tokens, mask_positions):\n"
        "    return list(tokens), {p: tokens[p] for p in mask_positions}"
    ),
    SPAN: (
        "def build_span_corruption(tokens, start, end):\n"
        "    return (tokens[:start] + ['<extra_id_0>'] + tokens[end:],\n"
        "            ['<extra_id_0>'] + tokens[start:end])"
    ),
}
LEANING = RIGHT[SPAN].replace(
    "tokens[end:]", "build_causal_example(['x', 'x'] + tokens[end:])[1][1:]"
)
ALL_WRONG = {"causal": "failed", "masked": "failed", "span": "failed", "written": "missing"}

EDITED = [
    _entry("reordered", _edited(_reorder)),
    _entry("extra_cells", _edited(_extra_cells)),
    _entry("checks_deleted", _edited(_without_checks)),
    _entry("given_deleted", _edited(_without_given)),
    _entry("another_kernel", _edited(_another_kernel)),
    _entry("source_as_lines", _edited(_lines)),
    _entry("no_ids", _edited(_without_ids)),
    _entry("new_ids", _edited(_new_ids)),
    _entry("no_metadata", _edited(_without_metadata)),
    _entry("every_cell_twice", _edited(_copied_cells)),
    _entry("stored_outputs", _edited(_own_outputs)),
    _entry("split_answer", _edited(_split_answer)),
    _entry("odd_cells", _edited(_odd_cells)),
    _entry("untouched_copy_after_the_answer", _edited(_untouched_copy)),
    _entry("import_in_a_given_cell", _edited(_import_in_a_given_cell)),
    _entry(
        "helper_in_an_own_cell",
        _with_own_cell("def shifted(tokens):\n    return tokens[1:]", SPLIT[1], at=5),
    ),
    _entry("function_in_an_own_cell", _with_own_cell(RIGHT[CAUSAL], "# see above")),
    _entry(
        "builder_in_an_own_cell",
        _with_own_cell(
            "from lessonlib.samples import build_causal_example as built",
            "def build_causal_example(tokens):\n    return built(tokens)",
        ),
        "leans_on_the_course",
        causal="failed",
    ),
    _entry(
        "own_cell_that_never_ends",
        _with_own_cell("while True:\n    pass", SPLIT[1]),
        "raised_NameError",
        causal="failed",
    ),
    _entry(
        "wrong_answer_and_a_right_own_cell",
        _with_own_cell(RIGHT[CAUSAL], WRONG[CAUSAL]),
        causal="failed",
    ),
    _entry(
        "wrong_answer_and_another_further_down",
        _with_own_cell(RIGHT[CAUSAL], WRONG[CAUSAL], at=3),
        causal="pending",
    ),
    _entry(
        "function_below_the_untouched_cell",
        _with_own_cell(RIGHT[CAUSAL], placeholder(CAUSAL), at=3),
    ),
    _entry("no_marks_at_all", _edited(_without_any_mark)),
    _entry(
        "leans_on_an_answer_that_is_wrong",
        handout(RIGHT | {CAUSAL: WRONG[CAUSAL], SPAN: LEANING}),
        causal="failed",
    ),
    _entry(
        "leans_on_an_answer_that_is_missing",
        handout({SPAN: LEANING, WRITTEN: RIGHT[WRITTEN]}),
        causal="missing",
        masked="missing",
    ),
    Entry("byte_order_mark", _file(b"\xef\xbb\xbf" + dumped(handout(RIGHT))), ALL_RIGHT),
    _entry("raw_answer_cell", _edited(_as_markdown)),
    _entry("wrong_stored_outputs", _edited(_own_outputs, WRONG), **ALL_WRONG),
    _entry("wrong_skip_markers", _edited(_skip_tags, WRONG), **ALL_WRONG),
    _entry("wrong_checks_deleted", _edited(_without_checks, WRONG), **ALL_WRONG),
    _entry("wrong_checks_changed", _edited(_changed_checks, WRONG), **ALL_WRONG),
    _entry("wrong_points_changed", _edited(_wrong_points, WRONG), **ALL_WRONG),
    _entry("answer_cell_deleted", _edited(_drop_causal), "no-answer-cell", causal="missing"),
    _entry("half_a_character", _edited(_half_character), "broken-text", causal="unreadable"),
    _entry(
        "untouched_with_windows_line_ends",
        _edited(_windows_lines, {}),
        "unanswered",
        **dict.fromkeys(("causal", "masked", "span", "written"), "missing"),
    ),
    _entry(
        "untouched",
        handout(),
        "unanswered",
        **dict.fromkeys(("causal", "masked", "span", "written"), "missing"),
    ),
    _entry("emptied", handout(dict.fromkeys(RIGHT, " ")), **dict.fromkeys(ALL_WRONG, "missing")),
]

WRONG_ANSWERS = [
    _causal("shifted_backwards", WRONG[CAUSAL], "failed", "shifted_the_wrong_way"),
    _entry("no_mask", handout(RIGHT | {MASKED: WRONG[MASKED]}), masked="failed"),
    _entry("no_final_sentinel", handout(RIGHT | {SPAN: WRONG[SPAN]}), span="failed"),
    _entry(
        "end_included",
        handout(RIGHT | {SPAN: RIGHT[SPAN].replace("tokens[end:]", "tokens[end + 1:]")}),
        span="failed",
    ),
    _entry(
        "changes_its_argument",
        handout(RIGHT | {MASKED: RIGHT[MASKED].replace("list(tokens)", "tokens")}),
        masked="failed",
    ),
    _causal("not_defined", "def build_causal(tokens):\n    return tokens", "failed", "not_defined"),
    _causal(
        "syntax_error", "def build_causal_example(tokens:\n    return", "failed", "not_defined"
    ),
    _causal("raises_at_once", "raise ValueError('no')\n" + RIGHT[CAUSAL], "failed", "not_defined"),
    _causal(
        "prints_only",
        "def build_causal_example(tokens):\n    print(tokens[:-1], tokens[1:])",
        "failed",
    ),
    _causal("a_number", "build_causal_example = 7", "failed"),
    _causal(
        "generator", "def build_causal_example(t):\n    yield t[:-1]\n    yield t[1:]", "failed"
    ),
]

HELPER = "def shifted(tokens):\n    return tokens[1:]"


def _beside(name, *cells, answer=SPLIT[1], verdict="passed", cause=None, at=2) -> Entry:
    """Cells of the learner's own around an answer to the first question."""

    def change(notebook):
        notebook["cells"][2]["source"] = answer
        notebook["cells"][at:at] = [new_code_cell(cell) for cell in cells]

    return _entry(name, _edited(change), cause, causal=verdict)


# What a learner tries beside an answer, and interrupts, or starts Python anew after.
SCRATCH = {
    "never_ends": "while True:\n    pass",
    "waits": "import time\nwhile 1:\n    time.sleep(1)",
    "exits": "exit()",
    "quits": "quit()",
    "leaves_python": "import os\nos._exit(0)",
    "kills_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "takes_memory": "x = []\nwhile True:\n    x.append(bytearray(10**8))",
    "forgets_all": "%reset -f",
    "is_no_python": "def (:",
    "raises": "raise KeyboardInterrupt",
    "counts_without_end": "import itertools\nfor _ in itertools.count():\n    pass",
}
BESIDE_SCRATCH = [
    *(_beside(f"helper_before_what_{name}", HELPER, cell) for name, cell in SCRATCH.items()),
    *(_beside(f"helper_after_what_{name}", cell, HELPER) for name, cell in SCRATCH.items()),
    *(
        _beside(f"helper_in_the_cell_that_{name}", f"{HELPER}\n{SCRATCH[name]}")
        for name in ("never_ends", "waits", "exits", "leaves_python", "takes_memory", "raises")
    ),
    _beside("helper_of_a_helper", HELPER.replace("tokens[1:]", "tokens[first:]"), "first = 1"),
    _beside("helper_below", HELPER, "while True:\n    pass", at=5),
    _beside(
        "helper_with_an_import",
        "import numpy as np\n" + HELPER.replace("tokens[1:]", "list(np.array(tokens)[1:])"),
        SCRATCH["never_ends"],
    ),
    _beside("helper_is_a_lambda", "shifted = lambda t: t[1:]", SCRATCH["never_ends"]),
    _beside(
        "helper_is_a_table_that_grows",
        "cut = {}\ncut['first'] = 1",
        SCRATCH["exits"],
        answer="def build_causal_example(t):\n    return t[:-1], t[cut['first']:]",
    ),
    _beside(
        "helper_made_where_nobody_sees_it",
        "globals()['shif' + 'ted'] = lambda t: t[1:]",
        SCRATCH["leaves_python"],
        verdict="pending",
    ),
    _beside(
        "wrong_helper_beside_what_never_ends",
        HELPER.replace("1:", "2:"),
        SCRATCH["never_ends"],
        verdict="failed",
    ),
    _beside("no_helper_beside_what_never_ends", SCRATCH["never_ends"], verdict="failed"),
]

MODULES = {
    "pandas": "import pandas as pd",
    "pandas_by_name": "import pandas",
    "of_pandas": "from pandas import DataFrame",
    "all_of_pandas": "from pandas import *",
    "torch": "import torch.nn as nn, torch",
    "transformers": "from transformers import AutoTokenizer, BertForMaskedLM as Bert",
    "several": "import seaborn as sns\nimport sklearn.metrics\nimport nltk",
    "colab": "from google.colab import drive\ndrive.mount('/content/drive')",
    "with_settings": "import pandas as pd\npd.set_option('display.max_rows', 9)",
    "a_seed": "import torch\ntorch.manual_seed(0)",
    "own_file": "from helpers import *\nimport my_notes",
}
USED = {
    "to_shift": "return list(pd.Series(tokens)[:-1]), list(pd.Series(tokens)[1:])",
    "to_copy": "tokens = pd.unique(tokens)\n    return tokens[:-1], tokens[1:]",
    "as_an_object": "return pd.DataFrame({'i': tokens[:-1], 'l': tokens[1:]})",
}
NOT_HERE = [
    *(_around(f"imports_{name}", before=line) for name, line in MODULES.items()),
    *(
        _causal(
            f"imports_{name}_when_called",
            f"def build_causal_example(tokens):\n    {line}\n    return tokens[:-1], tokens[1:]",
        )
        for name, line in MODULES.items()
        if "\n" not in line and "*" not in line
    ),
    *(
        _causal(
            f"uses_pandas_{name}",
            f"import pandas as pd\ndef build_causal_example(tokens):\n    {body}",
            "failed",
            "module_not_here",
        )
        for name, body in USED.items()
    ),
    _causal(
        "has_another_way_without_a_module",
        "try:\n    import pandas as pd\nexcept ImportError:\n    pd = None\n"
        "def build_causal_example(tokens):\n"
        "    if pd is not None:\n        return pd.Series(tokens)\n"
        "    return tokens[:-1], tokens[1:]",
    ),
    _causal(
        "decorated_by_what_is_not_here",
        "from numba import njit\n@njit\ndef build_causal_example(t):\n    return t[:-1], t[1:]",
    ),
    _causal(
        "annotated_by_what_is_not_here",
        "import pandas as pd\n"
        "def build_causal_example(t: pd.Series) -> pd.DataFrame:\n    return t[:-1], t[1:]",
    ),
    _causal(
        "wrong_and_imports_what_is_not_here", "import pandas as pd\n" + WRONG[CAUSAL], "failed"
    ),
    _beside("own_cell_imports_what_is_not_here", "import pandas as pd", HELPER),
    _beside("helper_in_the_cell_of_the_import", f"import pandas as pd\n{HELPER}"),
    _beside(
        "helper_uses_what_is_not_here",
        "import pandas as pd\n" + HELPER.replace("tokens[1:]", "pd.Series(tokens)[1:]"),
        verdict="failed",
    ),
]

LARGE = "'x' * 6_000_000"
MUCH_OUTPUT = [
    _around(f"much_{name}_{place}", **{place: source})
    for place in ("before", "after")
    for name, source in {
        "printed": f"print({LARGE})",
        "displayed": f"display({LARGE})",
        "html": f"from IPython.display import HTML\ndisplay(HTML({LARGE}))",
        "as_a_result": LARGE,
        "on_stderr": f"import sys\nprint({LARGE}, file=sys.stderr)",
        "in_metadata": f"display({{'text/plain': 'x'}}, raw=True, metadata={{'x': {LARGE}}})",
        "figure": "import numpy as np, matplotlib.pyplot as plt\n"
        "plt.figure(figsize=(12, 12))\nplt.axes([0, 0, 1, 1])\n"
        "plt.imshow(np.random.default_rng(0).random((1200, 1200, 3)), interpolation='nearest')\n"
        "plt.show()",
        "to_a_widget": "from ipywidgets import Image\nImage(value=bytes(6_000_000))",
    }.items()
]
MUCH_OUTPUT += [
    _around("much_in_an_error", after=f"raise ValueError({LARGE})"),
    _causal(
        "much_displayed_when_called",
        f"def build_causal_example(t):\n    display({LARGE})\n    return t[:-1], t[1:]",
    ),
    _beside("much_printed_by_a_helper", f"{HELPER}\nprint({LARGE})"),
    _causal("much_printed_and_wrong", f"print({LARGE})\n" + WRONG[CAUSAL], "failed"),
]


def _moved(name, host, answer=None, verdict="passed", source=RIGHT[CAUSAL], put=None) -> Entry:
    """The first function in another cell than its own: in a cell of the course's, or a new one."""

    def change(notebook):
        cells = notebook["cells"]
        own = next(n for n, cell in enumerate(cells) if cell["id"] == f"answer-{CAUSAL}")
        if answer is not None:
            cells[own]["source"] = answer
        if isinstance(host, int):
            cells.insert(own + host, new_code_cell(source))
        else:
            (cell,) = [cell for cell in cells if cell["id"] == host]
            cell["source"] = (put or "{source}\n\n{cell}").format(
                source=source, cell=cell["source"]
            )
        if answer == "":
            del cells[own if not isinstance(host, int) or host > 0 else own + 1]

    others = {name: text for name, text in RIGHT.items() if name != CAUSAL}
    return _entry(name, _edited(change, others), causal=verdict)


ELSEWHERE = [
    *(
        _moved(f"function_in_{where}_{how}", host, answer)
        for where, host in {
            "a_new_cell_above": 0,
            "a_new_cell_below": 1,
            "a_new_cell_further_down": 4,
            "the_checks_cell": f"check-{CAUSAL}",
            "a_given_cell": "given",
            "another_answers_cell": f"answer-{MASKED}",
        }.items()
        for how, answer in {
            "own_cell_untouched": None,
            "own_cell_says_where": "# see the other cell",
            "own_cell_emptied": " ",
            "own_cell_gone": "",
        }.items()
    ),
    _moved("function_behind_the_check", f"check-{CAUSAL}", put="{cell}\n\n{source}"),
    _moved("function_alone_in_the_checks_cell", f"check-{CAUSAL}", put="{source}"),
    _moved("wrong_function_in_a_new_cell", 1, verdict="pending", source=WRONG[CAUSAL]),
    _moved(
        "wrong_function_in_the_checks_cell",
        f"check-{CAUSAL}",
        verdict="pending",
        source=WRONG[CAUSAL],
    ),
    _moved("function_in_a_new_cell_with_a_loop", 1, source=f"{RIGHT[CAUSAL]}\nwhile True: pass"),
    _moved("function_in_a_new_cell_with_a_module", 1, source=f"import pandas\n{RIGHT[CAUSAL]}"),
    _moved("function_in_a_new_cell_that_raises", 1, source=f"{RIGHT[CAUSAL]}\n1 / 0"),
    _moved(
        "function_in_a_new_cell_between_magics", 1, source=f"%%time\n{RIGHT[CAUSAL]}\n%pip list"
    ),
    _causal("right_before_a_loop", RIGHT[CAUSAL] + "\nwhile True:\n    pass", "pending"),
    _causal("right_after_a_file", "text = open('a.txt').read()\n" + RIGHT[CAUSAL], "pending"),
    _causal("right_before_leaving_python", RIGHT[CAUSAL] + "\nimport os\nos._exit(0)", "pending"),
    _around("exits_afterwards", after="exit()"),
    _around("quits_first", before="quit()"),
]

KNOWN = "transformer models learn patterns from large text corpora".split()
FOOLING = [
    _causal(
        "answers_by_heart",
        "from random import Random\n"
        "from lessonlib.practice.questions import QUESTIONS, cases\n"
        "book = {repr(a): (a[0][:-1], a[0][1:]) for a in "
        "cases(QUESTIONS['build_causal_example'], Random('build_causal_example'))}\n"
        "def build_causal_example(tokens):\n    return book[repr((tokens,))]",
        "failed",
    ),
    _causal(
        "the_lessons_example_by_heart",
        f"def build_causal_example(tokens):\n    return {KNOWN[:-1]}, {KNOWN[1:]}",
        "failed",
    ),
    _causal(
        "equal_to_everything",
        "class Same(list):\n"
        "    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "    __hash__ = None\n"
        "def build_causal_example(tokens):\n    return Same(), Same()",
        "failed",
    ),
    _causal(
        "patched_print",
        "import builtins\nbuiltins.print = lambda *a, **k: None\n" + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "patched_check",
        "import lessonlib.practice as p, lessonlib\n"
        "p.check = lessonlib.check = lambda *a: p.Verdict(True, 'right', 'Right.')\n"
        + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "patched_judge",
        "import lessonlib.practice.judging as j\n"
        "j.judge = lambda *a: j.Verdict(True, 'right', 'Right.')\n" + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "patched_runner",
        "import lessonlib.practice.calling as o\n"
        "o.run = lambda f, a, s=3: o.Outcome(value=[[], []])\n" + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "patched_json",
        'import json\njson.dumps = lambda *a, **k: \'{"defined": true, "outcomes": []}\'\n'
        + WRONG[CAUSAL],
        "failed",
    ),
    *(
        _causal(
            f"forges_{name}",
            "kernel = get_ipython().kernel\n"
            "def build_causal_example(tokens):\n"
            "    kernel.session.send(kernel.iopub_socket, "
            f"{kind!r}, {content}, parent=kernel.get_parent())\n"
            "    return tokens[1:], tokens[:-1]",
            "failed",
            "shifted_the_wrong_way",
        )
        for name, kind, content in (
            ("an_error", "error", "{}"),
            ("a_state", "status", "{}"),
            ("a_display", "display_data", "{'data': {}}"),
            ("a_kind", "comm_open", "{}"),
        )
    ),
    *(
        _causal(
            f"brings_back_{name}",
            "import json\n"
            "real = json.dumps\n"
            "def forged(value, *args, **more):\n"
            "    for outcome in value.get('outcomes', []) if type(value) is dict else []:\n"
            f"        outcome.update({fields})\n"
            "    return real(value, *args, **more)\n"
            "json.dumps = forged\n" + WRONG[CAUSAL],
            "failed",
        )
        for name, fields in (
            ("a_change_of_no_argument", "changed=[99], afterwards=[1]"),
            ("what_is_no_value", "value={'x': 1}"),
            ("deep_lists", "value=json.loads('[' * 900 + ']' * 900)"),
            ("long_numbers", "value=[[10 ** 400], 10 ** 400]"),
            ("a_mapping_as_key", "value={'dict': [[{'dict': []}, 1]]}"),
        )
    ),
    _causal(
        "mapping_as_key",
        "from collections.abc import Mapping\n"
        "class Key(Mapping):\n"
        "    def __getitem__(self, key): raise KeyError\n"
        "    def __iter__(self): return iter(())\n"
        "    def __len__(self): return 0\n"
        "    def __hash__(self): return 1\n"
        "def build_causal_example(tokens):\n    return {Key(): 1}",
        "failed",
    ),
    _causal(
        "rewrites_the_next_cell",
        "ip = get_ipython()\n"
        "ip.input_transformers_cleanup.append(lambda lines: ['print(\"Right.\")\\n'])\n"
        + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "answers_for_the_probe",
        "import re\n"
        "def answer(lines):\n"
        "    text = ''.join(lines)\n"
        "    found = re.search(r'application/vnd[^\"\\']*json', text)\n"
        "    if not found:\n        return lines\n"
        "    return ['get_ipython().display_pub.publish({%r: \"passed\"})\\n' % found.group()]\n"
        "get_ipython().input_transformers_cleanup.append(answer)\n" + WRONG[CAUSAL],
        "failed",
    ),
    _causal(
        "replaced_publisher",
        "get_ipython().display_pub.publish = lambda *a, **k: None\n" + WRONG[CAUSAL],
        "failed",
    ),
    _causal("raises_system_exit", "def build_causal_example(t):\n    raise SystemExit", "failed"),
    _causal(
        "skips_by_exception", "import pytest\npytest.skip('all', allow_module_level=True)", "failed"
    ),
]

SPOIL = (
    "import builtins\n"
    "real = builtins.len\n"
    "builtins.len = lambda x: real(x) + 1\n"
    "builtins.range = None\n"
)
HOSTILE = [
    _causal("leaves_python", "import os\nos._exit(0)", "failed", "kernel_died"),
    _causal("kills_itself", "import os, signal\nos.kill(os.getpid(), 9)", "failed", "kernel_died"),
    _causal("stops_itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    _causal("crashes", "import ctypes\nctypes.string_at(0)", "failed", "kernel_died"),
    _causal("loops_at_once", "while True:\n    pass", "timeout"),
    _causal(
        "loops_when_called",
        "def build_causal_example(t):\n    while True:\n        pass",
        "timeout",
    ),
    _causal("sleeps", "import time\ntime.sleep(1000)", "timeout", "too_long_a_wait"),
    _causal(
        "recurses", "def build_causal_example(t):\n    return build_causal_example(t)", "failed"
    ),
    _causal("takes_all_memory", "x = bytearray(10**12)", "failed", "not_defined"),
    _causal(
        "takes_memory_bit_by_bit", "x = []\nwhile True:\n    x.append(bytearray(10**8))", NOT_PASSED
    ),
    _causal(
        "holds_memory",
        "x = []\ntry:\n    while True:\n        x.append(bytearray(10**6))\n"
        "except MemoryError:\n    pass\n",
        NOT_PASSED,
    ),
    _causal(
        "forks",
        "import os, time\n"
        "for _ in range(300):\n"
        "    try:\n"
        "        if os.fork() == 0:\n            time.sleep(3)\n            os._exit(0)\n"
        "    except OSError:\n        pass",
        NOT_PASSED,
    ),
    _causal(
        "starts_threads",
        "import threading, time\n"
        "for _ in range(300):\n"
        "    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()",
        NOT_PASSED,
    ),
    _causal(
        "fills_the_disk",
        "for n in range(100):\n    open(f'/tmp/fill{n}', 'wb').write(bytes(10**7))",
        "failed",
    ),
    _causal("prints_without_end", "while True:\n    print('x' * 1000)", "timeout"),
    _causal("displays_without_end", "while True:\n    display('x' * 10000)", "timeout"),
    _causal("spoils_the_next", SPOIL, NOT_PASSED),
    _causal(
        "kills_the_next",
        "import threading, os\nthreading.Timer(0.02, os._exit, (0,)).start()",
        "failed",
    ),
    _causal("closes_everything", "import os\nos.closerange(0, 200)", NOT_PASSED),
    _causal(
        "looks_for_solutions",
        "import glob\n"
        "found = [f for depth in range(6) for f in glob.glob('/*' * depth + '/solutions/*')]\n"
        "def build_causal_example(tokens):\n    return found",
        NOT_PASSED,
    ),
    _causal(
        "writes_outside",
        "import os\n"
        "for place in ('CANARY', '/tmp', '/var/tmp', '/dev/shm', os.path.expanduser('~')):\n"
        "    try:\n        open(place + '/lessonlib-was-here', 'w').write('x')\n"
        "    except OSError:\n        pass",
        "failed",
    ),
    _causal(
        "calls_home",
        "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)",
        "failed",
        "not_defined",
    ),
    _causal("kills_all", "import os\nos.kill(-1, 9)", "failed"),
    _causal(
        "breaks_the_course",
        "import lessonlib.samples as s, lessonlib.practice.calling as o\n"
        "s.build_masked_example = o.encode = None\no.run = lambda *a: 1 / 0",
        "failed",
    ),
]


def _link(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(path.parent.parent / "right" / path.name)


def _folder(path: Path) -> None:
    path.mkdir(parents=True)


def _pipe(path: Path) -> None:
    path.parent.mkdir(parents=True)
    os.mkfifo(path)


def _notebook_of(cells: bytes) -> bytes:
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + cells + b"]}"


# Small files that would take a hundred times more memory when they are read.
SWELLING = {
    "lists": _notebook_of(b"[]," * 3_000_000 + b"[]"),
    "mappings": _notebook_of(b"{}," * 3_000_000 + b"{}"),
    "names": _notebook_of(b"{%s}" % b",".join(b'"%x":0' % number for number in range(500_000))),
    "cells": _notebook_of(b'{"source":""},' * 6_000 + b"{}"),
    "lines": _notebook_of(b'{"source":"%s"}' % (b"x\\n" * 200_000)),
    "wide_letters": _notebook_of(f'{{"source":"{"x" * 9_000_000}🙂"}}'.encode()),
}
WHOLE = dumped(handout(RIGHT))
BROKEN = [
    *(_unreadable(f"swells_of_{name}", data, "too-many-parts") for name, data in SWELLING.items()),
    _unreadable("empty_file", b"", "empty"),
    _unreadable("only_spaces", b"  \n ", "empty"),
    _unreadable("cut_off", WHOLE[: len(WHOLE) // 2], "not-json"),
    _unreadable("no_json", b"print('hello')", "not-json"),
    _unreadable("deeply_nested", b"[" * 200_000, "not-json"),
    _unreadable("endless_number", b'{"nbformat": ' + b"9" * 50_000 + b"}", "not-json"),
    _unreadable("zip_file", b"PK\x03\x04" + bytes(range(256)) * 20, "not-utf8"),
    _unreadable("a_list", b"[1, 2]", "not-a-notebook"),
    _unreadable("no_cells", b'{"nbformat": 4, "cells": 3}', "not-a-notebook"),
    _unreadable("format_2", b'{"nbformat": 2, "worksheets": [{"cells": []}]}', "old-format"),
    _unreadable("format_99", b'{"nbformat": 99, "cells": []}', "not-a-notebook"),
    _unreadable("huge", WHOLE + b" " * 20_000_000, "too-large"),
    _unreadable("symbolic_link", _link, "link"),
    _unreadable("a_folder", _folder, "not-a-file"),
    _unreadable("a_pipe", _pipe, "not-a-file"),
    Entry(
        "no_cells_left",
        _file(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'),
        dict.fromkeys([*CODING, WRITTEN], "missing"),
        "no-answer-cell",
    ),
]

CATALOGUE = [
    *(*RIGHT_STYLES, *EDITED, *BESIDE_SCRATCH, *NOT_HERE, *MUCH_OUTPUT, *ELSEWHERE),
    *(*WRONG_ANSWERS, *FOOLING, *HOSTILE, *BROKEN),
]


def hand_in_all(folder: Path, entries: list[Entry]) -> None:
    for entry in entries:
        entry.write(folder / entry.name / f"{EXERCISE}.ipynb")
