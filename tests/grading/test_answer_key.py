"""Nothing that answers a question is in the sandbox, whichever way code looks for it."""

import ast
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from lessonlib.cli import main
from lessonlib.grading.confined import sandbox as sandboxing
from lessonlib.grading.confined.kernel import WatchedKernel
from lessonlib.grading.confined.provisioner import register
from lessonlib.grading.confined.sandbox import PACKAGE, SEEN
from lessonlib.grading.confined.starter import Starter
from lessonlib.grading.paper.terms import Budget
from lessonlib.practice.questions import QUESTIONS
from tests.grading.conftest import ROOT
from tests.grading.handouts import CAUSAL, MASKED, RIGHT, course, hand_in, handout

SHOWN = [path for pattern in SEEN["course"]["shown"] for path in PACKAGE.glob(pattern)]
SOURCES = [path for path in SHOWN if path.suffix == ".py"]
# Of those that ask for a function; in the others nothing is run.
EXERCISES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "exercises").glob("*.ipynb"))
    if any(f'"question": "{name}"' in path.read_text("utf-8") for name in QUESTIONS)
]


def imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "lessonlib":
            yield from ((node.module, alias.name) for alias in node.names)


def test_what_is_shown_defines_nothing_that_is_asked_for():
    assert {path.relative_to(PACKAGE).parts[0] for path in SHOWN}.isdisjoint(
        {"samples", "batches", "attention.py", "grading", "exams", "authoring"}
    )
    own = [Path(sys.modules[each.reference.__module__].__file__) for each in QUESTIONS.values()]
    assert not {*SHOWN} & {*own}
    for path in SOURCES:
        defined = {n.name for n in ast.walk(ast.parse(path.read_text())) if hasattr(n, "name")}
        assert defined.isdisjoint(QUESTIONS), path


def test_what_is_shown_imports_only_what_is_shown():
    modules = {
        ".".join(["lessonlib", *p.relative_to(PACKAGE).with_suffix("").parts]) for p in SOURCES
    }
    modules = {name.removesuffix(".__init__") for name in modules}
    for path in SOURCES:
        if path.parent != PACKAGE:  # the package itself loads by name
            for module, name in imports(path.read_text()):
                assert {module, f"{module}.{name}"} & modules, (path, module, name)


@pytest.fixture(scope="module")
def kernel(sandbox, tmp_path_factory):
    running = WatchedKernel(register(Starter()), str(tmp_path_factory.mktemp("work")), Budget())
    yield running
    running.stop()


@pytest.mark.sandbox
def test_exercises_find_what_they_import(kernel):
    asked = {
        pair
        for notebook in EXERCISES
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for pair in imports(re.sub("^[!%].*", "", "".join(cell["source"]), flags=re.MULTILINE))
    }
    assert len(asked) > 5
    for module, name in sorted(asked):
        said = kernel.run(f"from {module} import {name}")
        assert not said.all, (module, name, said)
    calls = "check('a', 1); try_it('a', 1, [2]); progress('exercise 1'); hand_in('exercise 1')"
    assert not kernel.run(f"from lessonlib import check, try_it, progress, hand_in\n{calls}").error


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "line",
    [
        "from lessonlib.samples import causal",
        "from lessonlib.samples.lesson import build_causal_example",
        "from lessonlib import build_causal_example",
        "from lessonlib import samples",
        "import lessonlib.attention",
        "from lessonlib.practice.questions import QUESTIONS",
        "from lessonlib.practice import Verdict",
        "import lessonlib.grading.verdicts.ruling",
    ],
)
def test_what_is_not_there_says_so(kernel, line):
    error = kernel.run(line).error
    assert "is not there while your answer is graded" in error, error
    assert error.startswith("NotThereError: `lessonlib."), error


@pytest.mark.sandbox
def test_a_second_copy_of_the_package_is_covered(sandbox, tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    copy = tmp_path / "site" / "lessonlib"
    shutil.copytree(PACKAGE / "samples", copy / "samples")
    look = f"import os; print(os.path.exists({str(copy / 'samples' / 'lesson.py')!r}))"
    places = sandboxing._places() | {tmp_path: tmp_path}
    monkeypatch.setattr(sandboxing, "_places", lambda: places)
    assert sandboxing.run(look) == "True\n"
    monkeypatch.setattr(sys, "path", [*sys.path, str(copy.parent)])
    assert sandboxing.run(look) == "False\n"


# Each ends with something under the name `found`, or fails.
WAYS = {
    "import": "from lessonlib.samples import build_masked_example as found",
    "package": "import lessonlib\nfound = lessonlib.build_masked_example",
    "importlib": "import importlib\n"
    "found = importlib.import_module('les' + 'sonlib.samples.lesson').build_masked_example",
    "without_the_finder": "import sys\n"
    "sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != 'Rooms']\n"
    "from lessonlib.samples.lesson import build_masked_example as found",
    "question": "from lessonlib.practice.questions import QUESTIONS\n"
    "found = QUESTIONS['build_masked_example'].reference",
    "check": "from lessonlib import check\n"
    "found = check.__globals__['QUESTIONS']['build_masked_example'].reference",
    "modules": "import sys\n"
    "found = next(vars(m)['build_masked_example'] for m in [*sys.modules.values()]\n"
    "             if 'build_masked_example' in vars(m))",
    "collector": "import gc\n"
    "found = next(f for f in gc.get_objects()\n"
    "             if getattr(f, '__name__', '') == 'build_masked_example')",
    "frames": "import sys\n"
    "def found(*arguments):\n"
    "    frame = sys._getframe()\n"
    "    while frame := frame.f_back:\n"
    "        for each in [*frame.f_locals.values(), *frame.f_globals.values()]:\n"
    "            reference = getattr(each, 'reference', None)\n"
    "            if callable(reference):\n"
    "                return reference(*arguments)",
    "file": "space = {}\n"
    "exec(open('/course/lessonlib/samples/lesson.py').read(), space)\n"
    "found = space['build_masked_example']",
    "every_file": "import os\n"
    "found = None\n"
    "for top in ('/course', '/tmp', '/run', '/work', '/home', '/root', '/srv', '/opt'):\n"
    "    for folder, _, names in os.walk(top):\n"
    "        for name in names:\n"
    "            if 'site-packages' in folder or not name.endswith(('.py', '.ipynb', '.md')):\n"
    "                continue\n"
    "            try:\n                text = open(os.path.join(folder, name)).read()\n"
    "            except (OSError, UnicodeDecodeError):\n                continue\n"
    "            if 'def ' + 'build_masked_example' in text:\n"
    "                space = {'tokens': []}\n"
    "                exec(text, space)\n"
    "                found = space['build_masked_example']\n",
    "installed": "import glob, site\n"
    "place = site.getsitepackages()[0] + '/lessonlib*/**/lesson.py'\n"
    "for path in glob.glob(place, recursive=True):\n"
    "    space = {}\n"
    "    exec(open(path).read(), space)\n"
    "    found = space['build_masked_example']",
    "another_python": "import subprocess, sys, json\n"
    "def found(*arguments):\n"
    "    text = f'from lessonlib.samples import *; print(build_masked_example(*{arguments!r}))'\n"
    "    for way in (['-c'], ['-I', '-c'], ['-E', '-c']):\n"
    "        done = subprocess.run([sys.executable, *way, text], capture_output=True, text=True)\n"
    "        if done.returncode == 0:\n"
    "            return eval(done.stdout)",
    "package_data": "import pkgutil\n"
    "space = {}\n"
    "exec(pkgutil.get_data('lessonlib', 'samples/lesson.py'), space)\n"
    "found = space['build_masked_example']",
    "walk": "import pkgutil, lessonlib, importlib\n"
    "found = next(getattr(importlib.import_module(m.name), 'build_masked_example')\n"
    "    for m in pkgutil.walk_packages(lessonlib.__path__, 'lessonlib.', onerror=print)\n"
    "    if m.name.endswith('lesson'))",
    "pickle": "import pickle\n"
    "found = pickle.loads(b'clessonlib.samples\\nbuild_masked_example\\n.')",
    "run_as_a_module": "import runpy\n"
    "found = runpy.run_module('lessonlib.samples.lesson')['build_masked_example']",
    "lines": "import linecache\n"
    "text = ''.join(''.join(e[2]) for e in linecache.cache.values() if len(e) == 4)\n"
    "space = {}\n"
    "exec(text[text.index('def ' + 'build_masked_example'):], space)\n"
    "found = space['build_masked_example']",
    "spec": "import importlib.util\n"
    "spec = importlib.util.find_spec('lessonlib.samples.lesson')\n"
    "module = importlib.util.module_from_spec(spec)\n"
    "spec.loader.exec_module(module)\n"
    "found = module.build_masked_example",
    "processes": "import glob, re\n"
    "text = ''\n"
    "for path in glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/[0-9]*/environ'):\n"
    "    try:\n        text += open(path).read()\n    except OSError:\n        pass\n"
    "space = {}\n"
    "exec(text[text.index('def ' + 'build_masked_example'):], space)\n"
    "found = space['build_masked_example']",
    "what_the_probe_knows": "import sys\n"
    "def found(*arguments):\n"
    "    seen = []\n"
    "    frame = sys._getframe()\n"
    "    while frame := frame.f_back:\n"
    "        seen += [v for k, v in frame.f_locals.items() if k in ('expected', 'right')]\n"
    "    return next(each[-1] for each in seen if each)",
    "the_other_answer": "found = build_masked_example",
    "a_new_name_for_a_quiet_one": "from lessonlib import check as found",
}


@pytest.fixture(scope="module")
def rows(sandbox, tmp_path_factory):
    place = course(tmp_path_factory.mktemp("ways"))
    for name, way in WAYS.items():
        answer = f"{way}\ndef build_masked_example(*arguments):\n    return found(*arguments)"
        hand_in(place / "submissions", name, handout(RIGHT | {MASKED: answer}))
    hand_in(place / "submissions", "right")
    words = ("grade", str(place / "submissions"), "--course", str(place))
    assert main([*words, "--out", str(place / "out"), "--cpu-seconds", "4"]) == 0
    lines = map(json.loads, (place / "out" / "results.jsonl").read_text().splitlines())
    return {(row["learner"], row["question"]): row for row in lines}


@pytest.mark.sandbox
@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_reference(rows, way):
    row = rows[way, MASKED]
    assert row["verdict"] == "failed", row
    assert rows[way, CAUSAL]["verdict"] == "passed"  # nobody else's answer suffers for it


@pytest.mark.sandbox
def test_a_direct_way_has_a_cause_of_its_own(rows):
    for way in ("import", "package", "importlib", "question"):
        assert rows[way, MASKED]["cause"] == "leans_on_the_course"
    assert rows["right", MASKED]["cause"] == "right"
