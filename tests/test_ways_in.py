"""Other ways in: a class server's shared folder, a notebook alone, an editor, a container."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.specifiers import SpecifierSet

from lessonlib.grading.bundle import HANDED_OUT, NAME, write_bundle
from lessonlib.practice import hand_in, handing_in
from tests.practice.test_handing_in import answer
from tests.test_setup import PROJECT, ROOT, opening_words

ESSAY, CODE = "02_why_causal_generates", "01_your_own_sentence"
OTHERS_SETTINGS = ("PYTEST", "LESSONLIB", "JPY", "JUPYTER", "IPYTHON", "MPL", "XDG")
VIEW = "application/vnd.jupyter.widget-view+json"
RECIPE = (ROOT / "jupyter-config" / "Containerfile").read_text("utf-8")

can_lock = pytest.mark.skipif(
    sys.platform == "win32" or (os.geteuid() == 0 and not shutil.which("setpriv")),
    reason="no folder can be closed to this user",
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Unpack what learners get where nobody may write."""
    place = tmp_path_factory.mktemp("shared")
    write_bundle(ROOT, place / "course.zip")
    with zipfile.ZipFile(place / "course.zip") as archive:
        archive.extractall(place)
    paths = [place / NAME, *(place / NAME).rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place / NAME
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def learner(course, tmp_path):
    """Let somebody by name run a program in a folder, with a home folder of their own."""

    def run(name, program, folder=course):
        (tmp_path / name).mkdir(mode=0o700, exist_ok=True)
        done = subprocess.run(
            [*without_privileges(), sys.executable, "-c", program],
            cwd=folder,
            env=environment(course, tmp_path / name),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def without_privileges():
    """Return the words that keep root, too, from writing where a folder's mode forbids it."""
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


def environment(course, home):
    own = {key: value for key, value in os.environ.items() if not key.startswith(OTHERS_SETTINGS)}
    return {**own, "HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(course)}


def everything_in(folder):
    return {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


def write_answer(path, text):
    notebook = json.loads(path.read_text("utf-8"))
    answer(notebook, "why_causal_generates")["source"] = text
    path.write_text(json.dumps(notebook), "utf-8")


PASS = """
from lessonlib import check
assert check("build_causal_example", lambda tokens: (tokens[:-1], tokens[1:])).passed
"""
LOOK = f"""
from lessonlib import hand_in
form = hand_in("exercise 2")
form.look("{ESSAY}.ipynb")
print(form.said)
"""
KEPT = """
import json, lessonlib
from lessonlib.practice import store
print(json.dumps([lessonlib.__file__, str(store.location()), store.kept("done"), store.trouble()]))
"""
FOR_MY_CLASS = """
from lessonlib.practice import for_my_class, predictions, store
first = next(iter(predictions.predictions().values()))
store.keep("predictions", {first.name: first.options[0]})
form = for_my_class()
form.button.click()
print(form.result.value)
"""
WRITE = """
from pathlib import Path
for path in Path("mine.txt"), Path("exercises", "mine.txt"), Path("notebooks", "glossary.md"):
    try:
        path.write_text("mine")
    except PermissionError:
        print(path)
"""


@can_lock
def test_nobody_can_write_into_the_shared_folder(learner, course):
    before = everything_in(course)
    assert len(learner("ada", WRITE).splitlines()) == 3
    assert everything_in(course) == before


@can_lock
def test_two_learners_of_one_shared_folder_do_not_see_each_other(learner, course, tmp_path):
    before = everything_in(course)
    learner("ada", PASS, course / "exercises")
    kept = {name: json.loads(learner(name, KEPT, course / "notebooks")) for name in ("ada", "ben")}
    done = {"ada": {"build_causal_example": "check"}, "ben": {}}
    for name, (package, place, marks, trouble) in kept.items():
        assert Path(package) == course / "lessonlib" / "__init__.py", "not the shared one"
        assert Path(place).is_relative_to(tmp_path / name)
        assert (marks, trouble) == (done[name], "")
    assert stat.S_IMODE(Path(kept["ada"][1]).stat().st_mode) == 0o600
    assert not Path(kept["ben"][1]).exists()
    assert everything_in(course) == before


@can_lock
def test_the_exercise_in_ones_home_is_handed_in_and_the_shared_one_stays(learner, course, tmp_path):
    copied = tmp_path / "ada" / NAME / "exercises"
    shutil.copytree(course / "exercises", copied)
    for path in [copied, *copied.iterdir()]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)  # `cp` takes the modes along, too
    write_answer(copied / f"{ESSAY}.ipynb", "It asks for the next word everywhere.")
    assert f"Ready to hand in: {ESSAY}.ipynb" in learner("ada", LOOK, copied)
    assert "still as it was given" in learner("ada", LOOK, course / "exercises")


@can_lock
def test_what_cannot_be_made_in_the_shared_folder_is_said_in_words(learner, course, tmp_path):
    said = learner("ada", FOR_MY_CLASS, course / "notebooks")
    assert "The file could not be made: Permission denied." in said
    said = learner("ada", FOR_MY_CLASS, tmp_path / "ada")
    assert said.startswith("<p>answers_for_my_class.json is now ")


@pytest.mark.parametrize("page", ["notebooks/00_start_here", f"exercises/{CODE}"])
def test_a_page_alone_in_a_folder_runs_once_the_course_is_installed(page, course, tmp_path):
    """Colab opens one notebook in a folder that has nothing else of the course in it."""
    notebook = nbformat.read(ROOT / f"{page}.ipynb", as_version=4)
    probe = nbformat.v4.new_code_cell("import lessonlib; print(lessonlib.__file__)")
    notebook.cells.append(probe)
    resources = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(notebook, kernel_name="python3", resources=resources)
    client.execute(env=environment(course, tmp_path))
    assert probe.outputs[0]["text"].startswith(str(course)), "not the unpacked one"


PAGES = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*.ipynb")])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_only_a_live_page_draws_has_something_to_read_beside_it(path):
    """Editors and viewers without widgets (VS Code before its extension is there) show HTML."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if VIEW in data:
                assert re.sub(r"<style>.*?</style>|<[^>]*>", "", "".join(data["text/html"])).strip()


def test_vs_code_tells_which_of_two_copies_is_open(tmp_path, monkeypatch):
    given = json.loads((ROOT / "exercises" / f"{ESSAY}.ipynb").read_text("utf-8"))
    for name in ("older", "newer"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(given), "utf-8")
    write_answer(tmp_path / "older.ipynb", "Mine.")
    os.utime(tmp_path / "older.ipynb", (0, 0))
    history = SimpleNamespace(input_hist_raw=[""])
    names = {"_dh": [str(tmp_path)], "__vsc_ipynb_file__": str(tmp_path / "older.ipynb")}
    shell = SimpleNamespace(user_ns=names, history_manager=history)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(handing_in, "get_ipython", lambda: shell)
    form = hand_in("exercise 2")
    form.look()
    assert "Ready to hand in: older.ipynb" in form.said, "not the newest, but the one that is open"
    del names["__vsc_ipynb_file__"]
    form.look()
    assert "still as it was given" in form.said


def test_binder_finds_nothing_that_it_would_read_instead_of_the_environment():
    assert (ROOT / "environment.yml").is_file()
    assert not [name for name in ("binder", ".binder", "Dockerfile") if (ROOT / name).exists()]


def steps(word):
    """Return what follows a word of the container's recipe, wherever it stands."""
    return re.findall(rf"^{word} (.*)$", RECIPE.replace("\\\n", ""), re.MULTILINE)


def test_the_container_starts_from_a_python_that_the_course_runs_on():
    (base,) = steps("FROM")
    version = re.fullmatch(r"python:([\d.]+)-slim", base)[1]
    assert version in SpecifierSet(PROJECT["requires-python"])
    assert "//" not in RECIPE, "names, no addresses"


def test_the_container_takes_what_learners_are_handed_and_nothing_else():
    copied = [line.removeprefix("--chown=learner ").split()[:-1] for line in steps("COPY")]
    taken = {name for names in copied for name in names}
    assert taken <= {*HANDED_OUT}
    assert all((ROOT / name).exists() for name in taken)
    assert taken >= {"exercises", "jupyter-config", "lessonlib", "notebooks", "requirements.txt"}


def test_the_container_opens_the_course_as_readme_does_and_not_as_root():
    (command,) = steps("CMD")
    program, verb, config, notebook = opening_words().split()
    assert json.loads(command)[:3] == [program, verb, config]
    assert f"--LabApp.default_url=/lab/tree/{notebook}" in json.loads(command)
    assert "--ip=0.0.0.0" in json.loads(command), "else nothing outside of the container reaches it"
    assert steps("USER") == ["learner"]
    assert steps("WORKDIR")[-1].startswith("/learner/"), "what a volume keeps"
