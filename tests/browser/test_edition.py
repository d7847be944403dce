"""The browser edition as learners meet it: Python runs in the page, and nobody else is asked."""

import json
import os
import re
import subprocess
import sys

import pytest

from lessonlib.practice.course import STEPS, step_named
from lessonlib.site.edition.page import PATIENCE, WORDS
from lessonlib.words import Words
from tests.grading.handouts import CAUSAL, MASKED, RIGHT, SPAN, WRONG_CAUSAL
from tests.site.editions import ROOT, built, distributed
from tests.site.pyodides import COMPILED, bare_or_skip, little, whole_or_skip

from .lite import START, let_tests_in, lite_page, served
from .notebook_page import PANEL, STRIP, WINDOW, NotebookPage, axe_source, open_notebook

PRACTICE = Words("practice")
NOTICE = "#lesson-loading"
ALWAYS = ("00", "05", "exercise 9")  # the explorer of 03 is moved in a test of its own
EXERCISE = step_named("exercise 1").file
CHOICE = "The one that says the next word"
FINISHED = f"1 of {sum(not step.optional for step in STEPS)}"
KEPT = "from lessonlib.practice import store; print(*store.kept('predictions').values())"
MASK = 1  # the slider of 03 that moves the first mask
ENDLESS = "def build_causal_example(tokens):\n    while True:\n        pass"
ANSWERS = {question: RIGHT[question] for question in (CAUSAL, MASKED, SPAN)}

_WRITE = """([id, source]) => jupyterapp.shell.currentWidget.content.widgets.find(
    cell => cell.model.id === `answer-${id}`).model.sharedModel.setSource(source)"""
_SHOWN = """id => jupyterapp.shell.currentWidget.content.widgets.find(
    cell => cell.model.id === id).node.querySelector('.jp-OutputArea')?.innerText ?? ''"""
_DOWNLOAD = "jupyterapp.commands.execute('docmanager:download')"
_SAID = """async code => {
    let said = "";
    const {kernel} = jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({code});
    asked.onIOPub = message => { said += message.content.text ?? ""; };
    await asked.done;
    for (let patience = 100; patience && !said; patience -= 1)  // what is said may come after it
        await new Promise(later => setTimeout(later, 200));
    return said;
}"""

_FORBIDDEN = """for (const store of ["localStorage", "indexedDB"])
    Object.defineProperty(window, store, {
        get: () => { throw new DOMException("Access is denied", "SecurityError"); },
    });"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site in a folder below the one that is served: it may lie anywhere."""
    site = built(tmp_path_factory.mktemp("web") / "a course", whole_or_skip())
    let_tests_in(site)
    return site


@pytest.fixture(scope="module")
def address(site):
    with served(site.parent) as address:
        yield f"{address}/{site.name.replace(' ', '%20')}"


@pytest.fixture(scope="module")
def context(browser):
    """One learner's browser."""
    with browser.new_context(viewport=WINDOW) as context:
        yield context


@pytest.fixture(scope="module")
def page(context, address):
    with lite_page(context, address) as page:
        yield page


@pytest.fixture
def exercise(page):
    with open_notebook(page, EXERCISE) as exercise:
        yield exercise


def answer(notebook, **sources):
    """Write answers into their cells, and run the whole exercise."""
    for question, source in sources.items():
        notebook.page.evaluate(_WRITE, [question, source])
    notebook.run_all()


def shown(notebook, cell=f"check-{CAUSAL}"):
    return notebook.page.evaluate(_SHOWN, cell)


def whole(step):
    marks = () if step.page in ALWAYS else (pytest.mark.every_page,)
    return pytest.param(step, marks=marks, id=step.page.replace(" ", "-"))


@pytest.mark.parametrize("step", [whole(step) for step in STEPS])
def test_a_page_runs_whole_and_asks_nobody_else(page, step):
    page.heard.errors.clear()
    with open_notebook(page, step.file) as notebook:
        notebook.run_all()
        assert notebook.errors() == []
        assert notebook.axe_violations() == []
    assert page.heard.foreign == []
    assert page.heard.errors == []


def test_an_explorer_answers_the_keyboard(page):
    with open_notebook(page, step_named("03").file) as notebook:
        notebook.run_all()
        before = notebook.strips()
        there, back = notebook.free_directions(MASK)
        notebook.press(there, MASK)
        notebook.settle()
        assert notebook.strips() != before
        notebook.press(back, MASK)
        notebook.settle()
        assert notebook.strips() == before


class TestAnExercise:
    def test_a_wrong_answer_is_told_its_cause(self, exercise):
        answer(exercise, **{CAUSAL: WRONG_CAUSAL})
        assert "shifted the wrong way" in shown(exercise)

    def test_an_endless_answer_is_stopped_and_python_goes_on(self, exercise):
        answer(exercise, **{CAUSAL: ENDLESS})
        assert re.search(r"\bseconds?\b", shown(exercise))
        answer(exercise, **{CAUSAL: RIGHT[CAUSAL]})
        assert "shifted the wrong way" not in shown(exercise)
        assert exercise.errors() == []

    def test_a_right_one_is_saved_downloaded_and_graded(self, exercise, tmp_path):
        answer(exercise, **ANSWERS)
        exercise.save()
        page = exercise.page
        page.locator(f"{PANEL} .lesson-button").click()
        page.get_by_text("Ready to hand in").wait_for()
        with page.expect_download() as download:
            page.evaluate(_DOWNLOAD)
        file = tmp_path / "submissions" / "ada" / EXERCISE.rpartition("/")[2]
        download.value.save_as(file)
        assert graded(tmp_path) == dict.fromkeys(ANSWERS, "passed")


def graded(folder):
    """Grade what lies in a folder's `submissions`, as a teacher would, and return the verdicts."""
    words = ("grade", folder / "submissions", "--course", ROOT, "--out", folder / "book")
    unsafe = () if sys.platform == "linux" else ("--unsafe",)
    command = [sys.executable, "-m", "lessonlib", *map(str, words), *unsafe]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ)
    assert done.returncode in (0, 1), done.stderr
    lines = (folder / "book" / "results.jsonl").read_text("utf-8").splitlines()
    return {row["question"]: row["verdict"] for row in map(json.loads, lines)}


@pytest.fixture(scope="module")
def learner(browser):
    """Somebody else's browser."""
    with browser.new_context(viewport=WINDOW) as context:
        yield context


class TestAnotherDay:
    """In the order in which things happen; each open page is a new one, with a new Python."""

    def test_what_is_done_is_kept(self, learner, address):
        with lite_page(learner, address, START) as page:
            notebook = NotebookPage(page)
            notebook.run_all()
            page.get_by_label(CHOICE).first.check()
            page.get_by_role("button", name=PRACTICE("forms.keep")).first.click()
            page.get_by_role("button", name=PRACTICE("finish.button")).click()
            notebook.settle()
            notebook.save()
            page.reload()
            page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext")
            notebook.settle()
            page.add_style_tag(content=".jp-Cell { content-visibility: visible !important }")
            notebook.run_all()
            assert page.evaluate(_SAID, KEPT).strip() == CHOICE
            assert FINISHED in page.locator(PANEL).inner_text()

    def test_another_notebook_knows_it(self, learner, address):
        with lite_page(learner, address, step_named("01").file) as page:
            notebook = NotebookPage(page)
            notebook.run_all()
            assert FINISHED in page.locator(f"{PANEL} .lesson-steps").first.inner_text()
            assert page.evaluate(_SAID, KEPT).strip() == CHOICE

    def test_what_was_saved_is_styled(self, learner, address):
        with lite_page(learner, address, START) as page:
            NotebookPage(page).settle()
            edges = page.locator(STRIP).evaluate_all(
                "strips => strips.map(strip => getComputedStyle(strip).borderLeftWidth)"
            )
            assert set(edges) == {"5px"}


class TestLoading:
    def test_the_page_says_once_what_is_loading_and_how_large_it_is(self, browser, address):
        loaded = {}
        with browser.new_context(viewport=WINDOW) as context:
            context.on("response", lambda each: loaded.update({each.url: each}))
            page = context.new_page()
            page.goto(f"{address}/lite/")
            notice = page.locator(NOTICE)
            says = notice.inner_text()
            page.evaluate(axe_source())
            found = page.evaluate("notice => axe.run(notice)", NOTICE)
            assert found["violations"] == []
            notice.wait_for(state="hidden", timeout=180_000)
            sizes = [int(each.headers.get("content-length", 0)) for each in loaded.values()]
            megabytes = sum(sizes) / 1e6
            told = int(re.search(r"(\d+) MB", says)[1])
            assert told == pytest.approx(megabytes, rel=0.1)
            assert page.locator(f"{PANEL} .jp-Cell").count()
            page.reload()
            notice.get_by_role("button", name=WORDS("close")).click()
            assert notice.is_hidden()

    def test_stored_widgets_are_shown_before_anything_is_run(self, browser, address):
        with browser.new_context(viewport=WINDOW) as context:
            page = context.new_page()
            page.goto(f"{address}/lite/lab/index.html?path={step_named('03').file}")
            page.locator(f"{PANEL} .lesson-explorer .lesson-strip").first.wait_for(timeout=180_000)
            assert page.get_by_text("Loading widget").count() == 0

    def test_a_page_that_can_keep_files_says_nothing_more(self, page):
        assert page.locator("#lesson-notices > div:visible").count() == 0

    @pytest.mark.parametrize("path", [None, EXERCISE])
    def test_a_page_opens_whatever_is_in_the_address_and_however_soon_it_is_reloaded(
        self, browser, address, path
    ):
        with browser.new_context(viewport=WINDOW) as context:
            page = context.new_page()
            page.goto(f"{address}/lite/lab/index.html{f'?path={path}' if path else ''}")
            page.wait_for_function("window.jupyterapp && !location.search.includes('path=')")
            page.reload()
            opened = page.locator(PANEL).locator(".jp-Cell").first
            opened.wait_for(timeout=180_000)
            at = page.evaluate("jupyterapp.shell.currentWidget.context.path")
            assert at == (path or START)

    @pytest.mark.parametrize("width", [390, 768])
    def test_where_there_is_no_room_for_the_list_of_files_a_page_opens_without_it(
        self, browser, address, width
    ):
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page = context.new_page()
            page.goto(f"{address}/lite/lab/index.html?path={EXERCISE}")
            page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=180_000)
            assert page.locator(".jp-DirListing:visible").count() == 0
            assert page.locator(".jp-Notebook").bounding_box()["width"] > 0.9 * width
            page.locator(NOTICE).wait_for(state="hidden", timeout=180_000)
            page.reload()
            link = page.get_by_role("link", name=re.compile("^exercise 2 · ")).last
            with context.expect_page() as following:
                link.click(timeout=180_000)
            following.value.wait_for_url("**/lite/notebooks/index.html?path=exercises*02_*")
            following.value.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=180_000)

    def test_where_python_does_not_come_the_page_says_so_in_time(self, browser, address):
        with browser.new_context(viewport=WINDOW) as context:
            context.route("**/pyodide.asm.*", lambda route: route.abort())
            page = context.new_page()
            page.clock.install()
            page.goto(f"{address}/lite/lab/index.html?path={START}")
            page.locator(NOTICE).wait_for()
            page.clock.fast_forward(1000 * PATIENCE)
            page.get_by_text(WORDS("slow")).wait_for()
            assert page.locator(NOTICE).is_hidden()

    def test_from_a_folder_the_page_says_that_it_needs_a_server(self, browser, site):
        with browser.new_context(viewport=WINDOW) as context:
            page = context.new_page()
            page.goto((site / "lite" / "lab" / "index.html").as_uri())
            page.get_by_text(WORDS("server")).wait_for()
            assert page.locator(NOTICE).is_hidden()

    def test_without_scripts_nothing_is_said_to_be_loading(self, browser, address):
        with browser.new_context(viewport=WINDOW, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(f"{address}/lite/lab/index.html")
            assert page.locator("#lesson-notices > div:visible").count() == 0

    def test_where_no_file_is_kept_the_page_says_so(self, browser, address):
        elsewhere = address.replace("127.0.0.1", "0.0.0.0")  # to a browser another computer
        with (
            browser.new_context(viewport=WINDOW) as context,
            lite_page(context, elsewhere) as page,
        ):
            page.get_by_text(WORDS("forgets")).wait_for()
            assert page.locator(NOTICE).is_hidden()

    def test_where_nothing_may_be_stored_the_page_says_so(self, browser, address):
        with browser.new_context(viewport=WINDOW) as context:
            context.add_init_script(_FORBIDDEN)
            page = context.new_page()
            page.goto(f"{address}/lite/lab/index.html")
            page.get_by_text(WORDS("forbidden")).wait_for()
            assert page.locator(NOTICE).is_hidden()

    def test_who_interrupts_python_is_told_what_helps(self, browser, address):
        with (
            browser.new_context(viewport=WINDOW) as context,
            lite_page(context, address) as page,
        ):
            told = page.locator("#lesson-interrupt")

            def is_told():
                page.get_by_text(WORDS("interrupt")).wait_for()
                told.get_by_role("button").click()
                assert told.is_hidden()

            page.get_by_role("button", name="Interrupt the kernel").click()
            is_told()
            menu = page.get_by_role("menuitem", name="Kernel", exact=True)
            menu.click()
            page.get_by_role("menuitem", name="Interrupt Kernel").click()
            is_told()
            menu.click()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            is_told()

    def test_each_kind_of_file_is_sent_as_what_it_is(self, page, address):
        places = [f"{address}/lite/static/pyodide/pyodide.{kind}" for kind in ("mjs", "asm.wasm")]
        kinds = [page.request.head(place).headers["content-type"] for place in places]
        assert kinds[0].endswith("/javascript")
        assert kinds[1] == "application/wasm"

    def test_python_works_in_the_folder_of_the_notebook(self, exercise):
        said = exercise.page.evaluate(_SAID, "import os; print(os.getcwd(), os.listdir('.'))")
        assert said.startswith("/drive/exercises ")
        assert EXERCISE.rpartition("/")[2] in said

    def test_nothing_is_installed_from_elsewhere(self, exercise):
        said = exercise.page.evaluate(_SAID, "%pip install pandas")
        assert WORDS("nothing_is_installed") in said
        assert exercise.page.heard.foreign == []


def test_from_an_address_python_comes_from_there_and_the_course_from_here(
    browser, tmp_path, tmp_path_factory
):
    folder = little(tmp_path / "pyodide", bare_or_skip(), COMPILED)
    with distributed(folder) as elsewhere:
        site = built(tmp_path / "site", elsewhere)
        let_tests_in(site)
        with served(site) as address, browser.new_context(viewport=WINDOW) as context:
            with lite_page(context, address) as page:
                code = "import sys, lessonlib; print(sys.platform, lessonlib.__file__)"
                assert page.evaluate(_SAID, code).startswith("emscripten /lib/python")
                assert page.heard.errors == []
            asked = {url.removeprefix(f"{elsewhere}/") for url in page.heard.foreign}
    assert asked == {path.name for path in folder.iterdir()} - {"pyodide-lock.json"}
