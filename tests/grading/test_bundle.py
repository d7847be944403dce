import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile

from lessonlib.grading.bundle import NAME, write_bundle
from tests.grading.conftest import ROOT
from tests.readme import README, readme_line


def bundle(tmp_path):
    archive = tmp_path / "course.zip"
    write_bundle(ROOT, archive)
    return zipfile.ZipFile(archive)


def test_learners_get_no_solutions_no_tests_and_no_grader(tmp_path):
    names = [name.removeprefix(f"{NAME}/") for name in bundle(tmp_path).namelist()]
    tops = {name.split("/")[0] for name in names}
    assert "lessonlib" in tops
    assert not tops & {"solutions", "tests", ".git", ".venv", "gradebook", "submissions"}
    assert not [name for name in names if name.startswith("lessonlib/") and "grading" in name]
    assert "lessonlib/words/en/practice.toml" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_no_answer_of_a_solution_is_in_any_exercise(tmp_path):
    archive = bundle(tmp_path)
    exercises = [name for name in archive.namelist() if "/exercises/" in name]
    for path in (ROOT / "solutions").glob("*.ipynb"):
        answers = {
            cell["id"]: "".join(cell["source"])
            for cell in json.loads(path.read_text())["cells"]
            if cell["metadata"].get("lessonlib", {}).get("role") == "answer"
        }
        (name,) = [name for name in exercises if name.endswith(f"/{path.name}")]
        for cell in json.loads(archive.read(name))["cells"]:
            assert "".join(cell["source"]) != answers.get(cell["id"])


def test_what_learners_get_works_without_the_grader(tmp_path):
    bundle(tmp_path).extractall(tmp_path)
    settings = tomllib.loads((tmp_path / NAME / "pyproject.toml").read_text())
    assert "grading" not in json.dumps(settings["project"].get("entry-points", {}))
    program = (
        "import importlib.util, lessonlib, lessonlib.practice\n"
        "assert importlib.util.find_spec('lessonlib.grading') is None\n"
        "print(lessonlib.check('build_causal_example', lambda t: (t[:-1], t[1:])).passed)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / NAME,
        env={"PYTHONPATH": str(tmp_path / NAME)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "True\n", done.stderr


def test_everything_that_an_installation_needs_is_in_the_archive(tmp_path):
    archive = bundle(tmp_path)
    project = tomllib.loads(archive.read(f"{NAME}/pyproject.toml").decode())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    for folder in (*wheel["packages"], *wheel["shared-data"]):
        assert any(name.startswith(f"{NAME}/{folder}/") for name in archive.namelist()), folder


def test_everything_that_readme_opens_or_links_to_is_in_the_archive(tmp_path):
    names = set(bundle(tmp_path).namelist())
    *_, config, notebook = readme_line("open the course").split()
    links = re.findall(r"\]\(([^)#]+)\)", README)
    for name in (config.removeprefix("--config="), notebook, *links):
        assert f"{NAME}/{name}" in names


def test_the_same_course_gives_the_same_archive(tmp_path):
    for name in ("lessonlib/a.py", "lessonlib/grading/b.py", "exercises/01.ipynb", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert write_bundle(tmp_path, tmp_path / "one.zip") == 3
    os.utime(tmp_path / "README.md", (0, 0))
    write_bundle(tmp_path, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
