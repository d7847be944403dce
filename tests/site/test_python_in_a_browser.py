"""The course's Python inside a real Pyodide, on an empty page of a real browser."""

import json
import threading
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from lessonlib.practice.calling import run
from tests.browser.lab import CHROMIUM_FLAGS, find_chromium
from tests.learners_kernel import imports_of
from tests.practice import odd
from tests.site.pyodides import whole_or_skip

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
ASKED = ("lessonlib", "tests/practice")
# What the runtime lacks. Each is Python alone, or has its Python beside what is compiled.
MORE = ("anywidget", "comm", "ipywidgets", "psygnal", "tqdm", "typing_extensions")
NOT_PACKED = {".pyc", ".so", ".pyi"}

PAGE = """<!doctype html><meta charset="utf-8"><title>Python</title><script type="module">
import { loadPyodide } from "./pyodide/pyodide.mjs";
const said = (window.said = { stdout: [], stderr: [] });
const hear = name => ({ batched: text => said[name].push(text) });
window.started = (async () => {
  const python = (window.python = await loadPyodide());
  const packages = ["ipython", "matplotlib", "numpy", "packaging"];
  await python.loadPackage(packages, { messageCallback() {} });
  python.setStdout(hear("stdout"));
  python.setStderr(hear("stderr"));
  python.unpackArchive(await (await fetch("course.zip")).arrayBuffer(), "zip");
})();
</script>"""

RUN = """async code => {
  await window.started;
  const result = await window.python.runPythonAsync(code);
  const said = { stdout: window.said.stdout.splice(0), stderr: window.said.stderr.splice(0) };
  return [result, said.stdout.join("\\n"), said.stderr.join("\\n")];
}"""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder by the types that browsers insist on, and says nothing."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """Serve a folder on a free port, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def pack(path):
    """Put the course, and what it needs, into one archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ASKED:
            for file in sorted((ROOT / folder).rglob("*")):
                if file.is_file() and file.suffix not in NOT_PACKED:
                    archive.write(file, file.relative_to(ROOT))
        archive.write(ROOT / "tests/__init__.py", "tests/__init__.py")
        about = distribution("lessonlib")
        archive.writestr(
            f"lessonlib-{about.version}.dist-info/METADATA", about.read_text("METADATA")
        )
        for package in MORE:
            installed = distribution(package)
            for name in installed.files:
                if ".." not in name.parts and name.suffix not in NOT_PACKED:
                    archive.write(installed.locate_file(name), str(name))


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return a function that runs a program there, and returns what its last line says."""
    runtime, chromium = whole_or_skip(), find_chromium()
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "pyodide").symlink_to(runtime, target_is_directory=True)
    pack(folder / "course.zip")
    with served(folder) as address, sync_playwright() as playwright:
        options = {"executable_path": chromium, "args": list(CHROMIUM_FLAGS)}
        browser = playwright.chromium.launch(**options)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(address)

        def running(program):
            result, printed, complained = page.evaluate(RUN, program)
            print(printed)
            assert not complained
            return result

        yield running
        browser.close()


def test_everything_that_notebooks_import_is_there(python):
    pages = [*ROOT.glob("notebooks/text/*.md"), *ROOT.glob("solutions/text/*.md")]
    statements = sorted({line for page in pages for line in imports_of(page)})
    assert len(statements) > 50
    python("\n".join(statements))


def test_a_right_and_a_wrong_answer_are_told_as_everywhere(python):
    said = json.loads(python(JUDGED))
    assert {cause for _, wanted, cause in said["right"]} == {"right"}
    assert not [row for row in said["wrong"] if row[1] != row[2]]


JUDGED = """
import json
from lessonlib.practice import check
from tests.practice.answers import RIGHT, WRONG
json.dumps({
    "right": [(name, "right", check(name, answer).cause) for name, answer in RIGHT],
    "wrong": [(name, cause, check(name, answer).cause) for name, cause, answer in WRONG],
})
"""


def test_odd_answers_come_to_the_same(python):
    there = json.loads(python(OUTCOMES))
    here = json.loads(json.dumps(odd.outcomes(run)))
    assert len(there) == len(here)
    for one, other in zip(there, here, strict=True):
        assert one == other


OUTCOMES = """
import json
from lessonlib.practice.calling import run
from tests.practice import odd
json.dumps(odd.outcomes(run))
"""


@pytest.mark.parametrize("name", [function.__name__ for function in (*odd.ENDLESS, *odd.STUBBORN)])
def test_what_does_not_end_is_stopped(python, name):
    assert python(
        "from lessonlib.practice.calling import run\n"
        f"from tests.practice.odd import {name}\n"
        f'run({name}, [["a", "b"]], seconds=0.2).timed_out'
    )


def test_the_live_exam_is_examined_and_drawn_there(python):
    best = json.loads(python(EXAMINED))
    assert best == {
        "continuation": "Causal LM",
        "blank": "Masked LM",
        "missing_span": "Span corruption",
    }


EXAMINED = """
import json, time
from lessonlib.views import matrix_picture
from lessonlib.views.measured import signal_density_picture
from lessonlib.views.training import best_native, watch_exam
started = time.perf_counter()
live = watch_exam()
print(f"examined in {time.perf_counter() - started:.0f} s")
matrix_picture(live.matrix(), alt="Three models, four abilities.")
signal_density_picture()
json.dumps(best_native(live, ["continuation", "blank", "missing_span"]))
"""


def test_a_training_says_how_long_it_takes_before_it_begins(python):
    assert "about 2 minutes" in python(NOTED)


NOTED = """
from lessonlib.views.training import TrainingView, time_in_a_browser
" ".join(part.value for part in TrainingView({"a": ""}, note=time_in_a_browser(2)).children[1:])
"""
